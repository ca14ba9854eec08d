"""Every case draws its fate once. Case n of replication r has its own luck at every station, whatever the scenario.

Each kind of luck (when they come, how long they are held at a station, where they go next) is a stream of random numbers known by
the seed, the replication, the name of the station and which visit it is; case n has the n-th number of it. So two scenarios
compare the same families, and a replication depends on its own number alone: not on how many run, in which order, or where.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.caseflow.model import Array, Model, Reviews, Station

Whole = NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Visit:
    """What befalls each case at a station: how long it is held, the station it goes to then (−1: none), and after how long."""

    stay: Array
    to: Whole
    delay: Array


@dataclass(slots=True)
class Fates:
    """The luck of one replication. Cases open on the first day come first, then those who arrive, in order."""

    model: Model
    seed: int
    replication: int
    _kept: dict[str, Array] = field(default_factory=dict)
    arrivals: Array = field(init=False)

    def __post_init__(self) -> None:
        self.arrivals = self._arrivals()

    @property
    def opened(self) -> int:
        """How many cases are there on the first day."""
        return sum(len(station.open_ages) + station.waiting for station in self.model.stations)

    @property
    def cases(self) -> int:
        """How many cases there are in all."""
        return self.opened + len(self.arrivals)

    def stream(self, *words: str) -> np.random.Generator:
        """The random numbers known by these words, always the same from their beginning."""
        digest = hashlib.blake2b("\0".join(words).encode(), digest_size=16).digest()
        entropy = [self.seed & 0xFFFFFFFF, self.seed >> 32, self.replication]
        entropy += [int.from_bytes(digest[at : at + 4], "big") for at in (0, 4, 8, 12)]
        return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(entropy)))

    def even(self, *words: str) -> Array:
        """A number from 0 to 1 for every case."""
        return self._each("even", words, lambda generator, size: generator.random(size))

    def _each(self, kind: str, words: tuple[str, ...], draw: Callable[[np.random.Generator, int], Array]) -> Array:
        key = "\0".join((kind, *words))
        if key not in self._kept:
            fresh = draw(self.stream(kind, *words), len(self.arrivals))
            if self.opened:
                fresh = np.concatenate((draw(self.stream(kind, *words, "open"), self.opened), fresh))
            self._kept[key] = fresh
        return self._kept[key]

    def _arrivals(self) -> Array:
        expected, days = self.model.per_day * self.model.days, self.model.days
        size = math.ceil(expected + 6 * math.sqrt(expected) + 16)
        generator = self.stream("arrivals")
        gaps = generator.standard_exponential(size)
        while (times := np.cumsum(gaps) / self.model.per_day)[-1] <= days:
            gaps = np.concatenate((gaps, generator.standard_exponential(size)))
        return np.asarray(times[: int(np.searchsorted(times, days, side="right"))])

    def lasting(self, station: Station, number: int, chosen: Whole | slice) -> Array:
        """How long these cases take at a station by themselves, reviews left out."""
        words = (station.name, str(number))
        luck = self._each(station.service.distribution, words, station.service.drawn)
        return station.service.lasting(luck[chosen])

    def visit(self, station: Station, number: int, chosen: Whole | slice = slice(None)) -> Visit:
        """What befalls these cases at their visit so many (0: the first) to a station."""
        place, words = self.model.place, (station.name, str(number))
        stay = self.lasting(station, number, chosen)
        to, delay = np.full(stay.shape, NOWHERE), np.zeros(stay.shape)
        routes = self.model.routes_from(station.name)
        if routes:
            edges = np.cumsum([route.probability for route in routes])
            if edges[-1] > 1 - 1e-9:
                edges[-1] = 1.0
            targets = np.array([*(place[route.to] for route in routes), NOWHERE])
            way = np.searchsorted(edges, self.even("route", *words)[chosen], side="right")
            to = targets[way]
            if any(route.delay for route in routes):
                means = np.array([*(route.delay for route in routes), 0.0])
                luck = self._each("delay", words, lambda generator, size: generator.standard_exponential(size))
                delay = luck[chosen] * means[way]
        if station.reviews and station.reviews.leaving:
            return self._reviewed(
                station, station.reviews, words, chosen, Visit(stay, to, delay), station.reviews.every
            )
        return Visit(stay, to, delay)

    def _reviewed(
        self,
        station: Station,
        reviews: Reviews,
        words: tuple[str, ...],
        chosen: Whole | slice,
        plain: Visit,
        first: float | Array,
    ) -> Visit:
        """As reviews change it, the first after `first` days: that at which the case leaves comes before its own time, or not."""
        ways, every = reviews.leaving, reviews.every
        total = sum(chance for chance, _ in ways)
        if total < 1:
            number = np.floor(np.log1p(-self.even("review", *words)[chosen]) / math.log1p(-total)) + 1
        else:
            number = np.ones(plain.stay.shape)
        at = first + (number - 1) * every
        early = at < plain.stay
        targets = np.array([self.model.place[to] if to else NOWHERE for _, to in ways])
        way = np.zeros(plain.stay.shape, dtype=np.int64)
        if len(ways) > 1:
            edges = np.cumsum([chance / total for chance, _ in ways])[:-1]
            way = np.searchsorted(edges, self.even("outcome", *words)[chosen], side="right")
        stay = np.where(early, at, plain.stay)
        if not self.model.routes_from(station.name) and (targets == NOWHERE).all():
            return Visit(stay, plain.to, plain.delay)
        return Visit(stay, np.where(early, targets[way], plain.to), np.where(early, 0.0, plain.delay))

    def level(self) -> Whole:
        """The level of weight each case begins with."""
        edges = np.cumsum(self.model.point_shares)[:-1]
        return np.searchsorted(edges, self.even("level"), side="right")

    def urgency(self) -> Whole:
        """The priority of each case, 0 the most urgent."""
        edges = np.cumsum(self.model.priorities)[:-1]
        return np.searchsorted(edges, self.even("urgency"), side="right")

    def home(self) -> list[str]:
        """The locality each case lives in; "" where the model knows none."""
        names = list(self.model.localities)
        if not names:
            return [""] * self.cases
        edges = np.cumsum(list(self.model.localities.values()))[:-1]
        return [names[place] for place in np.searchsorted(edges, self.even("locality"), side="right")]

    def remaining(self, station: Station, opened: slice) -> Visit:
        """What befalls the cases that are open on the first day: how much longer they are held, and where they go then."""
        luck = self.stream("remaining", station.name).random(len(station.open_ages))
        left = [station.service.residual(age, float(one)) for age, one in zip(station.open_ages, luck, strict=True)]
        plain = replace(station, reviews=None)
        visit = replace(self.visit(plain, 0, opened), stay=np.array(left, dtype=float))
        if station.reviews and station.reviews.leaving:
            every = station.reviews.every
            first = every - np.array(station.open_ages, dtype=float) % every
            return self._reviewed(station, station.reviews, (station.name, "0"), opened, visit, first)
        return visit
