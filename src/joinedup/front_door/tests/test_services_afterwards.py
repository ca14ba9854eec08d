from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.models import AuditEvent
from joinedup.access.services import change_setting
from joinedup.casework.models import Case
from joinedup.casework.tests.factories import make_case
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage
from joinedup.front_door import services
from joinedup.front_door.codes import Channel, HandoverStatus, Outcome
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Allocation, Handover, Referral, ReferrerReply
from joinedup.front_door.queries import allocation_advice, replies_owed
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
    send,
    with_family,
)
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.services import add_address

pytestmark = pytest.mark.django_db


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def allocate(place: Partnership, referral: Referral, team: Any = None, reason: str = "", who: str = "manager") -> Case:
    referral.refresh_from_db()
    return services.allocate_referral(
        referral=referral,
        team=team or place.north_team,
        reason=reason,
        version=referral.version,
        by=place.actor(who),
        at=AT,
    )


def advised(place: Partnership, referral: Referral) -> tuple[Any, str, bool]:
    advice = allocation_advice(place.actor("manager"), referral.pk)
    return advice.team_id, advice.rule, advice.needs_reason


# --- Allocation.


def test_allocating_opens_the_case_of_the_family() -> None:
    place = make_partnership()
    referral = decided(place, Outcome.FAMILY_SUPPORT, 3)
    assert advised(place, referral) == (place.north_team.pk, "FD-42", False)
    case = allocate(place, referral)
    referral.refresh_from_db()
    assert (referral.state, referral.case, referral.team) == (State.ALLOCATED, case, place.north_team)
    assert (case.family, case.level, case.locality) == (referral.family, 3, place.north)
    assert {str(each.person) for each in case.people.all()} == {"Rowan Testerfield", "Ash Testerfield"}
    row = Allocation.objects.get()
    assert (row.rule, row.case) == ("FD-42", case)
    assert "North team has 0 of 10 cases" in row.reason
    assert OutboxMessage.objects.filter(to=place.accounts["team_manager"].email, about_id=str(case.pk)).exists()
    assert Event.objects.get(kind="front_door.referral_allocated").team_id == place.north_team.pk
    with refused("FD-40"):
        allocate(place, referral)


def test_who_and_what_may_be_allocated() -> None:
    place = make_partnership()
    referral = decided(place)
    for name in ("worker", "social_worker", "team_manager", "teacher"):
        with pytest.raises(NotPermitted):
            allocate(place, referral, who=name)
    with refused("FD-41"):
        allocate(place, decided(place, Outcome.ADVICE, 1, people=(child_called("Kim"),)))
    with refused("FD-14"):
        allocate(place, with_family(place, people=(child_called("Sam"),)))
    with refused("CO-1"):
        services.allocate_referral(
            referral=referral, team=place.north_team, reason="", version=1, by=place.actor("manager"), at=AT
        )
    assert not Case.objects.exists()


def test_without_a_family_nothing_is_allocated() -> None:
    place = make_partnership()
    referral = with_family(place)
    Referral.objects.filter(pk=referral.pk).update(family=None)
    referral.refresh_from_db()
    decide(place, referral)
    with refused("FD-49"):
        allocate(place, referral)


def test_another_team_than_advised_needs_a_reason() -> None:
    place = make_partnership()
    referral = decided(place)
    with refused("FD-48"):
        allocate(place, referral, place.south_team)
    allocate(place, referral, place.south_team, "The key worker is there.")
    row = Allocation.objects.get()
    assert (row.rule, row.team) == ("FD-48", place.south_team)
    assert row.reason.startswith("The key worker is there. (Advised:")


def test_a_postcode_outside_the_area_goes_to_a_person() -> None:
    place = make_partnership()
    referral = decided(place, people=(replace(CHILD, postcode="ZZ9 9AA"),))
    assert advised(place, referral) == (None, "FD-43", True)
    with refused("FD-48"):
        allocate(place, referral)
    case = allocate(place, referral, reason="The home council asked us to.")
    assert case.locality is None


def test_no_fixed_address_goes_by_the_school_else_by_the_duty_locality() -> None:
    place = make_partnership()
    nowhere = replace(CHILD, address="", postcode="", is_no_fixed_address=True, school="testerfield school")
    referral = decided(place, people=(nowhere,))
    assert advised(place, referral) == (place.south_team.pk, "FD-44", False)
    other = decided(place, people=(replace(nowhere, given_name="Kim", school=""),))
    assert advised(place, other) == (place.north_team.pk, "FD-44", False)
    change_setting(
        key="front_door.duty_locality",
        value="SOUTH",
        starts_on=AT.date(),
        reason="Rota.",
        by=place.actor("manager"),
        at=AT,
    )
    assert advised(place, other) == (place.south_team.pk, "FD-44", False)
    assert allocate(place, other, place.south_team).locality == place.south


def test_two_homes_go_by_the_main_one_and_show_both() -> None:
    place = make_partnership()
    referral = decided(place)
    rowan = places_of(referral)[0].person
    add_address(
        person=rowan, lines="2 Other Row", postcode="ZZ2 2BB", is_second_home=True, source="test",
        by=place.actor("worker"), at=AT,
    )  # fmt: skip
    advice = allocation_advice(place.actor("manager"), referral.pk)
    assert (advice.team_id, advice.rule, advice.locality) == (place.north_team.pk, "FD-45", "North")
    assert len(advice.homes) == 2
    assert "2 Other Row" in advice.reason


def test_a_full_team_gives_way_and_where_all_are_full_somebody_says_why() -> None:
    place = make_partnership(cap=1)
    make_case(team=place.north_team)
    referral = decided(place)
    assert advised(place, referral) == (place.south_team.pk, "FD-47", False)
    make_case(team=place.south_team)
    assert advised(place, referral) == (place.north_team.pk, "FD-46", True)
    with refused("FD-46"):
        allocate(place, referral)
    allocate(place, referral, reason="They can take one more.")
    assert Allocation.objects.get().rule == "FD-46"


def test_a_family_with_an_open_case_stays_with_its_team() -> None:
    place = make_partnership()
    referral = decided(place)
    case = make_case(team=place.south_team, family=referral.family)
    assert advised(place, referral) == (place.south_team.pk, "FD-74", False)
    with refused("FD-74"):
        allocate(place, referral, reason="Nearer.")
    assert allocate(place, referral, place.south_team) == case
    assert Case.objects.count() == 1


def test_a_failed_allocation_leaves_nothing_but_its_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_partnership()
    referral = decided(place)
    from joinedup.front_door.services import allocation

    def fail(*args: object, **kwargs: object) -> None:
        raise Refused("No.", rule="TEST-1")

    monkeypatch.setattr(allocation, "_write_to_managers", fail)
    with refused("TEST-1"):
        allocate(place, referral)
    assert not Case.objects.exists()
    assert not Allocation.objects.exists()
    assert Referral.objects.get(pk=referral.pk).state == State.DECIDED
    assert AuditEvent.objects.get(kind="refusal").action == "front_door.allocate_referral"
    assert not AuditEvent.objects.filter(action="casework.open_case").exists()


# --- Handing over.


def handed(place: Partnership) -> Handover:
    born = replace(CHILD, birth_date=date(2016, 5, 4), sex="F", nhs_number="9990000026")
    referral = decided(place, Outcome.STATUTORY, 4, people=(born,), need_code="N1")
    return services.hand_over(referral=referral, by=place.actor("worker"), at=AT)


def test_handing_over_gives_a_receipt_and_what_the_statutory_system_needs() -> None:
    place = make_partnership()
    handover = handed(place)
    assert handover.receipt.startswith("H-")
    said = handover.content
    child = said["children"][0]
    assert (said["referral"]["ReferralSource"], said["referral"]["PrimaryNeedCode"]) == ("2A", "N1")
    assert said["referral"]["CINreferralDate"] == "2026-11-18"
    assert (child["PersonBirthDate"], child["Sex"], child["NHSnumber"]) == ("2016-05-04", "F", "9990000026")
    assert child["UPNunknown"] == "UN7"
    assert said["decision"]["reason"] == "A test."
    assert Referral.objects.get().state == State.HANDED_OVER
    assert OutboxMessage.objects.filter(to=place.accounts["statutory"].email).count() == 1
    with refused("FD-61"):
        services.hand_over(referral=Referral.objects.get(), by=place.actor("worker"), at=AT)
    with refused("FD-60"):
        services.hand_over(referral=decided(place, people=(child_called("Kim"),)), by=place.actor("worker"), at=AT)


def test_what_became_of_it_is_read_back() -> None:
    place = make_partnership()
    handover = handed(place)
    by = place.actor("statutory")
    with pytest.raises(NotPermitted):
        services.receive_handover(handover=handover, by=place.actor("manager"), at=AT)
    services.receive_handover(handover=handover, statutory_reference="S-1", by=by, at=AT)
    with refused("FD-73"):
        services.receive_handover(handover=handover, by=by, at=AT)
    given: dict[str, Any] = {
        "worker": "", "statutory_reference": "", "next_date": None, "next_date_means": "", "by": by, "at": AT,
    }  # fmt: skip
    with refused("FD-64"):
        services.update_handover(handover=handover, status=HandoverStatus.OPEN, **given)
    with refused("FD-63"):
        services.update_handover(
            handover=handover,
            status=HandoverStatus.OPEN,
            **(given | {"worker": "Kit Testerly", "next_date": AT.date()}),
        )
    services.update_handover(
        handover=handover,
        status=HandoverStatus.ASSESSMENT,
        **(given | {"worker": "Kit Testerly", "next_date": date(2027, 1, 20), "next_date_means": "Assessment due"}),
    )
    with refused("FD-62"):
        services.update_handover(handover=handover, status=HandoverStatus.RECEIVED, **given)
    assert (handover.worker, handover.statutory_reference, handover.status) == ("Kit Testerly", "S-1", "assessment")
    event = Event.objects.filter(kind="front_door.handover_updated").order_by("-pk")[0]
    assert event.family_id == handover.referral.family_id
    services.update_handover(handover=handover, status=HandoverStatus.CLOSED, **given)
    assert handover.closed_on == AT.date()


# --- Telling the referrer.


def tell(place: Partnership, referral: Referral, how: str, text: str = "") -> ReferrerReply:
    return services.tell_referrer(referral=referral, how=how, text=text, by=place.actor("worker"), at=AT)


def test_a_professional_is_told_the_decision_and_who_will_be_in_touch() -> None:
    place = make_partnership()
    referral = decided(place)
    reply = ReferrerReply.objects.get()
    assert (reply.due_by, reply.told_at) == (AT.replace(day=19, hour=17), None)
    allocate(place, referral)
    referral.refresh_from_db()
    told = tell(place, referral, "email")
    assert told.message.to == place.accounts["teacher"].email
    assert "early help" in told.message.body
    assert "North team will be in touch" in told.message.body
    assert "Testerfield" not in told.message.body
    with refused("FD-52"):
        tell(place, referral, "email")
    assert Event.objects.filter(kind="front_door.referrer_told").count() == 1


def test_an_answer_that_cannot_be_given_is_settled_with_its_reason() -> None:
    place = make_partnership()
    referral = with_family(place)
    excuse = {"referral": referral, "by": place.actor("worker"), "at": AT}
    with refused("FD-53"):
        services.excuse_reply(reason="They have left the school.", **excuse)
    decide(place, referral, Outcome.ADVICE, 1)
    with refused("FD-59"):
        services.excuse_reply(reason=" ", **excuse)
    with pytest.raises(NotPermitted):
        services.excuse_reply(reason="Out of spite.", referral=referral, by=place.actor("teacher"), at=AT)
    settled = services.excuse_reply(reason="They have left the school.", **excuse)
    assert (settled.told_at, settled.may_be_told, settled.why_nothing) == (
        None,
        "nothing",
        "They have left the school.",
    )
    assert referral.pk not in {row.referral_id for row in replies_owed(place.actor("worker"))}
    with refused("FD-54"):
        tell(place, referral, "phone")
    assert Event.objects.filter(kind="front_door.referrer_not_told").count() == 1


def test_nothing_is_told_before_the_decision_nor_in_an_unknown_way() -> None:
    place = make_partnership()
    referral = with_family(place)
    with refused("FD-53"):
        tell(place, referral, "email")
    decide(place, referral, Outcome.ADVICE, 1)
    with refused("FD-11"):
        tell(place, referral, "pigeon")
    assert tell(place, referral, "phone", "I rang the school.").text == "I rang the school."


def _from_the_family(place: Partnership, **facts: Any) -> Referral:
    referral = ask(**facts).referral
    by = place.actor("worker")
    identify_all(place, services.take_referral(referral=referral, by=by, at=AT))
    services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    decide(place, referral)
    referral.refresh_from_db()
    return referral


def test_a_parent_is_told_in_plain_words_and_only_in_the_safe_way() -> None:
    place = make_partnership()
    by_phone = _from_the_family(
        place, safe_contact_how="phone", safe_contact_details="07700 900123", referrer_email="shared@home.example"
    )
    with refused("FD-51"):
        tell(place, by_phone, "email")
    told = tell(place, by_phone, "phone")
    assert "Level" not in told.text
    assert told.message is None
    by_mail = _from_the_family(place, people=(child_called("Kim"),))
    assert tell(place, by_mail, "email").message.to == "rowan@home.example"
    no_way = _from_the_family(place, people=(child_called("Sam"),), safe_contact_how="none", safe_contact_details="")
    with refused("FD-54"):
        tell(place, no_way, "phone")


def test_a_relative_is_never_told_the_decision() -> None:
    place = make_partnership()
    referral = _from_the_family(place, source_code="1B")
    with refused("FD-55"):
        tell(place, referral, "email", "It went to social care.")
    assert OutboxMessage.objects.filter(about_id=str(referral.pk)).count() == 1  # the receipt


def test_an_anonymous_caller_who_left_no_way_is_owed_nothing() -> None:
    place = make_partnership()
    contact = send(place, sender="worker", channel=Channel.PHONE, source_code="9", is_anonymous=True)
    referral = services.take_referral(referral=contact.referral, by=place.actor("worker"), at=AT)
    identify_all(place, referral)
    decide(place, referral, Outcome.ADVICE, 1)
    referral.refresh_from_db()
    with refused("FD-54"):
        tell(place, referral, "phone")
    assert ReferrerReply.objects.get().told_at is None


def test_a_new_decision_is_owed_anew() -> None:
    from joinedup.person_index.models import Person

    place = make_partnership()
    first = with_family(place)
    case = make_case(team=place.north_team, family=first.family, lead=place.posts["key_worker"])
    services.pass_to_case(referral=first, by=place.actor("worker"), at=AT)
    tell(place, first, "email")
    assert "open case" in ReferrerReply.objects.get().text
    later = AT + timedelta(days=1)
    services.return_to_front_door(
        notice=first.case_notice, reason="Not for us.", by=place.actor("team_manager", later), at=later
    )
    first.refresh_from_db()
    decide(place, first, Outcome.ADVICE, 1, at=later)
    reply = ReferrerReply.objects.get()
    assert (reply.told_at, reply.due_by.date()) == (None, date(2026, 11, 20))
    assert (case.pk, Person.objects.count()) == (first.case_notice.case_id, 2)
