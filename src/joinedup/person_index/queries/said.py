"""What agencies' records say of several people at once, for comparing them: each with its source and its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.person_index.models import AgencyRecord, RecordLink, withheld_ids
from joinedup.person_index.queries.entries import owners_of_entries
from joinedup.person_index.queries.known import KnownRecord, known_of


@dataclass(frozen=True)
class HouseholdSaid:
    """Who else lives with somebody as one agency has it, by name."""

    agency: str
    as_of: date
    others: tuple[str, ...]


def records_said(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, list[KnownRecord]]:
    """Every agency's record of people the viewer has been let in to, the newest first; three queries. The caller
    audits."""
    owners = owners_of_entries(person_ids)
    found: dict[UUID, list[KnownRecord]] = {person_id: [] for person_id in person_ids}
    for entry, known in known_of(list(owners)).items():
        found[owners[entry]] += known.records
    return found


def households_said(viewer: Actor, records: dict[UUID, list[KnownRecord]]) -> dict[UUID, list[HouseholdSaid]]:
    """Who lives with each of these people, as each agency that keeps households has it; two queries. `records` are
    theirs from `records_said`; the caller audits."""
    ids = [record.id for several in records.values() for record in several]
    own = {row.pk: row for row in AgencyRecord.objects.filter(pk__in=ids).exclude(household_reference="")}
    if not own:
        return {person_id: [] for person_id in records}
    same = Q()
    for row in own.values():
        same |= Q(record__agency_id=row.agency_id, record__household_reference=row.household_reference)
    members: dict[tuple[UUID, str], dict[UUID, str]] = defaultdict(dict)
    links = RecordLink.objects.filter(same, separated_at__isnull=True).select_related("record", "person")
    if not viewer.is_system:
        links = links.exclude(person_id__in=withheld_ids(viewer))
    for link in links:
        members[link.record.agency_id, link.record.household_reference][link.record_id] = str(link.person)
    return {
        person_id: [
            HouseholdSaid(
                agency=record.agency,
                as_of=record.as_of or record.supplied_at.date(),
                others=tuple(
                    sorted(
                        name
                        for other, name in members[own[record.id].agency_id, own[record.id].household_reference].items()
                        if other != record.id
                    )
                ),
            )
            for record in several
            if record.id in own
        ]
        for person_id, several in records.items()
    }
