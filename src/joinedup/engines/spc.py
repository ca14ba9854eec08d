"""Statistical process control: what in a series of readings is more than noise (an individuals and moving range chart).

    chart = xmr([62, 58, 64, 60, 59, 61, 48])
    chart.lower, chart.mean, chart.upper        # the limits within which chance alone would leave nearly every reading
    chart.signals                               # ((6, Signal.BEYOND_LIMITS), …)

Limits are the mean ± 2.66 × the mean moving range (3 ÷ 1.128); a moving range above 3.268 × its mean is a signal too. With
`baseline` only the first readings set them, so that what changed later is seen against what was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

_LIMITS = 2.66
_RANGE_LIMIT = 3.268
FEWEST = 6
"""Fewer readings than this say nothing about the noise among them."""


class Signal(StrEnum):
    """Why a reading is more than noise."""

    BEYOND_LIMITS = "beyond the limits"
    RUN = "one of a run on one side of the mean"
    TREND = "one of a run that only rises or only falls"
    NEAR_LIMIT = "one of two in three near a limit"
    BEYOND_RANGE = "a jump from the reading before"


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a run must be. Practice differs: NHS England's charts take 7 and 7, Wheeler takes 8 and no trend. These are
    the NHS's, from memory and not verified."""

    run: int = 7
    trend: int = 7
    near: bool = True
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A series with its limits and signals; a signal is the place of a reading and why."""

    readings: tuple[float, ...]
    mean: float
    mean_range: float
    lower: float
    upper: float
    range_limit: float
    signals: tuple[tuple[int, Signal], ...]

    @property
    def is_stable(self) -> bool:
        """Whether nothing in it is more than noise."""
        return not self.signals


def xmr(
    readings: Sequence[float],
    *,
    baseline: int | None = None,
    floor: float | None = None,
    ceiling: float | None = None,
    rules: Rules = Rules(),
) -> Chart:
    """Chart a series. `floor` and `ceiling` are what a reading can never pass (0 and 1 for a share): no limit lies beyond.

    Raises ``ValueError`` for fewer than six readings, in the series or in its baseline, or for one that is no number.
    """
    values = tuple(float(reading) for reading in readings)
    basis = values if baseline is None else values[:baseline]
    if len(basis) < FEWEST:
        raise ValueError(f"{len(basis)} readings are too few to say what is noise among them; {FEWEST} are the fewest.")
    if not all(map(math.isfinite, values)):
        raise ValueError("A reading is no number.")
    mean = math.fsum(basis) / len(basis)
    mean_range = math.fsum(abs(after - before) for before, after in pairwise(basis)) / (len(basis) - 1)
    lower, upper = mean - _LIMITS * mean_range, mean + _LIMITS * mean_range
    lower = lower if floor is None else max(lower, floor)
    upper = upper if ceiling is None else min(upper, ceiling)
    signals = _signals(values, mean, mean_range, (lower, upper), rules)
    return Chart(values, mean, mean_range, lower, upper, _RANGE_LIMIT * mean_range, signals)


def _signals(
    values: tuple[float, ...], mean: float, mean_range: float, limits: tuple[float, float], rules: Rules
) -> tuple[tuple[int, Signal], ...]:
    sides = [(value > mean) - (value < mean) for value in values]
    steps = [0, *((after > before) - (after < before) for before, after in pairwise(values))]
    found = {(place, Signal.BEYOND_LIMITS) for place, value in enumerate(values) if not limits[0] <= value <= limits[1]}
    found |= {(place, Signal.RUN) for place in _runs(sides, rules.run)}
    # A run of n readings that only rise has n − 1 steps up, and the reading they start from is one of them.
    found |= {(place, Signal.TREND) for end in _run_starts(steps, rules.trend - 1) for place in end}
    if rules.near:
        found |= {(place, Signal.NEAR_LIMIT) for place in _near(values, mean, mean_range)}
    found |= {
        (place, Signal.BEYOND_RANGE)
        for place, (before, after) in enumerate(pairwise(values), start=1)
        if abs(after - before) > _RANGE_LIMIT * mean_range
    }
    order = list(Signal)
    return tuple(sorted(found, key=lambda each: (each[0], order.index(each[1]))))


def _runs(sides: Sequence[int], length: int) -> set[int]:
    """The places in runs of the same side at least that long; a reading on the mean ends a run."""
    found: set[int] = set()
    start = 0
    for place in range(1, len(sides) + 1):
        if place == len(sides) or sides[place] != sides[start]:
            if sides[start] and place - start >= length:
                found |= set(range(start, place))
            start = place
    return found


def _run_starts(steps: Sequence[int], length: int) -> list[range]:
    """The readings of each run of steps the same way, with the one it starts from."""
    ends = []
    start = 0
    for place in range(1, len(steps) + 1):
        if place == len(steps) or steps[place] != steps[start]:
            if steps[start] and place - start >= length:
                ends.append(range(start - 1, place))
            start = place
    return ends


def _near(values: tuple[float, ...], mean: float, mean_range: float) -> set[int]:
    """Where two of three in a row lie beyond two thirds of the way to the same limit: those two or three."""
    edge = _LIMITS * mean_range * 2 / 3
    found: set[int] = set()
    if not edge:
        return found
    for side in (1, -1):
        near = [side * (value - mean) > edge for value in values]
        for start in range(len(values) - 2):
            places = [place for place in range(start, start + 3) if near[place]]
            found |= set(places) if len(places) >= 2 else set()
    return found
