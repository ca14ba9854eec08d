"""What a year is expected to come to: every line by every method, what drives it, and the forecasts that were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.figures import Figure
from joinedup.engines.money import Money
from joinedup.funds.case_flow import measure
from joinedup.funds.forecast_picture import forecast_picture
from joinedup.funds.forecasting import (
    METHOD_NAMES,
    MONTHS,
    Accuracy,
    CaseFlow,
    Method,
    Outturn,
    PastForecast,
    Spending,
    Variance,
    accuracy,
    outturn,
    variance_of,
)
from joinedup.funds.models import BudgetLine, Forecast, Fund, LineDriver
from joinedup.funds.permissions import FORECAST_FUND, READ_FUNDS
from joinedup.funds.queries.year import FundYear, _year_of, fund_to_read, fund_year, year_words


@dataclass(frozen=True)
class LineForecast:
    """One line by every method; `kept` is the method in the latest forecast of this month, `drives` what is counted."""

    line: BudgetLine
    id: UUID
    code: str
    name: str
    scheme: str
    partner: str
    budget: Money
    spent: Money
    committed: Money
    by_method: Mapping[Method, Money | None]
    chosen: Outturn
    is_shared: bool
    drives: str
    cut_from: str  # the wider budget it was cut from

    @property
    def variance(self) -> Money:
        """Over (above nought) or under the budget by the method that was chosen."""
        return self.chosen.variance


@dataclass(frozen=True)
class KeptForecast:
    """A forecast as somebody kept it."""

    row: Forecast
    id: UUID
    month_words: str
    methods: str
    by: str


@dataclass(frozen=True)
class ForecastPage:
    """A fund's year as it is expected to end."""

    fund: Fund
    year: FundYear
    year_words: str
    month_words: str
    method: Method | None  # for all lines; None where each line has the one that was kept
    lines: tuple[LineForecast, ...]
    variance: Variance
    budget: Money
    spent: Money
    committed: Money
    expected: Money
    totals: Mapping[Method, Money]
    kept: tuple[KeptForecast, ...]
    accuracy: Accuracy | None
    figure: Figure | None
    may_keep: bool
    may_drive: bool

    @property
    def over(self) -> Money:
        """Over (above nought) or under the budget in all; only for the picture, shared and not shared are never added up
        in a table."""
        return Money(self.expected - self.budget)


def month_words(year: int, month: int) -> str:
    """The last month with figures: `October 2026`."""
    if not month:
        return f"no month yet of {year_words(year)}"
    return f"{_month_end(year, month):%B %Y}"


def _month_end(year: int, month: int) -> date:
    following = month + 4
    first = date(year, following, 1) if following <= MONTHS else date(year + 1, following - MONTHS, 1)
    return first - timedelta(days=1)


def forecast_page(viewer: Actor, fund_id: UUID, *, method: Method | None = None) -> ForecastPage:
    """The year that is open. With a method every line is worked out by it; without, by the one kept for it, or the
    profile."""
    fund = fund_to_read(viewer, fund_id)
    year = with_case_flow(viewer, fund_year(viewer, fund))
    drivers = _drivers(year)
    chosen = year.forecast() if method is None else year.outturns(method)
    lines = tuple(_line(year, each, drivers.get(each.spending.line)) for each in chosen)
    kept = list(Forecast.objects.filter(fund=fund, year=year.year).order_by("-number"))
    return ForecastPage(
        fund=fund, year=year, year_words=year_words(year.year), month_words=month_words(year.year, year.month), method=method,
        lines=lines, variance=variance_of(chosen), budget=Money(sum(each.budget for each in lines)),
        spent=Money(sum(each.spent for each in lines)), committed=Money(sum(each.committed for each in lines)),
        expected=Money(sum(each.chosen.pence for each in lines)),
        totals={each: Money(sum(row.pence for row in year.outturns(each))) for each in Method},
        kept=_shown(viewer, kept), accuracy=_accuracy(fund, year),
        figure=forecast_picture(year, chosen), may_keep=bool(year.month) and can(viewer, FORECAST_FUND, fund),
        may_drive=can(viewer, FORECAST_FUND, fund),
    )  # fmt: skip


def _line(year: FundYear, each: Outturn, driver: LineDriver | None) -> LineForecast:
    spending, line = each.spending, year.lines[each.spending.line]
    by_method: dict[Method, Money | None] = {method: outturn(spending, method).pence for method in Method}
    if spending.case_flow is None:
        by_method[Method.CASE_FLOW] = None
    known = measure(driver.measure) if driver else None
    return LineForecast(
        line=line, id=line.pk, code=line.code, name=line.name, scheme=line.scheme.name, partner=line.partner.organisation.name,
        budget=Money(spending.budget_pence), spent=Money(sum(spending.months)), committed=Money(spending.committed_pence),
        by_method=by_method, chosen=each, is_shared=each.is_shared, drives=known.name if known else "",
        cut_from=year.lines[str(line.parent_id)].name if line.parent_id else "",
    )  # fmt: skip


def _drivers(year: FundYear) -> dict[str, LineDriver]:
    return {str(each.line_id): each for each in LineDriver.objects.filter(line__fund=year.fund, line__year=year.year)}


def with_case_flow(viewer: Actor, year: FundYear) -> FundYear:
    """The year with what case work counts behind the lines it drives: as many in each month to come as at the end of the
    last one with figures. A line whose measure nobody counts here stays without."""
    check(viewer, READ_FUNDS)
    drivers = _drivers(year)
    if not drivers or not year.month:
        return year
    day = min(_month_end(year.year, year.month), timezone.localdate(viewer.at))
    counted: dict[str, int] = {}
    for code in sorted({each.measure for each in drivers.values()}):
        if (known := measure(code)) is not None:
            (counted[code],) = known.count(viewer, [day])
    return replace(
        year, spending=tuple(_driven(each, drivers.get(each.line), counted, year.month) for each in year.spending)
    )


def _driven(each: Spending, driver: LineDriver | None, counted: Mapping[str, int], month: int) -> Spending:
    if driver is None or driver.measure not in counted:
        return each
    expected = [counted[driver.measure]] * (MONTHS - month)
    return replace(each, case_flow=CaseFlow(expected, driver.unit_pence))


def flow_of(viewer: Actor, line: BudgetLine) -> tuple[LineDriver | None, list[tuple[str, int]]]:
    """What drives a line, and how many there were at the end of each month of its year so far."""
    check(viewer, READ_FUNDS)
    driver = LineDriver.objects.filter(line=line).first()
    known = measure(driver.measure) if driver else None
    if driver is None or known is None:
        return driver, []
    today = timezone.localdate(viewer.at)
    days = [day for number in range(1, MONTHS + 1) if (day := _month_end(line.year, number)) < today]
    return driver, list(zip([f"{day:%B %Y}" for day in days], known.count(viewer, days), strict=True)) if days else []


def _shown(viewer: Actor, rows: list[Forecast]) -> tuple[KeptForecast, ...]:
    who = names_of_accounts(viewer, {each.made_by for each in rows if each.made_by})
    return tuple(
        KeptForecast(
            each, each.pk, month_words(each.year, each.month),
            ", ".join(sorted({METHOD_NAMES[Method(line["method"])] for line in each.lines})),
            who.get(each.made_by, "") if each.made_by else "",
        )
        for each in rows
    )  # fmt: skip


def _accuracy(fund: Fund, year: FundYear) -> Accuracy | None:
    """How far the forecasts of the year before were from what it came to."""
    before = list(Forecast.objects.filter(fund=fund, year=year.year - 1).order_by("number"))
    if not before:
        return None
    ended = fund_year_spent(fund, year.year - 1)
    past = [PastForecast(timezone.localdate(each.made_at), each.outturn_pence, ended) for each in before]
    return accuracy(past, before[-1].budget_pence)


def fund_year_spent(fund: Fund, year: int) -> int:
    """What the lines that are forecast came to in a year that is over."""
    return sum(sum(each.months) for each in _year_of(fund, year, MONTHS).spending)
