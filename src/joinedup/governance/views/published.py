"""The forward plan, and what everybody may read of boards without signing in."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from joinedup.governance.queries import published as queries
from joinedup.governance.views.shared import show, viewer_of


@login_required
@require_safe
def forward_plan(request: HttpRequest) -> HttpResponse:
    """Which meetings come, and what they are to decide."""
    rows = queries.forward_plan(viewer_of(request))
    return show(request, "governance/forward_plan.jinja", here="forward_plan", rows=rows)


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Meetings that were called, for everybody."""
    rows = queries.published_meetings(viewer_of(request))
    return show(request, "governance/published.jinja", rows=rows)


@require_safe
def published_meeting(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """One meeting, for everybody: exempt items are withheld."""
    page = queries.published_meeting(viewer_of(request), board_meeting_id)
    return show(request, "governance/published_meeting.jinja", page=page)
