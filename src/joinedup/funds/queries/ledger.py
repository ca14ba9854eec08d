"""Reading the ledger: trial balance, statements, entries, what is behind a figure, and what may still be spent.

Figures come from the running totals that the seal keeps; `verify_ledger` holds them against the sum of every line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.engines import ledger as engine
from joinedup.engines.ledger import Book, Control, EntryKind, Kind
from joinedup.funds.models import (
    Account,
    AgreementPartner,
    Balance,
    BudgetLine,
    Entry,
    EntrySeal,
    EntrySpending,
    Fund,
    LedgerHead,
    Period,
    PeriodClosing,
    Posting,
    Purchase,
)
from joinedup.funds.permissions import READ_LEDGER
from joinedup.funds.queries.behind import RESULT
from joinedup.funds.transferring import TRANSFER

_SHOWN = ("entry", "account", "line", "scheme", "partner__organisation", "stream", "period")
_YEARLY = [Kind.INCOME, Kind.EXPENDITURE]


@dataclass(frozen=True)
class HeadingBalance:
    """A row of the trial balance: what was brought into the year, what was posted in it, and what that comes to."""

    account_id: UUID | None
    code: str
    name: str
    kind: str
    opening: int
    debit: int
    credit: int
    is_yearly: bool = False  # begins each year at nought, as income, expenditure and what balances the budget book do

    @property
    def closing(self) -> int:
        """Above nought on the left side, below on the right."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class TrialBalance:
    """Every heading with something under it, and the head of the chain the figures stand on.

    While an earlier year is open (`open_before`) what is brought forward is provisional: it stands as posted so far, and what
    that year came to is not under a heading yet but in a row of its own."""

    fund: Fund
    year: int
    book: Book
    until: Period | None
    rows: tuple[HeadingBalance, ...]
    number: int
    digest: str
    open_before: tuple[int, ...] = ()

    @property
    def opening(self) -> int:
        """Nought."""
        return sum(row.opening for row in self.rows)

    @property
    def debit(self) -> int:
        """Everything debited in the year."""
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        """Everything credited in the year: the same."""
        return sum(row.credit for row in self.rows)

    @property
    def closing(self) -> int:
        """Nought, or the ledger is broken."""
        return sum(row.closing for row in self.rows)


def _may_look(viewer: Actor) -> None:
    """For whoever has nothing to do with money there is no ledger at all."""
    if not can(viewer, READ_LEDGER):
        raise NotVisible()


def ledger_fund(viewer: Actor, fund_id: UUID) -> Fund:
    """A fund whose ledger the viewer may read."""
    _may_look(viewer)
    found = Fund.objects.visible_to(viewer).select_related("agreement", "host__organisation").filter(pk=fund_id).first()
    if found is None:
        raise NotVisible()
    return found


def trial_balance(
    viewer: Actor, fund: Fund, *, year: int, book: Book = Book.ACTUAL, period: Period | None = None,
    before_closing: bool = True,
) -> TrialBalance:  # fmt: skip
    """What is under each heading of a fund in a year, up to the end of a period or of the year. Income and expenditure
    begin each year at nought, as does what balances budgets and promises; `before_closing` leaves out what closing the year
    took out of them. What earlier years that are still open came to is a row of its own, so that the sides are equal."""
    check(viewer, READ_LEDGER)
    until = period.ends_on if period else date(year + 1, 3, 31)
    rows = Balance.objects.filter(fund=fund, book=book, period__ends_on__lte=until)
    if before_closing:
        rows = rows.exclude(is_closing=True, period__year=year)
    this_year = Q(period__year=year)
    found = (
        rows.values("account_id", "account__code", "account__name", "account__kind", "account__control")
        .annotate(
            opening=Sum(F("debit") - F("credit"), filter=~this_year, default=0),
            debits=Sum("debit", filter=this_year, default=0),
            credits=Sum("credit", filter=this_year, default=0),
        )
        .order_by("account__code")
    )
    lines, earlier = [], 0
    for each in found:
        yearly = each["account__kind"] in _YEARLY or each["account__control"] == Control.BALANCING
        earlier += int(each["opening"]) if yearly else 0
        row = HeadingBalance(
            each["account_id"], each["account__code"], each["account__name"], each["account__kind"],
            0 if yearly else int(each["opening"]), int(each["debits"]), int(each["credits"]), yearly,
        )  # fmt: skip
        lines += [row] if row.opening or row.debit or row.credit else []
    if earlier:
        lines.append(HeadingBalance(None, "", "Earlier years, not carried forward yet", RESULT, earlier, 0, 0))
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    before = Period.objects.filter(fund=fund, year__lt=year, state="open").values_list("year", flat=True).distinct()
    return TrialBalance(
        fund, year, book, period, tuple(lines), head.number if head else 0, head.digest if head else engine.GENESIS,
        tuple(before.order_by("year")),
    )  # fmt: skip


@dataclass(frozen=True)
class Room:
    """What a budget line has, has spent and has promised, in pence."""

    budget: int = 0
    actual: int = 0
    committed: int = 0

    @property
    def available(self) -> int:
        """What may still be spent; below nought where too much was."""
        return engine.available(budget=self.budget, actual=self.actual, committed=self.committed)


def room_on_lines(viewer: Actor, fund: Fund, *, year: int, lines: Iterable[UUID] | None = None) -> dict[UUID, Room]:
    """Budget with its virements, actual and committed for each budget line of a fund in a year."""
    check(viewer, READ_LEDGER)
    rows = Balance.objects.filter(
        fund=fund, period__year=year, account__kind=Kind.EXPENDITURE, line__isnull=False, is_closing=False
    )
    if lines is not None:
        rows = rows.filter(line__in=list(lines))
    sums: dict[UUID, dict[str, int]] = {}
    for line, book, pence in (
        rows.values_list("line_id", "book").annotate(pence=Sum(F("debit") - F("credit"))).order_by("line_id", "book")
    ):
        sums.setdefault(line, {})[book] = int(pence)
    return {
        line: Room(of.get(Book.BUDGET, 0), of.get(Book.ACTUAL, 0), of.get(Book.COMMITMENT, 0))
        for line, of in sums.items()
    }


def available_budget(viewer: Actor, line: BudgetLine) -> Room:
    """Budget with its virements, actual and committed of one line in its year."""
    return room_on_lines(viewer, line.fund, year=line.year, lines=[line.pk]).get(line.pk, Room())


def totals_by(
    viewer: Actor, fund: Fund, *, year: int, by: tuple[str, ...], book: Book = Book.ACTUAL, kinds: Iterable[Kind] = (),
    until: date | None = None,
) -> dict[tuple[Any, ...], int]:  # fmt: skip
    """Debits less credits of a year, grouped by any of account, line, scheme, partner, stream, period (their ids) or
    account__code: what reports are made of."""
    check(viewer, READ_LEDGER)
    rows = Balance.objects.filter(fund=fund, period__year=year, book=book, is_closing=False)
    if until is not None:
        rows = rows.filter(period__ends_on__lte=until)
    if wanted := list(kinds):
        rows = rows.filter(account__kind__in=wanted)
    names = [name if "__" in name else f"{name}_id" for name in by]
    return {
        tuple(cell): int(pence)
        for *cell, pence in rows.values_list(*names).annotate(pence=Sum(F("debit") - F("credit"))).order_by(*names)
    }


@dataclass(frozen=True)
class EntryPage:
    """An entry with its lines, its place in the chain, and what took it back or what it took back; the name of whoever posted
    it, empty where the program did by itself; and the kind of spending, empty where it names none."""

    entry: Entry
    postings: tuple[Posting, ...]
    seal: EntrySeal | None
    previous: str
    reversed_by: Entry | None
    pair: Entry | None
    poster: str = ""
    spending: str = ""

    @property
    def may_be_reversed(self) -> bool:
        """Nobody has taken it back yet, and it takes nothing back itself."""
        return self._stands and self.entry.pair is None

    @property
    def is_transfer(self) -> bool:
        """One of two entries by which money went from one fund to another, both of which may be taken back together."""
        return self._stands and self.pair is not None and self.entry.source_kind == TRANSFER

    @property
    def _stands(self) -> bool:
        return self.reversed_by is None and self.entry.kind != EntryKind.REVERSAL


def entry_page(viewer: Actor, entry_id: UUID) -> EntryPage:
    """One entry of a fund the viewer may see."""
    _may_look(viewer)
    entry = (
        Entry.objects.select_related("fund__host__organisation", "fund__agreement", "period", "reverses", "seal")
        .filter(pk=entry_id, fund__in=Fund.objects.visible_to(viewer))
        .first()
    )
    if entry is None:
        raise NotVisible()
    seal = getattr(entry, "seal", None)
    before = EntrySeal.objects.filter(fund=entry.fund, number=seal.number - 1).first() if seal else None
    pair = (
        Entry.objects.filter(pair=entry.pair).select_related("fund").exclude(pk=entry.pk).first()
        if entry.pair
        else None
    )
    return EntryPage(
        entry, tuple(Posting.objects.filter(entry=entry).select_related(*_SHOWN).order_by("place")), seal,
        before.digest if before else engine.GENESIS, Entry.objects.filter(reverses=entry).first(), pair,
        names_of_accounts(viewer, {entry.posted_by}).get(entry.posted_by, "") if entry.posted_by else "", _spending_of(entry),
    )  # fmt: skip


def _spending_of(entry: Entry) -> str:
    """The kind of spending of an entry, or of the one it takes back."""
    of = [key for key in (entry.pk, entry.reverses_id) if key]
    said = EntrySpending.objects.filter(entry__in=of).values_list("kind", flat=True)
    bought = Purchase.objects.filter(entry_id__in=of).values_list("kind", flat=True)
    return said.first() or bought.first() or ""


@dataclass(frozen=True)
class MonthRow:
    """A month of a fund's year with how it was closed."""

    period: Period
    closing: PeriodClosing | None
    postings: int


def months_of(viewer: Actor, fund: Fund, *, year: int) -> list[MonthRow]:
    """The months of a year, open and closed."""
    check(viewer, READ_LEDGER)
    months = list(Period.objects.filter(fund=fund, year=year).select_related("closing").order_by("number"))
    counted = dict(
        Balance.objects.filter(fund=fund, period__year=year)
        .values_list("period_id")
        .annotate(n=Sum("postings"))
        .order_by()
    )
    return [MonthRow(each, getattr(each, "closing", None), int(counted.get(each.pk, 0))) for each in months]


def years_of(viewer: Actor, fund: Fund) -> list[int]:
    """The years of a fund that were opened, the newest first."""
    check(viewer, READ_LEDGER)
    return list(Period.objects.filter(fund=fund).values_list("year", flat=True).distinct().order_by("-year"))


def month(viewer: Actor, period_id: UUID) -> Period:
    """One month of a fund the viewer may see."""
    _may_look(viewer)
    rows = Period.objects.select_related("fund__host__organisation", "fund__agreement")
    found = rows.filter(pk=period_id, fund__in=Fund.objects.visible_to(viewer)).first()
    if found is None:
        raise NotVisible()
    return found


def heading(viewer: Actor, account_id: UUID) -> Account:
    """One heading of a fund the viewer may see."""
    _may_look(viewer)
    found = (
        Account.objects.select_related("fund").filter(pk=account_id, fund__in=Fund.objects.visible_to(viewer)).first()
    )
    if found is None:
        raise NotVisible()
    return found


def head_of_ledger(viewer: Actor, fund: Fund) -> tuple[int, str]:
    """The number and digest of the latest entry, to print on a report: whoever holds it can tell a ledger that was
    rewritten."""
    check(viewer, READ_LEDGER)
    head = LedgerHead.objects.filter(pk=fund.pk).first()
    return (head.number, head.digest) if head else (0, engine.GENESIS)


@dataclass(frozen=True)
class YearToClose:
    """The year of a fund that would be closed next: what is left over in it, and the partners that might get it back."""

    year: int | None
    left: int
    partners: tuple[tuple[UUID, str], ...]
    is_next_open: bool


def year_to_close(viewer: Actor, fund: Fund) -> YearToClose:
    """The earliest year that is open, with what its income is above its expenditure."""
    check(viewer, READ_LEDGER)
    first = Period.objects.filter(fund=fund, state="open").order_by("starts_on").first()
    places = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None).select_related("organisation")
    partners = tuple((each.pk, each.organisation.name) for each in places.order_by("position"))
    if first is None:
        return YearToClose(None, 0, partners, is_next_open=False)
    shown = trial_balance(viewer, fund, year=first.year)
    left = -sum(row.closing for row in shown.rows if row.kind in _YEARLY)
    following = Period.objects.filter(fund=fund, year=first.year + 1).exists()
    return YearToClose(first.year, left, partners, is_next_open=following)
