"""Opening a workbook (.xlsx): looked over before anything is unpacked, then read a row at a time."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from joinedup.core.tabular import MOST_COLUMNS, TOO_MUCH, Row, UnreadableFile, check_unpacked

_ROWS_IN_A_SHEET = 1_048_576
_AT_A_TIME = 500
_BROKEN = "The workbook is damaged and cannot be read. Open it in a spreadsheet program, save it again and send that."
# Everything that reading a file made to do harm has been seen to raise; anything else would be a bug of ours.
_FAULTS = (
    ParseError, zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
    OverflowError, EOFError, NotImplementedError, RuntimeError, AssertionError, OSError, UnicodeError, zlib.error,
)  # fmt: skip


def open_sheet(content: bytes, wanted: str = "") -> tuple[str, tuple[str, ...], Iterator[Row]]:
    """The chosen sheet's name, the names of all sheets, and the rows of the chosen one: the one `wanted`, else the
    first with anything in it. Raises UnreadableFile."""
    _look_over(content)
    try:
        book = _load(content)
        titles = tuple(str(sheet.title) for sheet in book.worksheets)
    except _FAULTS as fault:
        raise _unreadable(fault) from fault
    if wanted:
        place = next(
            (place for place, title in enumerate(titles) if title.strip().lower() == wanted.strip().lower()), -1
        )
        if place < 0:
            raise UnreadableFile(f"The workbook has no sheet called {wanted}. It has: {', '.join(titles)[:200]}.")
        return titles[place], titles, _rows(book.worksheets[place])
    hidden = [sheet.sheet_state != "visible" for sheet in book.worksheets]
    for place in sorted(range(len(titles)), key=hidden.__getitem__):
        title = titles[place]
        if any(any(cells) for _, cells in islice(_rows(book.worksheets[place]), 1000)):
            return title, titles, _rows(book.worksheets[place])
    raise UnreadableFile("The file is empty.")


def _look_over(content: bytes) -> None:
    """Refuse by what the list of parts says, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            kind = packed.read("mimetype")[:80] if "mimetype" in packed.namelist() and len(parts) < 2000 else b""
    except _FAULTS as fault:
        raise UnreadableFile(_BROKEN) from fault
    check_unpacked(((part.file_size, part.compress_size) for part in parts), len(content))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("The file is locked with a password. Save it without one and send it again.")
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "macrosheets/" in name for name in names):
        raise UnreadableFile("The workbook holds macros. Save it as an ordinary workbook (.xlsx) or CSV and send that.")
    if "opendocument" in kind.decode("latin-1"):
        raise UnreadableFile("This is an OpenDocument file. Save it as .xlsx or CSV and send that.")
    if "xl/workbook.bin" in names:
        raise UnreadableFile("This is a binary workbook (.xlsb). Save it as .xlsx or CSV and send that.")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableFile("This is a compressed file and no workbook. Send the table itself, as .xlsx or CSV.")


def _load(content: bytes) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any) -> Iterator[Row]:
    """Each row with its number in the sheet, every cell as text."""
    try:
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        cells = enumerate(sheet.iter_rows(values_only=True, max_row=None), start=1)
        while batch := _next_rows(cells):
            for line, values in batch:
                if len(values) > MOST_COLUMNS and any(each is not None for each in values[MOST_COLUMNS:]):
                    raise UnreadableFile(f"Row {line} has more than {MOST_COLUMNS} columns.")
                if line > _ROWS_IN_A_SHEET:
                    raise UnreadableFile(_BROKEN)
                yield line, [_text(value) for value in values[:MOST_COLUMNS]]
    except UnreadableFile:
        raise
    except _FAULTS as fault:
        raise _unreadable(fault) from fault


def _next_rows(cells: Iterator[tuple[int, tuple[Any, ...]]]) -> list[tuple[int, tuple[Any, ...]]]:
    with warnings.catch_warnings():  # of what the file holds beside cells, which is not read
        warnings.simplefilter("ignore")
        return list(islice(cells, _AT_A_TIME))


def _unreadable(fault: Exception) -> UnreadableFile:
    if isinstance(fault, UnreadableFile):
        return fault
    return UnreadableFile(TOO_MUCH if "memory" in str(fault).lower() else _BROKEN)  # a parser's own word for it


def _text(value: Any) -> str:
    """A cell as somebody would type it: days as 2014-09-01, whole numbers without a point, TRUE and FALSE."""
    kind = type(value)
    if kind is str:
        return _plain(value)
    if value is None:
        return ""
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if kind is float:
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 86400:.10g}"
    return _plain(str(value))


def _number(value: float) -> str:
    """As the spreadsheet shows it: fifteen figures, and never in powers of ten where it is a whole number."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _plain(text: str) -> str:
    """Without what no database keeps: noughts and halves of characters."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
