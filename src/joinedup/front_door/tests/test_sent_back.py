"""A team sends a new family back; the front door answers, and its referrals follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joinedup.access.models import AuditEvent
from joinedup.casework.allocating import Decided
from joinedup.casework.lifecycle import SentBackState
from joinedup.casework.models import Case, SentBack
from joinedup.casework.services.allocating import begin_allocation, decide_allocation
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, Refused
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Outcome
from joinedup.front_door.models import Allocation, Referral, ReferrerReply
from joinedup.front_door.tests.factories import Partnership, decided, make_partnership
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.organisations.tests.factories import AT, make_post

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


class Sent:
    """A referral that the North team was given and sends back."""

    def __init__(self) -> None:
        self.place: Partnership = make_partnership()
        self.referral = decided(self.place)
        self.case = services.allocate_referral(
            referral=self.referral, team=self.place.north_team, reason="", version=self.referral.version,
            by=self.place.actor("manager"), at=AT,
        )  # fmt: skip
        self.send_back(self.case)

    def send_back(self, case: Case) -> None:
        by = self.place.actor("team_manager")
        meeting = begin_allocation(team=self.place.north_team, by=by, at=AT)
        decide_allocation(meeting=meeting, case=case, said=Decided("back", "They moved to the south."), by=by, at=AT)

    def answer(self, end: SentBackState, *, who: str = "manager", **more: Any) -> SentBack:
        row = SentBack.objects.get(state=SentBackState.WAITING)
        by = self.place.actor(who, LATER)
        return services.answer_team(sent_back=row, end=end, **{"words": "We looked again.", **more}, by=by, at=LATER)

    def now(self) -> Referral:
        return Referral.objects.get(pk=self.referral.pk)


@pytest.fixture
def sent() -> Sent:
    return Sent()


def test_another_team_has_the_family_and_its_referral(sent: Sent) -> None:
    sent.answer(SentBackState.MOVED, team=sent.place.south_team)
    allocation = Allocation.objects.get()
    assert (sent.now().team, allocation.team, allocation.rule) == (
        sent.place.south_team,
        sent.place.south_team,
        "FD-99",
    )
    assert Case.objects.get().team == sent.place.south_team
    assert sent.now().state == "allocated"


def test_taken_back_it_is_decided_anew_with_a_clock_and_may_be_allocated_again(sent: Sent) -> None:
    sent.answer(SentBackState.TAKEN_BACK)
    referral = sent.now()
    assert (referral.state, referral.outcome, referral.level, referral.team, referral.case) == (
        "in_triage",
        "",
        None,
        None,
        None,
    )
    assert referral.held_by == sent.place.posts["manager"]
    assert referral.decide_by > LATER
    assert Case.objects.get().state == "closed"
    manager = sent.place.actor("manager", LATER)
    services.decide(
        referral=referral, outcome=Outcome.FAMILY_SUPPORT, level=3, reason="Several needs.", version=referral.version, by=manager,
        at=LATER,
    )  # fmt: skip
    assert ReferrerReply.objects.get().told_at is None
    again = services.allocate_referral(
        referral=sent.now(), team=sent.place.south_team, reason="They live there now.", version=sent.now().version,
        by=manager, at=LATER,
    )  # fmt: skip
    assert (again.team, Case.objects.count(), Allocation.objects.get().case) == (sent.place.south_team, 2, again)
    assert not hasattr(again, "re_referral")


def test_a_case_without_a_referral_is_not_taken_back(sent: Sent) -> None:
    sent.answer(SentBackState.STAYS)
    other = make_case(team=sent.place.north_team)
    by = sent.place.actor("team_manager")
    meeting = sent.case.sent_back.get().decision.meeting
    decide_allocation(meeting=meeting, case=other, said=Decided("back", "Not ours."), by=by, at=AT)
    with pytest.raises(Refused) as refusal:
        sent.answer(SentBackState.TAKEN_BACK)
    assert refusal.value.rule == "FD-98"
    row = queries.sent_back_row(sent.place.actor("manager"), SentBack.objects.get(case=other).pk)
    assert (row.referrals, row.child) == ((), other.reference)


def test_who_answers(sent: Sent) -> None:
    for who in ("worker", "social_worker", "team_manager", "key_worker"):
        with pytest.raises(NotPermitted):
            sent.answer(SentBackState.STAYS, who=who)


def test_the_pages(sent: Sent) -> None:
    row = SentBack.objects.get()
    manager = Visitor(sent.place.accounts["manager"])
    listed = words(manager.open("sent_back"))
    assert "Rowan Testerfield" in listed
    assert "They moved to the south." in listed
    assert AuditEvent.objects.filter(subject_kind="casework.sentback", subject_id="list").exists()
    page = words(manager.open("sent_back_one", sent_back_id=row.pk))
    assert "Team manager Testerly" in page  # who holds the duty
    assert "South team: 0 open cases of at most 10" in page
    wrong = manager.send("sent_back_one", {"end": "moved", "words": "South."}, sent_back_id=row.pk)
    assert "Choose the team" in words(wrong)
    told = {"end": "moved", "team": str(sent.place.south_team.pk), "words": "They live in the south."}
    assert manager.send("sent_back_one", told, sent_back_id=row.pk).status_code == 302
    assert "Given to another team: South team" in words(manager.open("sent_back_one", sent_back_id=row.pk))
    assert manager.send("sent_back_one", told, sent_back_id=row.pk).status_code == 403
    worker = Visitor(sent.place.accounts["worker"])
    assert worker.open("sent_back").status_code == 403
    assert worker.open("sent_back_one", sent_back_id=row.pk).status_code == 404


def test_the_list_takes_as_many_statements_however_long_it_is(sent: Sent) -> None:
    manager = Visitor(sent.place.accounts["manager"])
    manager.open("sent_back")
    meeting = sent.case.sent_back.get().decision.meeting
    make_post(name="Somebody Testerly")
    for _ in range(5):
        case = make_case(team=sent.place.north_team)
        by = sent.place.actor("team_manager")
        decide_allocation(meeting=meeting, case=case, said=Decided("back", "Not ours."), by=by, at=AT)
    assert manager.open("sent_back").status_code == 200  # at most twenty-five
