"""Reading a unit cost database: the Greater Manchester workbook, v1.4 or laid out alike.

Columns are found by their headings, wherever they stand. Each figure keeps its original value and price year, and the one
deflator does the uprating; what the workbook says it comes to today is kept beside it, to check against. The source's own
rating (red, amber, green) and caveat travel with the figure.

The workbook is somebody else's (the Combined Authority's is CC BY 4.0, which its Introduction says) and is never part of
this program. A part that takes it from a stranger's hands opens it with `core.workbook`, which looks a file over before it
is unpacked, and hands the rows to `read_rows`.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from joinedup.engines.appraisal.model import UnitCost
from joinedup.engines.appraisal.saying import price_age
from joinedup.engines.appraisal.tables import OLD_PRICE, Deflator, Origin, price_year_of

KINDS = ("fiscal", "economic", "social")
RAGS = {"R": "red", "A": "amber", "G": "green"}
_LOOKED_AT = 40  # rows within which a sheet's headings must stand
_MOST_UNPACKED = 200_000_000
_MOST_ROWS, _MOST_COLUMNS = 20_000, 100
_FAULTS = (
    ParseError, zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
Cells = Sequence[Any]


class BadWorkbook(ValueError):
    """The file cannot be read as a unit cost database; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Price:
    """A figure as its source gives it, at the prices of its year; `published` is what the workbook brings it to itself."""

    value: float
    year: str
    published: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit cost. `rag` is R, A, G or empty."""

    code: str
    category: str
    topic: str
    detail: str
    unit: str
    agency: str
    sub_agency: str
    prices: Mapping[str, Price]
    source: str
    rag: str
    caveat: str
    sheet: str
    row: int

    def at_prices_of(self, year: str, deflator: Deflator) -> UnitCost:
        """The unit cost brought to the prices of a year. Raises ``KeyError`` where the deflator lacks a year."""
        return UnitCost(
            **{kind: price.value * deflator.factor(price.year, year) for kind, price in self.prices.items()}
        )

    def warnings(self, year: str) -> tuple[str, ...]:
        """What to know before using it at the prices of a year: how old it is, how its source rates it, its caveat."""
        found = []
        for kind, price in self.prices.items():
            age = price_age(price.year, year)
            if age is not None and age > OLD_PRICE:
                found.append(f"The {kind} value is at {price.year} prices, {age} years old.")
        if self.rag in {"R", "A"}:
            found.append(f"The source rates it {RAGS[self.rag]}.")
        return (*found, self.caveat) if self.caveat else tuple(found)


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, and where: row as the spreadsheet numbers it."""

    sheet: str
    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Database:
    """Everything read. `deflator` and `current_year` are the workbook's own, where it has them."""

    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...]
    licence: str
    deflator: Deflator | None
    current_year: str

    def constituents(self, code: str) -> tuple[Entry, ...]:
        """The entries a headline is made of: those one step further down its number, CR2.0.1 under CR2.0."""
        below = f"{code}."
        return tuple(
            each
            for each in self.entries.values()
            if each.code.startswith(below) and each.code.removeprefix(below).isdecimal()
        )


def read_workbook(content: bytes) -> Database:
    """Read a workbook. Raises ``BadWorkbook``."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise BadWorkbook("The workbook is too large to be a unit cost database.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = {
                str(sheet.title): list(islice(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), _MOST_ROWS))
                for sheet in book.worksheets
            }
    except BadWorkbook:
        raise
    except _FAULTS as fault:
        raise BadWorkbook("The file is no workbook (.xlsx) that can be read.") from fault
    return read_rows(sheets)


def read_rows(sheets: Mapping[str, Iterable[Cells]]) -> Database:
    """Read the rows of every sheet, by its name; the first row of a sheet is its row 1. Raises ``BadWorkbook`` where no
    sheet has the headings of a unit cost database."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    licence, current, deflator = "", "", None
    for sheet, given in sheets.items():
        rows = list(given)
        found = _headings(rows)
        if found is not None:
            for entry in _entries(sheet, rows, *found, problems):
                if entry.code in entries:
                    problems.append(Problem(sheet, entry.row, "code", entry.code, "this code stands higher up already"))
                else:
                    entries[entry.code] = entry
        else:
            licence = licence or _licence(rows)
            own = _own_deflator(rows)
            deflator, current = own or (deflator, current)
    if not entries:
        raise BadWorkbook("No sheet has the headings of a unit cost database: cost code, detail, unit, value, year.")
    return Database(entries, tuple(problems), licence, deflator, current)


def _headings(rows: list[Cells]) -> tuple[int, dict[str, int]] | None:
    """The place of the first row below the headings, and the column of each field."""
    for place, row in enumerate(rows[:_LOOKED_AT]):
        top = [_plain(cell) for cell in row]
        if not any(_field(name) == "code" for name in top):
            continue
        below = [_plain(cell) for cell in rows[place + 1]] if place + 1 < len(rows) else []
        two_deep = any(word.startswith(("level 1", "estimated", "year")) for word in below)
        columns = _columns(_joined(top, below) if two_deep else top)
        if "code" in columns and any(kind in columns for kind in KINDS):
            return place + (2 if two_deep else 1), columns
    return None


def _joined(top: list[str], below: list[str]) -> list[str]:
    """Headings of two rows as one: a heading above stands over the columns to its right that have none of their own."""
    found, over = [], ""
    for place in range(max(len(top), len(below))):
        own = top[place] if place < len(top) else ""
        under = below[place] if place < len(below) else ""
        over = own or (over if under else "")
        found.append(f"{over} {under}".strip())
    return found


def _columns(names: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        field = _field(name)
        if field:
            columns.setdefault(field, place)
    return columns


def _field(name: str) -> str:
    """What a heading is of; empty for what nobody needs."""
    kind = next((each for each in KINDS if name.startswith((each, f"updated {each}"))), "")
    if kind:
        return f"{kind} year" if "year" in name else f"{kind} published" if "updated" in name else kind
    if "agency" in name:
        return "sub_agency" if "level 2" in name else "agency"
    known = {
        "code": "code", "outcome category": "category", "outcome detail": "topic", "unit": "unit",
        "original source": "source", "source": "source", "comment": "caveat", "comments": "caveat", "detail": "detail",
    }  # fmt: skip
    if name in known:
        return known[name]
    if name.endswith(" code"):
        return "code"
    return "rag" if name.startswith("rag") else "detail" if name.endswith("saving detail") else ""


def _entries(
    sheet: str, rows: list[Cells], first: int, columns: dict[str, int], problems: list[Problem]
) -> Iterator[Entry]:
    for number, cells in enumerate(rows[first:], start=first + 1):
        said = {field: cells[place] if place < len(cells) else None for field, place in columns.items()}
        words = {field: _words(said.get(field)) for field in _WORDS}
        if not words["code"]:
            if words["detail"] or any(said.get(kind) is not None for kind in KINDS):
                problems.append(Problem(sheet, number, "code", words["detail"][:60], "the row has no code"))
            continue
        prices = {kind: price for kind in KINDS if (price := _price(sheet, number, kind, said, problems))}
        rag = words.pop("rag").upper()[:1]
        if rag not in RAGS:
            problems.append(Problem(sheet, number, "rag", rag, "the rating is not red, amber or green"))
            rag = ""
        yield Entry(**words, prices=prices, rag=rag, sheet=sheet, row=number)


_WORDS = ("code", "category", "topic", "detail", "unit", "agency", "sub_agency", "source", "rag", "caveat")


def _price(sheet: str, number: int, kind: str, said: Mapping[str, Any], problems: list[Problem]) -> Price | None:
    cell = said.get(kind)
    if cell is None or not _words(cell):
        return None
    value = _number(cell)
    if value is None:
        problems.append(Problem(sheet, number, kind, _words(cell)[:60], "the value is no number"))
        return None
    year = price_year_of(_words(said.get(f"{kind} year")))
    if year is None:
        problems.append(
            Problem(sheet, number, f"{kind} year", _words(said.get(f"{kind} year"))[:60], "the price year is missing")
        )
        return None
    return Price(value, year, _number(said.get(f"{kind} published")))


def _own_deflator(rows: list[Cells]) -> tuple[Deflator, str] | None:
    """The workbook's price index: a column of years beside one headed as cumulative GDP."""
    current = ""
    for place, row in enumerate(rows[:_LOOKED_AT]):
        names = [_plain(cell) for cell in row]
        index = next((at for at, name in enumerate(names) if name.startswith("gdp cumulative")), None)
        if index is None or "year" not in names:
            continue
        year = names.index("year")
        values = {}
        for cells in rows[place + 1 :]:
            name = price_year_of(_words(cells[year])) if len(cells) > max(year, index) else None
            number = _number(cells[index]) if name else None
            if name and number:
                values[name] = number
        if "current year" in names:
            at = names.index("current year")
            current = next((y for cells in rows[place + 1 :] if (y := price_year_of(_words(cells[at])))), "")
        origin = Origin("workbook", "GDP deflator of the workbook", "the workbook's own look-ups", "", verified=False)
        return Deflator(origin, values), current
    return None


def _licence(rows: list[Cells]) -> str:
    said = (_words(cell) for row in rows for cell in row if isinstance(cell, str))
    return next((words for words in said if "licen" in words.casefold() and "creative commons" in words.casefold()), "")


def _number(cell: object) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        value = float(re.sub(r"[£,\s]", "", str(cell)))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _words(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _plain(cell: object) -> str:
    return _words(cell).casefold()
