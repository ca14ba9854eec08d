"""The commissioning pool in the year that is open: its invoices, and how far its quarters are signed and reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import system
from joinedup.funds.case_flow import measure
from joinedup.funds.demo_risks import say_where_it_stands
from joinedup.funds.demo_year import POOL, sign_for, statements_for
from joinedup.funds.forecasting import Method
from joinedup.funds.models import AgreementPartner, BudgetLine, Fund, Period
from joinedup.funds.services.buying import Bought, record_purchase
from joinedup.funds.services.forecasts import keep_forecast, set_line_driver
from joinedup.funds.services.ledger import close_period
from joinedup.funds.services.reporting import freeze_report
from joinedup.funds.settling import quarter_ends_on

if TYPE_CHECKING:
    from joinedup.funds.demo_loading import Loading

# line, who delivers, supplier, invoice, what, day and month, pounds, contracted-out heading
_BOUGHT = (
    ("DIS-01", "COUNCIL", "Placeholder Short Breaks", "PSB-118", "Saturday clubs, April", (4, 30), 18_400, "41"),
    ("DIS-01", "COUNCIL", "Placeholder Short Breaks", "PSB-131", "Saturday clubs, May", (5, 29), 18_400, "41"),
    ("VUL-01", "COUNCIL", "Mock Minibuses", "MM-2207", "Transport to groups", (5, 14), 6_250, ""),
    ("DIS-02", "COUNCIL", "Sample Builders", "SB-77", "Ramp and wet room", (6, 11), 41_900, ""),
    ("CH-01", "NHS", "Dummy Therapies", "DT-0404", "Speech therapy sessions", (5, 20), 22_000, "32"),
    ("CH-02", "NHS", "Specimen Software", "SSW-19", "Licences of the clinic’s diary", (4, 22), 9_600, ""),
)


_A_CASE = 950_000  # pence a month


def load_sharing(loading: Loading, pool: Fund) -> None:
    """What the commissioning pool has bought in the year that is open, and how far its quarters are signed and reported."""
    rows = AgreementPartner.objects.filter(agreement=pool.agreement, left_on=None).select_related("organisation")
    places = {place.organisation.code: place for place in rows.order_by("position")}
    _buy(pool, places, loading.at)
    _drive(loading, pool)
    today = timezone.localdate(loading.at)
    over = [quarter for quarter in (1, 2, 3, 4) if quarter_ends_on(pool.year, quarter) < today]
    for quarter in over:
        _report(loading, pool, places, quarter, is_latest=quarter == over[-1])


def _drive(loading: Loading, pool: Fund) -> None:
    """Help for vulnerable children follows the cases that are open, where case work is there to count them."""
    if measure("casework.open_cases") is None:
        return
    line = BudgetLine.objects.get(fund=pool, year=pool.year, code="VUL-01")
    set_line_driver(
        fund=pool, line=line, measure_code="casework.open_cases", unit_pence=_A_CASE, source="Unit cost of early help, 2025 prices",
        by=loading.person(POOL, loading.at), at=loading.at,
    )  # fmt: skip


def _buy(pool: Fund, places: dict[str, AgreementPartner], at: datetime) -> None:
    lines = {line.code: line for line in BudgetLine.objects.filter(fund=pool, year=pool.year).select_related("scheme")}
    for code, who, supplier, invoice, what, (month, day), pounds, heading in _BOUGHT:
        bought_on = date(pool.year, month, day)
        if bought_on > timezone.localdate(at):
            continue
        said = Bought(
            places[who], supplier, invoice, what, bought_on, pounds * 100, cos_heading=heading, kind="contract"
        )
        record_purchase(fund=pool, line=lines[code], said=said, by=system(at), at=at)


def _report(
    loading: Loading, pool: Fund, places: dict[str, AgreementPartner], quarter: int, *, is_latest: bool
) -> None:
    """A forecast is kept, the finance directors agree, the report is frozen and the months are closed; of the latest quarter
    the NHS has not signed yet, so that its report waits."""
    by, at, year = loading.person(POOL, loading.at), loading.at, pool.year
    method = Method.PROFILE if quarter == 1 else Method.TREND
    keep_forecast(fund=pool, year=year, month=3 * quarter, method=method, words=_WORDS, by=by, at=at)
    for said in statements_for(loading, pool, list(places.values()), quarter, at):
        if is_latest and said.partner.code == "NHS" and quarter > 1:
            return
        sign_for(loading, said, at)
    say_where_it_stands(loading, pool, year, quarter, at)
    freeze_report(fund=pool, year=year, quarter=quarter, words=_WORDS, by=by, at=at)
    months = Period.objects.filter(fund=pool, year=year, number__in=range(3 * quarter - 2, 3 * quarter + 1))
    for period in months.order_by("number"):
        if period.number < 12:
            close_period(period=period, by=by, at=at)


_WORDS = "More children wait for mental health help than was planned for; the board sees a plan in October."
