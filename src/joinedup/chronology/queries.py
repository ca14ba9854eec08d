"""Reading the chronology. The caller has already been let in to the person or family; the read is audited there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from joinedup.access.actor import Actor
from joinedup.access.queries import names_of_accounts
from joinedup.chronology.kinds import TAKEN_OUT_BECAUSE, codes_that, said_in, title_of
from joinedup.chronology.models import SHOWN, WEIGHT, Event, EventMark, EventWords, newest_mark, standing
from joinedup.core.errors import NotVisible
from joinedup.core.formats import LONDON
from joinedup.person_index.queries import withheld_as_array

Sources = set[tuple[str, str]]


@dataclass(frozen=True)
class TimelineEntry:
    """One event as the timeline shows it."""

    title: str
    at: datetime
    by: str
    code: str
    words: dict[str, Any]
    kind: str = ""

    @property
    def said(self) -> str:
        """Its words as sentences."""
        return said_in(self.kind, self.words)


@dataclass(frozen=True)
class TakenOut:
    """Who took an entry out of the timeline, when and why."""

    by: str
    at: datetime
    because: str
    words: str
    instead_id: int | None = None  # the entry that was recorded about the right people instead


@dataclass(frozen=True)
class Entry:
    """One event as a chronology shows it: `impact` is what it meant for the child, where somebody said that it matters.
    Of an entry that was taken out only that is said: its own words are not."""

    id: int
    kind: str
    title: str
    at: datetime
    by: str
    organisation_id: UUID | None
    people: tuple[UUID, ...]
    source: tuple[str, str]
    code: str
    words: dict[str, Any]
    is_significant: bool
    impact: str
    taken_out: TakenOut | None

    @property
    def said(self) -> str:
        """Its words as sentences."""
        return said_in(self.kind, self.words)


def timeline(
    viewer: Actor,
    *,
    people: list[UUID] | None = None,
    family_id: UUID | None = None,
    source: tuple[str, str] | None = None,
    limit: int = 100,
) -> list[TimelineEntry]:
    """Newest first, for people, a family, or one source record. The caller has checked that the viewer may see them;
    what is about somebody withheld from the viewer is left out, and what was taken out."""
    events = _events(viewer, people=people, family_id=family_id, source=source)
    rows = list(standing(events).select_related("words")[:limit])
    names = names_of_accounts(viewer, {row.actor_id for row in rows if row.actor_id})
    return [
        TimelineEntry(
            title=title_of(row.kind),
            at=row.at,
            by=names.get(row.actor_id, "") if row.actor_id else "",
            code=row.code,
            words=(row.words.words or {}) if hasattr(row, "words") else {},
            kind=row.kind,
        )
        for row in rows
    ]


def entries(
    viewer: Actor,
    *,
    people: list[UUID] | None = None,
    family_id: UUID | None = None,
    kinds: Collection[str] = (),
    organisation_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    is_significant: bool = False,
    after: tuple[datetime, int] | None = None,
    limit: int = 500,
) -> list[Entry]:
    """As `timeline`, with what was said about each event since and with what was taken out; four statements. `until` is
    the first moment that is left out; `after` the moment and id of the last entry of the page before."""
    events = _events(viewer, people=people, family_id=family_id, source=None)
    if kinds:
        events = events.filter(kind__in=kinds)
    if organisation_id is not None:
        events = events.filter(organisation_id=organisation_id)
    if since is not None:
        events = events.filter(at__gte=since)
    if until is not None:
        events = events.filter(at__lt=until)
    if after is not None:
        events = events.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    if is_significant:
        events = events.annotate(_weight=newest_mark(*WEIGHT)).filter(_weight=EventMark.Kind.SIGNIFICANT)
    return _entries(viewer, list(events.select_related("words")[:limit]))


def count_words(viewer: Actor, until: Mapping[UUID, datetime]) -> dict[UUID, int]:
    """How many events of each of these families, up to a moment of its own, still have words; for whoever answers for how
    long they are kept. One statement; no words are read, and nobody is named."""
    found = dict.fromkeys(until, 0)
    rows = EventWords.objects.filter(event__family_id__in=list(until), words__isnull=False)
    for family_id, at in rows.values_list("event__family_id", "event__at"):
        if family_id is not None and at <= until[family_id]:
            found[family_id] += 1
    return found


class Happened(NamedTuple):
    """An event as it is counted: no words, and nobody's name."""

    id: int
    kind: str
    at: datetime
    family_id: UUID | None
    people: list[UUID]
    source_kind: str
    source_id: str
    code: str


def happened(viewer: Actor, kinds: Collection[str], *, since: datetime, until: datetime) -> list[Happened]:
    """Every event of these kinds from a moment until before another, the oldest first, for numbers; without what was
    taken out. Only the program itself asks this: whoever reads the number sees nobody."""
    if not viewer.is_system:
        raise NotVisible
    rows = standing(Event.objects.filter(kind__in=list(kinds), at__gte=since, at__lt=until)).order_by("at", "pk")
    columns = ("pk", "kind", "at", "family_id", "people", "source_kind", "source_id", "code")
    return [Happened._make(row) for row in rows.values_list(*columns)]


@dataclass(frozen=True)
class Counted:
    """How many events of a kind there were on a day in a place; `place` is whatever the counting part groups by."""

    kind: str
    day: date
    place: UUID | None
    number: int


def count_events(
    viewer: Actor, *, kinds: Collection[str], since: datetime, until: datetime, place: Combinable
) -> list[Counted]:
    """Events from a moment up to, but not including, another, without what was taken out; by kind, day in London and
    `place`, an expression over an event's columns. One statement, whose rows grow with days and places only. Nobody is
    named: how many there were is told to whoever a part above lets count."""
    rows = standing(Event.objects.filter(kind__in=kinds, at__gte=since, at__lt=until))
    found = (
        rows.annotate(day=TruncDate("at", tzinfo=LONDON), place=place)
        .values_list("kind", "day", "place")
        .annotate(number=Count("pk"))
        .order_by("kind", "day", "place")
    )
    return [Counted(kind, day, at, number) for kind, day, at, number in found]


def events_counted(
    viewer: Actor, *, kinds: Collection[str], since: datetime, until: datetime, place: Combinable, at_place: UUID | None,
    families: QuerySet[Any, UUID], limit: int = 200,
) -> list[tuple[str, datetime, UUID]]:  # fmt: skip
    """Kind, moment and family of the events behind such a number, of families that the caller may show; the newest
    first."""
    rows = _events(viewer, people=None, family_id=None, source=None)
    rows = rows.filter(kind__in=kinds, at__gte=since, at__lt=until, family_id__in=families)
    rows = standing(rows).annotate(place=place)
    rows = rows.filter(place=at_place) if at_place is not None else rows.filter(place__isnull=True)
    found = rows.values_list("kind", "at", "family_id")[:limit]
    return [(kind, at, family_id) for kind, at, family_id in found if family_id is not None]


def entry_for_change(
    viewer: Actor, event_id: int, *, people: list[UUID] | None = None, family_id: UUID | None = None
) -> tuple[Event, Entry]:
    """One event of these people or this family, to hand to a service, and as it is shown. Raises NotVisible for any
    other."""
    events = _events(viewer, people=people, family_id=family_id, source=None)
    row = events.filter(pk=event_id).select_related("words").first()
    if row is None:
        raise NotVisible
    return row, _entries(viewer, [row])[0]


def places_of(
    viewer: Actor, *, people: list[UUID] | None = None, family_id: UUID | None = None
) -> tuple[list[str], list[UUID]]:
    """The kinds of event and the organisations that a chronology can be narrowed to."""
    events = _events(viewer, people=people, family_id=family_id, source=None).order_by()
    pairs = set(events.values_list("kind", "organisation_id").distinct())
    return sorted({kind for kind, _ in pairs}), sorted({one for _, one in pairs if one})


def _entries(viewer: Actor, rows: list[Event]) -> list[Entry]:
    said: dict[int, list[EventMark]] = {}
    marks = EventMark.objects.filter(event_id__in=[row.pk for row in rows]).select_related("words").order_by("pk")
    for mark in marks:
        said.setdefault(mark.event_id, []).append(mark)
    accounts = {row.actor_id for row in rows} | {mark.actor_id for several in said.values() for mark in several}
    names = names_of_accounts(viewer, {each for each in accounts if each})
    return [_entry(row, said.get(row.pk, []), names) for row in rows]


def _entry(row: Event, marks: list[EventMark], names: Mapping[UUID, str]) -> Entry:
    shown = next((mark for mark in reversed(marks) if mark.kind in SHOWN), None)
    weight = next((mark for mark in reversed(marks) if mark.kind in WEIGHT), None)
    gone = None
    if shown is not None and shown.kind == EventMark.Kind.TAKEN_OUT:
        because = TAKEN_OUT_BECAUSE.get(shown.code, "")
        by = names.get(shown.actor_id, "") if shown.actor_id else ""
        gone = TakenOut(by, shown.at, because, _words(shown), shown.instead_id)
    is_significant = weight is not None and weight.kind == EventMark.Kind.SIGNIFICANT and gone is None
    return Entry(
        id=row.pk,
        kind=row.kind,
        title=title_of(row.kind),
        at=row.at,
        by=names.get(row.actor_id, "") if row.actor_id else "",
        organisation_id=row.organisation_id,
        people=tuple(row.people),
        source=(row.source_kind, row.source_id),
        code=row.code,
        words=(row.words.words or {}) if hasattr(row, "words") and gone is None else {},
        is_significant=is_significant,
        impact=_words(weight) if weight is not None and is_significant else "",
        taken_out=gone,
    )


def _words(mark: EventMark) -> str:
    return (mark.words.words or "") if hasattr(mark, "words") else ""


def _events(
    viewer: Actor, *, people: list[UUID] | None, family_id: UUID | None, source: tuple[str, str] | None
) -> QuerySet[Event]:
    """The events of people, a family or a source, the newest first, without what is about somebody withheld."""
    events = Event.objects.order_by("-at", "-id")
    if people is not None:
        joined, parted = _sources_of_people(people)
        events = events.filter(Q(people__overlap=people) | _from(joined)).exclude(_from(parted))
    if family_id is not None:
        joined, parted = _sources_of_family(family_id)
        events = events.filter(Q(family_id=family_id) | _from(joined)).exclude(_from(parted))
    if source is not None:
        events = events.filter(source_kind=source[0], source_id=source[1])
    if not viewer.is_system:
        events = events.exclude(people__overlap=withheld_as_array(viewer))
        if source is None:
            events = events.exclude(Exists(_about_somebody_withheld(viewer)))
    return events


def _about_somebody_withheld(viewer: Actor) -> QuerySet[Event]:
    """Events of the same source that name somebody withheld: then what names nobody, such as that it came, or somebody
    else, is theirs as well."""
    same = Event.objects.filter(source_kind=OuterRef("source_kind"), source_id=OuterRef("source_id"))
    return same.filter(people__overlap=withheld_as_array(viewer))


def _sources_of_people(people: list[UUID]) -> tuple[Sources, Sources]:
    """Which sources these people were found to be part of, and which they turned out not to be: the newest counts."""
    placing = Event.objects.filter(kind__in=codes_that("joins", "parts"), people__overlap=people).order_by("id")
    joins, newest = set(codes_that("joins")), {}
    for kind, source_kind, source_id in placing.values_list("kind", "source_kind", "source_id"):
        newest[source_kind, source_id] = kind
    joined = {source for source, kind in newest.items() if kind in joins}
    return joined, set(newest) - joined


def _sources_of_family(family_id: UUID) -> tuple[Sources, Sources]:
    """Which sources were found to be about this family, and which were given to another since."""
    kinds = codes_that("family")
    mine = Event.objects.filter(kind__in=kinds, family_id=family_id).values("source_id")
    newest: dict[tuple[str, str], UUID | None] = {}
    placing = Event.objects.filter(kind__in=kinds, source_id__in=mine).order_by("id")
    for source_kind, source_id, placed in placing.values_list("source_kind", "source_id", "family_id"):
        newest[source_kind, source_id] = placed
    joined = {source for source, placed in newest.items() if placed == family_id}
    return joined, set(newest) - joined


def _from(sources: Sources) -> Q:
    """Events of any of these sources."""
    found = Q(pk__in=[])
    for kind in sorted({source_kind for source_kind, _ in sources}):
        ids = [source_id for source_kind, source_id in sources if source_kind == kind]
        found |= Q(source_kind=kind, source_id__in=ids)
    return found
