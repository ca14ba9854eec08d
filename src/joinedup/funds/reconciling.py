"""A partner's ledger extract: reading its rows, and matching them with what is posted here. Pure.

A row and a line match when their reference and amount are the same; else when the amount is the same and they are the only
two of that amount within five days. Whatever is left on either side is for a person to look at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from joinedup.engines.linkage.identifiers import read_day
from joinedup.funds.pounds import any_amount

Told = TypeVar("Told")

NEAR = 5
_TITLES: dict[str, tuple[str, ...]] = {
    "dated_on": ("date", "posting date", "transaction date", "day", "period date", "tran date"),
    "reference": ("reference", "ref", "document", "document number", "invoice", "invoice number", "transaction"),
    "words": ("description", "narrative", "details", "memo", "text"),
    "line_code": ("line", "budget line", "cost centre", "cost center", "budget code", "code"),
    "amount": ("amount", "net", "value", "net amount", "net value", "cost"),
    "debit": ("debit", "dr"),
    "credit": ("credit", "cr"),
}


@dataclass(frozen=True)
class ReadRow:
    """A row that could be read. `number` is its line in the file."""

    number: int
    dated_on: date
    reference: str
    words: str
    line_code: str
    pence: int


@dataclass(frozen=True)
class Rejected:
    """A row that could not, and why."""

    row: int
    field: str
    value: str
    reason: str


@dataclass
class Read:
    """What a file holds."""

    rows: list[ReadRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Here:
    """A line that is posted here: its id, day, amount, and everything its reference may be found in."""

    id: int
    dated_on: date
    pence: int
    references: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A row and a line that are the same thing, and how that was seen."""

    number: int
    line: int
    how: str


def known_titles(titles: Sequence[str]) -> int:
    """How many titles of a row are known, to find the header of a file."""
    return len(_columns(titles))


def _columns(titles: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z]+", " ", title.lower()).strip() for title in titles]
    found = {}
    for name, words in _TITLES.items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            found[name] = place
    return found


def read_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Read:
    """Read the rows below a header. Raises ValueError, with a sentence, where a column is missing."""
    columns = _columns(header)
    if "dated_on" not in columns or not ({"amount"} <= columns.keys() or {"debit", "credit"} <= columns.keys()):
        raise ValueError("It needs a column for the date and one for the amount, or one each for debit and credit.")
    read = Read()
    for number, cells in rows:
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        _read_row(read, number, said)
    return read


def _read_row(read: Read, number: int, said: dict[str, str]) -> None:
    day = _tried(read, number, "date", said["dated_on"], _day)
    if "amount" in said:
        pence = _tried(read, number, "amount", said["amount"], any_amount)
    else:
        left = _tried(read, number, "debit", said["debit"] or "0", any_amount)
        right = _tried(read, number, "credit", said["credit"] or "0", any_amount)
        pence = None if left is None or right is None else left - right
    if day is None or pence is None:
        return
    if pence == 0:
        read.rejected.append(Rejected(number, "amount", "0", "A row of nought is not a transaction."))
        return
    read.rows.append(
        ReadRow(
            number,
            day,
            said.get("reference", "")[:80],
            said.get("words", "")[:200],
            said.get("line_code", "")[:20],
            pence,
        )
    )


def _tried(read: Read, number: int, name: str, text: str, how: Callable[[str], Told]) -> Told | None:
    try:
        return how(text)
    except ValueError as error:
        read.rejected.append(Rejected(number, name, text[:100], str(error)))
        return None


def _day(text: str) -> date:
    return read_day(text, latest=date(2099, 12, 31))


def plain(reference: str) -> str:
    """A reference without what people type differently."""
    return re.sub(r"[^a-z0-9]", "", reference.lower())


def match(rows: Sequence[ReadRow], lines: Sequence[Here]) -> list[Match]:
    """Pairs of rows and lines, each in one pair at most."""
    free_rows = {row.number: row for row in rows}
    free_lines = {line.id: line for line in lines}
    found: list[Match] = []
    by_reference: dict[tuple[str, int], list[Here]] = defaultdict(list)
    for line in lines:
        for reference in sorted(line.references):
            by_reference[reference, line.pence].append(line)
    for row in rows:
        key = plain(row.reference)
        there = [line for line in by_reference.get((key, row.pence), ()) if line.id in free_lines] if key else []
        if there:
            best = min(there, key=_nearness(row))
            _take(found, free_rows, free_lines, row, best, "reference")
    for row in list(free_rows.values()):
        near = [each for each in free_lines.values() if _are_near(row, each)]
        rivals = [each for each in free_rows.values() if near and _are_near(each, near[0])]
        if len(near) == 1 and len(rivals) == 1:
            _take(found, free_rows, free_lines, row, near[0], "amount")
    return sorted(found, key=lambda each: each.number)


def _nearness(row: ReadRow) -> Callable[[Here], tuple[int, int]]:
    return lambda line: (abs((line.dated_on - row.dated_on).days), line.id)


def _are_near(row: ReadRow, line: Here) -> bool:
    return row.pence == line.pence and abs((line.dated_on - row.dated_on).days) <= NEAR


def _take(
    found: list[Match], rows: dict[int, ReadRow], lines: dict[int, Here], row: ReadRow, line: Here, how: str
) -> None:
    found.append(Match(row.number, line.id, how))
    del rows[row.number], lines[line.id]
