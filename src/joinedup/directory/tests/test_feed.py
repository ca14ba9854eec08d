"""The open feed: conformant by our own check and by the published schemas, found by what is asked, and nothing secret in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.directory import demo, services
from joinedup.directory.checking import check_feed
from joinedup.directory.demo_records import DISTRICT, POSTCODES, PROVIDERS
from joinedup.directory.models import Entry, EntryPlace, EntryVersion
from joinedup.directory.reading import Answer
from joinedup.directory.tests.factories import make_entry, make_provider, place_at
from joinedup.directory.tests.test_checking import needs_samples, schema_of
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db
FEED = "/open-referral/v3"


class _Site:
    """Our own feed, read as the check reads any."""

    name, most_pages = "ours", 1_000_000

    def get(self, path: str, **asked: object) -> Answer:
        answer = Client().get(FEED + path, asked)
        return Answer(answer.status_code, answer.json(), headers={name.lower(): text for name, text in answer.items()})


@pytest.fixture
def filled() -> None:
    for _, code in PROVIDERS.values():
        make_organisation(code=code, name=code.capitalize(), kind="voluntary")
    council = make_organisation(code="COUNCIL", name="Exampleshire Council", kind="council")
    for role in (Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER):  # who answers young people in the demo
        make_post(role=role, employer=council)
    demo.load(at=AT)


def _everything(value: Any) -> Iterator[Any]:
    yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _everything(one)


def _names(**asked: object) -> set[str]:
    return {each["name"] for each in Client().get(f"{FEED}/services", asked).json()["contents"]}


def test_the_demo_passes_both_levels_and_holds_nothing_empty(filled: None) -> None:
    report = check_feed(_Site())
    assert report.passes_level_2, report.as_words()
    assert {each.outcome for each in report.addresses} == {"passed"}, report.as_words()
    assert len(report.addresses) == 11
    assert all(each.records for each in report.addresses if "{" not in each.path and each.path != "/")
    client = Client()
    assert client.get(f"{FEED}/").json()["version"] == "HSDS-UK-3.0"
    assert client.get(FEED).status_code == 200
    for path in ("services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations"):
        answer = client.get(f"{FEED}/{path}", {"full": "true", "per_page": 500})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        assert [one for one in _everything(answer.json()["contents"]) if one in (None, "", [], {})] == []


@needs_samples
def test_every_record_fits_the_published_schemas(filled: None) -> None:
    client, seen = Client(), 0
    for path, listed, single in (
        ("services", "service_list", "service"), ("service_at_locations", "service_at_location_list", "service_at_location"),
        ("organizations", "organization_list", "organization"), ("taxonomy_terms", "taxonomy_term", "taxonomy_term"),
    ):  # fmt: skip
        for one in client.get(f"{FEED}/{path}", {"per_page": 500}).json()["contents"]:
            whole = client.get(f"{FEED}/{path}/{one['id']}").json()
            for shape, record in ((listed, one), (single, whole)):
                assert [str(each) for each in schema_of(shape).iter_errors(record)] == []
            seen += 1
    assert seen > 50


def test_what_is_found(filled: None) -> None:
    assert _names(search="worried baby sleeping") == {"Health visitor clinic"}
    assert "Stay and play at Alder" in _names(age=3)
    assert "Stay and play at Alder" not in _names(age=7)
    assert "Friday night football" not in _names(minimum_age=12)  # as the standard says it: its minimum is 11
    assert "Music and beats" in _names(minimum_age=12)
    assert _names(day="SA", search="music") == {"Music and beats"}
    assert _names(day="Sunday") == {"Short breaks for disabled children"}
    assert _names(modified_after="2999-01-01T00:00:00Z") == set()
    page = Client().get(f"{FEED}/services", {"page": 3, "per_page": 5}).json()
    assert (page["total_pages"], page["size"], page["last_page"], page["first_page"]) == (3, 2, True, False)
    beyond = Client().get(f"{FEED}/services", {"page": 2_000_000_000}).json()
    assert (beyond["empty"], beyond["contents"]) == (True, [])
    minimal = Client().get(f"{FEED}/services", {"minimal": "true"}).json()["contents"]
    assert {tuple(each) for each in minimal} == {("id", "modified_date")}


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(0, {"Alder Family Hub"}), (1499, {"Alder Family Hub"}), (1501, {"Alder Family Hub", "Beyond"})],
)
def test_distance_is_in_metres_and_coverage_by_district(metres: int, expected: set[str]) -> None:
    services.add_postcodes(rows=[*POSTCODES, ("ZZ1 9ZZ", 432500, 287000, DISTRICT)], by=system(AT), at=AT)
    make_entry(service_at_locations=[place_at("ZZ1 1SA")])
    make_entry(
        name="Beyond", service_at_locations=[place_at("ZZ1 9ZZ", "Beyond")], service_areas=[{"uri": f"x/{DISTRICT}"}]
    )
    make_entry(
        name="Elsewhere",
        service_at_locations=[place_at("ZZ1 1SA", "Elsewhere")],
        service_areas=[{"uri": "x/E06999902"}],
    )

    def found(**asked: object) -> set[str]:
        rows = Client().get(f"{FEED}/service_at_locations", asked).json()["contents"]
        return {each["location"]["name"] for each in rows}

    assert found(postcode="zz11sa", proximity=metres) == expected
    assert found(postcode="ZZ1 1SA") == {"Alder Family Hub", "Beyond"}
    assert found(postcode="ZZ0 0ZZ") == set()


@pytest.mark.parametrize(
    "asked",
    [{"page": "0"}, {"page": "x"}, {"per_page": "501"}, {"minimum_age": "nan"}, {"minimum_age": "-1"}, {"taxonomy_id": "7"},
     {"day": "XX"}, {"start_time": "25:00"}, {"modified_after": "yesterday"}, {"minimal": "perhaps"}, {"page": "٣"}],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(asked: dict[str, str]) -> None:
    answer = Client().get(f"{FEED}/services", asked)
    assert answer.status_code == 400
    assert (answer.json()["rule"], next(iter(asked)) in answer.json()["message"]) == ("DR-303", True)


def test_strange_words_find_nothing_and_break_nothing() -> None:
    for words in ("\x00", "' OR 1=1 --", "((", "a & | !", "x" * 5000, '"', "🦊"):
        assert Client().get(f"{FEED}/services", {"search": words}).status_code == 200
    assert Client().post(f"{FEED}/services").status_code == 405
    assert Client().options(f"{FEED}/services").status_code == 204
    for path in ("services", "service_at_locations", "taxonomies", "taxonomy_terms", "organizations"):
        for key in ("00000000-0000-7000-8000-000000000000", "not-a-key"):
            assert Client().get(f"{FEED}/{path}/{key}").status_code == 404


def test_a_secret_address_is_never_kept_and_never_said() -> None:
    refuge = make_provider("Testharbour Refuge", is_secret=True)
    services.add_postcodes(rows=POSTCODES, by=system(AT), at=AT)
    place = place_at("ZZ7 1TM", "Harbour Secret House")
    place["location"] |= {"latitude": 52.1, "longitude": -1.5}
    entry = make_entry(refuge, name="A safe place", service_at_locations=[place])
    client = Client()
    outputs = [
        client.get(f"{FEED}/{path}", {"full": "true"}).content.decode()
        for path in ("services", "service_at_locations", "organizations")
    ]
    outputs += [
        client.get(f"{FEED}/services/{entry.pk}").content.decode(),
        client.get(f"{FEED}/organizations/{refuge.pk}", {"full_service": "true"}).content.decode(),
    ]
    outputs += [json.dumps(each.document) for each in EntryVersion.objects.all()]
    assert all("A safe place" in each for each in (outputs[0], outputs[1], outputs[3], outputs[4], outputs[5]))
    for words in ("ZZ7", "Harbour Secret", "52.1", "Exampletown"):
        assert not any(words in each for each in outputs), words
    assert EntryPlace.objects.get(entry=entry).easting is None
    for words in ("Come to ZZ7 1TM", "We are at 12 Mock Street"):
        with pytest.raises(Refused) as refusal:
            make_entry(refuge, name="Another", description=words)
        assert refusal.value.rule == "DR-107"


def test_what_waits_is_not_public_and_nobody_approves_their_own() -> None:
    council = make_organisation(code="COUNCIL", name="Exampleshire Council", kind="council")
    ann, ben = (
        actor_of(make_post(role=Role.COMMISSIONER, employer=council, name=name, title="Commissioner")[0], AT)
        for name in ("Ann Testneeds", "Ben Testneeds")
    )
    entry = make_entry()
    said = {"name": "Stay and play", "status": "active", "description": "Now on Mondays too."}
    version = services.write_record(provider=entry.provider, document=said, entry=entry, by=ann, at=AT)
    assert "Mondays" not in Client().get(f"{FEED}/services/{entry.pk}").content.decode()
    for by, is_approved, rule in ((ann, True, "DR-204"), (ben, False, "DR-205")):
        with pytest.raises(Refused) as refusal:
            services.decide_version(entry_version=version, is_approved=is_approved, by=by, at=AT)
        assert refusal.value.rule == rule
    with pytest.raises(Refused) as refusal:
        services.write_record(
            provider=entry.provider, document=said | {"fees": "£1"}, entry=Entry.objects.get(pk=entry.pk), by=ben, at=AT
        )
    assert refusal.value.rule == "DR-202"
    services.decide_version(entry_version=version, is_approved=True, by=ben, at=AT)
    assert "Mondays" in Client().get(f"{FEED}/services/{entry.pk}").content.decode()
    dev = actor_of(make_post(role=Role.REFERRER, employer=council, name="Dev Testaway", title="Youth worker")[0], AT)
    with pytest.raises(Refused) as refusal:
        services.write_record(provider=entry.provider, document=said, by=dev, at=AT)
    assert refusal.value.rule == "permission:directory.write_records"
