"""A benefit from forecast to the bank: what it is to bring each partner, what of that is due, and how much may be banked.
Pure; every amount is whole pence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.engines.appraisal import GRADES, Model
from joinedup.engines.appraisal.appraising import quantities

AVOIDED_KINDS: dict[str, str] = {
    "care_entry": "Coming into care",
    "care_months": "Time in care",
    "exclusion": "Exclusion from school",
    "persistent_absence": "Persistent absence from school",
    "youth_justice": "First offence as a young person",
    "domestic_violence": "Domestic violence incident",
    "emergency_attendance": "Attendance at an emergency department",
    "hospital_admission": "Admission to hospital",
    "camhs_referral": "Referral to specialist mental health",
    "homelessness": "Becoming homeless",
    "neet_months": "Time not in education, employment or training",
}


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """What one partner is to gain from one line: pence for each year after bias, undiscounted, and the cashable part."""

    key: str
    code: str
    title: str
    agency: str
    lag: int
    years: tuple[int, ...]
    cashable: tuple[int, ...]


def forecast_lines(model: Model) -> list[ForecastLine]:
    """One for each line of benefit and each partner that gains from it, in the order of the case."""
    seen: Counter[str] = Counter()
    found = []
    for line in model.benefits:
        seen[line.code] += 1
        key = line.code if seen[line.code] == 1 else f"{line.code} ({seen[line.code]})"
        bias = GRADES[line.grade].optimism_bias
        worth = quantities(model, line) * (1 - bias) * model.uplift(line) * line.unit_cost.fiscal * 100
        for agency, part in line.agencies.items():
            if part <= 0 or line.unit_cost.fiscal == 0:
                continue
            years = tuple(_whole(float(each) * part) for each in worth)
            cash = tuple(_whole(float(each) * part * line.cashable) for each in worth)
            found.append(ForecastLine(key[:120], line.code[:100], line.label[:300], agency, line.lag, years, cash))
    return found


def _whole(pence: float) -> int:
    return math.floor(pence + 0.5)


def year_begins(starts_on: date, year: int) -> date:
    """The first day of a year of a programme; a 29 February begins on 1 March in years without one."""
    try:
        return starts_on.replace(year=starts_on.year + year)
    except ValueError:
        return date(starts_on.year + year, 3, 1)


def due_by(years: Sequence[int], starts_on: date, on: date) -> int:
    """How much should have come by the end of a day: whole years, and of the year one is in the part that has passed."""
    total = 0
    for year, pence in enumerate(years):
        first, after = year_begins(starts_on, year), year_begins(starts_on, year + 1)
        if on >= after:
            total += pence
        elif on >= first:
            passed, length = (on - first).days + 1, (after - first).days
            total += pence * passed // length if pence >= 0 else -(-pence * passed // length)
    return total


@dataclass(frozen=True, slots=True)
class Standing:
    """How a benefit stands against what was due by a day. The tone is one of a tag; red only where something is late."""

    words: str
    tone: str


def standing(state: str, *, due: int, measured: int | None, starts_on: date, on: date) -> Standing:
    """A benefit before its return begins is not due yet, whatever it has brought; a lost one is not late either."""
    if state == "lost":
        return Standing("Lost", "grey")
    if on < starts_on:
        return Standing("Not due yet", "blue")
    if measured is None:
        return Standing("Due, not measured yet", "amber")
    if measured >= due:
        return Standing("On or above forecast", "green")
    return Standing("Below forecast", "red")


def most_to_bank(*, measured: int | None, forecast: int, banked: int, posting_left: int) -> int:
    """How much more of a benefit may be banked from a posting: no more than was measured, than the case forecast in all,
    and than the posting still has."""
    return max(0, min((measured or 0) - banked, forecast - banked, posting_left))


def months_after(on: date, months: int) -> date:
    """The day so many months later; the last of a month where that month is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    for day in (on.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise ValueError(f"no day in month {month + 1}")


def overlaps(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two periods share a day; both ends belong to them."""
    return one[0] <= other[1] and other[0] <= one[1]
