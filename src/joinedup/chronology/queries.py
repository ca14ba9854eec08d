"""Reading the chronology. The caller has already been let in to the person or family; the read is audited there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.access.queries import names_of_accounts
from joinedup.chronology.kinds import codes_that, title_of
from joinedup.chronology.models import Event
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


def timeline(
    viewer: Actor,
    *,
    people: list[UUID] | None = None,
    family_id: UUID | None = None,
    source: tuple[str, str] | None = None,
    limit: int = 100,
) -> list[TimelineEntry]:
    """Newest first, for people, a family, or one source record. The caller has checked that the viewer may see them;
    what is about somebody withheld from the viewer is left out."""
    events = Event.objects.select_related("words").order_by("-at", "-id")
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
    rows = list(events[:limit])
    names = names_of_accounts(viewer, {row.actor_id for row in rows if row.actor_id})
    return [
        TimelineEntry(
            title=title_of(row.kind),
            at=row.at,
            by=names.get(row.actor_id, "") if row.actor_id else "",
            code=row.code,
            words=(row.words.words or {}) if hasattr(row, "words") else {},
        )
        for row in rows
    ]


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
