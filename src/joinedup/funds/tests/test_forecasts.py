"""Forecasts kept with their methods, case flow from a part above, and what they mean for statements and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from joinedup.access.actor import Actor, system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.engines.ledger import Line
from joinedup.funds import case_flow, chart, services
from joinedup.funds.forecasting import CaseFlow, Method, Spending, outturn, variance_of
from joinedup.funds.models import BudgetLine, Forecast
from joinedup.funds.queries.forecasts import forecast_page
from joinedup.funds.queries.statements import statement
from joinedup.funds.queries.year import fund_year
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.ledger import Draft, post_entries
from joinedup.funds.services.sharing import RuleSaid, set_risk_share_rule
from joinedup.funds.tests.factories import YEAR, Shared, make_open
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BY = system(AT)
OCTOBER = datetime(YEAR, 10, 20, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def refused(call: Callable[..., object], **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**({"by": BY, "at": AT} | kwargs))
    return caught.value.rule


@pytest.fixture
def shared() -> Shared:
    """£5m of child mental health, of which £0.5m was spent in each of six months."""
    shared = make_open()
    line = BudgetLine.objects.get(pk=shared.lines["CAMHS-council"].pk)
    assert shared.fund is not None
    drafts = [
        Draft(f"month {number}", date(YEAR, 3 + number, 28), [line_of(line, 50_000_000), Line(chart.BANK, -50_000_000)])
        for number in range(1, 7)
    ]
    post_entries(fund=shared.fund, drafts=drafts, by=BY, at=OCTOBER)
    said = RuleSaid('{"name": "proportional"}', "By contributions.", "year_end", date(YEAR, 4, 1))
    set_risk_share_rule(fund=shared.fund, said=said, by=BY, at=OCTOBER)
    return shared


@pytest.fixture
def counted() -> Iterator[list[Sequence[date]]]:
    """A part above that counts twelve children on every day it is asked about."""
    asked: list[Sequence[date]] = []

    def twelve(viewer: Actor, days: Sequence[date]) -> list[int]:
        asked.append(days)
        return [12] * len(days)

    case_flow.register_measure("tests.children", "Children helped", twelve)
    yield asked
    case_flow._measures.pop("tests.children")


def test_a_forecast_is_kept_with_the_method_of_every_line_and_a_hash(shared: Shared) -> None:
    assert shared.fund is not None
    line = shared.lines["CAMHS-council"]
    kept = services.keep_forecast(
        fund=shared.fund, by_line={line.pk: Method.TREND}, words="As in spring.", by=BY, at=OCTOBER
    )
    (mine,) = [each for each in kept.lines if each["line"] == str(line.pk)]
    assert (kept.month, kept.number, mine["method"], mine["outturn"]) == (6, 1, "trend", 600_000_000)
    assert {each["method"] for each in kept.lines if each is not mine} == {"profile"}
    # £1m over here, and half of the other £23m is still unspent at the profile's pace.
    assert kept.shared_pence == 100_000_000 - (2_800_000_000 - 500_000_000) // 2
    assert kept.not_shared_pence == 0
    assert len(kept.digest) == 64
    again = services.keep_forecast(fund=shared.fund, method=Method.COMMITMENTS, by=BY, at=OCTOBER)
    assert (again.number, Forecast.objects.count()) == (2, 2)


def test_statements_and_the_risk_share_go_by_the_forecast_that_was_kept(shared: Shared) -> None:
    fund, director = shared.fund, shared.directors["nhs"]
    assert fund is not None
    before = statement(system(OCTOBER), fund, shared.partners["nhs"].pk, year=YEAR, quarter=2)
    services.keep_forecast(fund=fund, method=Method.TREND, by=BY, at=OCTOBER)
    year = fund_year(director, fund, month=6)
    assert {each.method for each in year.forecast()} == {Method.TREND}
    after = statement(system(OCTOBER), fund, shared.partners["nhs"].pk, year=YEAR, quarter=2)
    assert after.digest != before.digest


def test_case_flow_is_read_from_a_part_above_and_kept_with_what_it_counted(
    shared: Shared, counted: list[Sequence[date]]
) -> None:
    fund, line = shared.fund, shared.lines["CAMHS-council"]
    assert fund is not None
    said: dict[str, Any] = {"fund": fund, "line": line, "measure_code": "tests.children", "unit_pence": 3_000_000}
    assert refused(services.set_line_driver, **(said | {"measure_code": "nobody.counts"}), source="x") == "FU-408"
    assert refused(services.set_line_driver, **said, source=" ") == "FU-409"
    assert refused(services.set_line_driver, **(said | {"unit_pence": 0}), source="x") == "FU-134"
    by_flow = {line.pk: Method.CASE_FLOW}
    assert refused(services.keep_forecast, fund=fund, by_line=by_flow) == "FU-411"
    services.set_line_driver(**said, source="The contract, schedule 2", by=BY, at=OCTOBER)
    kept = services.keep_forecast(fund=fund, by_line=by_flow, by=BY, at=OCTOBER)
    (mine,) = [each for each in kept.lines if each["line"] == str(line.pk)]
    # Six months at £0.5m, then twelve children at £30,000 a month for six months.
    assert mine["outturn"] == 300_000_000 + 6 * 12 * 3_000_000
    assert (mine["children"], mine["unit_pence"]) == ([12] * 6, 3_000_000)
    assert counted[-1] == [date(YEAR, 9, 30)]
    page = forecast_page(shared.directors["nhs"], fund.pk)
    (shown,) = [each for each in page.lines if each.id == line.pk]
    assert (shown.drives, shown.by_method[Method.CASE_FLOW]) == ("Children helped", mine["outturn"])
    assert all(each.by_method[Method.CASE_FLOW] is None for each in page.lines if each is not shown)
    case_flow._measures.pop("tests.children")
    try:
        assert forecast_page(shared.directors["nhs"], fund.pk).lines[0].by_method[Method.CASE_FLOW] is None
    finally:
        case_flow.register_measure("tests.children", "Children helped", lambda viewer, days: [12] * len(days))


def test_what_is_over_on_ring_fenced_money_is_not_shared() -> None:
    fenced = Spending("a", "S", "COUNCIL", "pooled", 1_000, [10] * 12, is_fenced=True)
    plain = Spending("b", "S", "COUNCIL", "pooled", 100, [10] * 12)
    found = variance_of([outturn(each, Method.PROFILE) for each in (fenced, plain)])
    assert (dict(found.shared), dict(found.not_shared)) == ({"S": 20}, {"COUNCIL": -880})
    driven = Spending("c", "S", "NHS", "pooled", 100, [10], case_flow=CaseFlow([2, 3], 5))
    assert outturn(driven, Method.CASE_FLOW).pence == 10 + 5 * (2 + 3 * 10)


def test_who_keeps_a_forecast(shared: Shared) -> None:
    from joinedup.access.roles import Role
    from joinedup.funds.tests.factories import make_person

    auditor = make_person(Role.AUDITOR, shared.council, "Ledger Mockaudit")
    with pytest.raises(NotPermitted):
        services.keep_forecast(fund=shared.fund, by=auditor, at=OCTOBER)


def test_the_forecast_page_shows_asks_and_keeps(shared: Shared, counted: list[Sequence[date]]) -> None:
    fund, line = shared.fund, shared.lines["CAMHS-council"]
    assert fund is not None
    visitor = Visitor(shared.chiefs["council"])
    page = visitor.see("fund_forecast", fund.pk)
    for words in (
        "By the profile, because no forecast was kept",
        "Every line",
        "not counted",
        "Every month to come as the last three".lower(),
    ):
        assert words in page
    trend = visitor.see("fund_forecast", fund.pk, method="trend")
    assert "£6,000,000" in trend
    assert "£1,000,000 over" in trend
    wrong = visitor.send("fund_line_driver", line.pk, measure="", unit="-3", source="")
    for words in ("Choose what drives it", "Say where the price comes from"):
        assert words in wrong.content.decode()
    told = {"measure": "tests.children", "unit": "30,000", "source": "The contract"}
    assert visitor.send("fund_line_driver", line.pk, **told).status_code == 302
    lines = {f"line_{each.pk}": "profile" for each in shared.lines.values()}
    answer = visitor.send(
        "fund_forecast_keep", fund.pk, **(lines | {f"line_{line.pk}": "case_flow", "words": "Referrals rise."})
    )
    assert answer.status_code == 302
    page = visitor.see("fund_forecast", fund.pk)
    assert "Each line by the method that was kept for it" in page
    assert "Referrals rise." in page
    csv = visitor.answer("fund_forecast_csv", fund.pk).content.decode()
    assert "Case flow" in csv
    assert "5160000.00" in csv
