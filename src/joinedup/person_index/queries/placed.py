"""Where people live and when they were born, for counting them; and which of them the viewer may see by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.person_index.models import FamilyMember, Person
from joinedup.person_index.queries.living import postcode_of

_AT_A_TIME = 5000


class Placed(NamedTuple):
    """What counting needs of somebody; the postcode is empty where none is known."""

    birth_date: date | None
    postcode: str


def placed(viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Placed]:
    """For numbers that name nobody: only the program itself asks this, and nothing of it is shown."""
    if not viewer.is_system:
        return {}
    found: dict[UUID, Placed] = {}
    for some in _parts(ids):
        rows = Person.objects.filter(pk__in=some).annotate(postcode=postcode_of("known"))
        for person_id, born_on, postcode in rows.order_by().values_list("pk", "birth_date", "postcode"):
            found[person_id] = Placed(born_on, postcode or "")
    return found


def members_now(viewer: Actor, family_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Who is in each of these families now; as `placed`, only the program itself asks this."""
    if not viewer.is_system:
        return {}
    found: dict[UUID, set[UUID]] = {}
    for some in _parts(family_ids):
        rows = FamilyMember.objects.filter(family_id__in=some, ends_on__isnull=True)
        for family_id, person_id in rows.values_list("family_id", "person_id"):
            found.setdefault(family_id, set()).add(person_id)
    return {family_id: frozenset(people) for family_id, people in found.items()}


def families_by_person(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The families each of these people is in now; as `placed`, only the program itself asks this."""
    if not viewer.is_system:
        return {}
    found: dict[UUID, set[UUID]] = {}
    for some in _parts(person_ids):
        rows = FamilyMember.objects.filter(person_id__in=some, ends_on__isnull=True)
        for person_id, family_id in rows.values_list("person_id", "family_id"):
            found.setdefault(person_id, set()).add(family_id)
    return {person_id: frozenset(families) for person_id, families in found.items()}


def named_among(viewer: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of these people whom the viewer may see. The caller audits the read."""
    rows = Person.objects.visible_to(viewer).filter(pk__in=list(ids)).only("given_name", "family_name")
    return {row.pk: str(row) for row in rows}


def _parts(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    left = iter(sorted(ids))
    while some := list(islice(left, _AT_A_TIME)):
        yield some
