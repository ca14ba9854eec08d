"""The page that changes a rule or a forecast and shows every partner's year-end number move, and what it leads to."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.funds.models import Entry, Fund, RiskShareRule, RiskShareRun
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries.statements import statement
from joinedup.funds.tests.factories import YEAR, Shared
from joinedup.funds.tests.test_risk_share_services import AFTER, CAPPED, overspent, set_rule
from joinedup.funds.tests.visiting import Visitor

pytestmark = pytest.mark.django_db
TRIED = {"forecast": "commitments", "method": "capped", "cap_0": "900,000", "cap_1": "250000"}


def page(shared: Shared, fund: Fund, who: str = "nhs", name: str = "fund_risk_share", **query: str) -> str:
    return Visitor(shared.directors[who]).see(name, fund.pk, **query)


def test_every_partners_number_moves_and_nothing_is_posted() -> None:
    shared, fund = overspent()
    set_rule(fund)
    before = (Entry.objects.count(), RiskShareRun.objects.count(), RiskShareRule.objects.count())
    shown = page(shared, fund, **TRIED)
    for words in ("£1,000,000", "£900,000", "£250,000 is nobody’s", "As agreed", "As tried", "-£100,000", "at most"):
        assert words in shown
    assert (Entry.objects.count(), RiskShareRun.objects.count(), RiskShareRule.objects.count()) == before


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"method": "proportional", "forecast": "commitments"}, ["£1,000,000", "£400,000"]),
        ({"method": "fixed", "share_0": "50", "share_1": "50%", "forecast": "commitments"}, ["£700,000"]),
        ({"method": "responsible", "lead_0": "NHS", "lead_1": "COUNCIL", "forecast": "commitments"}, ["£1,400,000"]),
        (
            {"method": "commissioned", "part_0_0": "20", "part_0_1": "80", "part_1_0": "1", "part_1_1": "0",
             "forecast": "commitments"},
            ["£280,000", "£1,120,000"],
        ),
        (
            {"method": "tiered", "tier_0": "contingency", "width_0": "300000", "tier_1": "equal", "width_1": "500000",
             "tier_2": "proportional", "width_2": "400000", "tier_3": "only:COUNCIL", "forecast": "commitments"},
            ["£735,714.29", "£364,285.71", "£300,000 comes from the contingency", "Step by step"],
        ),
        ({"method": "proportional", "forecast": "commitments", "change_1": "-1,400,000"}, ["Neither over nor under"]),
        ({"method": "proportional", "forecast": "commitments", "change_1": "-1,750,000"}, ["£250,000 back", "£100,000 back"]),
    ],
)  # fmt: skip
def test_each_way_of_sharing_can_be_tried(query: dict[str, str], words: list[str]) -> None:
    shared, fund = overspent()
    shown = page(shared, fund, **query)
    for each in words:
        assert each in shown


def test_a_statements_part_opens_to_how_it_was_worked_out_then() -> None:
    shared, fund = overspent()
    set_rule(fund)
    director = Visitor(shared.directors["nhs"], AFTER)
    for quarter in (1, 4):
        said = statement(shared.directors["nhs"], fund, shared.partners["nhs"].pk, year=YEAR, quarter=quarter)
        part = next(line.pence for line in said.lines if line.code == "shared")
        there = f"{reverse('fund_risk_share', args=[fund.pk])}?at={YEAR}-{quarter}"
        assert there in director.see("fund_statement", fund.pk, shared.partners["nhs"].pk, YEAR, quarter)
        shown = director.see("fund_risk_share", fund.pk, at=f"{YEAR}-{quarter}")
        assert f"As the statements of Quarter {quarter} of 2026/27 have it" in shown
        assert in_pounds(abs(part)) in shown
        assert "Try another rule" not in shown
        assert "Post what each partner bears" not in shown
    assert "Try another rule" in director.see("fund_risk_share", fund.pk, at="nonsense")


def test_what_does_not_fit_is_said() -> None:
    shared, fund = overspent()
    shown = page(shared, fund, method="fixed", share_0="0", share_1="0", forecast="profile")
    assert "weights add up to nothing" in shown
    assert "Enter a number from nought upwards" in page(
        shared, fund, method="fixed", share_0="-1", share_1="x", forecast="profile"
    )


def test_the_rule_is_set_with_its_clause() -> None:
    shared, fund = overspent()
    director = Visitor(shared.directors["council"])
    director.see("fund_risk_share_set", fund.pk)
    answers = {
        "method": "capped", "cap_0": "900000", "cap_1": "250000", "clause": "Nobody bears more than …",
        "settlement": "year_end", "starts_on-day": "1", "starts_on-month": "4", "starts_on-year": str(YEAR),
    }  # fmt: skip
    answer = director.send("fund_risk_share_set", fund.pk, **answers)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    rule = RiskShareRule.objects.get(fund=fund)
    assert (rule.terms, rule.clause, rule.starts_on) == (CAPPED, "Nobody bears more than …", date(YEAR, 4, 1))
    assert "Nobody bears more than" in page(shared, fund)
    Visitor(shared.directors["nhs"]).see("fund_risk_share_set", fund.pk, status=403)


def test_the_figures_as_csv_and_who_may_look() -> None:
    shared, fund = overspent()
    set_rule(fund)
    found = page(shared, fund, name="fund_risk_share_csv")
    assert "Exampleshire Council,20000000.00," in found
    assert Client().get(reverse("fund_risk_share", args=[fund.pk])).status_code == 302


def test_a_year_that_is_not_over_cannot_be_posted() -> None:
    shared, fund = overspent()
    set_rule(fund, starts_on=date(YEAR, 4, 1))
    answer = Visitor(shared.directors["council"]).send("fund_risk_share_post", fund.pk)
    assert answer.status_code == 409
    assert RiskShareRun.objects.count() == 0
    director = Visitor(shared.directors["council"], AFTER)
    assert "Post what each partner bears" in director.see("fund_risk_share", fund.pk)
    assert director.send("fund_risk_share_post", fund.pk).status_code == 302
    shown = director.see("fund_risk_share", fund.pk)
    run = RiskShareRun.objects.get()
    assert run.digest[:16] in shown
    assert "Post what each partner bears" not in shown


def test_the_boards_decision_is_recorded() -> None:
    shared, fund = overspent()
    set_rule(fund, CAPPED)
    director = Visitor(shared.directors["council"], AFTER)
    director.send("fund_risk_share_post", fund.pk)
    assert "£250,000 is posted and nobody’s yet" in director.see("fund_risk_share", fund.pk)
    answer = director.send("fund_risk_share_decide", fund.pk, borne_0="100", decision="Board")
    assert "£250,000.00 is nobody’s yet. Say who bears all of it" in answer.content.decode()
    told = {"borne_0": "200,000", "borne_1": "50,000", "decision": "Board of 3 May 2027, minute 7"}
    assert director.send("fund_risk_share_decide", fund.pk, **told).status_code == 302
    assert "nobody’s yet" not in director.see("fund_risk_share", fund.pk)
