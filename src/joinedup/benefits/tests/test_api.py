"""Programmes, benefits, activity and outcomes by the API: the same figures, rules and viewers as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.benefits.services.activity_costs import PlanSaid, keep_activity_report, plan_activity
from joinedup.benefits.services.costing import PriceSaid, enter_price
from joinedup.benefits.services.investing import SettlementSaid, decide_settlement, freeze_pack, freeze_position
from joinedup.benefits.tests.realised import Realised, make_realised
from joinedup.core.models import new_id
from joinedup.organisations.tests.factories import AT, make_organisation, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Realised:
    return make_realised()


def _get(world: Realised, path: str, who: str = "COUNCIL", **query: Any) -> Any:
    if who in world.run.directors:
        account = Account.objects.get(pk=world.run.directors[who].account_id)
    else:
        account, _ = make_post(role=Role.FINANCE_DIRECTOR, employer=make_organisation(code=new_id().hex[-12:]))
    return client_with(key_for(account)).get(f"/api/v1/{path}", query)


def test_a_programme_its_strands_cases_and_benefits(world: Realised) -> None:
    world.realise(pence=5_000_000)
    (programme,) = _get(world, "programmes").json()
    one = f"programmes/{programme['id']}"
    assert _get(world, one).json() == programme
    families = next(each for each in programme["strands"] if each["code"] == "families")
    strand = _get(world, f"programmes/strands/{families['id']}").json()
    assert (strand["programme_id"], strand["sponsorships"][0]["organisation"]) == (programme["id"], families["sponsor"])
    assert "my_cases" not in strand["cohort"]
    (row,) = _get(world, f"{one}/cases").json()
    case = _get(world, f"programmes/cases/{row['id']}").json()
    kept = _get(world, f"programmes/rounds/{row['newest_round_id']}").json()
    assert (case["left"], kept["is_unchanged"]) == ([], True)
    assert case["results"]["pv_cost"] == kept["results"]["pv_cost"] == world.round.results["pv_cost"]
    assert {each["title"] for each in kept["results"]["parameters"]}
    found = _get(world, f"{one}/benefits", state="realised", partner="COUNCIL").json()
    (benefit,) = found["benefits"]
    assert found["totals"]["measured"] == benefit["measured"] == 5_000_000
    page = _get(world, f"programmes/benefits/{benefit['id']}").json()
    assert (page["claims"], [each["title"] for each in page["moves"]]) == (1, ["Realised", "Emerging", "Taken up"])
    assert [each["forecast"] for each in page["years"]] == list(world.benefit().forecast)
    assert _get(world, f"{one}/overlap").json()["merge_percent"] == 25
    assert _get(world, "programmes/published-figures", words="nothing of the kind").json() == []
    is_problem(_get(world, f"{one}/benefits", state="sold"), 422)


def test_the_agreement_quarters_and_packs(world: Realised) -> None:
    programme, by = world.run.programme, system(AT)
    decide_settlement(
        programme=programme, said=SettlementSaid("equal_return", "forecast", False, "Minute 4", AT.date()), by=by, at=AT
    )
    position = freeze_position(programme=programme, year=2025, quarter=4, by=by, at=AT)
    pack = freeze_pack(programme=programme, meeting_on=AT.date(), by=by, at=AT)
    shown = _get(world, f"programmes/{programme.pk}/investment").json()
    for way in (*shown["ways"], *shown["versions"]):
        assert sum(way["transfers"].values()) == 0
    assert [each["is_verified"] for each in shown["parameters"]]
    assert [each["digest"] for each in shown["packs"]] == [pack.digest]
    quarter = _get(world, f"programmes/quarters/{position.pk}").json()
    assert (quarter["is_unchanged"], quarter["content"]) == (True, position.content)
    for code in ("COUNCIL", "NHS"):
        mine = _get(world, f"programmes/packs/{pack.pk}", who=code).json()
        assert (mine["partner"], set(mine["answers"])) == (code, {"owed", "moved", "measured", "decide"})


def test_activity_adds_up_and_outcomes_are_read(world: Realised) -> None:
    now = timezone.now()
    fund = world.shared.fund
    assert fund is not None
    said = PriceSaid("visit", 8_500, "each", date(fund.year - 1, 4, 1), "2025/26", "Finance", is_illustration=False)
    enter_price(said=said, by=system(now), at=now)
    plan_activity(fund=fund, said=PlanSaid(fund.year - 1, "visit", 40, None), by=system(now), at=now)
    report = keep_activity_report(fund=fund, year=fund.year - 1, quarter=4, by=system(now), at=now)
    assert str(fund.pk) in {each["id"] for each in _get(world, "activity").json()}
    year = _get(world, f"activity/{fund.pk}").json()
    for each in year["quarters"]:
        for row in (*each["places"], each["total"]):
            assert row["volume"] + row["price"] + row["unrecorded"] + row["overhead"] == row["difference"]
            assert row["difference"] == row["spent"] - row["planned"]
    assert _get(world, f"activity/reports/{report.pk}").json()["digest"] == report.digest
    (outcome,) = [each for each in _get(world, "outcomes").json() if each["measures"]]
    series = outcome["measures"][0]["series_id"]
    page = _get(world, f"outcomes/series/{series}").json()
    assert [each["is_hidden"] for each in page["readings"]] == [False, False]
    measure = _get(world, f"outcomes/measures/{page['measure_id']}").json()
    assert [each["id"] for each in measure["series"]] == [series]


def test_nobody_else_reads_it(world: Realised) -> None:
    programme, strand = world.run.programme.pk, world.run.strands["families"].pk
    paths = [
        f"programmes/{programme}", f"programmes/strands/{strand}", f"programmes/cases/{world.case.pk}",
        f"programmes/rounds/{world.round.pk}", f"programmes/benefits/{world.benefit().pk}", f"programmes/{programme}/investment",
    ]  # fmt: skip
    for path in paths:
        is_problem(_get(world, path, who="outsider"), 404)
    assert _get(world, "programmes", who="outsider").json() == []
