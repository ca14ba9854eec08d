"""The demo's prices, planned activity and kept reports. Every price is invented and says so; the few unit costs of outcomes
are quoted one by one from the published database, each with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.benefits import costing
from joinedup.benefits.queries.activity_costs import set_up_of
from joinedup.benefits.services import activity_costs
from joinedup.benefits.services import costing as prices
from joinedup.benefits.services.activity_costs import PlanSaid, RolesSaid
from joinedup.benefits.services.costing import PriceSaid
from joinedup.funds.queries import funds_of_organisation
from joinedup.organisations.queries import localities

if TYPE_CHECKING:
    from joinedup.benefits.models import Programme

INVENTED = "Invented for the demonstration"
# Kind, unit, pence in the year before and in this one.
_PRICES = (
    ("contact", "each", 1_150, 1_200), ("referral", "each", 3_600, 3_800), ("triage", "each", 8_900, 9_300),
    ("assessment", "each", 29_500, 31_000), ("meeting", "each", 22_800, 24_000), ("visit", "each", 8_100, 8_500),
    ("review", "each", 17_200, 18_000), ("month", "month", 16_000, 16_800), ("service:*", "hour", 4_000, 4_200),
)  # fmt: skip
# Of the pool: help for vulnerable children is what the recorded work is paid from; school nursing stands for overhead.
_DIRECT, _OVERHEAD = ("VUL-01", "LOC-", "CLU-", "FAM-"), ("VUL-02",)
_PLAN = (("referral", 40), ("assessment", 24), ("visit", 120), ("meeting", 48), ("month", 144))


def load(programme: Programme, at: datetime) -> None:
    """Enter prices for two years, the cited unit costs, a plan for the pool, and keep the report of a quarter that is
    over."""
    by = system(at)
    year, quarter = costing.quarter_on(at.date())
    for kind, unit, before, now in _PRICES:
        said = PriceSaid(
            kind, before, unit, date(year - 1, 4, 1), f"{year - 1}/{year % 100:02d}", INVENTED, is_illustration=True
        )
        prices.enter_price(said=said, by=by, at=at)
        later = replace(said, pence=now, starts_on=date(year, 4, 1), price_year=f"{year}/{(year + 1) % 100:02d}")
        prices.enter_price(said=later, by=by, at=at)
    prices.load_cited_unit_costs(by=by, at=at)
    fund = next((fund for fund in funds_of_organisation(by) if fund.code == "COMM"), None)
    if fund is None:
        return
    found = set_up_of(by, fund, year=year)
    said_roles = RolesSaid(
        frozenset(line.id for line in found.lines if line.code.startswith(_OVERHEAD)),
        frozenset(line.id for line in found.lines if not line.code.startswith((*_DIRECT, *_OVERHEAD))),
        frozenset(),
    )
    activity_costs.say_roles(fund=fund, year=year, said=said_roles, by=by, at=at)
    for place in localities(by):
        for kind, volume in _PLAN:
            activity_costs.plan_activity(fund=fund, said=PlanSaid(year, kind, volume, place), by=by, at=at)
    if quarter > 1:
        activity_costs.keep_activity_report(fund=fund, year=year, quarter=quarter - 1, by=by, at=at)
