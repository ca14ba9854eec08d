"""Whose record it is: linked by rule, by a person, separated exactly, kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.models import AgencyRecord, EarlierVersion, KeepApart, Person, RecordLink, SearchKey
from joinedup.person_index.tests.factories import (
    make_family,
    make_person,
    make_record,
    make_row,
    nhs_number,
    person_of,
)

pytestmark = pytest.mark.django_db
SYSTEM = system(AT)
BORN = date(2015, 3, 14)


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


def everything_about(person: Person) -> dict[str, Any]:
    """All that a person is, apart from the version of the row."""
    person = Person.objects.get(pk=person.pk)
    facts = {field.name: getattr(person, field.attname) for field in Person._meta.concrete_fields}
    del facts["version"]
    return facts | {
        "keys": sorted(SearchKey.objects.filter(person=person).values_list("key", flat=True)),
        "names": list(person.names.order_by("pk").values()),
        "addresses": list(person.addresses.order_by("pk").values()),
        "families": list(person.memberships.order_by("pk").values()),
        "records": sorted(
            RecordLink.objects.filter(person=person, separated_at=None).values_list("record_id", flat=True)
        ),
    }


def test_same_nhs_number_and_birth_date_is_linked(schools: Organisation) -> None:
    first = make_record(nhs_number=nhs_number(1))
    third = make_record(agency=schools, given_name="Rowan", family_name="Fieldtester", nhs_number=nhs_number(1))
    assert person_of(third) == person_of(first)
    assert RecordLink.objects.get(record=third).rule == "PI-1"
    another = make_record(agency=schools, given_name="Robin", nhs_number=nhs_number(1))
    assert person_of(another) != person_of(first)  # the look of a twin


def test_same_name_birth_date_and_postcode_is_linked(schools: Organisation) -> None:
    first = make_record(postcode="ZZ1 1AA")
    second = make_record(agency=schools, given_name="ROWAN", postcode="ZZ1 1AA")
    moved = make_record(agency=schools, postcode="ZZ2 2BB")
    renamed_and_moved = make_record(agency=schools, family_name="Otherfield", postcode="ZZ3 3CC")
    assert person_of(second) == person_of(first)
    assert RecordLink.objects.get(record=second).rule == "PI-2"
    assert person_of(moved) == person_of(first)
    assert RecordLink.objects.get(record=moved).rule == "LK"  # by the model: a rare name and the same day
    assert person_of(renamed_and_moved) != person_of(first)


def test_a_twin_is_never_linked(schools: Organisation) -> None:
    rowan = make_record(postcode="ZZ1 1AA", nhs_number=nhs_number(1))
    robin = make_record(given_name="Robin", postcode="ZZ1 1AA", nhs_number=nhs_number(2))
    same_number = make_record(agency=schools, given_name="Robin", postcode="ZZ1 1AA", nhs_number=nhs_number(1))
    assert len({person_of(rowan), person_of(robin), person_of(same_number)}) == 3


def test_when_two_people_fit_nothing_is_linked(schools: Organisation) -> None:
    one = make_person(postcode="ZZ1 1AA", address="1 Invented Way")
    two = make_person(postcode="ZZ1 1AA", address="1 Invented Way")
    record = make_record(agency=schools, postcode="ZZ1 1AA")
    assert person_of(record) not in (one, two)


def test_a_changed_record_keeps_what_it_said_before() -> None:
    agency = make_organisation(code="NHS", kind="nhs")
    row = make_row(agency_reference="A1", given_name="Rowan", family_name="Testerfield", birth_date=BORN)
    record = services.store_record(agency=agency, row=row, by=SYSTEM, at=AT)
    again = services.store_record(agency=agency, row=row, by=SYSTEM, at=AT)
    assert again == record
    assert not EarlierVersion.objects.exists()
    married = make_row(agency_reference="A1", given_name="Rowan", family_name="Fieldtester", birth_date=BORN)
    services.store_record(agency=agency, row=married, by=SYSTEM, at=AT)
    person = person_of(record)
    assert person.family_name == "Fieldtester"
    assert person.known["surnames"] == ["Fieldtester", "Testerfield"]
    assert EarlierVersion.objects.get().as_supplied["family_name"] == "Testerfield"


def test_separating_restores_both_people_exactly(schools: Organisation) -> None:
    kept = make_record(postcode="ZZ1 1AA", nhs_number=nhs_number(1), sex="F")
    moved = make_record(
        agency=schools, given_name="Ro", family_name="Otherfield", postcode="ZZ2 2BB", upn="B801200005001"
    )
    target, own = person_of(kept), person_of(moved)
    make_family((target, "child"), (make_person(given_name="Mo", birth_date=date(1990, 1, 2)), "parent"))
    make_family((own, "child"), (make_person(given_name="Jo", birth_date=date(1991, 1, 2)), "parent"))
    before = everything_about(target), everything_about(own)

    services.link_record(record=moved, person=target, reason="Same mother", by=SYSTEM, at=AT)
    own.refresh_from_db()
    assert person_of(moved) == target
    assert own.continued_by_id == target.pk
    assert not SearchKey.objects.filter(person=own).exists()
    assert Person.objects.get(pk=target.pk).upn == "B801200005001"

    services.separate_record(record=moved, reason="Different child after all", by=SYSTEM, at=AT)
    assert (everything_about(target), everything_about(own)) == before
    assert KeepApart.objects.get(lifted_at=None).person == target
    assert RecordLink.objects.filter(record=moved).count() == 3


def test_separating_what_a_rule_linked_makes_a_person_of_the_record(schools: Organisation) -> None:
    first = make_record(postcode="ZZ1 1AA", nhs_number=nhs_number(1))
    alone = everything_about(person_of(first))
    second = make_record(agency=schools, postcode="ZZ1 1AA")
    services.separate_record(record=second, reason="Cousins of one name", by=SYSTEM, at=AT)
    assert everything_about(person_of(first)) == alone
    assert person_of(second) != person_of(first)
    assert person_of(second).given_name == "Rowan"


def test_kept_apart_until_somebody_lifts_it(schools: Organisation) -> None:
    first = make_record(postcode="ZZ1 1AA")
    row = make_row(
        agency_reference="S1", given_name="Rowan", family_name="Testerfield", birth_date=BORN, postcode="ZZ1 1AA"
    )
    second = services.store_record(agency=schools, row=row, by=SYSTEM, at=AT)
    services.separate_record(record=second, reason="Cousins of one name", by=SYSTEM, at=AT)
    changed = make_row(
        agency_reference="S1",
        given_name="Rowan",
        family_name="Testerfield",
        birth_date=BORN,
        postcode="ZZ1 1AA",
        phone="01632 960 001",
    )
    services.store_record(agency=schools, row=changed, by=SYSTEM, at=AT)
    assert person_of(second) != person_of(first)
    with pytest.raises(Refused, match="Lift that decision") as refused:
        services.link_record(record=second, person=person_of(first), reason="Same", by=SYSTEM, at=AT)
    assert refused.value.rule == "PI-5"
    services.lift_keep_apart(keep_apart=KeepApart.objects.get(), reason="Seen together", by=SYSTEM, at=AT)
    services.link_record(record=second, person=person_of(first), reason="Same", by=SYSTEM, at=AT)
    assert person_of(second) == person_of(first)


def test_refusals(schools: Organisation) -> None:
    record = make_record()
    with pytest.raises(Refused) as alone:
        services.separate_record(record=record, reason="Why not", by=SYSTEM, at=AT)
    assert alone.value.rule == "PI-7"
    with pytest.raises(Refused) as silent:
        services.link_record(record=record, person=make_person(), reason=" ", by=SYSTEM, at=AT)
    assert silent.value.rule == "PI-10"
    with pytest.raises(Refused) as already:
        services.link_record(record=record, person=person_of(record), reason="Same", by=SYSTEM, at=AT)
    assert already.value.rule == "PI-13"


def test_a_person_with_stated_facts_stays_when_the_record_goes(schools: Organisation) -> None:
    stated = make_person(postcode="ZZ1 1AA", address="1 Invented Way")
    before = everything_about(stated)
    record = make_record(agency=schools, postcode="ZZ1 1AA", sex="M")
    assert person_of(record) == stated
    services.separate_record(record=record, reason="A cousin", by=SYSTEM, at=AT)
    assert everything_about(stated) == before


def test_nobody_is_linked_to_an_entry_that_another_continues(schools: Organisation) -> None:
    shell, target, third = make_record(), make_record(agency=schools, family_name="Other"), make_record(family_name="X")
    entry = person_of(shell)
    services.link_record(record=shell, person=person_of(target), reason="Same", by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="continued"):
        services.link_record(record=third, person=entry, reason="Same", by=SYSTEM, at=AT)
    assert AgencyRecord.objects.count() == 3
    assert AuditEvent.objects.filter(action="person_index.link_record", kind="refusal").count() == 1


def test_only_the_front_door_decides() -> None:
    from joinedup.access.roles import Role
    from joinedup.organisations.tests.factories import actor_of, make_post

    account, _ = make_post(role=Role.KEY_WORKER)
    record = make_record()
    with pytest.raises(NotPermitted):
        services.separate_record(record=record, reason="Why", by=actor_of(account), at=AT)
