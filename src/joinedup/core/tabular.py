"""Reading a table that somebody sent: CSV or a workbook, safely, as a header and rows of text. Knows no part.

Nothing is run, fetched or followed: formulas are taken by the result that was saved with them. What is not the kind of
file it says it is, is locked, holds macros or would unpack to too much is refused in a sentence before it is opened.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any

MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE
MOST_COLUMNS = 500
_LOOKED_THROUGH_FOR_HEADER = 30
_UNZIPPED_AT_MOST = 1500 * MEGABYTE
_RATIO_AT_MOST = 150
_ENTRIES_AT_MOST = 2000
_TEXT_NAMES = {"", ".csv", ".tsv", ".txt", ".tab"}
_BOOK_NAMES = {"", ".xlsx"}

Row = tuple[int, list[str]]
Score = Callable[[Sequence[str]], int]


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; the sentence says why, for the person who sent it."""


@dataclass(frozen=True)
class Bounds:
    """What reading a workbook in a process of its own may take: memory, seconds of work, and with `rows` how many rows
    are wanted at all."""

    megabytes: int
    seconds: int
    rows: int | None = None


# While a page waits only the beginning is read, and little memory lent; for an import, what 50 MB of workbook need.
ON_A_PAGE = Bounds(megabytes=768, seconds=45, rows=2000)
FOR_AN_IMPORT = Bounds(megabytes=3072, seconds=900)


TOO_MUCH = (
    "The workbook takes more memory or time to read than there is for one. Save the sheet as CSV and send that, or "
    "send it in parts."
)


@dataclass
class Table:
    """A file's header and its rows, read once from beginning to end.

    `header` names every column, each name once: a title that comes twice gets a number, an empty one is called
    "column 5". `rows` yields (line in the file, cells); a row has at least as many cells as the header, and more only
    where something stands beyond it. Blank rows are passed over. `faults` says by line, once its row has been read,
    what is wrong with a row that could not be taken apart; such a row holds its raw text in the first cell.
    """

    header: list[str]
    header_line: int
    rows: Iterator[Row]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    faults: dict[int, str] = field(default_factory=dict)


def read_table(
    content: bytes,
    file_name: str = "",
    *,
    sheet: str = "",
    most_bytes: int = MOST_BYTES,
    score: Score | None = None,
    apart: Bounds | None = None,
) -> Table:
    """Read CSV (commas, semicolons, tabs or bars; UTF-8, UTF-16 or Windows-1252) or the first filled sheet of a workbook,
    or the one named.

    `score` says how many titles of a row are known, so that a header below a title or a note is found; without it the
    first row that is filled nearly as far as any of the first thirty is taken. With `apart` a workbook, which may unpack
    to far more than it weighs, is read in a process of its own within these bounds. Raises UnreadableFile.
    """
    if len(content) > most_bytes:
        raise UnreadableFile(
            f"The file has {_megabytes(len(content))} and at most {_megabytes(most_bytes)} can be read. Send it in parts."
        )
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("The file is empty.")
    ending = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if _is_workbook(content, ending):
        chosen, sheets, rows = _open_sheet(content, sheet, apart)
        return _table(rows, {}, score, chosen, sheets)
    if sheet:
        raise UnreadableFile("Only a workbook has sheets, and this is a text file.")
    faults: dict[int, str] = {}
    from joinedup.core.delimited import read_delimited

    return _table(read_delimited(content, faults), faults, score)


def _open_sheet(content: bytes, sheet: str, apart: Bounds | None) -> tuple[str, tuple[str, ...], Iterator[Row]]:
    from joinedup.core import workbook, workbook_apart

    if apart is None:
        return workbook.open_sheet(content, sheet)
    return workbook_apart.open_sheet_apart(content, sheet, apart)


# --- What kind of file it is ----------------------------------------------------------------------------------------

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"{\\rtf", "a text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def _is_workbook(content: bytes, ending: str) -> bool:
    """Whether to read it as a workbook; refuses what is neither, or not what its name says."""
    if content.startswith(_OLE):
        if _LOCKED in content:
            raise UnreadableFile("The workbook is locked with a password. Save it without one and send it again.")
        raise UnreadableFile("This is an old workbook (.xls). Save it as .xlsx or CSV and send it again.")
    if content.startswith(_ZIP):
        if ending not in _BOOK_NAMES:
            raise UnreadableFile(f"The file is called {ending} and is a workbook or a compressed file inside. {_AS}")
        return True
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            raise UnreadableFile(f"This is {kind}, not a table. {_AS}")
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise UnreadableFile(f"This is a web page or XML, not a table. {_AS}")
    if ending in _BOOK_NAMES - {""}:
        raise UnreadableFile(f"The file is called {ending} and is no workbook inside. {_AS}")
    if ending not in _TEXT_NAMES:
        raise UnreadableFile(f"Files ending in {ending[:20]} are not read. {_AS}")
    return False


_AS = "Save the table as .xlsx or CSV and send that."


def check_unpacked(sizes: Iterable[tuple[int, int]], packed: int) -> None:
    """Refuse what would unpack to too much: (size, packed size) of each entry of a compressed file of `packed` bytes."""
    total = entries = 0
    for size, packed_size in sizes:
        total, entries = total + size, entries + 1
        if size > MEGABYTE and size > _RATIO_AT_MOST * max(packed_size, 1):
            raise UnreadableFile("The workbook unpacks to far more than it says. It was not opened.")
    if entries > _ENTRIES_AT_MOST:
        raise UnreadableFile(f"The workbook holds {entries:,} parts, which no table needs. It was not opened.")
    if total > _UNZIPPED_AT_MOST or (total > MEGABYTE and total > _RATIO_AT_MOST * packed):
        raise UnreadableFile("The workbook unpacks to far more than can be read. It was not opened.")


def _megabytes(number: int) -> str:
    return f"{number / MEGABYTE:,.0f} MB" if number >= 10 * MEGABYTE else f"{number / MEGABYTE:,.1f} MB"


# --- The header -----------------------------------------------------------------------------------------------------


def _table(
    rows: Iterator[Row], faults: dict[int, str], score: Score | None, sheet: str = "", sheets: tuple[str, ...] = ()
) -> Table:
    filled = ((line, _clean(cells)) for line, cells in rows)
    written = (row for row in filled if any(row[1]))
    first = list(islice(written, _LOOKED_THROUGH_FOR_HEADER))
    if not first:
        raise UnreadableFile("The file is empty.")
    place = _header_place([cells for _, cells in first], score)
    line, titles = first[place]
    if line in faults:
        raise UnreadableFile(f"The header on line {line} cannot be read: {faults[line]}")
    header = _distinct_titles(_trimmed(titles))
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(f"The table has {len(header):,} columns and at most {MOST_COLUMNS} can be read.")
    return Table(header, line, _fitted(chain(first[place + 1 :], written), len(header)), sheet, sheets, faults)


def _clean(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at its end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _fitted(rows: Iterable[Row], width: int) -> Iterator[Row]:
    for line, cells in rows:
        if len(cells) > width:
            cells = [*cells[:width], *_trimmed(cells[width:])]
        elif len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        yield line, cells


_NO_TITLE = re.compile(r"[\d\s.,:/\-+£%]+")


def _header_place(rows: list[list[str]], score: Score | None) -> int:
    """Which of the first rows holds the titles."""
    if score is not None:
        known = [score(cells) for cells in rows]
        if max(known) > 0:
            return known.index(max(known))
    filled = [sum(map(bool, cells)) for cells in rows]
    enough = max(1, max(filled) * 0.6)
    for place, cells in enumerate(rows):
        if filled[place] >= enough:
            if all(_NO_TITLE.fullmatch(cell) for cell in cells if cell):
                break
            return place
    raise UnreadableFile("The file has no header: a first row that says what each column holds.")


def _distinct_titles(titles: list[str]) -> list[str]:
    taken: set[str] = set()
    distinct = []
    for place, title in enumerate(titles, start=1):
        name = base = " ".join(title.split())[:120] or f"column {place}"
        number = 2
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        distinct.append(name)
    return distinct


# --- What is handed back --------------------------------------------------------------------------------------------

REPORT_HEADER = ("row", "field", "value", "reason")


def report_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """The report every import shares, as CSV: what could not be used and why, the header of the file being row 1."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, REPORT_HEADER, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: inert(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def inert(value: Any) -> Any:
    """A cell that a spreadsheet shows and does not run: a leading apostrophe where it would be a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
