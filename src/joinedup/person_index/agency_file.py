"""Reading an agency's file of people: what each row says, and every fault of a row that cannot be used. Pure.

Whatever can be read is read; a row with something that cannot be is rejected whole, with every fault named, so that
nothing half-understood is kept. Rows read = good + rejected + duplicates, always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from joinedup.core.tabular import MOST_BYTES, Bounds, Row, Table, UnreadableFile, read_table
from joinedup.engines.linkage import names
from joinedup.person_index.agency_file_mapping import (
    FIELDS,
    ColumnMapping,
    GuessedColumn,
    guess_columns,
    known_titles,
    places_of,
    what_is_missing,
)
from joinedup.person_index.agency_file_values import plain, readable_name, readers

__all__ = [
    "AgencyFile",
    "FirstRows",
    "PreviewRow",
    "RecordRow",
    "Rejected",
    "UnreadableFile",
    "read_agency_file",
    "read_first_rows",
]

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many
Remembered = Callable[[Sequence[str]], ColumnMapping | None]  # how files with this header are read
_LOOKED_AT = 50
_TOLD_EVERY = 5000


@dataclass(frozen=True)
class Rejected:
    """One value that could not be used: `row` is its line in the file, the header being line 1."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True)
class RecordRow:
    """One agency's record as read from its row. `as_supplied` is every column as it came. `digest` names what the row
    says and how it was read, apart from the day it said so: an unchanged row is not written again."""

    agency_reference: str
    as_supplied: Mapping[str, str]
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    household_reference: str = ""
    household_part: str = ""
    as_of: date | None = None
    line: int = 0
    digest: str = ""


@dataclass
class AgencyFile:
    """A file that was read: its good rows, what was rejected, and how many rows there were."""

    rows: list[RecordRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    read: int = 0
    duplicates: int = 0
    rejected_rows: int = 0
    header: tuple[str, ...] = ()
    guessed: tuple[GuessedColumn, ...] = ()


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would land: what is read of it, in words, and what cannot be."""

    line: int
    values: Mapping[str, str]
    faults: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class FirstRows:
    """The beginning of a file, as `mapping` and the guess beside it read it: `problem` says what is missing before it
    can be read at all."""

    header: tuple[str, ...]
    guessed: tuple[GuessedColumn, ...]
    rows: tuple[PreviewRow, ...]
    mapping: ColumnMapping
    problem: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_agency_file(
    content: bytes,
    *,
    today: date,
    allow_synthetic: bool = False,
    file_name: str = "",
    mapping: ColumnMapping | None = None,
    remembered: Remembered | None = None,
    most_bytes: int = MOST_BYTES,
    apart: Bounds | None = None,
    progress: Progress | None = None,
) -> AgencyFile:
    """Read a file (core.tabular.read_table says which, and what `apart` is).

    A reference that comes twice with the same content is a duplicate; with other content the later row is rejected.
    Raises UnreadableFile when there is no header this can be read by.
    """
    table, mapping, guessed, rows = _opened(content, file_name, mapping, remembered, today, most_bytes, apart)
    reader = _RowReader(table, places_of(guessed), mapping, today, allow_synthetic)
    expected = content.count(b"\n") if table.sheet == "" else 0
    found = AgencyFile(header=tuple(table.header), guessed=tuple(guessed))
    seen: dict[str, RecordRow] = {}
    for line, cells in rows:
        found.read += 1
        if progress and found.read % _TOLD_EVERY == 0:
            progress("Reading rows", found.read, max(expected, found.read))
        row, faults = reader.read(line, cells)
        if row is not None:
            there = seen.setdefault(row.agency_reference, row)
            if there is row:
                found.rows.append(row)
                continue
            if there.digest == row.digest:
                found.duplicates += 1
                continue
            sentence = f"The same reference is on line {there.line} with other details."
            faults = [Rejected(line, "agency_reference", row.agency_reference, sentence)]
        found.rejected_rows += 1
        found.rejected += faults
    return found


def read_first_rows(
    content: bytes,
    *,
    today: date,
    allow_synthetic: bool = False,
    file_name: str = "",
    mapping: ColumnMapping | None = None,
    remembered: Remembered | None = None,
    most_bytes: int = MOST_BYTES,
    apart: Bounds | None = None,
    most: int = 20,
) -> FirstRows:
    """How a file begins and how its columns would be read. Raises UnreadableFile where there is no table."""
    table, mapping, guessed, rows = _opened(content, file_name, mapping, remembered, today, most_bytes, apart)
    places: dict[str, list[int]] = {}
    for place, column in enumerate(guessed):
        if column.field:
            places.setdefault(column.field, []).append(place)
    problem = what_is_missing(places)
    reader = _RowReader(table, places, mapping, today, allow_synthetic, is_whole=not problem)
    shown = tuple(_preview(line, *reader.read_values(line, cells)) for line, cells in islice(rows, most))
    return FirstRows(tuple(table.header), tuple(guessed), shown, mapping, problem, table.sheet, table.sheets)


def _preview(line: int, values: Mapping[str, Any], faults: list[Rejected]) -> PreviewRow:
    said = {name: _in_words(values[name]) for name in FIELDS if values.get(name)}
    return PreviewRow(line, said, tuple(faults))


def _in_words(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _opened(
    content: bytes,
    file_name: str,
    mapping: ColumnMapping | None,
    remembered: Remembered | None,
    today: date,
    most_bytes: int,
    apart: Bounds | None,
) -> tuple[Table, ColumnMapping, list[GuessedColumn], Iterator[Row]]:
    sheet = mapping.sheet if mapping else ""
    table = read_table(content, file_name, sheet=sheet, most_bytes=most_bytes, score=known_titles, apart=apart)
    if mapping is None:
        mapping = (remembered(table.header) if remembered else None) or ColumnMapping()
    first = list(islice(table.rows, _LOOKED_AT))
    rows = [cells for line, cells in first if line not in table.faults]
    return table, mapping, guess_columns(table.header, rows, mapping, today=today), chain(first, table.rows)


class _RowReader:
    """Reads the rows of one file."""

    def __init__(
        self,
        table: Table,
        places: Mapping[str, list[int]],
        mapping: ColumnMapping,
        today: date,
        allow_synthetic: bool,
        is_whole: bool = True,
    ) -> None:
        self._header = table.header
        self._faults = table.faults
        self._is_whole = is_whole
        known = readers(
            today=today, allow_synthetic=allow_synthetic, date_order=mapping.date_order, values=mapping.values
        )
        self._columns = [(name, places[name], known[name]) for name in FIELDS if name in places]
        self._fixed = [(name, plain(value), known[name]) for name, value in mapping.fixed.items()]
        dated = places.get("as_of", ())
        order = sorted(set(range(len(table.header))) - set(dated), key=table.header.__getitem__)
        self._said: Callable[[Sequence[str]], Any] = itemgetter(*order) if order else tuple
        self._seed = hashlib.blake2b("\0".join(table.header[place] for place in order).encode(), digest_size=32)

    def read(self, line: int, cells: list[str]) -> tuple[RecordRow | None, list[Rejected]]:
        """The row, or everything that is wrong with it."""
        values, faults = self.read_values(line, cells)
        if faults:
            return None, faults
        values.pop("full_name", None)
        supplied = dict(zip(self._header, cells, strict=True))
        digest = self._seed.copy()
        digest.update(repr((self._said(cells), sorted((k, v) for k, v in values.items() if k != "as_of"))).encode())
        return RecordRow(as_supplied=supplied, line=line, digest=digest.hexdigest(), **values), []

    def read_values(self, line: int, cells: list[str]) -> tuple[dict[str, Any], list[Rejected]]:
        """What each field of a row says, and everything that is wrong with it."""
        if line in self._faults:
            return {}, [Rejected(line, "", cells[0][:200], self._faults[line])]
        if len(cells) > len(self._header):
            reason = f"This row has {len(cells)} values and the header has {len(self._header)}. A comma may need quotes round it."  # fmt: skip
            return {}, [Rejected(line, "", "", reason)]
        values: dict[str, Any] = {}
        faults: list[Rejected] = []
        for name, text, reader in self._texts(cells):
            if text:
                try:
                    values[name] = reader(text)
                except ValueError as wrong:
                    faults.append(Rejected(line, name, text[:200], str(wrong)))
        if "full_name" in values and not (values.get("given_name") or values.get("family_name")):
            self._split(line, values, faults)
        if self._is_whole:
            _check_whole(line, values, faults)
        return values, faults

    def _texts(self, cells: list[str]) -> Iterator[tuple[str, str, Any]]:
        for name, places, reader in self._columns:
            if len(places) == 1:
                yield name, plain(cells[places[0]]), reader
            else:
                yield name, ", ".join(filter(None, (plain(cells[place]) for place in places))), reader
        for name, text, reader in self._fixed:
            yield name, text, reader

    def _split(self, line: int, values: dict[str, Any], faults: list[Rejected]) -> None:
        given, family = names.split_full_name(values["full_name"])
        for name, text in (("given_name", given), ("family_name", family)):
            if len(text) > 100:
                faults.append(Rejected(line, "full_name", values["full_name"], "This is longer than 100 characters."))
            values[name] = readable_name(text)


def _check_whole(line: int, values: Mapping[str, Any], faults: list[Rejected]) -> None:
    wrong = {fault.field for fault in faults}
    if not values.get("agency_reference") and "agency_reference" not in wrong:
        faults.append(Rejected(line, "agency_reference", "", "The agency's own reference is missing."))
    if not faults and not (values.get("given_name") or values.get("family_name")):
        faults.append(Rejected(line, "family_name", "", "The name is missing."))
