"""The demo's locality teams: a line of their own in each place, whose spending fits what was recorded there, so that the
four parts of the difference are worth looking at. Volumes are those the demo's cases really have; what was spent is invented
and says so: the time that is written down at its price, and the time that is not.

The pool pays for far more than the demo's few cases; its report stays as it is, an example of one no business case may use.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.benefits import costing
from joinedup.benefits.queries.activity_costs import _year
from joinedup.benefits.services import activity_costs
from joinedup.benefits.services.activity_costs import PlanSaid, RolesSaid
from joinedup.engines.money import share
from joinedup.funds.demo import cut_for_team, spend_on
from joinedup.funds.queries import funds_of_organisation
from joinedup.organisations.queries import localities

if TYPE_CHECKING:
    from joinedup.funds.models import BudgetLine

FUND = "INTEG"
# Hundredths of what recorded work comes to that each team spent directly: most write nearly all of it down, one does not.
_SPENT = (108, 112, 117, 136)
_OVERHEAD = 14  # hundredths of it again, for rooms and management
_PARTS = (("WORK", "work with families", 6_000_000), ("ROOM", "rooms and management", 900_000))  # pence a year
_PLAN = (
    ("referral", 12), ("triage", 12), ("assessment", 4), ("visit", 4), ("meeting", 4), ("review", 4), ("month", 8),
)  # fmt: skip


def load(at: datetime) -> None:
    """Lines, a plan, what was spent in each quarter until now, and the report of the last one that is over."""
    by = system(at)
    year, quarter = costing.quarter_on(at.date())
    fund = next((each for each in funds_of_organisation(by) if each.code == FUND), None)
    if fund is None or fund.year != year:
        return
    lines = {str(place.pk): cut_for_team(fund, place, _PARTS, by=by, at=at) for place in localities(by)}
    overhead = frozenset(rooms.pk for _, rooms in lines.values())
    activity_costs.say_roles(fund=fund, year=year, said=RolesSaid(overhead=overhead), by=by, at=at)
    for place in localities(by):
        for kind, volume in _PLAN:
            activity_costs.plan_activity(fund=fund, said=PlanSaid(year, kind, volume, place), by=by, at=at)
    spent: list[tuple[BudgetLine, date, int]] = []
    for seen in _year(by, fund, year).quarters[:quarter]:
        recorded = {each.row.place: each.row.recorded for each in seen.rows}
        for number, (key, (work, rooms)) in enumerate(lines.items()):
            direct = recorded.get(key, 0) * _SPENT[number % len(_SPENT)] // 100
            for line, pence in ((work, direct), (rooms, direct * _OVERHEAD // 100)):
                spent += _months(line, pence, seen.year, seen.quarter, at.date())
    spend_on(fund, spent, by=by, at=at)
    if any(day < costing.quarter_of(year, quarter)[0] for _, day, _ in spent):
        activity_costs.keep_activity_report(fund=fund, year=year, quarter=quarter - 1, by=by, at=at)


def _months(line: BudgetLine, pence: int, year: int, quarter: int, today: date) -> list[tuple[BudgetLine, date, int]]:
    """What was spent in a quarter, at the end of each month that has begun; of the present month today."""
    days = [min(day, today) for day in _ends(year, quarter) if day.replace(day=1) <= today]
    return [(line, day, int(part)) for day, part in zip(days, share(pence, [1] * len(days)), strict=True) if part]


def _ends(year: int, quarter: int) -> list[date]:
    """The last day of each month of a quarter."""
    _, following = costing.quarter_of(year, quarter)
    firsts = [*(each.replace(day=1) for each in costing.months_counted(year, quarter)[1:]), following]
    return [costing.day_before(each) for each in firsts]
