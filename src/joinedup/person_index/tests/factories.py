"""Builders for tests of this part and the parts above. They call the services, as the program itself, at one moment."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import date, datetime
from typing import Any

from joinedup.access.actor import system
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.agency_file import RecordRow
from joinedup.person_index.models import AgencyRecord, Family, Person
from joinedup.person_index.services import NewMember, NewPerson

_number = itertools.count(1)


def nhs_number(serial: int) -> str:
    """A valid NHS number from the synthetic 999 range."""
    while True:
        body = f"999{serial % 1_000_000:06d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True)) % 11
        if check == 11:
            check = 0
        if check != 10:
            return f"{body}{check}"
        serial += 500_003


def make_person(
    *,
    given_name: str = "Rowan",
    family_name: str = "Testerfield",
    birth_date: date | None = date(2015, 3, 14),
    source: str = "call",
    at: datetime = AT,
    **facts: Any,
) -> Person:
    """Somebody added by hand."""
    new = NewPerson(given_name=given_name, family_name=family_name, birth_date=birth_date, **facts)
    return services.create_person(facts=new, source=source, by=system(at), at=at)


def make_row(*, agency_reference: str = "", **facts: Any) -> RecordRow:
    """A row as an agency's file would have it."""
    reference = agency_reference or f"R{next(_number)}"
    supplied = {"reference": reference, **{name: str(value) for name, value in facts.items()}}
    digest = hashlib.sha256(json.dumps(supplied, sort_keys=True).encode()).hexdigest()
    return RecordRow(agency_reference=reference, as_supplied=supplied, digest=digest, **facts)


def make_record(
    *,
    agency: Organisation | None = None,
    given_name: str = "Rowan",
    family_name: str = "Testerfield",
    birth_date: date | None = date(2015, 3, 14),
    at: datetime = AT,
    **facts: Any,
) -> AgencyRecord:
    """An agency's record, linked by rule or to a new person."""
    row = make_row(given_name=given_name, family_name=family_name, birth_date=birth_date, **facts)
    agency = agency or make_organisation(code="NHS", name="Exampleshire Health", kind="nhs")
    return services.store_record(agency=agency, row=row, by=system(at), at=at)


def person_of(record: AgencyRecord) -> Person:
    """Whose record it is now."""
    return Person.objects.get(links__record=record, links__separated_at__isnull=True)


def make_family(*members: tuple[Person, str], name: str = "", at: datetime = AT) -> Family:
    """A family: `make_family((rowan, "child"), (mum, "parent"))`."""
    rows = [NewMember(person, part) for person, part in members]
    return services.found_family(name=name, members=rows, by=system(at), at=at)
