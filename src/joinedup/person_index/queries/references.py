"""People by the references an agency knows them by, for a go-live from that agency's old system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.person_index.models import Family, FamilyMember, Person, RecordLink
from joinedup.person_index.permissions import FOUND_FAMILY


@dataclass(frozen=True)
class KnownByReference:
    """Whom an agency means by a reference, and the families they are in now."""

    reference: str
    person: Person
    part: str  # in the household, as the agency says it; empty where it does not
    postcode: str
    families: tuple[Family, ...]

    def is_child_on(self, day: date) -> bool:
        """Whether they count as a child of a family: as the agency says, else by age."""
        if self.part:
            return self.part == "child"
        born = self.person.birth_date
        return born is not None and (day.year - born.year, day.month, day.day) < (18, born.month, born.day)


def people_by_reference(viewer: Actor, agency_id: UUID, references: Iterable[str]) -> dict[str, KnownByReference]:
    """Everybody an agency means by these references whose records are linked to a person; three queries."""
    check(viewer, FOUND_FAMILY)
    wanted = sorted(set(references))
    links = RecordLink.objects.filter(
        record__agency_id=agency_id, record__agency_reference__in=wanted, separated_at__isnull=True
    ).select_related("record", "person__continued_by")
    found = [(link.record, link.person.continued_by or link.person) for link in links]
    families: dict[UUID, list[Family]] = defaultdict(list)
    places = FamilyMember.objects.filter(person_id__in=[person.pk for _, person in found], ends_on__isnull=True)
    for place in places.select_related("family").order_by("family_id"):
        families[place.person_id].append(place.family)
    return {
        record.agency_reference: KnownByReference(
            record.agency_reference, person, record.household_part, record.postcode, tuple(families[person.pk])
        )
        for record, person in found
    }
