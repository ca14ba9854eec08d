"""The registry of grounds: why somebody may see somebody. Higher parts register here in their `apps.py`.

Two kinds. A *standing source* says which posts an account holds at a moment. A *person ground* says which people a
viewer may see and why; the same expression filters lists and checks single records, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access.actor import Actor, Standing

StandingSource = Callable[[UUID, datetime], list[Standing]]
PeopleSeen = Callable[[Actor], "QuerySet[Any, UUID] | None"]
Withheld = Callable[[Actor], Any]
WriteStop = Callable[[Actor, Mapping[str, Any]], None]
Leaving = Callable[[frozenset[UUID], datetime, str], None]


@dataclass(frozen=True)
class PersonGround:
    """A ground: its code, its sentence (shown to families and auditors), and the ids of the people it opens.

    `people` returns a queryset of person ids, or None when the viewer cannot stand on this ground at all. Whoever stands
    on nothing but a ground that `is_read_only` may read and change nothing: the guard of services sees to that.
    """

    code: str
    sentence: str
    people: PeopleSeen
    is_read_only: bool = False


_standing_sources: list[StandingSource] = []
_person_grounds: dict[str, PersonGround] = {}
_withheld: list[Withheld] = []
_write_stops: list[WriteStop] = []
_leavings: list[Leaving] = []


def register_standings(source: StandingSource) -> None:
    """Add a source of standings (organisations registers posts)."""
    _standing_sources.append(source)


def register_person_ground(ground: PersonGround) -> None:
    """Add a ground for seeing people."""
    if ground.code in _person_grounds:
        raise ValueError(f"ground {ground.code} is registered twice")
    _person_grounds[ground.code] = ground


def register_withheld(withheld: Withheld) -> None:
    """Add who is kept from whom whatever their grounds: an expression of person ids for `in`."""
    _withheld.append(withheld)


def register_write_stop(stop: WriteStop) -> None:
    """Add what is asked before every service runs, with the arguments it was called with; it raises to refuse."""
    _write_stops.append(stop)


def register_leaving(leaving: Leaving) -> None:
    """Add what is done, in the same transaction, when posts stop giving rights: called with their ids, the moment, and
    why. What ends on a day set beforehand calls nothing: whoever registers here asks for it by the clock, too."""
    _leavings.append(leaving)


def leave(post_ids: frozenset[UUID], *, at: datetime, reason: str) -> None:
    """Called inside the service that ends a post now, or closes its holder's account."""
    for leaving in _leavings:
        leaving(post_ids, at, reason)


def stop_writes(by: Actor, arguments: Mapping[str, Any]) -> None:
    """Asked by the guard before anything else. The program itself is never stopped."""
    if not by.is_system:
        for stop in _write_stops:
            stop(by, arguments)


def withheld_from(viewer: Actor) -> list[Any]:
    """Expressions of the person ids withheld from a viewer; for lists that hold more than people."""
    return [] if viewer.is_system else [withheld(viewer) for withheld in _withheld]


def person_grounds() -> list[PersonGround]:
    """Every ground, for the generated page."""
    return [_person_grounds[code] for code in sorted(_person_grounds)]


def standings_of(account_id: UUID, at: datetime) -> tuple[Standing, ...]:
    """What an account stands for at a moment; asked afresh for every request."""
    return tuple(standing for source in _standing_sources for standing in source(account_id, at))


def people_visible_to(viewer: Actor, *, field: str = "pk", to_change: bool = False) -> Q:
    """The row filter for people: the union of the viewer's grounds, less whoever is withheld from them. Nobody sees
    anybody by default; the program itself (imports, demo, keeper) sees all. `to_change` leaves out grounds that are
    only for reading."""
    if viewer.is_system:
        return Q()
    allowed = Q(pk__in=[])
    for ground in _person_grounds.values():
        ids = None if to_change and ground.is_read_only else ground.people(viewer)
        if ids is not None:
            allowed |= Q(**{f"{field}__in": ids})
    for hidden in withheld_from(viewer):
        allowed &= ~Q(**{f"{field}__in": hidden})
    return allowed
