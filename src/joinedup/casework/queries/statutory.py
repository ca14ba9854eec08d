"""Whose statutory plans are in force, as the services that hold them said last; for counting, never for a list of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.casework.models import StatutoryPlan


def people_with_statutory_plan(viewer: Actor, kinds: Collection[str], *, on: date) -> dict[str, set[UUID]]:
    """The ids of everybody with a plan of some kinds in force on a day, by kind; one statement. The caller leaves out
    whoever is withheld from the viewer, counts them, hides small numbers and names nobody."""
    ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    rows = StatutoryPlan.objects.filter(ended, kind__in=list(kinds), starts_on__lte=on, removed_at__isnull=True)
    found: dict[str, set[UUID]] = defaultdict(set)
    for kind, person_id in rows.values_list("kind", "section__person_id"):
        found[kind].add(person_id)
    return dict(found)
