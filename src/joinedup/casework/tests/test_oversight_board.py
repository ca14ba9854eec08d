"""The board: each number is as long as the list behind it; and what a meeting undertook goes into the plan once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework import queries, services
from joinedup.casework.meeting import Purpose
from joinedup.casework.models import Case, MeetingAction, Plan, PlanAction, ReReferral, Review
from joinedup.casework.planning import NeedSaid, OutcomeSaid
from joinedup.casework.services.undertaken import put_action_in_plan
from joinedup.casework.tests.assessed import Work, agree, make_work
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.partnership import forget
from joinedup.information_sharing.models import Withdrawal
from joinedup.organisations.tests.factories import AT, actor_of
from joinedup.outcomes.queries import measures

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


@pytest.fixture
def work() -> Work:
    return make_work()


def manager(work: Work, days: int = 0) -> Actor:
    return actor_of(work.accounts["manager"], AT + days * DAY)


def numbers(viewer: Actor) -> dict[str, int]:
    (team,) = queries.board(viewer)
    return {each.name: each.n for each in team.counts}


def listed(viewer: Actor, name: str) -> int:
    (team,) = queries.board(viewer)
    chosen = queries.list_chosen(viewer, name, str(team.team_id))
    assert chosen is not None
    return len(queries.cases(viewer, narrow=chosen.narrow).rows)


def test_each_number_is_as_long_as_its_list(work: Work) -> None:
    north = work.case.team
    make_case(team=north, at=AT - 10 * DAY)  # nobody leads
    old = make_case(team=north, lead=work.posts["amira"], at=AT - 400 * DAY)  # drifts, overdue, no plan
    back = make_case(team=north, lead=work.posts["noor"], at=AT - DAY)
    ReReferral.objects.create(case=back, earlier=old, months=3)
    make_case(team=work.posts["ben"].team, at=AT - 400 * DAY)  # another team's
    agree(work)
    Withdrawal.objects.create(
        subject_kind="casework.case", subject_id=str(work.case.pk), person=work.child, withdrew_help=True,
        withdrew_sharing=False, words="We manage.", due_at=AT + DAY, recorded_at=AT,
    )  # fmt: skip
    viewer = manager(work)
    found = numbers(viewer)
    assert found == {
        "overdue": 1, "soon": 0, "no-lead": 1, "drift": 1, "siblings": 0, "no-plan": 1, "came-back": 1, "withdrawn": 1,
        "social-worker": 0,
    }  # fmt: skip
    for name, n in found.items():
        assert listed(viewer, name) == n, name
    (team,) = queries.board(viewer)
    assert (team.open_cases, team.supervisions_overdue, team.effectiveness) == (4, 1, None)
    led = queries.list_chosen(viewer, "", "", str(work.posts["amira"].pk))
    assert led is not None
    assert len(queries.cases(viewer, narrow=led.narrow).rows) == next(
        each.leads for each in team.caseloads if each.name == "Amira Testerly"
    )
    assert queries.due_in_teams(viewer).withdrawn == queries.DueCount(1, 0)
    assert queries.due_in_teams(manager(work, 2)).withdrawn == queries.DueCount(1, 1)
    assert queries.due_in_teams(work.actor("ben")).withdrawn == queries.DueCount(0, 0)


def plan_of(work: Work) -> Plan:
    by = work.actor("amira")
    plan = services.open_plan(case=work.case, family_words="Calm mornings.", by=by, at=AT)
    need = services.add_need(plan=plan, said=NeedSaid("N4", "Mornings are hard"), by=by, at=AT)
    measure = measures(by)[0]
    said = OutcomeSaid(
        "She is on time", measure.id, Decimal(4), AT.date(), Decimal(8) if measure.direction == "up" else Decimal(1),
        AT.date() + 60 * DAY,
    )  # fmt: skip
    services.add_outcome(plan=plan, need_id=need.pk, said=said, by=by, at=AT)
    return plan


def test_three_reviews_of_the_plan_without_change_are_drift(work: Work) -> None:
    plan = plan_of(work)
    for number, decision in enumerate(("continue", "step_up", "continue", "continue", "continue")):
        at = AT + number * DAY
        Review.objects.create(
            plan=plan, state="decided", held_on=at.date(), begun_at=at, decision=decision, reason="x", decided_at=at,
            next_review_on=at.date() + 30 * DAY,
        )  # fmt: skip
        assert numbers(manager(work, 10))["drift"] == (1 if number == 4 else 0), number


def test_what_a_meeting_undertook_goes_into_the_plan_once(work: Work) -> None:
    plan, by = plan_of(work), work.actor("amira")
    coming = services.WhenAndWhere(AT + timedelta(hours=1), 60, "The centre")
    meeting = services.plan_meeting(
        case=work.case, purpose=Purpose.OTHER, when=coming, posts=[work.posts["amira"], work.posts["noor"]],
        people=[], by=by, at=AT,
    )  # fmt: skip
    later = AT + timedelta(hours=3)
    minutes = services.Minutes(
        present={work.posts["amira"].pk}, text="Talked.",
        actions=[services.Undertaking("Ring the breakfast club", AT.date() + DAY, post_id=work.posts["noor"].pk)],
    )  # fmt: skip
    services.write_minutes(
        meeting=meeting, minutes=minutes, version=meeting.version, by=work.actor("amira", later), at=later
    )
    action = MeetingAction.objects.get()
    outcome = plan.needs.get().outcomes.get()
    with pytest.raises(NotPermitted):
        put_action_in_plan(plan=plan, action=action, outcome_id=outcome.pk, by=work.actor("ben"), at=later)
    put_action_in_plan(plan=plan, action=action, outcome_id=outcome.pk, by=by, at=later)
    made = PlanAction.objects.get()
    assert (made.words, made.post_id, made.due_on) == (
        "Ring the breakfast club",
        work.posts["noor"].pk,
        AT.date() + DAY,
    )
    assert (action.state, action.plan_action_id) == ("planned", made.pk)
    # It is followed in one list: once, as the plan's.
    assert [each.kind for each in queries.this_week(work.actor("noor", later)).items] == ["plan"]
    with refused("CW-561"):
        put_action_in_plan(plan=plan, action=action, outcome_id=outcome.pk, by=by, at=later)
    assert PlanAction.objects.count() == 1
    other = make_case(team=work.case.team, lead=work.posts["amira"])
    MeetingAction.objects.filter(pk=action.pk).update(case=other, state="open", ended_at=None)
    action.refresh_from_db()
    with refused("CW-562"):
        put_action_in_plan(plan=plan, action=action, outcome_id=outcome.pk, by=by, at=later)


def test_as_many_statements_however_many_cases(work: Work) -> None:
    def statements() -> int:
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as asked:
            queries.board(manager(work))
        return len(asked)

    few = statements()
    for _ in range(4):
        make_case(team=work.case.team, lead=work.posts["noor"], at=AT - 3 * DAY)
    assert statements() == few <= 17


def test_the_pages_of_the_list_say_what_they_count(work: Work, client: Client) -> None:
    client.force_login(work.accounts["manager"], backend="allauth.account.auth_backends.AuthenticationBackend")
    make_case(team=work.case.team, at=timezone.now() - 10 * DAY)
    page = client.get(f"/cases/?list=no-lead&team={work.case.team_id}").content.decode()
    assert "Without a lead professional" in page
    assert Case.objects.filter(lead_professional=None).get().reference in page
    assert client.get("/cases/?list=no-lead&team=nobody").status_code == 200
