"""A table and a figure as data: what a page shows, a PDF sets and a spreadsheet reads is the same thing. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_POUNDS = ("£", "-£")
_NONE = ("", "–")


@dataclass(frozen=True)
class Table:
    """Columns and rows of words. `caption` says what it is; the first cell of each row names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        wrong = next((row for row in self.rows if len(row) != len(self.columns)), None)
        if wrong is not None:
            raise ValueError(f"a row of {len(wrong)} cells in a table of {len(self.columns)} columns")

    @property
    def is_money(self) -> tuple[bool, ...]:
        """Of each column whether all that stands in it is a sum of money, so that its pence stand below each other; a dash
        or an empty cell is where there is none."""
        said = [[row[place] for row in self.rows if row[place] not in _NONE] for place in range(len(self.columns))]
        return tuple(bool(cells) and all(cell.startswith(_POUNDS) for cell in cells) for cells in said)

    def as_csv(self) -> str:
        """The same table for a spreadsheet, with nothing in it that one would run."""
        return csv_of([self.columns, *self.rows])


@dataclass(frozen=True)
class Figure:
    """A drawing with everything somebody needs who cannot see it. `svg` is inline SVG with its title and description
    in it and without a style attribute; `description` says in a sentence or two what it shows; `table` holds the same
    data and `csv` the same table."""

    svg: str
    title: str
    description: str
    table: Table
    csv: str
    width: int = 340  # in the units of the drawing; 340 fits a phone, a wider one is scrolled on it
    height: int = 260

    @property
    def drawing(self) -> SafeString:
        """The drawing for a page: every word in it was escaped where it was drawn (core.drawing)."""
        return mark_safe(self.svg)  # noqa: S308 - every word was escaped where it was drawn


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe before it; a plain number,
    a minus sign before it or not, stays a number."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(str(cell)) for cell in row])
    return target.getvalue()


def safe_cell(text: str) -> str:
    """One cell that no spreadsheet runs."""
    if text.startswith(_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
