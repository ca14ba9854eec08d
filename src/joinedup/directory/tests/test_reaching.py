"""How a service is reached: numbers as they are dialled, addresses to go to, and neither of a place that is kept secret."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.directory.models import Entry
from joinedup.directory.reaching import addresses_of, dialled, phones_of
from joinedup.directory.tests.factories import make_entry, place_at

PHONES = [{"id": "b3d2a3a0-3c0f-4d0e-9a51-0d7c1f0f0001", "number": "01632 960001"}]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("01632 960001", "01632960001"), ("+44 (0)1632 960001", "+441632960001"), ("(01632) 960-001", "01632960001"), ("111", "111"),
        ("01632 960001 / 960002", ""), ("ask at the desk", ""), ("12", ""), ("", ""), ("0" * 20, ""), ("01632 960001 or 2", ""),
    ],
)  # fmt: skip
def test_what_is_dialled(number: str, expected: str) -> None:
    assert dialled(number) == expected


def test_numbers_and_addresses_of_a_record() -> None:
    address = {
        "address_1": "1 Test Street",
        "address_2": "First floor",
        "city": "Exampletown",
        "postal_code": "ZZ1 1SA",
    }
    letters = {"address_1": "PO Box 1", "postal_code": "ZZ1 1AA", "address_type": "postal"}
    hall = {
        "name": "Alder Hall",
        "addresses": [address, letters],
        "phones": [{"number": "01632 960003", "extension": "4"}],
    }
    record = {
        "phones": [{"number": "01632 960001", "description": "Bookings"}, {"number": "01632 960009", "type": "fax"}],
        "contacts": [{"name": "The office", "phones": [{"number": "01632960001"}, {"number": "01632 960002"}]}],
        "service_at_locations": [{"location": hall}, {"location": hall}, {}],
    }
    assert [(each.number, each.about) for each in phones_of(record)] == [
        ("01632 960001", "Bookings"), ("01632 960002", "The office"), ("01632 960003", "Alder Hall, extension 4"),
    ]  # fmt: skip
    assert addresses_of(record) == ("Alder Hall, 1 Test Street, First floor, Exampletown, ZZ1 1SA",)
    assert (phones_of({}), addresses_of({})) == ((), ())


@pytest.mark.django_db
def test_a_service_can_be_rung_and_a_refuge_is_not_told() -> None:
    hours = [{"id": "b3d2a3a0-3c0f-4d0e-9a51-0d7c1f0f0002", "byday": "TU", "opens_at": "09:30", "closes_at": "11:00"}]
    open_one = make_entry(service_at_locations=[place_at("ZZ1 1SA")], phones=PHONES, schedules=hours)
    client = Client()
    page = client.get(reverse("found_service", args=[open_one.pk])).content.decode()
    assert 'href="tel:01632960001">01632 960001</a>' in page
    assert "1 Alder Family Hub, Exampletown, ZZ1 1SA" in page
    assert "Tuesday, 09:30 to 11:00" in page
    assert "Ring before you go." in page  # nobody assured it yet

    # A record from before its place was to be secret still says it: the page does not.
    refuge = make_entry(name="A safe place", service_at_locations=[place_at("ZZ1 1SA")], phones=PHONES, schedules=hours)
    Entry.objects.filter(pk=refuge.pk).update(is_address_secret=True)
    page = client.get(reverse("found_service", args=[refuge.pk])).content.decode()
    assert "A safe place" in page
    assert "We do not say where this service is." in page
    assert not [each for each in ("960001", "tel:0", "ZZ1 1SA", "Alder", "Tuesday", "Ring before") if each in page]

    silent = make_entry(name="No number")
    page = client.get(reverse("found_service", args=[silent.pk])).content.decode()
    assert "Ring before you go." not in page
    assert "Ask them before you go." in page
