"""Reading the chronology. The caller has already been let in to the person or family; the read is audited there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.queries import names_of_accounts
from joinedup.chronology.kinds import title_of
from joinedup.chronology.models import Event


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
    """Newest first, for people, a family, or one source record. The caller has checked that the viewer may see them."""
    events = Event.objects.select_related("words").order_by("-at", "-id")
    if people is not None:
        events = events.filter(people__overlap=people)
    if family_id is not None:
        events = events.filter(family_id=family_id)
    if source is not None:
        events = events.filter(source_kind=source[0], source_id=source[1])
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
