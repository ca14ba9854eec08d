"""Posting to a fund's ledger, taking back what was posted, opening and closing its periods and years."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, EntryKind, Kind, Line
from joinedup.engines.money import format_pounds
from joinedup.funds import chart
from joinedup.funds.models import (
    Account,
    Balance,
    BudgetLine,
    Entry,
    Fund,
    FundingStream,
    Period,
    PeriodClosing,
    Posting,
)
from joinedup.funds.permissions import CLOSE_PERIOD, CLOSE_YEAR, OPEN_YEAR, POST_ENTRY, REVERSE_ENTRY
from joinedup.funds.queries.sharing import _unallocated
from joinedup.funds.queries.statements import _statements, unsigned
from joinedup.funds.rules import (
    HEADING_ONCE,
    LEDGER_RULES,
    ONE_YEAR_AT_A_TIME,
    PERIOD_OVER,
    POSTED_BY_NOW,
    RETURN_ADDS_UP,
    RING_FENCE_STAYS,
    YEAR_ENDS_AGREED,
    YEAR_NOT_OPEN,
)
from joinedup.funds.services.disputes import _require_closable
from joinedup.funds.services.posting import Draft as Draft  # handed on to whoever posts
from joinedup.funds.services.posting import head_of, post_drafts, put_into_ledger, refused_by_the_ledger
from joinedup.funds.services.year_end import PromiseSaid, _move_promises, _settle_promises
from joinedup.funds.settling import blocks_year_end

_LAST = 12


@service(POST_ENTRY, on="fund")
def post_entry(*, fund: Fund, draft: Draft, by: Actor, at: datetime) -> Entry:
    """Post one entry; the same one again is the one posted before. Raises Refused (FU-2xx)."""
    posted = post_drafts(fund=fund, drafts=[draft], by=by, at=at)
    note(changed=("ledger",), words={"key": draft.key} | posted.anchor, subject=posted.entries[0])
    return posted.entries[0]


@service(POST_ENTRY, on="fund")
def post_entries(*, fund: Fund, drafts: Sequence[Draft], by: Actor, at: datetime) -> list[Entry]:
    """Post many entries at once, all or none. Raises Refused (FU-2xx)."""
    posted = post_drafts(fund=fund, drafts=drafts, by=by, at=at)
    note(changed=("ledger",), words={"entries": len(posted.entries)} | posted.anchor)
    return posted.entries


@service(POST_ENTRY, on="fund")
def post_accrual(*, fund: Fund, draft: Draft, by: Actor, at: datetime) -> tuple[Entry, Entry]:
    """Post a cost or income that belongs to a year that ends before it is paid, on the last day of that year, and take it
    back on the first day of the next. Raises Refused (FU-224) where the next year is not open."""
    entry, back = _accrue(fund, draft, by, at)
    note(changed=("ledger",), words={"key": draft.key} | _anchor(fund), subject=entry)
    return entry, back


def _accrue(fund: Fund, draft: Draft, by: Actor, at: datetime) -> tuple[Entry, Entry]:
    """The accrual and what takes it back. Called only inside guarded services."""
    last = _last_day(_year_of(draft.dated_on))
    first = date(last.year, 4, 1)
    if not Period.objects.filter(fund=fund, starts_on__lte=first, ends_on__gte=first).exists():
        raise YEAR_NOT_OPEN.refused("", year=_in_words(last.year))
    accrual = replace(draft, dated_on=last, kind=EntryKind.ACCRUAL)
    (entry,) = put_into_ledger(fund=fund, drafts=[accrual], by=by, at=at)
    (back,) = put_into_ledger(
        fund=fund, drafts=[_taking_back(entry, draft.lines, f"{draft.key}:back"[:120], first, "")], by=by, at=at
    )
    return entry, back


@service(REVERSE_ENTRY, on="entry")
def reverse_entry(*, entry: Entry, dated_on: date, reason: str, by: Actor, at: datetime) -> Entry:
    """Take back an entry by one that names it and has its lines the other way round. Raises Refused (FU-206 where the day
    lies in a closed period, FU-210, FU-211, FU-237; FU-218 for one of two entries between funds, which go back together)."""
    if dated_on > timezone.localdate(at):
        raise POSTED_BY_NOW.refused("dated_on")
    if entry.kind == EntryKind.REVERSAL:
        raise LEDGER_RULES["FU-210"].refused()
    if Entry.objects.filter(reverses=entry).exists():
        raise LEDGER_RULES["FU-211"].refused()
    draft = _taking_back(entry, _lines_by_code(entry), f"reversal of {entry.pk}", dated_on, reason)
    (back,) = put_into_ledger(fund=entry.fund, drafts=[draft], by=by, at=at)
    note(changed=("ledger",), words={"key": entry.key} | _anchor(entry.fund), subject=back)
    return back


@service(OPEN_YEAR, on="fund")
def open_year(*, fund: Fund, year: int, by: Actor, at: datetime) -> list[Period]:
    """Open the twelve months from April of a year, the first ever or the next one; and the standard headings, where the
    fund has none. The same year again is left as it is. Raises Refused (FU-225)."""
    latest = Period.objects.filter(fund=fund).order_by("-ends_on").first()
    if latest is not None and latest.year != year and latest.year + 1 != year:
        raise ONE_YEAR_AT_A_TIME.refused("", year=_in_words(latest.year))
    if latest is None:
        headings = [
            Account(fund=fund, code=e.code, name=e.name, kind=e.kind, control=e.control) for e in chart.STANDARD
        ]
        Account.objects.bulk_create(headings, ignore_conflicts=True)
    if latest is None or latest.year != year:
        for number in range(1, _LAST + 1):
            starts_on = date(year, number + 3, 1) if number <= 9 else date(year + 1, number - 9, 1)
            ends_on = starts_on.replace(day=calendar.monthrange(starts_on.year, starts_on.month)[1])
            Period.objects.create(fund=fund, year=year, number=number, starts_on=starts_on, ends_on=ends_on)
        note(changed=("periods",), words={"year": _in_words(year)})
    return list(Period.objects.filter(fund=fund, year=year).order_by("number"))


@service(OPEN_YEAR, on="fund")
def add_heading(*, fund: Fund, code: str, name: str, kind: Kind, by: Actor, at: datetime) -> Account:
    """A heading of the fund's own beside the standard ones. Raises Refused (FU-227)."""
    try:
        with transaction.atomic():
            return Account.objects.create(fund=fund, code=code.strip(), name=name.strip(), kind=kind)
    except IntegrityError as error:
        raise HEADING_ONCE.refused("", code=code.strip()) from error


@service(CLOSE_PERIOD, on="period")
def close_period(*, period: Period, by: Actor, at: datetime) -> PeriodClosing:
    """Close a month for good: the earlier ones are closed, nothing is left in suspense, and the running totals are the sum
    of the lines. The last month is closed by `close_year`. Raises Refused (FU-202, FU-215, FU-216, FU-217, FU-223)."""
    closing = _close(period, by, at)
    note(changed=("state",), words=_anchor(period.fund), subject=period)
    return closing


@service(CLOSE_YEAR, on="fund")
def close_year(
    *, fund: Fund, year: int, returns: Mapping[UUID, int] | None = None,
    promises: Mapping[UUID, PromiseSaid] | None = None, by: Actor, at: datetime,
) -> PeriodClosing:  # fmt: skip
    """Close what is still open of a year and carry it over: commitments go on in the next year, income and expenditure are
    carried forward, apart for each stream of money, or returned. `returns` says what each partner gets back, or below
    nought is asked for; `promises`, by their ids, what becomes of those whose budget has no line in the next year
    (`queries.year_end.promises_left`). Raises Refused (FU-224 where the next year is not open, FU-232, R-6 where
    somebody has not signed, FU-217, FU-215, FU-226, FU-233, FU-365, FU-414, FU-415, R-3)."""
    if not Period.objects.filter(fund=fund, year=year + 1).exists():
        raise YEAR_NOT_OPEN.refused("", year=_in_words(year + 1))
    months = list(Period.objects.filter(fund=fund, year=year).order_by("number").select_related("fund__host"))
    if not months:
        raise YEAR_NOT_OPEN.refused("", year=_in_words(year))
    _require_over(months[-1], at)
    _require_signed(fund, year)
    _require_closable(fund, year, timezone.localdate(at))
    for month in months[:-1]:
        if month.is_open:
            _close(month, by, at)
    _settle_promises(fund, year, promises or {}, by, at)
    _carry_commitments(fund, year, by, at)
    _move_promises(fund, year)
    _carry_result(fund, year, dict(returns or {}), by, at)
    closing = _close(months[-1], by, at)
    if fund.year <= year:
        fund.year = year + 1
        fund.save(update_fields=["year"])
    note(changed=("year",), words={"year": _in_words(year)} | _anchor(fund))
    return closing


def _anchor(fund: Fund) -> dict[str, object]:
    """The head of the chain, for the audit trail: whoever rewrote the ledger would have to rewrite that as well."""
    number, digest = head_of(fund)
    return {"ledger_number": number, "ledger_head": digest}


def _year_of(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def _last_day(year: int) -> date:
    return date(year + 1, 3, 31)


def _in_words(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _lines_by_code(entry: Entry) -> list[Line]:
    """The lines of an entry as a draft has them."""
    return [
        Line(
            each.account.code, each.pence, _text(each.line_id), _text(each.scheme_id), _text(each.partner_id),
            _text(each.stream_id), each.tier, each.vat_code, each.memo,
        )
        for each in Posting.objects.filter(entry=entry).select_related("account").order_by("place")
    ]  # fmt: skip


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _taking_back(entry: Entry, lines: Sequence[Line], key: str, dated_on: date, reason: str) -> Draft:
    return Draft(
        key=key, dated_on=dated_on, book=Book(entry.book), kind=EntryKind.REVERSAL, reverses=entry.pk,
        lines=[replace(line.mirrored(), line=_line_then(line.line, dated_on)) for line in lines],
        memo=reason or f"Taken back: {entry.memo or entry.key}", source=(entry.source_kind, entry.source_id),
    )  # fmt: skip


def _line_then(line_id: str | None, day: date) -> str | None:
    """The budget line of that day's year with the same code, where there is one."""
    if line_id is None:
        return None
    line = BudgetLine.objects.get(pk=line_id)
    if line.year == _year_of(day):
        return line_id
    then = BudgetLine.objects.filter(fund=line.fund_id, code=line.code, year=_year_of(day)).first()
    return str(then.pk) if then else line_id


def _require_over(period: Period, at: datetime) -> None:
    """FU-232. Nobody may say otherwise: what is not over cannot be known."""
    if period.is_open and timezone.localdate(at) <= period.ends_on:
        raise Refused(f"{period} ends on {date_long(period.ends_on)}. {PERIOD_OVER.sentence}", rule=PERIOD_OVER.code)


def _require_signed(fund: Fund, year: int) -> None:
    """FU-217, and R-6: every partner's finance director has agreed or disputed the balances at the year's end, as they now stand."""
    if _unallocated(fund, year):
        raise LEDGER_RULES["FU-217"].refused()
    why = blocks_year_end(unallocated_pence=0, unsigned=unsigned(fund, year, 4), undisclosed_disputes=())
    why += [
        f"{each.partner.name} has signed a statement that has changed since"
        for each in _statements(fund, year, 4)
        if each.signature is not None and not each.is_signed_as_it_stands
    ]
    if why:
        raise YEAR_ENDS_AGREED.refused("", why="; ".join(why))


def _close(period: Period, by: Actor, at: datetime) -> PeriodClosing:
    _require_over(period, at)
    try:
        with transaction.atomic():
            closing = PeriodClosing.objects.create(period=period, closed_by=by.account_id, closed_at=at)
    except IntegrityError as error:
        if "funds_periodclosing_pkey" in str(error):
            raise LEDGER_RULES["FU-216"].refused() from error
        raise refused_by_the_ledger(error) from error
    closing.refresh_from_db()
    period.refresh_from_db(fields=["state"])
    return closing


def _carry_commitments(fund: Fund, year: int, by: Actor, at: datetime) -> None:
    """What is still promised is taken out of the year that ends and put into the next, under the line of that year."""
    cells = _cells(Q(fund=fund, period__year=year, book=Book.COMMITMENT, account__kind=Kind.EXPENDITURE))
    if not cells:
        return
    out = [Line(chart.COMMITMENTS, sum(cells.values()))]
    out += [_of_cell(cell, -pence) for cell, pence in cells.items()]
    first = date(year + 1, 4, 1)
    into = [replace(line.mirrored(), line=_line_then(line.line, first)) for line in out]
    name = f"commitments of {_in_words(year)}"
    drafts = [
        Draft(
            f"closing: {name}", _last_day(year), out, Book.COMMITMENT, EntryKind.CLOSING, "Carried into the next year"
        ),
        Draft(f"opening: {name}", first, into, Book.COMMITMENT, EntryKind.OPENING, "Carried from the year before"),
    ]
    put_into_ledger(fund=fund, drafts=drafts, by=by, at=at)


def _carry_result(fund: Fund, year: int, returns: dict[UUID, int], by: Actor, at: datetime) -> None:
    upto = Q(fund=fund, period__ends_on__lte=_last_day(year), book=Book.ACTUAL)
    cells = _cells(upto & Q(account__kind__in=[Kind.INCOME, Kind.EXPENDITURE]))
    left = -sum(cells.values())
    returned = sum(returns.values())
    if returned and (abs(returned) > abs(left) or (returned > 0) != (left > 0)):
        raise RETURN_ADDS_UP.refused("", left=format_pounds(left), returned=format_pounds(returned))
    fenced = frozenset(
        str(key)
        for key in FundingStream.objects.filter(Q(is_ring_fenced=True) | Q(keeps_balance=True)).values_list(
            "pk", flat=True
        )
    )
    free = -sum(pence for cell, pence in cells.items() if cell[4] not in fenced)
    if returned and (abs(returned) > abs(free) or (returned > 0) != (free > 0)):
        raise RING_FENCE_STAYS.refused("", left=format_pounds(free), returned=format_pounds(returned))
    lines = engine.closing_lines(
        cells, carried=chart.CARRIED_FORWARD, returned=chart.OWED_TO_PARTNERS,
        returns={str(partner): pence for partner, pence in returns.items()}, fenced=fenced,
    )  # fmt: skip
    if lines:
        draft = Draft(
            f"closing: result of {_in_words(year)}", _last_day(year), lines, Book.ACTUAL, EntryKind.CLOSING,
            "Income and expenditure carried forward or returned",
        )  # fmt: skip
        put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)


def _cells(which: Q) -> dict[tuple[str | None, ...], int]:
    """Balances by heading code, line, scheme, partner and stream; nought is left out."""
    rows = (
        Balance.objects.filter(which)
        .values_list("account__code", "line_id", "scheme_id", "partner_id", "stream_id")
        .annotate(pence=Sum(F("debit") - F("credit")))
        .order_by("account__code", "line_id", "scheme_id", "partner_id", "stream_id")
    )
    return {(code, *(str(each) if each else None for each in cell)): pence for code, *cell, pence in rows if pence}


def _of_cell(cell: tuple[str | None, ...], pence: int) -> Line:
    code, line, scheme, partner, stream = cell
    return Line(str(code), pence, line, scheme, partner, stream)
