"""Taking in other directories: again changes nothing, what is dirty is held with its reason, and what was public stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.directory import services, sources
from joinedup.directory.models import Entry, EntryVersion, Source, Staged, Term
from joinedup.directory.reading import Answer
from joinedup.directory.secrecy import gives_place, hidden, sounds_secret
from joinedup.directory.services import Harvested
from joinedup.directory.taking import taken
from joinedup.directory.tests.test_checking import SAMPLES, needs_samples
from joinedup.organisations.tests.factories import AT

FEED = "/open-referral/v3"


def record(number: int, **more: Any) -> dict[str, Any]:
    """A clean record of another directory with a whole number for its id."""
    return {"id": number, "name": f"Club {number}", "status": "active", "organization": {"id": 7, "name": "Mock Clubs"},
            "service_at_locations": [{"id": 1, "location": {"id": 5, "location_type": "physical", "addresses": [
                {"id": 2, "address_1": "The hall", "city": "Mocktown", "postal_code": "ZZ1 1SA"}]}}],
            "attributes": [{"id": 3, "taxonomy_term": {"id": 11, "name": "Clubs", "description": "Clubs"}}]} | more  # fmt: skip


def take(records: Any, *, name: str = "Mockshire", licence: str = "OGL v3", is_trusted: bool = True) -> Harvested:
    source = services.add_source(name=name, licence=licence, is_trusted=is_trusted, by=system(AT), at=AT)
    return services.harvest(source=Source.objects.get(pk=source.pk), records=records, by=system(AT), at=AT)


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_a_change_is_a_version() -> None:
    assert take([record(1), record(2)]).counts == {
        "read": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "held": 0,
        "waiting": 0,
    }
    before = set(Entry.objects.values_list("pk", flat=True))
    assert take([record(2), record(1)]).counts["unchanged"] == 2
    again = take([record(1), record(2, name="Club two")])
    assert (again.unchanged, again.updated, again.created) == (1, 1, 0)
    assert set(Entry.objects.values_list("pk", flat=True)) == before
    assert EntryVersion.objects.count() == 3
    listed = Client().get(f"{FEED}/services").json()["contents"]
    assert {each["name"] for each in listed} == {"Club 1", "Club two"}
    places = Client().get(f"{FEED}/service_at_locations", {"full": "true"}).json()["contents"]
    assert len({each["id"] for each in places}) == 2
    assert len({each["location_id"] for each in places}) == 1  # one hall, two clubs
    assert places[0]["location"]["addresses"][0]["state_province"] == "Mocktown"
    assert Term.objects.get().taxonomy.name == "Categories of Mockshire"
    assert take([record(1)], name="Another").created == 1  # the same id of another source is another service
    with pytest.raises(Refused):
        take([], licence=" ")


@pytest.mark.django_db
def test_what_is_dirty_is_held_and_what_was_public_stays() -> None:
    take([record(1)])
    dirty = [
        record(1, name=""), record(2, organization={}), record(3, url="not a url"), record(4, minimum_age=9, maximum_age=3),
        record(5, name="Harbour Refuge"), record(6), record(6), "no record", {"name": "No id"}, record(7, minimum_age=float("inf")),
        record(8, description="\x00fine\ud800"), record(9, status="odd"),
    ]  # fmt: skip
    result = take(dirty)
    assert result.counts == {"read": 12, "created": 2, "updated": 0, "unchanged": 0, "held": 10, "waiting": 0}
    assert [rule for _, rule, _ in result.faults] == [
        "DR-101", "DR-112", "DR-108", "DR-105", "DR-409", "DR-403", "DR-402", "DR-402", "DR-108", "DR-108",
    ]  # fmt: skip
    assert all(words for _, _, words in result.faults)
    assert Staged.objects.exclude(faults=[]).count() == 10
    assert {each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]} == {
        "Club 1",
        "Club 6",
        "Club 8",
    }
    assert take(dirty).counts == {"read": 12, "created": 0, "updated": 0, "unchanged": 2, "held": 10, "waiting": 0}
    assert take([record(5, name="Harbour Club")]).created == 1  # mended at the source, it is let in


def test_version_one_and_a_table_say_the_same_in_our_words(tmp_path: Path) -> None:
    first = taken({
        "id": "a", "name": "Old club", "organization": {"id": "o", "name": "Mock Clubs"},
        "eligibilitys": [{"minimum_age": "5", "maximum_age": 11}], "regular_schedules": [{"weekday": "Monday", "opens_at": "09:00"}],
        "service_taxonomys": [{"taxonomy": {"id": "t", "name": "Clubs"}}],
        "service_at_locations": [{"id": "s", "location": {"id": "l", "name": "Hall", "latitude": "52.1",
            "physical_addresses": [{"address_1": "1", "city": "Mocktown", "postal_code": "ZZ1 1SA", "country": "England"}]}}],
    }).document  # fmt: skip
    table = tmp_path / "services.csv"
    table.write_text(
        "import_id,import_id_reference,name,organisation,min_age,max_age,service_taxonomies,location_name,location_city,location_postcode,scheduled_weekday,schedules_opens_at,mask_exact_address\n"
        "1,,Old club,Mock Clubs,5,11,Clubs,Hall,Mocktown,ZZ1 1SA,monday,09:00,\n2,1,,,,,,Barn,Mocktown,ZZ1 2TB,friday,10:00,TRUE\n"
    )
    rows = sources.records_of_file(table)
    assert len(rows) == 1
    second = taken(rows[0]).document
    for document in (first, second):
        assert (document["minimum_age"], document["maximum_age"], document["status"]) == (5, 11, "active")
        assert document["schedules"][0]["byday"] == "MO"
        assert document["attributes"][0]["taxonomy_term"]["name"] == "Clubs"
        assert document["service_at_locations"][0]["location"]["addresses"][0]["state_province"] == "Mocktown"
    assert second["schedules"][1]["byday"] == "FR"
    assert "ZZ1 2TB" not in json.dumps(second)
    assert "Barn" not in json.dumps(second)


class _Pages:
    name, most_pages = "pages", 9

    def __init__(self, pages: list[list[Any]], total: int) -> None:
        self.pages, self.total = pages, total

    def get(self, path: str, **asked: object) -> Answer:
        if path == "/":
            return Answer(200, {"version": "HSDS-UK-3.0"})
        page = int(str(asked.get("page", 1)))
        return Answer(200, {"contents": self.pages[min(page, len(self.pages)) - 1], "total_pages": self.total})


def test_a_feed_is_read_to_its_end_and_one_that_repeats_is_left() -> None:
    pages = [[record(1)], [record(2)]]
    assert [each["id"] for each in sources.records_of_feed("x", reader=_Pages(pages, 2))] == [1, 2]
    with pytest.raises(Refused) as refusal:
        list(sources.records_of_feed("x", reader=_Pages(pages, 2_000_000_000)))
    assert refusal.value.rule == "DR-404"


def test_postcodes_of_the_national_file(tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    file.write_text(
        "pcd,pcds,doterm,oslaua,oseast1m,osnrth1m\nZZ1 1SA,ZZ1 1SA,,E06999901,431000,287000\nZZ11SB,ZZ1 1SB,201801,E06999901,1,1\nJE1,JE1 1AA,,,,\n"
    )
    assert list(sources.postcodes_of_file(file)) == [("ZZ1 1SA", 431000, 287000, "E06999901")]


@needs_samples
@pytest.mark.django_db
def test_the_largest_sample_with_its_faults() -> None:
    """128 records under one identifier: the first is taken, the others are held."""
    rows = sources.records_of_file(SAMPLES / "mocks" / "V3.0-UK-Test" / "service_list.json")
    result = take(rows)
    assert (result.read, result.created, result.held) == (128, 1, 127)
    table = SAMPLES.parent / "outpost_bucks" / "services--with-sample-data.csv"
    result = take(sources.records_of_file(table), name="Table")
    assert result.created + result.held == result.read > 1


@pytest.mark.django_db
def test_what_a_source_says_waits_until_it_is_trusted() -> None:
    assert take([record(1), record(2)], is_trusted=False).counts["waiting"] == 2
    assert Client().get(f"{FEED}/services").json()["total_items"] == 0
    entry = Entry.objects.get(name="Club 1")
    assert entry.waiting is not None
    services.decide_version(entry_version=entry.waiting, is_approved=True, by=system(AT), at=AT)
    take([record(1, name="Club one"), record(2)], is_trusted=False)
    assert [each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]] == ["Club 1"]
    take([record(1, name="Club the first"), record(2)], is_trusted=False)  # said anew, the one before waits no more
    entry.refresh_from_db()
    assert entry.waiting is not None
    assert [(each.number, each.decision.is_withdrawn) for each in EntryVersion.objects.filter(entry=entry, decision__isnull=False).order_by("number")] == [(1, False), (2, True)]  # fmt: skip
    services.decide_version(entry_version=entry.waiting, is_approved=True, by=system(AT), at=AT)
    assert [each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]] == ["Club the first"]
    take([record(1, name="Club uno"), record(2, name="Club due")], is_trusted=True)
    assert {each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]} == {"Club uno", "Club due"}


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [
        ({"name": "Harbour Refuge"}, True),
        ({"description": "A safe house for women and children."}, True),
        ({"description": "Our location is kept confidential."}, True),
        ({"attributes": [{"taxonomy_term": {"id": "x", "name": "Domestic abuse", "description": "Accommodation"}}]}, True),
        ({"eligibility_description": "People fleeing domestic violence who need somewhere to stay"}, True),
        ({"description": "Advice on domestic abuse."}, False),
        ({"description": "English for refugees."}, False),
        ({"name": "Harbour Refuge", "service_at_locations": []}, False),  # it gives no place
        ({"name": "Harbour Refuge", "service_at_locations": [], "description": "Come to 12 Mock Street"}, True),
    ],
)  # fmt: skip
def test_what_may_be_a_refuge_is_asked_about(said: dict[str, Any], is_asked: bool) -> None:
    raw = record(1, **said)
    assert bool(sounds_secret(raw) and gives_place(raw)) is is_asked
    kept = json.dumps(hidden(raw))
    assert not any(words in kept for words in ("ZZ1 1SA", "The hall", "Mocktown", "12 Mock Street"))
