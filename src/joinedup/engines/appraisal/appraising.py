"""What a case costs and brings: present values, ratios, payback, who pays and who gains.

Years are t = 0 … n−1 with a discount factor of 1 at t = 0. A benefit in year t, for those who joined in year s, is

    people × engagement × retention × prevalence × impact × (1 − deadweight) × unit cost × (1 − optimism bias)
    × (1 − drop-off) ^ (t − s − lag)          from t = s + lag on

and a cost is × (1 + optimism bias). Nothing is rounded. Sums are exact sums, so the order of lines changes no digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from joinedup.engines.appraisal.model import Benefit, Model
from joinedup.engines.appraisal.tables import GRADES, Years

_NOISE = 1e-12  # what floating point may be out by when two sums are the same


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line of benefit: its present value after bias, fiscal and not, at the model's prices; `price_factor` is what
    brought its unit cost there."""

    benefit: Benefit
    optimism_bias: float
    price_factor: float
    avoided: float
    gross_nominal: float
    pv_fiscal: float
    pv_economic: float
    pv_social: float
    pv_cashable: float


@dataclass(frozen=True, slots=True)
class Stake:
    """What one agency puts in and gets out, in present value; its `gain` in a year is in `Yearly`."""

    pv_cost: float
    pv_benefit: float
    pv_cashable: float

    @property
    def returned(self) -> float | None:
        """Pounds back for each pound put in; None where nothing is put in."""
        return ratio(self.pv_benefit, self.pv_cost)


@dataclass(frozen=True, slots=True)
class Yearly:
    """One year: its discount factor, what it costs and brings after bias, undiscounted, and both so far, discounted."""

    t: int
    factor: float
    cost: float
    fiscal: float
    social_economic: float
    cashable: float
    cost_so_far: float
    fiscal_so_far: float


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The answer, in pounds, unrounded. What cannot be divided is None."""

    model: Model
    pv_cost: float
    pv_fiscal: float
    pv_social_economic: float
    pv_cashable: float
    gross_nominal: float
    payback_year: int | None
    agencies: Mapping[str, Stake]
    lines: tuple[LineResult, ...]
    yearly: tuple[Yearly, ...]

    @property
    def npv_fiscal(self) -> float:
        """What public purses gain, less what they pay."""
        return self.pv_fiscal - self.pv_cost

    @property
    def npv_public(self) -> float:
        """The same with economic and social value counted."""
        return math.fsum((self.pv_fiscal, self.pv_social_economic, -self.pv_cost))

    @property
    def bcr_fiscal(self) -> float | None:
        """Pounds back to public purses for each pound."""
        return ratio(self.pv_fiscal, self.pv_cost)

    @property
    def bcr_public(self) -> float | None:
        """Pounds of public value for each pound."""
        return ratio(self.pv_fiscal + self.pv_social_economic, self.pv_cost)

    @property
    def switching_value(self) -> float | None:
        """The share of the fiscal benefit that must come true for the costs to be met; over 1 means they are not."""
        return ratio(self.pv_cost, self.pv_fiscal)

    @property
    def equalising_transfers(self) -> dict[str, float | None]:
        """What each agency pays in (or, negative, is paid) so that all have the same return."""
        bcr = self.bcr_fiscal
        return {
            name: None if bcr is None else stake.pv_benefit - stake.pv_cost * bcr
            for name, stake in self.agencies.items()
        }

    def as_data(self) -> dict[str, Any]:
        """The answer as the command prints it."""
        return {
            "pv_cost": self.pv_cost,
            "pv_fiscal": self.pv_fiscal,
            "pv_social_economic": self.pv_social_economic,
            "npv_fiscal": self.npv_fiscal,
            "npv_public": self.npv_public,
            "bcr_fiscal": self.bcr_fiscal,
            "bcr_public": self.bcr_public,
            "payback_year": self.payback_year,
            "cashable": self.pv_cashable,
            "gross_nominal": self.gross_nominal,
            "switching_value": self.switching_value,
            "agencies": {
                name: {"pv_cost": stake.pv_cost, "pv_benefit": stake.pv_benefit, "return": stake.returned}
                for name, stake in self.agencies.items()
            },
            "equalising_transfers": self.equalising_transfers,
        }


def ratio(above: float, below: float) -> float | None:
    """One by the other; None where that is no number: by nought, or by so little that nothing can hold the answer."""
    found = above / below if below else math.inf
    return found if math.isfinite(found) else None


def appraise(model: Model) -> Appraisal:
    """Work a model out."""
    factors = model.discount.factors(model.years)
    costs = [_cost_years(line.amounts, line.grade) for line in model.costs]
    pv_costs = [_sum(years * factors) for years in costs]
    reached = [quantities(model, benefit) for benefit in model.benefits]
    lines = tuple(
        line_result(model, benefit, years, factors) for benefit, years in zip(model.benefits, reached, strict=True)
    )
    yearly = _yearly(model, factors, costs, reached)
    return Appraisal(
        model=model,
        pv_cost=math.fsum(pv_costs),
        pv_fiscal=math.fsum(line.pv_fiscal for line in lines),
        pv_social_economic=math.fsum(part for line in lines for part in (line.pv_economic, line.pv_social)),
        pv_cashable=math.fsum(line.pv_cashable for line in lines),
        gross_nominal=math.fsum(line.gross_nominal for line in lines),
        payback_year=next((year.t + 1 for year in yearly if _pays_back(year)), None),
        agencies=_stakes(model, pv_costs, lines),
        lines=lines,
        yearly=yearly,
    )


def quantities(model: Model, benefit: Benefit, each: float | None = None) -> Years:
    """How many events, or person-years of need, a line avoids in each year, before any bias is taken off. With `each` as 1
    it is the people themselves: those who joined a lag ago or longer, less who dropped off."""
    kept = (1 - benefit.drop_off) ** np.arange(model.years)
    whole = np.convolve(np.array(model.intakes), kept)[: model.years] * (benefit.each if each is None else each)
    found = np.zeros(model.years)
    if benefit.lag < model.years:
        found[benefit.lag :] = whole[: model.years - benefit.lag]
    return found


def line_result(model: Model, benefit: Benefit, reached: Years, factors: Years) -> LineResult:
    """What one line of benefit brings."""
    bias, uplift, value = GRADES[benefit.grade].optimism_bias, model.uplift(benefit), benefit.unit_cost
    avoided, discounted = _sum(reached), _sum(reached * factors) * (1 - bias) * uplift
    return LineResult(
        benefit=benefit,
        optimism_bias=bias,
        price_factor=uplift,
        avoided=avoided,
        gross_nominal=avoided * uplift * value.fiscal,
        pv_fiscal=discounted * value.fiscal,
        pv_economic=discounted * value.economic,
        pv_social=discounted * value.social,
        pv_cashable=discounted * value.fiscal * benefit.cashable,
    )


def _cost_years(amounts: tuple[float, ...], grade: int) -> Years:
    return np.array(amounts) * (1 + GRADES[grade].optimism_bias)


def _yearly(model: Model, factors: Years, costs: list[Years], reached: list[Years]) -> tuple[Yearly, ...]:
    after = [
        years * (1 - GRADES[each.grade].optimism_bias) * model.uplift(each)
        for each, years in zip(model.benefits, reached, strict=True)
    ]
    worth = [each.unit_cost for each in model.benefits]
    cost = _by_year(costs, model.years)
    fiscal = _by_year([years * unit.fiscal for years, unit in zip(after, worth, strict=True)], model.years)
    other = _by_year(
        [years * (unit.economic + unit.social) for years, unit in zip(after, worth, strict=True)], model.years
    )
    cashable = _by_year(
        [years * unit.fiscal * line.cashable for years, unit, line in zip(after, worth, model.benefits, strict=True)],
        model.years,
    )
    cost_so_far, fiscal_so_far = np.cumsum(cost * factors), np.cumsum(fiscal * factors)
    table = zip(factors, cost, fiscal, other, cashable, cost_so_far, fiscal_so_far, strict=True)
    return tuple(Yearly(t, *(float(number) for number in row)) for t, row in enumerate(table))


def _pays_back(year: Yearly) -> bool:
    return year.fiscal_so_far >= year.cost_so_far * (1 - _NOISE)


def _stakes(model: Model, pv_costs: list[float], lines: tuple[LineResult, ...]) -> dict[str, Stake]:
    pays: dict[str, list[float]] = {name: [] for name in model.agencies}
    gains: dict[str, list[float]] = {name: [] for name in model.agencies}
    cash: dict[str, list[float]] = {name: [] for name in model.agencies}
    for cost, pounds in zip(model.costs, pv_costs, strict=True):
        for name, share in cost.agencies.items():
            pays[name].append(pounds * share)
    for line in lines:
        for name, share in line.benefit.agencies.items():
            gains[name].append(line.pv_fiscal * share)
            cash[name].append(line.pv_cashable * share)
    return {
        name: Stake(math.fsum(pays[name]), math.fsum(gains[name]), math.fsum(cash[name])) for name in model.agencies
    }


def _sum(numbers: Iterable[float]) -> float:
    return math.fsum(numbers)


def _by_year(lines: list[Years], years: int) -> Years:
    """The lines' sum in each year, the same whatever their order."""
    if not lines:
        return np.zeros(years)
    return np.array([math.fsum(column) for column in np.column_stack(lines)])
