"""Who sees what of the front door's work, person by person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from joinedup.access.actor import Actor, public, system
from joinedup.access.permissions import can
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotVisible
from joinedup.front_door import permissions, queries, services
from joinedup.front_door.codes import HandoverStatus, Outcome
from joinedup.front_door.models import StaffAllegation
from joinedup.front_door.tests.factories import (
    Partnership,
    child_called,
    decided,
    make_partnership,
    places_of,
    receive,
    send,
    with_family,
)
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "worker", "colleague", "social_worker", "manager", "team_manager", "key_worker", "other_key_worker", "teacher",
    "statutory", "designated",
)  # fmt: skip
FRONT = {"worker", "colleague", "social_worker", "manager"}


def seeing(place: Partnership, call: Callable[[Actor], object], at=AT) -> set[str]:
    """Who gets an answer; for the others it does not exist."""
    found = set()
    for name in EVERYBODY:
        try:
            call(place.actor(name, at))
        except NotVisible:
            continue
        found.add(name)
    return found


def knowing(place: Partnership, person: Person, at=AT) -> set[str]:
    return {
        name for name in EVERYBODY if Person.objects.visible_to(place.actor(name, at)).filter(pk=person.pk).exists()
    }


def test_an_open_referral_is_the_front_doors() -> None:
    place = make_partnership()
    referral = with_family(place)
    rowan = places_of(referral)[0].person
    page = lambda viewer: queries.referral(viewer, referral.pk, purpose="test")  # noqa: E731
    assert seeing(place, page) == FRONT
    assert seeing(place, lambda viewer: queries.referral_for_change(viewer, referral.pk)) == FRONT
    assert (
        seeing(place, lambda viewer: queries.place_for_change(viewer, referral.pk, places_of(referral)[0].pk)) == FRONT
    )
    assert knowing(place, rowan) == FRONT
    assert not Person.objects.visible_to(public(AT)).exists()
    assert Person.objects.visible_to(system(AT)).exists()
    with pytest.raises(NotVisible):
        page(public(AT))


def test_an_allocated_referral_is_also_the_teams_and_its_people_are_its_teams() -> None:
    place = make_partnership()
    referral = decided(place)
    rowan = places_of(referral)[0].person
    services.allocate_referral(
        referral=referral, team=place.north_team, reason="", version=referral.version, by=place.actor("manager"), at=AT
    )
    assert seeing(place, lambda viewer: queries.referral(viewer, referral.pk, purpose="test")) == FRONT | {
        "team_manager"
    }
    # The front door's ground ends with its work, for whoever held it too.
    assert knowing(place, rowan) == {"team_manager"}


def test_a_closed_referral_opens_nobody() -> None:
    place = make_partnership()
    referral = decided(place, Outcome.ADVICE, 1)
    rowan = places_of(referral)[0].person
    assert knowing(place, rowan) == FRONT
    services.close_referral(referral=referral, by=place.actor("worker"), at=AT)
    assert knowing(place, rowan) == set()


def test_a_handed_over_child_is_seen_by_the_statutory_service_until_it_closes() -> None:
    place = make_partnership()
    referral = decided(place, Outcome.STATUTORY, 4)
    rowan = places_of(referral)[0].person
    other = places_of(with_family(place, people=(child_called("Kim"),)))[0].person
    handover = services.hand_over(referral=referral, by=place.actor("worker"), at=AT)
    assert seeing(place, lambda viewer: queries.handover(viewer, handover.pk)) == {"statutory"}
    assert seeing(place, queries.handovers) == {"statutory"}
    assert "statutory" in knowing(place, rowan)
    assert "statutory" not in knowing(place, other)
    services.update_handover(
        handover=handover, status=HandoverStatus.CLOSED, worker="", statutory_reference="", next_date=None,
        next_date_means="", by=place.actor("statutory"), at=AT,
    )  # fmt: skip
    assert "statutory" not in knowing(place, rowan)


def test_a_referral_passed_to_a_case_is_seen_by_its_lead_and_manager() -> None:
    place = make_partnership()
    referral = with_family(place)
    make_case(team=place.north_team, family=referral.family, lead=place.posts["key_worker"])
    notice = services.pass_to_case(referral=referral, by=place.actor("worker"), at=AT)
    theirs = {"key_worker", "team_manager"}
    assert seeing(place, lambda viewer: queries.referral(viewer, referral.pk, purpose="test")) == FRONT | theirs
    assert seeing(place, lambda viewer: queries.notice_for_change(viewer, notice.pk)) == theirs
    record = queries.referral(place.actor("key_worker"), referral.pk, purpose="test")
    assert (record.moves, record.families) == ((), ())


def test_an_allegation_is_the_designated_officers_alone() -> None:
    place = make_partnership()
    contact = send(place, is_about_staff_member=True)
    allegation = StaffAllegation.objects.get()
    assert seeing(place, lambda viewer: queries.allegation(viewer, allegation.pk)) == {"designated"}
    assert seeing(place, lambda viewer: queries.allegation_for_change(viewer, allegation.pk)) == {"designated"}
    assert seeing(place, queries.allegations) == {"designated"}
    # The front door sees no trace of it; who sent it sees what they sent.
    assert seeing(place, lambda viewer: queries.sent_contact(viewer, contact.pk)) == {"teacher"}
    assert queries.worklist(place.actor("manager"), queries.WorklistFilters()).rows == ()


def test_a_referrer_sees_only_their_own() -> None:
    place = make_partnership()
    contact = send(place)
    assert seeing(place, lambda viewer: queries.sent_contact(viewer, contact.pk)) == {"teacher"}
    assert queries.sent_contacts(place.actor("key_worker"))[0] == []


def test_the_other_lists() -> None:
    place = make_partnership()
    receive(place)
    assert seeing(place, queries.duty_board) == FRONT
    assert seeing(place, queries.replies_owed) == FRONT
    assert seeing(place, queries.notices) == {"team_manager", "key_worker", "other_key_worker"}


def test_nobody_sees_anything_once_their_post_has_ended() -> None:
    place = make_partnership()
    referral = with_family(place)
    post = place.posts["worker"]
    post.ends_at = AT + timedelta(hours=1)
    post.save()
    at = AT + timedelta(hours=1)
    with pytest.raises(NotVisible):
        queries.referral(place.actor("worker", at), referral.pk, purpose="test")
    assert knowing(place, places_of(referral)[0].person, at) == FRONT - {"worker"}


def test_permissions_of_the_front_door() -> None:
    """What each role holds where no record narrows it."""

    def roles_with(permission: permissions.declare) -> set[Role]:  # type: ignore[valid-type]
        return set(permission.roles)  # type: ignore[attr-defined]

    assert roles_with(permissions.ALLOCATE_REFERRAL) == {Role.FRONT_DOOR_MANAGER}
    assert roles_with(permissions.CONFIRM_DECISION) == {Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER}
    for permission in (permissions.TAKE_ALLEGATION, permissions.CLOSE_ALLEGATION, permissions.READ_ALLEGATIONS):
        assert roles_with(permission) == {Role.DESIGNATED_OFFICER}
    for permission in (permissions.DECIDE, permissions.SEARCH_FOR, permissions.TAKE_REFERRAL, permissions.HAND_OVER):
        assert roles_with(permission) == set(FRONT_DOOR)
    assert can(public(AT), permissions.ASK_FOR_HELP)
    assert not can(public(AT), permissions.SUBMIT_REFERRAL)
