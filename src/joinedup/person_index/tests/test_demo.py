"""The demo's people show what makes linking hard, and are the same every time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.tests.factories import AT
from joinedup.person_index import demo
from joinedup.person_index.models import AgencyRecord, Family, ImportRun, LinkProposal, Person, SafeContact


def test_the_same_households_come_out_every_time() -> None:
    assert demo.households(AT.date()) == demo.households(AT.date())


def test_nobody_is_real_and_nobody_is_born_after_the_files_came() -> None:
    for house in demo.households(AT.date()):
        assert house.postcode.startswith("ZZ") or not house.postcode
        assert house.phone.startswith("07700 900")
        for person in house.people:
            assert person.nhs_number.startswith("999")
            assert person.born < AT.date() - timedelta(days=0)


@pytest.mark.django_db
def test_five_agencies_know_about_250_people_in_80_households() -> None:
    organisations_demo.load(at=AT)
    houses = demo.load(at=AT)
    assert len(houses) == 80
    assert 240 <= sum(len(house.people) for house in houses) <= 300
    assert Person.objects.count() < AgencyRecord.objects.count() / 2
    assert Family.objects.count() > 40
    assert SafeContact.objects.exists()
    runs = {run.file_name: run.counts for run in ImportRun.objects.all()}
    assert {counts["rejected"] for name, counts in runs.items() if name != "council-changes.csv"} == {0}
    assert (runs["council-changes.csv"]["rejected"], runs["council-changes.csv"]["created"]) == (1, 0)
    twins = Person.objects.filter(family_name=houses[0].surname, given_name__in=["Ellie", "Elsie"])
    assert len(twins) == 2
    assert LinkProposal.objects.filter(state="waiting").count() >= 4
    assert {flag for row in LinkProposal.objects.all() for flag in row.flags} >= {"twins"}
    child = Person.objects.get(given_name="Tobias", family_name=houses[1].surname)
    assert child.memberships.count() == 2
