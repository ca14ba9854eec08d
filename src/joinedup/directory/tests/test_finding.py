"""Finding a service: by words, postcode, age, day and cost; what was not assured lately is hidden from practitioners only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor, public, system
from joinedup.core.errors import Refused
from joinedup.directory import services
from joinedup.directory.demo_records import DISTRICT, POSTCODES
from joinedup.directory.queries import finding
from joinedup.directory.queries.finding import Wanted
from joinedup.directory.rules import freshness
from joinedup.directory.tests.factories import make_entry, make_provider, place_at
from joinedup.organisations.tests.factories import AT


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "fresh"), (89, "fresh"), (90, "due"), (119, "due"), (120, "old"), (None, "old")]
)
def test_how_assurance_ages(days: int | None, expected: str) -> None:
    on = date(2026, 11, 23)
    assured = None if days is None else on - timedelta(days=days)
    assert freshness(assured, on, flag_after=90, hide_after=120) == expected


def _found(viewer: Actor | None = None, **wanted: object) -> list[str]:
    page = finding.services_found(viewer or public(AT), Wanted(**wanted))  # type: ignore[arg-type]
    assert page.total == len(page.rows)
    return [each.name for each in page.rows]


@pytest.mark.django_db
def test_what_fits_and_in_which_order() -> None:
    services.add_postcodes(rows=[*POSTCODES, ("ZZ1 9ZZ", 434000, 287000, DISTRICT)], by=system(AT), at=AT)
    provider = make_provider()
    make_entry(
        provider,
        name="Far babies",
        service_at_locations=[place_at("ZZ7 1TM", "Far")],
        maximum_age=4,
        cost_options=[{"amount": 3}],
    )
    make_entry(provider, name="Near babies", service_at_locations=[place_at("ZZ1 2TB", "Near")], maximum_age=4,
               schedules=[{"byday": "TU"}], cost_options=[{"amount": 0}])  # fmt: skip
    make_entry(provider, name="Visits for babies at home", description="We come to you.")
    make_entry(
        provider,
        name="Babies elsewhere",
        service_areas=[{"uri": "x/E06999902"}],
        service_at_locations=[place_at("ZZ1 1SA", "There")],
    )
    near, far, visits, elsewhere = "Near babies", "Far babies", "Visits for babies at home", "Babies elsewhere"
    assert _found(words="baby", postcode="zz1 1sa") == [near, far, visits]  # nearest first, and what comes home last
    assert _found(words="baby", postcode="ZZ1 1SA", miles=3) == [near, visits]
    assert set(_found(words="baby")) == {near, far, visits, elsewhere}
    assert set(_found(age=7)) == {visits, elsewhere}
    assert _found(day="TU") == [near]
    assert _found(is_free=True) == [near]
    wider = finding.services_found(public(AT), Wanted(words="babies with unicorns"))
    assert (wider.is_wider, wider.total) == (True, 4)
    assert finding.services_found(public(AT), Wanted(words="zzz")).total == 0
    with pytest.raises(Refused) as refusal:
        _found(postcode="ZZ0 0ZZ")
    assert refusal.value.rule == "DR-301"
    page = finding.services_found(public(AT), Wanted(words="near", postcode="ZZ1 1SA"))
    assert page.rows[0].miles == pytest.approx(0.9)


@pytest.mark.django_db
def test_what_was_not_assured_lately_is_hidden_from_practitioners_only() -> None:
    provider = make_provider()
    for days in (10, 100, 130):
        then = AT - timedelta(days=days)
        services.assure_entry(
            entry=make_entry(provider, name=f"{days} days"), how="Rang them.", by=system(then), at=then
        )
    make_entry(provider, name="Never")
    with pytest.raises(Refused):
        services.assure_entry(entry=make_entry(provider, name="x"), how=" ", by=system(AT), at=AT)
    worker = Actor(provider.pk, "Amira Testerly", AT)
    assert set(_found(worker)) == {"10 days", "100 days"}
    assert set(_found()) == {"10 days", "100 days", "130 days", "Never", "x"}
    page = finding.services_found(public(AT), Wanted())
    assert {each.name for each in page.rows if not each.is_due} == {"10 days"}


@pytest.mark.django_db
def test_the_pages_in_the_browser_s_door() -> None:
    services.add_postcodes(rows=POSTCODES, by=system(AT), at=AT)
    entry = make_entry(
        service_at_locations=[place_at("ZZ1 1SA")], url="https://placeholder.example/", minimum_age=0, maximum_age=4
    )
    client = Client()
    assert "Find help for your family" in client.get(reverse("find_services")).content.decode()
    sent = client.post(
        reverse("find_services"), {"words": "playing", "postcode": "ZZ11SA", "miles": "1", "age": "3"}
    ).content.decode()
    assert "1 service fits" in sent
    assert "for ages up to 4 · less than a mile away" in sent
    assert 'value="postcode" class="app-chip"' in sent
    assert "Age 3" not in client.post(reverse("find_services"), {"age": "3", "without": "age"}).content.decode()
    assert "Where they are" in sent
    assert "4.00" not in sent
    nothing = client.post(reverse("find_services"), {"age": "9"}).content.decode()
    assert "Nothing fits all of that" in nothing
    assert "Leave out the age</button> (1 service)" in nothing
    for wrong in ({"postcode": "nowhere"}, {"postcode": "ZZ0 0ZZ"}, {"age": "old"}):
        assert "There is a problem" in client.post(reverse("find_services"), wrong).content.decode()
    page = client.get(reverse("found_service", args=[entry.pk])).content.decode()
    assert "1 Alder Family Hub, Exampletown, ZZ1 1SA" in page
    assert client.get(reverse("found_service", args=[entry.provider_id])).status_code == 404
