"""What somebody posts to a ledger by hand: an entry, an accrual, an opening balance.

What a person may get wrong is refused here, each at the field that mends it; what the ledger refuses of every entry it refuses
again by itself. What is spent by hand is held to the same as what is bought: the room on its line, the kinds of spending that
the agreement permits, and what ring-fenced money is for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.engines.ledger import RESULT, Control, EntryKind, Kind, Line
from joinedup.engines.money import format_pounds
from joinedup.funds import chart, rules
from joinedup.funds.models import (
    Account,
    AgreementPartner,
    BudgetLine,
    Entry,
    Fund,
    FundingStream,
)
from joinedup.funds.permissions import POST_ENTRY
from joinedup.funds.queries.by_hand import HandChoices, hand_choices
from joinedup.funds.queries.seen import year_words
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.ledger import _accrue
from joinedup.funds.services.posting import Draft, head_of, put_into_ledger
from joinedup.funds.services.steps import _lock
from joinedup.funds.spending_kinds import SpendingKind, kind_words, permitted_on

BY_PROGRAM = frozenset({Control.BALANCING, Control.INTERFUND, Control.UNALLOCATED})
"""Budgets, promises, money between funds and what is nobody's have services of their own, each with its decision."""

IN_KIND = frozenset({chart.IN_KIND, chart.USED_IN_KIND})
"""Headings of the memorandum book, which instalments in kind are posted to."""

_OWN = RESULT | {Kind.EQUITY}
"""Headings under which a stream of money grows or is used up."""


@dataclass(frozen=True)
class HandLine:
    """One side, or a part of one: pence under a heading, a debit above nought; and what it is for."""

    heading: Account
    pence: int
    line: BudgetLine | None = None
    partner: AgreementPartner | None = None
    stream: FundingStream | None = None

    @property
    def is_spending(self) -> bool:
        """A cost of a budget line, or a cost taken off it."""
        return self.heading.kind == Kind.EXPENDITURE


@dataclass(frozen=True)
class HandSaid:
    """What is posted by hand. `kind` is ordinary, accrual or opening; an accrual is dated on the last day of the financial
    year of `dated_on`. `spending` is the kind of spending, where something is spent."""

    key: str
    kind: EntryKind
    dated_on: date
    lines: Sequence[HandLine]
    memo: str
    spending: str = ""

    @property
    def posted_on(self) -> date:
        """The day the entry carries."""
        return last_day_of(self.dated_on) if self.kind == EntryKind.ACCRUAL else self.dated_on

    @property
    def is_spending(self) -> bool:
        """Something is spent, or spending is put elsewhere."""
        return any(each.is_spending for each in self.lines)


def may_be_posted_to(heading: Account) -> bool:
    """Whether a person may post under a heading at all."""
    return heading.control not in BY_PROGRAM and heading.code not in IN_KIND


def last_day_of(day: date) -> date:
    """The last day of the financial year a day lies in."""
    return date(day.year + (day.month >= 4), 3, 31)


@service(POST_ENTRY, on="fund")
def post_by_hand(*, fund: Fund, said: HandSaid, by: Actor, at: datetime) -> tuple[Entry, Entry | None]:
    """Post it, and of an accrual what takes it back; the same again is what was posted before. Raises Refused (R-3, FU-119,
    FU-128, FU-138, FU-139, FU-2xx, FU-336, FU-337)."""
    _lock(fund)  # whoever promises or spends money holds it, too: R-3 is asked by one at a time
    lines = BudgetLine.objects.filter(pk__in={each.line.pk for each in said.lines if each.line is not None})
    list(lines.order_by("pk").select_for_update(of=("self",)))
    offered = hand_choices(by, fund)
    if Entry.objects.filter(fund=fund, key=said.key).exists():
        # It is in the room already; that it says the same, the ledger looks at.
        offered = replace(offered, room=None)
    draft = drafted(said, offered, timezone.localdate(at))
    back: Entry | None = None
    if said.kind == EntryKind.ACCRUAL:
        entry, back = _accrue(fund, draft, by, at)
    else:
        (entry,) = put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    number, digest = head_of(fund)
    words = {"key": draft.key, "ledger_number": number, "ledger_head": digest}
    note(changed=("ledger",), words=words, subject=entry)
    return entry, back


def drafted(said: HandSaid, offered: HandChoices, today: date) -> Draft:
    """The draft of it; nothing is written. Raises Refused as `post_by_hand`."""
    if not said.memo.strip():
        raise rules.REASON_NEEDED.refused("memo")
    if said.dated_on > today:
        raise rules.POSTED_BY_NOW.refused("dated_on")
    _require_open(said, offered, today)
    for each in said.lines:
        _require_fits(each, said)
    net: Counter[tuple[object, ...]] = Counter()
    for each in said.lines:
        parts = (each.line, each.partner, each.stream)
        net[(each.heading.pk, *(part.pk if part else None for part in parts))] += each.pence
    if not any(net.values()):
        raise rules.HAND_CHANGES_SOMETHING.refused()
    _require_streams(said, offered)
    if said.is_spending:
        _require_spending(said, offered)
    return Draft(
        said.key, said.dated_on, [_line(each) for each in said.lines], kind=said.kind, memo=said.memo.strip(),
        spending=said.spending if said.is_spending else "",
    )  # fmt: skip


def _require_open(said: HandSaid, offered: HandChoices, today: date) -> None:
    day = said.posted_on
    month = next((each for each in offered.periods if each.starts_on <= day <= each.ends_on), None)
    if month is None:
        raise rules.DAY_IN_PERIOD.refused("dated_on")
    if not month.is_open:
        raise rules.PERIOD_OPEN.refused("dated_on")
    if said.kind != EntryKind.ACCRUAL:
        return
    if day > today:
        raise rules.ACCRUED_AT_YEAR_END.refused(day=date_long(day))
    if not any(each.starts_on == day.replace(month=4, day=1) for each in offered.periods):
        raise rules.YEAR_NOT_OPEN.refused("dated_on", year=year_words(day.year))


def _require_fits(each: HandLine, said: HandSaid) -> None:
    side = _side(each)
    heading = each.heading
    if not each.pence:
        raise rules.WHOLE_PENCE.refused("amount")
    if not may_be_posted_to(heading):
        raise rules.HAND_HEADING_OPEN.refused(side, heading=heading)
    if said.kind == EntryKind.OPENING and heading.kind in RESULT:
        raise rules.OPENING_GOES_ON.refused(side, heading=heading)
    year = last_day_of(said.dated_on).year - 1
    if each.line.year != year if each.line else each.is_spending:
        raise rules.HAND_LINE_NAMED.refused(f"{side}_line", heading=heading, year=year_words(year))
    if heading.control == Control.PARTNER and each.partner is None:
        raise rules.HAND_PARTNER_NAMED.refused(heading=heading)


def _side(each: HandLine) -> str:
    return "debit" if each.pence > 0 else "credit"


def _require_spending(said: HandSaid, offered: HandChoices) -> None:
    """R-3, FU-128, FU-336 and FU-337, as of what is bought: the agreement is open, permits the kind on the day, and each line
    has room for what it pays."""
    if offered.not_open:
        raise rules.OPEN_FOR_MONEY.refused(state=offered.not_open)
    if said.spending not in set(SpendingKind):
        raise rules.KIND_NAMED.refused("spending")
    permitted = permitted_on(offered.permitted, said.posted_on)
    if said.spending not in permitted:
        raise rules.KIND_PERMITTED.refused(
            "spending", kind=kind_words(said.spending), day=date_long(said.posted_on),
            permitted=", ".join(f"“{kind_words(each)}”" for each in permitted) or "no kind of spending yet",
        )  # fmt: skip
    if offered.room is None:
        return
    for line, pence in _spent_by_line(said.lines).items():
        left = offered.room.get(line, 0)
        if pence > max(left, 0):
            raise rules.SPENT_FROM_BUDGET.refused(available=format_pounds(left), amount=format_pounds(pence))


def _spent_by_line(lines: Sequence[HandLine]) -> Mapping[UUID, int]:
    spent: Counter[UUID] = Counter()
    for each in lines:
        if each.is_spending and each.line is not None:
            spent[each.line.pk] += each.pence
    return spent


def _require_streams(said: HandSaid, offered: HandChoices) -> None:
    """FU-138, FU-139 and FU-244: ring-fenced money is here with consent, pays for services it is permitted for, and is not
    made into other money."""
    taken: Counter[UUID | None] = Counter()
    for each in said.lines:
        stream = each.line.stream if each.line else each.stream
        if stream is not None and stream.is_ring_fenced:
            _require_consent(each, stream, offered)
        if each.heading.kind in _OWN and each.line is None:
            taken[each.stream.pk if each.stream else None] += each.pence
    for each in said.lines:
        stream = each.stream
        if stream is None or not (stream.is_ring_fenced or stream.keeps_balance) or taken[stream.pk] <= 0:
            continue
        if any(pence < 0 for other, pence in taken.items() if other != stream.pk):
            raise rules.RING_FENCE_NOT_MOVED.refused(stream=stream.name)


def _require_consent(each: HandLine, stream: FundingStream, offered: HandChoices) -> None:
    field = f"{_side(each)}_line" if each.line else "stream"
    if stream.pk not in offered.consented:
        whose = stream.consent_of or "whoever grants it"
        raise rules.RING_FENCE_CONSENTED.refused(field, stream=stream.name, whose=whose)
    if each.line is not None and (stream.pk, each.line.scheme_id) not in offered.permits:
        raise rules.RING_FENCE_PERMITTED.refused(field, stream=stream.name, scheme=each.line.scheme.name)


def _line(each: HandLine) -> Line:
    """Whoever pays for a budget line, and which money it is, stand on the line."""
    if each.line is not None:
        return line_of(each.line, each.pence, heading=each.heading.code)
    return Line(
        each.heading.code, each.pence, partner=str(each.partner.pk) if each.partner else None,
        stream=str(each.stream.pk) if each.stream else None,
    )  # fmt: skip
