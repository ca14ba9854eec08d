"""Saying what drives a line, and keeping a forecast with the method of every line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.funds import rules
from joinedup.funds.case_flow import measure
from joinedup.funds.forecasting import Method, Outturn, outturn, variance_of
from joinedup.funds.models import BudgetLine, Forecast, Fund, LineDriver
from joinedup.funds.permissions import FORECAST_FUND
from joinedup.funds.queries.forecasts import with_case_flow
from joinedup.funds.queries.statements import digest_of
from joinedup.funds.queries.year import _year_of
from joinedup.funds.services.steps import _lock, _said


@service(FORECAST_FUND, on="fund")
def set_line_driver(
    *, fund: Fund, line: BudgetLine, measure_code: str, unit_pence: int, source: str, by: Actor, at: datetime
) -> LineDriver:
    """Say what drives the spending of a line: a number that another part counts, and what one of them costs a month, with
    where the price comes from. Said again it takes the place of what was said. Raises Refused (FU-134, FU-408, FU-409,
    FU-410)."""
    _lock(fund)
    if line.fund_id != fund.pk:
        raise rules.FORECAST_LINES.refused()
    if measure(measure_code) is None:
        raise rules.MEASURE_KNOWN.refused()
    if unit_pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused("unit")
    where = _said(source, rules.PRICE_SOURCED, 300)
    facts = {"measure": measure_code, "unit_pence": unit_pence, "source": where, "set_at": at, "set_by": by.account_id}
    row, _ = LineDriver.objects.update_or_create(line=line, defaults=facts)
    note(changed=("driver",), words={"line": line.code, "measure": measure_code, "pence": unit_pence}, subject=row)
    return row


@service(FORECAST_FUND, on="fund")
def keep_forecast(
    *, fund: Fund, year: int | None = None, month: int | None = None, method: Method = Method.PROFILE, by_line: Mapping[UUID, Method] | None = None, words: str = "", by: Actor, at: datetime
) -> Forecast:  # fmt: skip
    """Keep what the year is expected to come to, as of the end of its last month with figures (or of a month): one method for
    all lines, but for those in `by_line`. The method, the figures it went by and the result of every line are kept with a
    hash; the quarter's statements and report go by the latest forecast of their month. Raises Refused (FU-410, FU-411)."""
    _lock(fund)
    figures = with_case_flow(by, _year_of(fund, fund.year if year is None else year, month))
    wanted = {str(key): each for key, each in (by_line or {}).items()}
    if unknown := set(wanted) - {each.line for each in figures.spending}:
        raise rules.FORECAST_LINES.refused(sorted(unknown)[0])
    outturns = []
    for each in figures.spending:
        chosen = wanted.get(each.line, method)
        if chosen is Method.CASE_FLOW and each.case_flow is None and each.line in wanted:
            raise rules.FORECAST_FLOW.refused(line=figures.lines[each.line].name)
        outturns.append(outturn(each, chosen))
    variance = variance_of(outturns)
    number = Forecast.objects.filter(fund=fund, year=figures.year).count() + 1
    lines = [_kept(figures.lines[each.spending.line], each) for each in outturns]
    row = Forecast.objects.create(
        fund=fund, year=figures.year, month=figures.month, number=number, lines=lines,
        budget_pence=sum(each.spending.budget_pence for each in outturns), outturn_pence=sum(each.pence for each in outturns),
        shared_pence=variance.shared_pence, not_shared_pence=variance.not_shared_pence, words=words.strip()[:500],
        digest=digest_of({"fund": fund.code, "year": figures.year, "month": figures.month, "lines": lines}), made_at=at,
        made_by=by.account_id,
    )  # fmt: skip
    note(changed=("forecast",), words={"month": figures.month, "hash": row.digest}, subject=row)
    return row


def _kept(line: BudgetLine, each: Outturn) -> dict[str, Any]:
    """A line of a forecast as it is kept: whatever went in, and what came out."""
    said: dict[str, Any] = {
        "line": str(line.pk), "code": line.code, "name": line.name, "scheme": each.spending.scheme,
        "partner": each.spending.partner, "method": each.method.value, "budget": each.spending.budget_pence,
        "months": list(each.spending.months), "committed": each.spending.committed_pence, "outturn": int(each.pence),
        "is_shared": each.is_shared,
    }  # fmt: skip
    if each.method is Method.CASE_FLOW and each.spending.case_flow is not None:
        said |= {"children": list(each.spending.case_flow.children), "unit_pence": each.spending.case_flow.unit_pence}
    return said
