"""The effect “adopt the plan”: a board’s decision puts the children and young people’s plan in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.governance.effects import Body, Matter, Order
from joinedup.governance.lifecycle import PlanState
from joinedup.governance.models import ChildrenPlan, Decision
from joinedup.governance.plan_content import pence_of, said_digest
from joinedup.governance.queries.plans import content_of
from joinedup.governance.services.plans import adopt_plan

KIND = "adopt_plan"


class AdoptPlan:
    """A plan for children and young people is adopted, as it was proposed."""

    kind = KIND
    words = "Adopt the children and young people’s plan"
    approvers = frozenset({Role.DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR})

    def waiting(self, viewer: Actor) -> list[Matter]:
        """The plans that are proposed."""
        rows = ChildrenPlan.objects.filter(state=PlanState.PROPOSED).select_related("board__host")
        return [self._matter(viewer, each) for each in rows.order_by("begun_at")]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One plan as it stands; NotVisible when it is not proposed any more."""
        rows = ChildrenPlan.objects.filter(state=PlanState.PROPOSED).select_related("board__host")
        found = rows.filter(pk=matter_id).first()
        if found is None:
            raise NotVisible
        return self._matter(viewer, found)

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """Plans that are an illustration."""
        rows = ChildrenPlan.objects.filter(pk__in=ids, is_illustration=True)
        return frozenset(rows.values_list("pk", flat=True))

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """Every partner whose powers the plan uses."""
        return matter.bodies

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Freeze it and put it in force."""
        plan = ChildrenPlan.objects.get(pk=order.matter_id)
        made = adopt_plan(plan=plan, decision=Decision.objects.get(pk=order.decision_id), by=system(at), at=at)
        return f"{plan.title} is in force; its SHA-256 is {made.digest}."

    def _matter(self, viewer: Actor, row: ChildrenPlan) -> Matter:
        content = content_of(system(viewer.at), row)
        evidence = {
            "plan": row.reference, "title": row.title, "period": content["period"], "partners": content["partners"],
            "priorities": [each["title"] for each in content["priorities"]], "planned_pence": pence_of(content),
            "what_it_says": said_digest(content),
        }  # fmt: skip
        bodies = tuple(
            Body(each.organisation_id, each.organisation.name)
            for each in row.partners.select_related("organisation").order_by("organisation__name")
        )
        return Matter(
            row.pk, f"Adopt {row.title}", f"{row.reference}: proposed for {content['period']}, {len(content['priorities'])} priorities.",
            bodies, evidence, is_illustration=row.is_illustration,
        )  # fmt: skip


adopt = AdoptPlan()
