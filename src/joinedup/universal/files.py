"""Reading files of registers and of what young people do: titles, rows and what is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from joinedup.core.tabular import Table, UnreadableFile
from joinedup.engines.linkage import identifiers
from joinedup.universal.codes import REASONS, STATUSES, Mark, Status
from joinedup.universal.rules import COLUMNS_NEEDED

_TITLES = {
    "reference": "reference ref id pupilid studentid agencyreference learnerid",
    "name": "name fullname child pupil attendee",
    "given_name": "givenname firstname forename",
    "family_name": "familyname surname lastname",
    "birth_date": "birthdate dateofbirth dob born",
    "age": "age years",
    "mark": "mark attendance present attended register",
    "status": "status activity destination doing participation",
    "reason": "reason why neetreason",
    "provider": "provider school college employer where establishment",
    "starts_on": "startson start startdate from since validfrom date",
}
_FIELD_OF = {word: name for name, words in _TITLES.items() for word in words.split()}
_MARK_OF = {
    "here": Mark.PRESENT, "present": Mark.PRESENT, "yes": Mark.PRESENT, "y": Mark.PRESENT, "1": Mark.PRESENT,
    "x": Mark.PRESENT, "p": Mark.PRESENT, "late": Mark.LATE, "l": Mark.LATE, "leftearly": Mark.LEFT_EARLY,
    "nothere": Mark.ABSENT, "absent": Mark.ABSENT, "no": Mark.ABSENT, "n": Mark.ABSENT, "0": Mark.ABSENT, "a": Mark.ABSENT,
}  # fmt: skip
_STATUS_OF = {
    "education": Status.EDUCATION, "ineducation": Status.EDUCATION, "school": Status.EDUCATION,
    "college": Status.EDUCATION, "sixthform": Status.EDUCATION, "university": Status.EDUCATION,
    "employment": Status.EMPLOYMENT, "work": Status.EMPLOYMENT, "inwork": Status.EMPLOYMENT,
    "employed": Status.EMPLOYMENT, "job": Status.EMPLOYMENT, "training": Status.TRAINING,
    "apprenticeship": Status.TRAINING, "traineeship": Status.TRAINING, "neither": Status.NEITHER,
    "neet": Status.NEITHER, "unemployed": Status.NEITHER, "unknown": Status.UNKNOWN, "notknown": Status.UNKNOWN,
}  # fmt: skip
Fault = dict[str, str]


@dataclass(frozen=True)
class RegisterRow:
    """Somebody on a sheet."""

    line: int
    given_name: str
    family_name: str
    birth_date: date | None
    age: int | None
    mark: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class ParticipationRow:
    """What a school says of one young person."""

    line: int
    reference: str
    status: str
    starts_on: date
    reason: str
    provider: str


@dataclass
class ReadFile:
    """A file that was read."""

    rows: list[Any] = field(default_factory=list)
    rejected: list[Fault] = field(default_factory=list)
    read: int = 0


def fault(line: int, name: str, value: str, reason: str) -> Fault:
    """One line of a report, as every import writes it."""
    return {"row": str(line), "field": name, "value": value[:100], "reason": reason}


def known_titles(titles: Sequence[str]) -> int:
    """How many of these titles are understood."""
    return sum(_plain(title) in _FIELD_OF for title in titles)


def read_register(table: Table, *, today: date) -> ReadFile:
    """The rows of a sheet. A sheet without a column for marks lists those who came. Raises UnreadableFile."""
    places = _places(table.header)
    if "name" not in places and "given_name" not in places:
        raise UnreadableFile(COLUMNS_NEEDED.sentence.format(columns="the name"))
    return _read(table, places, lambda line, said: _register_row(line, said, today, "mark" in places))


def read_participation(table: Table, *, today: date) -> ReadFile:
    """The rows of a school's file. Raises UnreadableFile."""
    places = _places(table.header)
    lacking = [name for name in ("reference", "status") if name not in places]
    if lacking:
        raise UnreadableFile(COLUMNS_NEEDED.sentence.format(columns=" and ".join(lacking)))
    return _read(table, places, lambda line, said: _participation_row(line, said, today))


def _read(table: Table, places: dict[str, int], row_of: Callable[[int, dict[str, str]], Any]) -> ReadFile:
    found = ReadFile()
    for line, cells in table.rows:
        found.read += 1
        if line in table.faults:
            found.rejected.append(fault(line, "", cells[0], table.faults[line]))
            continue
        said = {name: cells[place] for name, place in places.items()}
        try:
            found.rows.append(row_of(line, said))
        except _Wrong as wrong:
            found.rejected.append(fault(line, wrong.name, said.get(wrong.name, ""), str(wrong)))
    return found


class _Wrong(ValueError):
    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def _register_row(line: int, said: dict[str, str], today: date, has_marks: bool) -> RegisterRow:
    given, family = said.get("given_name", ""), said.get("family_name", "")
    if not given and not family:
        given, _, family = said.get("name", "").strip().partition(" ")
    if not (given.strip() or family.strip()):
        raise _Wrong("name", "The name is missing.")
    mark = _MARK_OF.get(_plain(said.get("mark", "")), None if said.get("mark", "").strip() else Mark.ABSENT)
    if not has_marks:
        mark = Mark.PRESENT
    if mark is None:
        raise _Wrong("mark", "Use here, late, left early or not here.")
    return RegisterRow(
        line, given.strip()[:100], family.strip()[:100], _day("birth_date", said.get("birth_date", ""), today),
        _age(said.get("age", "")), mark,
    )  # fmt: skip


def _participation_row(line: int, said: dict[str, str], today: date) -> ParticipationRow:
    reference = said.get("reference", "").strip()
    if not reference:
        raise _Wrong("reference", "Your own reference of the young person is missing.")
    status = _STATUS_OF.get(_plain(said.get("status", "")))
    if status is None:
        raise _Wrong("status", f"Use one of: {', '.join(STATUSES)}.")
    reason = said.get("reason", "").strip().casefold()
    code = next((code for code, words in REASONS.items() if reason in {code, words.casefold()}), "")
    if reason and not code:
        raise _Wrong("reason", f"Use one of: {', '.join(REASONS)}.")
    if code and status != Status.NEITHER:
        raise _Wrong("reason", "A reason is given only of those who neither learn nor work.")
    starts = _day("starts_on", said.get("starts_on", ""), today) or today
    return ParticipationRow(line, reference, status, starts, code, said.get("provider", "").strip()[:160])


def _day(name: str, text: str, today: date) -> date | None:
    if not text.strip():
        return None
    try:
        found = identifiers.birth_date(text, today=today)
    except ValueError as wrong:
        raise _Wrong(name, str(wrong)) from None
    if found > today:
        raise _Wrong(name, "This day is still to come.")
    return found


def _age(text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and int(plain) <= 110):
        raise _Wrong("age", "Give the age in whole years.")
    return int(plain)


def _places(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        name = _FIELD_OF.get(_plain(title))
        if name and name not in found:
            found[name] = place
    return found


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
