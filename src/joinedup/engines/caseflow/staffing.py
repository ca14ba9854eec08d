"""The fewest workers with which every station surely meets its target: the share `target_share` is within
`target_wait`, or `target_total`, and the lower end of the 95 % interval of that share is what must reach it.

All stations are searched at once by halving, with the same families each time (so that one worker more never looks worse), first
with few replications and then, one worker up or down, with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from joinedup.engines.caseflow.counting import MEASURES
from joinedup.engines.caseflow.intervals import Estimate, estimate
from joinedup.engines.caseflow.model import Model, Station
from joinedup.engines.caseflow.simulating import Executor, Simulation, settled, simulate
from joinedup.engines.caseflow.traffic import capacity, offered

MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Needed:
    """The fewest workers of a station; the share within its target with them; and the curve: what each number tried came to, with
    all stations as they then were. The cliff is in the curve, not in the number."""

    servers: int
    within: Estimate
    curve: Mapping[int, Estimate]


@dataclass(frozen=True, slots=True)
class Staffing:
    """What `fewest` found: the model with those workers, what each station needs, and the last simulation of it."""

    model: Model
    stations: Mapping[str, Needed]
    simulation: Simulation
    evaluations: int


@dataclass(slots=True)
class _Search:
    """What is known of one station: the most workers that failed, the fewest that did."""

    now: int
    fails: int
    does: int | None = None

    def learn(self, met: bool) -> None:
        if met:
            self.does = self.now if self.does is None else min(self.does, self.now)
        else:
            self.fails = max(self.fails, self.now)
            if self.does is not None and self.does <= self.fails:
                self.does = None  # more work came from elsewhere than when it did

    @property
    def settled(self) -> bool:
        return self.does is not None and self.does - self.fails <= 1

    def move(self, near: bool) -> None:
        """Try another number: near the answer in small steps, else by halving."""
        if self.does is None:
            self.now = max(self.now + 1, self.fails + max(1, self.fails // (100 if near else 20)))
        elif self.settled:
            self.now = self.does
        else:
            self.now = self.does - 1 if near else (self.fails + self.does) // 2


def with_servers(station: Station, servers: int) -> Station:
    """A station with another number of workers, its localities in proportion."""
    homes = dict(station.localities)
    if homes:
        exact = {name: count * servers / station.servers for name, count in homes.items()}
        homes = {name: int(share) for name, share in exact.items()}
        most_left = sorted(exact, key=lambda name: homes[name] - exact[name])
        for name in most_left[: servers - sum(homes.values())]:
            homes[name] += 1
    return replace(station, servers=servers, localities=homes)


def target_measure(station: Station) -> str:
    """Which measure the target of a station is about."""
    return "p_total_over_target" if station.target_total else "p_wait_over_target"


def within_target(found: Simulation, name: str) -> Estimate:
    """The share of cases within the target of a station: of wait and work together where it has one, else of the wait."""
    number = found.model.place[name]
    values = found.measures[:, number, MEASURES.index(target_measure(found.model.stations[number]))]
    return estimate(1 - values, most=1.0)


def fewest(model: Model, *, replications: int = 200, seed: int, executor: Executor | None = None) -> Staffing:
    """The least staffing that surely meets the target of every station that has one (``target_wait`` or ``target_total``); other
    stations keep their workers. Raises ``ValueError`` where no station has a target or a share of 1 is asked for."""
    aims = [station.name for station in model.stations if station.target_wait or station.target_total]
    if not aims:
        raise ValueError("no station has a target_wait or a target_total")
    if any(model.stations[model.place[name]].target_share >= 1 for name in aims):
        raise ValueError("no number of workers makes sure of all: a target_share must be less than 1")
    # the days to fill are those of the staffing it starts from, the same for every staffing that is tried
    start = _staffed(model, {name: least(model, name) + 1 for name in aims})
    model = replace(model, warm_up=settled(start).warm_up)
    searches = {name: _Search(least(model, name), least(model, name) - 1) for name in aims}
    curves: dict[str, dict[int, Estimate]] = {name: {} for name in aims}
    evaluations = _searched(model, searches, curves, (max(20, replications // 4), seed, executor), near=False)
    for name, search in searches.items():
        search.fails, search.does = least(model, name) - 1, None
    evaluations += _searched(model, searches, curves, (replications, seed, executor), near=True)
    last = _staffed(model, {name: search.now for name, search in searches.items()})
    found = simulate(last, replications=replications, seed=seed, executor=executor)
    stations = {
        name: Needed(searches[name].now, within_target(found, name), dict(sorted(curves[name].items())))
        for name in aims
    }
    return Staffing(last, stations, found, evaluations + 1)


def least(model: Model, name: str) -> int:
    """The fewest workers that can keep up at all."""
    number = model.place[name]
    station = model.stations[number]
    return int(float(offered(model)[number]) * (1 + 1e-9) / (capacity(station) / station.servers)) + 1


def _staffed(model: Model, servers: Mapping[str, int]) -> Model:
    stations = (with_servers(each, servers[each.name]) if each.name in servers else each for each in model.stations)
    return replace(model, stations=tuple(stations))


def _searched(
    model: Model,
    searches: dict[str, _Search],
    curves: dict[str, dict[int, Estimate]],
    how: tuple[int, int, Executor | None],
    *,
    near: bool,
) -> int:
    """Search with so many replications; afterwards every `now` is the fewest that does. Returns how often it ran."""
    replications, seed, executor = how
    for step in range(MOST_STEPS):
        tried = _staffed(model, {name: search.now for name, search in searches.items()})
        found = simulate(tried, replications=replications, seed=seed, executor=executor)
        for name, search in searches.items():
            share = within_target(found, name)
            curves[name][search.now] = share
            search.learn((share.low or 0.0) >= model.stations[model.place[name]].target_share)
        if all(search.settled and search.now == search.does for search in searches.values()):
            return step + 1
        for search in searches.values():
            search.move(near)
    raise ValueError(f"no staffing was settled in {MOST_STEPS} steps; the targets pull against each other")
