"""Adding people, and changing what somebody stated of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version, new_id
from joinedup.person_index.codes import CONTACT_WAYS, NAME_KINDS
from joinedup.person_index.models import Person, PersonAddress, PersonName, SafeContact
from joinedup.person_index.permissions import CHANGE_PERSON, CREATE_PERSON, RECORD_SAFE_CONTACT
from joinedup.person_index.rules import PI_11, PI_12, PI_14
from joinedup.person_index.services.facts import _refresh_people
from joinedup.person_index.services.look_alikes import _shield_look_alikes

_STATED = ("birth_date", "is_birth_date_estimated", "sex", "nhs_number", "upn")
_DIRECT = ("expected_on", "died_on", "interpreter_language", "communication_needs")


@dataclass(frozen=True)
class NewPerson:
    """What is known of somebody who is added. Identifiers and postcode as `engines.linkage.identifiers` returns them."""

    given_name: str = ""
    family_name: str = ""
    known_as: str = ""
    birth_date: date | None = None
    is_birth_date_estimated: bool = False
    expected_on: date | None = None
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    postcode: str = ""
    is_no_fixed_address: bool = False
    former_family_name: str = ""
    interpreter_language: str = ""
    communication_needs: str = ""


@service(CREATE_PERSON)
def create_person(*, facts: NewPerson, source: str, by: Actor, at: datetime) -> Person:
    """Add somebody the index does not know, after a search. `source` says where it comes from ("referral", "call").

    Raises Refused (PI-11) for somebody with neither a name nor an expected date of birth.
    """
    if not (facts.given_name or facts.family_name or facts.expected_on):
        raise Refused("Give a name, or the expected date for an unborn child.", rule=PI_11.code, field="given_name")
    person = Person(
        id=new_id(),
        expected_on=facts.expected_on,
        interpreter_language=facts.interpreter_language,
        communication_needs=facts.communication_needs,
        stated=_stated_of({name: getattr(facts, name) for name in _STATED}),
        created_at=at,
    )
    person.save(force_insert=True)
    PersonName.objects.bulk_create(_names_of(person, facts, source))
    if facts.address or facts.postcode or facts.is_no_fixed_address:
        PersonAddress.objects.create(
            person=person,
            lines=facts.address,
            postcode=facts.postcode,
            is_no_fixed_address=facts.is_no_fixed_address,
            source=source,
        )
    _refresh_people([person.pk])
    _shield_look_alikes([person.pk], at=at, made_by=by.account_id)
    person.refresh_from_db()
    note(people=[person.pk], changed=("created",), words={"source": source})
    return person


def _names_of(person: Person, facts: NewPerson, source: str) -> list[PersonName]:
    names = []
    if facts.given_name or facts.family_name:
        names.append(
            PersonName(person=person, given_name=facts.given_name, family_name=facts.family_name, source=source)
        )
    if facts.former_family_name:
        former = PersonName(person=person, family_name=facts.former_family_name, kind="former", source=source)
        names.insert(0, former)
    if facts.known_as:
        names.append(PersonName(person=person, given_name=facts.known_as, kind="known_as", source=source))
    return names


def _stated_of(values: dict[str, Any]) -> dict[str, Any]:
    """Stated facts as they are stored: only those that say something."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {name: value for name, value in plain.items() if value not in (None, "", "U", False)}


@service(CHANGE_PERSON, on="person")
def change_person(*, person: Person, changes: dict[str, Any], version: int, by: Actor, at: datetime) -> Person:
    """State facts of a person: birth_date, is_birth_date_estimated, sex, nhs_number, upn, expected_on, died_on,
    interpreter_language, communication_needs. An empty value takes back what was stated, so that records speak again.
    """
    unknown = set(changes) - {*_STATED, *_DIRECT}
    if unknown:
        raise TypeError(f"a person has no {', '.join(sorted(unknown))} to change")
    claim_version(person, version)
    before = {name: getattr(person, name) for name in changes}
    stated = {name: changes[name] for name in _STATED if name in changes}
    person.stated = _stated_of({**person.stated, **stated})
    direct = {name: changes[name] for name in _DIRECT if name in changes}
    for name, value in direct.items():
        setattr(person, name, value)
    person.save(update_fields=["stated", *direct])
    _refresh_people([person.pk])
    _shield_look_alikes([person.pk], at=at, made_by=by.account_id)
    person.refresh_from_db()
    note(people=[person.pk], changed=tuple(changes), words={"before": before, "after": changes})
    return person


@service(CHANGE_PERSON, on="person")
def add_name(
    *,
    person: Person,
    given_name: str,
    family_name: str,
    kind: str = "usual",
    starts_on: date | None = None,
    source: str,
    by: Actor,
    at: datetime,
) -> PersonName:
    """Add a name. A new usual or known-as name ends the one before on the day it starts (or today); none is removed."""
    if kind not in NAME_KINDS:
        raise Refused("Choose what kind of name it is.", rule=PI_14.code, field="kind")
    if not (given_name or family_name):
        raise Refused("Enter a name.", rule=PI_11.code, field="given_name")
    if kind != "former":
        ending = starts_on or at.date()
        PersonName.objects.filter(person=person, kind=kind, ends_on__isnull=True).update(ends_on=ending)
    name = PersonName.objects.create(
        person=person,
        given_name=given_name,
        family_name=family_name,
        kind=kind,
        starts_on=starts_on,
        source=source,
    )
    _refresh_people([person.pk])
    _shield_look_alikes([person.pk], at=at, made_by=by.account_id)
    note(people=[person.pk], changed=("name",), words={"kind": kind, "source": source})
    return name


@service(CHANGE_PERSON, on="person")
def add_address(
    *,
    person: Person,
    lines: str = "",
    postcode: str = "",
    is_no_fixed_address: bool = False,
    starts_on: date | None = None,
    is_second_home: bool = False,
    source: str,
    by: Actor,
    at: datetime,
) -> PersonAddress:
    """Add where somebody lives. It ends their other present addresses unless it `is_second_home`: a child may live in
    two homes. Nothing is removed."""
    if not (lines or postcode or is_no_fixed_address):
        raise Refused("Enter an address, or say that there is no fixed address.", rule=PI_14.code, field="lines")
    if not is_second_home:
        ending = starts_on or at.date()
        PersonAddress.objects.filter(person=person, ends_on__isnull=True).update(ends_on=ending)
    address = PersonAddress.objects.create(
        person=person,
        lines=lines,
        postcode=postcode,
        is_no_fixed_address=is_no_fixed_address,
        starts_on=starts_on,
        source=source,
    )
    _refresh_people([person.pk])
    _shield_look_alikes([person.pk], at=at, made_by=by.account_id)
    note(people=[person.pk], changed=("address",), words={"source": source})
    return address


@service(CHANGE_PERSON, on="person")
def end_address(*, person: Person, address_id: int, ends_on: date, by: Actor, at: datetime) -> PersonAddress:
    """Somebody no longer lives there; the address stays in their history."""
    address = PersonAddress.objects.select_for_update().get(person=person, pk=address_id)
    if address.starts_on and ends_on < address.starts_on:
        raise Refused("They cannot leave before they came.", rule=PI_12.code, field="ends_on")
    address.ends_on = ends_on
    address.save(update_fields=["ends_on"])
    note(people=[person.pk], changed=("address",))
    return address


@service(RECORD_SAFE_CONTACT, on="person")
def record_safe_contact(
    *,
    person: Person,
    how: str,
    details: str = "",
    when: str = "",
    not_through: str = "",
    source: str,
    by: Actor,
    at: datetime,
) -> SafeContact:
    """Record how it is safe to reach somebody. The newest is in force; the earlier ones stay."""
    if how not in CONTACT_WAYS:
        raise Refused("Choose how it is safe to reach them.", rule=PI_14.code, field="how")
    if how in {"phone", "text", "email", "through"} and not details:
        raise Refused("Say which number, address or person is safe.", rule=PI_14.code, field="details")
    row = SafeContact.objects.create(
        person=person,
        how=how,
        details=details,
        when=when,
        not_through=not_through,
        recorded_at=at,
        recorded_by=by.account_id,
        source=source,
    )
    note(people=[person.pk], changed=("safe_contact",), words={"how": how, "source": source}, subject=person)
    return row
