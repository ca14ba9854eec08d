"""What an appraisal says, in sentences, and what has to be known beside it."""

from __future__ import annotations

from collections import Counter

from joinedup.engines.appraisal.appraising import Appraisal
from joinedup.engines.appraisal.model import Benefit, Model
from joinedup.engines.appraisal.tables import GRADES_FROM, OLD_PRICE, Origin, first_year


def pounds(sum_of_money: float) -> str:
    """Whole pounds for a sentence, a loss with a minus sign before the pound sign."""
    whole = round(sum_of_money)
    return f"{'-' if whole < 0 else ''}£{abs(whole):,}"


def verdict(found: Appraisal) -> str:
    """Whether it pays, in a sentence or two: plainly, when it does not."""
    if not found.pv_cost:
        return "It costs nothing in this model, so there is no return to state."
    ratio, public = found.bcr_fiscal, found.bcr_public
    if found.npv_fiscal >= 0:
        when = f", and has paid back by the end of year {found.payback_year}" if found.payback_year else ""
        return f"It pays: every £1 brings public purses £{ratio:.2f} back over {_years(found.model)}{when}."
    loss = (
        f"It loses money for public purses: every £1 brings £{ratio:.2f} back over {_years(found.model)},"
        f" {pounds(-found.npv_fiscal)} less than it costs."
    )
    if found.npv_public >= 0:
        return f"{loss} With economic and social value counted, every £1 is worth £{public:.2f}."
    return f"{loss} It loses with economic and social value counted too: every £1 is worth £{public:.2f}."


def _years(model: Model) -> str:
    return f"{model.years} years" if model.years > 1 else "1 year"


def warnings(model: Model) -> tuple[str, ...]:
    """What whoever reads the answer should know: old prices, one line counted twice, benefits that never start."""
    found = []
    for code, count in Counter(benefit.code for benefit in model.benefits).items():
        if count > 1:
            found.append(f"{count} lines are called {code}: is one benefit counted twice?")
    for benefit in model.benefits:
        found += _about(benefit, model)
    if model.costs and not any(any(cost.amounts) for cost in model.costs):
        found.append("Every cost is nought.")
    if not model.discount.origin.in_force:
        found.append(f"The discount schedule is proposed and not in force: {model.discount.origin}")
    return tuple(found)


def _about(benefit: Benefit, model: Model) -> list[str]:
    found = []
    if benefit.lag >= model.years:
        found.append(f"{benefit.label}: it would start after {benefit.lag} years, and the case ends before.")
    age = price_age(benefit.price_year, model.price_year)
    if age is not None and age > OLD_PRICE:
        found.append(f"{benefit.label}: its unit cost is at {benefit.price_year} prices, {age} years old.")
    if benefit.rag.strip().casefold() in {"r", "red", "a", "amber"}:
        found.append(f"{benefit.label}: the source rates its unit cost {_RAG[benefit.rag.strip().casefold()[0]]}.")
    if benefit.caveat:
        found.append(f"{benefit.label}: {benefit.caveat}")
    return found


_RAG = {"r": "red", "a": "amber"}


def price_age(price_year: str, base_year: str) -> int | None:
    """How many years older a price is than the base; None where either is not given."""
    return first_year(base_year) - first_year(price_year) if price_year and base_year else None


def origins(model: Model) -> tuple[Origin, ...]:
    """The tables this answer stands on."""
    found = [model.discount.origin, GRADES_FROM]
    if any(benefit.price_year for benefit in model.benefits):
        found.append(model.deflator.origin)
    return tuple(found)
