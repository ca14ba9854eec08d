"""What the first page of a case says is due: what waits for an answer, what has a day, and who may do it there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joinedup.casework import queries, services
from joinedup.casework.models import Plan, PlanOutcome, Step
from joinedup.casework.planning import ActionSaid
from joinedup.casework.queries.due_next import DueNext
from joinedup.casework.tests.test_plan_pages import _make_plan, cast
from joinedup.casework.tests.test_views import words
from joinedup.information_sharing.models import Withdrawal
from joinedup.organisations.tests.factories import AT, actor_of
from joinedup.workforce.tests.factories import make_training

pytestmark = pytest.mark.django_db
__all__ = ["cast"]
TODAY = AT.date()
DAY = timedelta(days=1)


def due(cast: dict[str, Any], who: str = "amira") -> list[DueNext]:
    viewer = actor_of(cast["posts"][who].account)
    return list(queries.case(viewer, cast["case"].pk, purpose="test").due.first)


def said(cast: dict[str, Any], who: str = "amira") -> list[tuple[str, str, bool, str]]:
    return [(each.words, each.who, each.is_overdue, each.page) for each in due(cast, who)]


def test_actions_of_the_plan_tasks_and_the_review(cast: dict[str, Any]) -> None:
    _make_plan(cast)
    amira, case = actor_of(cast["posts"]["amira"].account), cast["case"]
    late = ActionSaid(words="Ring the school", due_on=TODAY, post_id=cast["posts"]["amira"].pk)
    services.add_action(plan=Plan.objects.get(), outcome_id=PlanOutcome.objects.get().pk, said=late, by=amira, at=AT)
    services.set_task(
        case=case, words="Post the form", owner_id=cast["posts"]["amira"].pk, due_on=TODAY + DAY, by=amira, at=AT
    )
    assert said(cast) == [
        ("Ring the school", "Amira Testerly", False, "case_plan_action_mark"),
        ("Post the form", "Amira Testerly", False, "case_task_done"),
        ("Last day for the next review, and no meeting is planned", "", False, "case_reviews"),
        ("Walk together", "Amira Testerly", False, "case_plan_action_mark"),
    ]
    week = queries.this_week(amira)
    assert [(each.kind, each.words, each.child, each.is_overdue) for each in week.items] == [
        ("plan", "Ring the school", "Rowan Testerfield", False)
    ]
    assert (queries.count_due(amira, 0).n, queries.count_due(actor_of(cast["posts"]["ben"].account), 0).n) == (1, 0)
    assert "Ring the school" in words(cast["by"]["amira"].open("this_week"))
    page = cast["by"]["amira"].open("case", case_id=case.pk)
    assert "19 November 2026 : Post the form (Amira Testerly) Say it is done" in words(page)


def test_what_waits_for_somebody_stands_first_and_says_whose_move_it_is(cast: dict[str, Any]) -> None:
    case = cast["case"]
    amira, stella = actor_of(cast["posts"]["amira"].account), actor_of(cast["posts"]["stella"].account)
    make_training(cast["posts"]["ben"].account)
    services.propose_handover(case=case, post=cast["posts"]["ben"], reason="They know her.", by=amira, at=AT)
    (offered, *_) = due(cast)
    assert (
        offered.words == "Ben Testerson was asked on 18 November 2026 to be the lead professional and has not answered."
    )
    assert (offered.on, offered.page) == (None, "case_team")
    statutory = cast["teams"]["statutory"]
    step = services.ask_step(case=case, to_level=4, to_team=statutory, reason="Bruises.", by=amira, at=AT)
    (waits,) = [each for each in due(cast) if each.page == "step"]
    assert waits.words == f"{statutory.name} is to answer about the step up to level 4"
    assert waits.on is not None
    assert not waits.is_overdue
    services.refuse_step(step=step, reason="Not enough.", by=stella, at=AT)
    assert due(cast)[1].words == f"{statutory.name} refused the step up to level 4: ask again, or withdraw it."
    services.ask_step_again(step=Step.objects.get(), reason="Look again.", by=amira, at=AT)
    services.refuse_step(step=Step.objects.get(), reason="Still not.", by=stella, at=AT)
    (disagree,) = [each for each in due(cast) if each.page == "step"]
    assert disagree.words == "The teams disagree about the step up to level 4"
    assert disagree.who
    services.withdraw_step(step=Step.objects.get(), reason="It got better.", by=amira, at=AT)
    assert [each for each in due(cast) if each.page == "step"] == []


def test_a_withdrawal_waits_for_the_manager(cast: dict[str, Any]) -> None:
    case = cast["case"]
    child = case.people.get(part="child").person
    Withdrawal.objects.create(
        subject_kind="casework.case", subject_id=str(case.pk), person=child, given_by="Ash", withdrew_sharing=True,
        withdrew_help=False, words="Enough.", capacity="themselves", evidence="in_person", recorded_at=AT - 3 * DAY,
        due_at=AT - 2 * DAY,
    )  # fmt: skip
    sentence = "The family withdrew agreement about Rowan Testerfield: a manager decides what follows"
    assert (sentence, "", True, "case_agreement") in said(cast)
    assert (sentence, "", True, "case_withdrawal_decide") in said(cast, "nia")
    assert "Decide" in words(cast["by"]["nia"].open("case", case_id=case.pk))


def test_ten_are_shown_and_where_the_rest_is(cast: dict[str, Any]) -> None:
    amira, case = actor_of(cast["posts"]["amira"].account), cast["case"]
    for n in range(14):
        owner = cast["posts"]["amira"].pk
        services.set_task(case=case, words=f"Task {n}", owner_id=owner, due_on=TODAY + n * DAY, by=amira, at=AT)
    found = queries.case(amira, case.pk, purpose="test").due
    assert ([each.words for each in found.first], found.has_more) == ([f"Task {n}" for n in range(10)], True)
    assert "And more, later" in words(cast["by"]["amira"].open("case", case_id=case.pk))
