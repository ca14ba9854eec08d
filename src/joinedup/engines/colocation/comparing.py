"""Several answers side by side: what access costs, and one project at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from joinedup.engines.colocation.arrangement import Arrangement, Placement, Sums, sums_of, today
from joinedup.engines.colocation.model import Array, Estate
from joinedup.engines.colocation.optimising import arrange
from joinedup.engines.colocation.refusing import CannotBe

_ANYWHERE = 1e6
_NOWHERE = 1e9


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve: the cap (minutes one way), and what it comes to, or why nothing does."""

    cap: float
    found: Arrangement | None
    refused: tuple[str, ...] = ()


def cost_of_access(
    estate: Estate,
    caps: Iterable[float],
    *,
    gap: float = 0.01,
    seconds: float = 20.0,
    told: Callable[[Point], None] = lambda point: None,
) -> tuple[Point, ...]:
    """What it costs to ask people to travel no farther than each cap. No point is dearer than one with a tighter cap: an
    answer within a tighter cap serves the wider one too, and stands in where the search did not better it."""
    points: list[Point] = []
    best: Arrangement | None = None
    for cap in sorted(caps):
        capped = replace(estate, teams=tuple(replace(each, travel_cap=cap) for each in estate.teams))
        try:
            found = arrange(capped, gap=gap, seconds=seconds)
        except CannotBe as refused:
            points.append(Point(cap, None, refused.reasons))
        except TimeoutError as refused:
            points.append(Point(cap, best, () if best else (str(refused),)))
        else:
            if best is not None and best.sums.worth < found.sums.worth:
                found = replace(best, bound=min(found.bound, best.sums.worth))
            best = found
            points.append(Point(cap, found))
        told(points[-1])
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Project:
    """One building left and its teams seated elsewhere, or one building taken (`takes`), everything else as today.

    `annual_saving` is in running costs, `one_off` what it costs to do (exit, moves), both pence; `worth` what it saves over the
    years compared, travel included; `years_to_repay` None where it never does. `unlocks` names buildings that can be left after
    it and cannot before."""

    building: str
    placements: tuple[Placement, ...]
    annual_saving: int
    one_off: int
    worth: int
    after_years: float
    staff_minutes_a_year: float
    family_minutes_a_year: float
    unlocks: tuple[str, ...] = ()
    takes: bool = False

    @property
    def years_to_repay(self) -> float | None:
        """How long the running costs saved take to repay what was paid once, from the day it can be left."""
        return self.one_off / self.annual_saving if self.annual_saving > 0 else None


def projects(estate: Estate, *, told: Callable[[int, int], None] = lambda done, of: None) -> tuple[Project, ...]:
    """Each building that can be left on its own and each that can be taken, the most worth first, and what is possible after
    it that is not before: a new hub is worth nothing by itself and may unlock five exits.

    `told` hears how many of how many buildings were looked at."""
    used, sits = today(estate)
    candidates = [each.name for each in estate.buildings if each.name in used and not each.must_keep]
    before = sums_of(estate, used, sits)
    done: dict[str, tuple[Project, tuple[Placement, ...]]] = {}
    for count, name in enumerate(candidates, 1):
        if (moved := _without(estate, used, sits, name)) is not None:
            done[name] = (_project(estate, before, used, sits, moved, name), moved)
        told(count, len(candidates))
    stuck = [name for name in candidates if name not in done]
    found = []
    for hub in estate.buildings:
        if not hub.used_today and not hub.closed:
            taken = _project(estate, before, used, sits, sits, hub.name)
            unlocked = tuple(each for each in stuck if _without(estate, used | {hub.name}, sits, each) is not None)
            found.append(replace(taken, unlocks=unlocked))
    for name, (project, moved) in done.items():
        unlocked = tuple(other for other in stuck if _without(estate, used - {name}, moved, other) is not None)
        found.append(replace(project, unlocks=unlocked))
    return tuple(sorted(found, key=lambda each: (-each.worth, each.building)))


def _project(
    estate: Estate,
    before: Sums,
    used: frozenset[str],
    sits: tuple[Placement, ...],
    moved: tuple[Placement, ...],
    name: str,
) -> Project:
    """Leaving a building that is used; taking one that is not."""
    after = sums_of(estate, used ^ {name}, moved)
    building = estate.buildings[estate.places[name]]
    old = {(each.team, each.building) for each in sits}
    return Project(
        building=name,
        placements=tuple(each for each in moved if (each.team, each.building) not in old),
        annual_saving=before.annual_cost - after.annual_cost,
        one_off=after.one_off - before.one_off,
        worth=before.worth - after.worth,
        after_years=building.free_after,
        staff_minutes_a_year=after.staff_minutes_a_year - before.staff_minutes_a_year,
        family_minutes_a_year=after.family_minutes_a_year - before.family_minutes_a_year,
        takes=name not in used,
    )


def _without(
    estate: Estate, used: frozenset[str], sits: tuple[Placement, ...], name: str
) -> tuple[Placement, ...] | None:
    """Where everybody sits without one building, the others as they are; None where its people find no room."""
    building = estate.buildings[estate.places[name]]
    rest = used - {name}
    if building.locality in estate.present and not any(
        each.locality == building.locality for each in estate.buildings if each.name in rest
    ):
        return None
    going = {each.team for each in sits if each.building == name}
    staying = [each for each in sits if each.team not in going]
    if not going:
        return tuple(staying)
    desks = {each.name: each.desks for each in estate.buildings if each.name in rest and not each.closed}
    rooms = {each.name: each.rooms for each in estate.buildings if each.name in rest and not each.closed}
    teams = {each.name: each for each in estate.teams}
    for each in staying:
        if each.building in desks:
            desks[each.building] -= each.desks
            rooms[each.building] -= round(teams[each.team].rooms * each.share)
    places = estate.places
    columns = [places[each] for each in desks]
    kept = [row for row in range(len(estate.teams)) if estate.teams[row].name in going]
    small = replace(
        estate,
        buildings=tuple(
            replace(
                estate.buildings[each],
                desks=max(0, desks[estate.buildings[each].name]),
                rooms=max(0, rooms[estate.buildings[each].name]),
                must_keep=True,
            )
            for each in columns
        ),
        teams=tuple(
            replace(estate.teams[row], now=None, travel_cap=min(estate.teams[row].travel_cap, _ANYWHERE))
            for row in kept
        ),
        minutes=_minutes_to_partners(estate, kept, columns, staying),
        family_minutes=estate.family_minutes[np.ix_(kept, columns)],
        together=tuple(pair for pair in estate.together if pair[0] in going and pair[1] in going),
        present=(),
        terms=replace(estate.terms, split=False, most_sites=None),
    )
    try:
        found = arrange(small, gap=0.001, seconds=5.0)
    except (CannotBe, TimeoutError):
        return None
    return tuple(staying) + found.placements


def _minutes_to_partners(estate: Estate, kept: list[int], columns: list[int], staying: list[Placement]) -> Array:
    """The journeys of those who go; a team that must sit with one that stays can go nowhere but there."""
    minutes = estate.minutes[np.ix_(kept, columns)].copy()
    sits = {each.team: each.building for each in staying}
    for pair in estate.together:
        for mine, other in (pair, pair[::-1]):
            row = estate.rows[mine]
            if row in kept and other in sits:
                elsewhere = [
                    place for place, column in enumerate(columns) if estate.buildings[column].name != sits[other]
                ]
                minutes[kept.index(row), elsewhere] = _NOWHERE
    return minutes
