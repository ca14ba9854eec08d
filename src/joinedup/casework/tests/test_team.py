"""Who may lead, handing over, leavers, deputies, and the family at the table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.access.services import close_account
from joinedup.casework import queries, services
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import Case, CaseMember, CaseTransition, ReviewChased
from joinedup.casework.queries.duty import duty_holder
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.organisations.models import Post, Team
from joinedup.organisations.services import end_post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.models import StaffTie
from joinedup.workforce.tests.factories import make_training

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def held(case: Case, at: datetime) -> tuple[str, str]:
    """Who holds the duty, and as what."""
    fresh = Case.objects.select_related("lead_professional__account", "team").get(pk=case.pk)
    found = duty_holder(system(at), fresh)
    return found.kind, found.name


@pytest.fixture
def team() -> Team:
    return make_team(code="NORTH", phone="01632 960 300")


def teacher_of(team: Team, **facts: object) -> tuple[object, Post]:
    school = make_organisation(code="SCHOOL", name="Testerfield School", kind="school")
    return make_post(role=Role.REFERRER, host=school, employer=school, name="Cara", **facts)  # type: ignore[arg-type]


def test_a_trained_teacher_leads_from_a_school(team: Team) -> None:
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    cara, post = teacher_of(team)
    case, by = make_case(team=team), actor_of(manager)
    with refused("CW-3"):
        services.name_lead_professional(case=case, post=post, reason="", by=by, at=AT)
    make_training(cara)  # type: ignore[arg-type]
    services.name_lead_professional(case=case, post=post, reason="", by=by, at=AT)
    assert held(case, AT) == ("lead", "Cara")
    seen = queries.case(actor_of(cara), case.pk, purpose="test")  # type: ignore[arg-type]
    assert seen.lead_professional == "Cara"
    assert {"add_member", "plan_meeting", "propose_handover"} <= seen.may


def test_statutory_work_is_led_by_a_social_worker(team: Team) -> None:
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    _, plain = make_post(team=team)
    _, qualified = make_post(team=team, is_registered_social_worker=True)
    case, by = make_case(team=team, level=4), actor_of(manager)
    with refused("CW-202"):
        services.name_lead_professional(case=case, post=plain, reason="", by=by, at=AT)
    assert [each.post_id for each in queries.choices_to_lead(by, queries.case_frame(by, case.pk, purpose="test"))] == [
        qualified.pk
    ]
    services.name_lead_professional(case=case, post=qualified, reason="", by=by, at=AT)
    assert held(case, AT)[0] == "lead"


def test_nobody_leads_a_case_about_their_own_family(team: Team) -> None:
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    account, post = make_post(team=team)
    child = make_person()
    case, by = make_case(team=team, family=make_family((child, "child"))), actor_of(manager)
    StaffTie.objects.create(account=account, person=child, kind="relative", declared_at=AT)
    with refused("CW-205"):
        services.name_lead_professional(case=case, post=post, reason="", by=by, at=AT)


def test_the_duty_stays_until_it_is_accepted(team: Team) -> None:
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    amira, lead = make_post(team=team, name="Amira")
    ben, second = make_post(team=team, name="Ben")
    case = make_case(team=team, lead=lead)
    with pytest.raises(NotPermitted):
        services.propose_handover(case=case, post=second, reason="I move on.", by=actor_of(ben), at=AT)
    with refused("CW-5"):
        services.propose_handover(case=case, post=second, reason=" ", by=actor_of(amira), at=AT)
    offered = services.propose_handover(case=case, post=second, reason="I move on.", by=actor_of(amira), at=AT)
    with refused("CW-203"):
        services.propose_handover(case=case, post=second, reason="Again.", by=actor_of(manager), at=AT)
    assert held(case, AT) == ("lead", "Amira")
    # The receiver reads ages and the reason, and no name, until they accept.
    assert [each.pk for each in queries.offers_to(actor_of(ben))] == [offered.pk]
    seen = queries.offer(actor_of(ben), offered.pk)
    assert (seen.reason, seen.from_name, seen.leads_now) == ("I move on.", "Amira", 0)
    assert "Rowan" not in repr([getattr(seen, name) for name in seen.__dataclass_fields__ if name != "row"])
    with pytest.raises(NotVisible):
        queries.case(actor_of(ben), case.pk, purpose="test")
    with pytest.raises(NotVisible):
        queries.offer(actor_of(amira), offered.pk)
    with pytest.raises(NotPermitted):
        services.accept_handover(handover=offered, by=actor_of(amira), at=AT)
    message = OutboxMessage.objects.get(to=ben.email)
    assert "Rowan" not in message.subject + message.body

    with refused("CW-206"):
        services.decline_handover(handover=offered, answer="", by=actor_of(ben), at=AT)
    services.decline_handover(handover=offered, answer="I have too many.", by=actor_of(ben), at=AT + HOUR)
    assert held(case, AT + HOUR) == ("lead", "Amira")
    with refused("CW-204"):
        services.accept_handover(handover=offered, by=actor_of(ben), at=AT + HOUR)

    later = AT + 2 * HOUR
    again = services.propose_handover(
        case=case, post=second, reason="I move on.", by=actor_of(manager, later), at=later
    )
    services.accept_handover(handover=again, by=actor_of(ben, later), at=later)
    assert held(case, later) == ("lead", "Ben")
    assert held(case, AT) == ("lead", "Ben")  # as it stands; the history is below
    team_seen = queries.case(actor_of(manager, later), case.pk, purpose="test").team
    assert [(each.name, each.starts_at, each.ends_at) for each in team_seen.duties] == [
        ("Amira", AT, later), ("Ben", later, None),
    ]  # fmt: skip
    # Whoever led stays as a member, so that nothing is lost between the two.
    assert {(each.name, each.part) for each in team_seen.members} == {("Amira", "member"), ("Ben", "lead")}
    assert Event.objects.filter(kind="casework.lead_handed_over", family_id=case.family_id).count() == 1


def test_an_offer_is_withdrawn_by_hand_and_by_closing(team: Team) -> None:
    amira, lead = make_post(team=team)
    _, second = make_post(team=team)
    case, by = make_case(team=team, lead=lead), actor_of(amira)
    offered = services.propose_handover(case=case, post=second, reason="Leave.", by=by, at=AT)
    services.withdraw_handover(handover=offered, by=by, at=AT)
    with refused("CW-204"):
        services.withdraw_handover(handover=offered, by=by, at=AT)
    again = services.propose_handover(case=case, post=second, reason="Leave.", by=by, at=AT)
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    services.take_duty(case=case, reason="Amira is ill.", by=actor_of(manager), at=AT)
    again.refresh_from_db()
    assert again.state == "withdrawn"


def test_the_manager_takes_the_duty_at_once(team: Team) -> None:
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    amira, lead = make_post(team=team, name="Amira")
    case = make_case(team=team, lead=lead)
    with pytest.raises(NotPermitted):
        services.take_duty(case=case, reason="Mine.", by=actor_of(amira), at=AT)
    with refused("CW-5"):
        services.take_duty(case=case, reason="", by=actor_of(manager), at=AT)
    services.take_duty(case=case, reason="Amira is ill.", by=actor_of(manager), at=AT + HOUR)
    assert held(case, AT + HOUR) == ("manager", "Nia")
    with pytest.raises(NotVisible):
        queries.case(actor_of(amira, AT + HOUR), case.pk, purpose="test")
    with refused("CW-207"):
        services.take_duty(case=case, reason="Again.", by=actor_of(manager), at=AT + HOUR)


# --- Leaving.


def test_a_post_ended_now_passes_the_duty_in_the_same_transaction(team: Team) -> None:
    administrator, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    _, lead = make_post(team=team, name="Amira")
    case = make_case(team=team, lead=lead)
    ending = AT + HOUR
    by = actor_of(administrator, ending)
    try:
        with transaction.atomic():
            end_post(post=lead, ends_at=ending, reason="Left.", version=lead.version, by=by, at=ending)
            case.refresh_from_db()
            assert case.state == CaseState.WAITING_FOR_LEAD  # before the transaction of the ending is over
            raise RuntimeError("rolled back")
    except RuntimeError:
        pass
    case.refresh_from_db()
    assert (case.state, case.lead_professional_id) == (CaseState.OPEN, lead.pk)
    lead.refresh_from_db()
    end_post(post=lead, ends_at=ending, reason="Left.", version=lead.version, by=by, at=ending)
    case.refresh_from_db()
    assert (case.state, case.lead_professional_id) == (CaseState.WAITING_FOR_LEAD, None)
    assert held(case, ending) == ("manager", "Nia")
    assert CaseMember.objects.get(case=case, part="lead").left_at == ending
    assert OutboxMessage.objects.filter(to=nia.email, subject=f"You hold the duty for {case.reference}").count() == 1
    assert AuditEvent.objects.filter(action="casework.pass_duty_to_manager", subject_id=str(case.pk)).exists()


def test_a_suspended_account_passes_the_duty_in_the_same_transaction(team: Team) -> None:
    administrator, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    amira, lead = make_post(team=team, name="Amira")
    case = make_case(team=team, lead=lead)
    close_account(account=amira, reason="Suspended.", by=actor_of(administrator, AT + HOUR), at=AT + HOUR)
    case.refresh_from_db()
    assert (case.state, case.lead_professional_id) == (CaseState.WAITING_FOR_LEAD, None)
    assert held(case, AT + HOUR) == ("manager", "Nia")


def test_a_secondment_that_ends_by_the_clock_needs_no_write(team: Team) -> None:
    """Nothing is written at the minute it ends, and the duty is the manager's from that minute. The keeper writes it down."""
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    trust = make_organisation(code="NHS", name="Testford Trust", kind="nhs")
    ends = AT + HOUR
    amira, lead = make_post(team=team, name="Amira", employer=trust, ends_at=ends)
    case = make_case(team=team, lead=lead)
    minute = timedelta(minutes=1)
    assert held(case, ends - minute) == ("lead", "Amira")
    assert held(case, ends) == ("manager", "Nia")
    assert not Case.objects.visible_to(actor_of(amira, ends)).exists()
    frame = queries.case_frame(actor_of(nia, ends), case.pk, purpose="test")
    assert (frame.lead_professional, frame.duty.name, frame.state) == ("", "Nia", "open")
    assert {each.name for each in queries.case(actor_of(nia, ends), case.pk, purpose="test").team.members} == set()
    assert Case.objects.led_at(ends - minute).count() == 1
    assert not Case.objects.led_at(ends).exists()

    assert services.write_down_leavers(at=ends - minute) == 0
    found = ends + timedelta(minutes=7)
    assert services.write_down_leavers(at=found) == 1
    assert services.write_down_leavers(at=found) == 0
    case.refresh_from_db()
    assert (case.state, case.lead_professional_id) == (CaseState.WAITING_FOR_LEAD, None)
    # It says when it was, not when it was written.
    assert CaseMember.objects.get(case=case, part="lead").left_at == ends
    assert CaseTransition.objects.filter(case=case, end="waiting_for_lead").latest("pk").at == ends
    assert OutboxMessage.objects.filter(to=nia.email, subject=f"You hold the duty for {case.reference}").count() == 1


@pytest.mark.parametrize("how", ["the account is closed", "the post ends by the clock"])
def test_an_offer_lapses_when_whoever_was_asked_leaves(team: Team, how: str) -> None:
    """Otherwise nobody could answer it, and it would stand in the way of the next one."""
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia")
    administrator, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR)
    amira, lead = make_post(team=team, name="Amira")
    ben, second = make_post(team=team, name="Ben", ends_at=AT + HOUR if "clock" in how else None)
    _, third = make_post(team=team, name="Cara")
    case, by = make_case(team=team, lead=lead), actor_of(amira)
    offered = services.propose_handover(case=case, post=second, reason="Leave.", by=by, at=AT)
    if "clock" in how:
        services.write_down_leavers(at=AT + HOUR)
        services.write_down_leavers(at=AT + 2 * HOUR)
    else:
        close_account(account=ben, reason="Suspended.", by=actor_of(administrator, AT + HOUR), at=AT + HOUR)
    offered.refresh_from_db()
    assert offered.state == "withdrawn"
    assert "Ben" in offered.answer
    assert held(case, AT + HOUR) == ("lead", "Amira")
    told = OutboxMessage.objects.filter(to=nia.email, subject=f"Nobody answered your offer for {case.reference}")
    assert told.count() == 1
    then = AT + 2 * HOUR
    services.propose_handover(case=case, post=third, reason="Leave.", by=actor_of(amira, then), at=then)


def test_somebody_new_is_named_before_the_keeper_has_written_it_down(team: Team) -> None:
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    _, lead = make_post(team=team, ends_at=AT + HOUR)
    _, second = make_post(team=team, name="Ben")
    case, then = make_case(team=team, lead=lead), AT + 2 * HOUR
    services.name_lead_professional(case=case, post=second, reason="", by=actor_of(nia, then), at=then)
    places = CaseMember.objects.filter(case=case, part="lead").order_by("joined_at").values_list("joined_at", "left_at")
    assert list(places) == [(AT, AT + HOUR), (then, None)]
    assert services.write_down_leavers(at=then) == 0
    duties = queries.case(actor_of(nia, then), case.pk, purpose="test").team.duties
    assert [(each.is_manager, each.starts_at, each.ends_at) for each in duties] == [
        (False, AT, AT + HOUR), (True, AT + HOUR, then), (False, then, None),
    ]  # fmt: skip


def test_where_nobody_manages_the_team_its_telephone_is_the_holder(team: Team) -> None:
    case = make_case(team=team)
    assert held(case, AT) == ("team", team.name)
    make_post(role=Role.TEAM_MANAGER, team=make_team(code="SOUTH"), name="Other manager")
    assert held(case, AT) == ("team", team.name)


def test_a_member_whose_post_ends_is_written_out_and_is_no_deputy(team: Team) -> None:
    amira, lead = make_post(team=team)
    _, place = make_post(team=team, ends_at=AT + HOUR)
    case, by = make_case(team=team, lead=lead), actor_of(amira)
    with refused("CW-208"):
        services.name_deputy(case=case, post=place, by=by, at=AT)
    services.add_member(case=case, post=place, by=by, at=AT)
    with refused("CW-208"):
        services.name_deputy(case=case, post=lead, by=by, at=AT)
    services.name_deputy(case=case, post=place, by=by, at=AT)
    assert queries.case_frame(by, case.pk, purpose="test").deputy == place.account.name
    later = actor_of(amira, AT + HOUR)
    assert queries.case_frame(later, case.pk, purpose="test").deputy == ""
    services.write_down_leavers(at=AT + HOUR)
    case.refresh_from_db()
    assert case.deputy is None
    assert case.lead_professional_id == lead.pk


def test_the_database_holds_one_lead(team: Team) -> None:
    """Not only now: nobody leads while somebody else did, whatever is written."""
    _, lead = make_post(team=team)
    _, second = make_post(team=team)
    case = make_case(team=team, lead=lead)
    day = timedelta(days=1)

    def write(joined: datetime, left: datetime | None) -> None:
        with transaction.atomic():
            CaseMember.objects.create(case=case, post=second, part="lead", joined_at=joined, left_at=left)

    with pytest.raises(IntegrityError):
        write(AT + day, None)
    with pytest.raises(IntegrityError, match="one_lead_at_a_time"):
        write(AT - day, AT + day)
    with pytest.raises(IntegrityError, match="joined_before_left"):
        write(AT, AT - day)
    write(AT - day, AT)  # up to the moment the other begins
    other = make_case(team=team)
    CaseMember.objects.create(case=other, post=second, part="lead", joined_at=AT)
    with pytest.raises(IntegrityError, match="case_open_is_led"), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(state="open")
    with pytest.raises(IntegrityError, match="case_waiting_is_not_led"), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(lead_professional=second)
    with pytest.raises(IntegrityError, match="case_open_has_a_next_review"), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(review_due_on=None)


# --- The family at the table.


def test_family_come_and_go_and_see_nothing(team: Team) -> None:
    amira, lead = make_post(team=team)
    child, mother, stranger = make_person(), make_person(given_name="Alex"), make_person(given_name="Sam")
    case = make_case(team=team, lead=lead, family=make_family((child, "child"), (mother, "parent")))
    by = actor_of(amira)
    with refused("CW-209"):
        services.add_family(case=case, person_id=stranger.pk, words="", by=by, at=AT)
    place = services.add_family(case=case, person_id=mother.pk, words="Mum", by=by, at=AT)
    with refused("CW-210"):
        services.add_family(case=case, person_id=mother.pk, words="", by=by, at=AT)
    seen = queries.case(by, case.pk, purpose="test").team
    assert [(each.name, each.words) for each in seen.family] == [("Alex Testerfield", "Mum")]
    assert [each.person_id for each in seen.family_not_in] == [child.pk]
    with refused("CW-10"):
        services.remove_family(place=place, reason="", by=by, at=AT)
    services.remove_family(place=place, reason="She asked to.", by=by, at=AT)
    with refused("CW-9"):
        services.remove_family(place=place, reason="Again.", by=by, at=AT)
    assert queries.case(by, case.pk, purpose="test").team.family == ()


# --- The clock.


def test_the_next_review_is_at_most_six_weeks_away(team: Team) -> None:
    amira, lead = make_post(team=team)
    case, by = make_case(team=team, lead=lead), actor_of(amira)
    assert case.review_due_on == AT.date() + timedelta(weeks=6)
    reviewed = AT.date()
    with refused("CW-227"):
        services.set_next_review(
            case=case, reviewed_on=reviewed, next_review_on=reviewed + timedelta(days=43), by=by, at=AT
        )
    services.set_next_review(
        case=case, reviewed_on=reviewed, next_review_on=reviewed + timedelta(days=10), by=by, at=AT
    )
    case.refresh_from_db()
    assert case.review_due_on == reviewed + timedelta(days=10)


def test_an_overdue_review_is_said_once(team: Team) -> None:
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=team)
    amira, lead = make_post(team=team)
    case = make_case(team=team, lead=lead)
    due = AT + timedelta(weeks=6)
    mine = OutboxMessage.objects.filter(to=nia.email, subject=f"Overdue review: {case.reference}")
    assert services.chase_case_reviews(at=due) == 0
    assert services.chase_case_reviews(at=due + timedelta(days=1)) == 1
    assert services.chase_case_reviews(at=due + timedelta(days=2)) == 0
    assert mine.count() == ReviewChased.objects.count() == 1
    assert "Rowan" not in mine.get().body
    late = due + timedelta(days=1)
    assert [row.id for row in queries.cases(actor_of(nia, late), narrow=queries.LISTS["overdue"].narrow).rows] == [
        case.pk
    ]
    week = queries.this_week(actor_of(amira, late))
    assert [(each.kind, each.is_overdue) for each in week.items] == [("review", True)]
    services.set_next_review(case=case, reviewed_on=late.date(), by=actor_of(amira, late), at=late)
    assert services.chase_case_reviews(at=late) == 0
    assert queries.this_week(actor_of(amira, late)).items == ()
