"""A flow run many times: every station's mean wait, share over its target, utilisation and queue, each with how sure it is.

Replication i depends on the seed and on i alone. They are worked through in chunks, by threads or by whatever `Executor` is given;
what comes back from each is a few numbers, and the checksum over all of them is the same whoever worked.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from joinedup.engines.caseflow import event_loop, feedforward
from joinedup.engines.caseflow.counting import MEASURES, counted
from joinedup.engines.caseflow.fates import Fates
from joinedup.engines.caseflow.intervals import Estimate, estimate
from joinedup.engines.caseflow.model import Array, Model
from joinedup.engines.caseflow.traffic import loads

MOST_REPLICATIONS = 100_000
MOST_SEED = 2**63 - 1
YEAR = 253.0
_AT_ONCE = 1_500_000  # cases held in memory at a time
_SHARES = {"p_wait_over_target", "utilisation", "out_of_locality", "p_total_over_target"}


class Executor(Protocol):
    """Who works through the chunks: threads by default, another machine where one is."""

    def map(self, work: Callable[[range], Array], chunks: Sequence[range]) -> Iterable[Array]:
        """What `work` makes of every chunk, in their order."""


class Threads:
    """Threads of this process: as many as the machine has cores, at most eight."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or min(os.cpu_count() or 2, 8)

    def map(self, work: Callable[[range], Array], chunks: Sequence[range]) -> Iterator[Array]:
        """As `Executor` says."""
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(work, chunks)


class Joblib:
    """Processes by joblib, where it is installed."""

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers

    def map(self, work: Callable[[range], Array], chunks: Sequence[range]) -> Iterator[Array]:
        """As `Executor` says. Raises ``ModuleNotFoundError`` where joblib is not installed."""
        from joblib import Parallel, delayed  # type: ignore[import-untyped,unused-ignore]

        yield from Parallel(n_jobs=self.workers, return_as="generator")(delayed(work)(chunk) for chunk in chunks)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What so many replications of a flow say. `measures`: replication × station × measure."""

    model: Model
    seed: int
    kernel: str
    measures: Array

    @property
    def replications(self) -> int:
        """How many have run."""
        return len(self.measures)

    def estimate(self, station: str, measure: str) -> Estimate:
        """One measure of one station, over all replications."""
        values = self.measures[:, self.model.place[station], MEASURES.index(measure)]
        return estimate(values, most=1.0 if measure in _SHARES and measure != "utilisation" else math.inf)

    @property
    def checksum(self) -> str:
        """Twelve digits that stand for every number: the same wherever it ran."""
        return hashlib.sha256(np.ascontiguousarray(self.measures).tobytes()).hexdigest()[:12]

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        stations: dict[str, Any] = {}
        for station in self.model.stations:
            stations[station.name] = {kind: self.estimate(station.name, kind).as_data() for kind in MEASURES[:4]}
            if station.target_total:
                stations[station.name]["p_total_over_target"] = self.estimate(
                    station.name, "p_total_over_target"
                ).as_data()
            if station.localities:
                stations[station.name]["out_of_locality"] = self.estimate(station.name, "out_of_locality").as_data()
        return {
            "stations": stations,
            "replications": self.replications,
            "seed": self.seed,
            "days": self.model.days,
            "warm_up": self.model.warm_up,
            "kernel": self.kernel,
            "checksum": self.checksum,
        }


def settled(model: Model) -> Model:
    """The model with its warm-up, and so its days, decided.

    A start from today's cases needs none. Otherwise a flow begins empty and must fill: a year at least, and longer where
    cases are held long or load is near its limit. The days that count are those asked for; the warm-up comes before them."""
    if model.warm_up is None:
        live = any(station.open_ages or station.waiting for station in model.stations)
        return settled(replace(model, warm_up=0.0 if live else _filling(model)))
    return replace(model, days=model.days + model.warm_up)


def _filling(model: Model) -> float:
    """How long an empty flow takes to be as full as it will be: for each station three times the longest cases' stay (the mean
    and two standard deviations) and six of its own relaxation times, E[S] (1 + cv²) ÷ 2 ÷ c (1 − √load)²; the worst counts."""
    worst = YEAR
    for station, load in zip(model.stations, loads(model), strict=True):
        stay, cv = station.mean_stay, station.service.variation
        relaxing = stay * (1 + cv * cv) / 2 / (max(1, station.slots) * (1 - math.sqrt(min(load, 0.999))) ** 2)
        worst = max(worst, 3 * stay * (1 + 2 * cv), 6 * relaxing)
    return float(math.ceil(min(worst, 20 * YEAR)))


def simulate(
    model: Model, *, replications: int, seed: int, executor: Executor | None = None, kernel: str = ""
) -> Simulation:
    """Run a flow so many times. Raises ``ValueError`` for a number out of bounds."""
    return list(stream(model, replications=replications, seed=seed, executor=executor, kernel=kernel))[-1]


def stream(
    model: Model, *, replications: int, seed: int, executor: Executor | None = None, kernel: str = ""
) -> Iterator[Simulation]:
    """As `simulate`, saying so far after every chunk, with intervals that shrink. `kernel` "recursion" or "event loop": the
    quick one where it will do, unless told."""
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise ValueError(f"replications must be from 1 to {MOST_REPLICATIONS:,}")
    if not 0 <= seed <= MOST_SEED:
        raise ValueError(f"a seed must be from 0 to {MOST_SEED}")
    model = settled(model)
    usual = "event loop" if feedforward.needs_events(model) else "recursion"
    kernel = kernel or usual
    if kernel == "recursion" and usual != kernel:
        raise ValueError("the recursion cannot do this flow: " + ", ".join(feedforward.needs_events(model)))
    work = Work(model, seed, kernel)
    chunks = list(_chunks(model, replications, kernel))
    found: list[Array] = []
    for done in (executor or Threads()).map(work, chunks):
        found.append(done)
        yield Simulation(model, seed, kernel, np.concatenate(found))


def _chunks(model: Model, replications: int, kernel: str) -> Iterator[range]:
    size = max(1, min(50, int(_AT_ONCE / max(1.0, model.per_day * model.days))))
    size = min(size, -(-replications // 2)) if kernel == "recursion" else max(1, min(10, size))
    for begin in range(0, replications, size):
        yield range(begin, min(begin + size, replications))


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with a chunk of replications; can be sent to another process."""

    model: Model
    seed: int
    kernel: str

    def __call__(self, chunk: range) -> Array:
        """The measures of each replication in the chunk."""
        fates = [Fates(self.model, self.seed, number) for number in chunk]
        if self.kernel == "recursion":
            rows = feedforward.passages(self.model, fates)
        else:
            rows = [event_loop.passages(self.model, each) for each in fates]
        warm_up, days = self.model.warm_up or 0.0, self.model.days
        return np.array(
            [
                [
                    counted(station, passage, warm_up, days)
                    for station, passage in zip(self.model.stations, row, strict=True)
                ]
                for row in rows
            ]
        )
