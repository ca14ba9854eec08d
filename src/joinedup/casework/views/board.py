"""What is due this week, for whoever leads; and the team manager's board."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from joinedup.casework import queries
from joinedup.casework.views.shared import viewer_of

_WHERE = {
    "review": lambda each: reverse("case_meetings", args=[each.case_id]),
    "meeting": lambda each: reverse("case_meeting", args=[each.case_id, each.record_id]),
    "minutes": lambda each: reverse("case_minutes", args=[each.case_id, each.record_id]),
    "action": lambda each: reverse("case_action", args=[each.case_id, each.record_id]),
    "plan": lambda each: reverse("case_plan_action_mark", args=[each.case_id, each.record_id]),
    "offer": lambda each: reverse("lead_offer", args=[each.record_id]),
}


@login_required
@require_safe
def this_week(request: HttpRequest) -> HttpResponse:
    """What the viewer has to do until this day next week, what is overdue first."""
    week = queries.this_week(viewer_of(request))
    rows = [(each, _WHERE[each.kind](each)) for each in week.items]
    return render(request, "casework/this_week.jinja", {"week": week, "rows": rows})


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The teams the viewer manages: caseloads, and the lists that want looking at."""
    return render(request, "casework/board.jinja", {"teams": queries.board(viewer_of(request))})
