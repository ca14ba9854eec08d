"""What activity cost in each quarter of a fund's year, locality by locality, beside what the fund spent: from the
chronology, case work and the ledger, which are only read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, UUIDField, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits import costing
from joinedup.benefits.costing import Counted, PlaceRow, Planned, Recorded, Spent, together
from joinedup.benefits.models import ActivityReport, CostingRole, PlannedActivity
from joinedup.benefits.permissions import READ_COSTING
from joinedup.benefits.queries.costing import PriceSeen, _table, has_invented_prices, prices_behind
from joinedup.benefits.queries.programmes import programme_for
from joinedup.benefits.settings import suppress_below, unrecorded_percent
from joinedup.casework.queries import (
    cases_led_on,
    cases_of_families,
    families_seen,
    help_behind,
    help_counted,
    led_behind,
    locality_of_family,
)
from joinedup.chronology.queries import count_events, events_counted
from joinedup.core.errors import NotVisible
from joinedup.core.formats import LONDON
from joinedup.front_door.queries import locality_of_referral
from joinedup.funds.queries import (
    HeadingOf,
    LinePlace,
    fund_of_organisation,
    funds_of_organisation,
    headings_of_spending,
    places_of_lines,
    spent_in_year,
)
from joinedup.organisations.queries import localities

if TYPE_CHECKING:
    from joinedup.funds.models import Fund

ALL = "all"
NOWHERE = "No locality"


@dataclass(frozen=True)
class FundCosted:
    """A fund whose activity can be looked at, with the newest report kept of it."""

    id: UUID
    name: str
    code: str
    year: int
    latest: ActivityReport | None


@dataclass(frozen=True)
class RowSeen:
    """A place with its name, and whether too much of what was spent there is unrecorded."""

    name: str
    row: PlaceRow
    is_over: bool


@dataclass(frozen=True)
class QuarterSeen:
    """A quarter of a fund: every place, all of them together, and the report kept of it."""

    year: int
    quarter: int
    starts_on: date
    ends_on: date
    is_over: bool
    rows: tuple[RowSeen, ...]
    total: RowSeen
    report: ActivityReport | None

    @property
    def words(self) -> str:
        """`Quarter 2 of 2026/27`."""
        return quarter_words(self.year, self.quarter)

    @property
    def is_empty(self) -> bool:
        """Nothing was planned, recorded or spent."""
        return not self.rows

    def row_of(self, place: str) -> RowSeen:
        """One place, or `all`. Raises NotVisible for an unknown one."""
        found = next((each for each in (*self.rows, self.total) if each.row.place == place), None)
        if found is None:
            raise NotVisible
        return found


@dataclass(frozen=True)
class YearSeen:
    """A fund's year of activity, with how it is set up."""

    fund: Fund
    year: int
    quarters: tuple[QuarterSeen, ...]
    limit: int
    is_invented: bool
    has_plan: bool
    outside_kinds: tuple[str, ...]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Every place with anything in the year, in order, by its key and name."""
        names = {each.row.place: each.name for quarter in self.quarters for each in quarter.rows}
        return sorted(names.items(), key=lambda pair: (pair[0] == costing.WHOLE, pair[1]))


def quarter_words(year: int, quarter: int) -> str:
    """`Quarter 2 of 2026/27`."""
    return f"Quarter {quarter} of {year}/{(year + 1) % 100:02d}"


def costed_funds(viewer: Actor) -> list[FundCosted]:
    """The funds of the viewer's organisations; two statements."""
    check(viewer, READ_COSTING)
    funds = funds_of_organisation(viewer)
    latest: dict[UUID, ActivityReport] = {}
    kept = ActivityReport.objects.filter(fund__in=[fund.pk for fund in funds]).defer("content")
    for report in kept.order_by("year", "quarter", "number"):
        latest[report.fund_id] = report
    return [FundCosted(fund.pk, fund.name, fund.code, fund.year, latest.get(fund.pk)) for fund in funds]


def funds_of_programme(viewer: Actor, programme_id: UUID) -> list[FundCosted]:
    """The funds of a programme's agreement; of every agreement of the viewer's organisations where it names none."""
    check(viewer, READ_COSTING)
    programme = programme_for(viewer, programme_id)
    rows = costed_funds(viewer)
    if programme.agreement_id is None:
        return rows
    within = {fund.pk for fund in funds_of_organisation(viewer) if fund.agreement_id == programme.agreement_id}
    return [each for each in rows if each.id in within]


def fund_for_costing(viewer: Actor, fund_id: UUID) -> Fund:
    """A fund of the viewer's organisations, to look at or to hand to a service."""
    check(viewer, READ_COSTING)
    return fund_of_organisation(viewer, fund_id)


def activity_year(viewer: Actor, fund: Fund, *, year: int) -> YearSeen:
    """A fund's year up to the viewer's day. As many statements however much was recorded and spent."""
    check(viewer, READ_COSTING)
    return _year(viewer, fund, year)


def _year(viewer: Actor, fund: Fund, year: int) -> YearSeen:
    today = timezone.localdate(viewer.at)
    roles = list(CostingRole.objects.filter(fund=fund))
    outside = {each.kind for each in roles if each.kind}
    names = {str(each.pk): each.name for each in localities(viewer)}
    planned = _planned(fund, year, outside)
    recorded = _recorded(viewer, year, today, outside)
    spent = _spent(viewer, fund, year, roles)
    limit, least = unrecorded_percent(today), suppress_below(today)
    reports: dict[int, ActivityReport] = {}
    for report in ActivityReport.objects.filter(fund=fund, year=year).order_by("number"):
        reports[report.quarter] = report
    quarters = []
    for quarter in (1, 2, 3, 4):
        starts, following = costing.quarter_of(year, quarter)
        rows = costing.pooled(costing.split(planned[quarter], recorded[quarter], spent[quarter]), least)
        shown = tuple(
            sorted((_row(each, names, limit) for each in rows), key=lambda one: (one.row.place == "", one.name))
        )
        total = RowSeen("All", together([each.row for each in shown]), False)
        total = RowSeen("All", total.row, total.row.is_over(limit))
        ends = costing.day_before(following)
        quarters.append(QuarterSeen(year, quarter, starts, ends, ends < today, shown, total, reports.get(quarter)))
    return YearSeen(
        fund, year, tuple(quarters), limit, has_invented_prices(viewer), any(planned.values()), tuple(sorted(outside))
    )


def content_of(viewer: Actor, found: YearSeen, quarter: int) -> dict[str, Any]:
    """A quarter as a kept report and every file hold it: whole pence, and volumes as text."""
    seen = found.quarters[quarter - 1]
    prices = content_prices(viewer, seen)
    return {
        "fund": {"code": found.fund.code, "name": found.fund.name}, "year": found.year, "quarter": quarter,
        "limit": found.limit, "is_invented": found.is_invented, "has_plan": found.has_plan,
        "outside_kinds": list(found.outside_kinds), "rule": costing.SOURCE,
        "places": [costing.as_content(each.row, each.name) for each in seen.rows],
        "prices": [
            {
                "name": each.name, "unit": each.unit, "pence": each.pence, "from": each.starts_on.isoformat(),
                "price_year": each.price_year, "source": each.source, "verified": each.is_verified,
            }
            for each in prices
        ],
    }  # fmt: skip


def content_prices(viewer: Actor, seen: QuarterSeen) -> list[PriceSeen]:
    """The prices a quarter rests on, with their sources; one statement."""
    kinds = {each.kind for row in seen.rows for each in row.row.kinds}
    return prices_behind(viewer, kinds, since=seen.starts_on, until=seen.ends_on)


def _row(row: PlaceRow, names: Mapping[str, str], limit: int) -> RowSeen:
    return RowSeen(names.get(row.place, NOWHERE), row, row.is_over(limit))


def _planned(fund: Fund, year: int, outside: set[str]) -> dict[int, dict[tuple[str, str], Planned]]:
    found: dict[int, dict[tuple[str, str], Planned]] = {quarter: {} for quarter in (1, 2, 3, 4)}
    for row in PlannedActivity.objects.filter(fund=fund, year=year):
        if not _is_outside(row.kind, outside):
            key = (_key(row.locality_id), row.kind)
            found[row.quarter][key] = Planned(row.volume, row.price_pence)
    return found


def _recorded(viewer: Actor, year: int, today: date, outside: set[str]) -> dict[int, dict[tuple[str, str], Recorded]]:
    """What was recorded from the year's first day up to and including today, by quarter."""
    counted: dict[int, list[Counted]] = {quarter: [] for quarter in (1, 2, 3, 4)}
    starts, ends = costing.quarter_of(year, 1)[0], costing.quarter_of(year, 4)[1]
    for each in _counted(viewer, starts, min(ends, date.fromordinal(today.toordinal() + 1)), today):
        if not _is_outside(each.kind, outside):
            counted[costing.quarter_on(each.day)[1]].append(each)
    table = _table()
    return {quarter: costing.priced(rows, table) for quarter, rows in counted.items()}


def _is_outside(kind: str, outside: set[str]) -> bool:
    return kind in outside or (kind.startswith(costing.SERVICE) and costing.OTHER_SERVICE in outside)


def _counted(viewer: Actor, since: date, until: date, today: date) -> list[Counted]:
    """Every kind of activity by place and day; three statements."""
    if until <= since:
        return []
    events = count_events(
        viewer, kinds=list(costing.KIND_OF_EVENT), since=_midnight(since), until=_midnight(until), place=_place(viewer)
    )
    found = [Counted(_key(each.place), costing.KIND_OF_EVENT[each.kind], each.day, each.number) for each in events]
    for helped in help_counted(viewer, since=since, until=until):
        kind = costing.service_kind(helped.service)
        found.append(
            Counted(_key(helped.locality_id), kind, helped.day, helped.number, helped.hours, helped.without_hours)
        )
    days = [day for day in _fifteenths(since, until) if day < today]
    found += [Counted(_key(place), "month", day, number) for (day, place), number in cases_led_on(viewer, days).items()]
    return found


def _fifteenths(since: date, until: date) -> list[date]:
    year, quarter = costing.quarter_on(since)
    days = [day for each in range(quarter, 5) for day in costing.months_counted(year, each)]
    return [day for day in days if since <= day < until]


def _place(viewer: Actor) -> Combinable:
    """Where something happened: for a referral where it is from, else where the family's newest case is."""
    case = locality_of_family(viewer)
    referral = Coalesce(locality_of_referral(viewer), case)
    return Case(When(source_kind="front_door.referral", then=referral), default=case, output_field=UUIDField())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _key(locality_id: UUID | None) -> str:
    return str(locality_id) if locality_id else costing.WHOLE


def _spent(viewer: Actor, fund: Fund, year: int, roles: Sequence[CostingRole]) -> dict[int, Spent]:
    """What was spent in each quarter, by place: a line's role counts before that of the heading."""
    of_line = {each.line_id: each.role for each in roles if each.line_id}
    of_account = {each.account_id: each.role for each in roles if each.account_id}
    place_of = {line.id: line.locality_id for line in places_of_lines(viewer, fund, year=year)}
    cells: dict[int, dict[tuple[str, str], int]] = {quarter: {} for quarter in (1, 2, 3, 4)}
    for each in spent_in_year(viewer, fund, year=year):
        line = of_line.get(each.line_id) if each.line_id else None
        role = line or of_account.get(each.account_id) or "direct"
        if role != CostingRole.OUTSIDE:
            place = place_of.get(each.line_id) if each.line_id else None
            cell = cells[(each.month - 1) // 3 + 1]
            cell[_key(place), role] = cell.get((_key(place), role), 0) + each.pence
    return {quarter: _as_spent(cell) for quarter, cell in cells.items()}


def _as_spent(cells: Mapping[tuple[str, str], int]) -> Spent:
    direct = {place: pence for (place, role), pence in cells.items() if role == "direct" and place}
    overhead = {place: pence for (place, role), pence in cells.items() if role == CostingRole.OVERHEAD and place}
    whole = cells.get((costing.WHOLE, "direct"), 0), cells.get((costing.WHOLE, CostingRole.OVERHEAD), 0)
    return Spent(direct, overhead, *whole)


# --- How it is set up -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """What was planned of a kind for a place in a year: quarter by quarter, and at which price."""

    place: str
    kind: str
    name: str
    volumes: tuple[str, ...]
    price_pence: int
    pence: int


@dataclass(frozen=True)
class SetUp:
    """How a fund's activity is looked at: its plan, and which lines, headings and kinds are overhead or no part of it."""

    plan: tuple[PlanRow, ...]
    lines: tuple[LinePlace, ...]
    headings: tuple[HeadingOf, ...]
    roles: Mapping[str, str]  # by id of the line or heading, or code of the kind

    def chosen(self, role: str) -> list[str]:
        """What has a role."""
        return [key for key, each in self.roles.items() if each == role]


def set_up_of(viewer: Actor, fund: Fund, *, year: int) -> SetUp:
    """The plan and the roles of a fund's year; five statements."""
    check(viewer, READ_COSTING)
    names = {each.pk: each.name for each in localities(viewer)}
    rows: dict[tuple[UUID | None, str], dict[int, PlannedActivity]] = {}
    for row in PlannedActivity.objects.filter(fund=fund, year=year):
        rows.setdefault((row.locality_id, row.kind), {})[row.quarter] = row
    plan = [
        PlanRow(
            names.get(place, NOWHERE) if place else NOWHERE, kind, costing.name_of(kind),
            tuple(costing.plain(parts[each].volume) if each in parts else "" for each in (1, 2, 3, 4)),
            next(iter(parts.values())).price_pence,
            sum(costing.in_pence(part.volume * part.price_pence) for part in parts.values()),
        )
        for (place, kind), parts in rows.items()
    ]  # fmt: skip
    plan.sort(key=lambda each: (each.place == NOWHERE, each.place, costing.order_of(each.kind)))
    roles = {
        str(each.line_id or each.account_id or each.kind): each.role for each in CostingRole.objects.filter(fund=fund)
    }
    return SetUp(
        tuple(plan), tuple(places_of_lines(viewer, fund, year=year)), tuple(headings_of_spending(viewer, fund)), roles
    )


# --- What is behind a number ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Behind:
    """One thing behind a number: when, what, and the case, for whoever may see it."""

    on: date
    words: str
    case_id: UUID
    reference: str


@dataclass(frozen=True)
class BehindPage:
    """What is behind a number: those the viewer may see, and how many others there are."""

    kind: str
    name: str
    place: str
    total: int
    rows: tuple[Behind, ...]

    @property
    def others(self) -> int:
        """In cases that are not the viewer's: counted and not shown."""
        return max(self.total - len(self.rows), 0)


def behind_number(viewer: Actor, fund: Fund, *, year: int, quarter: int, place: str, kind: str) -> BehindPage:
    """What a number of the page is the count of."""
    seen = activity_year(viewer, fund, year=year).quarters[quarter - 1].row_of(place)
    row = next((each for each in seen.row.kinds if each.kind == kind), None)
    if row is None:
        raise NotVisible
    starts, following = costing.quarter_of(year, quarter)
    locality = UUID(place) if place and place != ALL else None
    if place == ALL:
        raise NotVisible
    rows = [
        each for part in row.parts or (kind,) for each in _behind(viewer, part, starts, following, locality)
    ]  # fmt: skip
    return BehindPage(kind, costing.name_of(kind), seen.name, row.recorded.number, tuple(rows))


def _behind(viewer: Actor, kind: str, since: date, until: date, locality: UUID | None) -> list[Behind]:
    if kind == "month":
        days = [day for day in _fifteenths(since, until) if day < timezone.localdate(viewer.at)]
        found = led_behind(viewer, days=days, locality_id=locality)
        return [Behind(each.day, "Open under a lead professional", each.case_id, each.reference) for each in found]
    if kind.startswith(costing.SERVICE):
        service = kind.removeprefix(costing.SERVICE)
        helped = help_behind(viewer, since=since, until=until, locality_id=locality, service=service)
        return [Behind(each.day, each.words, each.case_id, each.reference) for each in helped]
    events = events_counted(
        viewer, kinds=list(costing.KINDS[kind].events), since=_midnight(since), until=_midnight(until),
        place=_place(viewer), at_place=locality, families=families_seen(viewer),
    )  # fmt: skip
    cases = cases_of_families(viewer, {family for _, _, family in events})
    return [
        Behind(timezone.localdate(at), costing.name_of(kind), cases[family].case_id, cases[family].reference)
        for _, at, family in events
        if family in cases
    ]
