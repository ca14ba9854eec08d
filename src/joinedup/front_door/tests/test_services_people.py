from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from joinedup.access.models import AuditEvent
from joinedup.casework.tests.factories import make_case, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.front_door import services
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.tests.factories import (
    CHILD,
    PARENT,
    Partnership,
    ask,
    child_called,
    identify_all,
    make_partnership,
    places_of,
    query_of,
    search_all,
    triage,
    with_family,
)
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Family, Person, SafeContact
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.services import join_family

pytestmark = pytest.mark.django_db

BORN = replace(CHILD, birth_date=date(2016, 5, 4))


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


# --- Search before create.


def test_nobody_is_identified_or_created_before_a_search() -> None:
    place = make_partnership()
    referral = triage(place)
    child = places_of(referral)[0]
    known = Person.objects.create(given_name="Somebody", created_at=AT)
    by = place.actor("worker")
    with refused("FD-20"):
        services.create_person_for(place=child, by=by, at=AT)
    with refused("FD-20"):
        services.identify_person(place=child, person_id=known.pk, reason="", by=by, at=AT)
    # Too little to search on is no search.
    services.search_for(place=child, query=SearchQuery(given_name="R"), by=by, at=AT)
    with refused("FD-20"):
        services.create_person_for(place=child, by=by, at=AT)
    services.search_for(place=child, query=query_of(child), by=by, at=AT)
    services.create_person_for(place=child, by=by, at=AT)
    child.refresh_from_db()
    assert (str(child.person), child.how, child.searched_by) == ("Rowan Testerfield", "created", by.account_id)
    assert AuditEvent.objects.filter(kind="refusal", rule="FD-20").count() == 3


def test_somebody_like_a_known_person_needs_a_reason_to_be_entered_anew() -> None:
    place = make_partnership()
    identify_all(place, triage(place, people=(BORN,)))
    again = triage(place, people=(BORN,))
    child = places_of(again)[0]
    by = place.actor("worker")
    found = services.search_for(place=child, query=query_of(child), by=by, at=AT)
    assert [candidate.name for candidate in found.candidates] == ["Rowan Testerfield"]
    with refused("FD-21"):
        services.create_person_for(place=child, by=by, at=AT)
    services.identify_person(place=child, person_id=found.candidates[0].person_id, reason="Same address.", by=by, at=AT)
    with refused("FD-27"):
        services.create_person_for(place=child, despite="A cousin.", by=by, at=AT)
    services.undo_identification(place=child, reason="A cousin of the same name.", by=by, at=AT)
    services.create_person_for(place=child, despite="A cousin of the same name.", by=by, at=AT)
    assert Person.objects.filter(given_name="Rowan").count() == 2
    kinds = Event.objects.filter(source_id=str(again.pk)).order_by("pk").values_list("kind", flat=True)
    assert [kind.split(".")[1] for kind in kinds][-3:] == [
        "person_identified",
        "identification_undone",
        "person_identified",
    ]


def test_nobody_stands_twice_in_a_referral() -> None:
    place = make_partnership()
    referral = identify_all(place, triage(place, people=(child_called("Ada"),)))
    two = triage(place, people=(child_called("Ada"), child_called("Ben")))
    search_all(place, two)
    by = place.actor("worker")
    ada = places_of(referral)[0].person_id
    first, second = places_of(two)
    services.identify_person(place=first, person_id=ada, reason="", by=by, at=AT)
    with refused("FD-22"):
        services.identify_person(place=second, person_id=ada, reason="", by=by, at=AT)
    with pytest.raises(NotVisible):
        services.identify_person(place=second, person_id=referral.pk, reason="", by=by, at=AT)


def test_undoing_takes_the_family_back_with_the_only_one_in_it() -> None:
    place = make_partnership()
    referral = with_family(place, people=(CHILD,))
    child = places_of(referral)[0]
    by = place.actor("worker")
    with refused("FD-25"):
        services.undo_identification(place=child, reason=" ", by=by, at=AT)
    services.undo_identification(place=child, reason="Somebody else.", by=by, at=AT)
    referral.refresh_from_db()
    assert referral.family is None
    with refused("FD-26"):
        services.undo_identification(place=child, reason="Again.", by=by, at=AT)


def test_families() -> None:
    place = make_partnership()
    referral = triage(place)
    by = place.actor("worker")
    with refused("FD-24"):
        services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    identify_all(place, referral)
    services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    family = referral.family
    assert (family.name, family.members.count()) == ("Testerfield family", 2)
    stranger = Family.objects.create(name="Strangers", created_at=AT)
    with pytest.raises(NotVisible):
        services.choose_family(referral=referral, family_id=stranger.pk, by=by, at=AT)
    # A second contact about the same child, with a new baby: the baby joins the family that is chosen.
    second = triage(place, people=(CHILD, child_called("Baby", expected_on=date(2027, 1, 1))))
    search_all(place, second)
    old, baby = places_of(second)
    rowan = places_of(referral)[0].person_id
    services.identify_person(place=old, person_id=rowan, reason="", by=by, at=AT)
    services.create_person_for(place=baby, by=by, at=AT, despite="Not born yet.")
    second.refresh_from_db()
    services.choose_family(referral=second, family_id=family.pk, by=by, at=AT)
    assert {str(member.person) for member in family.members.all()} == {
        "Rowan Testerfield", "Ash Testerfield", "Baby Testerfield",
    }  # fmt: skip


def test_the_safe_way_becomes_part_of_the_record_of_who_asked() -> None:
    place = make_partnership()
    contact = ask(source_code="1A", relationship_to_child="mother", people=(CHILD, PARENT))
    referral = services.take_referral(referral=contact.referral, by=place.actor("worker"), at=AT)
    identify_all(place, referral)
    safe = SafeContact.objects.get()
    assert (str(safe.person), safe.how, safe.details) == ("Ash Testerfield", "email", "rowan@home.example")
    own = ask(source_code="1C", people=(child_called("Kim"), PARENT))
    identify_all(place, services.take_referral(referral=own.referral, by=place.actor("worker"), at=AT))
    assert str(SafeContact.objects.order_by("recorded_at", "pk").last().person) == "Kim Testerfield"


# --- A contact on an open case.


def _case_of(place: Partnership, referral: Referral) -> object:
    return make_case(team=place.north_team, family=referral.family, lead=place.posts["key_worker"])


def test_a_contact_on_an_open_case_goes_straight_to_its_lead_and_manager() -> None:
    place = make_partnership()
    case = _case_of(place, with_family(place, people=(BORN,)))
    OutboxMessage.objects.all().delete()
    referral = triage(place, people=(BORN,))
    search_all(place, referral)
    rowan = Person.objects.get(given_name="Rowan")
    services.identify_person(
        place=places_of(referral)[0], person_id=rowan.pk, reason="", by=place.actor("worker"), at=AT
    )
    referral.refresh_from_db()
    assert (referral.state, referral.case, referral.family) == (State.PASSED_TO_CASE, case, case.family)
    notice = referral.case_notice
    assert notice.acknowledge_by == AT.replace(day=19, hour=17)
    told = {message.to for message in OutboxMessage.objects.all()}
    assert told == {place.accounts["key_worker"].email, place.accounts["team_manager"].email}
    assert referral.reply.may_be_told == "decision"
    lead = place.actor("key_worker")
    with pytest.raises(NotPermitted):
        services.acknowledge_notice(notice=notice, response="Mine.", by=place.actor("other_key_worker"), at=AT)
    with refused("FD-72"):
        services.acknowledge_notice(notice=notice, response=" ", by=lead, at=AT)
    services.acknowledge_notice(notice=notice, response="I will visit tomorrow.", by=lead, at=AT)
    referral.refresh_from_db()
    assert referral.state == State.CLOSED
    with refused("FD-73"):
        services.return_to_front_door(notice=notice, reason="No.", by=lead, at=AT)


def test_a_new_baby_of_a_family_with_an_open_case_goes_there_too() -> None:
    place = make_partnership()
    known = with_family(place, people=(BORN,))
    case = _case_of(place, known)
    baby = make_person(given_name="Baby", birth_date=date(2026, 10, 1))
    join_family(family=known.family, person=baby, part="child", by=place.actor("worker"), at=AT)
    referral = triage(place, people=(child_called("Baby", birth_date=date(2026, 10, 1)),))
    search_all(place, referral)
    services.identify_person(
        place=places_of(referral)[0], person_id=baby.pk, reason="", by=place.actor("worker"), at=AT
    )
    referral.refresh_from_db()
    assert (referral.state, referral.case) == (State.PASSED_TO_CASE, case)


def test_the_lead_may_return_it_and_it_is_not_passed_by_itself_again() -> None:
    place = make_partnership()
    case = _case_of(place, with_family(place, people=(BORN,)))
    referral = triage(place, people=(BORN,))
    search_all(place, referral)
    rowan = Person.objects.get(given_name="Rowan")
    by = place.actor("worker")
    services.identify_person(place=places_of(referral)[0], person_id=rowan.pk, reason="", by=by, at=AT)
    notice = ReferralPerson.objects.get(referral=referral).referral.case_notice
    with refused("FD-25"):
        services.return_to_front_door(notice=notice, reason="", by=place.actor("team_manager"), at=AT)
    services.return_to_front_door(notice=notice, reason="This is level 4.", by=place.actor("team_manager"), at=AT)
    referral.refresh_from_db()
    assert referral.state == State.IN_TRIAGE
    services.choose_family(referral=referral, family_id=case.family_id, by=by, at=AT)
    assert referral.state == State.IN_TRIAGE
    # By hand it can be passed again, and once decided as early help it stays with the team that has the case.
    services.pass_to_case(referral=referral, by=by, at=AT)
    assert (referral.state, referral.case_notice.returned_at) == (State.PASSED_TO_CASE, None)


def test_red_is_told_to_the_case_but_stays_at_the_front_door() -> None:
    place = make_partnership()
    case = _case_of(place, with_family(place, people=(BORN,)))
    referral = triage(place, people=(BORN,), is_immediate_danger=True)
    search_all(place, referral)
    rowan = Person.objects.get(given_name="Rowan")
    by = place.actor("worker")
    services.identify_person(place=places_of(referral)[0], person_id=rowan.pk, reason="", by=by, at=AT)
    referral.refresh_from_db()
    assert (referral.state, referral.case_notice.case) == (State.IN_TRIAGE, case)
    services.acknowledge_notice(notice=referral.case_notice, response="On my way.", by=place.actor("key_worker"), at=AT)
    referral.refresh_from_db()
    assert referral.state == State.IN_TRIAGE
    services.pass_to_case(referral=referral, by=by, at=AT)
    assert referral.state == State.PASSED_TO_CASE


def test_nothing_is_passed_without_an_open_case() -> None:
    place = make_partnership()
    with refused("FD-71"):
        services.pass_to_case(referral=with_family(place), by=place.actor("worker"), at=AT)
