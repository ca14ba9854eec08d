"""What a fund plans for a year: income by partner and stream, expenditure by service, line and provider."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.funds.codes import INSIDE_TIERS, TIERS, Tier
from joinedup.funds.models import BudgetApproval, BudgetLine, Contribution, Fund
from joinedup.funds.queries.by_kind import NO_KIND_WORDS, KindOfSpending, spent_by_kind
from joinedup.funds.queries.seen import fund_for_change, year_words
from joinedup.funds.spending_kinds import kind_words


@dataclass(frozen=True)
class PlannedIncome:
    """What a partner puts in from one stream: in cash, or in kind as a value."""

    partner: str
    stream: str
    cash_pence: int
    in_kind_pence: int


@dataclass(frozen=True)
class PlannedLine:
    """A line of the budget as it was planned. `provider` is the partner whose line it is."""

    code: str
    service_code: str
    service: str
    outputs: str
    name: str
    provider: str
    source: str
    is_capital: bool
    is_recurrent: bool
    tier: str
    is_inside: bool
    pence: int
    kind: str


@dataclass(frozen=True)
class FundPlan:
    """The plan of a year, and what was spent of each kind so far."""

    fund: Fund
    year: int
    year_words: str
    is_approved: bool
    income: tuple[PlannedIncome, ...]
    lines: tuple[PlannedLine, ...]
    by_kind: tuple[KindOfSpending, ...]


def plan_of(viewer: Actor, fund_id: UUID, *, year: int | None = None) -> FundPlan:
    """The plan of the open year, or of another."""
    fund = fund_for_change(viewer, fund_id)
    year = fund.year if year is None else year
    income = Contribution.objects.filter(fund=fund, year=year).select_related("partner__organisation", "stream")
    rows = BudgetLine.objects.filter(fund=fund, year=year, parent=None)
    linked = rows.select_related("scheme", "partner__organisation", "stream")
    return FundPlan(
        fund=fund, year=year, year_words=year_words(year),
        is_approved=BudgetApproval.objects.filter(fund=fund, year=year).exists(),
        income=tuple(
            PlannedIncome(
                each.partner.organisation.name, each.stream.name, each.agreed_pence if each.kind == "cash" else 0,
                0 if each.kind == "cash" else each.agreed_pence,
            )
            for each in income.order_by("partner__position", "stream__code", "kind")
        ),
        lines=tuple(
            PlannedLine(
                each.code, each.scheme.code, each.scheme.name, each.scheme.outputs, each.name,
                each.partner.organisation.name, each.stream.name if each.stream else "Its own money", each.is_capital,
                each.is_recurrent, TIERS[Tier(each.tier)], each.tier in INSIDE_TIERS, each.budget_pence,
                kind_words(each.planned_kind) if each.planned_kind else NO_KIND_WORDS,
            )
            for each in linked.order_by("scheme__position", "code", "pk")
        ),
        by_kind=tuple(spent_by_kind(viewer, fund, year)),
    )  # fmt: skip
