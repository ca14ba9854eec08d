"""Names of services to offer: what the directory has, and how they were called before in plans and where help was recorded."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Count, Q

from joinedup.access.actor import Actor
from joinedup.casework.models import Intervention, PlanAction
from joinedup.directory.queries import service_names

FEWEST, _MOST = 3, 200


def services_used(viewer: Actor, case_id: UUID) -> tuple[str, ...]:
    """Names of services to offer while somebody types one in a case they have been let in to, by name: those of the directory,
    those of this case, and those of at least three cases; a name that only one family's case has might lead to it. Three
    statements."""
    found: Counter[str] = Counter(service_names(viewer))
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
