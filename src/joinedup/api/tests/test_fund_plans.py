"""Plans, risks, outcomes and kinds of spending by the API: the same rules and viewers as the pages."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.api.tests.test_api import is_problem
from joinedup.api.tests.test_funds import World
from joinedup.funds.models import BudgetLine, FundOutcome, FundRisk

pytestmark = pytest.mark.django_db


def test_next_years_lines_are_made_once() -> None:
    world = World()
    fund = world.fund.pk
    plan = world.get("nhs", f"{fund}/next-year").json()
    assert (plan["before_pence"], plan["pence"], plan["made_at"]) == (2_800_000_000, 2_800_000_000, None)
    assert len(plan["lines"]) == 4
    sent = {"year": plan["year"], "digest": plan["digest"]}
    is_problem(world.post("nhs", f"{fund}/next-year/lines", **sent), 403)
    is_problem(world.post("chief", f"{fund}/next-year/lines", **{**sent, "digest": "0" * 64}), 409)
    for _ in range(2):
        made = world.post("chief", f"{fund}/next-year/lines", **sent)
        assert made.status_code == 201
        assert all(each["made_id"] for each in made.json()["lines"])
    assert BudgetLine.objects.filter(fund=world.fund, year=plan["year"]).count() == 4
    is_problem(world.get("amira", f"{fund}/next-year"), 404)


def test_risks_outcomes_and_kinds() -> None:
    world = World()
    fund, owner = world.fund.pk, world.shared.manager_post
    assert owner is not None
    told = {
        "event": "Late equipment", "cause": "One supplier.", "effect": "Missed.", "likelihood": "medium",
        "owner_post_id": owner.pk, "action": "A second.",
    }  # fmt: skip
    is_problem(world.post("chief", f"{fund}/risks/raised", **{**told, "owner_post_id": fund}), 422)
    raised = world.post("chief", f"{fund}/risks/raised", **told).json()
    assert (raised["reference"], raised["likelihood"]) == ("R1", "medium")
    assert [each["event"] for each in world.get("nhs", f"{fund}/risks").json()] == ["Late equipment"]
    closed = world.post("nhs", f"{fund}/risks/{raised['id']}/closed", because="Delivered.").json()
    assert (closed["closed_because"], FundRisk.objects.get().closed_on is None) == ("Delivered.", False)
    is_problem(world.post("nhs", f"{fund}/risks/{raised['id']}/closed", because="Again."), 409)
    row = FundOutcome.objects.create(
        fund=world.fund, number=1, measure="Families seen", target="90%", starts_on=date(world.fund.year, 4, 1),
        recorded_at=world.shared.agreement.drafted_at,
    )  # fmt: skip
    said = {"year": world.fund.year, "quarter": 1, "actual": "81%", "narrative": "Rota."}
    assert world.post("chief", f"{fund}/outcomes/{row.pk}/actuals", **said).status_code == 201
    shown = world.get("nhs", f"{fund}/outcomes", year=world.fund.year, quarter=1).json()
    assert [(each["measure"], each["actual"]) for each in shown] == [("Families seen", "81%")]
    kinds = world.get("nhs", f"agreements/{world.shared.agreement.pk}/kinds").json()
    assert sorted(each["kind"] for each in kinds) == ["contract", "provision", "third_party"]
    for path in (f"{fund}/risks", f"{fund}/outcomes", f"agreements/{world.shared.agreement.pk}/kinds"):
        assert world.get("amira", path).status_code in {403, 404}
