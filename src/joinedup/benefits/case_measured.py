"""What a unit of activity was measured to cost, as a business case takes it: from a kept report of what activity cost.
Pure; whole pence.

A report prices what was recorded and holds it against what was spent. What was spent directly in a place (S) is laid over
the recorded work in proportion to what it comes to at its prices: of a kind that was recorded V times and comes to R, of
ΣR in all, a unit is measured at (R ÷ V) × S ÷ ΣR; with overhead (S + O) ÷ ΣR. A month of support with everything that was
done for the case is S ÷ the months recorded. So the unrecorded part is spread over the work that is known; a report with
too much of it is refused before (BN-340).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from joinedup.benefits.case_building import label_of
from joinedup.benefits.costing import KINDS, SELDOM, PlaceRow, in_pence, name_of, plain
from joinedup.engines.appraisal.tables import DEFLATORS, OLD_PRICE, USUAL_DEFLATOR, Deflator, first_year

SOURCE = "local: what was spent directly, laid over recorded work in proportion to its prices"
WHOLE_CASE = "case"
"""The unit that is a month of support with everything that was done for the case in it."""


@dataclass(frozen=True, slots=True)
class MeasuredUnit:
    """What one unit of a kind was measured to cost. `pence` is direct spending only, `full_pence` with overhead."""

    kind: str
    name: str
    per: str
    volume: Decimal
    pence: int
    full_pence: int

    @property
    def volume_words(self) -> str:
        """How many units it was measured by."""
        return plain(self.volume)

    def cost(self, *, with_overhead: bool) -> int:
        """Of one unit."""
        return self.full_pence if with_overhead else self.pence


def units_of(row: PlaceRow) -> tuple[MeasuredUnit, ...]:
    """Everything in a place that a cost was measured of, a month of support with all that belongs to it first. Empty where
    nothing that was recorded has a price, or nothing was spent."""
    recorded, direct = row.recorded, row.direct
    if recorded <= 0 or direct <= 0:
        return ()
    found = []
    months = sum((each.recorded.volume for each in row.kinds if each.kind == "month"), Decimal())
    if months > 0:
        found.append(
            _unit(WHOLE_CASE, "A case, with everything that was done for it", "a month", months, recorded, row)
        )
    for each in row.kinds:
        if each.kind != SELDOM and each.recorded.volume > 0 and each.pence > 0:
            found.append(_unit(each.kind, name_of(each.kind), _per(each.kind), each.recorded.volume, each.pence, row))
    return tuple(found)


def _unit(kind: str, name: str, per: str, volume: Decimal, pence: int, row: PlaceRow) -> MeasuredUnit:
    one = Decimal(pence) / row.recorded / volume
    return MeasuredUnit(kind, name, per, volume, in_pence(one * row.direct), in_pence(one * row.spent))


def _per(kind: str) -> str:
    if kind not in KINDS:
        return "an hour, or each time, as it is priced"
    return {"month": "a month", "each": "each time"}[KINDS[kind].unit]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a measured cost is from, in the words that stand beside it: the fund and its code, the place, the quarter, the
    day the report was kept, its hash, the share unrecorded and the limit it was held against."""

    fund: str
    code: str
    place: str
    quarter: str
    price_year: str
    kept_on: str
    digest: str
    unrecorded: str
    limit: int
    unpriced: int
    is_invented: bool

    def source(self, unit: MeasuredUnit) -> str:
        """For the source of a unit value."""
        return (
            f"Measured: {unit.name}, {unit.per}. What activity cost, {self.fund} ({self.code}), {self.place}, {self.quarter}; report"
            f" kept on {self.kept_on}, hash {self.digest[:_HASH]}"
        )

    def caveat(self, unit: MeasuredUnit, *, with_overhead: bool, at_other_prices: str) -> str:
        """What a reader should know about it."""
        said = [
            "Illustration: the prices behind it are invented." if self.is_invented else "",
            f"Measured over {unit.volume_words} recorded, at {self.price_year} prices,"
            f" {'with' if with_overhead else 'without'} overhead.",
            f"{self.unrecorded} of direct spending is explained by no recorded activity (at most {self.limit} % may be) and"
            " is spread over what was recorded.",
            f"{self.unpriced} recorded without a price are not in it." if self.unpriced else "",
            at_other_prices,
        ]
        return " ".join(each for each in said if each)

    def line_name(self, unit: MeasuredUnit) -> str:
        """For the name of a line of cost, which has no source of its own."""
        return (
            f"{unit.name} (measured: {self.code}, {self.place}, {self.quarter}, {self.price_year} prices,"
            f" {self.unrecorded} unrecorded, report {self.digest[:_HASH]})"
        )


_HASH = 12  # how much of a report's hash stands beside a figure that was taken from it
_NAMED = re.compile(rf"\b(?:hash|report) ([0-9a-f]{{{_HASH}}})\b")


def reports_named(model: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The lines of a case that were taken from a report: the list they are in, what they are called, and the beginning of the
    report's hash that stands in their source or, of a cost, in its name."""
    found = []
    for lines, key in (("costs", "name"), ("benefits", "source")):
        for place, line in enumerate(model.get(lines, ())):
            said = _NAMED.search(str(line.get(key) or ""))
            if said:
                found.append((lines, label_of(line, place, lines).split(" (measured: ")[0], said[1]))
    return found


def deflator_of(model: Mapping[str, Any]) -> Deflator:
    """The price index a case is brought to its prices by."""
    return DEFLATORS.get(str(model.get("deflator") or USUAL_DEFLATOR), DEFLATORS[USUAL_DEFLATOR])


def brought(model: Mapping[str, Any], price_year: str) -> tuple[str | None, str]:
    """The price year a line may state in this case, and a sentence where it can state none: the case's own index must know
    the year, and the case must say its own."""
    base = str(model.get("price_year") or "")
    if not base:
        return None, f"The case does not say at which prices it is: the figure stands at {price_year} prices as it is."
    if price_year == base:
        return base, ""
    deflator = deflator_of(model)
    if deflator.index(price_year) is None:
        return None, (
            f"The price index of the case ({deflator.origin.title}) has no {price_year} yet: the figure stands at"
            f" {price_year} prices beside others at {base} prices, and is too high against them by the inflation between."
        )
    return price_year, ""


def times(model: Mapping[str, Any], pence: int, factor: float) -> float:
    """A cost at the case's prices, in pounds: `factor` is that of the price index, 1 where there is none."""
    return round(pence * factor) / 100


def price_factor(model: Mapping[str, Any], price_year: str) -> float:
    """What a price of that year is multiplied by to stand at the prices of the case; 1 where the index cannot say."""
    stated, _ = brought(model, price_year)
    base = str(model.get("price_year") or "")
    return deflator_of(model).factor(stated, base) if stated and stated != base else 1.0


# --- From a unit cost database ----------------------------------------------------------------------------------------


def from_database(
    prices: Mapping[str, Sequence[Any]], model: Mapping[str, Any], this_year: int
) -> tuple[dict[str, float], str, list[str]]:
    """The values of a unit cost as its source gives them (pounds), the year of their prices, and what to warn of. Where its
    values are of different years, the others are brought to the first one's by the case's index; one the index cannot
    bring is left out and named."""
    deflator, warned = deflator_of(model), []
    kinds = [kind for kind in ("fiscal", "economic", "social") if kind in prices]
    year = str(prices[kinds[0]][1])
    values: dict[str, float] = {}
    for kind in kinds:
        pounds, of_year = float(prices[kind][0]), str(prices[kind][1])
        if of_year == year:
            values[kind] = pounds
        elif deflator.index(of_year) is not None and deflator.index(year) is not None:
            values[kind] = round(pounds * deflator.factor(of_year, year), 2)
            warned.append(f"Its {kind} value is £{pounds:,.2f} at {of_year} prices, brought to {year} here.")
        else:
            warned.append(
                f"Its {kind} value, £{pounds:,.2f} at {of_year} prices, is left out: the index has no such year."
            )
    age = this_year - first_year(year)
    if age > OLD_PRICE:
        warned.append(f"The price is {age} years old.")
    stated, why = brought(model, year)
    if stated is None:
        warned.append(why)
    return values, year, warned
