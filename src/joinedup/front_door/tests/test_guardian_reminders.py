"""A guardian who does not answer: told again, by night as by day, then information governance with them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.navigation import entries_for
from joinedup.access.roles import Role
from joinedup.core.models import OutboxMessage
from joinedup.core.partnership import store
from joinedup.front_door import services
from joinedup.front_door.codes import Rating
from joinedup.front_door.models import GuardianReminder, Referral
from joinedup.front_door.settings import GUARDIAN_CLOCKS, GUARDIAN_CONTACT
from joinedup.front_door.tests.test_restricted_people import LATER, World
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import services as index
from joinedup.person_index.models import RestrictedMatch, Restriction

pytestmark = pytest.mark.django_db
GWEN, IRIS = "Gwen Testward", "Iris Testguard"  # her guardian; the other of information governance


@pytest.fixture
def world() -> World:
    return World()


def held_up(world: World, *, rating: Rating = Rating.RED) -> Referral:
    """A referral that waits for the guardian since `LATER`, a Wednesday at eleven."""
    referral = world.referral()
    world.search(referral)
    referral.refresh_from_db()
    services.rate_referral(
        referral=referral,
        rating=rating,
        reason="Invented.",
        version=referral.version,
        by=world.actor("worker"),
        at=LATER,
    )
    return referral


def told(world: World, at: datetime) -> dict[str, int]:
    """How many messages each got about the match until now; the keeper comes round every ten minutes."""
    now = LATER
    while now < at:
        now += timedelta(minutes=10)
        services.remind_guardians(at=now)
    match = RestrictedMatch.objects.get()
    about = OutboxMessage.objects.filter(about_id=str(match.pk))
    return {
        "guardian": about.filter(to=world.guardian_account.email).count(),
        "governance": about.filter(to=world.second_account.email).count(),
        "contact": about.filter(to="on.call@council.example").count(),
    }


def test_a_guardian_who_does_not_answer_for_a_red_referral_is_told_every_half_hour(world: World) -> None:
    held_up(world)
    assert told(world, LATER + timedelta(minutes=20))["guardian"] == 1  # at once, when it came up
    assert told(world, LATER + timedelta(minutes=30))["guardian"] == 2
    assert told(world, LATER + timedelta(minutes=100)) == {"guardian": 4, "governance": 0, "contact": 0}
    assert GuardianReminder.objects.get().times == 3
    assert AuditEvent.objects.filter(action="front_door.remind_guardians").count() == 3


def test_after_four_hours_information_governance_is_told_with_them(world: World) -> None:
    held_up(world)
    assert told(world, LATER + timedelta(minutes=230))["governance"] == 0
    after = told(world, LATER + timedelta(minutes=240))
    assert (after["governance"], GuardianReminder.objects.get().escalated_at) == (1, LATER + timedelta(minutes=240))
    assert told(world, LATER + timedelta(minutes=470))["governance"] == 1
    assert told(world, LATER + timedelta(minutes=480))["governance"] == 2  # from then on at the longer stretch


def test_what_is_not_urgent_is_reminded_of_once_a_day(world: World) -> None:
    held_up(world, rating=Rating.GREEN)
    assert told(world, LATER + timedelta(hours=23))["guardian"] == 1
    assert told(world, LATER + timedelta(hours=24)) == {"guardian": 2, "governance": 0, "contact": 0}
    assert told(world, LATER + timedelta(hours=48))["governance"] == 1


def test_by_night_the_contact_for_those_hours_is_told_where_one_is_set(world: World) -> None:
    store(GUARDIAN_CONTACT.key, "on.call@council.example", starts_on=AT.date(), set_by=None, set_at=AT)
    referral = held_up(world)
    assert told(world, LATER + timedelta(hours=4))["contact"] == 0  # the office is open until five
    assert told(world, LATER + timedelta(hours=8))["contact"] == 1
    body = OutboxMessage.objects.get(to="on.call@council.example").body
    assert "Wren" not in body
    assert referral.reference not in body


def test_an_answer_and_a_decision_end_the_reminders(world: World) -> None:
    held_up(world)
    match = RestrictedMatch.objects.get()
    services.answer_guardian_match(
        match=match, referral=None, answer="proceed", words="Somebody else.", by=world.guardian, at=LATER
    )
    assert told(world, LATER + timedelta(hours=6)) == {"guardian": 1, "governance": 0, "contact": 0}


def test_two_keepers_at_once_remind_once(world: World) -> None:
    held_up(world)
    at = LATER + timedelta(minutes=30)
    assert [services.remind_guardians(at=at), services.remind_guardians(at=at)] == [1, 0]


def test_reminders_name_nobody_and_no_outbox_shows_them(world: World) -> None:
    held_up(world)
    told(world, LATER + timedelta(hours=5))
    for each in OutboxMessage.objects.filter(about_kind="person_index.restrictedmatch"):
        assert "Wren" not in each.subject + each.body
        assert "Hiddenfield" not in each.subject + each.body


def test_the_setting_refuses_reminders_that_never_come() -> None:
    check = GUARDIAN_CLOCKS.check
    assert check is not None
    check(GUARDIAN_CLOCKS.default)
    with pytest.raises(ValueError, match="minutes"):
        check({"urgent": {"again": 300, "governance": 240}, "other": {"again": 60, "governance": 60}})


def test_a_guardian_who_is_not_information_governance_finds_the_page(world: World) -> None:
    account, post = make_post(role=Role.TEAM_MANAGER, team=world.place.north_team, name="Tess Testmanager")
    viewer = actor_of(account, LATER)
    assert "guardian" not in {entry.url_name for entry in entries_for(viewer)}
    index.name_party(
        restriction=Restriction.objects.get(),
        part="guardian",
        post=post,
        reason="Knows her.",
        by=world.guardian,
        at=LATER,
    )
    assert "guardian" in {entry.url_name for entry in entries_for(viewer)}
    assert "guardian" in {entry.url_name for entry in entries_for(world.guardian)}
    assert "guardian" not in {entry.url_name for entry in entries_for(world.actor("worker"))}
    assert system(LATER).post_ids == frozenset()
