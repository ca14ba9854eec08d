"""How sure a mean over replications is: Student's t, worked out exactly for whole degrees of freedom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from joinedup.engines.caseflow.model import Array


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications and its 95 % interval; `low` and `high` are None where one replication cannot say."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def as_data(self) -> dict[str, float | None]:
        """As the command prints it."""
        return {"value": self.value, "low": self.low, "high": self.high}


def estimate(values: Array, *, most: float = math.inf, sure: float = 0.95) -> Estimate:
    """The mean of what each replication said, and the interval it lies in; never below nought nor above `most`.

    Replications that saw nobody (NaN) say nothing."""
    said = values[~np.isnan(values)]
    if not said.size:
        return Estimate(None, None, None)
    mean = float(said.mean())
    if said.size == 1:
        return Estimate(mean, None, None)
    half = t_value(said.size - 1, sure) * float(said.std(ddof=1)) / math.sqrt(said.size)
    return Estimate(mean, max(0.0, mean - half), min(most, mean + half))


@cache
def t_value(freedom: int, sure: float = 0.95) -> float:
    """Student's t: within ± this value lies the share `sure`."""
    if freedom > 300:
        z = NormalDist().inv_cdf((1 + sure) / 2)
        return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    low, high = 0.0, 1e4
    for _ in range(120):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < sure else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """The share within ± t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, term, total = math.cos(angle) ** 2, 1.0, 1.0
    if freedom % 2:
        if freedom == 1:
            return 2 * angle / math.pi
        for number in range(3, freedom - 1, 2):
            term *= cosine * (number - 1) / number
            total += term
        return 2 / math.pi * (angle + math.sin(angle) * math.cos(angle) * total)
    for number in range(2, freedom, 2):
        term *= cosine * (number - 1) / number
        total += term
    return math.sin(angle) * total
