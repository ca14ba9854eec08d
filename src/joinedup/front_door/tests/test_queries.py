from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.models import AuditEvent
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotVisible
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Channel, Outcome, Rating
from joinedup.front_door.queries import WorklistFilters
from joinedup.front_door.queries.worklist import LISTS
from joinedup.front_door.tests.factories import (
    CHILD,
    Partnership,
    ask,
    child_called,
    decide,
    decided,
    identify_all,
    make_partnership,
    places_of,
    receive,
    search_all,
    send,
    set_duty,
    triage,
    with_family,
)
from joinedup.organisations.tests.factories import AT
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=2)
BORN = replace(CHILD, birth_date=date(2016, 5, 4))


def statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return statements_of(captured)


def listed(place: Partnership, name: str, who: str = "worker", at=AT, **filters: str) -> list[str]:
    page = queries.worklist(place.actor(who, at), WorklistFilters(name, **filters))
    return [row.reference for row in page.rows]


# --- Worklists.


def test_what_is_on_each_list() -> None:
    place = make_partnership()
    new = receive(place)
    mine = triage(place, people=(child_called("Ada"),))
    colleagues = triage(place, who="colleague", people=(child_called("Ben"),))
    red = receive(place, people=(child_called("Cy"),), is_immediate_danger=True)
    waiting = with_family(place, people=(child_called("Dee"),))
    services.propose_decision(
        referral=waiting, outcome=Outcome.STATUTORY, level=4, reason="Bruises.", version=waiting.version,
        by=place.actor("worker"), at=AT,
    )  # fmt: skip
    done = decided(place, Outcome.ADVICE, 1, people=(child_called("Eve"),))
    services.close_referral(referral=done, by=place.actor("worker"), at=AT)
    names = {each.reference: name for name, each in locals().copy().items() if hasattr(each, "reference")}

    def on(name: str, who: str = "worker", at=AT) -> set[str]:
        return {names[reference] for reference in listed(place, name, who, at)}

    assert on("mine") == {"mine", "waiting"}
    assert on("my_team") == {"mine", "colleagues", "waiting"}
    assert on("front_door") == {"new", "mine", "colleagues", "red", "waiting"}
    assert on("overdue") == {"red"}
    assert on("overdue", at=LATER) == {"new", "mine", "colleagues", "red", "waiting"}
    assert on("due_today") == {"red"}
    assert on("due_today", at=AT + timedelta(days=1)) == {"new", "mine", "colleagues", "waiting"}
    assert on("waiting_for_decision") == {"waiting"}
    assert on("replies_owed") == {"done"}
    assert on("red") == {"red"}
    page = queries.worklist(place.actor("worker"), WorklistFilters())
    assert page.counts == {name: len(on(name)) for name in LISTS}
    assert page.rows[0].is_page_waiting
    assert {row.child for row in page.rows} >= {"Ada Testerfield", "Cy Testerfield"}
    assert new.pk in {row.id for row in page.rows}
    assert colleagues.reference in listed(place, "front_door")


def test_filters_and_what_an_address_may_say() -> None:
    place = make_partnership()
    south = triage(place, people=(child_called("Ada", postcode="ZZ2 2BB"),))
    services.rate_referral(
        referral=south, rating=Rating.AMBER, reason="", version=south.version, by=place.actor("worker"), at=AT
    )
    asked = ask().referral
    assert listed(place, "front_door", rating="amber") == [south.reference]
    assert listed(place, "front_door", locality="SOUTH") == [south.reference]
    assert listed(place, "front_door", state="received") == [asked.reference]
    assert listed(place, "front_door", channel="public") == [asked.reference]
    assert listed(place, "front_door", channel="public", rating="amber") == []
    assert len(listed(place, "front_door", locality="NOWHERE")) == 2
    said = {
        "list": "red",
        "rating": "red",
        "state": "drop table",
        "channel": "api",
        "locality": "N" * 50,
        "name": "Rowan",
    }
    assert WorklistFilters.of(said) == WorklistFilters("red", "red", "", "N" * 20, "api")
    assert {each.name for each in fields(WorklistFilters)} == {"list", "rating", "state", "locality", "channel"}


def test_paging_goes_on_by_key_and_survives_what_comes_in_between() -> None:
    place = make_partnership()
    made = [receive(place, at=AT + timedelta(minutes=n), people=(child_called(f"N{n}"),)).reference for n in range(5)]
    seen: list[str] = []
    after: str | None = None
    while True:
        page = queries.worklist(place.actor("worker", LATER), WorklistFilters(), after, size=2)
        seen += [row.reference for row in page.rows]
        after = page.next_cursor
        if not after:
            break
        if len(seen) == 2:
            receive(place, at=AT - timedelta(days=1), people=(child_called("Early"),))
        assert "Testerfield" not in after
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(made)
    top = queries.worklist(place.actor("worker", LATER), WorklistFilters(), "nonsense", size=2)
    assert len(top.rows) == 2


def test_red_that_nobody_accepted_comes_first_and_what_is_decided_last() -> None:
    place = make_partnership()
    done = decided(place)
    early = receive(place, at=AT - timedelta(days=3), people=(child_called("Early"),))
    late = receive(place, at=AT + timedelta(minutes=5), people=(child_called("Late"),))
    red = receive(place, at=AT + timedelta(minutes=9), people=(child_called("Red"),), is_immediate_danger=True)
    seen: list[str] = []
    after: str | None = None
    while after != "":
        page = queries.worklist(place.actor("worker", LATER), WorklistFilters(), after, size=1)
        seen += [row.reference for row in page.rows]
        after = page.next_cursor
    assert seen == [each.reference for each in (red, early, late, done)]


def test_a_worklist_names_the_people_it_shows_in_one_audit_row() -> None:
    place = make_partnership()
    referral = with_family(place)
    queries.worklist(place.actor("worker"), WorklistFilters())
    row = AuditEvent.objects.order_by("-pk")[0]
    assert (row.kind, row.purpose, row.people) == ("search", "worklist", [places_of(referral)[0].person_id])


def test_a_team_managers_worklist_holds_what_came_to_the_team() -> None:
    place = make_partnership()
    referral = decided(place)
    services.allocate_referral(
        referral=referral, team=place.north_team, reason="", version=referral.version, by=place.actor("manager"), at=AT
    )
    page = queries.worklist(place.actor("team_manager"), WorklistFilters())
    assert set(page.counts) == {"mine", "my_team"}
    assert listed(place, "my_team", "team_manager") == [referral.reference]
    assert listed(place, "my_team", "key_worker") == []
    for name in ("teacher", "statutory", "designated"):
        with pytest.raises(NotVisible):
            queries.worklist(place.actor(name), WorklistFilters())


# --- The referral.


def test_the_page_holds_everything_and_what_comes_next() -> None:
    place = make_partnership()
    set_duty(place, "worker")
    referral = receive(place, people=(BORN,), is_immediate_danger=True)
    by = place.actor("worker")

    def page(who: str = "worker") -> queries.ReferralRecord:
        return queries.referral(place.actor(who), referral.pk, purpose="triage")

    seen = page()
    assert [move.code for move in seen.moves][:2] == ["accept_page", "take_referral"]
    assert (seen.is_overdue, seen.rating, seen.next_move_is_with) == (True, "red", "front door")
    assert not seen.places[0].is_searched
    services.accept_page(page=referral.pages.get(), by=by, at=AT)
    search_all(place, referral)
    services.create_person_for(place=places_of(referral)[0], by=by, at=AT)
    referral.refresh_from_db()
    services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    seen = page()
    assert (seen.is_overdue, seen.held_by, seen.is_held_by_viewer) == (False, "Worker Testerly", True)
    assert seen.places[0].person_name == "Rowan Testerfield"
    assert [family.name for family in seen.families] == ["Testerfield family"]
    assert seen.may("propose_decision")
    services.propose_decision(
        referral=referral, outcome=Outcome.STATUTORY, level=4, reason="Bruises.", version=seen.version, by=by, at=AT
    )
    own, others = page(), page("social_worker")
    assert own.waiting_decision is not None
    assert not own.may("confirm_decision")
    assert others.may("confirm_decision")
    services.confirm_decision(
        decision=queries.decision_for_change(place.actor("social_worker"), referral.pk),
        version=others.version, by=place.actor("social_worker"), at=AT,
    )  # fmt: skip
    seen = page()
    assert [move.code for move in seen.moves] == ["hand_over", "tell_referrer"]
    assert (seen.decisions[0].proposed_by, seen.decisions[0].decided_by) == (
        "Worker Testerly",
        "Social worker Testerly",
    )
    assert [row.label for row in seen.transitions] == ["New", "In triage", "Waiting for a decision", "Decided"]
    assert seen.reply is not None
    assert "email" in seen.reply.ways
    services.hand_over(referral=queries.referral_for_change(by, referral.pk), by=by, at=AT)
    seen = page()
    assert seen.handover is not None
    assert (seen.handover.status_label, seen.state_label) == ("Sent", "With statutory social care")


def test_the_read_is_audited_with_its_purpose_and_people() -> None:
    place = make_partnership()
    referral = with_family(place)
    queries.referral(place.actor("worker"), referral.pk, purpose="triage")
    row = AuditEvent.objects.order_by("-pk")[0]
    assert (row.kind, row.purpose, row.subject_id) == ("read", "triage", str(referral.pk))
    assert len(row.people) == 2


def test_earlier_contacts_are_shown_and_counted() -> None:
    place = make_partnership()
    first = with_family(place, people=(BORN,), at=AT - timedelta(days=30))
    decide(place, first, Outcome.ADVICE, 1, at=AT - timedelta(days=30))
    old = with_family(place, people=(replace(BORN, given_name="Kim"),), at=AT - timedelta(days=500))
    rowan = places_of(first)[0].person_id
    for each in (2, 1):
        referral = triage(place, people=(BORN,), at=AT - timedelta(days=each))
        search_all(place, referral)
        services.identify_person(
            place=places_of(referral)[0], person_id=rowan, reason="", by=place.actor("worker"), at=AT
        )
    seen = queries.referral(place.actor("worker"), referral.pk, purpose="triage").look_back
    assert (seen.count, seen.is_forced, len(seen.earlier)) == (3, True, 2)
    assert seen.earlier[1].outcome_label == "Information and advice"
    assert "3 contacts" in seen.sentence
    alone = queries.referral(place.actor("worker"), old.pk, purpose="triage").look_back
    assert (alone.count, alone.is_forced, alone.sentence) == (1, False, "")


def test_queries_stay_as_many_while_everything_grows() -> None:
    place = make_partnership()
    set_duty(place, "worker", "social_worker")
    by, manager = place.actor("worker"), place.actor("manager")
    referral = decided(place, people=(BORN,))
    handed = decided(place, Outcome.STATUTORY, 4, people=(child_called("Hand"),))
    services.hand_over(referral=handed, by=by, at=AT)
    send(place, is_about_staff_member=True)
    case_referral = with_family(place, people=(child_called("Case"),))
    case = make_case(team=place.north_team, family=case_referral.family, lead=place.posts["key_worker"])
    services.pass_to_case(referral=case_referral, by=by, at=AT)
    teacher, statutory, designated, lead = map(place.actor, ("teacher", "statutory", "designated", "key_worker"))
    calls: dict[str, Callable[[], object]] = {
        "worklist": lambda: queries.worklist(by, WorklistFilters()),
        "referral": lambda: queries.referral(by, referral.pk, purpose="test"),
        "allocation_advice": lambda: queries.allocation_advice(manager, referral.pk),
        "sent_contacts": lambda: queries.sent_contacts(teacher),
        "sent_contact": lambda: queries.sent_contact(teacher, referral.contact_id),
        "handovers": lambda: queries.handovers(statutory),
        "handover": lambda: queries.handover(statutory, handed.handover.pk),
        "allegations": lambda: queries.allegations(designated),
        "notices": lambda: queries.notices(lead),
        "duty_board": lambda: queries.duty_board(by),
        "replies_owed": lambda: queries.replies_owed(by),
    }
    few = {name: statements(call) for name, call in calls.items()}
    rowan = places_of(referral)[0].person_id
    for n in range(2):
        more = triage(
            place, people=(child_called(f"More{n}"), replace(BORN, given_name="Rowan"), child_called(f"Oh{n}"))
        )
        search_all(place, more)
        first, same, _ = places_of(more)
        services.create_person_for(place=first, by=by, at=AT, despite="Another.")
        services.identify_person(place=same, person_id=rowan, reason="", by=by, at=AT)
        receive(place, people=(child_called(f"Red{n}"),), is_immediate_danger=True)
        other = decided(place, Outcome.STATUTORY, 4, people=(child_called(f"Hand{n}"),))
        services.hand_over(referral=other, by=by, at=AT)
        send(place, is_about_staff_member=True)
        passed = with_family(place, people=(child_called(f"Case{n}"),))
        make_case(team=place.north_team, family=passed.family, lead=place.posts["key_worker"])
        services.pass_to_case(referral=passed, by=by, at=AT)
    many = {name: statements(call) for name, call in calls.items()}
    assert many == few
    over = {name: number for name, number in many.items() if number > 12}
    assert not over
    assert case.pk


# --- What a referrer may see.


def test_a_referrer_sees_what_they_typed_and_what_they_may_be_told() -> None:
    place = make_partnership()
    referral = decided(place)
    teacher = place.actor("teacher")
    rows, cursor = queries.sent_contacts(teacher)
    assert ([row.reference for row in rows], cursor) == ([referral.reference], "")
    seen = queries.sent_contact(teacher, referral.contact_id)
    assert (seen.standing, seen.told) == ("Received", "")
    assert [person.name for person in seen.people] == ["Rowan Testerfield", "Ash Testerfield"]
    services.tell_referrer(referral=referral, how="email", text="", by=place.actor("worker"), at=AT)
    seen = queries.sent_contact(teacher, referral.contact_id)
    assert seen.standing == "Answered"
    assert "early help" in seen.told


def test_what_was_sent_says_nothing_of_whether_anybody_is_known() -> None:
    """A contact on an open case, one on a stranger, and an allegation look the same to who sent them."""
    place = make_partnership()
    known = with_family(place, people=(BORN,))
    make_case(team=place.north_team, family=known.family, lead=place.posts["key_worker"])
    passed = triage(place, people=(BORN,))
    search_all(place, passed)
    services.identify_person(
        place=places_of(passed)[0], person_id=places_of(known)[0].person_id, reason="", by=place.actor("worker"), at=AT
    )
    passed.refresh_from_db()
    assert passed.state == "passed_to_case"
    stranger = receive(place, people=(BORN,))
    allegation = send(place, people=(BORN,), is_about_staff_member=True)
    teacher = place.actor("teacher")
    told = [
        replace(queries.sent_contact(teacher, pk), id=known.pk, reference="", received_at=AT)
        for pk in (passed.contact_id, stranger.contact_id, allegation.pk)
    ]
    assert told[0] == told[1] == told[2]


def test_pages_of_what_was_sent_go_on_by_key() -> None:
    place = make_partnership()
    made = [send(place, at=AT + timedelta(minutes=n)).pk for n in range(3)]
    first, cursor = queries.sent_contacts(place.actor("teacher"), size=2)
    second, end = queries.sent_contacts(place.actor("teacher"), cursor, size=2)
    assert [row.id for row in first + second] == made[::-1]
    assert end == ""


# --- Inboxes.


def test_duty_board() -> None:
    place = make_partnership()
    set_duty(place, "worker", "social_worker")
    referral = receive(place, is_immediate_danger=True)
    services.page_overdue(at=AT + timedelta(minutes=15))
    board = queries.duty_board(place.actor("worker", AT + timedelta(minutes=20)))
    assert [row.name for row in board.now] == ["Worker Testerly", "Social worker Testerly"]
    waiting = board.waiting[0]
    assert (waiting.referral_id, waiting.times, waiting.paged) == (referral.pk, 2, "Social worker Testerly")
    assert waiting.first_paged_at == AT


def test_replies_owed_are_the_soonest_first() -> None:
    place = make_partnership()
    second = decided(place, Outcome.ADVICE, 1, at=AT + timedelta(days=1))
    first = decided(place, Outcome.ADVICE, 1, people=(child_called("Ada"),))
    decided(place, Outcome.ADVICE, 1, people=(child_called("Kim"),))
    rows = queries.replies_owed(place.actor("worker", LATER))
    assert rows[-1].referral_id == second.pk
    assert first.pk in {row.referral_id for row in rows[:2]}
    assert [row.is_overdue for row in rows] == [True, True, False]


def test_inboxes_of_hand_overs_allegations_and_notices() -> None:
    place = make_partnership()
    by = place.actor("worker")
    handover = services.hand_over(referral=decided(place, Outcome.STATUTORY, 4), by=by, at=AT)
    assert queries.handovers(place.actor("statutory"))[0].child == "Rowan Testerfield"
    assert queries.handover(place.actor("statutory"), handover.pk).content["receipt"] == handover.receipt
    send(place, is_about_staff_member=True, worry="Shouted at Rowan.")
    row = queries.allegations(place.actor("designated"))[0]
    seen = queries.allegation(place.actor("designated"), row.id)
    assert ("What you are worried about", "Shouted at Rowan.") in seen.answers
    assert row.acknowledge_by == AT.replace(day=19, hour=17)
    case_referral = with_family(place, people=(child_called("Kim"),))
    make_case(team=place.north_team, family=case_referral.family, lead=place.posts["key_worker"])
    services.pass_to_case(referral=case_referral, by=by, at=AT)
    for name in ("key_worker", "team_manager"):
        assert [notice.reference for notice in queries.notices(place.actor(name))] == [case_referral.reference]
    assert queries.notices(place.actor("other_key_worker")) == []


def test_advice_is_for_who_may_allocate() -> None:
    place = make_partnership()
    referral = identify_all(place, triage(place))
    advice = queries.allocation_advice(place.actor("manager"), referral.pk)
    assert [(team.name, team.serves_locality, team.is_advised) for team in advice.teams] == [
        ("North team", True, True),
        ("South team", False, False),
    ]
    with pytest.raises(NotVisible):
        queries.allocation_advice(place.actor("worker"), referral.pk)


def test_channel_of_a_partner_system() -> None:
    place = make_partnership()
    assert receive(place, channel=Channel.API).contact.organisation == place.school
