"""Partners asked at level 4 or red and decided lower: a manager's list, and the review of each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.front_door import queries, services
from joinedup.front_door.forms.notes import AskingReviewForm
from joinedup.front_door.kept import ASKING_REVIEW
from joinedup.front_door.permissions import REVIEW_ASKING
from joinedup.front_door.views.shared import attempt, viewer_of


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for a review, then what was reviewed."""
    viewer = viewer_of(request)
    if not can(viewer, REVIEW_ASKING):
        raise NotVisible
    return render(request, "front_door/asked_at_once.jinja", {"rows": queries.asked_at_once(viewer)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, serious_id: UUID) -> HttpResponse:
    """One of them, with its review or the form for it."""
    viewer = viewer_of(request)
    if not can(viewer, REVIEW_ASKING):
        raise NotVisible
    found = queries.asking_to_review(viewer, serious_id)
    desk = Desk(request, ASKING_REVIEW, str(serious_id))
    form = AskingReviewForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = attempt(
            form,
            lambda: services.review_asking(
                asking=queries.asking_for_review(viewer, serious_id), outcome=told["outcome"], words=told["words"],
                by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if done is not None:
            desk.done()
            messages.success(request, f"The review of {found.reference} is recorded.")
            return redirect("asked_at_once")
    context = {"found": found, "form": form, "desk": desk, "title": "Was it right to ask at once?"}
    return render(request, "front_door/asked_at_once_review.jinja", context)
