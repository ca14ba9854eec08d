"""Families who come back: the line on a referral that says so, for whom, for how long, and about whom it says nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from joinedup.access.actor import system
from joinedup.casework.models import Case
from joinedup.casework.queries import closed_before
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.core.formats import LONDON
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


@pytest.mark.parametrize(
    ("closed_on", "comes_on", "is_re_referral"),
    [
        (date(2025, 11, 23), date(2026, 11, 22), True),  # a day less than twelve months
        (date(2025, 11, 23), date(2026, 11, 23), True),  # twelve months to the day
        (date(2025, 11, 23), date(2026, 11, 24), False),  # a day more
        (date(2024, 2, 29), date(2025, 2, 28), True),  # a year on, the last of February is that day
        (date(2024, 2, 29), date(2025, 3, 1), False),
        (date(2023, 2, 28), date(2024, 2, 28), True),
        (date(2023, 2, 28), date(2024, 2, 29), True),  # the leap day counts as the last of February
        (date(2023, 2, 28), date(2024, 3, 1), False),
        (date(2023, 3, 1), date(2024, 2, 29), True),
    ],
)
def test_where_twelve_months_end(closed_on: date, comes_on: date, is_re_referral: bool) -> None:
    """Closed in the last minute of its day, and back in the first and in the last of another: days count, not hours."""
    ended = datetime.combine(closed_on, time(23, 59), LONDON)
    case = make_case(team=_old_team(), at=ended - 90 * DAY)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=ended)
    people = list(case.people.values_list("person_id", flat=True))
    assert people
    for hour in (time(0, 1), time(23, 58)):
        found = closed_before(system(datetime.combine(comes_on, hour, LONDON)), people)
        assert [each.case_id for each in found] == ([case.pk] if is_re_referral else [])
