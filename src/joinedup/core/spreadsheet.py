"""Tables as an Excel workbook: a sheet for each, plain numbers as numbers, and nothing in it that would be run."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import xlsxwriter

from joinedup.core.documents import writable
from joinedup.core.figures import Table

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


def workbook_of(tables: Sequence[Table]) -> bytes:
    """Each table on a sheet of its own, named after its caption."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, table in enumerate(tables, start=1):
            name = _NOT_IN_A_NAME.sub(" ", table.caption)[:28].strip() or "Table"
            sheet = book.add_worksheet(f"{number} {name}"[:31])
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, writable(column), head)
                widest = max([len(column), *(len(row[place]) for row in table.rows)])
                sheet.set_column(place, place, min(60, max(10, widest + 2)))
            for down, row in enumerate(table.rows, start=1):
                for place, cell in enumerate(row):
                    if _NUMBER.fullmatch(cell):
                        sheet.write_number(down, place, float(cell))
                    else:
                        sheet.write_string(down, place, writable(cell))
    return target.getvalue()
