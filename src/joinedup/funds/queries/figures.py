"""What the ledger says of budget lines and partners, for the pages and the rules of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.engines.money import Money
from joinedup.funds.models import Balance, BudgetApproval, BudgetLine, Fund, OverAllowed


@dataclass(frozen=True)
class LineFigures:
    """One budget line in the four figures that matter: what it may spend now, what was spent, what is promised, what is
    left."""

    budget: int = 0
    spent: int = 0
    committed: int = 0

    @property
    def left(self) -> Money:
        """R-3: budget with its virements, less what was spent and what is promised."""
        return Money(self.budget - self.spent - self.committed)

    def __add__(self, other: LineFigures) -> LineFigures:
        return LineFigures(self.budget + other.budget, self.spent + other.spent, self.committed + other.committed)


_FIELD = {Book.BUDGET.value: "budget", Book.ACTUAL.value: "spent", Book.COMMITMENT.value: "committed"}


def figures_of_lines(viewer: Actor, lines: Iterable[BudgetLine]) -> dict[UUID, LineFigures]:
    """The figures of these lines, from the running totals; one statement. Before its budget is approved a line shows what
    was planned. Inside the part: the caller has looked whether the viewer may see the fund."""
    wanted = {line.pk: line for line in lines}
    cells: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Balance.objects.filter(line__in=wanted, account__kind=Kind.EXPENDITURE, is_closing=False)
    for line_id, book, pence in rows.values_list("line_id", "book").annotate(pence=Sum(F("debit") - F("credit"))):
        if book in _FIELD:
            cells[line_id][_FIELD[book]] += pence
    found = {}
    for key, line in wanted.items():
        mine = cells.get(key)
        found[key] = LineFigures(**mine) if mine else LineFigures(line.budget_pence)
    return found


def figures_of(viewer: Actor, line: BudgetLine) -> LineFigures:
    """The figures of one line."""
    return figures_of_lines(viewer, [line])[line.pk]


def allowed_over(viewer: Actor, lines: Iterable[BudgetLine]) -> dict[UUID, int]:
    """By line: what somebody with the authority allowed over its budget (R-3)."""
    rows = OverAllowed.objects.filter(line__in=[line.pk for line in lines])
    return {line: int(pence) for line, pence in rows.values_list("line_id").annotate(pence=Sum("pence")).order_by()}


def room_of(viewer: Actor, line: BudgetLine) -> Money:
    """What may still be spent on a line: what is left of its budget, and what is allowed over it (R-3)."""
    return room_of_lines(viewer, [line])[line.pk]


def room_of_lines(viewer: Actor, lines: Iterable[BudgetLine]) -> dict[UUID, Money]:
    """The same of several, by line; three statements. What was only planned is no budget yet: until a year's budget is
    approved, nothing is spent from it but what somebody with the authority allowed."""
    wanted = list(lines)
    figures, over = figures_of_lines(viewer, wanted), allowed_over(viewer, wanted)
    there = BudgetApproval.objects.filter(fund__in={line.fund_id for line in wanted})
    approved = set(there.values_list("fund_id", "year"))
    return {
        line.pk: Money(
            figures[line.pk].left
            - (0 if (line.fund_id, line.year) in approved else figures[line.pk].budget)
            + over.get(line.pk, 0)
        )
        for line in wanted
    }


def open_with_partner(viewer: Actor, fund: Fund, partner_id: UUID) -> dict[str, Money]:
    """By heading: what is open between a fund and a partner (owed to the fund above nought)."""
    rows = Balance.objects.filter(fund=fund, partner_id=partner_id, book=Book.ACTUAL, account__control=Control.PARTNER)
    sums = rows.values_list("account__code").annotate(pence=Sum(F("debit") - F("credit"))).order_by("account__code")
    return {code: Money(pence) for code, pence in sums if pence}


def left_of_streams(viewer: Actor, fund: Fund, year: int) -> dict[UUID, int]:
    """What is left of each ring-fenced stream that keeps its own balance, whatever becomes of the rest of the fund."""
    lines = list(BudgetLine.objects.filter(fund=fund, year=year, stream__keeps_balance=True))
    figures = figures_of_lines(viewer, lines)
    found: dict[UUID, int] = {}
    for line in lines:
        if line.stream_id is not None:
            found[line.stream_id] = found.get(line.stream_id, 0) + figures[line.pk].left
    return found
