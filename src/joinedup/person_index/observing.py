"""What agencies observe of children as they work, and reading a file of it: attendance, exclusions, episodes. Pure.

An observation says that something happened on a day, as one agency recorded it. It says nothing about why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from joinedup.core.tabular import Table
from joinedup.engines.linkage import identifiers
from joinedup.person_index.agency_file import Rejected


@dataclass(frozen=True)
class ObservationKind:
    """`unit` is empty where a thing happened or did not; else `words` holds {value} and it lies between the bounds."""

    code: str
    name: str
    words: str
    unit: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)


def _kinds(*kinds: ObservationKind) -> dict[str, ObservationKind]:
    return {kind.code: kind for kind in kinds}


KINDS: dict[str, ObservationKind] = _kinds(
    ObservationKind("attendance", "School attendance over a half term", "attendance {value} per cent", "per cent",
                    Decimal(0), Decimal(100)),
    ObservationKind("suspension", "Suspension from school", "suspended for {value} days", "days", Decimal("0.5"),
                    Decimal(45)),
    ObservationKind("permanent_exclusion", "Permanent exclusion", "permanently excluded"),
    ObservationKind("school_move", "Change of school within a year", "changed school within the year"),
    ObservationKind("missing_episode", "Missing from home or care", "reported missing"),
    ObservationKind("police_incident", "Police called to the home with a child there",
                    "police called to the home while the child was there"),
    ObservationKind("emergency_attendance", "Attendance at accident and emergency",
                    "seen at accident and emergency"),
    ObservationKind("not_brought", "Not brought to a health appointment", "not brought to a health appointment"),
    ObservationKind("eviction_notice", "Notice that the family must leave its home", "the family was told to leave its home"),
    ObservationKind("homelessness", "Application as homeless", "the family applied as homeless"),
    ObservationKind("rent_arrears", "Rent arrears", "rent arrears of {value} weeks", "weeks", Decimal(0), Decimal(520)),
)  # fmt: skip

_WORDS_FOR = {
    "attendance": "attendance schoolattendance attendancepercent attendancepercentage",
    "suspension": "suspension suspended fixedtermexclusion fixedperiodexclusion exclusion excluded",
    "permanent_exclusion": "permanentexclusion permanentlyexcluded",
    "school_move": "schoolmove changeofschool midyearmove inyeartransfer",
    "missing_episode": "missingepisode missing missingfromhome missingfromcare misper",
    "police_incident": "policeincident incident domesticincident domesticabuseincident publicprotectionnotice",
    "emergency_attendance": "emergencyattendance ae aeattendance accidentandemergency edattendance emergencydepartment",
    "not_brought": "notbrought wasnotbrought dna didnotattend missedappointment",
    "eviction_notice": "evictionnotice eviction noticetoquit possessionorder",
    "homelessness": "homelessness homelessnessapplication homeless",
    "rent_arrears": "rentarrears arrears",
}
_KIND_OF = {word: code for code, words in _WORDS_FOR.items() for word in words.split()}
_SYNONYMS = {
    "agency_reference": "reference ref id recordid personid clientid childid patientid pupilid tenantid agencyreference"
    " personreference externalid",
    "kind": "kind type observation event eventtype observationtype what measure",
    "happened_on": "date happenedon eventdate on startdate start from day",
    "ended_on": "enddate end to until endedon",
    "value": "value percent percentage number days weeks amount attendance",
    "detail": "detail details note notes reason category",
}
_FIELD_OF = {word: name for name, words in _SYNONYMS.items() for word in words.split()}
_NEEDED = ("agency_reference", "kind", "happened_on")
_CALLED = {"agency_reference": "reference", "kind": "kind", "happened_on": "date"}
# What a column may hold, as a page offers it.
FIELDS: dict[str, str] = {
    "agency_reference": "The agency's own reference of the person",
    "kind": "What was observed",
    "happened_on": "The day",
    "value": "The number: per cent, days or weeks",
    "ended_on": "The day it ended",
    "detail": "More about it",
}
_MOST_DETAIL = 200


class NoSuchColumns(ValueError):
    """The file lacks a column it cannot be read without; the sentence says which."""


@dataclass(frozen=True)
class ObservationRow:
    """One observation as read from its row."""

    line: int
    agency_reference: str
    kind: str
    happened_on: date
    ended_on: date | None = None
    value: Decimal | None = None
    detail: str = ""

    @property
    def key(self) -> tuple[str, str, date]:
        """An agency says a thing of somebody once for a day."""
        return self.agency_reference, self.kind, self.happened_on


@dataclass
class ObservationFile:
    """A file that was read: its good rows, what was rejected, and how many rows there were."""

    rows: list[ObservationRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    read: int = 0
    duplicates: int = 0
    rejected_rows: int = 0


def in_words(kind: str, value: Decimal | None) -> str:
    """An observation as part of a sentence: “attendance 71 per cent”."""
    return KINDS[kind].words.format(value="" if value is None else f"{value.normalize():f}")


def read_given(given: Sequence[Mapping[str, str]], *, today: date) -> ObservationFile:
    """Observations that came one by one, not as a file, by the same rules; the first is number 1."""
    columns = {name: place for place, name in enumerate(FIELDS)}
    rows = [(number, [each.get(name, "") for name in FIELDS]) for number, each in enumerate(given, 1)]
    return _read_rows(rows, columns, {}, today)


def known_titles(titles: Sequence[str]) -> int:
    """How many of these titles are understood, so that a header below a note is found. What stands in rows as a kind,
    such as attendance, says nothing."""
    return sum(_plain(title) in _FIELD_OF and _plain(title) not in _KIND_OF for title in titles)


def guessed_columns(header: Sequence[str], said: Mapping[str, str] | None = None) -> list[str]:
    """What each column holds, "" where it is not used: as somebody said of its title, else by the title. No two columns
    hold the same; what was said comes first."""
    told = {_plain(title): name for title, name in (said or {}).items()}
    found = [told.get(_plain(title), "") for title in header]
    taken = {name for name in found if name}
    for place, title in enumerate(header):
        name = _FIELD_OF.get(_plain(title), "")
        if _plain(title) not in told and name and name not in taken:
            found[place] = name
            taken.add(name)
    return found


def faults_of_columns(said: Mapping[str, str]) -> list[str]:
    """What is wrong with what somebody said of the columns, in sentences."""
    names = [name for name in said.values() if name]
    faults = [f"“{name}” is nothing a column can hold." for name in sorted({*names} - FIELDS.keys())]
    return faults + [f"Two columns hold “{FIELDS[name]}”." for name in FIELDS if names.count(name) > 1]


def what_is_missing(columns: Collection[str]) -> str:
    """What a file needs beyond these columns, in a sentence; empty when it can be read."""
    lacking = [_CALLED[name] for name in _NEEDED if name not in columns]
    return f"The file has no column for the {' and the '.join(lacking)}." if lacking else ""


def read_observations(table: Table, *, today: date, columns: Mapping[str, str] | None = None) -> ObservationFile:
    """Every row of a table that can be used, and why the others cannot. `columns` says what titles hold, where they do
    not say it themselves. Raises NoSuchColumns."""
    places = {name: place for place, name in enumerate(guessed_columns(table.header, columns)) if name}
    missing = what_is_missing(places)
    if missing:
        raise NoSuchColumns(f"{missing} The header is: {', '.join(table.header)[:200]}")
    return _read_rows(table.rows, places, table.faults, today)


def _read_rows(
    rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int], unreadable: Mapping[int, str], today: date
) -> ObservationFile:
    found = ObservationFile()
    seen: dict[tuple[str, str, date], ObservationRow] = {}
    for line, cells in rows:
        found.read += 1
        row, faults = _row(line, cells, columns, unreadable.get(line, ""), today)
        if row is not None and row.key in seen:
            there = seen[row.key]
            if (there.value, there.ended_on, there.detail) == (row.value, row.ended_on, row.detail):
                found.duplicates += 1
                continue
            faults = [Rejected(line, "date", row.happened_on.isoformat(),
                               f"Line {there.line} says otherwise of the same person, kind and day.")]  # fmt: skip
        elif row is not None:
            seen[row.key] = row
            found.rows.append(row)
        if faults:
            found.rejected_rows += 1
            found.rejected += faults
    return found


def _row(
    line: int, cells: list[str], columns: Mapping[str, int], fault: str, today: date
) -> tuple[ObservationRow | None, list[Rejected]]:
    if fault:
        return None, [Rejected(line, "", cells[0], fault)]
    said = {name: cells[place] for name, place in columns.items()}
    faults: list[Rejected] = []

    def read(name: str, reader: Callable[[str], object]) -> object:
        try:
            return reader(said.get(name, ""))
        except ValueError as wrong:
            faults.append(Rejected(line, name, said.get(name, ""), str(wrong)))
            return None

    reference = read("agency_reference", _reference)
    kind = read("kind", _kind)
    happened = read("happened_on", lambda text: _day(text, today))
    ended = read("ended_on", lambda text: _day(text, today) if text else None)
    value = read("value", lambda text: _value(str(kind), text)) if kind else None
    if isinstance(happened, date) and isinstance(ended, date) and ended < happened:
        faults.append(Rejected(line, "ended_on", said["ended_on"], "It ends before it starts."))
    if faults:
        return None, faults
    detail = " ".join(said.get("detail", "").split())[:_MOST_DETAIL]
    assert isinstance(happened, date)  # noqa: S101 - a fault otherwise
    return (
        ObservationRow(
            line, str(reference), str(kind), happened, ended if isinstance(ended, date) else None,
            value if isinstance(value, Decimal) else None, detail,
        ),
        [],
    )  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _reference(text: str) -> str:
    if not text:
        raise ValueError("The agency's own reference for the person is missing.")
    return text


def _kind(text: str) -> str:
    code = text.strip().lower().replace(" ", "_")
    found = code if code in KINDS else _KIND_OF.get(_plain(text))
    if found is None:
        raise ValueError(f"“{text[:60]}” is not a kind of observation. Known are: {', '.join(KINDS)}.")
    return found


def _day(text: str, today: date) -> date:
    if not text:
        raise ValueError("The day is missing.")
    day = identifiers.birth_date(text, today=today)
    if day > today:
        raise ValueError("This day is still to come.")
    return day


def _value(code: str, text: str) -> Decimal | None:
    kind = KINDS[code]
    if not kind.unit:
        return None
    try:
        value = Decimal(text.strip().removesuffix("%").replace(",", ".").strip())
    except InvalidOperation:
        raise ValueError(f"Give a number of {kind.unit}.") from None
    if not (value.is_finite() and kind.least <= value <= kind.most):
        raise ValueError(f"This is between {kind.least} and {kind.most} {kind.unit}.")
    return value.quantize(Decimal("0.01"))
