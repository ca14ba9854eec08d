"""The ledger as files: a trial balance and a list of lines as tables for CSV, and as a workbook whose sums are formulas, so
that whoever checks the figures sees where each comes from and may change one to see what follows."""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from joinedup.core.documents import writable
from joinedup.core.figures import csv_of
from joinedup.engines.ledger import Book

if TYPE_CHECKING:
    from joinedup.funds.models import Posting
    from joinedup.funds.queries.ledger import TrialBalance

BOOKS: dict[str, str] = {
    Book.ACTUAL: "Actual",
    Book.BUDGET: "Budget",
    Book.COMMITMENT: "Committed",
    Book.MEMORANDUM: "In kind",
}
_TRIAL = ("Heading", "Name", "Brought forward", "Debit", "Credit", "Balance")
_LINES = ("Day", "Entry", "Memo", "Heading", "Budget line", "Partner", "Stream", "Debit", "Credit", "Balance")


def _pounds(pence: int) -> Decimal:
    return (Decimal(pence) / 100).quantize(Decimal("0.01"))


def trial_balance_csv(shown: TrialBalance) -> str:
    """A row for each heading, in pounds; the head of the chain below."""
    rows = [
        (row.code, row.name, *(str(_pounds(each)) for each in (row.opening, row.debit, row.credit, row.closing)))
        for row in shown.rows
    ]
    sums = [str(_pounds(each)) for each in (shown.opening, shown.debit, shown.credit, shown.closing)]
    said = [("", words, "", "", "", "") for words in (*_provisional(shown), f"Entry {shown.number}: {shown.digest}")]
    return csv_of([_TRIAL, *rows, ("", "Total", *sums), *said])


def _provisional(shown: TrialBalance) -> list[str]:
    years = " and ".join(f"{year}/{(year + 1) % 100:02d}" for year in shown.open_before)
    return [f"Provisional, because {years} is not closed: what is brought forward may change."] if years else []


def _line_row(line: Posting) -> tuple[str, ...]:
    return (
        line.entry.dated_on.isoformat(), line.entry.key, line.entry.memo, f"{line.account.code} {line.account.name}",
        f"{line.line.code} {line.line.name}" if line.line else "",
        line.partner.organisation.name if line.partner else "", line.stream.name if line.stream else "",
    )  # fmt: skip


def lines_csv(lines: Iterable[tuple[Posting, int]]) -> str:
    """A row for each line, with what it counts, and the running balance, in pounds."""
    rows, balance = [], 0
    for line, pence in lines:
        balance += pence
        sums = (_pounds(max(pence, 0)), _pounds(max(-pence, 0)), _pounds(balance))
        rows.append((*_line_row(line), *map(str, sums)))
    return csv_of([_LINES, *rows])


class _Sheet:
    """A sheet with a head and money formats."""

    def __init__(self, book: Any, name: str, columns: tuple[str, ...], widths: tuple[int, ...]) -> None:
        self.sheet = book.add_worksheet(name)
        self.money = book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"})
        self.total = book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00", "bold": True, "top": 1})
        self.bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            self.sheet.write_string(0, place, column, head)
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(1, 0)

    def words(self, down: int, *words: str) -> None:
        """Text, never run."""
        for place, each in enumerate(words):
            self.sheet.write_string(down, place, writable(each))

    def formula(self, down: int, across: int, formula: str, pence: int, *, total: bool = False) -> None:
        """A sum that the spreadsheet works out, with what it comes to for a reader that does not."""
        self.sheet.write_formula(down, across, formula, self.total if total else self.money, _pounds(pence))


def trial_balance_book(shown: TrialBalance) -> bytes:
    """The trial balance: each balance and every total is a formula over the figures beside it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        at = _Sheet(book, "Trial balance", _TRIAL, (10, 40, 18, 18, 18, 18))
        for down, row in enumerate(shown.rows, start=1):
            at.words(down, row.code, row.name)
            for place, pence in enumerate((row.opening, row.debit, row.credit), start=2):
                at.sheet.write_number(down, place, _pounds(pence), at.money)
            at.formula(down, 5, f"=C{down + 1}+D{down + 1}-E{down + 1}", row.closing)
        last = len(shown.rows) + 1
        at.sheet.write_string(last, 1, "Total", at.bold)
        for place, pence in enumerate((shown.opening, shown.debit, shown.credit, shown.closing), start=2):
            letter = "ABCDEF"[place]
            at.formula(last, place, f"=SUM({letter}2:{letter}{last})", pence, total=True)
        at.words(last + 2, "", f"{shown.fund.name}, {BOOKS[shown.book].lower()} book")
        at.words(last + 3, "", f"Entry {shown.number}: {shown.digest}")
        for words in _provisional(shown):
            at.words(last + 4, "", words)
    return target.getvalue()


def lines_book(lines: Iterable[tuple[Posting, int]]) -> bytes:
    """The lines with a running balance: each balance and every total is a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        at = _Sheet(book, "Lines", _LINES, (12, 28, 36, 28, 28, 28, 20, 16, 16, 16))
        down, balance, debit, credit = 0, 0, 0, 0
        for down, (line, pence) in enumerate(lines, start=1):
            at.words(down, *_line_row(line))
            left, right = max(pence, 0), max(-pence, 0)
            debit, credit, balance = debit + left, credit + right, balance + pence
            at.sheet.write_number(down, 7, _pounds(left), at.money)
            at.sheet.write_number(down, 8, _pounds(right), at.money)
            before = f"J{down}+" if down > 1 else ""
            at.formula(down, 9, f"={before}H{down + 1}-I{down + 1}", balance)
        if down:
            at.sheet.write_string(down + 1, 6, "Total", at.bold)
            for place, pence in ((7, debit), (8, credit)):
                letter = "ABCDEFGHIJ"[place]
                at.formula(down + 1, place, f"=SUM({letter}2:{letter}{down + 1})", pence, total=True)
            at.formula(down + 1, 9, f"=H{down + 2}-I{down + 2}", balance, total=True)
    return target.getvalue()
