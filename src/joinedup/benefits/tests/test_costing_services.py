"""Prices, unit costs and what activity cost, with PostgreSQL: what is kept, who may, and that the parts hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.benefits.costing import SELDOM
from joinedup.benefits.models import ActivityPrice, UnitCostFile
from joinedup.benefits.queries import activity_costs, activity_reports, costing
from joinedup.benefits.services import activity_costs as activity
from joinedup.benefits.services import costing as prices
from joinedup.benefits.services.activity_costs import PlanSaid, RolesSaid
from joinedup.benefits.services.costing import PriceSaid
from joinedup.casework.events import MEETING_HELD, VISIT_MADE
from joinedup.casework.models import Case, Intervention
from joinedup.casework.tests.factories import make_case
from joinedup.chronology.services import record_event, take_out
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import BudgetLine, Entry
from joinedup.funds.services.ledger import post_entries
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.models import Locality, Organisation, Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SPRING, JULY = date(2026, 4, 1), datetime(2026, 7, 1, 9, tzinfo=LONDON)
SAMPLE = Path(__file__).parents[5] / "shared" / "data" / "unit_costs" / "unit_cost_database_v1.4.xlsx"


def _person(role: Role, code: str = "COUNCIL") -> Actor:
    return actor_of(make_post(role=role, employer=make_organisation(code=code), name=f"{role} {code}")[0], AT)


def _price(kind: str, pence: int, starts_on: date = SPRING, unit: str = "each", **facts: bool) -> PriceSaid:
    return PriceSaid(kind, pence, unit, starts_on, "2026/27", "Our finance team", **facts)


# --- Prices -----------------------------------------------------------------------------------------------------------


def test_a_new_price_ends_the_one_before_and_history_stays() -> None:
    director = _person(Role.FINANCE_DIRECTOR)
    prices.enter_price(said=_price("visit", 8_000), by=director, at=AT)
    prices.enter_price(said=_price("visit", 9_000, date(2026, 6, 1)), by=director, at=AT)
    found = costing.activity_prices(director, on=AT.date(), with_history=True)
    assert [(row.pence, row.starts_on, row.ends_on) for row in found] == [
        (9_000, date(2026, 6, 1), None), (8_000, SPRING, date(2026, 5, 31)),
    ]  # fmt: skip
    assert [row.pence for row in costing.activity_prices(director, on=AT.date())] == [9_000]
    with pytest.raises(Refused, match="There is a price from 1 June 2026") as refused:
        prices.enter_price(said=_price("visit", 9_500, date(2026, 5, 1)), by=director, at=AT)
    assert refused.value.rule == "BN-302"
    with pytest.raises(IntegrityError, match="one_price_at_a_time"), transaction.atomic():
        ActivityPrice.objects.create(
            kind="visit",
            unit="each",
            pence=1,
            starts_on=date(2027, 1, 1),
            price_year="2026/27",
            source="x",
            entered_at=AT,
        )
    [now] = costing.activity_prices(director, on=AT.date())
    prices.end_price(price=costing.price_for_change(director, now.id), ends_on=AT.date(), by=director, at=AT)
    with pytest.raises(Refused) as ended:
        prices.end_price(price=costing.price_for_change(director, now.id), ends_on=AT.date(), by=director, at=AT)
    assert ended.value.rule == "BN-306"


@pytest.mark.parametrize(("said", "rule"), [
    (_price("dancing", 1), "BN-301"), (_price("service:", 1), "BN-301"), (_price("visit", 1, unit="hour"), "BN-303"),
    (_price("service:x", 1, unit="month"), "BN-303"), (_price("visit", -1), "BN-308"),
    (PriceSaid("visit", 1, "each", SPRING, "2026/27", " "), "BN-304"),
    (PriceSaid("visit", 1, "each", SPRING, "2026/28", "us"), "BN-305"),
])  # fmt: skip
def test_a_price_that_cannot_be(said: PriceSaid, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        prices.enter_price(said=said, by=system(AT), at=AT)
    assert refused.value.rule == rule


def test_who_keeps_prices_and_who_reads_them() -> None:
    auditor, worker = _person(Role.AUDITOR), _person(Role.KEY_WORKER)
    assert costing.activity_prices(auditor, on=AT.date()) == []
    for nobody in (auditor, worker, _person(Role.BUDGET_HOLDER)):
        with pytest.raises(NotPermitted):
            prices.enter_price(said=_price("visit", 1), by=nobody, at=AT)
    with pytest.raises(NotPermitted):
        costing.unit_costs(worker)
    prices.enter_price(said=_price("visit", 1), by=_person(Role.COMMISSIONER), at=AT)


def test_a_table_of_prices_is_taken_row_by_row() -> None:
    """Two right rows in the wrong order, one twice, one that cannot be; read again, nothing is new."""
    table = (
        b"activity,price,per,from,price year,source,checked\nVisit,90,,1 June 2026,2026/27,us,yes\n"
        b"Visit,80,,1 April 2026,2026/27,us,no\nVisit,85,month,1 July 2026,2026/27,us,no\nDancing lesson,12.50,hour,1 April 2026,"
        b"2026/27,us,no\n"
    )
    manager = _person(Role.PROGRAMME_MANAGER)
    done = prices.import_prices(name="p.csv", content=table, by=manager, at=AT)
    assert (done.taken, done.same, [line for line, _ in done.refused]) == (3, 0, [4])
    again = prices.import_prices(name="p.csv", content=table, by=manager, at=AT)
    assert (again.taken, again.same, len(again.refused)) == (0, 3, 1)
    assert ActivityPrice.objects.get(kind="service:dancing lesson").unit == "hour"


# --- Unit costs of outcomes -------------------------------------------------------------------------------------------


def test_unit_costs_are_found_with_everything_beside_them() -> None:
    commissioner = _person(Role.COMMISSIONER)
    assert costing.unit_costs(commissioner).file is None
    prices.load_cited_unit_costs(by=commissioner, at=AT)
    found = costing.unit_costs(commissioner, "domestic")
    [row] = found.rows
    value = row.value("fiscal")
    assert (row.code, found.total, row.rag_words) == ("CR2.0", 1, "amber")
    assert value is not None
    assert (value.pence, value.price_year, value.age, value.is_old) == (
        247_000,
        "2008/09",
        18,
        True,
    )
    assert value.uprated_pence is not None
    assert value.uprated_pence > value.pence
    assert found.deflator.origin.name == "gdp-2025"
    assert any("18 years old" in said for said in row.warnings)
    assert costing.unit_cost(commissioner, row.id).code == "CR2.0"
    first = costing.unit_costs(commissioner, limit=5)
    second = costing.unit_costs(commissioner, after=first.after, limit=50)
    assert len(first.rows) == 5
    assert not {each.id for each in first.rows} & {each.id for each in second.rows}
    assert len(first.rows) + len(second.rows) == first.total


@pytest.mark.skipif(not SAMPLE.exists(), reason="the third-party workbook is not part of the project")
def test_the_published_workbook_is_read_whole() -> None:
    manager, content = _person(Role.PROGRAMME_MANAGER), SAMPLE.read_bytes()
    file = prices.read_unit_costs(name=SAMPLE.name, content=content, by=manager, at=AT)
    assert "Creative Commons" in file.licence
    found = costing.unit_costs(manager, "SS6.0", base_year="2015/16")
    row = next(each for each in found.rows if each.code == "SS6.0")
    value = row.value("fiscal")
    assert value is not None
    assert (value.pence, value.price_year) == (151_500, "2010/11")
    assert costing.unit_costs(manager).total > 600
    with pytest.raises(Refused) as same:
        prices.read_unit_costs(name="again.xlsx", content=content, by=manager, at=AT)
    assert same.value.rule == "BN-311"


def test_what_is_no_unit_cost_database_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        prices.read_unit_costs(name="x.xlsx", content=b"PK\x03\x04 not a workbook", by=system(AT), at=AT)
    assert refused.value.rule == "BN-310"
    assert not UnitCostFile.objects.exists()


# --- What activity cost -----------------------------------------------------------------------------------------------


@dataclass
class Place:
    """A fund whose first line is a locality's and whose third is overhead; a case there since July, led by Amira."""

    world: World
    north: Locality
    case: Case
    lead: Actor
    director: Actor


def _place() -> Place:
    world = make_world()
    north = Locality.objects.create(code="NORTH", name="North")
    BudgetLine.objects.filter(pk=world.lines[0].pk).update(place="locality", locality=north)
    council = Organisation.objects.get(code="COUNCIL")
    account, post = make_post(role=Role.KEY_WORKER, team=make_team(), name="Amira Testerly")
    Post.objects.filter(pk=post.pk).update(starts_at=JULY - timedelta(days=90))
    post.refresh_from_db()
    case = make_case(team=post.team, lead=post, at=JULY)
    Case.objects.filter(pk=case.pk).update(locality=north)
    director = actor_of(make_post(role=Role.FINANCE_DIRECTOR, employer=council, name="Council Testpurse")[0], AT)
    for kind, pence, unit in (("visit", 8_000, "each"), ("month", 16_000, "month"), ("service:*", 4_000, "hour")):
        prices.enter_price(said=_price(kind, pence, unit=unit), by=director, at=AT)
    return Place(world, north, case, actor_of(account, AT), director)


def _visit(case: Case, day: int, n: int = 1) -> None:
    for hour in range(n):
        at = datetime(2026, 8, day, 9 + hour, tzinfo=LONDON)
        record_event(VISIT_MADE, source=case, by=system(at), at=at, family_id=case.family_id)


def _spend(world: World, *amounts: int) -> None:
    """So much on each line, in August."""
    drafts = [world.spend(f"august {n}", pence, on=date(2026, 8, 20), line=n) for n, pence in enumerate(amounts)]
    post_entries(fund=world.fund, drafts=drafts, by=system(AT), at=AT)


def _roles(place: Place) -> None:
    overhead = frozenset({place.world.lines[2].pk})
    activity.say_roles(fund=place.world.fund, year=2026, said=RolesSaid(overhead=overhead), by=place.director, at=AT)


def test_activity_is_set_beside_what_was_spent() -> None:
    """Five visits (one taken out again), three months of support, help with and without hours, a meeting without a price;
    £1,000 spent in the locality, £200 for the whole fund, £90 of overhead. The ledger is only read."""
    place = _place()
    _visit(place.case, 3, 5)
    at = datetime(2026, 8, 5, 9, tzinfo=LONDON)
    wrong = record_event(VISIT_MADE, source=place.case, by=system(at), at=at, family_id=place.case.family_id)
    take_out(wrong, code="wrong", words="", by=system(at), at=at)
    record_event(MEETING_HELD, source=place.case, by=system(at), at=at, family_id=place.case.family_id)
    for hours in (Decimal("2.50"), None):
        Intervention.objects.create(
            case=place.case, service="Parenting  course ", words="x", delivered_by="x", starts_on=date(2026, 9, 1),
            hours=hours, recorded_at=AT,
        )  # fmt: skip
    activity.plan_activity(
        fund=place.world.fund, said=PlanSaid(2026, "visit", 16, place.north), by=place.director, at=AT
    )
    _spend(place.world, 100_000, 20_000, 9_000)
    _roles(place)
    entries = Entry.objects.count()
    seen = activity_costs.activity_year(place.director, place.world.fund, year=2026).quarters[1]
    [row] = seen.rows
    kinds = {each.kind: each for each in row.row.kinds}
    assert {kind: (each.recorded.number, each.pence) for kind, each in kinds.items()} == {
        "visit": (5, 40_000), "month": (3, 48_000), "meeting": (1, 0), SELDOM: (2, 10_000),
    }  # fmt: skip
    assert (kinds["meeting"].recorded.unpriced, kinds[SELDOM].recorded.unpriced) == (1, 1)
    behind = activity_costs.behind_number(
        place.director, place.world.fund, year=2026, quarter=2, place=str(place.north.pk), kind=SELDOM
    )
    assert (behind.total, behind.others) == (2, 2)  # which help it was, only whoever works with the case sees
    assert (row.name, row.row.direct, row.row.overhead, row.row.shared_direct) == ("North", 120_000, 9_000, 20_000)
    assert (row.row.planned, row.row.volume, row.row.price) == (32_000, 66_000, 0)
    assert (row.row.unrecorded, row.row.difference, row.row.unrecorded_share) == (22_000, 97_000, "18.3 %")
    assert not row.is_over
    assert not seen.total.is_over
    assert Entry.objects.count() == entries


def test_statements_do_not_grow_with_what_was_recorded() -> None:
    place = _place()
    _visit(place.case, 3)
    _spend(place.world, 1_000)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            activity_costs.activity_year(place.director, place.world.fund, year=2026)
        counts.append(len(asked))
        for n in range(12):
            case = make_case(team=place.case.team, at=JULY + timedelta(days=n))
            _visit(case, 4 + n, 3)
    assert counts[0] == counts[1] <= 14


def test_a_kept_report_shows_what_was_put_right_and_whether_it_may_be_used() -> None:
    """Kept with 84 % unrecorded it is blocked; visits recorded late show as change; kept again it may be used, and the
    first no more."""
    place = _place()
    _spend(place.world, 300_000)
    fund, director = place.world.fund, place.director
    first = activity.keep_activity_report(fund=fund, year=2026, quarter=2, by=director, at=AT)
    seen = activity_reports.activity_report(director, first.pk)
    assert (seen.total.row.unrecorded_share, seen.is_unchanged, seen.changes) == ("84.0 %", True, ())
    assert [each.rule for each in seen.blocked] == ["BN-340", "BN-340"]
    assert activity_reports.may_use(director, first, str(place.north.pk)) is not None
    _visit(place.case, 3, 12)
    _visit(place.case, 4, 12)
    changed = activity_reports.activity_report(director, first.pk).changes
    assert [(each.place, each.what, each.then, each.now) for each in changed] == [
        ("North", "Recorded activity", 48_000, 240_000), ("North", "Unrecorded", 252_000, 60_000),
    ]  # fmt: skip
    second = activity.keep_activity_report(fund=fund, year=2026, quarter=2, by=director, at=AT)
    assert activity_reports.may_use(director, second) is None
    stale = activity_reports.may_use(director, first)
    assert stale is not None
    assert stale.rule == "BN-342"
    assert activity_reports.reports_to_use(director) == [second]
    with pytest.raises(Refused) as planned:
        activity.plan_activity(fund=fund, said=PlanSaid(2026, "visit", 1), by=director, at=AT)
    assert planned.value.rule == "BN-322"


def test_what_is_refused_and_who_may() -> None:
    place = _place()
    fund, director = place.world.fund, place.director
    for quarter, rule in ((3, "BN-330"), (1, "BN-331")):
        with pytest.raises(Refused) as refused:
            activity.keep_activity_report(fund=fund, year=2026, quarter=quarter, by=director, at=AT)
        assert refused.value.rule == rule
    with pytest.raises(Refused) as unpriced:
        activity.plan_activity(fund=fund, said=PlanSaid(2026, "assessment", 4), by=director, at=AT)
    assert unpriced.value.rule == "BN-321"
    stranger = _person(Role.FINANCE_DIRECTOR, "OTHER")
    with pytest.raises(NotVisible):
        activity_costs.fund_for_costing(stranger, fund.pk)
    with pytest.raises(NotPermitted):
        activity.plan_activity(fund=fund, said=PlanSaid(2026, "visit", 4), by=stranger, at=AT)
    with pytest.raises(NotPermitted):
        activity.keep_activity_report(fund=fund, year=2026, quarter=2, by=_person(Role.AUDITOR), at=AT)


def test_a_number_opens_to_the_cases_somebody_may_see() -> None:
    """Whoever answers for the money sees how many; a lead professional who also holds a budget sees the case."""
    place = _place()
    _visit(place.case, 3, 2)
    account = place.case.lead_professional.account
    make_post(role=Role.BUDGET_HOLDER, employer=Organisation.objects.get(code="COUNCIL"), account=account)
    both = actor_of(account, AT)
    asked = {"year": 2026, "quarter": 2, "place": str(place.north.pk)}
    for kind, total in (("visit", 2), ("month", 3)):
        hidden = activity_costs.behind_number(place.director, place.world.fund, kind=kind, **asked)
        assert (hidden.total, hidden.rows, hidden.others) == (total, (), total)
        shown = activity_costs.behind_number(both, place.world.fund, kind=kind, **asked)
        assert [each.reference for each in shown.rows] == [place.case.reference] * total
        assert shown.others == 0


def test_the_pages_and_files() -> None:
    place = _place()
    _visit(place.case, 3, 5)
    _spend(place.world, 300_000)
    visitor, fund = Visitor(place.director), place.world.fund
    page = visitor.see("activity_costs", fund.pk, when="2026-2")
    for words in (
        "£3,000 was spent",
        "70.7 %",
        "cannot be used in a business case",
        "Month of support by a lead professional",
    ):
        assert words in page
    assert "5 recorded" in visitor.see("activity_counted", fund.pk, 2026, 2, place=str(place.north.pk), kind="visit")
    report = activity.keep_activity_report(fund=fund, year=2026, quarter=2, by=place.director, at=AT)
    kept = visitor.see("activity_report", report.pk)
    assert kept.count("<h1") == 1
    assert kept.index("<h1") < kept.index("Not for a business case") < kept.index("Recorded activity")
    for kind in ("pdf", "docx", "xlsx", "csv"):
        assert visitor.answer("activity_report_file", report.pk, kind).status_code == 200
        assert visitor.answer("activity_file", fund.pk, 2026, 2, kind).status_code == 200
    for page_name, args in (
        ("unit_costs", ()), ("activity_prices", ()), ("activity_funds", ()), ("activity_set_up", (fund.pk, 2026)),
        ("activity_plan", (fund.pk, 2026)), ("activity_roles", (fund.pk, 2026)), ("activity_keep", (fund.pk, 2026, 2)),
        ("activity_price_new", ()), ("activity_prices_read", ()), ("unit_costs_read", ()), ("activity_prices_file", ()),
        ("activity_prices_example", ()), ("activity_counted", (fund.pk, 2026, 2)),
    ):  # fmt: skip
        visitor.see(page_name, *args)
