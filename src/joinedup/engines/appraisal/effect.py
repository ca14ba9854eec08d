"""Did it work? Difference in differences: how much more changed where the programme was than where it was not.

Trust it as far as the two groups would have changed alike without the programme; the interval knows nothing of that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_STEPS = 400


@dataclass(frozen=True, slots=True)
class Group:
    """One group at one time: the mean of what was measured, its variance between people, and how many people."""

    mean: float
    variance: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Group:
        """From measurements. Raises ``ValueError`` for fewer than two."""
        if len(values) < 2:
            raise ValueError("A group needs at least two people to say how much they differ.")
        mean = math.fsum(values) / len(values)
        return cls(mean, math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1), len(values))

    @classmethod
    def of_share(cls, events: int, people: int) -> Group:
        """From a count: how many of these people it happened to. Raises ``ValueError`` for counts that cannot be."""
        if people < 2 or not 0 <= events <= people:
            raise ValueError("A share needs two people at least, and no more events than people.")
        share = events / people
        return cls(share, share * (1 - share) * people / (people - 1), people)


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more changed with the programme than without, and the interval that holds the truth with `confidence`."""

    difference: float
    low: float
    high: float
    standard_error: float
    degrees_of_freedom: float
    confidence: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.low > 0 or self.high < 0


def difference_in_differences(
    *, before: Group, after: Group, comparison_before: Group, comparison_after: Group, confidence: float = 0.95
) -> Effect:
    """For four groups of different people: (after − before) less the same in the comparison, with Welch's interval.

    Raises ``ValueError`` for a confidence that is no share.
    """
    difference = (after.mean - before.mean) - (comparison_after.mean - comparison_before.mean)
    return _effect(difference, (before, after, comparison_before, comparison_after), confidence)


def difference_of_changes(changes: Group, comparison_changes: Group, confidence: float = 0.95) -> Effect:
    """For the same people before and after: each group is of each person's own change, which is the sharper way."""
    return _effect(changes.mean - comparison_changes.mean, (changes, comparison_changes), confidence)


def _effect(difference: float, groups: Sequence[Group], confidence: float) -> Effect:
    if not 0 < confidence < 1:
        raise ValueError("A confidence is a share, such as 0.95.")
    parts = [group.variance / group.count for group in groups]
    variance = math.fsum(parts)
    below = math.fsum(part**2 / (group.count - 1) for part, group in zip(parts, groups, strict=True))
    freedom = variance**2 / below if below else math.inf
    error = math.sqrt(variance)
    reach = error * student_quantile((1 + confidence) / 2, freedom) if error else 0.0
    return Effect(difference, difference - reach, difference + reach, error, freedom, confidence)


def student_quantile(share: float, freedom: float) -> float:
    """The value below which that share of Student's t distribution lies, for a share of a half or more."""
    low, high = 0.0, 2.0
    while _student(high, freedom) < share and high < 1e9:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def _student(value: float, freedom: float) -> float:
    """The share of Student's t distribution below a value from nought upwards, by Simpson's rule over an angle."""
    if freedom > 1e7:
        return 0.5 + 0.5 * math.erf(value / math.sqrt(2))
    # With t = √ν tan a the density becomes a constant times (cos a)^(ν−1), which is smooth and has a finite range.
    end = math.atan(value / math.sqrt(freedom))
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    heights = np.power(np.cos(np.linspace(0, end, _STEPS + 1)), freedom - 1)
    area = heights[0] + heights[-1] + 4 * heights[1:-1:2].sum() + 2 * heights[2:-1:2].sum()
    return float(0.5 + scale * area * end / _STEPS / 3)
