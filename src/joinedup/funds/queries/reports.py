"""What a quarter's report and the annual return say, worked out from the ledger; and those that are frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds import sharing_terms
from joinedup.funds.forecasting import METHOD_NAMES, Outturn
from joinedup.funds.memorandum import TREATMENTS, books
from joinedup.funds.models import Balance, Fund, FundReport, RiskShareRun, Virement
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.queries.disputes import disclosed, open_disputes
from joinedup.funds.queries.memorandum import account_of
from joinedup.funds.queries.sharing import Shared, _rule_on
from joinedup.funds.queries.statements import _statements_from, digest_of, quarter_words, sharing_of_quarter
from joinedup.funds.queries.year import FundYear, _year_of
from joinedup.funds.settling import quarter_ends_on, report_due_on


@dataclass(frozen=True)
class ReportDue:
    """A quarter (or with no quarter the year) with its report, the latest where it was corrected, and when it is due."""

    year: int
    quarter: int | None
    ends_on: date
    due_on: date
    report: FundReport | None

    @property
    def words(self) -> str:
        """Which one it is."""
        return quarter_words(self.year, self.quarter)


def reports_of(viewer: Actor, fund: Fund, *, year: int) -> list[ReportDue]:
    """The four quarters and the annual return of a year."""
    check(viewer, READ_FUNDS)
    latest: dict[int | None, FundReport] = {}
    for report in FundReport.objects.filter(fund=fund, year=year).order_by("number"):
        latest[report.quarter] = report
    wanted: list[int | None] = [1, 2, 3, 4, None]
    return [
        ReportDue(year, each, quarter_ends_on(year, each or 4), report_due_on(year, each or 4), latest.get(each))
        for each in wanted
    ]


def report(viewer: Actor, report_id: UUID) -> FundReport:
    """One frozen report of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible()
    rows = FundReport.objects.select_related("fund__host__organisation", "fund__agreement")
    found = rows.filter(pk=report_id, fund__in=Fund.objects.visible_to(viewer)).first()
    if found is None:
        raise NotVisible()
    return found


def is_unchanged(frozen: FundReport) -> bool:
    """Whether the content still has the hash it was frozen with."""
    return digest_of(frozen.content) == frozen.digest


def _content(fund: Fund, year: int, quarter: int | None, words: str) -> dict[str, Any]:
    """A report's content, every sum in whole pence."""
    figures = _year_of(fund, year, (quarter or 4) * 3)
    outturns = figures.forecast()
    shared = sharing_of_quarter(figures)
    content: dict[str, Any] = {
        "title": "Quarterly report" if quarter else "Annual return",
        "fund": {"code": fund.code, "name": fund.name, "host": fund.host.organisation.name},
        "year": year, "quarter": quarter, "ends_on": quarter_ends_on(year, quarter or 4).isoformat(),
        "income": [
            {
                "id": str(each.place.pk), "partner": each.name, "agreed": each.agreed, "due": each.due, "received": each.received,
                "overdue": each.overdue, "in_kind": each.in_kind,
            }
            for each in figures.partners
        ],
        "services": _services(figures, outturns), "lines": _lines(figures, outturns), "shared": _shared(figures, shared),
        "not_shared": [
            {"partner": figures.names.get(code, code), "pence": pence}
            for code, pence in (shared.variance.not_shared.items() if shared else ())
        ],
        "virements": _virements(fund, year, figures), "words": words,
        "balances": [
            {"partner": each.partner.name, "decision": each.signature.decision if each.signature else "",
             "words": each.signature.words if each.signature else ""}
            for each in _statements_from(figures, shared, quarter or 4)
        ],
    }  # fmt: skip
    if waiting := open_disputes(fund, year):
        content["disputes"] = disclosed(waiting)
    if quarter is None:
        content |= {"balance": _balance(fund, year), "memorandum": _memorandum(figures, shared)}
    return content


def _services(figures: FundYear, outturns: Iterable[Outturn]) -> list[dict[str, Any]]:
    ids = {each.code: str(each.pk) for each in figures.schemes}
    rows: dict[str, dict[str, Any]] = {}
    for each in outturns:
        row = rows.setdefault(
            each.spending.scheme,
            {
                "id": ids[each.spending.scheme],
                "service": figures.names[each.spending.scheme],
                "budget": 0,
                "spent": 0,
                "committed": 0,
                "forecast": 0,
            },
        )
        row["budget"] += each.spending.budget_pence
        row["spent"] += sum(each.spending.months)
        row["committed"] += each.spending.committed_pence
        row["forecast"] += each.pence
    return list(rows.values())


def _lines(figures: FundYear, outturns: Iterable[Outturn]) -> list[dict[str, Any]]:
    """How each line's forecast is made up."""
    return [
        {
            "id": each.spending.line, "name": str(figures.lines[each.spending.line]), "budget": each.spending.budget_pence,
            "spent": sum(each.spending.months), "committed": each.spending.committed_pence, "forecast": each.pence,
            "method": METHOD_NAMES[each.method], "shared": each.is_shared,
        }
        for each in outturns
    ]  # fmt: skip


def _shared(figures: FundYear, shared: Shared | None) -> dict[str, Any]:
    if shared is None:
        return {}
    rule = _rule_on(figures.fund, quarter_ends_on(figures.year, figures.quarter))
    return {
        "variance": shared.variance.shared_pence,
        "partners": [
            {"id": str(each.place.pk), "partner": each.name, "contributed": each.agreed, "pence": shared.result.shares[each.code]}
            for each in figures.partners
        ],
        "steps": [
            {
                "words": sharing_terms.METHODS.get(step.method, step.method.capitalize()), "pence": step.pence,
                "shares": [step.shares[each.code] for each in figures.partners], "rest": step.unallocated + step.contingency,
            }
            for step in shared.result.steps
        ],
        "posted": RiskShareRun.objects.filter(fund=figures.fund, year=figures.year, quarter=figures.quarter).exists(),
        "unallocated": shared.result.unallocated, "contingency": shared.result.contingency,
        "rule": sharing_terms.in_words(shared.method, figures.names), "clause": rule.clause if rule else "",
        "function": shared.record.function, "version": shared.record.version, "hash": shared.record.hash,
    }  # fmt: skip


def _virements(fund: Fund, year: int, figures: FundYear) -> list[dict[str, Any]]:
    rows = Virement.objects.filter(fund=fund, state="approved", year=year).select_related("from_line", "to_line")
    return [
        {
            "from": str(each.from_line),
            "to": str(each.to_line),
            "pence": each.pence,
            "line": str(each.to_line_id),
            "entry": str(each.entry_id) if each.entry_id else "",
        }
        for each in rows.order_by("asked_at")
    ]


def _balance(fund: Fund, year: int) -> dict[str, int]:
    """The year as the ledger has it: brought forward, in, out, and left."""
    rows = Balance.objects.filter(fund=fund, book=Book.ACTUAL, period__year__lte=year)
    before = rows.filter(account__control=Control.CARRIED, period__year__lt=year)
    opening = -int(before.aggregate(pence=Sum(F("debit") - F("credit"), default=0))["pence"])
    of_year = rows.filter(period__year=year, is_closing=False)
    by_kind = dict(of_year.values_list("account__kind").annotate(pence=Sum(F("debit") - F("credit"))).order_by())
    income, spent = -int(by_kind.get(Kind.INCOME, 0)), int(by_kind.get(Kind.EXPENDITURE, 0))
    return {"opening": opening, "income": income, "spent": spent, "closing": opening + income - spent}


def _memorandum(figures: FundYear, shared: Shared | None) -> list[dict[str, Any]]:
    """Each partner's books under three treatments, from the same postings."""
    account = account_of(figures, shared, is_over=True)
    if account is None:
        return []
    ids = {each.code: str(each.place.pk) for each in figures.partners}
    return [
        {"treatment": name, "code": treatment.value, "id": ids[code], "partner": figures.names[code],
         "expenditure": mine.expenditure, "income": mine.income, "net": mine.net, "bank": mine.bank,
         "owed_by": mine.owed_by_partners, "owed_to": mine.owed_to_partners, "suppliers": mine.owed_to_suppliers}
        for treatment, name in TREATMENTS.items()
        for code, mine in books(account.year, treatment).items()
    ]  # fmt: skip
