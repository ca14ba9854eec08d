"""What agencies' records say of several people at once, for comparing them: each with its source and its day, and who
lives with whom. Four queries however many people and agencies there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.person_index.models import FamilyMember, RecordLink, withheld_ids
from joinedup.person_index.queries.entries import owners_of_entries
from joinedup.person_index.queries.families import Mate, mates_of
from joinedup.person_index.queries.known import KnownRecord, newest_first, record_known


@dataclass(frozen=True)
class HouseholdSaid:
    """Who else lives with somebody as one agency has it, by name."""

    agency: str
    as_of: date
    others: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What is said of one person: every agency's record, the newest first; who lives with them as each agency that
    keeps households has it; and the other members of their families."""

    records: tuple[KnownRecord, ...]
    households: tuple[HouseholdSaid, ...]
    lives_with: tuple[Mate, ...]


def said_of(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, Said]:
    """What agencies say of people the viewer has been let in to, without whoever is withheld from the viewer. The
    caller audits whom it shows."""
    owners = owners_of_entries(person_ids)
    links = RecordLink.objects.filter(person_id__in=list(owners), separated_at__isnull=True)
    own: dict[UUID, list[RecordLink]] = defaultdict(list)
    for link in links.select_related("record__agency"):
        own[owners[link.person_id]].append(link)
    members = _members_of_households(viewer, [link for several in own.values() for link in several])
    mates = _mates(viewer, owners)
    found = {}
    for person_id in person_ids:
        ordered = sorted(own[person_id], key=lambda link: newest_first(link.record), reverse=True)
        found[person_id] = Said(
            records=tuple(record_known(link) for link in ordered),
            households=tuple(_household(link, members) for link in ordered if link.record.household_reference),
            lives_with=tuple(mates[person_id]),
        )
    return found


def _members_of_households(viewer: Actor, links: list[RecordLink]) -> dict[tuple[UUID, str], dict[UUID, str]]:
    """The names of everybody whose record stands in one of these records' households, by household and record."""
    same = Q(pk__in=[])
    for link in links:
        if link.record.household_reference:
            same |= Q(
                record__agency_id=link.record.agency_id, record__household_reference=link.record.household_reference
            )
    rows = _not_withheld(viewer, RecordLink.objects.filter(same, separated_at__isnull=True))
    found: dict[tuple[UUID, str], dict[UUID, str]] = defaultdict(dict)
    for link in rows.select_related("record", "person"):
        found[link.record.agency_id, link.record.household_reference][link.record_id] = str(link.person)
    return found


def _household(link: RecordLink, members: dict[tuple[UUID, str], dict[UUID, str]]) -> HouseholdSaid:
    record = link.record
    named = members[record.agency_id, record.household_reference]
    others = sorted(name for record_id, name in named.items() if record_id != record.pk)
    return HouseholdSaid(record.agency.name, record.as_of or record.supplied_at.date(), tuple(others))


def _mates(viewer: Actor, owners: dict[UUID, UUID]) -> dict[UUID, list[Mate]]:
    """Everybody else in the present families of these people."""
    held = FamilyMember.objects.filter(person_id__in=list(owners), ends_on__isnull=True).values("family_id")
    rows = FamilyMember.objects.filter(family_id__in=held, ends_on__isnull=True).select_related("person", "family")
    if not viewer.is_system:
        rows = rows.exclude(person_id__in=withheld_ids(viewer))
    by_family: dict[UUID, list[FamilyMember]] = defaultdict(list)
    families: dict[UUID, set[UUID]] = defaultdict(set)
    for member in rows:
        by_family[member.family_id].append(member)
        if member.person_id in owners:
            families[owners[member.person_id]].add(member.family_id)
    return defaultdict(
        list,
        {
            person_id: mates_of(
                member
                for family_id in several
                for member in by_family[family_id]
                if owners.get(member.person_id) != person_id
            )
            for person_id, several in families.items()
        },
    )


def _not_withheld(viewer: Actor, rows: QuerySet[RecordLink]) -> QuerySet[RecordLink]:
    return rows if viewer.is_system else rows.exclude(person_id__in=withheld_ids(viewer))
