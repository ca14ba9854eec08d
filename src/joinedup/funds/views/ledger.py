"""Pages of the ledger: trial balance, the lines behind a figure, one entry, its reversal, and the months of a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.documents import attachment
from joinedup.core.errors import NotVisible
from joinedup.core.forms import Option
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.engines.ledger import Book
from joinedup.funds import queries
from joinedup.funds.forms.ledger import CloseYearForm, Ending, ReverseForm
from joinedup.funds.ledger_book import BOOKS, trial_balance_book, trial_balance_csv
from joinedup.funds.permissions import (
    CLOSE_PERIOD,
    CLOSE_YEAR,
    OPEN_YEAR,
    POST_ENTRY,
    REVERSE_ENTRY,
    TRANSFER_BETWEEN_FUNDS,
)
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import TrialBalance
from joinedup.funds.queries.transfers import transfer_choices
from joinedup.funds.queries.year_end import PromiseLeft, PromisesLeft, promises_left
from joinedup.funds.rules import LEDGER_RULES
from joinedup.funds.services import ledger as writing
from joinedup.funds.services.transfers import take_back_transfer
from joinedup.funds.services.year_end import Onward, PromiseSaid
from joinedup.funds.spending_kinds import kind_words
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, pressed, show, uuid_or_missing, viewer_of


def year_words(year: int) -> str:
    """`2026/27`."""
    return f"{year}/{(year + 1) % 100:02d}"


def _number(said: Mapping[str, str], name: str) -> int | None:
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _book(said: Mapping[str, str]) -> Book:
    text = said.get("book", "")
    return Book(text) if text in set(Book) else Book.ACTUAL


def _trial_balance(request: HttpRequest, fund_id: UUID) -> tuple[TrialBalance, list[int]]:
    """What the address asks for: the fund's own year and the actual book unless it says otherwise."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    years = queries.years_of(viewer, fund)
    year = _number(request.GET, "year") or fund.year
    number = _number(request.GET, "month")
    months = queries.months_of(viewer, fund, year=year) if number else []
    period = next((row.period for row in months if row.period.number == number), None)
    before = request.GET.get("closed") != "yes"
    shown = queries.trial_balance(
        viewer, fund, year=year, book=_book(request.GET), period=period, before_closing=before
    )
    return shown, years


@login_required
@require_safe
def trial_balance(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Every heading with what is under it; each figure opens to its lines."""
    viewer = viewer_of(request)
    shown, years = _trial_balance(request, fund_id)
    moves = can(viewer, TRANSFER_BETWEEN_FUNDS, shown.fund) and bool(transfer_choices(viewer, shown.fund).funds)
    said = {"year": shown.year, "book": shown.book.value} | ({"month": shown.until.number} if shown.until else {})
    return show(
        request, "funds/ledger.jinja", shown=shown, fund=shown.fund, years=years, books=BOOKS, year_words=year_words,
        chosen=urlencode(said), closed_shown=request.GET.get("closed") == "yes", may_open=not years and can(viewer, OPEN_YEAR, shown.fund), may_move=moves,
        may_post=bool(years) and can(viewer, POST_ENTRY, shown.fund), may_add=can(viewer, OPEN_YEAR, shown.fund),
    )  # fmt: skip


@login_required
@require_safe
def trial_balance_file(request: HttpRequest, fund_id: UUID, kind: str) -> HttpResponse:
    """The same as CSV, or as a workbook with live formulas."""
    shown, _ = _trial_balance(request, fund_id)
    name = f"trial-balance-{shown.fund.code}-{shown.year}"
    if kind == "csv":
        return attachment(trial_balance_csv(shown), "text/csv; charset=utf-8", f"{name}.csv")
    return attachment(trial_balance_book(shown), SPREADSHEET, f"{name}.xlsx")


@login_required
@require_safe
def entry(request: HttpRequest, posted_id: UUID) -> HttpResponse:
    """One entry: its lines, who posted it, its place in the chain."""
    viewer = viewer_of(request)
    page = queries.entry_page(viewer, posted_id)
    may = (page.may_be_reversed and can(viewer, REVERSE_ENTRY, page.entry)) or (
        page.is_transfer and can(viewer, TRANSFER_BETWEEN_FUNDS, page.entry.fund)
    )
    return show(
        request,
        "funds/ledger_entry.jinja",
        page=page,
        fund=page.entry.fund,
        book=BOOKS[page.entry.book],
        may_reverse=may,
        kind_words=kind_words,
    )


@login_required
@require_http_methods(GET_OR_POST)
def entry_reverse(request: HttpRequest, posted_id: UUID) -> HttpResponse:
    """Take an entry back."""
    viewer = viewer_of(request)
    page = queries.entry_page(viewer, posted_id)
    if page.is_transfer:
        check(viewer, TRANSFER_BETWEEN_FUNDS, page.entry.fund)
    else:
        check(viewer, REVERSE_ENTRY, page.entry)
    today = timezone.localdate(viewer.at)
    form = ReverseForm(posted(request), initial={"dated_on": today}, on=today)
    here = reverse("fund_entry", kwargs={"posted_id": posted_id})

    def reverse_it() -> object:
        said = form.cleaned_data
        facts: dict[str, Any] = {"dated_on": said["dated_on"], "reason": said["reason"], "by": viewer, "at": viewer.at}
        if page.is_transfer:
            return take_back_transfer(fund=page.entry.fund, entry=page.entry, **facts)
        return writing.reverse_entry(entry=page.entry, **facts)

    return asked(
        request, form, reverse_it, done="It is taken back. What was posted stays as it was.", then=here,
        title=f"Take back {page.entry.key}", button="Take it back", back_href=here,
        text="An entry of its own is posted with the same lines the other way round, in both funds where money went from "
        "one to the other. Nothing is deleted.",
    )  # fmt: skip


@login_required
@require_safe
def months(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The months of a year, open and closed."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    years = queries.years_of(viewer, fund)
    year = _number(request.GET, "year") or fund.year
    rows = queries.months_of(viewer, fund, year=year)
    open_ones = [row.period for row in rows if row.period.is_open]
    over = bool(open_ones) and open_ones[0].number < 12 and open_ones[0].ends_on < timezone.localdate(viewer.at)
    return show(
        request, "funds/ledger_months.jinja", fund=fund, year=year, years=years, rows=rows, year_words=year_words,
        next_to_close=open_ones[0] if over else None,
        may_close=can(viewer, CLOSE_PERIOD, fund), may_end=bool(open_ones) and can(viewer, CLOSE_YEAR, fund),
        next_year=(years[0] + 1 if years else fund.year) if can(viewer, OPEN_YEAR, fund) else None,
    )  # fmt: skip


def _to_months(fund_id: UUID, year: int) -> str:
    return f"{reverse('fund_months', kwargs={'fund_id': fund_id})}?year={year}"


@login_required
@require_POST
def month_close(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Close a month for good."""
    viewer = viewer_of(request)
    period = queries.month(viewer, uuid_or_missing(request.POST.get("period", "")))
    if period.fund_id != fund_id:
        raise NotVisible()
    return pressed(
        request, lambda: writing.close_period(period=period, by=viewer, at=viewer.at),
        f"{period} is closed.", _to_months(fund_id, period.year),
    )  # fmt: skip


@login_required
@require_POST
def year_open(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Open a year."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    check(viewer, OPEN_YEAR, fund)
    year = _number(request.POST, "year")
    if year is None:
        return redirect(_to_months(fund_id, fund.year))
    return pressed(
        request, lambda: writing.open_year(fund=fund, year=year, by=viewer, at=viewer.at),
        f"{year_words(year)} is open.", _to_months(fund_id, year),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def year_close(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Close the year that is open: what is left is carried forward or returned."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    check(viewer, CLOSE_YEAR, fund)
    closing = queries.year_to_close(viewer, fund)
    left = promises_left(viewer, fund, closing.year) if closing.year is not None else PromisesLeft((), {})
    form = CloseYearForm(
        posted(request), partners=closing.partners, promises=[_ending(each, left) for each in left.promises]
    )
    lines = {str(each.pk): each for promise in left.promises for each in promise.onto}

    def said(chosen: str) -> PromiseSaid:
        how = Onward.CARRY if chosen in lines else Onward(chosen)
        return PromiseSaid(how, lines.get(chosen), form.reason)

    def close() -> object:
        if closing.year is None:
            raise LEDGER_RULES["FU-216"].refused()
        return writing.close_year(
            fund=fund, year=closing.year, returns=form.returns(),
            promises={key: said(chosen) for key, chosen in form.becomes().items()}, by=viewer, at=viewer.at,
        )  # fmt: skip

    here = _to_months(fund_id, closing.year or fund.year)
    return asked(
        request, form, close, done="The year is closed.", then=here, template="funds/ledger_year_close.jinja", fund=fund,
        closing=closing, back_href=here, year_words=year_words, promises=left.promises,
    )  # fmt: skip


def _ending(each: PromiseLeft, left: PromisesLeft) -> Ending:
    """The choices about one promise; a budget of its own is offered first where there is room for one."""
    choices = []
    makes = each.above is not None and left.room[each.above.pk] >= each.row.pence
    if each.above is not None and makes:
        choices.append(Option(Onward.MAKE, f"Goes on: a budget like it is cut from {each.above}"))
    choices += [
        Option(str(line.pk), f"Goes on under {line}, {in_pounds(left.room[line.pk])} left") for line in each.onto
    ]
    choices.append(Option(Onward.RELEASE, "Is not needed: take it back"))
    words = f"{in_pounds(each.row.pence)} for “{each.row.what}”, {each.row.line}"
    return Ending(each.row.pk, words, choices, Onward.MAKE if makes else "")
