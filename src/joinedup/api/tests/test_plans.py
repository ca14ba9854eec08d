"""Cases and plans by the API: the same rules and the same viewers as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.casework.models import Case, Plan
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.organisations.tests.factories import make_post, make_team

pytestmark = pytest.mark.django_db


class World:
    """Amira leads the case of one child; Ben is a key worker of another team."""

    def __init__(self) -> None:
        team = make_team(name="North team")
        self.amira, lead = make_post(team=team, name="Amira Testerly", phone="01632 960 101")
        self.ben, _ = make_post(team=make_team(name="South team"), name="Ben Testerson")
        self.rowan = make_person(given_name="Rowan")
        self.case: Case = make_case(team=team, family=make_family((self.rowan, "child")), lead=lead)
        self.lead = lead
        self.url = f"/api/v1/cases/{self.case.pk}"

    def get(self, account: Account, path: str = "") -> Any:
        return client_with(key_for(account)).get(f"{self.url}{path}")

    def post(self, account: Account, path: str, **sent: Any) -> Any:
        body = json.dumps(sent, default=str)
        return client_with(key_for(account)).post(f"{self.url}{path}", body, content_type="application/json")


@pytest.fixture
def world() -> World:
    return World()


def test_the_case_says_whom_to_turn_to_and_is_nobody_elses(world: World) -> None:
    listed = client_with(key_for(world.amira)).get("/api/v1/cases").json()
    assert [row["id"] for row in listed["cases"]] == [str(world.case.pk)]
    seen = world.get(world.amira).json()
    assert (seen["lead_professional"], seen["lead_phone"]) == ("Amira Testerly", "01632 960 101")
    assert [person["name"] for person in seen["people"]] == [str(world.rowan)]
    assert AuditEvent.objects.filter(purpose="API: case", actor_id=world.amira.pk).count() == 1
    assert client_with(key_for(world.ben)).get("/api/v1/cases").json()["cases"] == []
    for path in ("", "/plan"):
        is_problem(world.get(world.ben, path), 404)
    is_problem(world.post(world.ben, "/plan", family_words="Let me in."), 404)
    assert not Plan.objects.exists()


def test_a_plan_is_made_step_by_step(world: World) -> None:
    is_problem(world.get(world.amira, "/plan"), 404)
    begun = world.post(world.amira, "/plan", family_words="We want quiet mornings.")
    assert begun.status_code == 201
    again = is_problem(world.post(world.amira, "/plan", family_words="Another."), 409)
    assert again["rule"] == "CW-301"
    need = world.post(world.amira, "/plan/needs", code="N4", words="Late for school", child_id=world.rowan.pk)
    (said,) = need.json()["needs"]
    assert (said["code"], said["child_id"]) == ("N4", str(world.rowan.pk))
    is_problem(world.post(world.amira, "/plan/needs", code="N4", words="x", child_id=make_person().pk), 404)
    measures = client_with(key_for(world.amira)).get("/api/v1/measures").json()
    measure = next(each for each in measures if each["code"] == "ATTENDANCE")
    today = timezone.localdate()
    wanted = {
        "words": "Rowan is at school on time", "measure_id": measure["id"], "baseline": 71, "baseline_on": today,
        "target": 92, "target_on": today + timedelta(days=60),
    }  # fmt: skip
    worse = world.post(world.amira, f"/plan/needs/{said['id']}/outcomes", **(wanted | {"target": 50}))
    assert is_problem(worse, 422)["rule"] == "CW-307"
    outcome = world.post(world.amira, f"/plan/needs/{said['id']}/outcomes", **wanted).json()["needs"][0]["outcomes"][0]
    assert (float(outcome["baseline"]), float(outcome["latest"]), outcome["measure"]) == (71, 71, "ATTENDANCE")
    due = today + timedelta(days=7)
    nobody = world.post(world.amira, f"/plan/outcomes/{outcome['id']}/actions", words="Walk together", due_on=due)
    assert is_problem(nobody, 422)["rule"] == "CW-309"
    done = world.post(
        world.amira, f"/plan/outcomes/{outcome['id']}/actions", words="Walk together", due_on=due, post_id=world.lead.pk
    )
    (action,) = done.json()["needs"][0]["outcomes"][0]["actions"]
    assert (action["owner"], action["status"], action["due_on"]) == ("Amira Testerly", "to_do", due.isoformat())
    assert world.get(world.amira, "/plan").json() == done.json()


def test_who_only_looks_after_access_has_no_cases(world: World) -> None:
    keeper, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    response = client_with(key_for(keeper)).get("/api/v1/cases")
    assert response.status_code in {403, 404}
