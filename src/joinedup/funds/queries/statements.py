"""A partner's statement at the end of a quarter, and who has signed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.engines.riskshare import BadCase, canonical
from joinedup.funds.chart import OWED_BY_PARTNERS
from joinedup.funds.codes import Model
from joinedup.funds.models import AgreementPartner, BalanceSignature, Dispute, Fund, RiskShareRun
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.queries.recharges import invoiced_and_paid
from joinedup.funds.queries.sharing import DECISION, Shared, _decided, _rule_on, shared_out
from joinedup.funds.queries.year import FundYear, PartnerYear, _year_of, year_words
from joinedup.funds.settling import quarter_ends_on


@dataclass(frozen=True)
class StatementLine:
    """One balance: its code, what it is in words, its pence, and which lines of the ledger it is the sum of; none where it is
    worked out and not posted."""

    code: str
    words: str
    pence: int
    opens: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Statement:
    """What a partner signs for: its balances, and the digest by which it knows them again."""

    fund: Fund
    year: int
    quarter: int
    partner: PartnerYear
    lines: tuple[StatementLine, ...]
    signature: BalanceSignature | None
    dispute: Dispute | None

    @property
    def content(self) -> dict[str, object]:
        """The statement as it is kept."""
        return {
            "fund": self.fund.code, "year": self.year, "quarter": self.quarter, "partner": self.partner.code,
            "lines": [[each.code, each.words, each.pence] for each in self.lines],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """The hash of the content."""
        return digest_of(self.content)

    @property
    def is_signed_as_it_stands(self) -> bool:
        """Signed, and nothing has changed since."""
        return self.signature is not None and self.signature.digest == self.digest


def digest_of(content: object) -> str:
    """The SHA-256 of some content in its one spelling."""
    import hashlib

    return hashlib.sha256(canonical(content).encode()).hexdigest()


def quarter_words(year: int, quarter: int | None) -> str:
    """`Quarter 2 of 2026/27`, or the year."""
    return f"Quarter {quarter} of {year_words(year)}" if quarter else f"The year {year_words(year)}"


def latest_quarter(year: int, on: date) -> int:
    """The latest quarter of a year that is over on a day; the first where none is."""
    return max((each for each in (1, 2, 3, 4) if quarter_ends_on(year, each) < on), default=1)


def statements(viewer: Actor, fund: Fund, *, year: int, quarter: int) -> list[Statement]:
    """Every partner's statement at the end of a quarter, in their order."""
    check(viewer, READ_FUNDS)
    return _statements(fund, year, quarter)


def statement(viewer: Actor, fund: Fund, partner_id: UUID, *, year: int, quarter: int) -> Statement:
    """One partner's."""
    for each in statements(viewer, fund, year=year, quarter=quarter):
        if each.partner.place.pk == partner_id:
            return each
    raise NotVisible()


@dataclass(frozen=True)
class _Common:
    """What the statements of all partners are made from, worked out once for all of them."""

    shared: Shared | None
    own: Mapping[str, int]
    decided: Mapping[str, int]
    is_posted: bool
    invoiced: Mapping[UUID, tuple[int, int]]


def _statements(fund: Fund, year: int, quarter: int) -> list[Statement]:
    figures = _year_of(fund, year, quarter * 3)
    return _statements_from(figures, sharing_of_quarter(figures), quarter)


def _statements_from(figures: FundYear, shared: Shared | None, quarter: int) -> list[Statement]:
    """The same of figures that are worked out already."""
    fund, year = figures.fund, figures.year
    latest: dict[UUID, BalanceSignature] = {}
    rows = BalanceSignature.objects.filter(fund=fund, year=year, quarter=quarter).order_by("number")
    for row in rows:
        latest[row.partner_id] = row
    disputes = _disputes_of(fund, year, quarter)
    common = _Common(
        shared,
        own=dict(shared.variance.not_shared) if shared else {},
        decided=_decided(fund, year) if quarter == 4 else {},
        is_posted=shared is not None and RiskShareRun.objects.filter(fund=fund, year=year, quarter=quarter).exists(),
        invoiced=invoiced_and_paid(fund, year, quarter_ends_on(year, quarter)) if fund.model == Model.JOINT else {},
    )
    return [
        Statement(
            fund, year, quarter, each, tuple(_lines(figures, each, common)), latest.get(each.place.pk),
            disputes.get(each.place.pk),
        )
        for each in figures.partners
    ]  # fmt: skip


def _disputes_of(fund: Fund, year: int, quarter: int) -> dict[UUID, Dispute]:
    """The latest dispute of each partner about a quarter."""
    rows = Dispute.objects.filter(fund=fund, year=year, quarter=quarter).order_by("raised_at", "pk")
    return {each.partner_id: each for each in rows}


def sharing_of_quarter(figures: FundYear) -> Shared | None:
    """The year's variance as it is expected at the end of a quarter, shared by the rule in force; at the end of the year it
    is what was spent. None where no rule fits."""
    rule = _rule_on(figures.fund, quarter_ends_on(figures.year, figures.quarter))
    if rule is None:
        return None
    try:
        return shared_out(figures, figures.forecast(), rule.terms)
    except BadCase:
        return None


def _lines(figures: FundYear, each: PartnerYear, common: _Common) -> list[StatementLine]:
    of = {"partner": str(each.place.pk), "year": figures.year}
    so_far = {**of, "until": figures.month}
    lines = [
        StatementLine("agreed", "Contribution agreed for the year", each.agreed, {**of, "money": "agreed"}),
        StatementLine("due", "Due so far", each.due, {**so_far, "money": "due"}),
        StatementLine("received", "Received", each.received, {**so_far, "money": "received", "turned": True}),
        StatementLine("owed", "Still owed", each.overdue, {**so_far, "money": "owed"}),
    ]
    if each.in_kind:
        words = "In kind for the year, beside the money"
        lines.append(StatementLine("in_kind", words, each.in_kind, {**of, "money": "in_kind", "book": "memorandum"}))
    lines += _invoiced(figures, each, common)
    if (shared := common.shared) is not None:
        borne = shared.result.shares[each.code]
        words = "Its part of the shared overspend" if borne >= 0 else "Its part of the shared underspend"
        lines.append(
            StatementLine("shared", words, borne, {**of, "run": figures.quarter} if common.is_posted else None)
        )
        if common.decided.get(each.code):
            opens = {**of, "control": "partner", "source": DECISION.format(year=figures.year)}
            lines.append(StatementLine("decided", "Its part by the board’s decision", common.decided[each.code], opens))
        exposed = shared.result.unallocated - sum(common.decided.values())
        if exposed and each.place.pk == figures.fund.host_id:
            nobodys = {"year": figures.year, "years": "upto", "control": "unallocated"} if common.is_posted else None
            lines.append(StatementLine("unallocated", "Nobody’s yet, so the host’s exposure", exposed, nobodys))
    if common.own.get(each.code):
        lines.append(StatementLine("own", "Over or under on its own lines, which is not shared", common.own[each.code]))
    return lines


def _invoiced(figures: FundYear, each: PartnerYear, common: _Common) -> list[StatementLine]:
    """Of a joint budget: what the host invoiced it less what was taken back, and what of that it has paid."""
    if figures.fund.model != Model.JOINT or each.place.pk == figures.fund.host_id:
        return []
    invoiced, paid = common.invoiced.get(each.place.pk, (0, 0))
    of = {"partner": str(each.place.pk), "year": figures.year, "until": figures.month, "code": OWED_BY_PARTNERS}
    return [
        StatementLine("invoiced", "Invoiced for the joint budget", invoiced, {**of, "source": "funds.recharge"}),
        StatementLine("paid", "Paid of that", paid, {**of, "source": "funds.rechargestep", "turned": True}),
        StatementLine("to_pay", "Invoiced and not paid", invoiced - paid, of),
    ]


def unsigned(fund: Fund, year: int, quarter: int) -> list[str]:
    """The partners that have neither agreed nor disputed their balances of a quarter."""
    signed = set(
        BalanceSignature.objects.filter(fund=fund, year=year, quarter=quarter).values_list("partner_id", flat=True)
    )
    there = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).select_related("organisation")
    return [each.organisation.name for each in there.order_by("position") if each.pk not in signed]
