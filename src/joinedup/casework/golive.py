"""Bringing open cases over from an old system: reading its extract, and reconciling it with what is here. Pure.

A row is one case: its reference in the old system, the people it is about by the agency's own references, level, day
of opening, team, lead professional. Whatever cannot be read is a fault with the row, the column and a sentence; no row
is dropped silently, and every sum of the reconciliation adds up.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("casereference", "caseref", "caseid", "caseno", "casenumber", "reference"),
    "people": ("personreferences", "personreference", "people", "persons", "personids", "personid", "clientids"),
    "household": ("household", "householdreference", "familyreference", "family", "familyid"),
    "level": ("level", "levelofneed", "need", "tier"),
    "opened_on": ("openedon", "opened", "dateopened", "opendate", "startdate", "start"),
    "team": ("teamcode", "team"),
    "lead": ("leadprofessionalemail", "leadprofessional", "lead", "leademail", "keyworker", "keyworkeremail", "worker"),
    "next_review_on": ("nextreviewon", "nextreview", "reviewdate", "reviewdue", "nextreviewdate"),
    "status": ("status", "casestatus", "state"),
}
NEEDED = ("reference", "people", "level", "opened_on", "team")
OPEN_WORDS = {"open", "active", "current", "live", ""}
CLOSED_WORDS = {"closed", "ended", "inactive", "complete", "completed"}
EARLIEST = date(1980, 1, 1)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, for the report."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True)
class LegacyCase:
    """One case as the old system has it. `row` is its line in the file."""

    row: int
    reference: str
    people: tuple[str, ...]
    household: str
    level: int
    opened_on: date
    team: str
    lead: str
    next_review_on: date | None

    @property
    def digest(self) -> str:
        """Changes when the old system says anything else about the case."""
        said = [
            self.reference,
            self.people,
            self.household,
            self.level,
            self.opened_on.isoformat(),
            self.team,
            self.lead,
        ]
        said.append(self.next_review_on.isoformat() if self.next_review_on else "")
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass
class Extract:
    """A file that was read: cases to bring over, closed ones that stay behind, and every fault."""

    read: int = 0
    cases: list[LegacyCase] = field(default_factory=list)
    closed: int = 0
    faults: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One row that claims to be an open case, readable or not, as the reconciliation counts it."""

    row: int
    reference: str
    team: str
    level: str
    lead: str
    month: str
    people: tuple[str, ...] = ()


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by title; raises ValueError naming the titles that are missing."""
    plain = [re.sub(r"[^a-z0-9]", "", title.lower()) for title in header]
    found = {}
    for name, titles in COLUMNS.items():
        place = next((plain.index(title) for title in titles if title in plain), None)
        if place is not None:
            found[name] = place
    missing = [name.replace("_", " ") for name in NEEDED if name not in found]
    if missing:
        raise ValueError(f"The file has no column for: {', '.join(missing)}. Its columns are: {', '.join(header)}.")
    return found


def read_extract(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], *, read_date: Callable[[str], date], today: date
) -> Extract:
    """Read every row. A reference that comes twice is a fault of the second row."""
    places = columns_of(header)
    extract, seen = Extract(), dict[str, int]()
    for number, cells in rows:
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        extract.read += 1
        if said.get("status", "").lower() in CLOSED_WORDS:
            extract.closed += 1
            continue
        case, faults = _case_of(number, said, read_date, today)
        extract.lines.append(_line_of(number, said, case))
        if case is not None and case.reference in seen:
            faults = [
                Fault(number, "reference", case.reference, f"This case is in row {seen[case.reference]} already.")
            ]
        if faults or case is None:
            extract.faults += faults
        else:
            seen[case.reference] = number
            extract.cases.append(case)
    return extract


def _case_of(
    number: int, said: Mapping[str, str], read_date: Callable[[str], date], today: date
) -> tuple[LegacyCase | None, list[Fault]]:
    row = _Row(number, said)
    for name in ("reference", "people", "team", "opened_on"):
        row.check(name, bool(said[name]), "This is empty.")
    row.check("reference", len(said["reference"]) <= 60, "A reference has at most 60 characters.")
    is_open = said.get("status", "").lower() in OPEN_WORDS
    row.check("status", is_open, "Say whether the case is open or closed.")
    level = re.fullmatch(r"(?:level|tier)?\s*([1-4])", said["level"].lower())
    row.check("level", level is not None, "The level of need is 1, 2, 3 or 4.")
    opened = row.day("opened_on", read_date)
    if opened is not None:
        row.check("opened_on", EARLIEST <= opened <= today, "A case was opened between 1980 and today.")
    review = row.day("next_review_on", read_date)
    if row.faults or opened is None or level is None:
        return None, row.faults
    people = tuple(dict.fromkeys(part for part in re.split(r"[;,|\s]+", said["people"]) if part))
    household, team, lead = said.get("household", ""), said["team"].upper(), said.get("lead", "").lower()
    return LegacyCase(number, said["reference"], people, household, int(level[1]), opened, team, lead, review), []


class _Row:
    """One row while it is being read: what it says and what is wrong with it."""

    def __init__(self, number: int, said: Mapping[str, str]) -> None:
        self.number, self.said = number, said
        self.faults: list[Fault] = []

    def check(self, name: str, is_right: bool, reason: str) -> None:
        """Note a fault unless it is right."""
        if not is_right:
            self.faults.append(Fault(self.number, name.replace("_", " "), self.said.get(name, "")[:200], reason))

    def day(self, name: str, read_date: Callable[[str], date]) -> date | None:
        """The day a column says; none where it says nothing or nothing readable."""
        try:
            return read_date(self.said[name]) if self.said.get(name) else None
        except ValueError as error:
            self.check(name, False, str(error))
            return None


def _line_of(number: int, said: Mapping[str, str], case: LegacyCase | None) -> Line:
    """How a row is counted, read or not: what could not be read is counted under what it says."""
    month = f"{case.opened_on:%Y-%m}" if case else "not readable"
    level = str(case.level) if case else said["level"][:20] or "not given"
    lead = said.get("lead", "").lower() or "nobody"
    people = tuple(dict.fromkeys(part for part in re.split(r"[;,|\s]+", said["people"]) if part))
    return Line(number, said["reference"][:60], said["team"].upper() or "NOT GIVEN", level, lead, month, people)


# --- Reconciling ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """An open case in Joinedup that came from the old system, or that did not (no reference)."""

    case: str
    legacy_reference: str
    team: str
    level: str
    lead: str
    month: str


@dataclass(frozen=True)
class Count:
    """One line of the report: a kind, its value, and the two counts."""

    kind: str
    value: str
    legacy: int
    here: int

    @property
    def difference(self) -> int:
        """How many more the old system has."""
        return self.legacy - self.here


@dataclass(frozen=True)
class Difference:
    """A case behind a difference, and why."""

    what: str
    legacy_reference: str
    case: str
    row: int | None
    reason: str


@dataclass
class Reconciliation:
    """What the old system has and what is here, and everything behind each difference."""

    counts: list[Count] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unknown_references: list[tuple[int, str]] = field(default_factory=list)  # row, reference of a person
    children_without_case: list[tuple[int, str]] = field(default_factory=list)  # row, reference of a child
    legacy: int = 0
    here: int = 0

    @property
    def is_even(self) -> bool:
        """Nothing is missing and nothing differs."""
        return not (self.differences or self.unknown_references or self.children_without_case)


KINDS = ("team", "level", "lead", "month")


def reconcile(
    extract: Extract,
    here: Sequence[Here],
    *,
    known: Collection[str] | None = None,
    children_in_cases: Mapping[str, bool] | None = None,
) -> Reconciliation:
    """Compare row by row and count by team, level, lead professional and month of opening. Each kind of count adds up
    to the same totals.

    `known` are the references of people that lead to somebody; `children_in_cases` says of each child's whether they
    are in an open case here.
    """
    found = Reconciliation(legacy=len(extract.lines), here=len(here))
    for kind in KINDS:
        was = Counter(getattr(line, kind) for line in extract.lines)
        now = Counter(getattr(case, kind) for case in here)
        found.counts += [Count(kind, value, was[value], now[value]) for value in sorted({*was, *now})]
    found.differences = list(_differences(extract, here))
    people = [(line.row, reference) for line in extract.lines for reference in line.people]
    if known is not None:
        found.unknown_references = [(row, one) for row, one in people if one not in known]
    in_cases = children_in_cases or {}
    found.children_without_case = [(row, one) for row, one in people if in_cases.get(one) is False]
    return found


def _differences(extract: Extract, here: Sequence[Here]) -> Iterator[Difference]:
    why: dict[int, list[Fault]] = defaultdict(list)
    for fault in extract.faults:
        why[fault.row].append(fault)
    cases = {case.legacy_reference: case for case in here if case.legacy_reference}
    matched: set[str] = set()
    for line in extract.lines:
        case = cases.get(line.reference)
        if line.row in why or case is None or line.reference in matched:
            reason = "; ".join(f"{each.field}: {each.reason}" for each in why[line.row])
            yield Difference("not here", line.reference, "", line.row, reason or "It has not been brought over.")
            continue
        matched.add(line.reference)
        for kind in KINDS:
            was, now = getattr(line, kind), getattr(case, kind)
            if was != now:
                yield Difference(f"other {kind}", line.reference, case.case, line.row, f"{was} there, {now} here.")
    for case in here:
        if not case.legacy_reference:
            yield Difference("only here", "", case.case, None, "Opened here, not brought over.")
        elif case.legacy_reference not in matched:
            yield Difference("only here", case.legacy_reference, case.case, None, "The file no longer has it.")
        if case.lead == "nobody":
            yield Difference("no lead professional", case.legacy_reference, case.case, None, "Name one.")
