"""How far along somebody is: a value on its scale, the distance from the baseline, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Scale(Protocol):
    """What a measure says of its values."""

    @property
    def direction(self) -> str:
        """Up or down."""
        ...

    @property
    def least(self) -> Decimal | None:
        """The lowest value, if any."""
        ...

    @property
    def most(self) -> Decimal | None:
        """The highest value, if any."""
        ...

    @property
    def places(self) -> int:
        """Decimal places a value may have."""
        ...


class Verdict(StrEnum):
    """What became of an outcome since its baseline."""

    NOT_MEASURED = "not_measured"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    REACHED = "reached"


VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.NOT_MEASURED: "Not measured again yet",
    Verdict.BETTER: "Better",
    Verdict.SAME: "No change",
    Verdict.WORSE: "Worse",
    Verdict.REACHED: "Reached",
}
MOST_EVER = Decimal(100_000)


@dataclass(frozen=True)
class Point:
    """A value on a day."""

    value: Decimal
    on: date


def value_fault(scale: Scale, value: Decimal) -> str:
    """What is wrong with a value, as a sentence; empty where nothing is."""
    if not value.is_finite() or abs(value) >= MOST_EVER:
        return "Enter a smaller number."
    if scale.least is not None and value < scale.least:
        return f"Enter {plain(scale.least)} or more."
    if scale.most is not None and value > scale.most:
        return f"Enter {plain(scale.most)} or less."
    if value != round(value, scale.places):
        return "Enter a whole number." if scale.places == 0 else f"Give at most {scale.places} decimal place."
    return ""


def is_better(scale: Scale, value: Decimal, than: Decimal) -> bool:
    """Better in the measure's own direction."""
    return value > than if scale.direction == "up" else value < than


def reaches(scale: Scale, value: Decimal, target: Decimal) -> bool:
    """At the target or past it."""
    return value == target or is_better(scale, value, target)


def travelled(baseline: Decimal, latest: Decimal, target: Decimal) -> Decimal:
    """The share of the way from the baseline to the target, in per cent; below nought where it went the wrong way, and
    a hundred where there was no way to go."""
    if target == baseline:
        return Decimal(100)
    return Decimal(round((latest - baseline) / (target - baseline) * 100))


def verdict(scale: Scale, baseline: Decimal, readings: Sequence[Point], target: Decimal) -> Verdict:
    """What the newest reading says against the baseline and the target."""
    if not readings:
        return Verdict.NOT_MEASURED
    latest = readings[-1].value
    if reaches(scale, latest, target):
        return Verdict.REACHED
    if latest == baseline:
        return Verdict.SAME
    return Verdict.BETTER if is_better(scale, latest, baseline) else Verdict.WORSE


def plain(value: Decimal) -> str:
    """A number as people write it: 7, 92.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
