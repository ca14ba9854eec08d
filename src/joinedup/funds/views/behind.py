"""The lines behind a figure: where every figure of shared money opens to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from joinedup.core.documents import attachment
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds import queries
from joinedup.funds.codes import Tier
from joinedup.funds.ledger_book import BOOKS, lines_book, lines_csv
from joinedup.funds.queries import Behind
from joinedup.funds.queries.behind import LEFT, MONEY, RESULT
from joinedup.funds.queries.by_kind import NO_KIND
from joinedup.funds.queries.year import year_words
from joinedup.funds.spending_kinds import SpendingKind
from joinedup.funds.views.shared import show, uuid_or_missing, viewer_of

_IDS = ("account", "line", "scheme", "partner", "stream", "period", "entry")
_CHOICES: Mapping[str, frozenset[str]] = {
    "years": frozenset({"upto", "before"}), "kind": frozenset({RESULT, *Kind}), "control": frozenset(Control) - {""},
    "tier": frozenset({"inside", "outside", "reported", *Tier}), "side": frozenset({"debit", "credit"}), "money": frozenset(MONEY),
    "spending": frozenset({NO_KIND, *SpendingKind}), "planned": frozenset({NO_KIND, *SpendingKind}),
}  # fmt: skip
_NUMBERS = {"year": 4, "until": 2, "run": 1, "upto": 18}
_FLAGS = {"closed": "with_closing", "whole": "whole", "turned": "turned"}
_NAMES = frozenset({*_IDS, *_CHOICES, *_NUMBERS, *_FLAGS, "book", "code", "source"})


def behind_of(said: Mapping[str, str]) -> Behind:
    """Which lines an address asks for; what it does not say rightly is not asked for, and an id that is none is missing."""
    told: dict[str, Any] = {name: uuid_or_missing(said[name]) for name in _IDS if said.get(name)}
    told |= {name: said[name] for name, known in _CHOICES.items() if said.get(name) in known}
    for name, most in _NUMBERS.items():
        text = said.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= most:
            told[name] = int(text)
    told |= {field: said.get(name) == "yes" for name, field in _FLAGS.items()}
    book, code = said.get("book", ""), said.get("code", "")
    return Behind(
        book=book if book in {*Book, LEFT} else Book.ACTUAL.value, source=said.get("source", "")[:60],
        code=code if code.isalnum() and len(code) <= 20 else "", **told,
    )  # fmt: skip


@login_required
@require_safe
def lines(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The lines behind a figure, the newest first."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    which = behind_of(request.GET)
    page = queries.postings_behind(viewer, fund, which, after=request.GET.get("after", ""))
    said = {name: value for name, value in request.GET.items() if name in _NAMES and value}
    return show(
        request, "funds/ledger_lines.jinja", fund=fund, page=page, which=which, chosen=urlencode(said),
        book="left" if which.book == LEFT else BOOKS[which.book].lower(), words=queries.words_of(viewer, fund, which),
        year_words=year_words, counts=which.counts, is_left=which.book == LEFT,
        next_href=f"?{urlencode(said | {'after': page.after})}" if page.after else "",
        first_href=f"?{urlencode(said)}" if request.GET.get("after") else "",
    )  # fmt: skip


@login_required
@require_safe
def lines_file(request: HttpRequest, fund_id: UUID, kind: str) -> HttpResponse:
    """The same as a file, from the first line to the last."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    which = behind_of(request.GET)
    found = [(row, which.counts(row)) for row in queries.every_posting(viewer, fund, which)]
    name = f"ledger-lines-{fund.code}"
    if kind == "csv":
        return attachment(lines_csv(found), "text/csv; charset=utf-8", f"{name}.csv")
    return attachment(lines_book(found), SPREADSHEET, f"{name}.xlsx")
