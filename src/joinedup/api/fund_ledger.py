"""The ledger of a fund for a partner's own system: the trial balance, the lines behind a figure, one entry with its place in
the chain. Amounts are whole pence, debits above nought."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.fund_posting import add_posting
from joinedup.api.funds import YearQuery
from joinedup.api.writes import Addresses, Answers
from joinedup.core.errors import NotVisible
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds.codes import Tier
from joinedup.funds.queries import behind, ledger


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


class FundEntryOut(Schema):
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


class TrialQuery(YearQuery):
    """Which book, and up to the end of which month (April is 1)."""

    book: Annotated[str, schemas.OneOf(Book)] = Book.ACTUAL.value
    month: Annotated[int, Field(ge=1, le=12)] | None = None


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
    """The addresses under /funds of the ledger."""
    found = Router(tags=["Shared money"])
    at = Addresses(found, answers)
    at.reads("/{uuid:fund_id}/ledger", TrialBalanceOut, _trial_balance, "Trial balance")
    at.reads("/{uuid:fund_id}/ledger/lines", LinesOut, _lines, "The lines behind a figure")
    at.reads("/entries/{uuid:posted_id}", FundEntryOut, _entry, "One entry of a ledger")
    add_posting(at)
    return found


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
