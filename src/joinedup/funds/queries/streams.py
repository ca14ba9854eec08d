"""Ring-fenced money in a fund: what it has this year, what it brought over from the year before, and what is left of it,
which stays its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, Control, Kind
from joinedup.funds.models import Balance, Fund
from joinedup.funds.permissions import READ_FUNDS


@dataclass(frozen=True)
class StreamMoney:
    """One stream in one year, in pence. `brought` is what earlier years carried forward of it."""

    budget: int = 0
    spent: int = 0
    committed: int = 0
    brought: int = 0

    @property
    def left(self) -> int:
        """Budget, less what was spent and promised."""
        return self.budget - self.spent - self.committed


def money_of_streams(viewer: Actor, fund: Fund, year: int) -> dict[UUID, StreamMoney]:
    """Every stream with money in a year, by its id; two statements."""
    check(viewer, READ_FUNDS)
    rows = Balance.objects.filter(
        fund=fund, period__year=year, stream__isnull=False, account__kind=Kind.EXPENDITURE, is_closing=False
    )
    pence = Sum(F("debit") - F("credit"))
    cells: dict[UUID, dict[str, int]] = {}
    for stream, book, sum_ in rows.values_list("stream_id", "book").annotate(pence=pence).order_by():
        cells.setdefault(stream, {})[book] = int(sum_)
    carried = Balance.objects.filter(
        fund=fund, book=Book.ACTUAL, stream__isnull=False, account__control=Control.CARRIED, period__year__lt=year
    )
    brought = dict(carried.values_list("stream_id").annotate(pence=pence).order_by())
    return {
        key: StreamMoney(
            of.get(Book.BUDGET, 0), of.get(Book.ACTUAL, 0), of.get(Book.COMMITMENT, 0), -int(brought.get(key, 0))
        )
        for key in {*cells, *brought}
        for of in (cells.get(key, {}),)
    }
