"""The allocation meeting: a list that fills itself, decisions that carry out what they say, minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.casework import queries, rules, services
from joinedup.casework.allocating import (
    Candidate,
    Decided,
    Waiting,
    Why,
    decide_by,
    decision_fault,
    put_together,
    suggestion,
)
from joinedup.casework.allocation_document import allocation_document
from joinedup.casework.lifecycle import SENT_BACK_LABELS, SENT_BACK_MOVES, SENT_BACK_OWNERS, SentBackState
from joinedup.casework.models import (
    AllocationDecision,
    AllocationMeeting,
    Case,
    LeadHandover,
    ReReferral,
    SentBack,
    Step,
    SustainedCheck,
)
from joinedup.casework.queries import allocating as reading
from joinedup.casework.services.allocating import begin_allocation, decide_allocation, end_allocation
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.core.partnership import forget, store
from joinedup.organisations.models import Post, Team
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.workforce.tests.factories import make_training

DAY = timedelta(days=1)
TODAY = AT.date()


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


# --- Rules, without a database.


def who(name: str, leads: int = 0, *, cap: int = 10, trained: bool = True, social: bool = False) -> Candidate:
    return Candidate(uuid4(), name, "Key worker", leads, cap, trained, social)


@pytest.mark.parametrize(
    ("candidates", "level", "suggested"),
    [
        ([], 3, None),
        ([who("Ash", 3), who("Bea", 2)], 3, "Bea"),
        ([who("Ash", 10), who("Bea", 12)], 3, None),
        ([who("Ash", 2, trained=False), who("Bea", 2)], 3, "Bea"),
        ([who("Ash", 1, trained=False), who("Bea", 2)], 3, "Ash"),
        ([who("Bea", 2), who("Ash", 2)], 3, "Ash"),
        ([who("Ash", 0), who("Bea", 9, social=True)], 4, "Bea"),
        ([who("Ash", 0)], 4, None),
        ([who("Ash", 4, cap=5), who("Bea", 5, cap=10)], 2, "Bea"),
    ],
)
def test_who_is_suggested(candidates: list[Candidate], level: int, suggested: str | None) -> None:
    found = suggestion(candidates, level)
    assert (found.name if found else None) == suggested


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Decided("offer", "They know them.", uuid4()), None),
        (Decided("offer", "They know them."), rules.ALLOCATION_TO_SOMEBODY),
        (Decided("hold", "Ill.", hold_until=TODAY + DAY), None),
        (Decided("hold", "Ill.", hold_until=TODAY + 28 * DAY), None),
        (Decided("hold", "Ill.", hold_until=TODAY + 29 * DAY), rules.HOLD_A_WHILE),
        (Decided("hold", "Ill.", hold_until=TODAY), rules.HOLD_A_WHILE),
        (Decided("hold", "Ill."), rules.HOLD_A_WHILE),
        (Decided("back", "Another area."), None),
        (Decided("back", "  "), rules.ALLOCATION_REASON),
        (Decided("lose", "Anything."), rules.ALLOCATION_CHOSEN),
    ],
)
def test_what_may_be_decided(said: Decided, fault: rules.Rule | None) -> None:
    assert decision_fault(said, TODAY, most_days=28) is fault


def waiting(case_id: UUID, why: Why, since: datetime, **more: object) -> Waiting:
    return Waiting(case_id, f"C-{since:%d}", "Testerfield", 3, (why,), since, decide_by(since, 5), **more)  # type: ignore[arg-type]


def test_one_row_for_a_family_and_who_waited_longest_first() -> None:
    one, other = uuid4(), uuid4()
    rows = put_together(
        [
            waiting(one, Why.LEFT, AT - DAY),
            waiting(other, Why.NEW, AT - 2 * DAY),
            waiting(one, Why.REFUSED, AT - 3 * DAY),
        ]
    )
    assert [(row.case_id, row.why, row.since) for row in rows] == [
        (one, (Why.LEFT, Why.REFUSED), AT - 3 * DAY),
        (other, (Why.NEW,), AT - 2 * DAY),
    ]


def test_its_clock_counts_working_days() -> None:
    row = waiting(uuid4(), Why.NEW, AT)  # a Wednesday
    assert row.due_at.date() == date(2026, 11, 25)
    assert not row.is_late(row.due_at)
    assert row.is_late(row.due_at + timedelta(minutes=1))
    assert row.is_to_decide(TODAY)
    assert not replace(row, offered_to="Bea").is_to_decide(TODAY)
    held = replace(row, held_until=TODAY + DAY)
    assert (held.is_to_decide(TODAY), held.is_to_decide(TODAY + DAY)) == (False, True)


# --- With a database.


class World:
    """The North team with Nia as manager, Amira and Noor as key workers, and Sanjay who manages the South team."""

    def __init__(self) -> None:
        self.north, self.south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
        self.accounts, self.posts = {}, {}
        for name, role, team in (
            ("nia", Role.TEAM_MANAGER, self.north),
            ("sanjay", Role.TEAM_MANAGER, self.south),
            ("amira", Role.KEY_WORKER, self.north),
            ("noor", Role.KEY_WORKER, self.north),
            ("ben", Role.KEY_WORKER, self.south),
            ("marlow", Role.FRONT_DOOR_MANAGER, make_team(code="FD", kind="front_door")),
        ):
            self.accounts[name], self.posts[name] = make_post(role=role, team=team, name=name.title())
        make_training(self.accounts["amira"])

    def actor(self, name: str, at: datetime = AT) -> Actor:
        return actor_of(self.accounts[name], at)

    def list(self, name: str = "nia", at: datetime = AT, team: Team | None = None) -> list[Waiting]:
        return reading.waiting_of_team(self.actor(name, at), (team or self.north).pk)

    def begin(self, at: datetime = AT) -> AllocationMeeting:
        return begin_allocation(team=self.north, by=self.actor("nia", at), at=at)

    def decide(self, meeting: AllocationMeeting, case: Case, *args: object, at: datetime = AT, **more: object):
        said = Decided(*args, **more)  # type: ignore[arg-type]
        return decide_allocation(meeting=meeting, case=case, said=said, by=self.actor("nia", at), at=at)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield World()
    forget()


def test_it_fills_itself(world: World) -> None:
    new = make_case(team=world.north, at=AT - 4 * DAY)
    left = make_case(team=world.north, lead=world.posts["noor"], at=AT - 9 * DAY)
    taken = make_case(team=world.north, lead=world.posts["amira"], at=AT - 20 * DAY)
    make_case(team=world.north, lead=world.posts["amira"], at=AT - 30 * DAY)  # nothing waits
    elsewhere = make_case(team=world.south, lead=world.posts["ben"], level=2, at=AT - 40 * DAY)
    declined = make_case(team=world.north, lead=world.posts["amira"], at=AT - 50 * DAY)
    by = world.actor("nia")
    services.take_duty(case=taken, reason="Ill", by=by, at=AT - 3 * DAY)
    offer = services.propose_handover(case=declined, post=world.posts["noor"], reason="Nearer", by=by, at=AT - 2 * DAY)
    services.decline_handover(handover=offer, answer="Full.", by=world.actor("noor"), at=AT - DAY)
    services.ask_step(
        case=elsewhere, to_level=3, to_team=world.north, reason="More needs.", by=world.actor("ben"), at=AT - 5 * DAY
    )
    Post.objects.filter(pk=world.posts["noor"].pk).update(ends_at=AT - timedelta(hours=5))
    rows = {row.case_id: row for row in world.list()}
    assert {case_id: row.why for case_id, row in rows.items()} == {
        new.pk: (Why.NEW,),
        left.pk: (Why.LEFT,),
        taken.pk: (Why.LEFT,),
        declined.pk: (Why.REFUSED,),
        elsewhere.pk: (Why.STEP,),
    }
    assert rows[new.pk].since == AT - 4 * DAY
    assert rows[left.pk].since == AT - timedelta(hours=5)
    assert rows[taken.pk].since == AT - 3 * DAY
    assert rows[declined.pk].since == AT - DAY
    assert [row.case_id for row in world.list()] == [elsewhere.pk, new.pk, taken.pk, declined.pk, left.pk]
    assert rows[elsewhere.pk].due_at == Step.objects.get().answer_by


def test_somebody_with_too_many_is_on_it_with_the_last_taken_on(world: World) -> None:
    store("casework.caseload_cap", 2, starts_on=TODAY - 100 * DAY, set_by=None, set_at=AT)
    cases = [make_case(team=world.north, lead=world.posts["amira"], at=AT - (40 - n) * DAY) for n in range(4)]
    assert [(row.case_id, row.why, row.led_by) for row in world.list()] == [
        (cases[2].pk, (Why.OVER,), "Amira"),
        (cases[3].pk, (Why.OVER,), "Amira"),
    ]
    assert {row.suggested.name for row in world.list() if row.suggested} == {"Noor"}


def test_an_offer_is_made_by_the_decision(world: World) -> None:
    case, meeting = make_case(team=world.north, at=AT - DAY), world.begin()
    made = world.decide(meeting, case, "offer", "She knows the school.", world.posts["amira"].pk)
    offer = LeadHandover.objects.get()
    assert (offer.to_post_id, offer.state, made.handover_id) == (world.posts["amira"].pk, "proposed", offer.pk)
    assert world.list()[0].offered_to == "Amira"
    with refused("CW-528"):
        world.decide(meeting, case, "hold", "Ill.", None, TODAY + DAY)
    services.accept_handover(handover=offer, by=world.actor("amira"), at=AT)
    assert world.list() == []
    assert reading.allocation_meeting(world.actor("nia"), meeting.pk).made[0].became == "They accepted"


def test_what_cannot_be_offered_decides_nothing(world: World) -> None:
    case, meeting = make_case(team=world.north, level=4), world.begin()
    with refused("CW-202"):  # no registered social worker
        world.decide(meeting, case, "offer", "She has room.", world.posts["amira"].pk)
    assert not AllocationDecision.objects.exists()
    assert not LeadHandover.objects.exists()


def test_held_until_a_day_and_then_it_is_back(world: World) -> None:
    case, meeting = make_case(team=world.north), world.begin()
    world.decide(meeting, case, "hold", "The school looks first.", None, TODAY + 5 * DAY)
    assert [row.is_to_decide(TODAY) for row in world.list()] == [False]
    page = reading.allocation_page(world.actor("nia"), world.north.pk)
    assert ([row.waiting.case_id for row in page.held], page.to_decide) == ([case.pk], ())
    later = reading.allocation_page(world.actor("nia", AT + 5 * DAY), world.north.pk)
    assert [row.waiting.case_id for row in later.to_decide] == [case.pk]


def test_back_to_the_front_door(world: World) -> None:
    """The front door is asked, with a clock; until it answers the duty stays with the manager, and nothing else is decided."""
    case, meeting = make_case(team=world.north), world.begin()
    world.decide(meeting, case, "back", "They live in the South.")
    row = SentBack.objects.get()
    assert (row.state, row.team, row.reason) == (SentBackState.WAITING, world.north, "They live in the South.")
    assert row.answer_by == decide_by(AT, 1)  # a working day, by the setting
    assert (
        OutboxMessage.objects.filter(
            to=world.accounts["marlow"].email, subject__startswith="Sent back by a team"
        ).count()
        == 1
    )
    page = reading.allocation_page(world.actor("nia"), world.north.pk)
    assert ([each.waiting.case_id for each in page.back], page.to_decide, page.held) == ([case.pk], (), ())
    assert page.back[0].waiting.asked_front_door == row.answer_by
    seen = queries.sent_back_of(world.actor("marlow"), row.pk)
    assert seen.duty is not None
    assert (seen.duty.kind, seen.duty.name, seen.is_late) == ("manager", "Nia", False)
    end_allocation(meeting=meeting, present="Nia", words="", version=meeting.version, by=world.actor("nia"), at=AT)
    with refused("CW-529"):
        world.decide(world.begin(), case, "offer", "After all.", world.posts["amira"].pk)


def answered(world: World, end: SentBackState, *, at: datetime = AT, **more: object) -> SentBack:
    row = SentBack.objects.get(state=SentBackState.WAITING)
    said = {"words": "Looked again.", **more}
    return services.settle_sent_back(sent_back=row, end=end, by=world.actor("marlow", at), at=at, **said)


def test_it_stays_and_is_not_sent_back_again(world: World) -> None:
    case, meeting = make_case(team=world.north), world.begin()
    world.decide(meeting, case, "back", "They live in the South.")
    answered(world, SentBackState.STAYS, at=AT + timedelta(hours=2))
    waits = world.list(at=AT + DAY)[0]
    assert (waits.front_door_said, waits.may_go_back, waits.is_to_decide(TODAY + DAY)) == ("Looked again.", False, True)
    nia = world.accounts["nia"].email
    assert OutboxMessage.objects.filter(to=nia, subject__startswith="The front door has answered").count() == 1
    seen = reading.allocation_meeting(world.actor("nia"), meeting.pk).made[0]
    assert seen.became == "Stays with the team. Looked again."
    end_allocation(meeting=meeting, present="Nia", words="", version=meeting.version, by=world.actor("nia"), at=AT)
    with refused("CW-530"):
        world.decide(world.begin(AT + DAY), case, "back", "Still not ours.", at=AT + DAY)


def test_another_team_has_it_and_its_manager_the_duty(world: World) -> None:
    case = make_case(team=world.north, at=AT - DAY)
    world.decide(world.begin(), case, "back", "They live in the South.")
    for wrong in (world.north, make_team(code="FD2", kind="front_door")):
        with refused("CW-533"):
            answered(world, SentBackState.MOVED, team=wrong)
    with refused("CW-532"):
        answered(world, SentBackState.MOVED, team=world.south, words="  ")
    answered(world, SentBackState.MOVED, team=world.south)
    case.refresh_from_db()
    assert (case.team, case.state, world.list()) == (world.south, "waiting_for_lead", [])
    assert [row.why for row in world.list("sanjay", team=world.south)] == [(Why.NEW,)]
    frame = queries.case_frame(world.actor("sanjay"), case.pk, purpose="test")
    assert (frame.duty.kind, frame.duty.name) == ("manager", "Sanjay")
    with pytest.raises(NotVisible):
        queries.case_frame(world.actor("nia"), case.pk, purpose="test")
    row = SentBack.objects.get()
    with refused("CW-531"):
        services.settle_sent_back(
            sent_back=row, end=SentBackState.STAYS, words="No.", by=world.actor("marlow"), at=AT + DAY
        )
    # The team that has it now may send it back too.
    meeting = begin_allocation(team=world.south, by=world.actor("sanjay"), at=AT)
    decide_allocation(meeting=meeting, case=case, said=Decided("back", "Nor here."), by=world.actor("sanjay"), at=AT)
    assert SentBack.objects.filter(state=SentBackState.WAITING).get().team == world.south


def test_taken_back_ends_the_case_and_is_no_coming_back(world: World) -> None:
    case = make_case(team=world.north)
    world.decide(world.begin(), case, "back", "One agency is enough.")
    answered(world, SentBackState.TAKEN_BACK)
    case.refresh_from_db()
    assert (case.state, case.closure.code) == ("closed", "RC7")
    assert not SustainedCheck.objects.exists()
    again = make_case(team=world.south, family=case.family, at=AT + DAY)
    assert not ReReferral.objects.filter(case=again).exists()
    assert queries.closed_before(world.actor("marlow", AT + DAY), case.people.values_list("person_id", flat=True)) == []


def test_whoever_begins_to_lead_settles_it(world: World) -> None:
    case = make_case(team=world.north)
    world.decide(world.begin(), case, "back", "They live in the South.")
    services.name_lead_professional(
        case=case, post=world.posts["amira"], reason="After all.", by=world.actor("nia"), at=AT
    )
    row = SentBack.objects.get()
    assert (row.state, row.answered_at) == (SentBackState.WITHDRAWN, AT)
    assert queries.count_sent_back(world.actor("marlow")) == (0, 0)


def test_only_a_family_that_nobody_leads_goes_back(world: World) -> None:
    case = make_case(team=world.north, lead=world.posts["noor"], at=AT - 9 * DAY)
    Post.objects.filter(pk=world.posts["noor"].pk).update(ends_at=AT - timedelta(hours=5))
    world.decide(world.begin(), case, "back", "It stays with Nia.")
    assert not SentBack.objects.exists()


def test_a_late_answer_is_told_once(world: World) -> None:
    case = make_case(team=world.north)
    world.decide(world.begin(), case, "back", "They live in the South.")
    due = SentBack.objects.get().answer_by
    assert services.chase_sent_back(at=due) == 0
    assert services.chase_sent_back(at=due + timedelta(minutes=1)) == 1
    assert services.chase_sent_back(at=due + DAY) == 0
    told = set(OutboxMessage.objects.filter(subject__startswith="No answer yet").values_list("to", flat=True))
    assert told == {world.accounts["marlow"].email, world.accounts["nia"].email}
    assert queries.count_sent_back(world.actor("marlow", due + DAY)) == (1, 1)


def test_only_the_front_doors_manager_answers(world: World) -> None:
    case = make_case(team=world.north)
    world.decide(world.begin(), case, "back", "They live in the South.")
    row = SentBack.objects.get()
    for name in ("nia", "sanjay", "amira"):
        by = world.actor(name)
        with pytest.raises(NotPermitted):
            services.settle_sent_back(sent_back=row, end=SentBackState.STAYS, words="No.", by=by, at=AT)
        with pytest.raises(NotPermitted):
            queries.sent_back_to_answer(by)
    assert set(SENT_BACK_MOVES) == set(SENT_BACK_LABELS) == set(SENT_BACK_OWNERS) == set(SentBackState)
    assert [state for state in SentBackState if SENT_BACK_MOVES[state]] == [SentBackState.WAITING]


@pytest.mark.parametrize(
    ("decision", "state", "team"), [("offer", "accepted", "NT"), ("back", "refused", "ST"), ("hold", "waiting", "ST")]
)
def test_another_teams_step_is_answered(world: World, decision: str, state: str, team: str) -> None:
    case = make_case(team=world.south, lead=world.posts["ben"], level=2, at=AT - DAY)
    step = services.ask_step(
        case=case, to_level=3, to_team=world.north, reason="More.", by=world.actor("ben"), at=AT - DAY
    )
    meeting = world.begin()
    found, _ = reading.waiting_to_decide(
        world.actor("nia"), reading.allocation_meeting(world.actor("nia"), meeting.pk), case.pk
    )
    more = {"offer": {"post_id": world.posts["amira"].pk}, "hold": {"hold_until": TODAY + DAY}}.get(decision, {})
    world.decide(meeting, found, decision, "Because.", **more)
    step.refresh_from_db()
    case.refresh_from_db()
    assert (step.state, case.team.code) == (state, team)


def test_who_may(world: World) -> None:
    case, meeting = make_case(team=world.north), world.begin()
    for name in ("sanjay", "amira", "ben", "marlow"):
        by = world.actor(name)
        with pytest.raises(NotPermitted):
            begin_allocation(team=world.north, by=by, at=AT)
        with pytest.raises(NotPermitted):
            decide_allocation(meeting=meeting, case=case, said=Decided("back", "No."), by=by, at=AT)
        with pytest.raises(NotVisible):
            reading.allocation_page(by, world.north.pk)
        with pytest.raises(NotVisible):
            reading.allocation_meeting(by, meeting.pk)
    with refused("CW-525"):
        world.begin()
    other = make_case(team=world.south)
    with refused("CW-527"):
        world.decide(meeting, other, "back", "No.")


def test_the_minutes(world: World) -> None:
    case, other, meeting = make_case(team=world.north), make_case(team=world.north), world.begin()
    world.decide(meeting, case, "offer", "She has room.", world.posts["amira"].pk)
    by = world.actor("nia")
    end_allocation(
        meeting=meeting, present="Nia, Amira", words="Next week again.", version=meeting.version, by=by, at=AT
    )
    seen = reading.allocation_meeting(by, meeting.pk)
    assert (seen.waiting, seen.present) == (1, "Nia, Amira")
    with refused("CW-526"):
        world.decide(meeting, other, "back", "No.")
    document = allocation_document(seen, printed_by="Nia", printed_at=AT)
    assert document.as_pdf().startswith(b"%PDF")
    assert "Lead offered to Amira" in str(document.blocks)
    assert "Testerfield" not in str(document.blocks)


def test_as_many_statements_however_long_it_is(world: World) -> None:
    def statements() -> int:
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as asked:
            reading.allocation_page(world.actor("nia"), world.north.pk)
        return len(asked)

    for _ in range(2):
        make_case(team=world.north)
    few = statements()
    for _ in range(6):
        make_case(team=world.north)
    make_case(team=world.north, lead=world.posts["amira"])
    assert statements() == few
