"""The work of an old system besides its open cases: plans, needs, outcomes, actions, reviews, agreements of the family and
assessments. Reading a file of one kind, and comparing what was there with what is here. Pure.

A row is one record under its reference in the old system; a row of an assessment is one element of it. Whatever cannot be
read is a fault with the row, the column and a sentence; no row is dropped silently.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from joinedup.casework.codes import DECISIONS, NEED_ENDS, NEEDS
from joinedup.casework.golive import CLOSED_WORDS, EARLIEST, Fault

ReadDate = Callable[[str], date]


class Work(StrEnum):
    """The kinds of file, in the order in which they are brought over."""

    PLANS = "plans"
    NEEDS = "needs"
    OUTCOMES = "outcomes"
    ACTIONS = "actions"
    REVIEWS = "reviews"
    CONSENTS = "consents"
    ASSESSMENTS = "assessments"


@dataclass(frozen=True)
class Column:
    """One column: its name, the titles it may have (letters and digits, small), what is read from it, whether it is needed."""

    name: str
    titles: tuple[str, ...]
    reads: str = "text"  # text, day, past (a day not to come), number, or the name of a code list
    is_needed: bool = False
    most: int = 4000


_STATES = {
    "todo": "to_do", "notstarted": "to_do", "open": "to_do", "": "to_do", "underway": "under_way", "inprogress": "under_way",
    "started": "under_way", "done": "done", "complete": "done", "completed": "done", "stopped": "stopped",
    "cancelled": "stopped", "dropped": "stopped",
}  # fmt: skip
_KINDS_OF_AGREEMENT = {
    "help": "help", "service": "help", "agreementtohelp": "help", "sharing": "sharing", "consent": "sharing",
    "informationsharing": "sharing", "declined": "declined", "refused": "declined",
}  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


# What a column of codes may hold: the code itself or its words, however they are written.
LISTS: dict[str, dict[str, str]] = {
    "action_state": _STATES,
    "agreement": _KINDS_OF_AGREEMENT,
    "need": {**{_plain(code): code for code in NEEDS}, **{_plain(text): code for code, text in NEEDS.items()}},
    "need_end": {"": "", **{_plain(code): code for code in NEED_ENDS}, **{_plain(text): code for code, text in NEED_ENDS.items()}},
    "decision": {
        **{_plain(code): code for code in DECISIONS}, **{_plain(text): code for code, text in DECISIONS.items()},
        "carryon": "continue", "nochange": "continue", "closed": "close",
    },
}  # fmt: skip


def _reference(word: str) -> Column:
    return Column(
        "reference", (f"{word}reference", f"{word}ref", f"{word}id", f"{word}no", "reference"), is_needed=True, most=60
    )


_CASE = Column("case", ("casereference", "caseref", "caseid", "caseno", "case"), is_needed=True, most=60)
_PLAN = Column("plan", ("planreference", "planref", "planid", "planno", "plan"), is_needed=True, most=60)
_PERSON = Column("person", ("personreference", "personid", "clientid", "child", "childreference", "person"), most=60)
_WHO = Column(_PERSON.name, _PERSON.titles, is_needed=True, most=60)
_WORDS = Column("words", ("words", "description", "text", "what"), is_needed=True)

COLUMNS: dict[Work, tuple[Column, ...]] = {
    Work.PLANS: (
        _reference("plan"), _CASE, Column("opened_on", ("openedon", "opened", "startdate", "planstart", "start"), "past", True),
        Column("family_words", ("familywords", "whatthefamilywants", "goals")),
        Column("contingency", ("contingency", "contingencyplan")), Column("status", ("status", "planstatus", "state")),
    ),
    Work.NEEDS: (
        _reference("need"), _PLAN, _PERSON, Column("code", ("needcode", "code", "category", "need"), "need", True), _WORDS,
        Column("end_code", ("outcomeofneed", "endcode", "ended", "result"), "need_end"),
        Column("end_words", ("endwords", "endnote")), Column("ended_on", ("endedon", "enddate"), "past"),
    ),
    Work.OUTCOMES: (
        _reference("outcome"), Column("need", ("needreference", "needref", "needid", "need"), is_needed=True, most=60), _WORDS,
        Column("measure", ("measurecode", "measure"), is_needed=True, most=20),
        Column("value", ("startvalue", "baseline", "start"), "number", True),
        Column("on", ("starton", "baselinedate", "measuredon"), "past", True),
        Column("target", ("target", "targetvalue"), "number", True), Column("target_on", ("targeton", "targetdate"), "day", True),
        Column("latest", ("latestvalue", "latest", "now"), "number"), Column("latest_on", ("lateston", "latestdate"), "past"),
    ),
    Work.ACTIONS: (
        _reference("action"), Column("outcome", ("outcomereference", "outcomeref", "outcomeid", "outcome"), is_needed=True, most=60),
        _WORDS, Column("owner", ("owneremail", "owner", "responsible", "worker"), most=254),
        Column("due_on", ("dueon", "duedate", "due", "bywhen"), "day", True),
        Column("status", ("status", "actionstatus", "state"), "action_state"),
        Column("ended_on", ("endedon", "completedon", "enddate"), "past"), Column("service", ("service",), most=160),
        Column("evidence", ("evidence",)),
    ),
    Work.REVIEWS: (
        _reference("review"), _PLAN, Column("held_on", ("heldon", "reviewdate", "date", "held"), "past", True),
        Column("decision", ("decision", "outcome"), "decision", True), Column("reason", ("reason", "notes", "summary")),
        Column("next_review_on", ("nextreviewon", "nextreview", "nextreviewdate", "reviewdue"), "day"),
    ),
    Work.CONSENTS: (
        _reference("agreement"), _CASE, _WHO, Column("kind", ("kind", "type", "agreementtype"), "agreement", True),
        Column("given_by", ("givenby", "whoagreed", "name"), is_needed=True, most=160),
        Column("capacity", ("capacity", "right", "inwhatright"), is_needed=True, most=40),
        Column("reasons", ("reasons", "competence")), Column("evidence", ("evidence", "how"), is_needed=True, most=20),
        Column("given_on", ("givenon", "date", "dategiven"), "past", True),
        Column("expires_on", ("expireson", "expires", "expirydate"), "day"),
        Column("organisations", ("organisations", "agencies", "sharedwith"), most=1000),
        Column("information", ("information", "what", "items"), most=1000), Column("words", ("words", "theirwords"), most=2000),
        Column("status", ("status", "state")),
    ),
    Work.ASSESSMENTS: (
        _reference("assessment"), _CASE, _WHO, Column("assessed_on", ("assessedon", "assessmentdate", "date", "completed"), "past", True),
        Column("element", ("elementcode", "element", "section"), is_needed=True, most=60),
        Column("score", ("score", "rating"), "number", True), Column("words", ("words", "notes", "summary")),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Legacy:
    """One row as the old system has it: read, and as it was written."""

    row: int
    reference: str
    said: Mapping[str, Any]
    raw: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Changes when the old system says anything else."""
        return hashlib.sha256(json.dumps(sorted(self.raw.items())).encode()).hexdigest()


@dataclass
class WorkExtract:
    """A file that was read. `rows` can be used; `lines` are all that claim to be there now, readable or not."""

    kind: Work
    read: int = 0
    rows: list[Legacy] = field(default_factory=list)
    lines: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    ended: int = 0
    faults: list[Fault] = field(default_factory=list)


def columns_of(kind: Work, header: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by title; raises ValueError naming the titles that are missing."""
    plain = [_plain(title) for title in header]
    found: dict[str, int] = {}
    for column in COLUMNS[kind]:
        places = [
            plain.index(title) for title in column.titles if title in plain and plain.index(title) not in found.values()
        ]
        if places:
            found[column.name] = places[0]
    missing = [each.name.replace("_", " ") for each in COLUMNS[kind] if each.is_needed and each.name not in found]
    if missing:
        raise ValueError(f"The file has no column for: {', '.join(missing)}. Its columns are: {', '.join(header)}.")
    return found


def known_titles(kind: Work) -> frozenset[str]:
    """Every title a file of a kind may have, to find its header by."""
    return frozenset(title for column in COLUMNS[kind] for title in column.titles)


def read_work(
    kind: Work, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], *, read_date: ReadDate, today: date
) -> WorkExtract:
    """Read every row. A reference that comes twice is a fault of the second row, but of an assessment, whose rows are one
    element each; there a fault keeps the whole assessment out, and each of its rows says so."""
    places = columns_of(kind, header)
    extract, seen = WorkExtract(kind), dict[tuple[str, str], int]()
    for number, cells in rows:
        raw = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        extract.read += 1
        if kind in {Work.PLANS, Work.CONSENTS} and raw.get("status", "").lower() in CLOSED_WORDS | {
            "withdrawn",
            "expired",
        }:
            extract.ended += 1
            continue
        extract.lines.append((number, raw))
        said, faults = _read_row(kind, number, raw, read_date, today)
        key = (raw["reference"], raw.get("element", "") if kind is Work.ASSESSMENTS else "")
        if not faults and key in seen:
            faults = [Fault(number, "reference", raw["reference"], f"This is in row {seen[key]} already.")]
        if faults:
            extract.faults += faults
        else:
            seen[key] = number
            extract.rows.append(Legacy(number, raw["reference"], said, raw))
    if kind is Work.ASSESSMENTS:
        _keep_whole(extract)
    return extract


def _keep_whole(extract: WorkExtract) -> None:
    """An assessment of which one row is at fault stays out as a whole."""
    at_fault = {fault.row for fault in extract.faults}
    broken = {raw["reference"]: number for number, raw in extract.lines if number in at_fault}
    kept = []
    for each in extract.rows:
        if each.reference in broken:
            words = f"Row {broken[each.reference]} of the same assessment is at fault."
            extract.faults.append(Fault(each.row, "reference", each.reference, words))
        else:
            kept.append(each)
    extract.rows = kept


def _read_row(
    kind: Work, number: int, raw: Mapping[str, str], read_date: ReadDate, today: date
) -> tuple[dict[str, Any], list[Fault]]:
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in COLUMNS[kind]:
        text = raw.get(column.name, "")
        try:
            said[column.name] = _value(column, text, read_date, today)
        except ValueError as wrong:
            faults.append(Fault(number, column.name.replace("_", " "), text[:200], str(wrong)))
    return said, faults


def _value(column: Column, text: str, read_date: ReadDate, today: date) -> Any:
    """What a cell says; raises ValueError with a sentence."""
    if not text and column.is_needed:
        raise ValueError("This is empty.")
    if len(text) > column.most:
        raise ValueError(f"This has at most {column.most:,} characters.")
    if column.reads in LISTS:
        known = LISTS[column.reads]
        if _plain(text) not in known:
            raise ValueError(f"Say one of: {', '.join(sorted(set(known.values()) - {''}))}.")
        return known[_plain(text)]
    if column.reads == "text":
        return text
    if not text:
        return None
    return _number(text) if column.reads == "number" else _day(text, column.reads == "past", read_date, today)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError("This is no number.") from None
    if not value.is_finite() or abs(value) >= Decimal(1_000_000):
        raise ValueError("This is no number that could be kept.")
    return value


def _day(text: str, is_past: bool, read_date: ReadDate, today: date) -> date:
    day = read_date(text)
    if day < EARLIEST or (is_past and day > today):
        raise ValueError("This is a day between 1980 and today." if is_past else "This is a day after 1980.")
    return day


# --- Reconciling.


@dataclass(frozen=True)
class Line:
    """One record on either side: its reference in the old system, the team, how it stands, and what its control total adds
    up (a target, a score; 0 where there is none)."""

    reference: str
    team: str
    state: str
    control: Decimal = Decimal(0)
    row: int | None = None
    here: str = ""  # the case's reference
    case_id: str = ""


@dataclass(frozen=True)
class Count:
    """One line of the report: by team or by how they stand, how many and what they add up to on each side."""

    by: str
    value: str
    legacy: int
    here: int
    legacy_total: Decimal
    here_total: Decimal


@dataclass(frozen=True)
class Difference:
    """A record behind a difference, and why."""

    what: str
    reference: str
    case: str
    case_id: str
    row: int | None
    reason: str


@dataclass
class WorkReconciliation:
    """What the old system has of one kind and what is here, and everything behind each difference."""

    kind: str
    legacy: int = 0
    here: int = 0
    counts: list[Count] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_even(self) -> bool:
        """Nothing is missing and nothing differs."""
        return not self.differences


CONTROLS = {Work.OUTCOMES: "target", Work.ASSESSMENTS: "score"}


def reconcile_work(
    kind: Work, there: Sequence[Line], here: Sequence[Line], faults: Iterable[Fault] = ()
) -> WorkReconciliation:
    """Compare record by record, and count by team and by how they stand: each kind of count adds up to the same totals, and
    the differences explain why they differ."""
    found = WorkReconciliation(kind.value, len(there), len(here))
    for by in ("team", "state"):
        was, now = _tally(there, by), _tally(here, by)
        for value in sorted({*was, *now}):
            (old, old_total), (new, new_total) = was.get(value, _NONE), now.get(value, _NONE)
            found.counts.append(Count(by, value, old, new, old_total, new_total))
    found.differences = list(_differences(there, here, faults))
    return found


_NONE = (0, Decimal(0))


def _tally(lines: Iterable[Line], by: str) -> dict[str, tuple[int, Decimal]]:
    numbers, totals = Counter[str](), defaultdict[str, Decimal](Decimal)
    for line in lines:
        numbers[getattr(line, by)] += 1
        totals[getattr(line, by)] += line.control
    return {value: (numbers[value], totals[value]) for value in numbers}


def _differences(there: Sequence[Line], here: Sequence[Line], faults: Iterable[Fault]) -> Iterator[Difference]:
    why: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        why[fault.row].append(f"{fault.field}: {fault.reason}")
    known = {line.reference: line for line in here if line.reference}
    matched: set[str] = set()
    for line in there:
        now = known.get(line.reference)
        if line.row in why or now is None or line.reference in matched:
            reason = "; ".join(why[line.row or 0]) or "It has not been brought over."
            yield Difference("not here", line.reference, "", "", line.row, reason)
            continue
        matched.add(line.reference)
        for name in ("team", "state", "control"):
            was, is_now = getattr(line, name), getattr(now, name)
            if was != is_now:
                words = f"{was} there, {is_now} here."
                yield Difference(f"other {name}", line.reference, now.here, now.case_id, line.row, words)
    for line in here:
        if line.reference not in matched:
            reason = "The file no longer has it." if line.reference else "Begun here, not brought over."
            yield Difference("only here", line.reference, line.here, line.case_id, None, reason)
