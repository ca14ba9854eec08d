"""What is counted of the plan in force for the framework’s figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from joinedup.access.actor import Actor
from joinedup.governance.models import AdoptedPlan, PlanAction, PlanActionStep
from joinedup.governance.plan_content import children_answered
from joinedup.governance.plan_states import ActionState, colour_of


@dataclass(frozen=True)
class PlanCounts:
    """Of the plan in force on a day: its actions, those done or on course, other plans, and children who answered."""

    actions: int
    on_course: int
    other_plans: int
    children_answered: int


def plan_counts(viewer: Actor, *, on: date) -> PlanCounts | None:
    """Counted as it stood on a day, from the plan as it was adopted and what was reported of its actions up to then; None where
    no plan had been adopted by then for that day. A plan that was superseded later counts for its own time."""
    rows = AdoptedPlan.objects.filter(adopted_at__date__lte=on, plan__starts_on__lte=on, plan__ends_on__gte=on)
    frozen = rows.select_related("plan").order_by("-adopted_at").first()
    if frozen is None:
        return None
    actions = list(PlanAction.objects.filter(priority__plan=frozen.plan).values_list("pk", "due_on"))
    states: dict[object, str] = {}
    for action_id, state in (
        PlanActionStep.objects.filter(action__priority__plan=frozen.plan, at__date__lte=on)
        .order_by("at", "pk")
        .values_list("action_id", "state")
    ):
        states[action_id] = state
    green = sum(colour_of(states.get(pk, ActionState.NOT_BEGUN), due, on) == "green" for pk, due in actions)
    return PlanCounts(len(actions), green, len(frozen.content["alignments"]), children_answered(frozen.content))
