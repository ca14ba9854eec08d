"""What people are found by: exact whatever comes and goes, graded, and without a trace of whoever is withheld."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import system
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.lookup import Asked, Grade
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import queries, services
from joinedup.person_index.entries import Besides, Entry, as_text, entries_of, said_in
from joinedup.person_index.models import Entry as EntryRow
from joinedup.person_index.models import NameShare, Person, SearchKey, Spelling
from joinedup.person_index.queries import SearchQuery, look_up, read_weighing
from joinedup.person_index.queries.lookup import look_up_steadily
from joinedup.person_index.tests.factories import make_person, make_record, nhs_number

BORN = date(2015, 3, 14)
QUESTIONS = (
    Said("Rowan", "", "Testerfield", BORN),
    Said("Rown", "", "Testerfeild", BORN, "", "", "ZZ1 1AA"),
    Said("Robin", "", "Testerfield", BORN, "", "1 Invented Way", "ZZ1 1AA"),
    Said("", "", "Fieldtester", None, "", "1 Invented Way", "ZZ1 1AA"),
    Said(nhs_number=nhs_number(1)),
    Said("Robyn", "", "Tesperfield", date(2015, 4, 3)),
)


def answers() -> list[list[tuple[str, int, float, str]]]:
    """Everything the lookup says to every question: who, by which entry, with which weight and grade."""
    weighing = read_weighing()
    return [
        [
            (str(Person.objects.get(pk=each.person)), each.entry.number, each.bits, each.grade.value)
            for each in look_up(Asked(asked), weighing)
        ]
        for asked in QUESTIONS
    ]


def held() -> tuple[list[object], ...]:
    """Every row that people are found by, without the names that nobody has any more."""
    return (
        sorted(SearchKey.objects.values_list("person_id", "key")),
        sorted(EntryRow.objects.values_list("person_id", "number", "said", "until")),
    )


@pytest.mark.django_db
def test_what_comes_and_goes_leaves_the_same_rows_and_answers_as_building_them_at_once() -> None:
    rowan = make_person(given_name="Rowan", postcode="ZZ1 1AA", birth_date=BORN)
    make_person(given_name="Robin", postcode="ZZ1 1AA", birth_date=BORN)
    schools = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
    record = make_record(given_name="Rowan", postcode="ZZ1 1AA", nhs_number=nhs_number(1))
    make_record(agency=schools, given_name="Rowan", family_name="Fieldtester", address="1 Invented Way")
    NameShare.objects.create(part="n", name="", share=1000.0)
    first, rows = answers(), held()
    assert all(found for found in first[:5])
    services.separate_record(record=record, reason="Somebody else", by=system(AT), at=AT)
    assert held() != rows
    record.refresh_from_db()
    kept = record.kept_apart.get()
    services.lift_keep_apart(keep_apart=kept, reason="They are the same", by=system(AT), at=AT)
    services.link_record(record=record, person=rowan, reason="The same", by=system(AT), at=AT)
    assert held() == rows
    assert answers() == first
    EntryRow.objects.all().delete()
    SearchKey.objects.all().delete()
    Spelling.objects.all().delete()
    NameShare.objects.all().delete()
    assert services.work_out_entries(at=AT) == Person.objects.filter(continued_by=None).count()
    NameShare.objects.all().delete()
    NameShare.objects.create(part="n", name="", share=1000.0)
    assert held() == rows
    assert answers() == first
    assert services.work_out_entries(at=AT) == 0


@pytest.mark.django_db
def test_somebody_is_found_the_moment_they_are_added_also_with_a_slip() -> None:
    weighing = read_weighing()
    slip = Asked(Said("Zabbelina", "", "Quarkfielt", BORN))
    assert look_up(slip, weighing) == []
    person = make_person(given_name="Zabelina", family_name="Quarkfield", birth_date=BORN)
    assert [each.person for each in look_up(slip, weighing)] == [person.pk]
    assert [each.person for each in look_up(Asked(Said("Quarkfield", "", "Zabelina")), weighing)] == [person.pk]


@pytest.mark.django_db
def test_a_former_name_and_address_are_found_and_said_as_such() -> None:
    person = make_person(given_name="Rowan", postcode="ZZ1 1AA", birth_date=BORN)
    services.add_address(
        person=person, lines="2 Newly Street", postcode="ZZ2 2BB", starts_on=date(2023, 5, 1), source="call",
        by=system(AT), at=AT,
    )  # fmt: skip
    query = SearchQuery("Rowan", "Testerfield", BORN, "ZZ1 1AA")
    best = queries.search_people(system(AT), query, purpose="test").candidates[0]
    assert best.person_id == person.pk
    assert best.grade is Grade.CERTAIN
    assert "Lived at this postcode until 2023" in best.reasons
    assert best.chance == "more than 99 in 100"


@pytest.mark.django_db
def test_an_age_and_an_address_without_a_postcode_do() -> None:
    person = make_person(given_name="Rowan", postcode="ZZ1 1AA", address="17 Imagined Lane", birth_date=BORN)
    by_home = queries.search_people(system(AT), SearchQuery("Rowan", address="17, imagined lane"), purpose="test")
    assert [each.person_id for each in by_home.candidates] == [person.pk]
    aged = queries.search_people(system(AT), SearchQuery("Rowan", "Testerfield", age=11), purpose="test")
    assert "Of the age given" in aged.candidates[0].reasons
    other = queries.search_people(system(AT), SearchQuery("Rowan", "Testerfield", age=40), purpose="test")
    assert "Not of the age given" in other.candidates[0].differences


@pytest.mark.django_db
def test_who_else_lived_there_is_shown_unless_very_many_did() -> None:
    home = {"address": "17 Imagined Lane", "postcode": "ZZ1 1AA"}
    rowan = make_person(given_name="Rowan", birth_date=BORN, **home)
    lodger = make_person(given_name="Gale", family_name="Lodgerson", birth_date=date(1970, 1, 2), **home)
    services.add_address(
        person=lodger, lines="9 Gone Road", postcode="ZZ9 9ZZ", starts_on=date(2024, 2, 1), source="call",
        by=system(AT), at=AT,
    )  # fmt: skip
    query = SearchQuery("Rowan", "Testerfield", BORN)
    found = queries.search_people(system(AT), query, purpose="test").candidates[0]
    assert found.person_id == rowan.pk
    assert [(each.name, each.until) for each in found.lived_there] == [("Gale Lodgerson", date(2024, 2, 1))]
    for number in range(12):
        make_person(given_name=f"Guest{number}", family_name="Hotelier", birth_date=date(1980, 1, 2), **home)
    assert queries.search_people(system(AT), query, purpose="test").candidates[0].lived_there == ()


@pytest.mark.django_db
def test_who_is_withheld_leaves_no_trace_in_how_likely_the_others_are() -> None:
    make_person(given_name="Rowan", postcode="ZZ1 1AA", birth_date=BORN)
    namesake = make_person(given_name="Rowan", postcode="ZZ1 1AA", birth_date=BORN, nhs_number=nhs_number(7))
    weighing = read_weighing()

    def seen(asked: Said, hidden: set[UUID]) -> list[tuple[UUID, float, float, tuple[object, ...]]]:
        found = look_up_steadily(Asked(asked), weighing, lambda ids: hidden & set(ids))
        assert {each.person for each in found.withheld} == hidden
        return [(each.person, each.bits, each.probability, each.guards) for each in found.seen]

    asked = (Said("Rowan", "", "Testerfield", BORN), Said("Rown", "", "Testerfield", BORN, "", "", "ZZ1 1AA"))
    withheld = [seen(each, {namesake.pk}) for each in asked]
    both = [seen(each, set()) for each in asked]
    EntryRow.objects.filter(person=namesake).delete()
    SearchKey.objects.filter(person=namesake).delete()
    assert withheld == [seen(each, set()) for each in asked]
    assert both != withheld


@pytest.mark.django_db
def test_names_are_counted_once_a_day() -> None:
    make_person(given_name="Rowan", birth_date=BORN)
    assert services.count_names(at=AT)
    assert NameShare.objects.get(part="n", name="").share == 1.0
    assert NameShare.objects.get(part="f", name="rowan").share == 1.0
    make_person(given_name="Robin", birth_date=BORN)
    assert not services.count_names(at=AT)
    assert services.count_names(at=AT + timedelta(days=1))
    assert read_weighing().people == 2


def test_entries_fill_their_gaps_and_say_each_thing_once() -> None:
    one = Entry(Said("Rowan", "", "Testerfield", BORN), "b")
    again = Entry(Said("Rowan", "", "Testerfield", None, "U"), "a")
    past = Entry(Said("Rowan", "", "Old", None, "", "", "ZZ1 1AA"), "a", date(2020, 1, 1))
    found = entries_of([past, one, again], Besides(BORN, "M", nhs_number(1)))
    assert found == entries_of([again, past, one], Besides(BORN, "M", nhs_number(1)))
    assert [(each.record, each.said.surname, each.said.sex) for each in found] == [
        ("a", "Testerfield", "M"),
        ("a", "Old", "M"),
    ]
    odd = Said("A|B", "", "C", None, "", "1|2 Way")
    assert said_in(as_text(odd)) == odd._replace(forename="A B", address="1 2 Way")


def moved_with_mother() -> tuple[Person, Person]:
    """A child recorded where they live now, their mother there and at the home before, and namesakes elsewhere."""
    now = {"address": "8 Present Road", "postcode": "ZZ2 2BB"}
    child = make_person(given_name="Rowan", birth_date=BORN, **now)
    mother = make_person(given_name="Alma", birth_date=date(1985, 7, 9), **now)
    services.add_address(
        person=mother, lines="3 Former Street", postcode="ZZ1 1AA", starts_on=date(2020, 2, 1), source="call",
        by=system(AT), at=AT,
    )  # fmt: skip
    for number in range(3):
        make_person(given_name="Rowan", birth_date=date(2016, 1 + number, 2), postcode=f"ZZ1 9X{'ABD'[number]}")
    return child, mother


@pytest.mark.django_db
def test_a_child_is_found_by_the_home_before_where_only_the_mother_is_known_to_have_lived_there() -> None:
    child, _ = moved_with_mother()
    asked = Asked(Said("Rowan", "", "Testerfield", postcode="ZZ1 1AA"), on=AT.date())
    found = look_up(asked, read_weighing())
    assert found[0].person == child.pk
    assert found[0].grade is not Grade.CERTAIN
    steadily = look_up_steadily(asked, read_weighing(), lambda ids: set())
    assert [(each.person, each.bits) for each in steadily.seen] == [(each.person, each.bits) for each in found]


@pytest.mark.django_db
def test_a_mother_who_is_withheld_says_nothing_of_her_child() -> None:
    child, mother = moved_with_mother()
    asked = Asked(Said("Rowan", "", "Testerfield", postcode="ZZ1 1AA"), on=AT.date())
    found = look_up_steadily(asked, read_weighing(), lambda ids: {mother.pk} & set(ids))
    assert mother.pk in {each.person for each in found.withheld}
    with_her = [(each.person, each.bits) for each in found.seen]
    for model in (EntryRow, SearchKey):
        model.objects.filter(person=mother).delete()
    without = look_up_steadily(asked, read_weighing(), lambda ids: set())
    assert with_her == [(each.person, each.bits) for each in without.seen]
    assert with_her[0][0] != child.pk


@pytest.mark.django_db
def test_a_connection_learns_the_statements_once() -> None:
    person = make_person(given_name="Zabelina", family_name="Quarkfield", birth_date=BORN)
    asked = Asked(Said("Zabelina", "", "Quarkfield", BORN))
    weighing = read_weighing()
    assert [each.person for each in look_up(asked, weighing)] == [person.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'joinedup%' ORDER BY name")
        assert [name for (name,) in cursor] == ["joinedup_candidates", "joinedup_near_names"]
    with CaptureQueriesContext(connection) as statements:
        look_up(asked, weighing)
    assert len(statements) == 1
