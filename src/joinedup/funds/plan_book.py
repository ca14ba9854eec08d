"""The plan of a fund as a workbook whose sums are live formulas, in the order of national planning templates: income by partner
and stream, expenditure by service and provider, and whether the two come to the same."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from joinedup.core.documents import writable

if TYPE_CHECKING:
    from joinedup.funds.queries.plan import FundPlan

_INCOME = ("Partner", "Source of funding", "In cash", "In kind")
_LINES = (
    "Service code", "Service", "Planned outputs", "Line", "Code", "Provider", "Source of funding", "Capital or revenue",
    "How long", "How far inside", "Planned", "Under the agreement", "Pooled", "Kind of spending",
)  # fmt: skip


def _pounds(pence: int) -> Decimal:
    return (Decimal(pence) / 100).quantize(Decimal("0.01"))


class _Book:
    """A workbook with the formats of money."""

    def __init__(self, book: Any) -> None:
        money = "£#,##0.00;[Red]-£#,##0.00"
        self.book = book
        self.head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.money = book.add_format({"num_format": money})
        self.total = book.add_format({"num_format": money, "bold": True, "top": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, name: str, columns: Sequence[str]) -> Any:
        """A sheet with its head."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 22)
        for place, words in enumerate(columns):
            sheet.write_string(0, place, words, self.head)
        return sheet

    def words(self, sheet: Any, down: int, *words: str) -> None:
        """Text, never run."""
        for place, each in enumerate(words):
            sheet.write_string(down, place, writable(each), self.wrapped)

    def formula(self, sheet: Any, down: int, across: int, text: str, pence: int, *, total: bool = False) -> None:
        """A sum the spreadsheet works out, with what it comes to for a reader that does not."""
        sheet.write_formula(down, across, text, self.total if total else self.money, _pounds(pence))

    def totals(self, sheet: Any, rows: int, columns: Sequence[tuple[int, int]]) -> None:
        """The sums below columns: which column, and what it comes to."""
        sheet.write_string(rows + 1, 0, "Total", self.total)
        for across, pence in columns:
            letter = "ABCDEFGHIJKLM"[across]
            text = f"=SUM({letter}2:{letter}{rows + 1})" if rows else "=0"
            self.formula(sheet, rows + 1, across, text, pence, total=True)


def plan_book(plan: FundPlan) -> bytes:
    """The whole workbook."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        book = _Book(made)
        _income(book, plan)
        _expenditure(book, plan)
        _by(book, plan, "By service", "B", [each.service for each in plan.lines])
        _by(book, plan, "By provider", "F", [each.provider for each in plan.lines])
        _by(book, plan, "By source", "G", [each.source for each in plan.lines])
        _by_kind(book, plan)
        _adds_up(book, plan)
    return target.getvalue()


def _income(book: _Book, plan: FundPlan) -> None:
    sheet = book.sheet("Income", _INCOME)
    for down, each in enumerate(plan.income, start=1):
        book.words(sheet, down, each.partner, each.stream)
        sheet.write_number(down, 2, _pounds(each.cash_pence), book.money)
        sheet.write_number(down, 3, _pounds(each.in_kind_pence), book.money)
    sums = [(2, sum(each.cash_pence for each in plan.income)), (3, sum(each.in_kind_pence for each in plan.income))]
    book.totals(sheet, len(plan.income), sums)


def _expenditure(book: _Book, plan: FundPlan) -> None:
    sheet = book.sheet("Expenditure", _LINES)
    for down, each in enumerate(plan.lines, start=1):
        book.words(
            sheet, down, each.service_code, each.service, each.outputs, each.name, each.code, each.provider, each.source,
            "Capital" if each.is_capital else "Revenue", "Every year" if each.is_recurrent else "This year only", each.tier,
        )  # fmt: skip
        row = down + 1
        sheet.write_number(down, 10, _pounds(each.pence), book.money)
        inside = f'=IF(J{row}="Pooled",K{row},IF(J{row}="Pooled-aligned",K{row},0))'
        book.formula(sheet, down, 11, inside, each.pence if each.is_inside else 0)
        book.formula(sheet, down, 12, f'=IF(J{row}="Pooled",K{row},0)', _pooled(each.tier, each.pence))
        sheet.write_string(down, 13, writable(each.kind), book.wrapped)
    whole = sum(each.pence for each in plan.lines)
    inside_all = sum(each.pence for each in plan.lines if each.is_inside)
    pooled = sum(_pooled(each.tier, each.pence) for each in plan.lines)
    book.totals(sheet, len(plan.lines), [(10, whole), (11, inside_all), (12, pooled)])


def _pooled(tier: str, pence: int) -> int:
    return pence if tier == "Pooled" else 0


def _sumif(key: str, value: str, rows: int, sheet: str, cell: str) -> str:
    last = rows + 1
    return f"=SUMIF({sheet}!${key}$2:${key}${last},{cell},{sheet}!${value}$2:${value}${last})" if rows else "=0"


def _by(book: _Book, plan: FundPlan, name: str, key: str, keys: Sequence[str]) -> None:
    """What the lines under the agreement come to by one column of the expenditure."""
    sheet = book.sheet(name, (name.removeprefix("By ").capitalize(), "Under the agreement", "Planned in all"))
    there = list(dict.fromkeys(keys))
    sums = [
        (
            sum(each.pence for each, own in zip(plan.lines, keys, strict=True) if own == one and each.is_inside),
            sum(each.pence for each, own in zip(plan.lines, keys, strict=True) if own == one),
        )
        for one in there
    ]
    for down, (one, (inside, whole)) in enumerate(zip(there, sums, strict=True), start=1):
        book.words(sheet, down, one)
        rows = len(plan.lines)
        book.formula(sheet, down, 1, _sumif(key, "L", rows, "Expenditure", f"A{down + 1}"), inside)
        book.formula(sheet, down, 2, _sumif(key, "K", rows, "Expenditure", f"A{down + 1}"), whole)
    book.totals(sheet, len(there), [(1, sum(each[0] for each in sums)), (2, sum(each[1] for each in sums))])


def _by_kind(book: _Book, plan: FundPlan) -> None:
    """What lines are planned for each kind of spending, and what was spent of it so far."""
    sheet = book.sheet("By kind", ("Kind of spending", "Planned", "Spent so far", "Difference", "Entries"))
    spent = {each.words: each for each in plan.by_kind}
    names = list(dict.fromkeys([*spent, *(each.kind for each in plan.lines)]))
    planned = [sum(each.pence for each in plan.lines if each.kind == name) for name in names]
    costs = [spent[name].spent if name in spent else 0 for name in names]
    for down, (name, pence, cost) in enumerate(zip(names, planned, costs, strict=True), start=1):
        row = down + 1
        book.words(sheet, down, name)
        book.formula(sheet, down, 1, _sumif("N", "K", len(plan.lines), "Expenditure", f"A{row}"), pence)
        sheet.write_number(down, 2, _pounds(cost), book.money)
        book.formula(sheet, down, 3, f"=B{row}-C{row}", pence - cost)
        sheet.write_number(down, 4, spent[name].entries if name in spent else 0)
    book.totals(sheet, len(names), [(1, sum(planned)), (2, sum(costs)), (3, sum(planned) - sum(costs))])


def _adds_up(book: _Book, plan: FundPlan) -> None:
    """Whether each partner's contributions in cash come to its pooled lines (R-2)."""
    sheet = book.sheet("Adds up", ("Partner", "Puts in, in cash", "Its pooled lines", "Difference"))
    names = list(dict.fromkeys([*(each.partner for each in plan.income), *(each.provider for each in plan.lines)]))
    cash, lines = [], []
    for down, name in enumerate(names, start=1):
        cash.append(sum(each.cash_pence for each in plan.income if each.partner == name))
        lines.append(sum(_pooled(each.tier, each.pence) for each in plan.lines if each.provider == name))
        book.words(sheet, down, name)
        book.formula(sheet, down, 1, _sumif("A", "C", len(plan.income), "Income", f"A{down + 1}"), cash[-1])
        book.formula(sheet, down, 2, _sumif("F", "M", len(plan.lines), "Expenditure", f"A{down + 1}"), lines[-1])
        book.formula(sheet, down, 3, f"=B{down + 1}-C{down + 1}", cash[-1] - lines[-1])
    book.totals(sheet, len(names), [(1, sum(cash)), (2, sum(lines)), (3, sum(cash) - sum(lines))])
    said = f"{plan.fund.name}, {plan.year_words}" + ("" if plan.is_approved else ": not approved yet")
    book.words(sheet, len(names) + 3, said)
