"""Sheets of money as a workbook that goes on working: amounts are numbers, and whatever is worked out from them is a formula
with its value beside it for a reader that does not calculate."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from joinedup.core.documents import writable

_MONEY = "£#,##0.00;[Red]-£#,##0.00"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Formula:
    """What a cell works out, and what that comes to, in pence. `{r}` is the number of its row."""

    text: str
    pence: int


Cell = str | int | Formula
"""Words, pence, or a formula."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: columns, rows, and where it is wanted a row of totals over every column of money."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    total: str = ""
    notes: tuple[str, ...] = ()


def pence_of(cell: Cell) -> int | None:
    """What a cell comes to; None for words."""
    return None if isinstance(cell, str) else cell.pence if isinstance(cell, Formula) else int(cell)


def letter(place: int) -> str:
    """The letter of a column; the first is 0."""
    return _LETTERS[place]


def book_of(sheets: Sequence[Sheet]) -> bytes:
    """The workbook."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "money": book.add_format({"num_format": _MONEY}),
            "total": book.add_format({"bold": True, "top": 1, "num_format": _MONEY}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for each in sheets:
            _write(book.add_worksheet(each.name), each, looks)
    return target.getvalue()


def _write(sheet: Any, said: Sheet, looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, max(len(said.columns) - 1, 1), 19)
    for place, column in enumerate(said.columns):
        sheet.write_string(0, place, column, looks["head"])
    for down, row in enumerate(said.rows, start=1):
        for place, cell in enumerate(row):
            _cell(sheet, down, place, cell, looks)
    last = len(said.rows) + 1
    if said.total and said.rows:
        sheet.write_string(last, 0, said.total, looks["total"])
        for place in range(1, len(said.columns)):
            sums = [pence_of(row[place]) for row in said.rows]
            if None not in sums:
                text = f"=SUM({letter(place)}2:{letter(place)}{last})"
                sheet.write_formula(last, place, text, looks["total"], _pounds(sum(each or 0 for each in sums)))
    for down, note in enumerate(said.notes, start=last + 2):
        sheet.write_string(down, 0, writable(note))


def _cell(sheet: Any, down: int, place: int, cell: Cell, looks: dict[str, Any]) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(down, place, cell.text.replace("{r}", str(down + 1)), looks["money"], _pounds(cell.pence))
    elif isinstance(cell, str):
        sheet.write_string(down, place, writable(cell), looks["words"])
    else:
        sheet.write_number(down, place, _pounds(int(cell)), looks["money"])


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100
