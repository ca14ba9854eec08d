"""Searching, reading one person, and who sees what: Amira works with the family, the others do not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access import grounds
from joinedup.access.actor import Actor, system
from joinedup.access.grounds import PersonGround, register_person_ground
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import Person
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.tests.factories import make_family, make_person, make_record, nhs_number, person_of

pytestmark = pytest.mark.django_db
BORN = date(2015, 3, 14)


@dataclass
class Cast:
    """Amira in the team, Ben in another team, Cara in another partner, Dev outside, Faith at the front door."""

    amira: Actor
    ben: Actor
    cara: Actor
    dev: Actor
    faith: Actor
    rowan: Person
    mo: Person


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    team, other_team = make_team(code="NORTH"), make_team(code="SOUTH")
    front_door = make_team(code="DOOR", kind="front_door")
    school = make_organisation(code="SCHOOLS", kind="school")
    people = {
        "amira": make_post(role=Role.KEY_WORKER, team=team)[0],
        "ben": make_post(role=Role.KEY_WORKER, team=other_team)[0],
        "cara": make_post(role=Role.REFERRER, employer=school, host=school)[0],
        "dev": make_post(role=Role.SYSTEM_ADMINISTRATOR)[0],
        "faith": make_post(role=Role.FRONT_DOOR_WORKER, team=front_door)[0],
    }
    actors = {name: actor_of(account) for name, account in people.items()}
    rowan, mo = make_person(postcode="ZZ1 1AA"), make_person(given_name="Mo", birth_date=date(1990, 1, 2))
    monkeypatch.setattr(grounds, "_person_grounds", {})
    amira_id = actors["amira"].account_id
    register_person_ground(
        PersonGround(
            "test.team",
            "You are in the team around this child.",
            lambda viewer: (
                Person.objects.filter(pk=rowan.pk).values_list("pk") if viewer.account_id == amira_id else None
            ),
        )
    )
    return Cast(**actors, rowan=rowan, mo=mo)


def test_who_sees_rowan(cast: Cast) -> None:
    record = queries.person(cast.amira, cast.rowan.pk, purpose="test")
    assert record.name == "Rowan Testerfield"
    assert record.grounds == ("You are in the team around this child.",)
    for outsider in (cast.ben, cast.cara, cast.dev, cast.faith):
        with pytest.raises(NotVisible):
            queries.person(outsider, cast.rowan.pk, purpose="test")
        assert queries.grounds_of(outsider, cast.rowan.pk) == ()
    row = AuditEvent.objects.get(kind="read")
    assert (row.purpose, row.people, row.actor_id) == ("test", [cast.rowan.pk], cast.amira.account_id)


def test_a_family_shows_only_whom_the_viewer_may_see(cast: Cast) -> None:
    family = make_family((cast.rowan, "child"), (cast.mo, "parent"))
    seen = queries.family(cast.amira, family.pk, purpose="test")
    assert [mate.name for mate in seen.members] == ["Rowan Testerfield"]
    everybody = queries.family(system(AT), family.pk, purpose="test")
    assert [mate.name for mate in everybody.members] == ["Rowan Testerfield", "Mo Testerfield"]
    assert [each.name for each in queries.person(cast.amira, cast.rowan.pk, purpose="test").families] == [seen.name]
    for outsider in (cast.ben, cast.cara, cast.dev):
        with pytest.raises(NotVisible):
            queries.family(outsider, family.pk, purpose="test")


def test_two_homes_and_a_relationship_with_somebody_unseen(cast: Cast) -> None:
    make_family((cast.rowan, "child"), name="First home")
    make_family((cast.rowan, "child"), name="Second home")
    services.record_relationship(person=cast.mo, other=cast.rowan, kind="mother", source="call", by=system(AT), at=AT)
    assert len(queries.person(cast.amira, cast.rowan.pk, purpose="test").families) == 2
    assert queries.person(cast.amira, cast.rowan.pk, purpose="test").relationships == ()
    related = queries.person(system(AT), cast.rowan.pk, purpose="test").relationships
    assert [(each.name, each.kind, each.is_theirs) for each in related] == [("Mo Testerfield", "Mother", False)]


def test_only_the_front_door_searches(cast: Cast) -> None:
    query = SearchQuery(given_name="Rowan", family_name="Testerfield", birth_date=BORN)
    found = queries.search_people(cast.faith, query, purpose="a call")
    assert [each.person_id for each in found.candidates] == [cast.rowan.pk]
    for other in (cast.amira, cast.ben, cast.cara, cast.dev):
        with pytest.raises(NotPermitted):
            queries.search_people(other, query, purpose="curiosity")


def test_a_search_says_why_who_knows_them_and_who_is_at_home(cast: Cast) -> None:
    schools = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
    make_record(postcode="ZZ1 1AA", nhs_number=nhs_number(1))
    make_record(agency=schools, postcode="ZZ1 1AA", address="1 Invented Way")
    robin = make_person(given_name="Robin", postcode="ZZ1 1AA")
    make_family((cast.rowan, "child"), (robin, "child"), (cast.mo, "parent"))
    found = queries.search_people(cast.faith, SearchQuery("Rown", "Testerfeild", BORN, "ZZ1 1AA"), purpose="a call")
    best = found.candidates[0]
    assert best.person_id == cast.rowan.pk
    assert set(best.agencies) == {"Organisation SCHOOLS", "Exampleshire Health"}
    assert "Same date of birth" in best.reasons
    assert [mate.name for mate in best.household] == ["Robin Testerfield", "Mo Testerfield"]
    assert best.address.startswith("ZZ1 1AA") or "ZZ1 1AA" in best.address
    twin = next(each for each in found.candidates if each.person_id == robin.pk)
    assert twin.is_possible_twin
    row = AuditEvent.objects.get(kind="search")
    assert set(row.people) == {cast.rowan.pk, robin.pk, cast.mo.pk}
    assert "Test" not in row.subject_id
    assert len(row.subject_id) == 40


def test_nobody_and_too_little_say_so(cast: Cast) -> None:
    nobody = queries.search_people(cast.faith, SearchQuery("Zebedee", "Unheardof", BORN), purpose="a call")
    assert not nobody.candidates
    assert not nobody.is_too_little
    assert "before you add them" in nobody.sentence
    little = queries.search_people(cast.faith, SearchQuery(family_name="Testerfield"), purpose="a call")
    assert little.is_too_little
    assert "too little" in little.sentence
    assert AuditEvent.objects.filter(kind="search").count() == 2


def test_a_search_runs_the_same_statements_whoever_is_found(cast: Cast) -> None:
    def count(query: SearchQuery) -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.search_people(cast.faith, query, purpose="a call")
        return len(captured)

    count(SearchQuery("Warm", "Up"))  # how common names are is read now and then
    one = count(SearchQuery("Rowan", "Testerfield", BORN))
    nobody = count(SearchQuery("Zebedee", "Unheardof", BORN))
    for number in range(20):
        twin = make_person(given_name=f"Rowan{number}", postcode="ZZ1 1AA")
        make_family((twin, "child"), (cast.mo, "parent"))
        make_record(given_name="Rowan", nhs_number=nhs_number(number + 10))
    assert one == nobody == count(SearchQuery("Rowan", "Testerfield", BORN))
    # Never the other of two sealed identities; looking up takes three (what was typed, names a slip away, and both with
    # the homes of relatives), and who is withheld is asked after each that names people.
    assert one <= 16


def test_a_person_page_asks_as_much_however_much_there_is(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.person(cast.amira, cast.rowan.pk, purpose="test")
        return len(captured)

    first = make_record(given_name="Row", birth_date=None)
    services.link_record(record=first, person=cast.rowan, reason="Same", by=system(AT), at=AT)
    mate = make_person(given_name="Mate")
    services.record_relationship(person=cast.rowan, other=mate, kind="sister", source="call", by=system(AT), at=AT)
    one = count()
    for number in range(10):
        mate = make_person(given_name=f"Mate{number}")
        make_family((cast.rowan, "child"), (mate, "child"))
        services.record_relationship(person=cast.rowan, other=mate, kind="brother", source="call", by=system(AT), at=AT)
        record = make_record(given_name=f"Rowan{number}", birth_date=None)
        services.link_record(record=record, person=cast.rowan, reason="Same", by=system(AT), at=AT)
    assert count() == one
    assert one <= 15


def test_what_hangs_on_an_entry_follows_it(cast: Cast) -> None:
    shell = make_record(given_name="Ro", birth_date=None)
    entry = person_of(shell)
    make_family((entry, "child"), (cast.mo, "parent"), name="Other home")
    services.record_safe_contact(person=entry, how="none", source="refuge worker", by=system(AT), at=AT)
    services.link_record(record=shell, person=cast.rowan, reason="Same child", by=system(AT), at=AT)
    record = queries.person(system(AT), cast.rowan.pk, purpose="test")
    assert [family.name for family in record.families] == ["Other home"]
    assert record.safe_contact.is_do_not_contact
    assert not queries.may_contact(cast.rowan.pk, "letter")
    assert [mate.name for mate in queries.household_of([cast.rowan.pk])[cast.rowan.pk]] == ["Mo Testerfield"]
    # Whoever saw the entry sees the person it belongs to.
    seen = queries.person(system(AT), entry.pk, purpose="test")
    assert seen.continued_by is not None
    assert seen.continued_by.person_id == cast.rowan.pk


def test_safe_contact_is_what_was_recorded_and_nothing_else(cast: Cast) -> None:
    advice = queries.safe_contact_for(cast.rowan.pk)
    assert not advice.is_recorded
    assert "has not been recorded" in advice.sentence
    assert not any(queries.may_contact(cast.rowan.pk, how) for how in ("phone", "text", "email", "letter"))
    for minutes, (how, details) in enumerate([("letter", ""), ("text", "07700 900 123")]):
        services.record_safe_contact(
            person=cast.rowan,
            how=how,
            details=details,
            not_through="her partner",
            source="call",
            by=cast.amira,
            at=AT + timedelta(minutes=minutes),
        )
    assert queries.may_contact(cast.rowan.pk, "text")
    assert not queries.may_contact(cast.rowan.pk, "letter")
    assert queries.safe_contact_for(cast.rowan.pk).sentence == (
        "By text message: 07700 900 123. Not through her partner."
    )
    with pytest.raises(NotPermitted):
        services.record_safe_contact(person=cast.rowan, how="letter", source="x", by=cast.ben, at=AT)


def test_records_side_by_side(cast: Cast) -> None:
    first = make_record(given_name="Row", birth_date=None, sex="F")
    second = make_record(given_name="Rowen", birth_date=None, sex="F")
    for record in (first, second):
        services.link_record(record=record, person=cast.rowan, reason="Same", by=system(AT), at=AT)
    shown = {each.label: each for each in queries.person(cast.amira, cast.rowan.pk, purpose="t").differences}
    assert shown["First name"].differs
    assert not shown["Sex"].differs
    question = queries.record_in_question(cast.faith, first.pk, purpose="t")
    assert question.columns[0].id == first.pk
    assert not question.is_all_that_is_known
    with pytest.raises(NotPermitted):
        queries.record_in_question(cast.amira, first.pk, purpose="t")
    with pytest.raises(NotVisible):
        queries.record_in_question(cast.ben, first.pk, purpose="t")


def test_people_the_record_might_be(cast: Cast) -> None:
    record = make_record(given_name="Robin", postcode="ZZ9 9ZZ")
    question, choices = queries.link_choices(cast.faith, record.pk, purpose="t")
    assert question.person == person_of(record)
    assert [each.person_id for each in choices] == [cast.rowan.pk]
    choice = queries.link_in_question(cast.faith, record.pk, cast.rowan.pk, purpose="t")
    assert not choice.is_kept_apart
    assert "Same date of birth" in choice.reasons


def test_people_at_the_same_address_are_suggested_for_the_family(cast: Cast) -> None:
    services.add_address(
        person=cast.rowan, lines="1 Invented Way", postcode="ZZ1 1AA", source="call", by=system(AT), at=AT
    )
    schools = make_organisation(code="SCHOOLS", kind="school")
    robin = make_record(agency=schools, given_name="Robin", address="1, Invented Way, Testbridge", postcode="ZZ1 1AA")
    make_record(agency=schools, given_name="Noel", address="11 Invented Way", postcode="ZZ1 1AA")
    make_person(given_name="Away", address="1 Invented Way", postcode="ZZ2 2BB")
    mum = make_person(given_name="Mum", address="1 Invented Way", postcode="ZZ1 1AA")
    make_family((cast.rowan, "child"), (mum, "parent"))
    found = queries.family_suggestions(cast.faith, cast.rowan.pk, purpose="family")
    assert [each.person_id for each in found] == [person_of(robin).pk]
    with pytest.raises(NotPermitted):
        queries.family_suggestions(cast.amira, cast.rowan.pk, purpose="family")


def test_the_digest_of_a_search_needs_the_key(settings: Any) -> None:
    query = SearchQuery("Rowan", "Testerfield", BORN)
    one = query.digest()
    assert one == replace(query).digest()
    settings.SECRET_KEY = "another" * 10
    assert query.digest() != one
