"""Which buildings to keep and who goes where, at the least cost: mixed-integer optimisation by HiGHS, with the gap to proof.

The model: keep y of each building (0 or 1), seat the share x of each team in each building within its reach; every team is
seated, desks and rooms suffice, nobody sits in a building that is left, each named locality keeps one, teams that must sit
together do. With `split` a team may use several sites; its desks are then made whole in a second, small step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from joinedup.engines.colocation.arrangement import (
    Arrangement,
    Placement,
    building_weights,
    exit_of,
    sums_of,
    team_weights,
)
from joinedup.engines.colocation.model import Estate
from joinedup.engines.colocation.refusing import CannotBe, reasons

Array = NDArray[np.float64]
Indices = NDArray[np.intp] | NDArray[np.signedinteger[Any]] | list[int]
_PENCE = 100_000.0  # the solver counts in thousands of pounds: its tolerances are made for numbers of that size
_WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a long search has come: what it does now, the best and the bound so far (pence over the years, or None)."""

    doing: str
    step: int
    of: int
    best: int | None = None
    bound: int | None = None


def _quiet(stage: Stage) -> None:
    """Nobody listens."""


def arrange(
    estate: Estate, *, gap: float = 0.01, seconds: float = 60.0, told: Callable[[Stage], None] = _quiet
) -> Arrangement:
    """The arrangement that costs least over the years compared, to within `gap` or as near as `seconds` allow.

    A search without split teams first solves the one with them, which bounds it. Raises CannotBe with every reason; and
    TimeoutError where not even one arrangement was found in the time."""
    if said := reasons(estate):
        raise CannotBe(said)
    steps = 1 if estate.terms.split else 2
    floor = 0.0
    if not estate.terms.split:
        told(Stage("Teams divided, for a bound", 1, 2))
        loose = _solved(replace(estate, terms=replace(estate.terms, split=True)), gap, seconds / 3, pieces=True)
        floor = loose.mip_dual_bound if loose.x is not None else 0.0
        told(Stage("Teams whole", 2, 2, None, round(floor * _PENCE) or None))
    else:
        told(Stage("Buildings and teams", 1, 1))
    found = _solved(estate, gap, seconds)
    if found.x is None:
        if found.status == 2:
            raise CannotBe(("No arrangement keeps all the conditions at once.",), _what_stands_in_the_way(estate))
        raise TimeoutError(
            f"No arrangement was found in {seconds:g} seconds: allow more time, a wider gap or split teams."
        )
    answer = _read(estate, found, max(floor, found.mip_dual_bound or 0.0), gap)
    told(Stage("Done", steps, steps, answer.sums.worth, answer.bound))
    return answer


@dataclass(frozen=True)
class _Cells:
    """The team and building of each x."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    @property
    def count(self) -> int:
        return len(self.rows)


def _cells(estate: Estate) -> _Cells:
    return _Cells(*np.nonzero(estate.within_reach()))


def _matrix(values: Array | list[float], rows: Indices, columns: Indices, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.asarray(values, float), (np.asarray(rows), np.asarray(columns))), shape=shape)


def _constraints(estate: Estate, cells: _Cells) -> list[LinearConstraint]:
    buildings, teams = len(estate.buildings), len(estate.teams)
    every = np.arange(cells.count)
    size = buildings + cells.count
    desks = np.array([each.desks for each in estate.teams], float)
    rooms = np.array([each.rooms for each in estate.teams], float)
    made = [
        LinearConstraint(_matrix(np.ones(cells.count), cells.rows, every + buildings, (teams, size)), 1, 1),
        LinearConstraint(
            _matrix(
                np.concatenate([np.ones(cells.count), -np.ones(cells.count)]),
                np.concatenate([every, every]),
                np.concatenate([every + buildings, cells.columns]),
                (cells.count, size),
            ),
            -np.inf,
            0,
        ),
    ]
    for need, have in (
        (desks, [each.desks for each in estate.buildings]),
        (rooms, [each.rooms for each in estate.buildings]),
    ):
        if need.any():
            made.append(
                LinearConstraint(
                    _matrix(
                        np.concatenate([need[cells.rows], -np.array(have, float)]),
                        np.concatenate([cells.columns, np.arange(buildings)]),
                        np.concatenate([every + buildings, np.arange(buildings)]),
                        (buildings, size),
                    ),
                    -np.inf,
                    0,
                )
            )
    made += _presence(estate, size)
    made += _together(estate, cells, size)
    return made


def _presence(estate: Estate, size: int) -> list[LinearConstraint]:
    made = []
    for locality in estate.present:
        columns = [
            place for place, each in enumerate(estate.buildings) if each.locality == locality and not each.closed
        ]
        made.append(LinearConstraint(_matrix([1.0] * len(columns), [0] * len(columns), columns, (1, size)), 1, np.inf))
    if estate.terms.most_sites is not None:
        columns = list(range(len(estate.buildings)))
        made.append(
            LinearConstraint(
                _matrix([1.0] * len(columns), [0] * len(columns), columns, (1, size)), 0, estate.terms.most_sites
            )
        )
    return made


def _together(estate: Estate, cells: _Cells, size: int) -> list[LinearConstraint]:
    where = {
        (int(row), int(column)): place
        for place, (row, column) in enumerate(zip(cells.rows, cells.columns, strict=True))
    }
    buildings = len(estate.buildings)
    values: list[float] = []
    rows: list[int] = []
    columns: list[int] = []
    count = 0
    for one, other in estate.pairs():
        for column in range(buildings):
            mine, theirs = where.get((one, column)), where.get((other, column))
            for place, sign in ((mine, 1.0), (theirs, -1.0)):
                if place is not None:
                    values.append(sign)
                    rows.append(count)
                    columns.append(buildings + place)
            count += mine is not None or theirs is not None
    return [LinearConstraint(_matrix(values, rows, columns, (count, size)), 0, 0)] if count else []


def _solved(estate: Estate, gap: float, seconds: float, *, pieces: bool = False) -> OptimizeResult:
    """`pieces`: those who must sit together may be divided too, which is a bound and no answer."""
    cells = _cells(estate)
    buildings = len(estate.buildings)
    kept, left = building_weights(estate)
    weights = team_weights(estate)[cells.rows, cells.columns]
    low = np.array([float(each.must_keep) for each in estate.buildings])
    high = np.array([float(not each.closed) for each in estate.buildings])
    whole = np.zeros(len(estate.teams)) if estate.terms.split else np.ones(len(estate.teams))
    if not pieces:
        for pair in estate.pairs():
            whole[list(pair)] = 1  # a team that must sit with another sits in one building
    found = milp(
        np.concatenate([kept - left, weights]) / _PENCE,
        constraints=_constraints(estate, cells),
        integrality=np.concatenate([np.ones(buildings), whole[cells.rows]]),
        bounds=Bounds(np.concatenate([low, np.zeros(cells.count)]), np.concatenate([high, np.ones(cells.count)])),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )
    if found.x is not None:
        constant = left.sum() / _PENCE
        found.fun += constant
        found.mip_dual_bound = (
            found.mip_dual_bound if found.mip_dual_bound is not None else found.fun - constant
        ) + constant
    return found


def _read(estate: Estate, found: OptimizeResult, bound: float, wanted: float) -> Arrangement:
    buildings = len(estate.buildings)
    cells = _cells(estate)
    open_now = found.x[:buildings] > 0.5
    shares = np.zeros((len(estate.teams), buildings))
    shares[cells.rows, cells.columns] = found.x[buildings:]
    placements, short = _whole_desks(estate, open_now, shares)
    kept = frozenset(each.name for each, stays in zip(estate.buildings, open_now, strict=True) if stays)
    used = frozenset(each.building for each in placements)
    present = set(estate.present)
    # A building the search left open to no purpose (the gap allows it) is let go where nothing asks for it.
    needless = {
        each.name
        for each in estate.buildings
        if each.name in kept - used and not each.must_keep and each.locality not in present
    }
    kept = frozenset(kept - needless) if _cheaper_without(estate, needless) else kept
    sums = sums_of(estate, kept, placements)
    proven = min(round(bound * _PENCE), sums.worth)
    apart = (sums.worth - proven) / sums.worth if sums.worth > 0 else 0.0
    return Arrangement(
        kept=tuple(each.name for each in estate.buildings if each.name in kept),
        placements=placements,
        exits=tuple(
            sorted(
                (exit_of(each, estate) for each in estate.buildings if each.used_today and each.name not in kept),
                key=lambda each: (each.after_years, -each.annual_saving),
            )
        ),
        sums=sums,
        bound=proven,
        gap=apart,
        in_time=found.status == 0 and apart <= wanted * 1.5 + 1e-9,
        rooms_short=short,
    )


def _cheaper_without(estate: Estate, names: set[str]) -> bool:
    kept, left = building_weights(estate)
    return bool(names) and all((kept - left)[estate.places[name]] >= 0 for name in names)


def _whole_desks(estate: Estate, open_now: NDArray[np.bool_], shares: Array) -> tuple[tuple[Placement, ...], int]:
    """Each team's desks as whole numbers. Teams in one building are as they are; for the others the desks that are left are
    divided anew, at the least cost (a transport problem: whole wherever rooms allow; rooms that fall short are counted)."""
    sits: list[Placement] = []
    divided: list[int] = []
    spare = np.array(
        [each.desks if stays else 0 for each, stays in zip(estate.buildings, open_now, strict=True)], float
    )
    rooms = np.array(
        [each.rooms if stays else 0 for each, stays in zip(estate.buildings, open_now, strict=True)], float
    )
    for row, team in enumerate(estate.teams):
        place = int(shares[row].argmax())
        if shares[row, place] >= _WHOLE or team.desks <= 1:
            sits.append(Placement(team.name, estate.buildings[place].name, team.desks, 1.0))
            spare[place] -= team.desks
            rooms[place] -= team.rooms
        else:
            divided.append(row)
    if not divided:
        return _in_order(estate, sits), round(float(np.maximum(-rooms, 0).sum()))
    desks, short = _transported(estate, divided, np.maximum(spare, 0), np.maximum(rooms, 0), open_now)
    for row, given in zip(divided, desks, strict=True):
        team = estate.teams[row]
        sits += [
            Placement(team.name, estate.buildings[place].name, int(given[place]), float(given[place] / team.desks))
            for place in np.flatnonzero(given)
        ]
    return _in_order(estate, sits), short


def _transported(
    estate: Estate, divided: list[int], spare: Array, rooms: Array, open_now: NDArray[np.bool_]
) -> tuple[NDArray[np.int_], int]:
    count, buildings = len(divided), len(estate.buildings)
    reach = estate.within_reach()[divided] & open_now[None, :]
    needs = np.array([estate.teams[row].desks for row in divided], float)
    asked = np.array([estate.teams[row].rooms for row in divided], float)
    cost = team_weights(estate)[divided] / needs[:, None] / _PENCE
    dear = float(np.abs(cost).max() or 1.0) * 1000
    each_team = sparse.kron(sparse.eye_array(count), np.ones((1, buildings)))
    each_building = sparse.kron(np.ones((1, count)), sparse.eye_array(buildings))
    each_room = sparse.kron((asked / needs)[None, :], sparse.eye_array(buildings))
    slack = sparse.eye_array(buildings)
    nothing = sparse.csr_array
    cells = count * buildings
    found = milp(
        np.concatenate([cost.ravel(), np.full(buildings, dear), np.full(buildings, dear * 10)]),
        constraints=[
            LinearConstraint(sparse.hstack([each_team, nothing((count, 2 * buildings))], format="csr"), needs, needs),
            LinearConstraint(
                sparse.hstack([each_building, nothing((buildings, buildings)), -slack], format="csr"), -np.inf, spare
            ),
            LinearConstraint(
                sparse.hstack([each_room, -slack, nothing((buildings, buildings))], format="csr"), -np.inf, rooms
            ),
        ],
        integrality=np.concatenate([np.ones(cells), np.zeros(2 * buildings)]),
        bounds=Bounds(0, np.concatenate([(reach * needs[:, None]).ravel(), np.full(2 * buildings, np.inf)])),
        options={"time_limit": 20.0},
    )
    desks = np.rint(found.x[:cells]).astype(int).reshape(count, buildings)
    return desks, round(float(np.ceil(found.x[cells : cells + buildings] - 1e-6).sum()))


def _in_order(estate: Estate, sits: list[Placement]) -> tuple[Placement, ...]:
    rows, places = estate.rows, estate.places
    return tuple(sorted(sits, key=lambda each: (rows[each.team], places[each.building])))


def _what_stands_in_the_way(estate: Estate) -> tuple[str, ...]:
    """The conditions each of which, dropped alone, lets there be an arrangement."""
    terms = estate.terms
    teams = tuple(replace(each, travel_cap=float("inf")) for each in estate.teams)
    tried = (
        ("who must sit with whom", replace(estate, together=()), bool(estate.together)),
        ("how far people may be asked to travel", replace(estate, teams=teams), True),
        ("a building in every locality named", replace(estate, present=()), bool(estate.present)),
        (
            "how many buildings there may be",
            replace(estate, terms=replace(terms, most_sites=None)),
            terms.most_sites is not None,
        ),
        ("every team in one building", replace(estate, terms=replace(terms, split=True)), not terms.split),
    )
    return tuple(name for name, other, there in tried if there and _solved(other, 0.5, 10.0).x is not None)
