"""What comes from other directories and goes to others: duplicates, what is held, files, room, and no secret address anywhere."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent, AuditWords
from joinedup.core.errors import Refused
from joinedup.core.tabular import report_csv
from joinedup.directory import services
from joinedup.directory.matching import Side, contact_of, likeness, pairs_of
from joinedup.directory.models import DuplicatePair, Entry, Source, Staged
from joinedup.directory.queries import duplicates, files, sources
from joinedup.directory.tests.factories import make_entry, make_provider, place_at
from joinedup.directory.tests.test_harvest import FEED, record, take
from joinedup.organisations.tests.factories import AT

BY = system(AT)
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("other", "is_suspected"),
    [
        (Side(TWO, "Stay and Play", "Alder Hub", frozenset({"ZZ1 1SA"})), True),
        (Side(TWO, "Play & Stay", "Alder Family Hub", frozenset({"ZZ1 1SA"})), True),
        (Side(TWO, "Stay and play", "Birch Hub", frozenset({"ZZ9 9ZZ"})), False),
        (Side(TWO, "Baby massage", "Alder Hub", frozenset({"ZZ1 1SA"})), False),
        (Side(TWO, "Stay and play", "Alder Hub", reached_at=frozenset({"hello@alder.example"})), True),
        (Side(TWO, "Stay and play"), False),  # nothing but a name to go by
    ],
)
def test_whether_two_are_suspected_to_be_one(other: Side, is_suspected: bool) -> None:
    first = Side(
        ONE, "Stay and play", "Alder Hub", frozenset({"ZZ1 1SA"}), reached_at=frozenset({"hello@alder.example"})
    )
    assert bool(list(pairs_of([first, other]))) is is_suspected
    assert likeness(first, other) == likeness(other, first)
    assert all(likeness(first, other).reasons)


def test_contacts_are_compared_as_they_are_meant() -> None:
    assert contact_of("https://www.Alder.example/") == contact_of("http://alder.example")
    assert contact_of("+44 1632 960 001") == contact_of("(01632) 960001")


@pytest.mark.django_db
def test_one_is_kept_the_other_leads_to_it_and_a_harvest_respects_it() -> None:
    take([record(1, name="Stay and play")], name="Mockshire")
    take([record(1, name="Stay & play")], name="Elsewhere")
    take([record(2, name="Baby massage")], name="Elsewhere")
    assert services.look_for_duplicates(by=BY, at=AT) == 1
    pair = DuplicatePair.objects.get()
    page = duplicates.pair_page(BY, pair.pk)
    assert any("Both are at ZZ1 1SA" in each for each in page.reasons)
    kept = Entry.objects.get(name="Stay and play")
    other = Entry.objects.get(name="Stay & play")
    with pytest.raises(Refused) as refusal:
        services.decide_same(pair=pair, kept=Entry.objects.get(name="Baby massage"), by=BY, at=AT)
    assert refusal.value.rule == "DR-603"
    pair.refresh_from_db()
    services.decide_same(pair=duplicates.pair_to_decide(BY, pair.pk), kept=kept, by=BY, at=AT)
    names = lambda: {each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]}  # noqa: E731
    assert names() == {"Stay and play", "Baby massage"}
    answer = Client().get(f"{FEED}/services/{other.pk}")
    assert (answer.status_code, answer["Location"]) == (301, f"{FEED}/services/{kept.pk}")
    take([record(1, name="Stay & play now")], name="Elsewhere")
    assert names() == {"Stay and play", "Baby massage"}
    assert services.look_for_duplicates(by=BY, at=AT) == 0
    services.undo_duplicate(pair=duplicates.pair_to_decide(BY, pair.pk), by=BY, at=AT)
    assert names() == {"Stay and play", "Stay & play now", "Baby massage"}
    services.decide_different(pair=duplicates.pair_to_decide(BY, pair.pk), by=BY, at=AT)
    assert services.look_for_duplicates(by=BY, at=AT) == 0
    assert duplicates.suspected(BY, state="different")[0] == 1


@pytest.mark.django_db
def test_what_is_held_is_put_right_left_out_or_waits() -> None:
    take([record(1, name=""), record(2, url="not a url"), record(3)], is_trusted=False)
    source = Source.objects.get()
    rows = {each.their_id: each for each in Staged.objects.exclude(faults=[])}
    assert set(rows) == {"1", "2"}
    report = report_csv(sources.faults_of_source(BY, source.pk))
    assert report.splitlines()[0] == "row,field,value,reason"
    assert "Enter what the service is called." in report
    with pytest.raises(Refused):
        services.mend_record(staged=sources.held_to_decide(BY, rows["1"].pk), field="id", now="9", by=BY, at=AT)
    services.mend_record(staged=sources.held_to_decide(BY, rows["1"].pk), field="name", now="Club one", by=BY, at=AT)
    services.leave_record(staged=sources.held_to_decide(BY, rows["2"].pk), reason="It has ended", by=BY, at=AT)
    page = sources.source_page(BY, source.pk)
    assert (page.line.waiting, page.line.held, [each.their_id for each in page.left]) == (2, 0, ["2"])
    assert take([record(1, name=""), record(2, url="not a url"), record(3)], is_trusted=False).unchanged == 2
    source.refresh_from_db()
    assert services.approve_source(source=source, by=BY, at=AT) == 2
    assert {each["name"] for each in Client().get(f"{FEED}/services").json()["contents"]} == {"Club one", "Club 3"}
    source.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        services.approve_source(source=source, by=BY, at=AT)
    assert refusal.value.rule == "DR-413"


SECRETS = ("ZZ7 1TM", "Harbour Secret", "12 Mock Street", "52.123", "Hidden Hall")


def _refuge(**more: Any) -> dict[str, Any]:
    place = place_at("ZZ7 1TM", "Harbour Secret")["location"] | {
        "latitude": 52.123,
        "longitude": -1.5,
        "name": "Hidden Hall",
    }
    place["addresses"][0]["address_1"] = "12 Mock Street"
    return record(9, name="A safe place", description="Our refuge is open day and night.", service_at_locations=[{"id": 1, "location": place}]) | more  # fmt: skip


def _nothing_secret(client: Client) -> None:
    """Every page, feed, file and table of the directory that is reached without being asked something; whoever reads."""
    ids: dict[str, list[str]] = {"entry_id": [str(each) for each in Entry.objects.values_list("pk", flat=True)]}
    ids["staged_id"] = [str(each) for each in Staged.objects.values_list("pk", flat=True)]
    ids["directory_source_id"] = [str(each) for each in Source.objects.values_list("pk", flat=True)]
    ids["duplicate_pair_id"] = [str(each) for each in DuplicatePair.objects.values_list("pk", flat=True)]
    ids["open_data_kind"] = list(files.KINDS)
    seen = 0
    for pattern in _directory_patterns():
        route = str(pattern.pattern)
        wanted = list(pattern.pattern.converters)
        if any(name not in ids for name in wanted) or len(wanted) > 1:
            continue
        for one in ids[wanted[0]] if wanted else [""]:
            path = route
            for name in wanted:
                path = path.replace(f"<uuid:{name}>", one).replace(f"<slug:{name}>", one)
            for query in ("", "?full=true&per_page=500", "?search=ZZ7+1TM"):
                answer = client.get(f"/{path}{query}")
                said = _text_of(answer)
                found = [words for words in SECRETS if words in said and f"search={words}" not in said]
                assert not found or query.startswith("?search"), (path, found)
                seen += 1
    assert seen > 30


def _directory_patterns() -> list[Any]:
    found = []

    def walk(patterns: Any) -> None:
        for each in patterns:
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns)
            elif getattr(each.callback, "__module__", "").startswith("joinedup.directory."):
                found.append(each)

    walk(get_resolver().url_patterns)
    return found


def _text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        package = zipfile.ZipFile(io.BytesIO(content))
        return "\n".join(package.read(name).decode() for name in package.namelist())
    return str(content.decode("utf-8", "replace"))


@pytest.mark.django_db
def test_no_output_carries_a_secret_address() -> None:
    """Every address of the directory is walked by itself: a page that is added is covered."""
    refuge = make_provider("Harbour Housing", is_secret=True)
    make_entry(refuge, name="A safe place to stay", service_at_locations=[_refuge()["service_at_locations"][0]])
    make_entry()
    assert take([_refuge(), record(1)]).held == 1
    row = sources.held_to_decide(BY, Staged.objects.exclude(faults=[]).get().pk)

    def nowhere() -> None:
        _nothing_secret(Client())
        said = [
            json.dumps(sources.faults_of_source(BY, row.source_id)),
            str(sources.held_page(BY, row.pk)) if row.faults else "",
        ]
        said += [json.dumps(each.raw) for each in Staged.objects.all()]
        said += [str(each) for each in (*AuditEvent.objects.values(), *AuditWords.objects.values())]
        said += [files.file_of_everything(BY, "fhir", address="http://x").decode()]
        assert not [(words, each[:80]) for each in said for words in SECRETS if words in each]

    nowhere()
    services.decide_secrecy(staged=row, is_secret=True, by=BY, at=AT)
    row.refresh_from_db()
    assert Entry.objects.get(name="A safe place").is_address_secret
    nowhere()
    # Said otherwise by its source it still comes in without a place; with an address in its words it is held, and they are not told.
    assert take([_refuge(description="Our refuge is open all year."), record(1)]).updated == 1
    held = take([_refuge(description="Our refuge is at 12 Mock Street."), record(1)])
    assert "12 Mock" not in str(held.faults)
    row.refresh_from_db()
    nowhere()
    with pytest.raises(Refused) as refusal:
        make_entry(refuge, name="Another at ZZ7 1TM")
    assert "ZZ7" not in refusal.value.sentence


@pytest.mark.django_db
def test_files_for_others_hold_together() -> None:
    entry = make_entry(
        minimum_age=0, maximum_age=5, service_at_locations=[place_at("ZZ1 1SA")], languages=[{"name": "English", "code": "en"}],
        schedules=[{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:30", "closes_at": "11:00"}],
        cost_options=[{"option": "Each time", "amount": 0}], url="https://alder.example",
        attributes=[{"link_type": "service type", "taxonomy_term": {"id": "play", "name": "Play", "description": "=1+1"}}],
    )  # fmt: skip
    services.say_capacity(entry=entry, unit="places", available=3, maximum=12, by=BY, at=AT)
    with pytest.raises(Refused) as refusal:
        services.say_capacity(
            entry=Entry.objects.get(pk=entry.pk), unit="places", available=13, maximum=12, by=BY, at=AT
        )
    assert refusal.value.rule == "DR-702"
    whole = Client().get(f"{FEED}/services/{entry.pk}").json()
    assert (whole["capacities"][0]["available"], whole["capacities"][0]["unit"]["name"]) == (3, "places")
    package = zipfile.ZipFile(io.BytesIO(Client().get("/open-data/hsds/").content))
    said = json.loads(package.read("datapackage.json"))
    import csv

    rows = {
        each["name"]: list(csv.DictReader(io.StringIO(package.read(each["path"]).decode())))
        for each in said["resources"]
    }
    assert {
        "service",
        "organization",
        "location",
        "address",
        "schedule",
        "service_capacity",
        "unit",
        "taxonomy_term",
    } <= set(rows)
    for each in said["resources"]:
        known = [one["id"] for one in rows[each["name"]]]
        assert len(known) == len(set(known))
        for key in each["schema"].get("foreignKeys", ()):
            there = {one["id"] for one in rows[key["reference"]["resource"] or each["name"]]}
            assert {one[key["fields"]] for one in rows[each["name"]]} - {""} <= there, (each["name"], key)
    assert rows["taxonomy_term"][0]["description"] == "'=1+1"  # no spreadsheet runs it
    bundle = json.loads(Client().get("/open-data/fhir/").content)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in bundle["entry"]:
        by_kind.setdefault(each["resource"]["resourceType"], []).append(each["resource"])
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert len({each["fullUrl"] for each in bundle["entry"]}) == len(bundle["entry"])
    healthcare = by_kind["HealthcareService"][0]
    assert healthcare["active"] is True
    assert healthcare["availableTime"] == [
        {"daysOfWeek": ["mon", "tue"], "availableStartTime": "09:30:00", "availableEndTime": "11:00:00"}
    ]
    references = [healthcare["providedBy"]["reference"], *(each["reference"] for each in healthcare["location"])]
    assert set(references) <= {f"{kind}/{each['id']}" for kind, rows in by_kind.items() for each in rows}
    assert "open-data" in Client().get("/open-data/").content.decode()
