"""A meeting of a board as a calendar file."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from joinedup.casework.calendar_file import CalendarEntry, calendar_file
from joinedup.core.documents import attachment
from joinedup.governance.queries import meetings as queries
from joinedup.governance.views.shared import viewer_of


@login_required
@require_safe
def calendar(request: HttpRequest, board_meeting_id: UUID) -> HttpResponse:
    """When the meeting is, and its reference; a calendar replaces what it had whenever the meeting was called, or takes it
    out once it was cancelled."""
    viewer = viewer_of(request)
    row = queries.meeting_for(viewer, board_meeting_id)
    entry = CalendarEntry(
        uid=f"{row.pk}@joinedup",
        reference=row.reference,
        starts_at=row.starts_at,
        minutes_long=row.minutes_long,
        written_at=viewer.at,
        sequence=queries.times_changed(viewer, row),
        is_cancelled=row.state == "cancelled",
        url=request.build_absolute_uri(reverse("board_meeting", args=[row.pk])),
    )
    return attachment(calendar_file(entry), "text/calendar; charset=utf-8", f"{row.reference}.ics")
