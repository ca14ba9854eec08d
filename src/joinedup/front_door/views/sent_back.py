"""Families that teams sent back from their allocation meetings: which wait, and what the front door answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.casework.lifecycle import SentBackState
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.errors import NotPermitted
from joinedup.front_door import queries, services
from joinedup.front_door.forms.inboxes import SentBackForm
from joinedup.front_door.kept import SENT_BACK
from joinedup.front_door.permissions import ANSWER_TEAM
from joinedup.front_door.views.shared import attempt, viewer_of
from joinedup.organisations.queries import team_with_id

_DONE = {
    "stays": "The team knows that it stays with them.",
    "moved": "The other team has the family now.",
    "taken_back": "It is in triage again, in your hands. The case has ended.",
}


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those that wait, then those answered last."""
    viewer = viewer_of(request)
    check(viewer, ANSWER_TEAM)
    return render(request, "front_door/sent_back.jinja", {"rows": queries.sent_back_rows(viewer)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, sent_back_id: UUID) -> HttpResponse:
    """What was asked, and the answer to it."""
    viewer = viewer_of(request)
    row = queries.sent_back_row(viewer, sent_back_id)
    if request.method == "POST" and not row.seen.is_waiting:
        raise NotPermitted("This is settled already.", rule="FD-100")
    teams = queries.teams_for_sent_back(viewer, row.seen) if row.seen.is_waiting else []
    desk = Desk(request, SENT_BACK, str(sent_back_id))
    form = SentBackForm(
        **desk.answers(), teams=[(str(each.team_id), each.words) for each in teams], may_take_back=bool(row.referrals)
    )
    if request.method == "POST" and form.is_valid():
        end, team_id = form.cleaned_data["end"], uuid_of(form.cleaned_data.get("team") or "")
        team = team_with_id(viewer, team_id) if end == "moved" and team_id else None
        settled = attempt(
            form,
            lambda: services.answer_team(
                sent_back=row.seen.row, end=SentBackState(end), words=form.cleaned_data["words"], team=team, by=viewer,
                at=viewer.at,
            ),
        )  # fmt: skip
        if settled is not None:
            desk.done()
            messages.success(request, _DONE[end])
            if end == "taken_back":
                return redirect(reverse("referral", kwargs={"referral_id": row.referrals[0].id}))
            return redirect("sent_back")
    return render(request, "front_door/sent_back_one.jinja", {"row": row, "seen": row.seen, "form": form, "desk": desk})
