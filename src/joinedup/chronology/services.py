"""Recording what happened, inside the transaction of the service in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.guard import subject_of
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.models import Event, EventMark, EventMarkWords, EventWords
from joinedup.core.bulk import insert_from


def record_event(
    kind: EventKind,
    *,
    source: Any,
    by: Actor,
    at: datetime,
    people: Iterable[UUID] = (),
    family_id: UUID | None = None,
    organisation_id: UUID | None = None,
    team_id: UUID | None = None,
    code: str = "",
    quantity: Decimal | None = None,
    words: Mapping[str, Any] | None = None,
) -> Event:
    """One row for something that happened to a family. Called only from inside a guarded service of the part that owns
    `source`, so it carries no permission of its own. `quantity` is in the unit the kind declares. Where no organisation is
    named, it is the one that whoever did it stands for: for the team of the event before any other."""
    source_kind, source_id = subject_of(source)
    event = Event.objects.create(
        kind=kind.code,
        at=at,
        family_id=family_id,
        people=sorted(set(people)),
        source_kind=source_kind,
        source_id=source_id,
        organisation_id=organisation_id or _stood_for(by, team_id),
        team_id=team_id,
        actor_id=by.account_id,
        code=code,
        quantity=quantity,
    )
    if words:
        EventWords.objects.create(event=event, words=dict(words))
    return event


def _stood_for(by: Actor, team_id: UUID | None) -> UUID | None:
    """The organisation somebody acts for: that of their post in this team, else of their first post."""
    here = (each for each in by.standings if team_id is not None and each.team_id == team_id)
    standing = next(here, by.standings[0] if by.standings else None)
    return standing.organisation_id if standing else None


def record_events_from(source: str, columns: Mapping[str, str]) -> int:
    """An event for each row of an SQL `source`, for what is written in bulk: as `core.bulk.insert_from`. Called only from
    inside a guarded service or by the demo. Returns how many."""
    return insert_from(Event, source, columns)


def take_out(
    event: Event, *, code: str, words: str, by: Actor, at: datetime, instead: Event | None = None
) -> EventMark:
    """Hide an event from every timeline: an append that says who and why, and nothing is changed or removed. Called only
    from inside a guarded service."""
    return _mark(event, EventMark.Kind.TAKEN_OUT, words, by, at, code=code, instead=instead)


def put_back(event: Event, *, words: str, by: Actor, at: datetime) -> EventMark:
    """Show an event again that had been taken out. Called only from inside a guarded service."""
    return _mark(event, EventMark.Kind.PUT_BACK, words, by, at)


def give_to(event: Event, *, people: Iterable[UUID], words: str, by: Actor, at: datetime) -> Event:
    """Take an event off whom it was recorded about by mistake, and record the same one about the right people, under its
    own author and time. Called only from inside a guarded service."""
    same = Event.objects.create(
        kind=event.kind,
        at=event.at,
        family_id=event.family_id,
        people=sorted(set(people)),
        source_kind=event.source_kind,
        source_id=event.source_id,
        organisation_id=event.organisation_id,
        team_id=event.team_id,
        actor_id=event.actor_id,
        code=event.code,
        quantity=event.quantity,
    )
    said = EventWords.objects.filter(event=event).first()
    if said is not None and said.words:
        EventWords.objects.create(event=same, words=said.words)
    take_out(event, code="wrong_person", words=words, by=by, at=at, instead=same)
    return same


def mark_significant(event: Event, *, impact: str, by: Actor, at: datetime) -> EventMark:
    """Say that an event matters, and what it meant for the child. Called only from inside a guarded service."""
    return _mark(event, EventMark.Kind.SIGNIFICANT, impact, by, at)


def mark_ordinary(event: Event, *, by: Actor, at: datetime) -> EventMark:
    """Take back that an event matters. Called only from inside a guarded service."""
    return _mark(event, EventMark.Kind.ORDINARY, "", by, at)


def destroy_words(events: QuerySet[Event], *, at: datetime) -> int:
    """Destroy the words of events and of what was said about them; that they happened stays. Returns how many had any.
    Called only from inside a guarded service."""
    ids = list(events.values_list("pk", flat=True))
    gone = EventWords.objects.filter(event_id__in=ids, words__isnull=False).update(words=None, redacted_at=at)
    marks = EventMarkWords.objects.filter(mark__event_id__in=ids, words__isnull=False)
    return gone + marks.update(words=None, redacted_at=at)


def _mark(
    event: Event,
    kind: EventMark.Kind,
    words: str,
    by: Actor,
    at: datetime,
    *,
    code: str = "",
    instead: Event | None = None,
) -> EventMark:
    mark = EventMark.objects.create(event=event, kind=kind, code=code, at=at, actor_id=by.account_id, instead=instead)
    if words:
        EventMarkWords.objects.create(mark=mark, words=words)
    return mark


def destroy_words_of_family(family_id: UUID, *, until: datetime, at: datetime) -> int:
    """As `destroy_words`, for what happened to a family up to a moment. Called only from inside a guarded service."""
    return destroy_words(Event.objects.filter(family_id=family_id, at__lte=until), at=at)
