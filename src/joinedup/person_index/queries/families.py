"""Families: one with its members, and the households of people in a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.person_index.codes import FAMILY_PARTS
from joinedup.person_index.models import Family, FamilyMember, withheld_ids
from joinedup.person_index.queries.entries import entries_of, owners_of_entries
from joinedup.person_index.queries.kept import people_shown


@dataclass(frozen=True)
class Mate:
    """Somebody in a family, as a list shows them."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str
    family_id: UUID
    family_name: str
    starts_on: date | None
    ends_on: date | None

    @property
    def part_in_words(self) -> str:
        """Child, parent, carer or other member."""
        return FAMILY_PARTS.get(self.part, self.part)


@dataclass(frozen=True)
class FamilyRecord:
    """A family with the members the viewer may see. `former` have left it."""

    id: UUID
    name: str
    household: str
    members: tuple[Mate, ...]
    former: tuple[Mate, ...]


def family(viewer: Actor, family_id: UUID, *, purpose: str) -> FamilyRecord:
    """A family with somebody in it whom the viewer may see; others in it only if the viewer may see them, too."""
    members = FamilyMember.objects.filter(family_id=family_id).select_related("person", "family__household_agency")
    seen = seen_of(viewer, list(members))
    if not seen:
        raise NotVisible
    row, mates = seen[0].family, mates_of(seen)
    audit.record_read(
        viewer,
        subject=(Family._meta.label_lower, str(row.pk)),
        people={mate.person_id for mate in mates},
        purpose=purpose,
    )
    household = f"{row.household_agency.name}, {row.household_reference}" if row.household_agency else ""
    return FamilyRecord(row.pk, row.name, household, *_split(mates))


def seen_of(viewer: Actor, members: list[FamilyMember]) -> list[FamilyMember]:
    """Those whom the viewer may see. Found first and asked about by their ids: asked in one statement, PostgreSQL put
    the question for everybody in the town."""
    seen = people_shown(viewer, {member.person_id for member in members}) if members else set()
    return [member for member in members if member.person_id in seen]


def mates_of(members: Iterable[FamilyMember]) -> list[Mate]:
    """Children first, the eldest first. An entry that another person continues is shown as that person's name."""
    found = [
        Mate(
            person_id=member.person.continued_by_id or member.person_id,
            name=str(member.person),
            birth_date=member.person.birth_date,
            part=member.part,
            family_id=member.family_id,
            family_name=member.family.name,
            starts_on=member.starts_on,
            ends_on=member.ends_on,
        )
        for member in members
    ]
    parts = list(FAMILY_PARTS)
    return sorted(found, key=lambda mate: (parts.index(mate.part), mate.birth_date or date.max, mate.name))


def _split(mates: list[Mate]) -> tuple[tuple[Mate, ...], tuple[Mate, ...]]:
    now = tuple(mate for mate in mates if mate.ends_on is None)
    return now, tuple(mate for mate in mates if mate.ends_on is not None)


def families_of(viewer: Actor, person_ids: Iterable[UUID]) -> list[FamilyRecord]:
    """The families of people the caller has been let in to, with the members the viewer may see; three queries."""
    return families_of_entries(viewer, entries_of(person_ids))


def families_of_entries(viewer: Actor, entries: list[UUID]) -> list[FamilyRecord]:
    """As `families_of`, where all entries of the people are known already; two queries."""
    return families_with(seen_of(viewer, members_beside(entries)))


def members_beside(entries: list[UUID]) -> list[FamilyMember]:
    """Everybody in the families of these entries, whoever looks: the caller shows whom the viewer may see."""
    # The families first, as one array: as a subquery for `in` they were joined last, after everybody in the town.
    theirs = RawSQL(
        "person_index_familymember.family_id = ANY(ARRAY("
        "SELECT held.family_id FROM person_index_familymember held WHERE held.person_id = ANY(%s::uuid[])))",
        [entries],
        output_field=BooleanField(),
    )
    rows = FamilyMember.objects.filter(theirs)
    return list(rows.select_related("person", "family__household_agency"))


def families_with(members: Iterable[FamilyMember]) -> list[FamilyRecord]:
    """Families with these members, by name."""
    by_family: dict[UUID, list[FamilyMember]] = defaultdict(list)
    for member in members:
        by_family[member.family_id].append(member)
    records = []
    for several in by_family.values():
        row = several[0].family
        household = f"{row.household_agency.name}, {row.household_reference}" if row.household_agency else ""
        records.append(FamilyRecord(row.pk, row.name, household, *_split(mates_of(several))))
    return sorted(records, key=lambda record: (record.name, str(record.id)))


def members_beside_case(viewer: Actor, family_id: UUID) -> tuple[Mate, ...]:
    """Everybody in a family now who lives and is not withheld from the viewer, for whoever works with that family and may
    bring them into the work. The caller has let the viewer in to the family's case, and audits whom it shows."""
    rows = FamilyMember.objects.filter(family_id=family_id, ends_on__isnull=True, person__died_on__isnull=True)
    rows = rows.exclude(person_id__in=withheld_ids(viewer))
    return tuple(mates_of(rows.select_related("person", "family")))


def children_at_home(viewer: Actor) -> QuerySet[FamilyMember]:
    """The places of living children under 18 in the families they are in now, without any who is withheld from the viewer:
    for lists of families, counted for each viewer alike as it is shown. `owner_id` is the person the entry is of."""
    today = timezone.localdate(viewer.at)
    grown_up = today.replace(year=today.year - 18, day=min(today.day, 28))
    rows = FamilyMember.objects.filter(part="child", ends_on__isnull=True, person__died_on__isnull=True)
    rows = rows.exclude(person__birth_date__lt=grown_up).exclude(person_id__in=withheld_ids(viewer))
    return rows.annotate(owner_id=Coalesce("person__continued_by_id", "person_id"))


def household_of(person_ids: Iterable[UUID]) -> dict[UUID, tuple[Mate, ...]]:
    """Everybody else in the present families of these people, by person; two queries. The caller has been let in to
    them and audits whom it shows."""
    ids = list(person_ids)
    owners = owners_of_entries(ids)
    mine = FamilyMember.objects.filter(person_id__in=list(owners) or ids, ends_on__isnull=True)
    families: dict[UUID, set[UUID]] = defaultdict(set)
    members: dict[UUID, list[FamilyMember]] = defaultdict(list)
    own = mine.values("family_id")
    rows = FamilyMember.objects.filter(family_id__in=own, ends_on__isnull=True).select_related("person", "family")
    for member in rows:
        members[member.family_id].append(member)
        if member.person_id in owners:
            families[owners[member.person_id]].add(member.family_id)
    found = {}
    for person_id in ids:
        others = [
            member
            for family_id in families[person_id]
            for member in members[family_id]
            if owners.get(member.person_id) != person_id
        ]
        found[person_id] = tuple(mates_of(others))
    return found
