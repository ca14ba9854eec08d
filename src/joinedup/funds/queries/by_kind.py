"""What a fund planned and spent by kind of spending, from the ledger: purchases, what was posted by hand, and rows of partners'
extracts. What takes an entry back is of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, Q, Sum, Value, When

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, EntryKind, Kind
from joinedup.engines.money import Money
from joinedup.funds.models import Balance, BudgetApproval, BudgetLine, EntrySpending, Fund, Posting, Purchase
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.spending_kinds import SpendingKind, kind_words

NO_KIND = "none"
"""Of a figure: spending that names no kind, and lines that are planned for none in particular."""
NO_KIND_WORDS = "No kind named"


@dataclass(frozen=True)
class KindOfSpending:
    """One kind in a year, in pence: what the budget of the lines planned for it is now, and what was spent of it, in how many
    entries. The empty kind is what names none. `is_posted` says whether the budget stands in the ledger yet."""

    kind: str
    planned: int
    spent: int
    entries: int
    is_posted: bool = True

    @property
    def words(self) -> str:
        """The kind in words."""
        return kind_words(self.kind) if self.kind else NO_KIND_WORDS

    @property
    def key(self) -> str:
        """As a figure asks for it."""
        return self.kind or NO_KIND

    @property
    def left(self) -> Money:
        """Planned and not spent; below nought where more was spent than planned."""
        return Money(self.planned - self.spent)


def of_kind(fund: Fund, kind: str) -> Q:
    """Lines of the entries that are of a kind, or of none."""
    if kind == NO_KIND:
        found = Q()
        for each in SpendingKind:
            found |= of_kind(fund, each)
        return ~found
    bought = Purchase.objects.filter(fund=fund, kind=kind).values("entry_id")
    others = EntrySpending.objects.filter(entry__fund=fund, kind=kind).values("entry_id")
    named = Q()
    for rows in (bought, others):
        named |= Q(entry__in=rows) | Q(entry__reverses__isnull=False, entry__reverses__in=rows)
    return named


def planned_as(kind: str) -> Q:
    """Lines of the ledger under a budget line that is planned for a kind."""
    return Q(line__isnull=False, line__planned_kind="" if kind == NO_KIND else kind)


def spent_by_kind(viewer: Actor, fund: Fund, year: int) -> list[KindOfSpending]:
    """Every kind with a budget or a cost in a year, in their order; what names none comes last. Three statements."""
    check(viewer, READ_FUNDS)
    planned, is_posted = _planned(fund, year)
    whens = [When(of_kind(fund, each), then=Value(each.value)) for each in SpendingKind]
    rows = (
        Posting.objects.filter(fund=fund, period__year=year, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE)
        .exclude(entry__kind=EntryKind.CLOSING)
        .annotate(of=Case(*whens, default=Value(""), output_field=CharField()))
        .values_list("of")
        .annotate(pence=Sum("pence"), count=Count("entry", distinct=True))
        .order_by("of")
    )
    spent = {kind: (int(pence), int(count)) for kind, pence, count in rows}
    return [
        KindOfSpending(kind, planned.get(kind, 0), *spent.get(kind, (0, 0)), is_posted)
        for kind in (*(each.value for each in SpendingKind), "")
        if kind in spent or planned.get(kind)
    ]


def _planned(fund: Fund, year: int) -> tuple[dict[str, int], bool]:
    """What lines are planned for: as the ledger has it once the budget is approved, with its virements; before, as it was
    written."""
    lines = BudgetLine.objects.filter(fund=fund, year=year, parent=None)
    if not BudgetApproval.objects.filter(fund=fund, year=year).exists():
        rows = lines.values_list("planned_kind").annotate(pence=Sum("budget_pence")).order_by()
        return {kind: int(pence) for kind, pence in rows}, False
    totals = Balance.objects.filter(
        fund=fund,
        period__year=year,
        book=Book.BUDGET,
        account__kind=Kind.EXPENDITURE,
        line__isnull=False,
        is_closing=False,
    )
    sums = totals.values_list("line__planned_kind").annotate(pence=Sum(F("debit") - F("credit"))).order_by()
    return {kind: int(pence) for kind, pence in sums}, True
