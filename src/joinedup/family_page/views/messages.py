"""What families write, for whoever covers: the list of what waits, and one message with its answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.family_page import queries, services
from joinedup.family_page.forms import AnswerForm
from joinedup.family_page.views.shared import GET_OR_POST, attempt, back_to, case_page, done, kept, viewer_of

ANSWER = kept("answer", "Answer a family", "family_message", "case_id", "family_message_id")


@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits to be read or answered in the cases the viewer covers, the oldest first."""
    return render(request, "family_page/waiting.jinja", {"rows": queries.messages_waiting(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def message(request: HttpRequest, case_id: UUID, family_message_id: UUID) -> HttpResponse:
    """One message; opening it reads it, and stops its clock."""
    viewer = viewer_of(request)
    row = queries.message_for_change(viewer, case_id, family_message_id)
    seen = queries.page_seen(viewer, case_id, row.page_id, with_suggestions=False)
    desk = Desk(request, ANSWER, about_of(case_id, family_message_id))
    form = AnswerForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["words"]
        made = attempt(
            form, lambda: services.answer_message(page=row.page, message=row, words=said, by=viewer, at=viewer.at)
        )
        if made is not None:
            desk.done()
            where = {"case_id": case_id, "family_page_id": row.page_id}
            return done(request, "family_page_of", f"{seen.row.name} can read your answer now.", **where)
    if request.method == "GET" and row.read_at is None:
        row = services.read_message(page=row.page, message=row, by=viewer, at=viewer.at)
    there = next(each for each in seen.messages if each.id == row.pk)
    context = {"form": form, "desk": desk, "seen": seen, "message": there, "back_href": back_to(case_id, row.page_id)}
    return case_page(request, "family_page/message.jinja", seen.frame, **context)
