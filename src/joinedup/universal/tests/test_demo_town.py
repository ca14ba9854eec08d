"""A town's registers and young people, written in bulk, read by the same queries as any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joinedup.access.actor import system
from joinedup.organisations.tests.factories import AT, make_locality, make_organisation, make_team
from joinedup.person_index.tests.factories import make_record
from joinedup.universal import demo_town, queries
from joinedup.universal.models import Attendance, Participation, Session

pytestmark = pytest.mark.django_db


def test_the_town_s_figures_are_not_empty() -> None:
    council = make_organisation(code="COUNCIL", name="Exampleshire Council")
    schools = make_organisation(code="SCHOOLS", name="Exampleshire Schools Forum", kind="school")
    make_team(localities=(make_locality(name="North", prefixes=("ZZ1", "ZZ2")),))
    for number in range(18):
        born = AT.date().replace(year=AT.date().year - number, month=3)
        for agency in (council, schools):
            make_record(
                agency=agency,
                given_name=f"Young{number}",
                birth_date=born,
                postcode="ZZ1 1AA",
                at=AT - timedelta(days=90),
            )
    came = demo_town.load(at=AT, regulars=6)
    assert came == Attendance.objects.count() > 50
    assert Session.objects.filter(state="held").count() == Session.objects.count() == 2 * 5 * 36
    assert not Session.objects.filter(held_on__gt=AT.date()).exists()
    found = queries.reach(system(AT), starts=AT.date() - timedelta(days=300), ends=AT.date(), is_whole=True)
    assert found.children is not None
    assert found.children > 5
    assert found.attendances < came, "some were not there"
    assert Participation.objects.count() > 0
    figures = queries.participation_figures(system(AT))
    assert figures.whole.of > 0
