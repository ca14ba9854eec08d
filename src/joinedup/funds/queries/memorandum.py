"""The memorandum account of a fund's year: what each partner books under each treatment, and what that is worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book
from joinedup.engines.riskshare import CONTINGENCY
from joinedup.funds import chart
from joinedup.funds.codes import SHARED_TIERS
from joinedup.funds.memorandum import TREATMENTS, Books, Treatment, Year, books, paid_for
from joinedup.funds.models import Balance, Fund
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.queries.sharing import Shared, _decided
from joinedup.funds.queries.statements import sharing_of_quarter
from joinedup.funds.queries.year import FundYear, PartnerYear, _year_of
from joinedup.funds.settling import quarter_ends_on


@dataclass(frozen=True)
class Account:
    """A fund's year as the treatments read it. Of a year that is not over it is what is expected: every instalment received,
    every supplier paid, spending as it is forecast."""

    year: Year
    is_over: bool
    spent: int  # on shared lines
    contingency: int
    suppliers: int
    shares: Mapping[str, int]  # of what is over or under, as the rule has it
    decided: Mapping[str, int]
    own: Mapping[str, int]  # ring-fenced money that is carried forward for what it was given for: no cost of the year


def account_of(figures: FundYear, shared: Shared | None, *, is_over: bool) -> Account | None:
    """None where there is no rule, or where contributions do not come to what is spent. Inside the part."""
    if shared is None:
        return None
    spent: dict[str, int] = {}
    for each in figures.forecast():
        # What is not shared stays in its owner's own books.
        if each.spending.tier in SHARED_TIERS:
            pence = sum(each.spending.months) if is_over else int(each.pence)
            spent[each.spending.scheme] = spent.get(each.spending.scheme, 0) + pence
    result, whole = shared.result, sum(spent.values())
    if result.contingency:
        # Met from the fund's own reserve, so it costs no partner anything this year.
        spent[CONTINGENCY] = -result.contingency
    decided = _decided(figures.fund, figures.year)
    suppliers = _owed_to_suppliers(figures.fund, figures.year) if is_over else 0
    own = _left_of_their_own(figures, is_over=is_over)
    year = Year(
        host=figures.fund.host.organisation.code,
        contributed={code: pence - own.get(code, 0) for code, pence in figures.contributions.items()},
        received={each.code: (each.received if is_over else each.agreed) - own.get(each.code, 0) for each in figures.partners},
        borne={code: pence + decided.get(code, 0) for code, pence in result.shares.items()}, spent=spent,
        paid=whole - suppliers, nobodys=result.unallocated - sum(decided.values()),
    )  # fmt: skip
    if not year.adds_up:
        return None
    return Account(year, is_over, whole, int(result.contingency), suppliers, dict(result.shares), decided, own)


def _left_of_their_own(figures: FundYear, *, is_over: bool) -> dict[str, int]:
    """By partner: what is left of ring-fenced money that keeps its own balance. It is carried forward for what it was given
    for, so it is no cost of the year and nobody else's."""
    left: dict[str, int] = {}
    for each in figures.forecast():
        line = each.spending
        if line.is_fenced and line.tier in SHARED_TIERS:
            spent = sum(line.months) if is_over else int(each.pence)
            left[line.partner] = left.get(line.partner, 0) + line.budget_pence - spent
    return left


def _owed_to_suppliers(fund: Fund, year: int) -> int:
    rows = Balance.objects.filter(
        fund=fund, book=Book.ACTUAL, period__year__lte=year, account__code__in=[chart.CREDITORS, chart.ACCRUED]
    )
    return -int(rows.aggregate(pence=Sum(F("debit") - F("credit"), default=0))["pence"])


@dataclass(frozen=True)
class MemorandumPage:
    """Three treatments side by side."""

    fund: Fund
    year: int
    partners: tuple[PartnerYear, ...]
    account: Account | None
    books: Mapping[Treatment, Mapping[str, Books]]


def memorandum(viewer: Actor, fund: Fund, *, year: int) -> MemorandumPage:
    """The memorandum account of a year: as it was where it is over, as it is expected where it is not."""
    check(viewer, READ_FUNDS)
    figures = _year_of(fund, year, None)
    is_over = quarter_ends_on(year, 4) < timezone.localdate(viewer.at)
    if is_over:
        figures = _year_of(fund, year, 12)
    account = account_of(figures, sharing_of_quarter(figures), is_over=is_over)
    shown = {each: books(account.year, each) for each in TREATMENTS} if account else {}
    return MemorandumPage(fund, year, figures.partners, account, shown)


@dataclass(frozen=True)
class WorkedOut:
    """One partner under one treatment, with what it is worked out from."""

    page: MemorandumPage
    partner: PartnerYear
    treatment: Treatment
    books: Books
    paid: int  # its part of what has left the bank
    owes: int  # what it still has to pay in, below nought what it gets back


def worked_out(viewer: Actor, fund: Fund, *, year: int, treatment: str, partner_id: UUID) -> WorkedOut:
    """One partner's column, worked out."""
    page = memorandum(viewer, fund, year=year)
    partner = next((each for each in page.partners if each.place.pk == partner_id), None)
    if page.account is None or partner is None or treatment not in set(Treatment):
        raise NotVisible
    chosen = Treatment(treatment)
    account = page.account
    cost = account.year.cost_to(partner.code)
    owes = 0 if partner.code == account.year.host else cost - account.year.received[partner.code]
    return WorkedOut(
        page, partner, chosen, page.books[chosen][partner.code], paid_for(account.year)[partner.code], int(owes)
    )
