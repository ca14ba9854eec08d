"""How much more changed where the work was than where it was not: difference in differences of two series. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from joinedup.engines.appraisal import Effect, Group, difference_in_differences
from joinedup.outcomes.codes import SHARE


@dataclass(frozen=True)
class Period:
    """One reading as it is compared: how many, of how many, up to a day."""

    ends_on: date
    value: Decimal
    numerator: Decimal | None
    denominator: int | None


def effect_of_shares(
    form: str, *, before: Period, after: Period, other_before: Period, other_after: Period, confidence: float = 0.95
) -> Effect | None:
    """The difference in differences of four shares, in percentage points, with its interval. None where a reading is no
    share or keeps no numbers: then nothing says how sure it is."""
    groups = [_group(form, each) for each in (before, after, other_before, other_after)]
    one, two, three, four = groups
    if one is None or two is None or three is None or four is None:
        return None
    found = difference_in_differences(
        before=one, after=two, comparison_before=three, comparison_after=four, confidence=confidence
    )
    return Effect(
        found.difference * 100, found.low * 100, found.high * 100, found.standard_error * 100,
        found.degrees_of_freedom, found.confidence,
    )  # fmt: skip


def plain_difference(before: Period, after: Period, other_before: Period, other_after: Period) -> Decimal:
    """As `effect_of_shares` in the measure's own unit, where there is no interval to be had."""
    return (after.value - before.value) - (other_after.value - other_before.value)


def _group(form: str, said: Period) -> Group | None:
    if form != SHARE or said.numerator is None or said.denominator is None or said.denominator < 2:
        return None
    return Group.of_share(int(said.numerator), said.denominator)


def in_words(effect: Effect | None, difference: Decimal, *, direction: str, unit: str, there: str) -> tuple[str, ...]:
    """What the comparison says, in sentences for whoever reads no statistics."""
    better = difference > 0 if direction == "up" else difference < 0
    size = f"{abs(difference):.1f} {unit}"
    if difference == 0:
        first = f"Here it changed just as in {there}."
    else:
        first = f"The change here was {size} {'better' if better else 'worse'} than in {there}, counted from where each began."
    if effect is None:
        return (first, "How sure that is cannot be said: it needs the number of people behind every reading.")
    said = f"The truth lies between {effect.low:+.1f} and {effect.high:+.1f} {unit}, nineteen times in twenty".replace(
        "-", "−"
    )
    if effect.is_clear:
        return (first, f"{said}: nought is left out, so chance alone is an unlikely cause.")
    return (first, f"{said}: nought lies within, so chance alone could have done it.")
