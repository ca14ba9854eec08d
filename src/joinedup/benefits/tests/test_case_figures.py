"""What a business case takes from elsewhere: a measured cost of a kept report, a figure of the unit cost database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.benefits import case_measured
from joinedup.benefits.case_building import mark_of
from joinedup.benefits.costing import KindRow, PlaceRow, Recorded
from joinedup.benefits.models import ActivityReport, BusinessCase, UnitCost
from joinedup.benefits.queries import case_figures as queries
from joinedup.benefits.services import activity_costs as activity
from joinedup.benefits.services import costing as prices
from joinedup.benefits.services.case_figures import MeasuredSaid, take_measured_cost, take_unit_cost
from joinedup.benefits.services.cases import save_part
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.benefits.tests.test_cases_services import filled
from joinedup.benefits.tests.test_costing_services import _person, _place, _spend, _visit
from joinedup.core.errors import NotPermitted, Refused
from joinedup.engines.appraisal import read
from joinedup.engines.appraisal.tables import DEFLATORS
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        yield


# --- Pure -------------------------------------------------------------------------------------------------------------


def _row(direct: int, overhead: int, *kinds: tuple[str, str, int]) -> PlaceRow:
    made = tuple(
        KindRow(kind, None, Recorded(int(Decimal(volume)), Decimal(volume), Decimal(pence)), 0, pence, pence)
        for kind, volume, pence in kinds
    )
    return PlaceRow("", direct, overhead, 0, 0, made)


def test_spending_is_laid_over_recorded_work() -> None:
    """£1,000 recorded (10 visits of £40, 3 months of £200), £1,100 spent, £220 overhead: each unit a tenth dearer, and
    what all units come to together is what was spent."""
    units = {
        each.kind: each
        for each in case_measured.units_of(_row(110_000, 22_000, ("visit", "10", 40_000), ("month", "3", 60_000)))
    }
    assert (units["visit"].pence, units["visit"].full_pence) == (4_400, 5_280)
    assert (units["month"].pence, units["month"].full_pence) == (22_000, 26_400)
    assert (units["case"].pence, units["case"].cost(with_overhead=True)) == (36_667, 44_000)
    assert units["visit"].pence * 10 + units["month"].pence * 3 == 110_000
    assert next(iter(units)) == "case"


@pytest.mark.parametrize("row", [_row(0, 5, ("visit", "1", 100)), _row(100, 0), _row(100, 0, ("visit", "3", 0))])
def test_nothing_is_measured_where_nothing_was_spent_or_priced(row: PlaceRow) -> None:
    assert case_measured.units_of(row) == ()


@pytest.mark.parametrize(("model", "year", "stated", "factor"), [
    ({"price_year": "2024"}, "2024", "2024", 1.0),
    ({"price_year": "2024"}, "2015/16", "2015/16", DEFLATORS["gdp-2025"].factor("2015/16", "2024")),
    ({"price_year": "2024"}, "2026/27", None, 1.0),  # later than the index knows
    ({}, "2015/16", None, 1.0),
    ({"price_year": "2015/16", "deflator": "gdp-2015"}, "2013/14", "2013/14", 195.970 / 190.033),
])  # fmt: skip
def test_a_price_is_brought_only_as_far_as_the_index_knows(
    model: dict[str, Any], year: str, stated: str | None, factor: float
) -> None:
    found, why = case_measured.brought(model, year)
    assert found == stated
    assert bool(why) == (stated is None)
    assert case_measured.price_factor(model, year) == pytest.approx(factor, abs=1e-5)


def test_a_database_figure_keeps_its_value_and_year() -> None:
    """Old prices are warned about; a value of another year is brought to the first one's and says so."""
    said = {
        "fiscal": ["1515", "2010/11", None],
        "social": ["200", "2010/11", None],
        "economic": ["100", "2008/09", None],
    }
    values, year, warned = case_measured.from_database(said, {"price_year": "2015/16", "deflator": "gdp-2015"}, 2026)
    assert (values["fiscal"], values["social"], year) == (1515.0, 200.0, "2010/11")
    assert values["economic"] == pytest.approx(100 * 179.907 / 170.650, abs=0.01)
    assert any("£100.00 at 2008/09 prices, brought to 2010/11" in each for each in warned)
    assert "The price is 16 years old." in warned
    fresh = case_measured.from_database({"fiscal": ["10", "2024", None]}, {"price_year": "2024"}, 2026)
    assert fresh == ({"fiscal": 10.0}, "2024", [])


# --- Measured ---------------------------------------------------------------------------------------------------------


def _kept(spent: int = 300_000, visits: int = 24) -> tuple[Any, Any, ActivityReport]:
    """A case that is written, and a report: 24 visits and 3 months recorded (£2,400), £3,000 spent: 20 % unrecorded."""
    place, run = _place(), make_programme()
    for day in range(3, 3 + visits // 12):
        _visit(place.case, day, 12)
    _spend(place.world, spent)
    report = activity.keep_activity_report(fund=place.world.fund, year=2026, quarter=2, by=place.director, at=AT)
    return place, run, report


def _take(run: Run, case: BusinessCase, part: str, at_place: int, said: MeasuredSaid, **more: Any) -> BusinessCase:
    now = BusinessCase.objects.get(pk=case.pk)
    seen = more.get("seen", mark_of(part, now.model, at_place))
    return take_measured_cost(
        case=case, part=part, place=at_place, said=said, seen=seen, by=more.get("by", run.directors["COUNCIL"]), at=AT
    )


def test_a_measured_cost_is_taken_with_its_source() -> None:
    """As a unit value and as a line of cost; exactly at the limit it may be used."""
    place, run, report = _kept()
    case = filled(run)
    north, model_before = str(place.north.pk), case.model
    after = _take(run, case, "worth", 0, MeasuredSaid(report.pk, north, "visit"))
    line = after.model["benefits"][0]
    assert line["unit_cost"] == {"fiscal": 100.0}
    assert "price_year" not in line  # the index ends before 2026/27
    for words in ("Measured: Visit, each time", "Quarter 2 of 2026/27", "North", report.digest[:12]):
        assert words in line["source"]
    for words in (
        "20.0 % of direct spending",
        "at most 20 %",
        "at 2026/27 prices, without overhead",
        "has no 2026/27 yet",
    ):
        assert words in line["caveat"]
    costs = len(after.model["costs"])
    after = _take(run, case, "costs", costs, MeasuredSaid(report.pk, north, "case", True, 120.0))
    made = after.model["costs"][costs]
    assert made["amounts"] == [120_000.0] * after.model["years"]  # £3,000 over 3 months is £1,000 a month
    assert "20.0 % unrecorded" in made["name"]
    assert "2026/27 prices" in made["name"]
    save_part(
        case=case, part="pays", place=costs, values={"agency_0": 1.0}, seen=mark_of("pays", after.model, costs), by=run.manager, at=AT,
    )  # fmt: skip
    kept = AuditEvent.objects.filter(action="benefits.write_case", kind="write").order_by("at", "pk")
    assert any(each.words.words.get("hash") == report.digest for each in kept)
    # The way back: each line to its report, for whoever sees the fund, and whether it was corrected since.
    taken = queries.reports_taken(run.directors["COUNCIL"], after.model)
    assert [(each.report_id, each.is_corrected) for each in taken] == [(report.pk, False)] * 2
    assert taken[0].line == "A case, with everything that was done for it"
    page = Visitor(run.directors["COUNCIL"]).see("case_answers", case.pk)
    assert page.count(f"/benefits/activity/reports/{report.pk}/") == 2
    _visit(place.case, 20, 1)
    activity.keep_activity_report(fund=place.world.fund, year=2026, quarter=2, by=place.director, at=AT)
    assert all(each.is_corrected for each in queries.reports_taken(run.directors["COUNCIL"], after.model))
    account, _ = make_post(role=Role.FINANCE_DIRECTOR, employer=make_organisation(code="ELSEWHERE"))
    elsewhere = actor_of(account, AT)
    assert [each.report_id for each in queries.reports_taken(elsewhere, after.model)] == [None] * 2
    assert queries.reports_taken(run.directors["COUNCIL"], model_before) == ()


def test_what_is_not_taken() -> None:
    """Over a fifth unrecorded (BN-340), corrected (BN-342), an unknown kind (BN-343), no number (BN-345), a line somebody
    else saved (CO-1), and by whom it may not be."""
    place, run, report = _kept(spent=301_000)
    case, north = filled(run), str(place.north.pk)
    before = BusinessCase.objects.get(pk=case.pk).model
    with pytest.raises(
        Refused, match=r"North: 20\.3 % of what was spent directly is explained by no recorded activity"
    ) as refused:
        _take(run, case, "worth", 0, MeasuredSaid(report.pk, north, "visit"))
    assert refused.value.rule == "BN-340"
    assert [each.rule for found in queries.reports_to_take(place.director) for each in _refused(found)] == ["BN-340"]
    _visit(place.case, 20, 2)
    again = activity.keep_activity_report(fund=place.world.fund, year=2026, quarter=2, by=place.director, at=AT)
    for said, rule in (
        (MeasuredSaid(report.pk, north, "visit"), "BN-342"), (MeasuredSaid(again.pk, north, "dancing"), "BN-343"),
        (MeasuredSaid(again.pk, "elsewhere", "visit"), "BN-341"),
    ):  # fmt: skip
        with pytest.raises(Refused) as wrong:
            _take(run, case, "worth", 0, said)
        assert wrong.value.rule == rule
    new = len(before["costs"])
    for times in (None, 0.0):
        with pytest.raises(Refused) as nothing:
            _take(run, case, "costs", new, MeasuredSaid(again.pk, north, "visit", times=times))
        assert nothing.value.rule == "BN-345"
    with pytest.raises(Refused) as moved:
        _take(run, case, "worth", 0, MeasuredSaid(again.pk, north, "visit"), seen="somethingelse")
    assert moved.value.rule == "CO-1"
    with pytest.raises(NotPermitted):
        _take(run, case, "worth", 0, MeasuredSaid(again.pk, north, "visit"), by=run.directors["NHS"])
    assert BusinessCase.objects.get(pk=case.pk).model == before
    _take(run, case, "worth", 0, MeasuredSaid(again.pk, north, "visit"))


def _refused(found: queries.ReportToTake) -> list[Refused]:
    return [each.refused for each in found.places if each.refused is not None]


def test_a_report_that_was_touched_is_not_used() -> None:
    place, run, report = _kept()
    with (
        patch("joinedup.benefits.queries.case_figures.digest_of", return_value="0" * 64),
        pytest.raises(Refused) as wrong,
    ):
        queries.measured_place(place.director, report.pk, str(place.north.pk))
    assert wrong.value.rule == "BN-344"
    with pytest.raises(NotPermitted):
        queries.reports_to_take(_person(Role.KEY_WORKER))
    assert run.programme is not None


def test_the_pages_of_measured_costs() -> None:
    """From the line to the report to the figure; the line shows what was taken and results still come."""
    place, run, report = _kept()
    case, north = filled(run), str(place.north.pk)
    assert place.director is not None
    visitor = Visitor(run.directors["COUNCIL"])
    assert "take what activity was measured to cost" in visitor.see("case_line", case.pk, "worth", 1)
    first = visitor.see("case_measured", case.pk, "worth", 1)
    assert "20.0 % of direct spending unrecorded" in first
    page = visitor.see("case_measured", case.pk, "worth", 1, report=str(report.pk), place=north)
    for words in (
        "Visit: £100 each time",
        "has no 2026/27 yet",
        "A case, with everything that was done for it: £1,000 a month",
    ):
        assert words in page
    told = {"report": str(report.pk), "place": north, "kind": "visit", "seen": mark_of("worth", case.model, 0)}
    assert visitor.send("case_measured", case.pk, "worth", 1, **told).status_code == 302
    line = visitor.see("case_line", case.pk, "worth", 1)
    assert "Measured: Visit, each time" in line
    assert "20.0 % of direct spending" in line
    assert visitor.see("case_results", case.pk)
    assert visitor.answer("case_measured", case.pk, "gains", 1).status_code == 404
    assert visitor.answer("case_measured", case.pk, "worth", 99).status_code == 404
    new = len(case.model["costs"]) + 1
    assert "How many a year?" in visitor.see("case_measured", case.pk, "costs", new, report=str(report.pk), place=north)
    told = {"report": str(report.pk), "place": north, "kind": "visit", "seen": mark_of("costs", case.model, new - 1)}
    assert "Enter how many a year" in visitor.send("case_measured", case.pk, "costs", new, **told).content.decode()
    assert visitor.send("case_measured", case.pk, "costs", new, times="400", **told).status_code == 302
    assert BusinessCase.objects.get(pk=case.pk).model["costs"][new - 1]["amounts"][0] == 40_000.0


def test_a_blocked_report_says_why_on_the_page() -> None:
    place, run, report = _kept(spent=900_000)
    case = filled(run)
    visitor = Visitor(run.directors["COUNCIL"])
    sentence = "is explained by no recorded activity, and at most 20 % may be"
    assert sentence in visitor.see("case_measured", case.pk, "worth", 1)
    answer = visitor.answer("case_measured", case.pk, "worth", 1, report=str(report.pk), place=str(place.north.pk))
    assert answer.status_code == 409
    assert sentence in answer.content.decode()


# --- The unit cost database -------------------------------------------------------------------------------------------


def test_a_unit_cost_is_searched_and_taken() -> None:
    """Value, price year, source, rating and caveat come along, with a warning that the price is old; what has no value or
    is no longer the line that was shown is refused."""
    run = make_programme()
    prices.load_cited_unit_costs(by=system(AT), at=AT)
    case = filled(run)
    visitor = Visitor(run.directors["COUNCIL"])
    page = visitor.see("case_unit_costs", case.pk, "worth", 1, words="child in care")
    assert "SS1.0" in page
    assert re.search(r"£51,080</span> fiscal, 2013/14 prices", page)
    assert "Price over 5 years old" in page
    assert "E&amp;S2.0" not in page
    row = UnitCost.objects.get(code="SS1.0")
    told = {"unit_cost": str(row.pk), "seen": mark_of("worth", case.model, 0)}
    assert visitor.send("case_unit_costs", case.pk, "worth", 1, **told).status_code == 302
    now = BusinessCase.objects.get(pk=case.pk).model
    line = now["benefits"][0]
    assert (line["unit_cost"]["fiscal"], line["price_year"], line["rag"]) == (51_080.0, "2013/14", "amber")
    assert "SS1.0 of" in line["source"]
    assert "The price is 13 years old." in line["caveat"]
    read({**now, "costs": now["costs"]})
    assert visitor.send("case_unit_costs", case.pk, "worth", 1, **told).status_code == 409  # the line is another by now
    assert visitor.answer("case_unit_costs", case.pk, "costs", 1).status_code == 404
    UnitCost.objects.model.objects.bulk_create([UnitCost(file=row.file, code="NONE", detail="Without a value")])
    with pytest.raises(Refused) as nothing:
        take_unit_cost(
            case=case, place=0, unit_cost=UnitCost.objects.get(code="NONE"), seen=mark_of("worth", now, 0), by=run.manager, at=AT,
        )  # fmt: skip
    assert nothing.value.rule == "BN-346"
    with pytest.raises(NotPermitted):
        take_unit_cost(case=case, place=0, unit_cost=row, seen=mark_of("worth", now, 0), by=run.directors["NHS"], at=AT)
