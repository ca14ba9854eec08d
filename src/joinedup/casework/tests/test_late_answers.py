"""Clocks that somebody is told of: a step, a stage of a disagreement, a withdrawal and a check after closing, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.models import Case, Disagreement, LateAnswerChased, Step, StepAnswer, SustainedCheck
from joinedup.casework.queries.late_answers import LateAnswer, late_answers
from joinedup.casework.tests.test_plan_pages import cast
from joinedup.cli.keeper import NOW_AND_THEN
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.information_sharing.models import Withdrawal
from joinedup.information_sharing.permissions import DECIDE_WITHDRAWAL
from joinedup.organisations.tests.factories import AT, actor_of, make_post

pytestmark = pytest.mark.django_db
__all__ = ["cast"]
DAY = timedelta(days=1)


def who(cast: dict[str, Any], *names: str) -> set[str]:
    return {cast["posts"][name].account.email for name in names}


def told(words: str) -> list[OutboxMessage]:
    found = list(OutboxMessage.objects.filter(subject__contains=words))
    assert all("Rowan" not in each.body + each.subject and "Ash" not in each.body for each in found)
    return found


def chased(*moments: Any) -> list[int]:
    return [services.chase_late_answers(at=at) for at in moments]


def asked(cast: dict[str, Any]) -> Step:
    by, case = actor_of(cast["posts"]["amira"].account), Case.objects.get(pk=cast["case"].pk)
    statutory = cast["teams"]["statutory"]
    return services.ask_step(case=case, to_level=4, to_team=statutory, reason="Bruises.", by=by, at=AT)


def test_a_step_without_an_answer_is_told_of_once_and_once_more_when_it_was_asked_again(cast: dict[str, Any]) -> None:
    step = asked(cast)
    late = step.answer_by + timedelta(minutes=1)
    assert chased(AT, step.answer_by, late, late + DAY) == [0, 0, 1, 0]
    messages = told(f"No answer yet: {cast['case'].reference}")
    assert {each.to for each in messages} == who(cast, "stella", "nia", "amira")
    assert len(messages) == 3
    assert "North team keeps the duty" in messages[0].body
    assert AuditEvent.objects.filter(action="casework.chase_late_answer").exists()
    step.refresh_from_db()
    services.refuse_step(step=step, reason="Not enough.", by=actor_of(cast["posts"]["stella"].account, late), at=late)
    assert chased(late + 30 * DAY) == [0]  # it is the sender's move, and that has no clock
    amira = actor_of(cast["posts"]["amira"].account, late)
    again = services.ask_step_again(step=Step.objects.get(), reason="Look again.", by=amira, at=late)
    assert chased(late, again.answer_by + DAY, again.answer_by + 2 * DAY) == [0, 1, 0]


def test_both_teams_are_told_that_they_disagree_and_when_it_is_not_settled_in_time(cast: dict[str, Any]) -> None:
    step, stella = asked(cast), actor_of(cast["posts"]["stella"].account)
    services.refuse_step(step=step, reason="Not enough.", by=stella, at=AT)
    amira = actor_of(cast["posts"]["amira"].account)
    services.ask_step_again(step=Step.objects.get(), reason="Look again.", by=amira, at=AT)
    assert told("disagreement about") == []
    services.refuse_step(step=Step.objects.get(), reason="Still not.", by=stella, at=AT)
    opened = told(f"disagreement about {cast['case'].reference}")
    assert {each.to for each in opened} == who(cast, "stella", "nia")
    stage = Disagreement.objects.get()
    assert all(stage.who in each.body for each in opened)
    assert stage.holder == cast["posts"]["nia"]  # the manager of the team that keeps the duty, whom the message names
    assert all("by Nia Testnorth" in each.body for each in opened)
    late = stage.due_at + timedelta(minutes=1)
    assert chased(stage.due_at, late, late) == [0, 1, 0]
    assert {each.to for each in told("Disagreement not settled")} == who(cast, "stella", "nia")
    nia = actor_of(cast["posts"]["nia"].account, late)
    facts: dict[str, Any] = {"outcome": "onwards", "words": "Higher.", "by": nia, "at": late}
    director, post = make_post(role=Role.DIRECTOR, name="Dora Testdirector")
    services.settle_disagreement(step=Step.objects.get(), number=1, **facts)
    assert len(told("disagreement about")) == 5  # the next stage: the same two, and the only director, who settles it
    second = Disagreement.objects.get(number=2)
    assert second.holder == post
    seen = queries.step_seen(actor_of(director, late), step.pk, purpose="test")
    assert (seen.sees_case, "settle" in seen.may) == (False, True)
    assert queries.count_steps(actor_of(director, late)) == (1, 0)
    after = second.due_at + timedelta(minutes=1)
    assert chased(after) == [1]
    assert director.email in {each.to for each in told("Disagreement not settled")}
    _others_are_named(cast, second, director, nia)
    services.withdraw_step(step=Step.objects.get(), reason="It got better.", by=nia, at=late)
    assert chased(second.due_at + DAY) == [0]


def _others_are_named(cast: dict[str, Any], second: Disagreement, director: Any, nia: Any) -> None:
    """Only of those whom the step is for, with a reason; whoever is named no longer sees it no more."""
    other, nolan = make_post(role=Role.DIRECTOR, name="Nolan Mockdirector")
    said: dict[str, Any] = {"number": 2, "reason": "Dora is away.", "by": nia, "at": nia.at}
    for wrong, rule in ((cast["posts"]["sanjay"], "CW-349"), (cast["posts"]["nia"], "CW-349")):
        with pytest.raises(Refused) as refusal:
            services.name_holder(step=Step.objects.get(), holder=wrong, **said)
        assert refusal.value.rule == rule
    services.name_holder(step=Step.objects.get(), holder=nolan, **said)
    assert StepAnswer.objects.filter(words="Nolan Mockdirector settles it. Dora is away.").exists()
    assert (
        queries.step_seen(actor_of(other, nia.at), second.step_id, purpose="test").stages[1].holder.startswith("Nolan")
    )
    with pytest.raises(NotVisible):
        queries.step_seen(actor_of(director, nia.at), second.step_id, purpose="test")


def test_a_withdrawal_is_told_of_until_it_is_decided_and_not_of_a_closed_case(cast: dict[str, Any]) -> None:
    case = Case.objects.get(pk=cast["case"].pk)
    row = Withdrawal.objects.create(
        subject_kind="casework.case", subject_id=str(case.pk), person=case.people.get(part="child").person,
        given_by="Ash", withdrew_sharing=True, withdrew_help=False, words="Enough.", capacity="themselves",
        evidence="in_person", recorded_at=AT, due_at=AT + DAY,
    )  # fmt: skip
    assert chased(AT + DAY, AT + 2 * DAY, AT + 3 * DAY) == [0, 1, 0]
    (message,) = told("Overdue decision")
    assert {message.to} == who(cast, "nia")
    assert "Enough" not in message.body
    LateAnswerChased.objects.all().delete()
    # Of a statutory team it is whoever manages statutory work.
    Case.objects.filter(pk=case.pk).update(team=cast["teams"]["statutory"])
    assert chased(AT + 2 * DAY) == [1]
    assert {each.to for each in told("Overdue decision")} == who(cast, "nia", "stella")
    assert can(actor_of(cast["posts"]["stella"].account, AT + 2 * DAY), DECIDE_WITHDRAWAL, row)
    Case.objects.filter(pk=case.pk).update(team=case.team)
    LateAnswerChased.objects.all().delete()
    Withdrawal.objects.filter(pk=row.pk).update(decided_at=AT, decision="continue")
    assert chased(AT + 2 * DAY) == [0]
    Withdrawal.objects.filter(pk=row.pk).update(decided_at=None, decision="")
    nia = actor_of(cast["posts"]["nia"].account)
    services.close_case(case=case, code="RC7", reason="Moved.", version=case.version, by=nia, at=AT)
    assert chased(AT + 2 * DAY) == [0]


def test_it_is_time_to_ask_whether_the_change_has_lasted(cast: dict[str, Any]) -> None:
    case, nia = Case.objects.get(pk=cast["case"].pk), actor_of(cast["posts"]["nia"].account)
    services.open_plan(case=case, family_words="", by=actor_of(cast["posts"]["amira"].account), at=AT)
    case.refresh_from_db()
    services.close_case(case=case, code="RC7", reason="Done.", version=case.version, by=nia, at=AT)
    check = SustainedCheck.objects.get()
    due = AT + (check.due_on - AT.date())
    assert chased(due - DAY, due, due + DAY) == [0, 1, 0]
    messages = told(f"Has the change lasted? {case.reference}")
    assert {each.to for each in messages} == who(cast, "nia", "amira")
    services.check_change(closure=check.closure, result="lasted", words="It has.", by=nia, at=AT)
    LateAnswerChased.objects.all().delete()
    assert chased(due + DAY) == [0]


def test_nobody_is_told_twice_by_two_keepers_nor_of_another_case_and_only_the_program_tells(
    cast: dict[str, Any],
) -> None:
    step = asked(cast)
    late = step.answer_by + DAY
    by, case = system(late), Case.objects.get(pk=step.case_id)
    (found,) = late_answers(by, "step")
    facts: dict[str, Any] = {"case": case, "by": by, "at": late}
    assert services.chase_late_answer(late=found, **facts)
    assert not services.chase_late_answer(late=found, **facts)  # another keeper read it before
    elsewhere = LateAnswer("step", step.pk, cast["posts"]["nia"].pk, step.answer_by)
    assert not services.chase_late_answer(late=elsewhere, **facts)
    assert LateAnswerChased.objects.count() == 1
    nia = actor_of(cast["posts"]["nia"].account, late)
    with pytest.raises(NotPermitted):
        services.chase_late_answer(case=case, late=found, by=nia, at=late)
    with pytest.raises(NotPermitted):
        late_answers(nia, "step")
    assert "joinedup.casework.services:chase_late_answers" in NOW_AND_THEN
