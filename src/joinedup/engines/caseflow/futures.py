"""How sure the answer is when the inputs are not: many plausible futures, each with its own demand, stays and routes.

The 95 % interval of a simulation says how well a number is known for exactly these inputs. It says nothing of whether demand will be
so. Here every future draws its own inputs from what is believed of them, and is run with the same families' luck; what comes out is
the share of futures in which a target is met, and how much of the spread is the inputs' and how much the simulation's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from joinedup.engines.caseflow.counting import MEASURES
from joinedup.engines.caseflow.model import Array, Model, Route
from joinedup.engines.caseflow.simulating import Executor, Threads, Work, settled
from joinedup.engines.caseflow.staffing import target_measure


@dataclass(frozen=True, slots=True)
class Beliefs:
    """How far the inputs may be off: standard deviations as a share of each value. `demand` of arrivals a day; `stay` of every
    station's mean stay, or of each by name; `seen` how many cases the shares of the routes were counted from (None: certain)."""

    demand: float = 0.0
    stay: float = 0.0
    stays: Mapping[str, float] = field(default_factory=dict)
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A station over all futures: the share that meets the target, its 95 % interval (Wilson), and the standard deviations of the
    share in time that come from the inputs and from the simulation."""

    name: str
    futures: int
    met: float
    low: float
    high: float
    from_inputs: float
    from_simulation: float

    @property
    def sentence(self) -> str:
        """As it is said to a board."""
        return (
            f"{self.name} meets the target in {self.met:.0%} of plausible futures ({self.low:.0%} to {self.high:.0%})."
        )


@dataclass(frozen=True, slots=True)
class _Futures:
    """The work of some futures, each so many replications; can be sent to another process."""

    model: Model
    beliefs: Beliefs
    seed: int
    each: int

    def __call__(self, chunk: range) -> Array:
        return np.array([self._one(number) for number in chunk])

    def _one(self, number: int) -> Array:
        future = drawn(self.model, self.beliefs, self.seed, number)
        kernel = "event loop" if _goes_round(future) else "recursion"
        own = range(number * self.each, (number + 1) * self.each)
        measures = [MEASURES.index(target_measure(station)) for station in future.stations]
        return Work(future, self.seed, kernel)(own)[:, np.arange(len(measures)), measures]


def _goes_round(model: Model) -> bool:
    from joinedup.engines.caseflow.feedforward import needs_events

    return bool(needs_events(model))


def drawn(model: Model, beliefs: Beliefs, seed: int, number: int) -> Model:
    """One plausible future: the model with demand, stays and routes as they might truly be."""
    luck = np.random.Generator(
        np.random.PCG64DXSM(np.random.SeedSequence([seed & 0xFFFFFFFF, seed >> 32, number, 0xF07E]))
    )
    per_day = model.per_day * _factor(luck, beliefs.demand)
    stations = []
    for station in model.stations:
        factor = _factor(luck, beliefs.stays.get(station.name, beliefs.stay))
        stations.append(replace(station, service=replace(station.service, mean=station.service.mean * factor)))
    return replace(model, per_day=per_day, stations=tuple(stations), routes=_routes(model, beliefs.seen, luck))


def _factor(luck: np.random.Generator, spread: float) -> float:
    """A factor about 1, never below nought, with that standard deviation (lognormal)."""
    sigma = math.sqrt(math.log1p(spread * spread))
    return math.exp(float(luck.standard_normal()) * sigma - sigma * sigma / 2)


def _routes(model: Model, seen: int | None, luck: np.random.Generator) -> tuple[Route, ...]:
    """The shares of the routes out of each station, as so many counted cases leave them open (Dirichlet, ½ to each)."""
    if seen is None:
        return model.routes
    found = []
    for station in model.stations:
        routes = model.routes_from(station.name)
        if not routes:
            continue
        shares = [*(route.probability for route in routes), max(0.0, 1 - sum(route.probability for route in routes))]
        weights = np.array([seen * share + 0.5 if share > 1e-12 else 0.0 for share in shares])
        gammas = np.array([luck.standard_gamma(weight) if weight else 0.0 for weight in weights])
        gammas /= gammas.sum()
        found += [replace(route, probability=float(share)) for route, share in zip(routes, gammas, strict=False)]
    return tuple(found)


def outlooks(
    model: Model, beliefs: Beliefs, *, futures: int = 200, each: int = 4, seed: int, executor: Executor | None = None
) -> tuple[Outlook, ...]:
    """What becomes of every station's target in so many futures, each run `each` times. Raises ``ValueError`` for fewer than two."""
    if futures < 2 or each < 2:
        raise ValueError("it takes two futures, and two replications of each, to tell their spread apart")
    work = _Futures(settled(model), beliefs, seed, each)
    size = max(1, min(25, futures // 4))
    chunks = [range(begin, min(begin + size, futures)) for begin in range(0, futures, size)]
    over = np.concatenate(list((executor or Threads()).map(work, chunks)))  # future × replication × station
    found = []
    for number, station in enumerate(model.stations):
        within = 1 - np.nan_to_num(over[:, :, number])
        means = within.mean(axis=1)
        met = float(np.mean(means >= station.target_share))
        noise = float(within.var(axis=1, ddof=1).mean()) / each
        between = max(0.0, float(means.var(ddof=1)) - noise)
        low, high = wilson(met, futures)
        found.append(Outlook(station.name, futures, met, low, high, math.sqrt(between), math.sqrt(noise)))
    return tuple(found)


def wilson(share: float, count: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The 95 % interval of a share counted among so many."""
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
