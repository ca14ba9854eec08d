"""Who bears what is over and who gets back what is under: the rule in force, the rule as somebody would have it, and what was
posted. Working it out posts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, Control
from joinedup.engines.money import Money
from joinedup.engines.riskshare import BadCase, Method, Record, Result, read_text, recorded
from joinedup.funds import sharing_terms
from joinedup.funds.forecasting import Outturn, Variance, variance_of
from joinedup.funds.models import Balance, Fund, Posting, RiskShareRule, RiskShareRun
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.queries.year import FundYear

DECISION = "unallocated {year}"
"""The key of the entry by which the board's decision was posted."""


@dataclass(frozen=True)
class Shared:
    """A year's variance, shared: by the same function, from the same text, whether it is posted or only looked at."""

    variance: Variance
    method: Method
    result: Result
    record: Record


@dataclass(frozen=True)
class PartnerMoved:
    """A partner's year-end number as agreed and as it would be; pence to bear above nought, to get back below. None where
    there is no rule that could be worked out."""

    code: str
    name: str
    contributed: int
    agreed: int | None
    then: int | None

    @property
    def moved(self) -> Money | None:
        """How much more it would bear."""
        return None if self.agreed is None or self.then is None else Money(self.then - self.agreed)


def rule_on(viewer: Actor, fund: Fund, day: date) -> RiskShareRule | None:
    """The rule in force on a day; before the first one begins, the first."""
    check(viewer, READ_FUNDS)
    return _rule_on(fund, day)


def _rule_on(fund: Fund, day: date) -> RiskShareRule | None:
    rules = list(RiskShareRule.objects.filter(fund=fund).order_by("starts_on"))
    begun = [each for each in rules if each.starts_on <= day]
    return begun[-1] if begun else (rules[0] if rules else None)


def unallocated(viewer: Actor, fund: Fund, year: int) -> Money:
    """What nobody has agreed to bear of a year, as the ledger has it."""
    check(viewer, READ_FUNDS)
    return _unallocated(fund, year)


def _unallocated(fund: Fund, year: int) -> Money:
    rows = Balance.objects.filter(
        fund=fund, book=Book.ACTUAL, account__control=Control.UNALLOCATED, period__year__lte=year
    )
    return Money(int(rows.aggregate(pence=Sum(F("debit") - F("credit"), default=0))["pence"]))


def _decided(fund: Fund, year: int) -> dict[str, int]:
    """By partner: what the board has decided it bears of what nobody had to."""
    rows = Posting.objects.filter(
        fund=fund, entry__key=DECISION.format(year=year), account__control=Control.PARTNER, partner__isnull=False
    )
    sums = rows.values_list("partner__organisation__code").annotate(pence=Sum("pence")).order_by()
    return {code: int(pence) for code, pence in sums}


def rules_of(viewer: Actor, fund: Fund) -> list[RiskShareRule]:
    """Every rule a fund has had, the newest first."""
    check(viewer, READ_FUNDS)
    return list(RiskShareRule.objects.filter(fund=fund).order_by("-starts_on"))


def runs_of(viewer: Actor, fund: Fund) -> list[RiskShareRun]:
    """What was posted by risk share, the newest first."""
    check(viewer, READ_FUNDS)
    return list(RiskShareRun.objects.filter(fund=fund).select_related("rule").order_by("-year", "-quarter"))


def case_of(
    year: FundYear, outturns: list[Outturn], terms: str, changes: Mapping[str, int] | None = None
) -> tuple[Variance, str]:
    """The shared and the other variance of a year, and the case for the risk share as text; `changes` are pence somebody
    adds to the forecast of a scheme."""
    found = variance_of(outturns)
    shared = {
        scheme.code: Money(found.shared.get(scheme.code, 0) + (changes or {}).get(scheme.code, 0))
        for scheme in year.schemes
    }
    variance = Variance(shared, found.not_shared)
    return variance, sharing_terms.case_text(variance.shared_pence, shared, year.contributions, terms)


def shared_out(year: FundYear, outturns: list[Outturn], terms: str, changes: Mapping[str, int] | None = None) -> Shared:
    """Share a year's variance by these terms. Raises BadCase where they do not fit the fund."""
    variance, text = case_of(year, outturns, terms, changes)
    case, result, record = recorded(text)
    return Shared(variance, case.method, result, record)


def method_in_force(year: FundYear, rule: RiskShareRule) -> Method | None:
    """The rule's method where it fits the fund as it is."""
    try:
        zero = dict.fromkeys((scheme.code for scheme in year.schemes), 0)
        partners = {code: pence or 1 for code, pence in year.contributions.items()}
        return read_text(sharing_terms.case_text(0, zero, partners, rule.terms)).method
    except BadCase:
        return None


def moved(year: FundYear, agreed: Shared | None, then: Shared | None) -> list[PartnerMoved]:
    """Every partner's two numbers, in their order."""
    return [
        PartnerMoved(
            each.code, each.name, each.agreed,
            agreed.result.shares[each.code] if agreed else None, then.result.shares[each.code] if then else None,
        )
        for each in year.partners
    ]  # fmt: skip
