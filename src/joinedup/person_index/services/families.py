"""Relationships and families, over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.person_index.codes import FAMILY_PARTS, RELATIONSHIPS
from joinedup.person_index.models import Family, FamilyMember, Person, Relationship
from joinedup.person_index.permissions import CHANGE_FAMILY, FOUND_FAMILY, RECORD_RELATIONSHIP
from joinedup.person_index.rules import PI_12, PI_13, PI_14


@dataclass(frozen=True)
class NewMember:
    """Somebody's place in a family: child, parent, carer or other."""

    person: Person
    part: str


def _check_part(part: str) -> None:
    if part not in FAMILY_PARTS:
        raise Refused("Choose whether this is a child, a parent, a carer or another member.", rule=PI_14.code,
                      field="part")  # fmt: skip


@service(RECORD_RELATIONSHIP, on="person")
def record_relationship(
    *,
    person: Person,
    other: Person,
    kind: str,
    has_parental_responsibility: bool | None = None,
    starts_on: date | None = None,
    source: str,
    by: Actor,
    at: datetime,
) -> Relationship:
    """`person` is the `kind` (mother, brother …) of `other`."""
    if kind not in RELATIONSHIPS:
        raise Refused("Choose how they are related.", rule=PI_14.code, field="kind")
    if person.pk == other.pk:
        raise Refused("Somebody cannot be related to themselves.", rule=PI_14.code, field="other")
    if Relationship.objects.filter(person=person, other=other, kind=kind, ends_on__isnull=True).exists():
        raise Refused("This relationship is already recorded.", rule=PI_13.code, field="kind")
    row = Relationship.objects.create(
        person=person,
        other=other,
        kind=kind,
        has_parental_responsibility=has_parental_responsibility,
        starts_on=starts_on,
        source=source,
    )
    note(people=[person.pk, other.pk], changed=("relationship",), words={"kind": kind})
    return row


@service(FOUND_FAMILY)
def found_family(*, name: str = "", members: Iterable[NewMember], by: Actor, at: datetime) -> Family:
    """Record a family with its members. Without a name it is called after its first child's, else first member's."""
    rows = list(members)
    for row in rows:
        _check_part(row.part)
    if not rows:
        raise Refused("A family has at least one member.", rule=PI_14.code, field="members")
    first = next((row.person for row in rows if row.part == "child"), rows[0].person)
    family = Family.objects.create(name=name or family_name_for(first.family_name), created_at=at)
    places = {row.person.pk: row for row in rows}
    FamilyMember.objects.bulk_create(
        [FamilyMember(family=family, person=row.person, part=row.part) for row in places.values()]
    )
    note(people=list(places), changed=("founded",), subject=family)
    return family


def family_name_for(family_name: str) -> str:
    """What a family is called unless somebody names it."""
    return f"{family_name or 'Unnamed'} family"


@service(CHANGE_FAMILY, on="family")
def join_family(
    *, family: Family, person: Person, part: str, starts_on: date | None = None, by: Actor, at: datetime
) -> FamilyMember:
    """Somebody becomes part of a family. They stay in any other: a child may live in two homes."""
    _check_part(part)
    if FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).exists():
        raise Refused("They are in this family already.", rule=PI_13.code)
    member = FamilyMember.objects.create(family=family, person=person, part=part, starts_on=starts_on)
    note(people=[person.pk], changed=("members",))
    return member


@service(CHANGE_FAMILY, on="family")
def leave_family(*, family: Family, person: Person, ends_on: date, by: Actor, at: datetime) -> FamilyMember:
    """Somebody leaves a family on a day; that they were part of it stays."""
    member = FamilyMember.objects.select_for_update().filter(family=family, person=person, ends_on__isnull=True).first()
    if member is None:
        raise Refused("They are not in this family.", rule=PI_13.code)
    if member.starts_on and ends_on < member.starts_on:
        raise Refused("They cannot leave before they joined.", rule=PI_12.code, field="ends_on")
    member.ends_on = ends_on
    member.save(update_fields=["ends_on"])
    note(people=[person.pk], changed=("members",))
    return member
