"""A plan after its beginning by the API: said better, ended, marked, linked, taken out and put back, by the pages' rules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.api.tests.test_api import is_problem
from joinedup.api.tests.test_cases import Cast, a_meeting, cast
from joinedup.casework import services
from joinedup.casework.models import Meeting, PlanChange, PlanChild
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
__all__ = ["cast"]
TODAY = timezone.localdate
DAY = timedelta(days=1)


class Plan:
    """Rowan’s plan with one need, one outcome and one action of Amira’s."""

    def __init__(self, cast: Cast) -> None:
        by, at = system(cast.at), cast.at
        self.cast = cast
        plan = services.open_plan(case=cast.case, family_words="Quiet mornings.", contingency="", by=by, at=at)
        self.section = PlanChild.objects.get(plan=plan)
        need = services.add_need(plan=plan, said=NeedSaid("N4", "Late for school", self.section.pk), by=by, at=at)
        self.measure = Measure.objects.get(code="ATTENDANCE")
        on = at.date()
        said = OutcomeSaid("On time", self.measure.pk, Decimal(71), on, Decimal(92), TODAY() + 60 * DAY)
        outcome = services.add_outcome(plan=plan, need_id=need.pk, said=said, by=by, at=at)
        action = ActionSaid("Walk together", TODAY() + 7 * DAY, post_id=cast.posts["amira"].pk)
        services.add_action(plan=plan, outcome_id=outcome.pk, said=action, by=by, at=at)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cast.get("amira", "/plan").json()
        return found

    @property
    def need(self) -> dict[str, Any]:
        found: dict[str, Any] = self.read()["needs"][0]
        return found

    @property
    def outcome(self) -> dict[str, Any]:
        found: dict[str, Any] = self.need["outcomes"][0]
        return found

    @property
    def action(self) -> dict[str, Any]:
        found: dict[str, Any] = self.outcome["actions"][0]
        return found


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return Plan(cast)


def test_words_are_said_better_and_nobody_is_overwritten(plan: Plan) -> None:
    cast, version = plan.cast, plan.read()["version"]
    said = {"version": version, "family_words": "Quiet mornings, all week.", "contingency": "Gran comes."}
    saved = cast.done("cara", "/plan", said, put=True)
    assert (saved["family_words"], saved["contingency"]) == ("Quiet mornings, all week.", "Gran comes.")
    stale = is_problem(cast.send("amira", "/plan", said | {"family_words": "Mine."}, put=True), 409)
    assert (stale["rule"], stale["extra"]["yours"]["family_words"]) == ("CO-1", "Mine.")
    assert stale["extra"]["theirs"]["family_words"] == "Quiet mornings, all week."
    (child,) = plan.read()["children"]
    where = f"/plan/children/{child['id']}"
    mine = cast.done("amira", where, {"version": child["version"], "words": "I want to walk."}, put=True)
    assert [each["words"] for each in mine["children"]] == ["I want to walk."]
    assert cast.refused("cara", where, {"version": child["version"], "words": "x"}, put=True) == "CO-1"
    (latest, *_) = cast.get("cara", "/plan/changes").json()
    assert (latest["by"], latest["may_be_undone"]) == ("Amira Testerly", True)


def test_a_need_changes_moves_and_ends(plan: Plan) -> None:
    cast, need = plan.cast, plan.need
    one = f"/plan/needs/{need['id']}"
    said = {"version": need["version"], "code": "N5", "words": "Nobody gets up", "child_id": None}
    moved = cast.done("amira", one, said, put=True)["needs"][0]
    assert (moved["code"], moved["words"], moved["child_id"]) == ("N5", "Nobody gets up", None)
    assert cast.refused("amira", one, said, put=True) == "CO-1"
    again = said | {"version": moved["version"], "child_id": cast.rowan.pk}
    assert cast.done("amira", one, again, put=True)["needs"][0]["child_id"] == str(cast.rowan.pk)
    assert cast.refused("amira", one, again | {"code": "N99"}, put=True) == "CW-303"
    is_problem(cast.send("amira", one, again | {"child_id": uuid4()}, put=True), 404)
    end = {"version": plan.need["version"], "code": "met", "words": "She is there every day."}
    ended = cast.done("amira", f"{one}/end", end)["needs"][0]
    assert (ended["ended_as"], ended["end_words"]) == ("met", "She is there every day.")
    assert cast.refused("amira", f"{one}/end", end) == "CW-318"


def test_an_outcome_and_an_action_are_said_better(plan: Plan) -> None:
    cast, outcome, action = plan.cast, plan.outcome, plan.action
    said = {
        "version": outcome["version"], "words": "At school by nine", "measure_id": plan.measure.pk, "baseline": 70,
        "baseline_on": cast.at.date(), "target": 95, "target_on": TODAY() + 90 * DAY,
    }  # fmt: skip
    one = f"/plan/outcomes/{outcome['id']}"
    assert cast.refused("amira", one, said | {"target": 50}, put=True) == "CW-307"
    better = cast.done("amira", one, said, put=True)["needs"][0]["outcomes"][0]
    assert (better["words"], float(better["target"]), float(better["baseline"])) == ("At school by nine", 95, 70)
    assert cast.refused("amira", one, said, put=True) == "CO-1"
    where = f"/plan/actions/{action['id']}"
    given = {
        "version": action["version"], "words": "Walk to school", "due_on": TODAY() + 14 * DAY, "person_id": cast.alex.pk,
        "evidence": "She arrives by nine.",
    }  # fmt: skip
    theirs = cast.done("amira", where, given, put=True)["needs"][0]["outcomes"][0]["actions"][0]
    assert (theirs["owner"], theirs["evidence"]) == ("Alex Testerfield", "She arrives by nine.")
    assert cast.refused("amira", where, given | {"post_id": cast.posts["amira"].pk}, put=True) == "CW-309"
    assert cast.refused("amira", where, given, put=True) == "CO-1"


def test_an_action_begins_is_done_and_stops_with_a_reason(plan: Plan) -> None:
    cast = plan.cast
    where = f"/plan/actions/{plan.action['id']}/mark"
    for who, status, words in (
        ("cara", "under_way", ""),
        ("amira", "done", "Every day."),
        ("amira", "under_way", "Again."),
    ):
        said = {"version": plan.action["version"], "status": status, "words": words}
        marked = cast.done(who, where, said)["needs"][0]["outcomes"][0]["actions"][0]
        assert (marked["status"], marked["status_words"]) == (status, words)
    cast.done("amira", where, {"version": plan.action["version"], "status": "done"})
    assert plan.action["ended_on"] == TODAY().isoformat()
    assert cast.refused("amira", where, {"version": plan.action["version"], "status": "stopped"}) == "CW-316"
    assert cast.refused("amira", where, {"version": plan.action["version"], "status": "lost"}) == "API-422"


def test_a_statutory_plan_is_linked_and_read_back(plan: Plan) -> None:
    cast = plan.cast
    link = f"/plan/children/{plan.section.pk}/statutory"
    said = {"kind": "child_in_need", "starts_on": TODAY(), "holder": "Exampleshire Council", "status": "In force"}
    assert cast.refused("amira", link, said | {"kind": "passport"}) == "CW-310"
    assert cast.refused("amira", link, said | {"ends_on": TODAY() - DAY}) == "CW-313"
    (linked,) = cast.done("amira", link, said)["children"][0]["statutory"]
    read = said | {"version": linked["version"], "status": "Reviewed"}
    where = f"/plan/statutory/{linked['id']}"
    (now,) = cast.done("cara", where, read, put=True)["children"][0]["statutory"]
    assert (now["status"], now["holder"]) == ("Reviewed", "Exampleshire Council")
    assert cast.refused("cara", where, read, put=True) == "CO-1"
    gone = cast.done("amira", "/plan/taken-out", {"kind": "statutory", "id": linked["id"]})
    assert gone["children"][0]["statutory"] == []


def test_what_was_taken_out_is_put_back(plan: Plan) -> None:
    cast, action = plan.cast, plan.action
    gone = cast.done("amira", "/plan/taken-out", {"kind": "action", "id": action["id"]})
    assert gone["needs"][0]["outcomes"][0]["actions"] == []
    assert cast.refused("amira", "/plan/taken-out", {"kind": "action", "id": action["id"]}) == "CW-314"
    assert cast.refused("amira", "/plan/taken-out", {"kind": "plan", "id": plan.read()["id"]}) == "API-422"
    is_problem(cast.send("amira", "/plan/taken-out", {"kind": "need", "id": uuid4()}), 404)
    (change, *_) = cast.get("amira", "/plan/changes").json()
    undo = f"/plan/changes/{change['id']}/undo"
    assert cast.done("cara", undo)["needs"][0]["outcomes"][0]["actions"][0]["id"] == action["id"]
    assert cast.refused("cara", undo) == "CW-317"
    is_problem(cast.send("amira", f"/plan/changes/{uuid4()}/undo"), 404)


def test_another_plan_is_not_changed_through_this_one(plan: Plan) -> None:
    """An item of a family's plan is not there under another case, and a change of it cannot be undone from there."""
    cast = plan.cast
    other = make_case(team=cast.case.team, family=make_family(at=cast.at), lead=cast.posts["amira"], at=cast.at)
    services.open_plan(case=other, family_words="Ours.", by=system(cast.at), at=cast.at)
    there = f"/api/v1/cases/{other.pk}/plan"
    need = {"version": 1, "code": "N4", "words": "Mine now", "child_id": None}
    is_problem(cast.send("amira", f"{there}/needs/{plan.need['id']}", need, put=True), 404)
    is_problem(cast.send("amira", f"{there}/taken-out", {"kind": "action", "id": plan.action["id"]}), 404)
    change = PlanChange.objects.filter(plan__case=cast.case).order_by("-pk")[0]
    is_problem(cast.send("amira", f"{there}/changes/{change.pk}/undo"), 404)
    words = {"version": 1, "words": "Mine."}
    is_problem(cast.send("amira", f"{there}/children/{plan.section.pk}", words, put=True), 404)
    assert plan.need["words"] == "Late for school"


def test_what_was_undertaken_at_a_meeting_stands_in_the_plan_once(plan: Plan) -> None:
    cast = plan.cast
    planned = cast.done("amira", "/meetings", a_meeting(cast, people=[cast.alex.pk]))
    Meeting.objects.filter(pk=planned["id"]).update(starts_at=timezone.now() - timedelta(hours=1))
    due = TODAY() + 3 * DAY
    minutes = {
        "version": planned["version"], "present": [cast.posts["amira"].pk, cast.alex.pk], "text": "We met.",
        "actions": [{"words": "Ring the school.", "due_on": due, "person_id": cast.alex.pk}],
    }  # fmt: skip
    cast.done("amira", f"/meetings/{planned['id']}/minutes", minutes, put=True)
    (action,) = cast.get("amira", "/actions").json()
    where = f"/actions/{action['id']}/plan"
    under = {"outcome_id": plan.outcome["id"]}
    is_problem(cast.send("amira", where, {"outcome_id": uuid4()}), 404)
    there = cast.done("amira", where, under)["needs"][0]["outcomes"][0]["actions"]
    assert [(each["words"], each["owner"]) for each in there if each["words"] == "Ring the school."] == [
        ("Ring the school.", "Alex Testerfield")
    ]
    assert cast.refused("amira", where, under) == "CW-561"


def test_nobody_outside_changes_it_and_the_lead_of_a_child_is_the_manager_s_to_say(plan: Plan) -> None:
    cast, need = plan.cast, plan.need
    ended = {"version": need["version"], "code": "met", "words": "x"}
    sent = (
        ("/plan", {"version": 1, "family_words": "x"}, True),
        (f"/plan/needs/{need['id']}/end", ended, False),
        ("/plan/taken-out", {"kind": "need", "id": need["id"]}, False),
        (f"/plan/children/{plan.section.pk}/lead", None, False),
        (f"/plan/actions/{plan.action['id']}/mark", {"version": 1, "status": "done"}, False),
    )  # fmt: skip
    before = AuditEvent.objects.filter(kind="write").count()
    for path, said, put in sent:
        for who in ("ben", "sanjay", "dev"):
            is_problem(cast.send(who, path, said, put=put), 404)
    is_problem(cast.get("ben", "/plan/changes"), 404)
    lead = f"/plan/children/{plan.section.pk}/lead"
    assert cast.refused("amira", lead) == "permission:casework.lead_for_child"
    assert AuditEvent.objects.filter(kind="write").count() == before
    assert cast.refused("nia", lead) == "CW-319"  # this plan leads for the child already
    PlanChild.objects.filter(pk=plan.section.pk).update(leads=False)
    assert cast.done("nia", lead, key="l-1")["children"][0]["leads"]
    assert cast.done("nia", lead, key="l-1")["children"][0]["leads"]  # sent twice, done once
