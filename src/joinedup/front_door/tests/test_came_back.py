"""Families who come back: the line on a referral that says so, for whom, for how long, and about whom it says nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joinedup.casework.models import Case
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.front_door.models import Referral
from joinedup.front_door.tests.factories import AT, Partnership, make_partnership, places_of, triage, with_family
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.organisations.models import Team
from joinedup.organisations.tests.factories import make_team
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


def _old_team() -> Team:
    return make_team(code="EARLIER", name="Earlier team")


def closed(person_id: object, *, days: int) -> Case:
    """Work with somebody that closed so many days ago."""
    case = make_case(
        team=_old_team(), family=make_family((Person.objects.get(pk=person_id), "child")), at=AT - (days + 90) * DAY
    )
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=AT - days * DAY)
    return case


def overview(place: Partnership, referral: Referral) -> str:
    return words(Visitor(place.accounts["worker"]).open("referral", referral_id=referral.pk))


def test_earlier_work_that_closed_lately_is_said_with_its_team(place: Partnership) -> None:
    referral = with_family(place)
    case = closed(places_of(referral)[0].person_id, days=61)
    page = overview(place, referral)
    assert "They come back." in page
    assert f"{case.reference}, {case.team.name}: closed 18 September 2026, 2 months ago" in page


def test_nothing_is_said_of_what_closed_long_ago_or_is_open(place: Partnership) -> None:
    referral = with_family(place)
    person_id = places_of(referral)[0].person_id
    still = closed(person_id, days=400)
    assert "They come back." not in overview(place, referral)
    Case.objects.filter(pk=still.pk).update(state="waiting_for_lead", closed_at=None)
    assert "They come back." not in overview(place, referral)


def test_nothing_is_said_before_anybody_is_identified(place: Partnership) -> None:
    other = with_family(place)
    closed(places_of(other)[0].person_id, days=30)
    assert "They come back." not in overview(place, triage(place))
