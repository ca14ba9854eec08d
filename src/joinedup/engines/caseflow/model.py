"""A flow of cases as data: who arrives, which stations they pass, how long each takes, who works there, where they go next.

Time is in working days throughout. Models are made by `reading.read` and `reading.read_text`, which say everything that is
wrong; a model put together by hand is not checked again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_NORMAL = NormalDist()
_GAUSS = np.polynomial.legendre.leggauss(24)
FAR = 400  # reviews after which nobody is still counted


@dataclass(frozen=True, slots=True)
class Service:
    """How long a case takes: `exponential`, `lognormal` or `deterministic`, its mean in working days, and the coefficient
    of variation (standard deviation over mean)."""

    distribution: str
    mean: float
    cv: float = 1.0

    @property
    def variation(self) -> float:
        """The coefficient of variation: of a lognormal as given, of the others what they are."""
        return {"exponential": 1.0, "deterministic": 0.0}.get(self.distribution, self.cv)

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm, of a lognormal."""
        return math.sqrt(math.log1p(self.cv * self.cv))

    def drawn(self, generator: np.random.Generator, size: int) -> Array:
        """Luck for so many cases, before the mean and spread are known: the same luck serves every scenario."""
        if self.distribution == "exponential":
            return generator.standard_exponential(size)
        if self.distribution == "lognormal":
            return generator.standard_normal(size)
        return np.zeros(size)

    def lasting(self, luck: Array) -> Array:
        """What that luck comes to, in working days."""
        if self.distribution == "exponential":
            return luck * self.mean
        if self.distribution == "lognormal":
            return np.exp(luck * self.sigma + (math.log(self.mean) - self.sigma**2 / 2))
        return np.full(luck.shape, self.mean)

    def survival(self, at: float) -> float:
        """The share of cases that take longer than `at`."""
        if at <= 0:
            return 1.0
        if self.distribution == "exponential":
            return math.exp(-at / self.mean)
        if self.distribution == "lognormal":
            return 1 - _NORMAL.cdf((math.log(at / self.mean) + self.sigma**2 / 2) / self.sigma)
        return 1.0 if at < self.mean else 0.0

    def residual(self, age: float, chance: float) -> float:
        """What is left for a case that has taken `age` so far, where it outlives the share `chance` of its like.

        A case of a fixed length that is over its time has nothing left."""
        if self.distribution == "exponential":
            return -math.log1p(-chance) * self.mean
        if self.distribution == "deterministic":
            return max(0.0, self.mean - age)
        left = self.survival(age) * (1 - chance)
        if left <= 1e-300:
            return 0.0
        at = math.exp(-_NORMAL.inv_cdf(min(left, 1 - 1e-16)) * self.sigma + math.log(self.mean) - self.sigma**2 / 2)
        return max(0.0, at - age)


@dataclass(frozen=True, slots=True)
class Reviews:
    """Reviews every so many working days while a case is held: the share closed, stepped up and stepped down at each.

    With `step_up_to` or `step_down_to` the case leaves for that station; without, it stays and its weight in caseload points
    goes one place up or down in the model's `points`."""

    every: float
    close: float = 0.0
    step_up: float = 0.0
    step_down: float = 0.0
    step_up_to: str = ""
    step_down_to: str = ""

    @property
    def leaving(self) -> tuple[tuple[float, str], ...]:
        """The ways out at a review: the chance at each, and where to ("" = the case is over)."""
        ways = [(self.close, "")]
        ways += [(self.step_up, self.step_up_to)] if self.step_up_to else []
        ways += [(self.step_down, self.step_down_to)] if self.step_down_to else []
        return tuple(way for way in ways if way[0] > 0)


@dataclass(frozen=True, slots=True)
class Station:
    """Where cases wait and are worked with.

    Each of `servers` workers takes `caseload` points at once (1: one case after the other). `away` is the share of time a
    worker is on leave or sick, in spells of `away_days` on average: nobody starts a case then. `open_ages` are the ages of the
    cases being worked with on the first day, `waiting` those in the queue. `localities` says how many workers sit where.
    `target_wait` is of the wait alone, `target_total` of wait and work together (a decision within a day); nought: no target.
    """

    name: str
    servers: int
    service: Service
    target_wait: float = 0.0
    target_share: float = 0.95
    caseload: float = 1.0
    reviews: Reviews | None = None
    away: float = 0.0
    away_days: float = 10.0
    open_ages: tuple[float, ...] = ()
    waiting: int = 0
    localities: Mapping[str, int] = field(default_factory=dict)
    target_total: float = 0.0

    @property
    def slots(self) -> int:
        """How many cases of one point each can be worked with at once."""
        return self.servers * math.floor(self.caseload + 1e-9)

    @property
    def mean_stay(self) -> float:
        """How long a case is held on average, the reviews that end it counted."""
        if self.reviews is None or not self.reviews.leaving:
            return self.service.mean
        return _mean_stay(self.service, self.reviews)

    @property
    def ended_by_review(self) -> float:
        """The share of cases that leave at a review, before their own time."""
        if self.reviews is None or not self.reviews.leaving:
            return 0.0
        return _ended_by_review(self.service, self.reviews)


@lru_cache
def _mean_stay(service: Service, reviews: Reviews) -> float:
    every, chance = reviews.every, sum(chance for chance, _ in reviews.leaving)
    kept, total = 1.0, 0.0
    for number in range(FAR):
        total += kept * _held(service, number * every, (number + 1) * every)
        kept *= 1 - chance
    return total


@lru_cache
def _ended_by_review(service: Service, reviews: Reviews) -> float:
    chance = sum(chance for chance, _ in reviews.leaving)
    return sum(
        service.survival(number * reviews.every) * chance * (1 - chance) ** (number - 1) for number in range(1, FAR)
    )


def _held(service: Service, low: float, high: float) -> float:
    """The integral of the survival between two times, by Gauss and Legendre."""
    if service.distribution == "deterministic":
        return max(0.0, min(high, service.mean) - low)
    middle, half = (low + high) / 2, (high - low) / 2
    return half * sum(
        float(weight) * service.survival(middle + half * float(point)) for point, weight in zip(*_GAUSS, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Route:
    """From one station to another, for a share of the cases that end there; what is left over leaves. `delay` is the mean
    number of days in between (0: at once), exponential: a re-referral comes back after a while."""

    origin: str
    to: str
    probability: float
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """A whole flow. `priorities` are shares of cases, the most urgent first; `points` what a case weighs at each level, with
    the shares in which cases begin; `localities` where families live. `warm_up` None: worked out from the model."""

    per_day: float
    first: str
    stations: tuple[Station, ...]
    routes: tuple[Route, ...] = ()
    priorities: tuple[float, ...] = (1.0,)
    points: tuple[float, ...] = (1.0,)
    point_shares: tuple[float, ...] = (1.0,)
    localities: Mapping[str, float] = field(default_factory=dict)
    days: float = 1265.0
    warm_up: float | None = None
    name: str = ""

    @property
    def place(self) -> dict[str, int]:
        """The number of each station by its name."""
        return {station.name: number for number, station in enumerate(self.stations)}

    def routes_from(self, name: str) -> tuple[Route, ...]:
        """Where cases go from a station."""
        return tuple(route for route in self.routes if route.origin == name)

    @property
    def mean_points(self) -> float:
        """What a new case weighs on average."""
        return sum(point * share for point, share in zip(self.points, self.point_shares, strict=True))
