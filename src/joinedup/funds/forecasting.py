"""What a year will come to: each line's outturn by one of four methods, what of its variance is shared, and how good
earlier forecasts were. Pure; whole pence, and months counted from April as 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from joinedup.engines.money import Money
from joinedup.funds.codes import SHARED_TIERS

MONTHS = 12
_LATELY = 3  # months that a trend looks back


class Method(StrEnum):
    """How an outturn is worked out."""

    PROFILE = "profile"
    TREND = "trend"
    COMMITMENTS = "commitments"
    CASE_FLOW = "case_flow"


METHODS: dict[Method, str] = {
    Method.PROFILE: "Spent so far, and for the months to come what the profile of the budget expects",
    Method.TREND: "Spent so far, and every month to come as the last three",
    Method.COMMITMENTS: "Spent so far and what is committed",
    Method.CASE_FLOW: "Spent so far, and for the months to come children expected times what one costs a month",
}
METHOD_NAMES: dict[Method, str] = {
    Method.PROFILE: "Profile",
    Method.TREND: "Trend",
    Method.COMMITMENTS: "Commitments",
    Method.CASE_FLOW: "Case flow",
}


@dataclass(frozen=True)
class CaseFlow:
    """What case work expects: children receiving the service in each month to come, and what one costs in a month."""

    children: Sequence[int]
    unit_pence: int


@dataclass(frozen=True)
class Spending:
    """One budget line in mid-year. `months` is what was spent in each month so far, April first; `profile` the weight of
    each of the twelve months, all alike where it is empty."""

    line: str
    scheme: str
    partner: str
    tier: str
    budget_pence: int
    months: Sequence[int]
    committed_pence: int = 0
    profile: Sequence[int] = ()
    case_flow: CaseFlow | None = None
    is_fenced: bool = False  # ring-fenced money that keeps its own balance: its variance is nobody else's


@dataclass(frozen=True)
class Outturn:
    """What a line will have spent at the end of the year, and the method that says so."""

    spending: Spending
    method: Method
    pence: Money

    @property
    def variance(self) -> Money:
        """Over (above nought) or under the budget."""
        return Money(self.pence - self.spending.budget_pence)

    @property
    def is_shared(self) -> bool:
        """Whether the partners share this variance, or it stays with whose line it is."""
        return self.spending.tier in SHARED_TIERS and not self.spending.is_fenced


def outturn(spending: Spending, method: Method) -> Outturn:
    """Forecast one line. A month's part that is no whole penny is rounded once, for the year. Case flow that nobody has
    supplied falls back to the profile, and the answer says so."""
    if not len(spending.months) <= MONTHS:
        raise ValueError("A year has twelve months.")
    if method is Method.CASE_FLOW and spending.case_flow is None:
        method = Method.PROFILE
    return Outturn(spending, method, _nearest(sum(spending.months) + _to_come(spending, method)))


def _to_come(spending: Spending, method: Method) -> Fraction:
    done = len(spending.months)
    left = MONTHS - done
    if method is Method.COMMITMENTS:
        return Fraction(spending.committed_pence)
    if method is Method.CASE_FLOW and spending.case_flow is not None:
        flow = spending.case_flow
        expected = [*flow.children[:left], *[flow.children[-1] if flow.children else 0] * (left - len(flow.children))]
        return Fraction(sum(expected) * flow.unit_pence)
    if method is Method.TREND and done:
        lately = spending.months[-_LATELY:]
        return Fraction(sum(lately) * left, len(lately))
    profile = list(spending.profile) or [1] * MONTHS
    if len(profile) != MONTHS or min(profile) < 0 or not sum(profile):
        raise ValueError("A profile has twelve weights of which one is above nought.")
    return Fraction(spending.budget_pence * sum(profile[done:]), sum(profile))


@dataclass(frozen=True)
class Variance:
    """A year's variance in two parts that are never added up: what the partners share, by scheme, and what stays with its
    owner, by partner."""

    shared: Mapping[str, Money]
    not_shared: Mapping[str, Money]

    @property
    def shared_pence(self) -> Money:
        """What goes into the risk share."""
        return Money(sum(self.shared.values()))

    @property
    def not_shared_pence(self) -> Money:
        """What does not."""
        return Money(sum(self.not_shared.values()))


def variance_of(outturns: Iterable[Outturn]) -> Variance:
    """Shared and not shared variance apart (Oldham's and Wirral's lesson: most of a headline pool is not shared)."""
    shared: dict[str, Money] = {}
    own: dict[str, Money] = {}
    for each in outturns:
        into, name = (shared, each.spending.scheme) if each.is_shared else (own, each.spending.partner)
        into[name] = Money(into.get(name, 0) + each.variance)
    return Variance(shared, own)


@dataclass(frozen=True)
class PastForecast:
    """What was forecast on a day, and what it came to."""

    made_on: date
    forecast_pence: int
    outturn_pence: int

    @property
    def missed_by(self) -> Money:
        """How much more (above nought) it came to than was forecast."""
        return Money(self.outturn_pence - self.forecast_pence)


@dataclass(frozen=True)
class Accuracy:
    """How good forecasts have been: the mean miss, whichever way, and the lean, which shows whether they are mostly too low
    (above nought) or too high. Both as a part of the budget in hundredths of a per cent."""

    forecasts: int
    mean_miss: Money
    lean: Money
    miss_of_budget: int
    lean_of_budget: int


def accuracy(past: Sequence[PastForecast], budget_pence: int) -> Accuracy | None:
    """The accuracy of past forecasts against a budget; None where there are none."""
    if not past or budget_pence <= 0:
        return None
    miss = Fraction(sum(abs(each.missed_by) for each in past), len(past))
    lean = Fraction(sum(each.missed_by for each in past), len(past))
    return Accuracy(len(past), _nearest(miss), _nearest(lean), _of(miss, budget_pence), _of(lean, budget_pence))


def part_of(pence: int, budget_pence: int) -> int:
    """A sum as a part of a budget, in hundredths of a per cent."""
    return _of(Fraction(pence), budget_pence)


def _of(exact: Fraction, whole: int) -> int:
    return int(_nearest(exact * 10_000 / whole))


def _nearest(exact: Fraction | int) -> Money:
    rounded = int(abs(Fraction(exact)) + Fraction(1, 2))
    return Money(-rounded if exact < 0 else rounded)
