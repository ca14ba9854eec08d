"""The picture of a forecast: the budget, what was spent, and what is expected, added up month by month. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from joinedup.core import charts
from joinedup.core.figures import Figure
from joinedup.funds.forecasting import MONTHS, Outturn

_THOUSAND = 100_000  # pence


class _Year(Protocol):
    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...


def forecast_picture(year: _Year, outturns: Sequence[Outturn]) -> Figure | None:
    """None where nothing is spent or budgeted yet."""
    budget = sum(each.spending.budget_pence for each in outturns)
    spent = [sum(each.spending.months[month] for each in outturns) for month in range(year.month)]
    if not budget and not sum(spent):
        return None
    ends = [_end(year.year, month) for month in range(1, MONTHS + 1)]
    start = date(year.year, 4, 1)
    so_far = [sum(spent[: place + 1]) for place in range(len(spent))]
    lines = [charts.Line("Budget in even parts", [(start, 0), (ends[-1], _in_thousands(budget))])]
    if so_far:
        lines.append(
            charts.Line("Spent", [(start, 0), *((ends[n], _in_thousands(pence)) for n, pence in enumerate(so_far))])
        )
        if year.month < MONTHS:
            expected = sum(each.pence for each in outturns)
            to_come = [(ends[year.month - 1], _in_thousands(so_far[-1])), (ends[-1], _in_thousands(expected))]
            lines.append(charts.Line("Expected", to_come))
    return charts.line("The year, added up month by month", lines, unit="Thousands of pounds")


def _in_thousands(pence: int) -> int:
    return round(pence / _THOUSAND)


def _end(year: int, month: int) -> date:
    following = month + 4
    first = date(year, following, 1) if following <= MONTHS else date(year + 1, following - MONTHS, 1)
    return first - timedelta(days=1)
