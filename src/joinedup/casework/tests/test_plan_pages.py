"""Pages of the plan, of reviews, steps and closing: the whole way through, two editors, and who finds nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.casework.models import (
    Case,
    Intervention,
    Plan,
    PlanAction,
    PlanChange,
    PlanNeed,
    PlanOutcome,
    Review,
    Step,
)
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.casework.tests.test_views import Visitor, words
from joinedup.directory.services import assure_entry
from joinedup.directory.tests.factories import make_entry, make_provider
from joinedup.organisations.tests.factories import AT, make_post, make_team
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
TODAY = {"day": str(AT.day), "month": str(AT.month), "year": str(AT.year)}


def on(name: str, *, months: int = 0) -> dict[str, str]:
    """A date as its three boxes."""
    return {
        f"{name}-day": TODAY["day"],
        f"{name}-month": TODAY["month"],
        f"{name}-year": str(AT.year + (1 if months else 0)),
    }


@pytest.fixture
def cast() -> dict[str, Any]:
    north, south, statutory = make_team(name="North team"), make_team(name="South team"), make_team(kind="statutory")
    held = {
        "nia": make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth"),
        "amira": make_post(team=north, name="Amira Testerly", phone="01632 960 101"),
        "ben": make_post(team=south, name="Ben Testerson"),
        "sanjay": make_post(role=Role.TEAM_MANAGER, team=south, name="Sanjay Testsouth"),
        "stella": make_post(
            role=Role.STATUTORY_OFFICER, team=statutory, name="Stella Testwick", is_registered_social_worker=True
        ),
    }
    family = make_family((make_person(given_name="Rowan"), "child"), (make_person(given_name="Ash"), "parent"))
    case = make_case(team=north, family=family, lead=held["amira"][1], level=3)
    return {
        "case": Case.objects.get(pk=case.pk), "posts": {name: post for name, (_, post) in held.items()},
        "teams": {"north": north, "south": south, "statutory": statutory},
        "by": {name: Visitor(account) for name, (account, _) in held.items()},
    }  # fmt: skip


def _sent(answer: Any) -> None:
    assert answer.status_code == 302, words(answer)


def _make_plan(cast: dict[str, Any]) -> None:
    amira, case = cast["by"]["amira"], cast["case"].pk
    empty = amira.open("case_plan", case_id=case)
    assert "There is no plan yet" in words(empty)
    _sent(amira.send("case_plan_start", {"family_words": "Quiet mornings."}, case_id=case))
    need = {"section": "family", "code": "N4", "words": "Late for school most days"}
    _sent(amira.send("case_plan_need_add", need, case_id=case))
    outcome = {
        "words": "At school on time", "measure": str(Measure.objects.get(code="ATTENDANCE").pk), "value": "71",
        "target": "92", **on("on"), **on("target_on", months=1),
    }  # fmt: skip
    _sent(amira.send("case_plan_outcome_add", outcome, case_id=case, need_id=PlanNeed.objects.get().pk))
    action = {"words": "Walk together", "owner": f"post:{cast['posts']['amira'].pk}", **on("due_on", months=1)}
    _sent(amira.send("case_plan_action_add", action, case_id=case, outcome_id=PlanOutcome.objects.get().pk))


def _review(cast: dict[str, Any], decision: dict[str, str]) -> None:
    amira, case = cast["by"]["amira"], cast["case"].pk
    section = Plan.objects.get().sections.get().pk
    said = {f"how-{section}": "said", f"words-{section}": "I like Mondays.", **on("held_on")}
    _sent(amira.send("case_review_begin", said | {"came": [f"post:{cast['posts']['amira'].pk}"]}, case_id=case))
    review = Review.objects.get(state="begun")
    early = amira.send(
        "case_review_decide", {"version": "1", "reason": "x", **decision}, case_id=case, review_id=review.pk
    )
    assert "At school on time" in words(early)
    progress = {"value": "80", "words": "Four days of five."}
    _sent(amira.send("case_review_outcome", progress, case_id=case, outcome_id=PlanOutcome.objects.get().pk))
    answer = {"version": "1", "reason": "It goes well.", **decision}
    _sent(amira.send("case_review_decide", answer, case_id=case, review_id=review.pk))


def test_from_plan_to_review_and_close(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    amira, nia, case = cast["by"]["amira"], cast["by"]["nia"], cast["case"].pk
    page = words(amira.open("case_plan", case_id=case))
    for text in ("Quiet mornings.", "Late for school most days", "71 on 18 November 2026", "Walk together", "Undo"):
        assert text in page, text
    _review(cast, {"decision": "close"})
    assert "I like Mondays." in words(amira.open("case_reviews", case_id=case))
    assert "Better" in words(amira.open("case_plan", case_id=case))
    assert "To close" in words(nia.open("case_duties"))
    closing = nia.open("case_close", case_id=case)
    assert "Walk together" in words(closing)
    version = re.search(r'name="version" value="(\d+)"', closing.content.decode())
    assert version
    said = {"version": version[1], "code": "RC7", "reason": "They do it themselves."}
    assert nia.send("case_close", said, case_id=case).status_code == 200  # what became of the need is asked
    _sent(nia.send("case_close", said | {f"end-{PlanNeed.objects.get().pk}": "met"}, case_id=case))
    assert Plan.objects.get().state == "closed"
    assert PlanAction.objects.get().status == "stopped"
    shown = words(nia.open("case_reviews", case_id=case))
    assert "RC7" in shown
    assert "To be asked on 18 May 2027" in shown
    _sent(nia.send("case_check", {"result": "lasted", "words": "Mum says so."}, case_id=case))
    assert "The change has lasted. Mum says so." in words(nia.open("case_reviews", case_id=case))
    for form in ("page", "pdf", "docx"):
        assert nia.open("case_plan_printed", case_id=case, form=form).status_code == 200
    _a_review_on_paper(nia, case)


def _a_review_on_paper(nia: Visitor, case: Any) -> None:
    """What was looked at that day, and what was decided; another's case has no paper."""
    review = Review.objects.get().pk
    said = words(nia.open("case_review_printed", case_id=case, review_id=review, form="page"))
    for each in ("I like Mondays.", "How far each outcome has come", "First review", "What was decided, and why"):
        assert each in said, each
    assert nia.open("case_review_printed", case_id=case, review_id=review, form="pdf").content.startswith(b"%PDF")
    assert nia.open("case_review_printed", case_id=case, review_id=review, form="docx").content.startswith(b"PK")
    assert nia.open("case_review_printed", case_id=case, review_id=review, form="csv").status_code == 404
    assert nia.open("case_review_printed", case_id=case, review_id=case, form="pdf").status_code == 404


def test_two_editors_on_the_page(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    amira, nia, case, need = cast["by"]["amira"], cast["by"]["nia"], cast["case"].pk, PlanNeed.objects.get().pk
    first = {"version": "1", "section": "family", "code": "N4", "words": "Amira’s words"}
    _sent(amira.send("case_plan_need", first, case_id=case, need_id=need))
    late = nia.send("case_plan_need", first | {"words": "Nia’s words", "code": "N5"}, case_id=case, need_id=need)
    assert late.status_code == 409
    both = words(late)
    assert "Amira’s words" in both
    assert "Nia’s words" in late.content.decode()
    assert "Amira Testerly" in both
    assert "Family in acute stress" in both
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', late.content.decode()))
    chosen = hidden | {"words": "Both together", "choice-words": "yours", "theirs-words": "Amira’s words"}
    _sent(nia.send("case_plan_need", chosen, case_id=case, need_id=need))
    row = PlanNeed.objects.get()
    assert (row.words, row.code, row.version) == ("Both together", "N5", 3)


def test_take_out_and_undo(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    amira, case = cast["by"]["amira"], cast["case"].pk
    _sent(amira.send("case_plan_remove", {}, case_id=case, kind="action", item_id=PlanAction.objects.get().pk))
    assert "No action yet" in words(amira.open("case_plan", case_id=case))
    newest = PlanChange.objects.order_by("-at", "-pk")[0]
    _sent(amira.send("case_plan_undo", {}, case_id=case, change_id=newest.pk))
    assert "No action yet" not in words(amira.open("case_plan", case_id=case))


def test_a_step_up_and_back_down_keeps_the_plan(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    amira, stella, sanjay, case = (*(cast["by"][who] for who in ("amira", "stella", "sanjay")), cast["case"].pk)
    up = {"level": "4", "team": str(cast["teams"]["statutory"].pk), "reason": "Bruises nobody explains."}
    _sent(amira.send("case_step", up, case_id=case))
    step = Step.objects.get()
    assert stella.open("case", case_id=case).status_code == 404
    assert "Bruises nobody explains." in words(stella.open("step", step_id=step.pk))
    assert sanjay.open("step", step_id=step.pk).status_code == 404
    assert "Late for school" not in words(stella.open("step", step_id=step.pk))
    _sent(stella.send("step_answer", {"answer": "accept", "lead": str(cast["posts"]["stella"].pk)}, step_id=step.pk))
    row = Case.objects.get(pk=case)
    assert (row.level, row.team_id, row.lead_professional_id) == (4, step.to_team_id, cast["posts"]["stella"].pk)
    assert "Quiet mornings." in words(stella.open("case_plan", case_id=case))
    assert "Quiet mornings." in words(amira.open("case_plan", case_id=case))  # she stays in the team around the child
    down = {"level": "2", "team": str(cast["teams"]["south"].pk), "reason": "Safe now."}
    _sent(stella.send("case_step", down, case_id=case))
    step = Step.objects.exclude(pk=step.pk).get()
    for refusal in ("We are full.", "Still full."):
        _sent(sanjay.send("step_answer", {"answer": "refuse", "reason": refusal}, step_id=step.pk))
        if refusal == "We are full.":
            _sent(stella.send("step_again", {"reason": "Look again."}, step_id=step.pk))
    assert "The managers of the two teams" in words(sanjay.open("step", step_id=step.pk))
    settled = {"outcome": "moves", "lead": str(cast["posts"]["ben"].pk), "words": "Both managers agreed."}
    _sent(sanjay.send("step_settle", settled, step_id=step.pk))
    row.refresh_from_db()
    assert (row.level, row.team_id, row.lead_professional_id) == (2, step.to_team_id, cast["posts"]["ben"].pk)
    assert Plan.objects.get().case_id == case


def test_a_manager_steps_up_for_danger_and_is_told_so_though_the_family_is_theirs_no_more(cast: dict[str, Any]) -> None:
    nia, case = cast["by"]["nia"], cast["case"].pk
    up = {"level": "4", "team": str(cast["teams"]["statutory"].pk), "reason": "Bruises.", "is_immediate": "on"}
    sent = nia.send("case_step", up, case_id=case)
    _sent(sent)
    assert Case.objects.get(pk=case).team_id == cast["teams"]["statutory"].pk
    assert nia.open("case", case_id=case).status_code == 404
    stella, down = cast["by"]["stella"], {"level": "3", "team": str(cast["teams"]["north"].pk), "reason": "Safe now."}
    assert "danger now" not in words(stella.open("case_step", case_id=case))  # nothing is above level 4
    _sent(stella.send("case_step", down, case_id=case))
    assert sent.headers["Location"] == reverse("case_duties")
    assert nia.open("case_duties").status_code == 200


def test_a_disagreement_goes_up_to_somebody_by_name_who_settles_it(cast: dict[str, Any]) -> None:
    nia, stella, case = cast["by"]["nia"], cast["by"]["stella"], cast["case"].pk
    director, post = make_post(role=Role.DIRECTOR, name="Dora Testdirector")
    make_post(role=Role.DIRECTOR, name="Nolan Mockdirector")
    up = {"level": "4", "team": str(cast["teams"]["statutory"].pk), "reason": "Bruises."}
    _sent(nia.send("case_step", up, case_id=case))
    step = Step.objects.get().pk
    for who, page, said in (
        (stella, "step_answer", {"answer": "refuse", "reason": "Not enough."}), (nia, "step_again", {"reason": "Look again."}),
        (stella, "step_answer", {"answer": "refuse", "reason": "Still not."}),
    ):  # fmt: skip
        _sent(who.send(page, said, step_id=step))
    assert "1. The managers of the two teams Nia Testnorth" in words(nia.open("step", step_id=step))
    dora = Visitor(director)
    assert dora.open("step", step_id=step).status_code == 404
    unsaid = nia.send("step_settle", {"outcome": "onwards", "words": "Neither of us."}, step_id=step)
    assert "Select who settles the next step" in words(unsaid)
    _sent(nia.send("step_settle", {"outcome": "onwards", "words": "Neither.", "holder": str(post.pk)}, step_id=step))
    assert "2. The heads of the two services Dora Testdirector" in words(dora.open("step", step_id=step))
    assert "disagree" in words(dora.open("case_duties"))
    settled = dora.send("step_settle", {"outcome": "stays", "words": "They stay with North."}, step_id=step)
    assert settled.headers["Location"] == reverse("case_duties")
    assert dora.open("step", step_id=step).status_code == 404  # what they were asked is answered
    assert "They stay with North." in words(nia.open("step", step_id=step))


def test_services_of_the_directory_and_those_used_before_are_offered_and_none_that_only_another_family_has(
    cast: dict[str, Any],
) -> None:
    _make_plan(cast)
    assure_entry(entry=make_entry(name="Play on prescription"), how="Rang them", by=system(AT), at=AT)
    make_entry(make_provider("Placeholder Sports"), name="Nobody made sure of it")
    endless = make_entry(make_provider("Placeholder Words"), name="Endless name " * 14)
    assure_entry(entry=endless, how="Rang them", by=system(AT), at=AT)
    case, outcome = cast["case"].pk, PlanOutcome.objects.get().pk
    others = [make_case(team=cast["teams"]["south"], family=make_family((make_person(), "child"))) for _ in range(3)]
    given = {"words": "Visits", "delivered_by": "They", "starts_on": AT.date(), "recorded_at": AT}
    for each in others:
        Intervention.objects.create(case=each, service="Breakfast & play", **given)
    Intervention.objects.create(case=others[0], service="Help for Rowan’s cousin", **given)
    Intervention.objects.create(case=cast["case"], service="Our own club", **given)
    for page, parts in (("case_plan_action_add", {"outcome_id": outcome}), ("case_intervention_new", {})):
        shown = cast["by"]["amira"].open(page, case_id=case, **parts).content.decode()
        assert '<option value="Breakfast &amp; play">' in shown, page
        assert '<option value="Our own club">' in shown, page
        assert '<option value="Play on prescription">' in shown, page
        assert "Nobody made sure" not in shown, page
        assert "Endless" not in shown, page
        assert "cousin" not in shown, page
        assert 'list="id_service-used"' in shown, page


def test_nothing_there_for_outsiders(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    case = cast["case"].pk
    for who in ("ben", "sanjay", "stella"):
        for page in ("case_plan", "case_plan_start", "case_plan_words", "case_plan_way", "case_reviews", "case_review_begin",
                     "case_step", "case_close", "case_check", "case_plan_need_add"):  # fmt: skip
            assert cast["by"][who].open(page, case_id=case).status_code == 404, (who, page)
        assert (
            cast["by"][who]
            .send("case_plan_remove", {}, case_id=case, kind="need", item_id=PlanNeed.objects.get().pk)
            .status_code
            == 404
        )
