"""What somebody posts to a ledger by hand, as drafts: an entry, an accrual, an opening balance.

Nothing here writes. What a person may get wrong is refused here, each at the field that mends it; what the ledger refuses of
every entry it refuses again by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.engines.ledger import RESULT, Control, EntryKind, Kind, Line
from joinedup.funds import chart, rules
from joinedup.funds.models import Account, AgreementPartner, BudgetLine, FundingStream, Period
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.posting import Draft

BY_PROGRAM = frozenset({Control.BALANCING, Control.INTERFUND})
"""Budgets, promises and money between funds have services of their own."""

IN_KIND = frozenset({chart.IN_KIND, chart.USED_IN_KIND})
"""Headings of the memorandum book, which instalments in kind are posted to."""


@dataclass(frozen=True)
class HandLine:
    """One side, or a part of one: pence under a heading, a debit above nought; and what it is for."""

    heading: Account
    pence: int
    line: BudgetLine | None = None
    partner: AgreementPartner | None = None
    stream: FundingStream | None = None


@dataclass(frozen=True)
class HandSaid:
    """What is posted by hand. `kind` is ordinary, accrual or opening; an accrual is dated on the last day of the financial
    year of `dated_on`. `today` is the day on which it is said, after which nothing is posted."""

    key: str
    kind: EntryKind
    dated_on: date
    lines: Sequence[HandLine]
    memo: str
    today: date
    periods: Sequence[Period]


def may_be_posted_to(heading: Account) -> bool:
    """Whether a person may post under a heading at all."""
    return heading.control not in BY_PROGRAM and heading.code not in IN_KIND


def last_day_of(day: date) -> date:
    """The last day of the financial year a day lies in."""
    return date(day.year + (day.month >= 4), 3, 31)


def drafted(said: HandSaid) -> Draft:
    """The draft of it, for `post_entry` or `post_accrual`. Raises Refused (FU-119, FU-203, FU-205, FU-206, FU-237 to FU-242)."""
    if not said.memo.strip():
        raise rules.REASON_NEEDED.refused("memo")
    if said.dated_on > said.today:
        raise rules.POSTED_BY_NOW.refused("dated_on")
    _require_open(said)
    for each in said.lines:
        _require_fits(each, said)
    net: Counter[tuple[object, ...]] = Counter()
    for each in said.lines:
        parts = (each.line, each.partner, each.stream)
        net[(each.heading.pk, *(part.pk if part else None for part in parts))] += each.pence
    if not any(net.values()):
        raise rules.HAND_CHANGES_SOMETHING.refused()
    return Draft(said.key, said.dated_on, [_line(each) for each in said.lines], kind=said.kind, memo=said.memo.strip())


def _require_open(said: HandSaid) -> None:
    day = last_day_of(said.dated_on) if said.kind == EntryKind.ACCRUAL else said.dated_on
    month = next((each for each in said.periods if each.starts_on <= day <= each.ends_on), None)
    if month is None:
        raise rules.DAY_IN_PERIOD.refused("dated_on")
    if not month.is_open:
        raise rules.PERIOD_OPEN.refused("dated_on")


def _require_fits(each: HandLine, said: HandSaid) -> None:
    side = "debit" if each.pence > 0 else "credit"
    heading = each.heading
    if not each.pence:
        raise rules.WHOLE_PENCE.refused("amount")
    if not may_be_posted_to(heading):
        raise rules.HAND_HEADING_OPEN.refused(side, heading=heading)
    if said.kind == EntryKind.OPENING and heading.kind in RESULT:
        raise rules.OPENING_GOES_ON.refused(side, heading=heading)
    year = last_day_of(said.dated_on).year - 1
    if each.line.year != year if each.line else heading.kind == Kind.EXPENDITURE:
        words = f"{year}/{(year + 1) % 100:02d}"
        raise rules.HAND_LINE_NAMED.refused(f"{side}_line", heading=heading, year=words)
    if heading.control == Control.PARTNER and each.partner is None:
        raise rules.HAND_PARTNER_NAMED.refused(heading=heading)


def _line(each: HandLine) -> Line:
    """Whoever pays for a budget line, and which money it is, stand on the line."""
    if each.line is not None:
        return line_of(each.line, each.pence, heading=each.heading.code)
    return Line(
        each.heading.code, each.pence, partner=str(each.partner.pk) if each.partner else None,
        stream=str(each.stream.pk) if each.stream else None,
    )  # fmt: skip
