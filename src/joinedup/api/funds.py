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
from joinedup.api.writes import Addresses, Answers
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.engines.riskshare import BadCase
from joinedup.funds.codes import Tier
from joinedup.funds.forecasting import Method
from joinedup.funds.queries import agreements, behind, forecasts, ledger, reports, sharing, statements
from joinedup.funds.queries import funds as money
from joinedup.funds.queries.year import fund_to_read, fund_year
from joinedup.funds.settling import quarter_ends_on

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


class ItemOut(Schema):
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


class TaskOut(Schema):
    """What must be there before it can be opened; `what` is empty once it is."""

    code: str
    name: str
    is_done: bool
    what: str
    cites: str


class AgreementOut(Schema):
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
    items: list[ItemOut]
    tasks: list[TaskOut]
    funds: list[FundRef]


class FiguresOut(Schema):
    """Budget with its virements, spent, promised, and what is left of it."""

    budget: int
    spent: int
    committed: int
    left: int


class LineOut(Schema):
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
    figures: FiguresOut


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
    total: FiguresOut
    outside: FiguresOut
    partners: list[PartnerOut]
    lines: list[LineOut]


class HeadingOut(Schema):
    """A heading: brought forward, debited, credited, and what that comes to. `kind` is `result` for what earlier years that
    are still open came to."""

    account_id: UUID | None
    code: str
    name: str
    kind: str
    opening: int
    debit: int
    credit: int
    closing: int


class TrialBalanceOut(Schema):
    """The trial balance of a year in one book, with the head of the chain it stands on. While years in `open_before` are open
    what is brought forward is provisional."""

    year: int
    book: str
    rows: list[HeadingOut]
    debit: int
    credit: int
    closing: int
    open_before: list[int]
    number: int
    digest: str


class PostingOut(Schema):
    """One line of the ledger."""

    entry_id: UUID
    key: str
    dated_on: date
    kind: str
    memo: str
    heading: str
    line: str
    partner: str
    stream: str
    pence: int


class LinesOut(Schema):
    """The lines behind a figure, the newest first, and what all of them come to; `to_come` is agreed and not posted yet."""

    figure: int
    to_come: int
    debit: int
    credit: int
    count: int
    lines: list[PostingOut]
    next: str


class EntryOut(Schema):
    """One entry with its lines and its place in the chain."""

    id: UUID
    key: str
    book: str
    kind: str
    dated_on: date
    memo: str
    posted_at: datetime
    reverses: UUID | None
    reversed_by: UUID | None
    pair: UUID | None
    number: int | None
    previous: str
    digest: str
    lines: list[PostingOut]


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


class StepOut(Schema):
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
    steps: list[StepOut]
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


class TrialQuery(YearQuery):
    """Which book, and up to the end of which month (April is 1)."""

    book: Annotated[str, schemas.OneOf(Book)] = Book.ACTUAL.value
    month: Annotated[int, Field(ge=1, le=12)] | None = None


class QuarterQuery(YearQuery):
    """Which quarter, the first ending in June; the latest that is over unless said otherwise."""

    quarter: Annotated[int, Field(ge=1, le=4)] | None = None


class MethodQuery(Schema):
    """A method for every line; without one, each line has the one that was kept for it."""

    method: Annotated[str, schemas.OneOf(Method)] | None = None


class LinesQuery(YearQuery):
    """Which lines: those for which everything said holds. `years` widens the year to all before it, or all up to it."""

    book: Annotated[str, schemas.OneOf([*Book, behind.LEFT])] = Book.ACTUAL.value
    account: UUID | None = None
    line: UUID | None = None
    scheme: UUID | None = None
    partner: UUID | None = None
    stream: UUID | None = None
    years: Annotated[str, schemas.OneOf(("", "upto", "before"))] = ""
    until: Annotated[int, Field(ge=1, le=12)] | None = None
    kind: Annotated[str, schemas.OneOf(("", behind.RESULT, *Kind))] = ""
    code: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9]*$")] = ""
    control: Annotated[str, schemas.OneOf(Control)] = ""
    tier: Annotated[str, schemas.OneOf(("", "inside", "outside", "reported", *Tier))] = ""
    side: Annotated[str, schemas.OneOf(("", "debit", "credit"))] = ""
    money: Annotated[str, schemas.OneOf(("", *behind.MONEY))] = ""
    run: Annotated[int, Field(ge=1, le=4)] | None = None
    source: schemas.Text60 = ""
    upto: Annotated[int, Field(ge=0, le=10**15)] | None = None
    whole: bool = False
    turned: bool = False
    closed: bool = False
    after: Annotated[str, Field(max_length=18, pattern=r"^[0-9]*$")] = ""


def router(answers: Answers) -> Router:
    """The addresses under /funds that are read."""
    found = Router(tags=["Shared money"])
    at = Addresses(found, answers)
    fund = "/{uuid:fund_id}"
    at.reads("/agreements", list[AgreementRowOut], _agreements, "Agreements to share money")
    at.reads("/agreements/{uuid:fund_agreement_id}", AgreementOut, _agreement, "One agreement")
    at.reads(fund, FundOut, _fund, "A fund with its lines")
    at.reads(f"{fund}/ledger", TrialBalanceOut, _trial_balance, "Trial balance")
    at.reads(f"{fund}/ledger/lines", LinesOut, _lines, "The lines behind a figure")
    at.reads("/entries/{uuid:posted_id}", EntryOut, _entry, "One entry of a ledger")
    at.reads(f"{fund}/statements", list[StatementOut], _statements, "Partners’ statements")
    at.reads(f"{fund}/forecast", ForecastOut, _forecast, "How the year is expected to end")
    at.reads(f"{fund}/risk-share", RiskShareOut, _risk_share, "Who bears what is over, worked out")
    at.reads(f"{fund}/reports", list[ReportRowOut], _reports, "Reports of a year")
    at.reads("/reports/{uuid:report_id}", ReportOut, _report, "A frozen report")
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


def _trial_balance(request: HttpRequest, fund_id: UUID, wanted: Query[TrialQuery]) -> dict[str, Any]:
    """Every heading with something under it."""
    viewer = viewer_of(request)
    fund = ledger.ledger_fund(viewer, fund_id)
    year = wanted.year or fund.year
    months = ledger.months_of(viewer, fund, year=year) if wanted.month else []
    period = next((each.period for each in months if each.period.number == wanted.month), None)
    if wanted.month and period is None:
        raise NotVisible
    shown = ledger.trial_balance(viewer, fund, year=year, book=Book(wanted.book), period=period)
    said = {name: getattr(shown, name) for name in ("debit", "credit", "closing", "number", "digest", "year")}
    rows = [each.__dict__ | {"closing": each.closing} for each in shown.rows]
    return said | {"book": shown.book.value, "rows": rows, "open_before": list(shown.open_before)}


def _posting(row: Any) -> dict[str, Any]:
    entry = row.entry
    return {
        "entry_id": row.entry_id, "key": entry.key, "dated_on": entry.dated_on, "kind": entry.kind,
        "memo": row.memo or entry.memo, "heading": str(row.account), "line": str(row.line) if row.line else "",
        "partner": row.partner.organisation.name if row.partner else "", "stream": row.stream.name if row.stream else "",
        "pence": row.pence,
    }  # fmt: skip


def _lines(request: HttpRequest, fund_id: UUID, wanted: Query[LinesQuery]) -> dict[str, Any]:
    """Where every figure opens to. `figure` is what the lines come to with what is still to come."""
    viewer = viewer_of(request)
    fund = ledger.ledger_fund(viewer, fund_id)
    said = wanted.model_dump(exclude={"after", "closed"})
    which = behind.Behind(**said, with_closing=wanted.closed)
    page = behind.postings_behind(viewer, fund, which, after=wanted.after)
    return page.__dict__ | {
        "figure": page.figure, "lines": [_posting(each) for each in page.postings], "next": page.after
    }  # fmt: skip


def _entry(request: HttpRequest, posted_id: UUID) -> dict[str, Any]:
    """One entry; nothing of it is ever changed."""
    page = ledger.entry_page(viewer_of(request), posted_id)
    row, seal = page.entry, page.seal
    names = ("key", "book", "kind", "dated_on", "memo", "posted_at", "pair")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "reverses": row.reverses_id, "reversed_by": page.reversed_by.pk if page.reversed_by else None,
        "number": seal.number if seal else None, "previous": page.previous, "digest": seal.digest if seal else "",
        "lines": [_posting(each) for each in page.postings],
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
    year, today = wanted.year or fund.year, timezone.localdate(viewer.at)
    over = [each for each in (1, 2, 3, 4) if quarter_ends_on(year, each) < today]
    found = statements.statements(viewer, fund, year=year, quarter=wanted.quarter or max(over, default=1))
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
    steps = [{name: getattr(each, name) for name in StepOut.model_fields} for each in result.steps]
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
