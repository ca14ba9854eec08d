"""Adding and changing people and families."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import queries, services
from joinedup.person_index.models import FamilyMember, SearchKey
from joinedup.person_index.services import NewPerson
from joinedup.person_index.tests.factories import make_family, make_person

pytestmark = pytest.mark.django_db
SYSTEM = system(AT)


def test_somebody_is_added_and_found() -> None:
    person = make_person(known_as="Ro", former_family_name="Fieldtester", postcode="ZZ1 1AA", sex="F")
    assert (str(person), person.known_as, person.sex) == ("Rowan Testerfield", "Ro", "F")
    assert person.known == {
        "forenames": ["Rowan", "Ro"], "surnames": ["Testerfield", "Fieldtester"], "postcodes": ["ZZ1 1AA"]
    }  # fmt: skip
    assert SearchKey.objects.filter(person=person).exists()
    row = AuditEvent.objects.get(action="person_index.create_person")
    assert row.people == [person.pk]


def test_an_unborn_child_and_nobody_at_all() -> None:
    unborn = services.create_person(
        facts=NewPerson(family_name="Testerfield", expected_on=date(2027, 2, 1)), source="call", by=SYSTEM, at=AT
    )
    assert unborn.expected_on == date(2027, 2, 1)
    with pytest.raises(Refused) as refused:
        services.create_person(facts=NewPerson(), source="call", by=SYSTEM, at=AT)
    assert refused.value.rule == "PI-11"


def test_only_the_front_door_adds_people() -> None:
    facts = NewPerson(given_name="Rowan", family_name="Testerfield")
    for role, allowed in [(Role.FRONT_DOOR_WORKER, True), (Role.KEY_WORKER, False), (Role.REFERRER, False)]:
        account, _ = make_post(role=role)
        if allowed:
            assert services.create_person(facts=facts, source="call", by=actor_of(account), at=AT)
        else:
            with pytest.raises(NotPermitted):
                services.create_person(facts=facts, source="call", by=actor_of(account), at=AT)


def test_a_stated_fact_can_be_changed_and_taken_back() -> None:
    person = make_person()
    services.change_person(
        person=person, changes={"birth_date": date(2016, 3, 14)}, version=person.version, by=SYSTEM, at=AT
    )
    person.refresh_from_db()
    assert person.birth_date == date(2016, 3, 14)
    with pytest.raises(Refused):
        services.change_person(person=person, changes={"sex": "F"}, version=1, by=SYSTEM, at=AT)
    services.change_person(person=person, changes={"birth_date": None}, version=person.version, by=SYSTEM, at=AT)
    person.refresh_from_db()
    assert person.birth_date is None


def test_names_and_homes_over_time() -> None:
    person = make_person(postcode="ZZ1 1AA", address="1 Invented Way")
    services.add_name(
        person=person, given_name="Rowan", family_name="Fieldtester", starts_on=date(2026, 1, 1), source="call",
        by=SYSTEM, at=AT,
    )  # fmt: skip
    services.add_address(
        person=person, lines="2 Invented Way", postcode="ZZ2 2BB", is_second_home=True, source="call", by=SYSTEM, at=AT
    )
    record = queries.person(SYSTEM, person.pk, purpose="test")
    assert record.name == "Rowan Fieldtester"
    assert [str(name) for name in record.names] == ["Rowan Fieldtester", "Rowan Testerfield"]
    assert len(record.present_addresses) == 2
    services.add_address(person=person, is_no_fixed_address=True, source="call", by=SYSTEM, at=AT)
    record = queries.person(SYSTEM, person.pk, purpose="test")
    assert [str(home) for home in record.present_addresses] == ["No fixed address"]
    assert len(record.addresses) == 3
    with pytest.raises(Refused):
        services.add_address(person=person, source="call", by=SYSTEM, at=AT)


def test_joining_and_leaving_a_family() -> None:
    rowan, mo = make_person(), make_person(given_name="Mo", birth_date=date(1990, 1, 2))
    family = make_family((rowan, "child"))
    services.join_family(family=family, person=mo, part="parent", by=SYSTEM, at=AT)
    with pytest.raises(Refused) as again:
        services.join_family(family=family, person=mo, part="parent", by=SYSTEM, at=AT)
    assert again.value.rule == "PI-13"
    services.leave_family(family=family, person=mo, ends_on=AT.date(), by=SYSTEM, at=AT)
    with pytest.raises(Refused):
        services.leave_family(family=family, person=mo, ends_on=AT.date(), by=SYSTEM, at=AT)
    assert FamilyMember.objects.filter(family=family).count() == 2
    record = queries.family(SYSTEM, family.pk, purpose="test")
    assert ([mate.name for mate in record.members], [mate.name for mate in record.former]) == (
        ["Rowan Testerfield"], ["Mo Testerfield"]
    )  # fmt: skip


def test_relationships_are_recorded_once() -> None:
    rowan, mo = make_person(), make_person(given_name="Mo")
    facts = {"person": mo, "other": rowan, "kind": "mother", "source": "call", "by": SYSTEM, "at": AT}
    services.record_relationship(**facts)
    for wrong in (facts, facts | {"kind": "goblin"}, facts | {"other": mo}):
        with pytest.raises(Refused):
            services.record_relationship(**wrong)


@pytest.mark.parametrize(("how", "details"), [("pigeon", ""), ("text", "")])
def test_safe_contact_needs_a_way_and_its_details(how: str, details: str) -> None:
    with pytest.raises(Refused):
        services.record_safe_contact(person=make_person(), how=how, details=details, source="x", by=SYSTEM, at=AT)
