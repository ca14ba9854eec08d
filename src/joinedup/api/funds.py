"""Shared money for a partner's own system: agreements, funds with their lines, the ledger behind every figure, statements,
forecasts, risk share, reports. Amounts are whole pence. Whoever reads the pages of a fund reads this, and nobody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.fund_plans import add_plans
from joinedup.api.writes import Addresses, Answers
from joinedup.core.errors import NotVisible
from joinedup.engines.riskshare import BadCase
from joinedup.funds.forecasting import Method
from joinedup.funds.queries import agreements, forecasts, fund_to_read, fund_year, reports, sharing, statements
from joinedup.funds.queries import funds as money

Year = Annotated[int, Field(ge=2000, le=2200)]
Opens = dict[str, str | int | bool]
"""What `ledger/lines` of the fund is asked for to list what a figure is the sum of."""


class FundRef(Schema):
    """A fund by its name."""

    id: UUID
    name: str
    model: str


class AgreementRowOut(Schema):
    """An agreement in the list. `state` is draft, ready, open, varied, in_notice or ended."""

    id: UUID
    reference: str
    title: str
    power: str
    state: str
    partners: list[str]
    funds: list[FundRef]
    starts_on: date | None
    review_on: date | None
    is_review_late: bool


class FundItemOut(Schema):
    """What the agreement says under one item, and which paragraph asks for it."""

    code: str
    name: str
    cites: str
    words: str


class PlaceOut(Schema):
    """A partner: since when, until when, after whom, with its sheet and its authorisation."""

    id: UUID
    name: str
    joined_on: date | None
    left_on: date | None
    after: str
    has_sheet: bool
    authorised_on: date | None


class FundTaskOut(Schema):
    """What must be there before it can be opened; `what` is empty once it is."""

    code: str
    name: str
    is_done: bool
    what: str
    cites: str


class FundAgreementOut(Schema):
    """One agreement in full."""

    id: UUID
    version: int
    reference: str
    title: str
    power: str
    state: str
    starts_on: date | None
    review_on: date | None
    ends_on: date | None
    notice_months: int
    host: str
    pool_manager: str
    partners: list[PlaceOut]
    former: list[PlaceOut]
    items: list[FundItemOut]
    tasks: list[FundTaskOut]
    funds: list[FundRef]


class FundFiguresOut(Schema):
    """Budget with its virements, spent, promised, and what is left of it."""

    budget: int
    spent: int
    committed: int
    left: int


class FundLineOut(Schema):
    """A budget line; `parent_id` is the wider budget it was cut from. `figures` are its own."""

    id: UUID
    parent_id: UUID | None
    code: str
    name: str
    service: str
    partner: str
    tier: str
    stream: str
    is_capital: bool
    holder: str
    limit_pence: int | None
    figures: FundFiguresOut


class PartnerOut(Schema):
    """What a partner puts in and how much of it has come."""

    id: UUID
    name: str
    agreed: int
    in_kind: int
    received: int
    overdue: int
    budget: int


class FundOut(Schema):
    """A fund in the year now open. `outside` is not in it and never added to it."""

    id: UUID
    code: str
    name: str
    model: str
    year: int
    host: str
    pool_manager: str
    is_approved: bool
    total: FundFiguresOut
    outside: FundFiguresOut
    partners: list[PartnerOut]
    lines: list[FundLineOut]


class BalanceOut(Schema):
    """A balance of a statement, and what it opens to; nothing where it is worked out and not posted."""

    code: str
    words: str
    pence: int
    opens: Opens | None


class StatementOut(Schema):
    """A partner's statement at the end of a quarter; `digest` is what a finance director signs. `decision` is agreed, disputed
    or empty, and of what stands now where `is_as_signed`."""

    partner_id: UUID
    partner: str
    year: int
    quarter: int
    digest: str
    decision: str
    is_as_signed: bool
    balances: list[BalanceOut]


class LineForecastOut(Schema):
    """A line by every method, in pence; null where nobody counts its cases. `method` is the one that was chosen."""

    id: UUID
    code: str
    name: str
    service: str
    partner: str
    budget: int
    spent: int
    committed: int
    by_method: dict[str, int | None]
    method: str
    expected: int
    is_shared: bool


class ForecastOut(Schema):
    """The year as it is expected to end. What is shared and what is not are never added up."""

    year: int
    month: int
    shared: int
    not_shared: int
    lines: list[LineForecastOut]


class FundStepOut(Schema):
    """One slice of what is shared: how, how much, and where it went."""

    method: str
    pence: int
    shares: dict[str, int]
    unallocated: int
    contingency: int


class RiskShareOut(Schema):
    """What each partner bears above nought, or gets back below it, by the rule in force; what went in and its hash, so that
    anybody can run `joinedup riskshare` on `inputs`. Looking posts nothing; `posted` is what was."""

    year: int
    month: int
    clause: str
    settlement: str
    variance: int
    shares: dict[str, int]
    unallocated: int
    contingency: int
    steps: list[FundStepOut]
    function: str
    version: str
    inputs: str
    hash: str
    posted: list[dict[str, Any]]


class ReportRowOut(Schema):
    """A quarter's report, or with no quarter the annual return: when it is due, and the latest that is frozen."""

    year: int
    quarter: int | None
    ends_on: date
    due_on: date
    report_id: UUID | None
    digest: str


class ReportOut(Schema):
    """A frozen report as it was frozen, with its hash and the entry of the ledger it stands on."""

    id: UUID
    fund_id: UUID
    year: int
    quarter: int | None
    number: int
    frozen_at: datetime
    digest: str
    is_unchanged: bool
    ledger_number: int
    ledger_digest: str
    content: dict[str, Any]


class YearQuery(Schema):
    """Which year, as the calendar year it begins in; the one now open unless said otherwise."""

    year: Year | None = None


class QuarterQuery(YearQuery):
    """Which quarter, the first ending in June; the latest that is over unless said otherwise."""

    quarter: Annotated[int, Field(ge=1, le=4)] | None = None


class MethodQuery(Schema):
    """A method for every line; without one, each line has the one that was kept for it."""

    method: Annotated[str, schemas.OneOf(Method)] | None = None


def router(answers: Answers) -> Router:
    """The addresses under /funds that are read."""
    found = Router(tags=["Shared money"])
    at = Addresses(found, answers)
    fund = "/{uuid:fund_id}"
    at.reads("/agreements", list[AgreementRowOut], _agreements, "Agreements to share money")
    at.reads("/agreements/{uuid:fund_agreement_id}", FundAgreementOut, _agreement, "One agreement")
    at.reads(fund, FundOut, _fund, "A fund with its lines")
    at.reads(f"{fund}/statements", list[StatementOut], _statements, "Partners’ statements")
    at.reads(f"{fund}/forecast", ForecastOut, _forecast, "How the year is expected to end")
    at.reads(f"{fund}/risk-share", RiskShareOut, _risk_share, "Who bears what is over, worked out")
    at.reads(f"{fund}/reports", list[ReportRowOut], _reports, "Reports of a year")
    at.reads("/reports/{uuid:report_id}", ReportOut, _report, "A frozen report")
    add_plans(at)
    return found


def _refs(funds: Any) -> list[dict[str, Any]]:
    return [{"id": key, "name": name, "model": model} for key, name, model in funds]


def _agreements(request: HttpRequest) -> list[dict[str, Any]]:
    """The agreements of the account's organisations, those at work first."""
    return [each.__dict__ | {"funds": _refs(each.funds)} for each in agreements.agreements(viewer_of(request))]


def _agreement(request: HttpRequest, fund_agreement_id: UUID) -> dict[str, Any]:
    """One agreement: what it says, its partners, and what is missing before it can be opened."""
    page = agreements.agreement(viewer_of(request), fund_agreement_id)
    items = [{"code": e.item.code, "name": e.item.name, "cites": e.item.cites, "words": e.words} for e in page.items]
    return page.__dict__ | {
        "power": page.power.name if page.power else "", "funds": _refs(page.funds), "items": items,
        "partners": [each.__dict__ for each in page.partners], "former": [each.__dict__ for each in page.former],
        "tasks": [each.__dict__ for each in page.tasks],
    }  # fmt: skip


def _figures(of: Any) -> dict[str, int]:
    return {"budget": of.budget, "spent": of.spent, "committed": of.committed, "left": int(of.left)}


def _with_parts(lines: Any, service: str) -> list[dict[str, Any]]:
    found = []
    for each in lines:
        said = {"parent_id": each.row.parent_id, "service": service, "figures": _figures(each.figures)}
        found += [each.__dict__ | said, *_with_parts(each.parts, service)]
    return found


def _fund(request: HttpRequest, fund_id: UUID) -> dict[str, Any]:
    """A fund with every line of the year now open, and what partners put in."""
    page = money.fund(viewer_of(request), fund_id)
    return page.__dict__ | {
        "total": _figures(page.total), "outside": _figures(page.outside),
        "partners": [each.__dict__ for each in page.partners],
        "lines": [row for each in page.schemes for row in _with_parts(each.lines, each.name)],
    }  # fmt: skip


def statement_out(each: statements.Statement) -> dict[str, Any]:
    """A statement as the API gives it."""
    return {
        "partner_id": each.partner.place.pk, "partner": each.partner.name, "year": each.year, "quarter": each.quarter,
        "digest": each.digest, "decision": each.signature.decision if each.signature else "",
        "is_as_signed": each.is_signed_as_it_stands, "balances": [line.__dict__ for line in each.lines],
    }  # fmt: skip


def _statements(request: HttpRequest, fund_id: UUID, wanted: Query[QuarterQuery]) -> list[dict[str, Any]]:
    """Every partner's statement at the end of a quarter, and whether its finance director has signed it."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    year = wanted.year or fund.year
    quarter = wanted.quarter or statements.latest_quarter(year, timezone.localdate(viewer.at))
    found = statements.statements(viewer, fund, year=year, quarter=quarter)
    return [statement_out(each) for each in found]


def _forecast(request: HttpRequest, fund_id: UUID, wanted: Query[MethodQuery]) -> dict[str, Any]:
    """Every line of the year now open by every method."""
    method = Method(wanted.method) if wanted.method else None
    page = forecasts.forecast_page(viewer_of(request), fund_id, method=method)
    lines = [
        each.__dict__ | {"service": each.scheme, "method": each.chosen.method.value, "expected": int(each.chosen.pence)}
        for each in page.lines
    ]
    variance = page.variance
    return {
        "year": page.year.year, "month": page.year.month, "shared": int(variance.shared_pence),
        "not_shared": int(variance.not_shared_pence), "lines": lines,
    }  # fmt: skip


def _risk_share(request: HttpRequest, fund_id: UUID) -> dict[str, Any]:
    """By the function that posts, from the forecast as it was kept. Nothing where the fund has no rule that fits it."""
    viewer = viewer_of(request)
    year = forecasts.with_case_flow(viewer, fund_year(viewer, fund_to_read(viewer, fund_id)))
    rule = sharing.rule_on(viewer, year.fund, timezone.localdate(viewer.at))
    if rule is None:
        raise NotVisible
    try:
        shared = sharing.shared_out(year, year.forecast(), rule.terms)
    except BadCase as bad:
        raise NotVisible from bad
    runs = [
        {
            "year": run.year,
            "quarter": run.quarter,
            "output": dict(run.output),
            "hash": run.digest,
            "entry_id": run.entry_id,
        }
        for run in sharing.runs_of(viewer, year.fund)
    ]
    result, record = shared.result, shared.record
    steps = [{name: getattr(each, name) for name in FundStepOut.model_fields} for each in result.steps]
    return {
        "year": year.year, "month": year.month, "clause": rule.clause, "settlement": rule.settlement,
        "variance": int(shared.variance.shared_pence), "shares": dict(result.shares), "unallocated": result.unallocated,
        "contingency": result.contingency, "steps": steps, "function": record.function, "version": record.version,
        "inputs": record.inputs, "hash": record.hash, "posted": runs,
    }  # fmt: skip


def _reports(request: HttpRequest, fund_id: UUID, wanted: Query[YearQuery]) -> list[dict[str, Any]]:
    """The four quarters and the annual return."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    return [
        each.__dict__ | {"report_id": each.report.pk if each.report else None, "digest": each.report.digest if each.report else ""}
        for each in reports.reports_of(viewer, fund, year=wanted.year or fund.year)
    ]  # fmt: skip


def _report(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    """A report as it was frozen."""
    found = reports.report(viewer_of(request), report_id)
    return {
        "id": found.pk, "fund_id": found.fund_id, "year": found.year, "quarter": found.quarter, "number": found.number,
        "frozen_at": found.frozen_at, "digest": found.digest, "is_unchanged": reports.is_unchanged(found),
        "ledger_number": found.ledger_number, "ledger_digest": found.ledger_digest, "content": found.content,
    }  # fmt: skip
