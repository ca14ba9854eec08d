"""What somebody undertook at a meeting becomes an action of the family's plan: written down once, followed there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.models import MeetingAction, Plan, PlanAction
from joinedup.casework.permissions import WRITE_PLAN
from joinedup.casework.planning import ActionSaid
from joinedup.casework.services.plans import add_action
from joinedup.casework.services.steps import lock
from joinedup.core.models import claim_version


@service(WRITE_PLAN, on="plan")
def put_action_in_plan(*, plan: Plan, action: MeetingAction, outcome_id: UUID, by: Actor, at: datetime) -> PlanAction:
    """Put what was undertaken at a meeting under an outcome of the plan, with its owner and day. Once (CW-561)."""
    if action.case_id != plan.case_id:
        raise rules.PLAN_OF_CASE.refused()
    said = ActionSaid(action.words, action.due_on, action.post_id, action.person_id)
    made = add_action(plan=plan, outcome_id=outcome_id, said=said, by=by, at=at)
    if lock(action).state != "open":
        raise rules.ACTION_PLANNED.refused()
    claim_version(action, action.version)
    action.state, action.ended_words = "planned", "In the family’s plan"
    action.ended_at, action.ended_by, action.plan_action = at, by.account_id, made
    action.save(update_fields=["state", "ended_words", "ended_at", "ended_by", "plan_action"])
    note(changed=("plan_action",))
    return made
