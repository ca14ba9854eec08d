"""What was undertaken at a meeting, put in the family's plan with one press."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from joinedup.casework import queries
from joinedup.casework.rules import PLAN_OF_CASE
from joinedup.casework.services.undertaken import put_action_in_plan
from joinedup.casework.views.shared import done, viewer_of
from joinedup.core.desk import uuid_of


@login_required
@require_POST
def put_in_plan(request: HttpRequest, case_id: UUID, action_id: UUID) -> HttpResponse:
    """It stands under the outcome that was chosen, with its owner and its day."""
    viewer = viewer_of(request)
    action = queries.action_for_change(viewer, case_id, action_id)
    plan = queries.plan_for_change(viewer, case_id)
    outcome_id = uuid_of(request.POST.get("outcome", ""))
    if outcome_id is None:
        raise PLAN_OF_CASE.refused()
    put_action_in_plan(plan=plan, action=action, outcome_id=outcome_id, by=viewer, at=viewer.at)
    return done(request, "case_plan", "It is in the plan now.", case_id=case_id)
