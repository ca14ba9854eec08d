"""Everybody around somebody, and what is known that would give them away: for keeping words off a page, never for showing
them. The caller has let the viewer in to the person it is about; whoever is withheld is in it on purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.person_index.models import FamilyMember, Person, Relationship, SafeContact
from joinedup.person_index.queries.contact import SafeContactAdvice, advice_of
from joinedup.person_index.queries.entries import owners_of_entries
from joinedup.person_index.queries.known import Known, known_of


@dataclass
class Given:
    """What would give somebody away: every name, home and number known of them, now or once. `homes_now` are where they
    live now, by their own account or an agency's."""

    names: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    homes_now: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    postcodes_now: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Around:
    """Everybody around some people, themselves included, with what would give each away. Entries that are one person count
    as one."""

    given: dict[UUID, Given]
    advice: dict[UUID, SafeContactAdvice]  # how it is safe to reach each, as it stands now
    died: frozenset[UUID]
    responsible: frozenset[tuple[UUID, UUID]]  # who has parental responsibility for whom, today
    members: dict[UUID, bool]  # of the family asked about: whether somebody's place in it still lasts

    @property
    def careful(self) -> frozenset[str]:
        """Of whom it is recorded that they may not be reached, or not through somebody: a key for each, to tell a new one."""
        return frozenset(
            f"contact.{person_id}.{'none' if each.is_do_not_contact else 'not_through'}"
            for person_id, each in self.advice.items()
            if each.is_do_not_contact or each.not_through
        )


def around(viewer: Actor, person_ids: Collection[UUID], *, family_id: UUID) -> Around:
    """Everybody in any family of these people, now or once, and everybody related to any of them, with what is known of
    them; nine statements, however many they are."""
    on = timezone.localdate(viewer.at)
    ids = set(person_ids)
    families = FamilyMember.objects.filter(Q(person_id__in=ids) | Q(family_id=family_id)).values("family_id")
    places = list(FamilyMember.objects.filter(family_id__in=families).values_list("family_id", "person_id", "ends_on"))
    ids |= {person_id for _, person_id, _ in places}
    bonds = list(Relationship.objects.filter(Q(person_id__in=ids) | Q(other_id__in=ids)))
    ids |= {each for bond in bonds for each in (bond.person_id, bond.other_id)}
    owners = owners_of_entries(ids)
    people = list(Person.objects.filter(pk__in=list(owners)))
    given: dict[UUID, Given] = defaultdict(Given)
    for person in people:
        _say_person(given[owners[person.pk]], person)
    for entry, known in known_of(list(owners), with_history=True).items():
        _say_known(given[owners[entry]], known)
    members: dict[UUID, bool] = {}
    for _, person_id, ends_on in (each for each in places if each[0] == family_id):
        owner = owners.get(person_id, person_id)
        members[owner] = members.get(owner, False) or ends_on is None or ends_on > on
    return Around(
        given=dict(given),
        advice=_contacts(given, owners),
        died=frozenset(owners[person.pk] for person in people if person.died_on),
        responsible=frozenset(
            (owners[bond.person_id], owners[bond.other_id])
            for bond in bonds
            if bond.has_parental_responsibility and (bond.ends_on is None or bond.ends_on > on)
        ),
        members=members,
    )


def _say_person(given: Given, person: Person) -> None:
    given.names |= {person.given_name, person.family_name, person.known_as}
    given.names |= {*person.known.get("forenames", ()), *person.known.get("surnames", ())}
    given.postcodes |= set(person.known.get("postcodes", ()))
    given.numbers |= {person.nhs_number}
    given.names.discard("")
    given.numbers.discard("")


def _say_known(given: Given, known: Known) -> None:
    for name in known.names:
        given.names |= {name.given_name, name.family_name} - {""}
    for address in known.addresses:
        given.homes.add(address.lines)
        given.postcodes.add(address.postcode)
        if address.is_present:
            given.homes_now.add(address.lines)
            given.postcodes_now.add(address.postcode)
    given.numbers |= {record.phone for record in known.records} - {""}
    for several in (given.homes, given.homes_now, given.postcodes, given.postcodes_now):
        several.discard("")


def _contacts(given: dict[UUID, Given], owners: dict[UUID, UUID]) -> dict[UUID, SafeContactAdvice]:
    newest: dict[UUID, SafeContact] = {}
    for row in SafeContact.objects.filter(person_id__in=list(owners)).order_by("recorded_at", "pk"):
        owner = owners[row.person_id]
        newest[owner] = row
        if "@" in row.details:
            given[owner].emails.add(row.details.strip())
        elif row.details:
            given[owner].numbers.add(row.details)
    return {owner: advice_of(owner, newest.get(owner)) for owner in set(owners.values())}
