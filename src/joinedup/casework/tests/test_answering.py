"""Who answers for a case now: the table of it, and every clock of a team that nobody manages reaches somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.answering import Rung, comes_to_you, who_answers
from joinedup.casework.models import AllocationDecision, AllocationMeeting, Case, SentBack
from joinedup.casework.queries.duty import duty_holder
from joinedup.casework.tests.test_late_answers import asked
from joinedup.casework.tests.test_plan_pages import cast
from joinedup.cli.keeper import NOW_AND_THEN
from joinedup.core.models import OutboxMessage
from joinedup.information_sharing.models import Withdrawal
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, make_organisation, make_post

__all__ = ["cast"]
DAY = timedelta(days=1)
OURS, OTHERS, COUNCIL, NHS = UUID(int=1), UUID(int=2), UUID(int=11), UUID(int=12)


@dataclass(frozen=True)
class Seat:
    """A post held now, as far as the rule needs it."""

    name: str
    role: Role
    team_id: UUID | None = None
    host_id: UUID = COUNCIL


NIA = Seat("Nia", Role.TEAM_MANAGER, OURS)
SANJAY = Seat("Sanjay", Role.TEAM_MANAGER, OTHERS)
STELLA = Seat("Stella", Role.STATUTORY_OFFICER, OURS)
AWAY = Seat("Away", Role.STATUTORY_OFFICER, OTHERS)
FAR = Seat("Far", Role.STATUTORY_OFFICER, OTHERS, NHS)
DELLA = Seat("Della", Role.DESIGNATED_OFFICER)
DORA = Seat("Dora", Role.DIRECTOR)
NOLAN = Seat("Nolan", Role.DIRECTOR, None, NHS)
ADA = Seat("Ada", Role.SYSTEM_ADMINISTRATOR)
IRIS = Seat("Iris", Role.INFORMATION_GOVERNANCE)
ROWS: list[tuple[list[Seat], bool, Rung | None, str]] = [
    ([], False, None, ""),
    ([IRIS], False, None, ""),
    ([ADA], False, Rung.KEEPER, "Ada"),
    ([ADA, NOLAN], False, Rung.DIRECTOR, "Nolan"),
    ([ADA, NOLAN, DORA], False, Rung.DIRECTOR, "Dora"),
    ([NOLAN, DORA, FAR], False, Rung.OFFICER, "Far"),
    ([NOLAN, DORA, FAR, DELLA], False, Rung.OFFICER, "Della"),
    ([DELLA, AWAY, DORA], False, Rung.OFFICER, "Away Della"),
    ([SANJAY, DORA], False, Rung.DIRECTOR, "Dora"),
    ([SANJAY, AWAY, DORA, STELLA], False, Rung.TEAM, "Stella"),
    ([STELLA, NIA, AWAY, DORA], False, Rung.TEAM, "Nia Stella"),
    ([NIA, STELLA, AWAY, DORA], True, Rung.TEAM, "Stella Nia"),
    ([NIA, AWAY, DORA], True, Rung.TEAM, "Nia"),
    ([NIA, SANJAY, DELLA, DORA, ADA], False, Rung.TEAM, "Nia"),
]


@pytest.mark.parametrize(("posts", "statutory", "rung", "names"), ROWS)
def test_who_answers_is_one_table(posts: list[Seat], statutory: bool, rung: Rung | None, names: str) -> None:
    found, who = who_answers(posts, OURS, COUNCIL, statutory=statutory)
    assert (found, " ".join(each.name for each in who)) == (rung, names)
    assert bool(comes_to_you(found, "North")) == (rung not in {None, Rung.TEAM})


# --- Every clock, of a team that nobody manages.


def _review(cast: dict[str, Any], case: Case) -> Any:
    return case.review_due_on and AT + (case.review_due_on - AT.date()) + DAY


def _step(cast: dict[str, Any], case: Case) -> Any:
    return asked(cast).answer_by + DAY


def _withdrawal(cast: dict[str, Any], case: Case) -> Any:
    Withdrawal.objects.create(
        subject_kind="casework.case", subject_id=str(case.pk), person=case.people.get(part="child").person,
        given_by="Ash", withdrew_sharing=True, withdrew_help=False, words="Enough.", capacity="themselves",
        evidence="in_person", recorded_at=AT, due_at=AT + DAY,
    )  # fmt: skip
    return AT + 2 * DAY


def _sent_back(cast: dict[str, Any], case: Case) -> Any:
    meeting = AllocationMeeting.objects.create(reference="M-TEST-2222", team=case.team, begun_at=AT)
    decision = AllocationDecision.objects.create(
        meeting=meeting,
        case=case,
        decision="back",
        waited_for="A lead",
        waited_since=AT,
        reason="Not ours.",
        decided_at=AT,
    )
    SentBack.objects.create(
        case=case,
        team=case.team,
        decision=decision,
        state="waiting",
        reason="Not ours.",
        sent_at=AT,
        answer_by=AT + DAY,
    )
    return AT + 2 * DAY


CLOCKS: dict[str, tuple[Callable[..., Any], Callable[..., int]]] = {
    "review": (_review, services.chase_case_reviews),
    "step": (_step, services.chase_late_answers),
    "withdrawal": (_withdrawal, services.chase_late_answers),
    "sent back": (_sent_back, services.chase_sent_back),
}
ELSEWHERE = {"chase_qualified_leads", "chase_family_messages"}  # test_social_work, family_page/tests/test_services


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLOCKS)
def test_every_clock_of_a_team_without_a_manager_reaches_somebody(cast: dict[str, Any], name: str) -> None:
    start, chase = CLOCKS[name]
    case = Case.objects.get(pk=cast["case"].pk)
    late = start(cast, case)
    Post.objects.filter(pk__in=[cast["posts"][each].pk for each in ("nia", "stella", "sanjay", "amira")]).update(
        ends_at=AT
    )
    _, director = make_post(role=Role.DIRECTOR, host=case.team.host, name="Dora Testdirector")
    make_post(role=Role.DIRECTOR, host=make_organisation(code="NHS"), name="Nolan Mockdirector")
    OutboxMessage.objects.all().delete()
    assert chase(at=late) == 1
    told = set(OutboxMessage.objects.values_list("to", flat=True))
    assert director.account.email in told
    assert not any("nolan" in each for each in told)
    holder = duty_holder(
        system(late), Case.objects.select_related("team", "lead_professional__account").get(pk=case.pk)
    )
    assert (holder.kind, holder.name, holder.stands_in_as) == ("director", "Dora Testdirector", "director")


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLOCKS)
def test_what_reached_nobody_is_told_as_soon_as_there_is_somebody(cast: dict[str, Any], name: str) -> None:
    start, chase = CLOCKS[name]
    case = Case.objects.get(pk=cast["case"].pk)
    late = start(cast, case)
    Post.objects.all().update(ends_at=AT)
    OutboxMessage.objects.all().delete()
    assert [chase(at=late), chase(at=late)] == [0, 0]
    assert not OutboxMessage.objects.exists()
    assert queries.who_answers_for(system(late), case.team_id) == []
    _, keeper = make_post(role=Role.SYSTEM_ADMINISTRATOR, host=case.team.host, name="Ada Testkeeper")
    assert [chase(at=late), chase(at=late)] == [1, 0]
    (message,) = OutboxMessage.objects.all()
    assert message.to == keeper.account.email
    assert name != "review" or "so this comes to you" in message.body


def test_no_clock_is_left_out() -> None:
    kept = {
        each.rsplit(":", 1)[1]
        for each in NOW_AND_THEN
        if each.startswith(("joinedup.casework", "joinedup.family_page"))
    }
    chases = {each for each in kept if each.startswith("chase_")}
    assert chases == {chase.__name__ for _, chase in CLOCKS.values()} | ELSEWHERE
