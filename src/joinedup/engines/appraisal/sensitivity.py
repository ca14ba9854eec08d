"""What the answer hangs on: each input off by what its grade allows, one at a time, and a few plain what-ifs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from joinedup.engines.appraisal.appraising import Appraisal, LineResult, appraise, line_result, quantities, ratio
from joinedup.engines.appraisal.model import Benefit, Cost, Model
from joinedup.engines.appraisal.tables import GRADES
from joinedup.engines.appraisal.uncertainty import Input, amount_of, cohort_of, inputs_of

_HALF_A_POINT = 0.005


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of the tornado: an input at its lowest and its highest, and both net present values at each.
    `breaks_even_at` is the value at which the fiscal net present value would be nought; None where no value would do."""

    path: str
    label: str
    low: float
    high: float
    npv_fiscal_low: float
    npv_fiscal_high: float
    npv_public_low: float
    npv_public_high: float
    breaks_even_at: float | None = None

    @property
    def width(self) -> tuple[float, float]:
        """How far the input moves the fiscal, then the public, net present value."""
        return abs(self.npv_fiscal_high - self.npv_fiscal_low), abs(self.npv_public_high - self.npv_public_low)

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One thing said otherwise, and what comes out."""

    sentence: str
    npv_fiscal: float
    npv_public: float
    bcr_fiscal: float | None
    payback_year: int | None

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        return asdict(self)


def tornado(model: Model) -> tuple[Swing, ...]:
    """A bar for every uncertain input, the widest first."""
    base = appraise(model)
    bars = [_cohort(base)]
    for place, line in enumerate(base.lines):
        path = f"$.benefits[{place}]"
        bars += [
            _bar(base, f"{path}.{each.name}", f"{line.benefit.label}: {_SAID[each.name]}", each, _worth(line))
            for each in inputs_of(line.benefit)
        ]
        bars += _drop_off(base, line, path)
    for place, cost in enumerate(model.costs):
        path, pounds = f"$.costs[{place}].amounts", -_pv_cost(model, cost)
        bars.append(_bar(base, path, f"{cost.label}: amounts (× stated)", amount_of(cost), (pounds, pounds)))
    bars.append(_discount(base))
    return tuple(sorted(bars, key=lambda bar: (-bar.width[0], -bar.width[1], bar.path)))


_SAID = {
    "prevalence": "prevalence", "unit_cost": "unit cost (× stated)", "engagement": "engagement", "retention": "retention",
    "impact": "impact", "attribution": "attribution", "deadweight": "deadweight", "displacement": "displacement",
}  # fmt: skip


def what_ifs(model: Model) -> tuple[WhatIf, ...]:
    """The questions a finance director asks first."""
    asked: tuple[tuple[str, Callable[[Model], Model]], ...] = (
        ("Benefits start a year later", lambda each: delayed(each, 1)),
        ("All evidence is a grade worse", worse_grades),
        ("Half the impact", lambda each: _all_benefits(each, lambda line: replace(line, impact=line.impact / 2))),
        ("Costs a tenth higher", lambda each: _all_costs(each, 1.1)),
        ("No optimism bias", without_bias),
    )
    return tuple(_what_if(sentence, change(model)) for sentence, change in asked)


def delayed(model: Model, years: int) -> Model:
    """The same case with every benefit starting some years later and every cost when it was."""
    return _all_benefits(model, lambda line: replace(line, lag=line.lag + years))


def worse_grades(model: Model) -> Model:
    """The same case with every grade one worse, the worst staying what it is."""
    worst = max(GRADES)
    worse = _all_benefits(model, lambda line: replace(line, grade=min(line.grade + 1, worst)))
    return replace(worse, costs=tuple(replace(line, grade=min(line.grade + 1, worst)) for line in model.costs))


def without_bias(model: Model) -> Model:
    """The same case as its authors hoped: every grade the best."""
    best = _all_benefits(model, lambda line: replace(line, grade=1))
    return replace(best, costs=tuple(replace(line, grade=1) for line in model.costs))


def _all_benefits(model: Model, change: Callable[[Benefit], Benefit]) -> Model:
    return replace(model, benefits=tuple(change(line) for line in model.benefits))


def _all_costs(model: Model, times: float) -> Model:
    return replace(
        model,
        costs=tuple(replace(line, amounts=tuple(times * amount for amount in line.amounts)) for line in model.costs),
    )


def _what_if(sentence: str, model: Model) -> WhatIf:
    found = appraise(model)
    return WhatIf(sentence, found.npv_fiscal, found.npv_public, found.bcr_fiscal, found.payback_year)


def _worth(line: LineResult) -> tuple[float, float]:
    return line.pv_fiscal, line.pv_fiscal + line.pv_economic + line.pv_social


def _bar(base: Appraisal, path: str, label: str, found: Input, worth: tuple[float, float]) -> Swing:
    """A bar for an input its line is proportional to."""
    fiscal, public = worth
    return Swing(
        path,
        label,
        found.low,
        found.high,
        base.npv_fiscal - fiscal * found.reach,
        base.npv_fiscal + fiscal * found.reach,
        base.npv_public - public * found.reach,
        base.npv_public + public * found.reach,
        _breaks_even(base.npv_fiscal, fiscal, found),
    )


def _breaks_even(npv: float, worth: float, found: Input) -> float | None:
    if not worth or not found.reach:
        return None
    z = ratio(-npv, worth * found.reach)
    if z is None:
        return None
    value = found.middle + z * found.off
    highest = float("inf") if found.name in {"prevalence", "unit_cost", "amounts", "cohort"} else 1.0
    return value if 0 <= value <= highest else None


def _cohort(base: Appraisal) -> Swing:
    public = base.pv_fiscal + base.pv_social_economic
    worth = (base.pv_fiscal, public)
    return _bar(base, "$.cohort.size", "Cohort (× stated)", cohort_of(base.model), worth)


def _drop_off(base: Appraisal, line: LineResult, path: str) -> list[Swing]:
    """The one input that is not a factor: worked out afresh."""
    stated = line.benefit.drop_off
    off = min(stated * GRADES[line.benefit.grade].data_error, 1 - stated)
    if not off:
        return []
    ends = [_with_drop_off(base, line, value) for value in (stated - off, stated + off)]
    (low_fiscal, low_public), (high_fiscal, high_public) = ends
    label = f"{line.benefit.label}: drop-off"
    return [
        Swing(
            f"{path}.drop_off", label, stated - off, stated + off, low_fiscal, high_fiscal, low_public, high_public
        )
    ]  # fmt: skip


def _with_drop_off(base: Appraisal, line: LineResult, value: float) -> tuple[float, float]:
    model, changed = base.model, replace(line.benefit, drop_off=value)
    again = line_result(model, changed, quantities(model, changed), model.discount.factors(model.years))
    (was_fiscal, was_public), (fiscal, public) = _worth(line), _worth(again)
    return base.npv_fiscal + fiscal - was_fiscal, base.npv_public + public - was_public


def _discount(base: Appraisal) -> Swing:
    low, high = (
        appraise(replace(base.model, discount=base.model.discount.shifted(points)))
        for points in (-_HALF_A_POINT, _HALF_A_POINT)
    )
    rate = base.model.discount.bands[0][1]
    return Swing(
        "$.discount", "Discount rate (half a point)", max(0.0, rate - _HALF_A_POINT), rate + _HALF_A_POINT,
        low.npv_fiscal, high.npv_fiscal, low.npv_public, high.npv_public,
    )  # fmt: skip


def _pv_cost(model: Model, cost: Cost) -> float:
    return appraise(replace(model, costs=(cost,), benefits=())).pv_cost
