"""A plan that begins with the parts of an earlier one: what they say, and nothing of what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.governance.models import ChildrenPlan, PlanAction, PlanAlignment, PlanNeed, PlanOutcome, PlanPriority
from joinedup.governance.plan_states import ACTION_OVER

_SKIPPED = frozenset({"id", "version", "written_at", "written_by"})


def copy_parts(source: ChildrenPlan, made: ChildrenPlan, *, by: Actor, at: datetime) -> None:
    """Copy its needs, priorities, outcomes, actions that are not over (their days moved into the new period) and other plans.
    Money and what people said are of their own time. Called by a guarded service, in its transaction."""
    written = {"written_at": at, "written_by": by.account_id}
    needs: dict[UUID, PlanNeed] = {}
    for need in source.needs.all():
        needs[need.pk] = PlanNeed.objects.create(**_said(need) | {"plan": made} | written)
    for other in source.alignments.all():
        PlanAlignment.objects.create(**_said(other) | {"plan": made} | written)
    for priority in source.priorities.prefetch_related("needs", "outcomes", "actions"):
        copied = PlanPriority.objects.create(**_said(priority) | {"plan": made} | written)
        copied.needs.set([needs[each.pk] for each in priority.needs.all()])
        for outcome in priority.outcomes.all():
            PlanOutcome.objects.create(**_said(outcome) | {"priority": copied} | written)
        for action in priority.actions.all():
            if action.state not in ACTION_OVER:
                day = min(max(action.due_on, made.starts_on), made.ends_on)
                PlanAction.objects.create(
                    **_said(action) | {"priority": copied, "due_on": day, "state": "not_begun"} | written
                )


def _said(row: Any) -> dict[str, Any]:
    """The fields of a row but those that are its own."""
    return {
        each.attname: getattr(row, each.attname)
        for each in row._meta.concrete_fields
        if each.name not in _SKIPPED | {"plan", "priority"}
    }
