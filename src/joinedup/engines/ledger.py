"""A double-entry ledger in whole pence: entries that balance, are never changed, and are chained by digest.

Everything here is plain Python over plain values, so that a notebook can hold a ledger, replay one that was exported,
and check its chain without the program. The database refuses by itself whatever these rules refuse
(`joinedup.funds`); the two are compared in tests.

A debit is above nought and a credit below. The books (actual, budget, commitment, memorandum) are never mixed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

GENESIS = "0" * 64
"""What stands before the first entry of a chain."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PENCE = 10**15
"""Ten million million pounds: more is a slip of the keyboard."""


class Book(StrEnum):
    """What kind of truth an entry is: money that moved, that may be spent, that is promised, or that is worth it."""

    ACTUAL = "actual"
    BUDGET = "budget"
    COMMITMENT = "commitment"
    MEMORANDUM = "memorandum"


class Kind(StrEnum):
    """What a heading counts."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    EQUITY = "equity"


class Control(StrEnum):
    """Headings with a duty of their own."""

    NONE = ""
    BANK = "bank"
    PARTNER = "partner"  # what partners owe and are owed
    ACCRUAL = "accrual"
    CARRIED = "carried"  # what is carried forward
    BALANCING = "balancing"  # the other side of budgets, commitments and things in kind
    SUSPENSE = "suspense"  # nothing may be left here when a period closes
    UNALLOCATED = "unallocated"  # nothing may be left here when a year closes
    INTERFUND = "interfund"  # the door to another fund


class EntryKind(StrEnum):
    """Why an entry was made."""

    ORDINARY = "ordinary"
    REVERSAL = "reversal"
    ACCRUAL = "accrual"
    CLOSING = "closing"
    OPENING = "opening"


RESULT = frozenset({Kind.INCOME, Kind.EXPENDITURE})
"""The headings that begin each year at nought."""

REFUSALS: Mapping[str, str] = {
    "FU-201": "An entry needs at least two lines.",
    "FU-202": "The lines of an entry come to nought: what is debited is credited.",
    "FU-203": "A line is a whole number of pence and not nought.",
    "FU-204": "Every line is under a heading of the entry’s own fund.",
    "FU-205": "That day lies in no month of this fund that has been opened.",
    "FU-206": "The period is closed. Post to one that is open.",
    "FU-207": "A posted entry gets no more lines.",
    "FU-208": "This was posted before with other content. Give it a key of its own.",
    "FU-209": "What is posted is never changed or removed. Reverse it.",
    "FU-210": "A reversal is not reversed. Post the entry again.",
    "FU-211": "This entry is reversed already.",
    "FU-212": "A reversal has the same lines as what it reverses, the other way round.",
    "FU-213": "The lines of an entry are in one book.",
    "FU-214": "The budget line, scheme or partner of a line belongs to the entry’s own fund.",
    "FU-215": "Money is left in suspense. Place it before the period closes.",
    "FU-216": "Periods close in order, the earliest first, and stay closed.",
    "FU-217": "Money that nobody owes is left over. It is decided before the year closes.",
    "FU-218": "Money goes from one fund to another by two entries that answer each other.",
    "FU-219": "A line belongs to an entry.",
    "FU-221": "A fund’s periods follow one another without gap or overlap.",
    "FU-222": "The running totals are not the sum of the lines. Verify the ledger before anything else.",
    "FU-223": "Income and expenditure are carried forward or returned before the year closes.",
    "FU-232": "A month is closed once its last day is over.",
}


class Broken(ValueError):
    """An entry, or what was to be done to one, is against a rule."""

    def __init__(self, rule: str, about: str = "") -> None:
        super().__init__(f"{REFUSALS[rule]} ({about})" if about else REFUSALS[rule])
        self.rule = rule
        self.sentence = REFUSALS[rule]
        self.about = about


@dataclass(frozen=True, slots=True)
class Heading:
    """An account of one fund."""

    code: str
    kind: Kind
    fund: str
    control: Control = Control.NONE


@dataclass(frozen=True, slots=True)
class Span:
    """A period of one fund: its first and last day."""

    name: str
    fund: str
    starts_on: date
    ends_on: date
    is_open: bool = True
    ends_year: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: pence under a heading, and what it is for."""

    account: str
    pence: int
    line: str | None = None
    scheme: str | None = None
    partner: str | None = None
    stream: str | None = None
    tier: str = ""
    vat_code: str = ""
    memo: str = ""

    def mirrored(self) -> Line:
        """The same line the other way round."""
        return replace(self, pence=-self.pence)

    @property
    def cell(self) -> tuple[str | None, ...]:
        """What running totals are kept by."""
        return (self.account, self.line, self.scheme, self.partner, self.stream)


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of lines. `key` is given by whoever posts: the same thing sent twice is posted once."""

    key: str
    fund: str
    period: str
    book: Book
    dated_on: date
    lines: tuple[Line, ...]
    kind: EntryKind = EntryKind.ORDINARY
    memo: str = ""
    source: tuple[str, str] = ("", "")
    reverses: str | None = None
    pair: str | None = None
    posted_by: str | None = None
    approved_by: str | None = None
    posted_at: datetime = _EPOCH
    id: str = ""

    @property
    def pence(self) -> int:
        """What its debits come to."""
        return sum(line.pence for line in self.lines if line.pence > 0)

    def says_the_same(self, other: Entry) -> bool:
        """Whether both post the same: when, by whom and under which number do not matter."""
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        return (
            self.key,
            self.fund,
            self.book,
            self.dated_on,
            self.kind,
            self.reverses,
            self.source,
            self.memo,
            self.lines,
        )


# --- The chain ------------------------------------------------------------------------------------------------------


def content_digest(entry: Entry) -> str:
    """SHA-256 over everything an entry says, in one fixed form: a JSON array as PostgreSQL's jsonb writes it."""
    said = [
        1, entry.id, entry.fund, entry.key, entry.book, entry.kind, entry.period, entry.dated_on.isoformat(), entry.memo,
        *entry.source, entry.reverses, entry.pair, entry.posted_by, entry.approved_by, _microseconds(entry.posted_at),
        [
            [place, each.account, each.line, each.scheme, each.partner, each.stream, each.tier, each.vat_code, each.pence,
             each.memo]
            for place, each in enumerate(entry.lines, start=1)
        ],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def link(previous: str, content: str) -> str:
    """The digest of everything up to an entry: of the digest before it and its own content."""
    return hashlib.sha256(f"{previous}{content}".encode()).hexdigest()


def head_of(entries: Iterable[Entry]) -> str:
    """The head of the chain of entries in their order."""
    head = GENESIS
    for entry in entries:
        head = link(head, content_digest(entry))
    return head


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


# --- The rules of one entry -----------------------------------------------------------------------------------------


def faults_of(entry: Entry, headings: Mapping[str, Heading], spans: Mapping[str, Span]) -> Iterator[Broken]:
    """Whatever is wrong with an entry by itself, before anything else that was posted is looked at."""
    if len(entry.lines) < 2:
        yield Broken("FU-201", entry.key)
    for line in entry.lines:
        if type(line.pence) is not int or not 0 < abs(line.pence) <= MOST_PENCE:
            yield Broken("FU-203", f"{entry.key}, {line.account}")
    if sum(line.pence for line in entry.lines) != 0:
        yield Broken("FU-202", entry.key)
    yield from _faults_of_headings(entry, headings)
    span = spans.get(entry.period)
    if span is None or span.fund != entry.fund or not span.starts_on <= entry.dated_on <= span.ends_on:
        yield Broken("FU-205", entry.key)
    elif not span.is_open:
        yield Broken("FU-206", span.name)
    if (entry.kind is EntryKind.REVERSAL) != (entry.reverses is not None):
        yield Broken("FU-212", entry.key)


def _faults_of_headings(entry: Entry, headings: Mapping[str, Heading]) -> Iterator[Broken]:
    found = [headings.get(line.account) for line in entry.lines]
    if any(heading is None or heading.fund != entry.fund for heading in found):
        yield Broken("FU-204", entry.key)
        return
    if any(heading and heading.control is Control.INTERFUND for heading in found) and entry.pair is None:
        yield Broken("FU-218", entry.key)


def mirror_of(entry: Entry, *, key: str, period: str, dated_on: date, memo: str = "") -> Entry:
    """The entry that takes another back. Raises Broken (FU-210) for a reversal."""
    if entry.kind is EntryKind.REVERSAL:
        raise Broken("FU-210", entry.key)
    lines = tuple(line.mirrored() for line in entry.lines)
    return replace(
        entry, key=key, period=period, dated_on=dated_on, lines=lines, kind=EntryKind.REVERSAL, reverses=entry.id,
        memo=memo or f"Reversal of {entry.key}"[:300], id="", pair=None,
    )  # fmt: skip


def mirrors(reversal: Entry, entry: Entry) -> bool:
    """Whether a reversal takes back exactly what the entry posted. Budget lines are compared elsewhere: a line of the
    next year takes the place of one that has ended."""

    def shape(lines: Sequence[Line], sign: int) -> Counter[tuple[object, ...]]:
        return Counter((each.account, each.scheme, each.partner, each.stream, sign * each.pence) for each in lines)

    return shape(reversal.lines, -1) == shape(entry.lines, 1)


# --- A whole ledger in memory ---------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """Entries in the order they were posted, with the totals that follow from them. Raises Broken for what is against
    a rule, and is then as it was."""

    headings: dict[str, Heading] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_key = {(each.fund, each.key): each for each in self.entries}
        self._by_id = {each.id: each for each in self.entries}
        self._reversed = {each.reverses for each in self.entries if each.reverses}

    def post(self, entry: Entry) -> Entry:
        """Post an entry; the same one again is the one posted before."""
        before = self._by_key.get((entry.fund, entry.key))
        if before is not None:
            if before.says_the_same(entry):
                return before
            raise Broken("FU-208", entry.key)
        for fault in faults_of(entry, self.headings, self.spans):
            raise fault
        if entry.reverses is not None:
            self._check_reversal(entry)
        posted = replace(entry, id=entry.id or f"{entry.fund}:{entry.key}")
        self.entries.append(posted)
        self._by_key[posted.fund, posted.key] = self._by_id[posted.id] = posted
        if posted.reverses:
            self._reversed.add(posted.reverses)
        return posted

    def _check_reversal(self, entry: Entry) -> None:
        target = self._by_id.get(str(entry.reverses))
        if target is None or target.fund != entry.fund or target.book != entry.book:
            raise Broken("FU-212", entry.key)
        if target.kind is EntryKind.REVERSAL:
            raise Broken("FU-210", entry.key)
        if target.id in self._reversed:
            raise Broken("FU-211", target.key)
        if not mirrors(entry, target):
            raise Broken("FU-212", entry.key)

    def close(self, name: str, *, on: date | None = None) -> None:
        """Close a period; `on` is the day it is done."""
        span = self.spans[name]
        earlier = [each for each in self.spans.values() if each.fund == span.fund and each.ends_on < span.starts_on]
        if not span.is_open or any(each.is_open for each in earlier):
            raise Broken("FU-216", name)
        if on is not None and on <= span.ends_on:
            raise Broken("FU-232", name)
        until = self.balances(fund=span.fund, until=span.ends_on)
        for fault in closing_faults(until, self.headings, ends_year=span.ends_year):
            raise fault
        self.spans[name] = replace(span, is_open=False)

    def balances(self, *, fund: str, book: Book = Book.ACTUAL, until: date | None = None) -> dict[str, int]:
        """What is under each heading of a fund, by a sum over every line."""
        return heading_totals(
            (each for each in self.entries if each.fund == fund and (until is None or each.dated_on <= until)), book
        )


def heading_totals(entries: Iterable[Entry], book: Book) -> dict[str, int]:
    """What is under each heading after these entries; nought is left out."""
    total: Counter[str] = Counter()
    for entry in entries:
        if entry.book == book:
            for line in entry.lines:
                total[line.account] += line.pence
    return {code: pence for code, pence in sorted(total.items()) if pence}


def replay(entries: Iterable[Entry]) -> dict[tuple[object, ...], tuple[int, int, int]]:
    """The running totals these entries come to: debit, credit and lines for each period, book and cell."""
    totals: dict[tuple[object, ...], tuple[int, int, int]] = {}
    for entry in entries:
        for line in entry.lines:
            cell = (entry.period, entry.book, entry.kind is EntryKind.CLOSING, *line.cell)
            debit, credit, count = totals.get(cell, (0, 0, 0))
            totals[cell] = (debit + max(line.pence, 0), credit + max(-line.pence, 0), count + 1)
    return totals


def closing_faults(
    balances: Mapping[str, int], headings: Mapping[str, Heading], *, ends_year: bool
) -> Iterator[Broken]:
    """What stands in the way of closing a period, by the actual balances up to its last day."""
    if sum(balances.values()) != 0:
        yield Broken("FU-202", "trial balance")
    left = {code: pence for code, pence in balances.items() if pence}
    if any(headings[code].control is Control.SUSPENSE for code in left):
        yield Broken("FU-215")
    if ends_year:
        if any(headings[code].control is Control.UNALLOCATED for code in left):
            yield Broken("FU-217")
        if any(headings[code].kind in RESULT for code in left):
            yield Broken("FU-223")


# --- The end of a year ----------------------------------------------------------------------------------------------


def closing_lines(
    cells: Mapping[tuple[str | None, ...], int], *, carried: str, returned: str, returns: Mapping[str, int],
    fenced: frozenset[str] = frozenset(),
) -> tuple[Line, ...]:  # fmt: skip
    """The lines that bring income and expenditure back to nought at the end of a year.

    `cells` are the balances (account, line, scheme, partner, stream) of income and expenditure. What is left over goes
    to the heading `carried`, apart for each funding stream; `returns` says how much of it goes back to which partner
    (above nought) or is asked of which partner (below), under `returned`. Nothing is returned of the streams that are
    `fenced`: ring-fenced money keeps its own.
    """
    lines = [
        Line(str(account), -pence, line=line, scheme=scheme, partner=partner, stream=stream)
        for (account, line, scheme, partner, stream), pence in cells.items()
        if pence
    ]
    left: Counter[str | None] = Counter()
    for (_, _, _, _, stream), pence in cells.items():
        left[stream] += pence
    lines += [Line(returned, -pence, partner=partner) for partner, pence in returns.items() if pence]
    _take_out(left, sum(returns.values()), fenced)
    lines += [Line(carried, pence, stream=stream) for stream, pence in left.items() if pence]
    return tuple(lines)


def _take_out(left: Counter[str | None], returned: int, fenced: frozenset[str]) -> None:
    """Take what is returned out of the streams that have something left over: first of what has no stream."""
    sign = 1 if returned > 0 else -1
    rest = abs(returned)
    for stream in sorted((each for each in left if each not in fenced), key=lambda each: each or ""):
        part = min(rest, max(-sign * left[stream], 0))
        left[stream] += sign * part
        rest -= part
    if rest:
        left[None] += sign * rest


def available(*, budget: int, actual: int, committed: int) -> int:
    """What may still be spent: the budget with its virements, less what was spent, less what is promised."""
    return budget - actual - committed
