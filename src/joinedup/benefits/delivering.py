"""What delivering a strand costs in each year, who pays how much of it, and what nobody pays yet. Pure; whole pence.

A year of a programme is counted from 0. The pay of a year is the rate in force on its first day. What the partners' parts
of a year leave, and every cost marked as not funded, is not yet funded; it is never put on anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from joinedup.engines.money import share

UNFUNDED = "UNFUNDED"
WHOLE = 10_000
STAFF, TRANSITION, RUNNING = "staff", "transition", "running"
GROUPS: dict[str, str] = {STAFF: "Staff", TRANSITION: "Changing over", RUNNING: "Running cost beside staff"}


@dataclass(frozen=True)
class Staff:
    """Posts of one grade in the years from `first` to `last`."""

    grade: str
    full_time_equivalent: Decimal
    first: int
    last: int
    people: int = 1
    agency: str = ""
    base: str = ""


@dataclass(frozen=True)
class Line:
    """Any other cost, pence a year. `group` is changing over or running."""

    group: str
    name: str
    amounts: tuple[int, ...]
    is_unfunded: bool = False


@dataclass(frozen=True)
class Rate:
    """What a post of a grade costs a year from a day on."""

    grade: str
    starts_on: date
    annual_pence: int


@dataclass(frozen=True)
class Year:
    """One year: what each group costs, who pays how much, and what is not funded."""

    number: int
    groups: Mapping[str, int]
    paid: Mapping[str, int]
    unfunded: int
    promised: int  # hundredths of a per cent that partners promised

    @property
    def total(self) -> int:
        """What the year costs."""
        return sum(self.groups.values())


@dataclass(frozen=True)
class Plan:
    """What is drawn up. `shares[year][agency]` in hundredths of a per cent; `agencies` in the partners' order."""

    years: int
    starts_on: date
    agencies: tuple[str, ...]
    staff: tuple[Staff, ...] = ()
    lines: tuple[Line, ...] = ()
    rates: tuple[Rate, ...] = ()
    shares: Mapping[int, Mapping[str, int]] | None = None
    grade: int = 3

    def first_day(self, year: int) -> date:
        """Of a year of the programme."""
        return date(self.starts_on.year + year, self.starts_on.month, min(self.starts_on.day, 28))

    def rate(self, grade: str, year: int) -> int | None:
        """Pence for a whole post in a year; None where the pay table does not say."""
        day = self.first_day(year)
        known = [each for each in self.rates if each.grade == grade and each.starts_on <= day]
        return max(known, key=lambda each: each.starts_on).annual_pence if known else None

    def missing_pay(self) -> list[tuple[str, int]]:
        """Grades and the first year in which the pay table has nothing for them."""
        found: dict[str, int] = {}
        for each in self.staff:
            for year in range(each.first, min(each.last + 1, self.years)):
                if self.rate(each.grade, year) is None:
                    found[each.grade] = min(year, found.get(each.grade, year))
        return sorted(found.items())


def staff_cost(each: Staff, plan: Plan, year: int) -> int:
    """Pence in a year: full-time equivalents times the rate, to the nearest penny; nought in years without them."""
    if not each.first <= year <= each.last:
        return 0
    rate = plan.rate(each.grade, year) or 0
    return int((each.full_time_equivalent * rate).quantize(Decimal(1), ROUND_HALF_UP))


def year_of(plan: Plan, year: int) -> Year:
    """One year of the plan."""
    groups, funded, unfunded = _costs(plan, year)
    parts, left = _parts(plan, year)
    paid = dict.fromkeys(plan.agencies, 0)
    for pence in funded.values():
        for agency, amount in zip((*plan.agencies, UNFUNDED), _shared(pence, parts, left), strict=True):
            if agency == UNFUNDED:
                unfunded += amount
            else:
                paid[agency] += amount
    return Year(year, groups, paid, unfunded, WHOLE - left)


def years_of(plan: Plan) -> list[Year]:
    """Every year of the plan."""
    return [year_of(plan, year) for year in range(plan.years)]


def cost_lines(plan: Plan, *, code: str = "") -> list[dict[str, Any]]:
    """The lines of cost of a business case, in pounds a year: a line for each group and whoever pays it, and what is not
    funded under the name `UNFUNDED`, so that the case adds up to what delivery costs and says what nobody pays."""
    rows: dict[tuple[str, str], list[int]] = {}
    for year in range(plan.years):
        for group, agency, pence in _paid_by(plan, year):
            rows.setdefault((group, agency), [0] * plan.years)[year] += pence
    order = {name: place for place, name in enumerate((*plan.agencies, UNFUNDED))}
    kept = sorted(
        (each for each in rows.items() if any(each[1])),
        key=lambda each: (list(GROUPS).index(each[0][0]), order[each[0][1]]),
    )
    return [
        {
            "code": f"{code}{group}-{agency}".lower()[:40],
            "name": f"{GROUPS[group]}: {'not yet funded' if agency == UNFUNDED else agency}",
            "amounts": [_pounds(pence) for pence in amounts],
            "grade": plan.grade,
            "agencies": {agency: 1.0},
        }
        for (group, agency), amounts in kept
    ]


def _pounds(pence: int) -> float | int:
    return pence // 100 if pence % 100 == 0 else pence / 100


def _paid_by(plan: Plan, year: int) -> list[tuple[str, str, int]]:
    groups, funded, _ = _costs(plan, year)
    parts, left = _parts(plan, year)
    found = []
    for group, pence in funded.items():
        found += [
            (group, agency, amount)
            for agency, amount in zip((*plan.agencies, UNFUNDED), _shared(pence, parts, left), strict=True)
        ]
        found.append((group, UNFUNDED, groups[group] - pence))
    return found


def _costs(plan: Plan, year: int) -> tuple[dict[str, int], dict[str, int], int]:
    """By group: the cost, the part of it that is to be shared out, and what was marked as not funded."""
    groups, funded, unfunded = dict.fromkeys(GROUPS, 0), dict.fromkeys(GROUPS, 0), 0
    for each in plan.staff:
        pence = staff_cost(each, plan, year)
        groups[STAFF] += pence
        funded[STAFF] += pence
    for line in plan.lines:
        pence = line.amounts[year] if year < len(line.amounts) else 0
        groups[line.group] += pence
        if line.is_unfunded:
            unfunded += pence
        else:
            funded[line.group] += pence
    return groups, funded, unfunded


def _parts(plan: Plan, year: int) -> tuple[list[int], int]:
    said = (plan.shares or {}).get(year, {})
    parts = [said.get(agency, 0) for agency in plan.agencies]
    return parts, WHOLE - sum(parts)


def _shared(pence: int, parts: Sequence[int], left: int) -> list[int]:
    return [int(each) for each in share(pence, [*parts, left])]
