"""Who may belong to somebody's family: they live at the same address and are in no family with them yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.person_index.models import Person, RecordLink
from joinedup.person_index.permissions import SEARCH_PEOPLE
from joinedup.person_index.queries.families import household_of
from joinedup.person_index.queries.known import known_of
from joinedup.person_index.rules import is_same_home

_MOST = 200


@dataclass(frozen=True)
class FamilySuggestion:
    """Somebody to consider for the family, and why. A person decides; nothing is joined by itself."""

    person_id: UUID
    name: str
    birth_date: date | None
    reason: str


def family_suggestions(viewer: Actor, person_id: UUID, *, purpose: str) -> tuple[FamilySuggestion, ...]:
    """People at one of somebody's present addresses who are in no family with them; for the front door."""
    check(viewer, SEARCH_PEOPLE)
    homes = [home for home in known_of([person_id])[person_id].present_addresses if home.postcode]
    postcodes = [home.postcode for home in homes]
    supplied = RecordLink.objects.filter(record__postcode__in=postcodes, separated_at__isnull=True)
    near = Person.objects.filter(
        Q(addresses__postcode__in=postcodes, addresses__ends_on__isnull=True) | Q(pk__in=supplied.values("person_id"))
    )
    near = near.not_withheld_from(viewer)
    people = {row.pk: row for row in near.exclude(pk=person_id).filter(continued_by__isnull=True).distinct()[:_MOST]}
    already = {mate.person_id for mate in household_of([person_id])[person_id]}
    known = known_of(list(people))
    found = []
    for row in people.values():
        theirs = known[row.pk].present_addresses
        shared = next(
            (str(home) for home in homes for other in theirs
             if home.postcode == other.postcode and is_same_home(home.lines, other.lines)),
            "",
        )  # fmt: skip
        if shared and row.pk not in already:
            found.append(FamilySuggestion(row.pk, str(row), row.birth_date, f"Lives at the same address, {shared}"))
    shown = {person_id, *(each.person_id for each in found)}
    audit.record_read(viewer, subject=(Person._meta.label_lower, str(person_id)), people=shown, purpose=purpose)
    return tuple(sorted(found, key=lambda each: (each.birth_date or date.max, each.name)))
