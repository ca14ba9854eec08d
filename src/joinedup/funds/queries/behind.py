"""What is behind a figure: which lines of the ledger it is the sum of, and those lines a page at a time.

Most sums come from the running totals; where a figure asks for more than they know (one entry, what came of instalments,
the ledger as it stood at a number of its chain) they are taken over the lines themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.query import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, Control, EntryKind, Kind
from joinedup.funds import chart
from joinedup.funds.codes import INSIDE_TIERS, SHARED_TIERS, Tier
from joinedup.funds.models import (
    Account,
    AgreementPartner,
    Balance,
    BudgetLine,
    EntrySeal,
    Fund,
    FundingStream,
    Instalment,
    LedgerHead,
    Posting,
    Receipt,
    RiskShareRun,
    Scheme,
)
from joinedup.funds.permissions import READ_LEDGER
from joinedup.funds.queries.by_kind import NO_KIND, NO_KIND_WORDS, of_kind, planned_as
from joinedup.funds.spending_kinds import kind_words

PAGE = 50
LEFT = "left"
"""Not a book: budget, less what was spent, less what is promised."""
_LEFT_BOOKS = (Book.BUDGET, Book.ACTUAL, Book.COMMITMENT)
RESULT = "result"
"""Not a kind: income and expenditure together."""
MONEY = ("agreed", "due", "received", "owed", "in_kind")


@dataclass(frozen=True)
class Behind:
    """Which lines a figure is the sum of. Everything left out is not asked for.

    `years` is "upto" or "before" where other years count than `year` alone; `until` the last month of the year; `tier` a tier,
    "inside" or "outside"; `whole` takes the budgets cut from the line with it; `side` only debits or only credits; `turned`
    counts credits above nought, as income is read; `money` what came of a partner's instalments; `run` what was posted of
    risk share up to a quarter; `source` what posted it, by its kind or its key; `spending` the kind of spending, and `planned` the kind the line is planned for, "none" where
    there is none; `upto` the ledger as it stood at that number of its chain.
    """

    book: str = ""
    account: UUID | None = None
    line: UUID | None = None
    scheme: UUID | None = None
    partner: UUID | None = None
    stream: UUID | None = None
    entry: UUID | None = None
    year: int | None = None
    period: UUID | None = None
    with_closing: bool = False
    years: str = ""
    until: int | None = None
    kind: str = ""
    code: str = ""
    control: str = ""
    tier: str = ""
    whole: bool = False
    side: str = ""
    turned: bool = False
    money: str = ""
    run: int | None = None
    source: str = ""
    spending: str = ""
    planned: str = ""
    upto: int | None = None

    def counts(self, posting: Posting) -> int:
        """What one line counts in the figure."""
        if self.book == LEFT and posting.book != Book.BUDGET:
            return -posting.pence
        return _signed(self, posting.pence)


@dataclass(frozen=True)
class PostingsPage:
    """Some of the lines behind a figure, the newest first; what all of them come to; and where the next page begins. `to_come`
    is the part of the figure that is agreed and not posted yet."""

    postings: tuple[Posting, ...]
    pence: int
    debit: int
    credit: int
    count: int
    after: str
    to_come: int = 0

    @property
    def figure(self) -> int:
        """What the figure says: posted and to come."""
        return self.pence + self.to_come


_SHOWN = ("entry", "account", "line", "scheme", "partner__organisation", "stream", "period")


def postings_behind(viewer: Actor, fund: Fund, which: Behind, *, after: str = "", most: int = PAGE) -> PostingsPage:
    """The lines behind a figure, a page of them."""
    check(viewer, READ_LEDGER)
    asked = _asked(fund, which)
    summed = _summed(fund, which, asked)
    rows = _postings(fund, which, asked)
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related(*_SHOWN).order_by("-pk")[: most + 1])
    more = str(found[most - 1].pk) if len(found) > most else ""
    debit, credit = int(summed["debit"]), int(summed["credit"])
    return PostingsPage(
        tuple(found[:most]),
        _signed(which, debit - credit),
        debit,
        credit,
        int(summed["count"]),
        more,
        _to_come(fund, which),
    )


def every_posting(viewer: Actor, fund: Fund, which: Behind, *, most: int = 20_000) -> list[Posting]:
    """The lines behind a figure in the order they were posted, for a file."""
    check(viewer, READ_LEDGER)
    return list(_postings(fund, which, _asked(fund, which)).select_related(*_SHOWN).order_by("pk")[:most])


def _signed(which: Behind, pence: int) -> int:
    return -pence if which.turned or which.side == "credit" else pence


def _asked(fund: Fund, which: Behind) -> Q:
    """The conditions that running totals and lines have in common."""
    named: Mapping[str, Any] = {
        "account": which.account, "scheme": which.scheme, "partner": which.partner, "stream": which.stream,
        "period": which.period, "account__kind": None if which.kind == RESULT else which.kind or None, "account__code": which.code or None,
        "account__control": which.control or None,
    }  # fmt: skip
    found = Q(**{name: value for name, value in named.items() if value is not None}) & _years(which)
    found &= Q(account__kind__in=[Kind.INCOME, Kind.EXPENDITURE]) if which.kind == RESULT else Q()
    found &= Q(book__in=_LEFT_BOOKS, account__kind=Kind.EXPENDITURE) if which.book == LEFT else Q()
    if which.book and which.book != LEFT:
        found &= Q(book=which.book)
    if which.line is not None:
        found &= Q(line__in=_with_parts(fund, which.line)) if which.whole else Q(line=which.line)
    if which.planned:
        found &= planned_as(which.planned)
    if which.tier:
        found &= _reported(fund, which) if which.tier == "reported" else _of_tier(which.tier)
    return found


def _reported(fund: Fund, which: Behind) -> Q:
    """The lines a report counts: those that are shared, and of the others those of which anything is known."""
    spent = Posting.objects.filter(
        fund=fund, period__year=which.year or 0, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, line__isnull=False
    )
    if which.upto is not None:
        spent = spent.filter(entry__seal__number__lte=which.upto)
    return Q(line__tier__in=list(SHARED_TIERS)) | Q(line__in=spent.values("line"))


def _years(which: Behind) -> Q:
    if which.year is None:
        return Q()
    if which.years == "before":
        return Q(period__year__lt=which.year)
    month = Q() if which.until is None else Q(period__number__lte=which.until)
    if which.years == "upto":
        return Q(period__year__lt=which.year) | (Q(period__year=which.year) & month)
    return Q() if which.money else Q(period__year=which.year) & month


def _closing_year(which: Behind) -> Q:
    """Whose closing is left out: what earlier years carried over belongs to a balance that goes on from year to year."""
    if which.years == "before":
        return Q(period__year__gte=which.year or 0)
    return Q(period__year=which.year or 0) if which.years == "upto" else Q()


def _of_tier(tier: str) -> Q:
    inside = list(INSIDE_TIERS)
    if tier == "inside":
        return Q(line__tier__in=inside)
    if tier == "outside":
        return Q(line__isnull=False) & ~Q(line__tier__in=inside)
    return Q(line__tier=tier)


def _with_parts(fund: Fund, line_id: UUID) -> set[UUID]:
    """A line with every budget cut from it."""
    under: dict[UUID | None, list[UUID]] = {}
    for key, parent in BudgetLine.objects.filter(fund=fund).values_list("pk", "parent_id"):
        under.setdefault(parent, []).append(key)
    found, waiting = set(), [line_id]
    while waiting:
        found.add(one := waiting.pop())
        waiting += under.get(one, [])
    return found


def _only_lines_know(fund: Fund, which: Behind) -> bool:
    """The figure asks for more than the running totals know."""
    if which.upto is not None:
        head = LedgerHead.objects.filter(pk=fund.pk).first()
        if head is None or which.upto < head.number:
            return True
    return which.entry is not None or bool(which.money or which.source or which.spending) or which.run is not None


def _summed(fund: Fund, which: Behind, asked: Q) -> dict[str, Any]:
    # Where what is left is summed, what was spent or promised counts the other way.
    left = which.book == LEFT
    if _only_lines_know(fund, which):
        rows: QuerySet[Any] = _postings(fund, which, asked)
        signed = _turned(F("pence")) if left else F("pence")
        rows = rows.annotate(counts=signed)
        return rows.aggregate(
            debit=Sum("counts", filter=Q(counts__gt=0), default=0),
            credit=Sum(F("counts") * -1, filter=Q(counts__lt=0), default=0), count=Count("pk"),
        )  # fmt: skip
    totals = Balance.objects.filter(Q(fund=fund) & asked)
    if not which.with_closing:
        totals = totals.exclude(Q(is_closing=True) & _closing_year(which))
    if left:
        more = Case(When(book=Book.BUDGET, then=F("debit")), default=F("credit"))
        less = Case(When(book=Book.BUDGET, then=F("credit")), default=F("debit"))
        found = totals.aggregate(more=Sum(more, default=0), less=Sum(less, default=0), count=Sum("postings", default=0))
        return {"debit": found["more"], "credit": found["less"], "count": found["count"]}
    if which.side:
        # How many of a total's lines were debits only the lines know.
        counted = _postings(fund, which, asked).aggregate(count=Count("pk"))["count"]
        found = totals.aggregate(debit=Sum("debit", default=0), credit=Sum("credit", default=0))
        other = "credit" if which.side == "debit" else "debit"
        return {**found, other: 0, "count": counted}
    return totals.aggregate(
        debit=Sum("debit", default=0), credit=Sum("credit", default=0), count=Sum("postings", default=0)
    )


def _turned(pence: F) -> Case:
    return Case(When(book=Book.BUDGET, then=pence), default=-pence)


def _postings(fund: Fund, which: Behind, asked: Q) -> QuerySet[Posting]:
    rows = Posting.objects.filter(Q(fund=fund) & asked)
    if not which.with_closing:
        rows = rows.exclude(Q(entry__kind=EntryKind.CLOSING) & _closing_year(which))
    if which.side:
        rows = rows.filter(pence__gt=0) if which.side == "debit" else rows.filter(pence__lt=0)
    if which.entry is not None:
        rows = rows.filter(entry=which.entry)
    if which.money:
        rows = rows.filter(_of_money(fund, which))
    if which.run is not None:
        runs = RiskShareRun.objects.filter(
            fund=fund, year=which.year or 0, quarter__lte=which.run, entry_id__isnull=False
        )
        rows = rows.filter(entry__in=runs.values("entry_id"), account__control=Control.PARTNER)
    if which.source:
        rows = rows.filter(Q(entry__source_kind=which.source) | Q(entry__key=which.source))
    if which.spending:
        rows = rows.filter(of_kind(fund, which.spending))
    if which.upto is not None:
        rows = rows.filter(entry__seal__number__lte=which.upto)
    return rows


# --- What came of a partner's instalments.


def _day(which: Behind) -> date | None:
    if which.year is None or which.until is None:
        return None
    following = which.until + 4
    first = date(which.year, following, 1) if following <= 12 else date(which.year + 1, following - 12, 1)
    return first - date.resolution


def _instalments(fund: Fund, which: Behind) -> QuerySet[Instalment]:
    kind = "in_kind" if which.money == "in_kind" else "cash"
    rows = Instalment.objects.filter(
        contribution__fund=fund, contribution__year=which.year or 0, contribution__kind=kind
    )
    if which.partner is not None:
        rows = rows.filter(contribution__partner=which.partner)
    day = _day(which)
    return rows.filter(due_on__lte=day) if day is not None and which.money in {"due", "owed"} else rows


def _receipts(fund: Fund, which: Behind) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(
        instalment__contribution__fund=fund,
        instalment__contribution__year=which.year or 0,
        instalment__contribution__kind="cash",
    )
    if which.partner is not None:
        rows = rows.filter(instalment__contribution__partner=which.partner)
    day = _day(which)
    return rows.filter(received_on__lte=day) if day is not None else rows


def _of_money(fund: Fund, which: Behind) -> Q:
    """Lines of the entries that made a partner owe its instalments, or that brought the money in."""
    owed = Q(entry__in=_instalments(fund, which).exclude(entry_id=None).values("entry_id"))
    came = Q(entry__in=_receipts(fund, which).exclude(entry_id=None).values("entry_id"))
    heading = Q(account__code=chart.USED_IN_KIND if which.money == "in_kind" else chart.OWED_BY_PARTNERS)
    if which.money == "received":
        return heading & came
    return heading & (owed | came) if which.money == "owed" else heading & owed


def _to_come(fund: Fund, which: Behind) -> int:
    """What of the instalments is agreed and not posted yet."""
    if which.money not in {"agreed", "due", "owed", "in_kind"}:
        return 0
    later = Q(entry_id=None)
    if which.upto is not None:
        # As the ledger stood then, what was posted since was still to come.
        later |= Q(entry_id__in=EntrySeal.objects.filter(fund=fund, number__gt=which.upto).values("entry_id"))
    rows = _instalments(fund, which).filter(later)
    return int(rows.aggregate(pence=Sum("pence", default=0))["pence"])


# --- What the figure is called.

_MONEY_WORDS = {
    "agreed": "Contribution agreed for the year", "due": "Due so far", "received": "Received", "owed": "Due and not received",
    "in_kind": "In kind for the year",
}  # fmt: skip
_BOOK_WORDS = {LEFT: "Left", Book.BUDGET.value: "Budget", Book.COMMITMENT.value: "Promised"}
_KIND_WORDS: dict[str, str] = {RESULT: "Income less what was spent", Kind.INCOME: "Income", Kind.EXPENDITURE: "Spent", Kind.EQUITY: "Carried and kept", Kind.ASSET: "What the fund has",
               Kind.LIABILITY: "What the fund owes"}  # fmt: skip


def _kind_words(kind: str) -> str:
    return NO_KIND_WORDS if kind == NO_KIND else kind_words(kind)


def words_of(viewer: Actor, fund: Fund, which: Behind) -> list[str]:
    """What the figure is, in words: the kind of figure first, then whose."""
    check(viewer, READ_LEDGER)
    found = [_MONEY_WORDS.get(which.money, "")]
    if which.run is not None:
        found.append("Posted by risk share")
    if which.account is not None or which.code:
        chosen = Q(pk=which.account) if which.account is not None else Q(code=which.code)
        found += [str(each) for each in Account.objects.filter(chosen, fund=fund)[:1]]
    elif which.kind:
        found.append(_BOOK_WORDS.get(which.book, "") or _KIND_WORDS.get(which.kind, ""))
    for model, key in ((BudgetLine, which.line), (Scheme, which.scheme), (FundingStream, which.stream)):
        if key is not None:
            found += [str(each) for each in model.objects.filter(pk=key)[:1]]
    if which.partner is not None:
        place = AgreementPartner.objects.select_related("organisation").filter(pk=which.partner).first()
        found.append(place.organisation.name if place else "")
    found += [_kind_words(each) for each in (which.spending, which.planned) if each]
    if which.tier:
        found.append(
            {"inside": "under the agreement", "outside": "outside the agreement", Tier.POOLED: "shared lines"}.get(
                which.tier, ""
            )
        )
    return [each for each in found if each]
