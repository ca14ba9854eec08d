"""The names by which services were called before: in plans, and where help that was given was recorded."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Count, Q

from joinedup.access.actor import Actor
from joinedup.casework.models import Intervention, PlanAction

FEWEST, _MOST = 3, 200


def services_used(viewer: Actor, case_id: UUID) -> tuple[str, ...]:
    """Names of services to offer while somebody types one in a case they have been let in to: those of this case, and those of
    at least three cases, by name; a name that only one family's case has might lead to it. Two statements."""
    found: Counter[str] = Counter()
    for rows, case in (
        (Intervention.objects.all(), "case"),
        (PlanAction.objects.exclude(service="").filter(removed_at=None), "outcome__need__plan__case"),
    ):
        cases = Count(case, distinct=True)
        own = Count("pk", filter=Q(**{case: case_id}))
        named = (
            rows.order_by().values("service").annotate(cases=cases, own=own).filter(Q(cases__gte=FEWEST) | Q(own__gt=0))
        )
        found.update(dict(named.order_by("-cases").values_list("service", "cases")[:_MOST]))
    return tuple(sorted(found, key=str.casefold))
