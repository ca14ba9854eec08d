"""Recording what happened, inside the transaction of the service in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import subject_of
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.models import Event, EventWords
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
    `source`, so it carries no permission of its own. `quantity` is in the unit the kind declares."""
    source_kind, source_id = subject_of(source)
    event = Event.objects.create(
        kind=kind.code,
        at=at,
        family_id=family_id,
        people=sorted(set(people)),
        source_kind=source_kind,
        source_id=source_id,
        organisation_id=organisation_id,
        team_id=team_id,
        actor_id=by.account_id,
        code=code,
        quantity=quantity,
    )
    if words:
        EventWords.objects.create(event=event, words=dict(words))
    return event


def record_events_from(source: str, columns: Mapping[str, str]) -> int:
    """An event for each row of an SQL `source`, for what is written in bulk: as `core.bulk.insert_from`. Called only from
    inside a guarded service or by the demo. Returns how many."""
    return insert_from(Event, source, columns)
