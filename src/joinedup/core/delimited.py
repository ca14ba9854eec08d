"""Delimited text as it really comes: any of four separators, three encodings, and quotation marks nobody closed."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator

from joinedup.core.tabular import Row, UnreadableFile

_DELIMITERS = ",;\t|"
_LINES_IN_A_ROW = 60
_UNCLOSED = "A quotation mark in this row is not closed, or stands inside a value. Put two of them, or none."
csv.field_size_limit(10_000_000)


class _Unclosed(Exception):
    """A quoted value goes on for longer than any value does."""


class _Lines:
    """The lines of a text, counted, that can be put back when a row turns out to end earlier than its quotes say."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self.row: list[str] = []  # the lines of the row being read
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.row) >= _LINES_IN_A_ROW:
            raise _Unclosed
        try:
            line = self._again.popleft() if self._again else next(self._source).replace("\0", "")
        except StopIteration:
            if self.row:
                raise _Unclosed from None
            raise
        self.row.append(line)
        self.number += 1
        return line

    def keep_first(self) -> str:
        """Put all lines of the row back but its first, which is returned."""
        first, *others = self.row
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        self.row = []
        return first


def read_delimited(content: bytes, faults: dict[int, str]) -> Iterator[Row]:
    """Each row with the line it starts on. A row whose quotation marks do not pair comes as its raw text, with a sentence
    in `faults`, and reading goes on at the next line: a stray mark never swallows the rows after it."""
    encoding = _encoding_of(content)
    delimiter = _delimiter_of(content, encoding)
    lines = _Lines(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        start = lines.number + 1
        lines.row = []
        try:
            cells = next(reader)
            if len(lines.row) > 1:
                _is_well_quoted(lines.row, delimiter)
        except StopIteration:
            return
        except (_Unclosed, csv.Error) as error:
            if not lines.row:  # nothing was read, so nothing can be passed over
                raise UnreadableFile(f"The file cannot be read after line {start - 1}: {error}.") from None
            faults[start] = _UNCLOSED
            cells = [lines.keep_first().strip()]
            reader = csv.reader(lines, delimiter=delimiter)
        yield start, cells


def _is_well_quoted(lines: list[str], delimiter: str) -> None:
    """Raise csv.Error where something follows a closing mark: then the marks of a row of several lines pair wrongly."""
    next(csv.reader(lines, delimiter=delimiter, strict=True))


def _encoding_of(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    beginning = content[:2000]
    if beginning.count(b"\0") > len(beginning) // 4:  # UTF-16 without its mark: every other byte is nought
        return "utf-16-le" if beginning[1:2] == b"\0" else "utf-16-be"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter_of(content: bytes, encoding: str) -> str:
    """The separator that parts most of the first lines into most values. A first line `sep=;` says it outright."""
    text = content[:40_000].decode(encoding, errors="ignore").replace("\0", "")
    lines = [line for line in text.splitlines() if line.strip()][:30]
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5]:
        return lines[0][4:5] if lines[0][4] in _DELIMITERS else ","
    bare = ["".join(line.split('"')[::2]) for line in lines]  # what stands outside quotation marks
    return max(_DELIMITERS, key=lambda each: sum(min(line.count(each), 60) for line in bare))
