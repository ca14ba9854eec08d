"""A measured value against what it should have come to by then. Pure.

A trajectory is drawn through the baseline and its targets. It has a start: before that day nothing is behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from joinedup.outcomes.codes import Direction


class Standing(StrEnum):
    """How a series stands against its trajectory."""

    NOT_READ = "not_read"
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"
    NOT_BEGUN = "not_begun"
    REACHED = "reached"
    ON_COURSE = "on_course"
    BEHIND = "behind"


STANDINGS: dict[Standing, str] = {
    Standing.NOT_READ: "Not read yet",
    Standing.TOO_FEW: "Too few to show",
    Standing.NO_TARGET: "No target set",
    Standing.NOT_BEGUN: "Return not due yet",
    Standing.REACHED: "Target reached",
    Standing.ON_COURSE: "On course",
    Standing.BEHIND: "Behind its trajectory",
}
TONES: dict[Standing, str] = {
    Standing.NOT_READ: "grey", Standing.TOO_FEW: "grey", Standing.NO_TARGET: "grey", Standing.NOT_BEGUN: "blue",
    Standing.REACHED: "green", Standing.ON_COURSE: "green", Standing.BEHIND: "red",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A value on a day."""

    on: date
    value: Decimal


def expected_on(day: date, baseline: Mark | None, targets: Sequence[Mark], starts_on: date | None) -> Decimal | None:
    """What it should have come to on a day: straight between the points of the trajectory; the baseline until it starts,
    the last target after its end. None where nothing says."""
    if not targets:
        return None
    if baseline is None:
        at_hand = [each for each in targets if each.on <= day]
        return at_hand[-1].value if at_hand else None
    begins = max(starts_on or baseline.on, baseline.on)
    points = [Mark(begins, baseline.value), *(each for each in targets if each.on > begins)]
    if day <= begins:
        return baseline.value
    for before, after in pairwise(points):
        if day <= after.on:
            part = Decimal((day - before.on).days) / Decimal((after.on - before.on).days)
            return before.value + (after.value - before.value) * part
    return points[-1].value


def standing(
    direction: str, latest: Mark | None, baseline: Mark | None, targets: Sequence[Mark], starts_on: date | None
) -> Standing:
    """How the newest reading stands."""
    if latest is None:
        return Standing.NOT_READ
    if not targets:
        return Standing.NO_TARGET
    if _is_as_good(direction, latest.value, targets[-1].value):
        return Standing.REACHED
    begins = starts_on or (baseline.on if baseline else targets[0].on)
    if latest.on <= begins:
        return Standing.NOT_BEGUN
    wanted = expected_on(latest.on, baseline, targets, starts_on)
    if wanted is None:
        return Standing.NOT_BEGUN
    return Standing.ON_COURSE if _is_as_good(direction, latest.value, wanted) else Standing.BEHIND


def _is_as_good(direction: str, value: Decimal, wanted: Decimal) -> bool:
    return value >= wanted if direction == Direction.UP else value <= wanted
