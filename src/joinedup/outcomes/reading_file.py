"""Reading a file of readings: titles, rows, and what is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from joinedup.core.tabular import Table, UnreadableFile
from joinedup.outcomes.counting import period_of
from joinedup.outcomes.valuing import Said, fault_in, worked_out

_TITLES = {
    "measure": "measure measurecode code indicator",
    "area": "area locality cluster place areacode",
    "cohort": "cohort group people cohortcode",
    "starts_on": "from startson start periodstart starts",
    "ends_on": "to endson end periodend ends date day",
    "value": "value reading figure percent percentage",
    "numerator": "numerator count howmany top",
    "denominator": "denominator of ofhowmany base bottom population",
    "source": "source wherefrom",
}
_FIELD_OF = {word: name for name, words in _TITLES.items() for word in words.split()}
_NEEDED = ("measure", "ends_on")
_CALLED = {"starts_on": "from", "ends_on": "to"}
COLUMNS = ("measure", "area", "cohort", "from", "to", "value", "numerator", "denominator", "source")
Fault = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """What a file may speak of under a measure's code."""

    form: str
    frequency: str
    is_counted: bool
    source: str


@dataclass(frozen=True)
class FileRow:
    """One row that can be used so far: names as they are written, the value as it is kept."""

    line: int
    measure: str
    area: str
    cohort: str
    said: Said


@dataclass
class ReadFile:
    """A file that was read."""

    rows: list[FileRow] = field(default_factory=list)
    rejected: list[Fault] = field(default_factory=list)
    read: int = 0


class _Wrong(ValueError):
    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def known_titles(titles: Sequence[str]) -> int:
    """How many of these titles are understood."""
    return sum(plain(title) in _FIELD_OF for title in titles)


def fault(line: int, name: str, value: str, reason: str) -> Fault:
    """One line of a report, as every import writes it."""
    return {"row": str(line), "field": _CALLED.get(name, name), "value": value[:100], "reason": reason}


def read_file(table: Table, kinds: Mapping[str, Kind], *, today: date, file_name: str) -> ReadFile:
    """The rows of a file, against the measures there are by code. Raises UnreadableFile where a column is lacking."""
    places: dict[str, int] = {}
    for place, title in enumerate(table.header):
        name = _FIELD_OF.get(plain(title))
        if name:
            places.setdefault(name, place)
    lacking = [_CALLED.get(name, name) for name in _NEEDED if name not in places]
    if lacking or not {"value", "numerator"} & places.keys():
        lacking = lacking or ["value"]
        raise UnreadableFile(f"it has no column for {' and '.join(lacking)}. The columns are {', '.join(COLUMNS)}.")
    found = ReadFile()
    for line, cells in table.rows:
        found.read += 1
        if line in table.faults:
            found.rejected.append(fault(line, "", cells[0], table.faults[line]))
            continue
        told = {name: cells[place].strip() for name, place in places.items()}
        try:
            found.rows.append(_row(line, told, kinds, today, file_name))
        except _Wrong as wrong:
            found.rejected.append(fault(line, wrong.name, told.get(wrong.name, ""), str(wrong)))
    return found


def _row(line: int, told: Mapping[str, str], kinds: Mapping[str, Kind], today: date, file_name: str) -> FileRow:
    code = told.get("measure", "")
    kind = kinds.get(plain(code))
    if kind is None:
        raise _Wrong("measure", "There is no measure with this code." if code else "The measure’s code is missing.")
    if kind.is_counted:
        raise _Wrong("measure", "Joinedup counts this measure itself.")
    ends_on = _day("ends_on", told.get("ends_on", ""))
    written = told.get("starts_on", "")
    starts_on = _day("starts_on", written) if written else period_of(kind.frequency, ends_on)[0]
    denominator = _amount("denominator", told.get("denominator", ""))
    if denominator is not None and denominator != int(denominator):
        raise _Wrong("denominator", "Enter a whole number.")
    said = Said(
        starts_on, ends_on, _amount("value", told.get("value", "")),
        (told.get("source") or kind.source or file_name)[:300], _amount("numerator", told.get("numerator", "")),
        None if denominator is None else int(denominator),
    )  # fmt: skip
    wrong = fault_in(kind.form, said, today)
    if wrong is not None:
        raise _Wrong(*wrong)
    return FileRow(line, plain(code), told.get("area", ""), told.get("cohort", ""), worked_out(kind.form, said))


def _day(name: str, text: str) -> date:
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", (2, 1, 0)),
    ):
        found = re.fullmatch(pattern, text)
        if found:
            try:
                return date(*(int(found.groups()[place]) for place in order))
            except ValueError:
                break
    raise _Wrong(name, "Enter a day, such as 2026-03-31 or 31/03/2026.")


def _amount(name: str, text: str) -> Decimal | None:
    bare = text.replace(",", "").removesuffix("%").strip()
    if not bare:
        return None
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise _Wrong(name, "Enter a number.") from None
    if not amount.is_finite() or abs(amount) > 10_000_000 or amount != round(amount, 2):
        raise _Wrong(name, "Enter a number with at most two decimal places.")
    return amount


def plain(text: str) -> str:
    """Letters and digits only, small."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
