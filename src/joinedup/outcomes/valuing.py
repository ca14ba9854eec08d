"""What somebody says a period came to, and what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from joinedup.outcomes.codes import COUNT, SHARE

MOST_EVER = Decimal(10_000_000)
_NEAR = Decimal("0.06")  # a share may be written to one decimal place


@dataclass(frozen=True)
class Said:
    """A value of a period. Of a share the two numbers behind it may be given instead of it, or with it."""

    starts_on: date
    ends_on: date
    value: Decimal | None
    source: str
    numerator: Decimal | None = None
    denominator: int | None = None


def worked_out(form: str, said: Said) -> Said:
    """With its value, where that follows from the two numbers."""
    if said.numerator is None or not said.denominator or form == COUNT:
        return said
    exact = said.numerator / said.denominator
    return replace(said, value=(exact * 100 if form == SHARE else exact).quantize(Decimal("0.0001")))


def fault_in(form: str, said: Said, today: date) -> tuple[str, str] | None:
    """The field that cannot be right and why; None where nothing is wrong."""
    if said.starts_on > said.ends_on:
        return "ends_on", "The period must end on or after the day it starts."
    if said.ends_on > today:
        return "ends_on", "The period is not over yet."
    if said.ends_on.year < 1990:
        return "ends_on", "Enter a year from 1990."
    if not said.source.strip():
        return "source", "Say where the value comes from."
    return _fault_in_numbers(form, said) or _fault_in_value(form, said)


def _fault_in_numbers(form: str, said: Said) -> tuple[str, str] | None:
    top, bottom = said.numerator, said.denominator
    if (top is None) != (bottom is None):
        lacking = "denominator" if bottom is None else "numerator"
        return lacking, "Give both numbers, how many and of how many, or neither."
    if top is None or bottom is None:
        return None
    if form == COUNT:
        return "denominator", "This measure is a number of its own, not of how many."
    if bottom <= 0 or top < 0:
        return "denominator", "Of how many must be 1 or more, and how many nought or more."
    if form == SHARE and (top > bottom or top != int(top)):
        return "numerator", "How many must be a whole number and not more than of how many."
    return None


def _fault_in_value(form: str, said: Said) -> tuple[str, str] | None:
    value = worked_out(form, said).value
    if value is None:
        return "value", "Enter the value, or the two numbers behind it."
    if said.value is not None and abs(said.value - value) > _NEAR:
        return "value", f"The two numbers give {value:.1f}, not {said.value:f}."
    if not value.is_finite() or abs(value) >= MOST_EVER:
        return "value", "Enter a smaller number."
    if form == SHARE and not 0 <= value <= 100:
        return "value", "Enter a share from 0 to 100."
    if form == COUNT and (value < 0 or value != int(value)):
        return "value", "Enter a whole number, nought or more."
    return None
