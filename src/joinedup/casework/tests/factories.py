"""Builders for tests of cases and of the parts above. They call the services."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import system
from joinedup.casework import services
from joinedup.casework.models import Case
from joinedup.organisations.models import Post, Team
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Family, Person
from joinedup.person_index.services import NewMember, NewPerson, create_person, found_family


def make_person(
    *, given_name: str = "Rowan", family_name: str = "Testerfield", at: datetime = AT, **facts: object
) -> Person:
    """Somebody in the index."""
    new = NewPerson(given_name=given_name, family_name=family_name, **facts)  # type: ignore[arg-type]
    return create_person(facts=new, source="test", by=system(at), at=at)


def make_family(*people: tuple[Person, str], at: datetime = AT) -> Family:
    """A family of people with their parts; without any, of one invented child."""
    members = people or ((make_person(at=at), "child"),)
    return found_family(members=[NewMember(person, part) for person, part in members], by=system(at), at=at)


def make_case(
    *, team: Team, family: Family | None = None, lead: Post | None = None, level: int = 3, at: datetime = AT
) -> Case:
    """An open case of a family in a team, with its lead professional where one is given."""
    family = family or make_family(at=at)
    people = {member.person_id: member.part for member in family.members.all()}
    case = services.open_case(
        family=family, team=team, locality=None, level=level, people=people, reason="A test.", by=system(at), at=at
    )
    if lead is not None:
        services.name_lead_professional(case=case, post=lead, reason="", by=system(at), at=at)
    return case
