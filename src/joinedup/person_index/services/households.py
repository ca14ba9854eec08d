"""Families out of agencies' households (PI-6). Called only inside guarded services of this part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from joinedup.person_index.codes import FAMILY_PARTS
from joinedup.person_index.models import Family, FamilyMember, RecordLink
from joinedup.person_index.rules import part_in_household
from joinedup.person_index.services.bulk import _insert_many
from joinedup.person_index.services.families import family_name_for

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class _Housemate:
    person_id: UUID
    family_name: str
    birth_date: date | None
    part: str


def _found_households(
    agency: Organisation, references: set[str], at: datetime, *, run_id: UUID | None = None
) -> set[UUID]:
    """Found or complete the family of each household. Somebody who has left a family is not put back: that was a
    person's decision. Returns who joined one."""
    if not references:
        return set()
    households = _housemates(agency, references)
    known = {
        family.household_reference: family.pk
        for family in _among("household_reference", references, Family.objects.filter(household_agency=agency))
    }
    everybody = {mate.person_id for mates in households.values() for mate in mates}
    places = _among("person_id", everybody, FamilyMember.objects.values_list("family_id", "person_id", "ends_on"))
    ever: dict[UUID, set[UUID]] = defaultdict(set)
    now: dict[UUID, set[UUID]] = defaultdict(set)
    for place, person_id, ends_on in places:
        ever[place].add(person_id)
        if ends_on is None:
            now[person_id].add(place)
    founded: list[Family] = []
    joining: list[FamilyMember] = []
    for reference, mates in households.items():
        family_id = known.get(reference) or _shared_family(mates, now)
        if family_id is None:
            if len(mates) < 2:
                continue
            family = _family_of(agency, reference, mates, at, run_id)
            founded.append(family)
            family_id = family.pk
            for mate in mates:
                now[mate.person_id].add(family_id)
        youngest = max((mate.birth_date for mate in mates if mate.birth_date), default=None)
        for mate in mates:
            if mate.person_id not in ever[family_id]:
                ever[family_id].add(mate.person_id)
                part = mate.part or part_in_household(mate.birth_date, youngest, at.date())
                joining.append(FamilyMember(family_id=family_id, person_id=mate.person_id, part=part, by_run=run_id))
    _insert_many(founded)
    _insert_many(joining)
    return {member.person_id for member in joining}


def _among(column: str, values: Collection[object], rows: QuerySet[Any], table: str = "") -> QuerySet[Any]:
    """The rows whose column has one of very many values, handed over as one."""
    return rows.extra(where=[f"{table}{column} = ANY(%s)"], params=[list(values)])  # noqa: S610 - the column is ours


def _housemates(agency: Organisation, references: set[str]) -> dict[str, list[_Housemate]]:
    """Who shares each household, each person once, in a steady order."""
    links = RecordLink.objects.filter(record__agency=agency, separated_at__isnull=True).order_by("record_id")
    links = _among("household_reference", references, links, "person_index_agencyrecord.")
    found: dict[str, dict[UUID, _Housemate]] = defaultdict(dict)
    for reference, stated, person_id, family_name, birth_date in links.values_list(
        "record__household_reference",
        "record__household_part",
        "person_id",
        "person__family_name",
        "person__birth_date",
    ):
        part = stated if stated in FAMILY_PARTS else ""
        found[reference].setdefault(person_id, _Housemate(person_id, family_name, birth_date, part))
    return {reference: list(mates.values()) for reference, mates in found.items()}


def _shared_family(mates: list[_Housemate], now: dict[UUID, set[UUID]]) -> UUID | None:
    """The family that at least two of them are in already, the one with most of them."""
    counts = Counter(family_id for mate in mates for family_id in now[mate.person_id])
    best = max(counts.items(), key=lambda pair: (pair[1], str(pair[0])), default=None)
    return best[0] if best and best[1] >= 2 else None


def _family_of(
    agency: Organisation, reference: str, mates: list[_Housemate], at: datetime, run_id: UUID | None
) -> Family:
    surnames = Counter(mate.family_name for mate in mates if mate.family_name)
    name = surnames.most_common(1)[0][0] if surnames else ""
    return Family(
        name=family_name_for(name)[:120],
        created_at=at,
        household_agency=agency,
        household_reference=reference,
        by_run=run_id,
    )
