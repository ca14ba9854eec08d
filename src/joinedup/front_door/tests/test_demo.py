"""The demo's contacts: every state has something to show, at the right times, and the same at any hour of the year."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.chronology.models import Event
from joinedup.front_door import demo
from joinedup.front_door.comparing import Fact
from joinedup.front_door.demo_scenes import SCENES
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import CaseNotice, Contact, DutyPage, Handover, Referral, ReferrerReply, StaffAllegation
from joinedup.front_door.queries.profile import profile
from joinedup.front_door.queries.profile_records import CardState
from joinedup.information_sharing import demo as information_sharing_demo
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.tests.factories import AT
from joinedup.person_index import demo as person_index_demo

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("days", [0, 1, 4, 5, 6])
def test_working_days_before_are_weekdays(days: int) -> None:
    moment = demo.working_days_before(datetime(2026, 11, 22, 3, tzinfo=LONDON), days, 10.5)
    assert (moment.hour, moment.minute) == (10, 30)
    assert moment.weekday() < 5 or days == 0


def test_scenes_are_few_enough_to_load_at_once() -> None:
    assert 30 <= len(SCENES) <= 40


@pytest.mark.django_db
@pytest.mark.parametrize("at", [AT, datetime(2026, 12, 27, 3, 10, tzinfo=LONDON)])
def test_every_page_has_something_to_show(at: datetime) -> None:
    partnership = organisations_demo.load(at=at)
    households = person_index_demo.load(at=at)
    information_sharing_demo.load(at=at, organisations=partnership.organisations, posts=partnership.posts)
    demo.load(at=at, households=households)
    assert set(Referral.objects.values_list("state", flat=True)) == set(State)
    assert {"blue", "green", "amber", "red", ""} == set(Referral.objects.values_list("rating", flat=True))
    undecided = Referral.objects.filter(state__in=UNDECIDED)
    assert 1 <= undecided.filter(decide_by__lt=at).count() <= 3
    assert undecided.filter(decide_by__gte=at).count() >= 8
    assert DutyPage.objects.filter(accepted_at__isnull=True).count() == 1
    assert ReferrerReply.objects.filter(told_at__isnull=True).exists()
    assert ReferrerReply.objects.filter(told_at__isnull=False).exists()
    assert set(Handover.objects.values_list("status", flat=True)) == {"sent", "received", "assessment"}
    assert set(StaffAllegation.objects.values_list("state", flat=True)) == {"received", "taken"}
    assert CaseNotice.objects.filter(acknowledged_at__isnull=True).count() == 1
    assert set(Contact.objects.values_list("channel", flat=True)) == {"form", "phone", "public"}
    _partners_were_asked(at)
    for moments in (AuditEvent, Event):
        assert not moments.objects.filter(at__gt=at).exists()
    assert not AuditEvent.objects.filter(kind="refusal").exists()


def _partners_were_asked(at: datetime) -> None:
    """Requests open, answered, refused, disagreeing, waiting for a manager and late."""
    asked = Referral.objects.filter(askings__isnull=False).distinct()
    found = [profile(system(at), each.pk) for each in asked]
    cards = [card for each in found for card in each.cards]
    assert {card.state for card in cards} >= {
        CardState.INVOLVED, CardState.IN_THE_PAST, CardState.NOTHING_FOUND, CardState.REFUSED, CardState.WAITING,
    }  # fmt: skip
    assert sum(bool(card.late) for card in cards) == 1
    assert sum(each.waiting_asking is not None for each in found) == 1
    assert any(one.fact == Fact.LEVEL for each in found for one in each.disagreements)
    assert any(each.own_judgement and each.own_judgement.differs_because for each in found)
    assert any(card.is_old for card in cards)
