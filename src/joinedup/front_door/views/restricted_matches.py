"""What waits for the guardians of restricted records, and their answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.front_door import services
from joinedup.front_door.forms.restricted_matches import MatchForm
from joinedup.front_door.kept import GUARDIAN
from joinedup.front_door.permissions import READ_GUARDIAN_MATCHES
from joinedup.front_door.queries import restricted_matches
from joinedup.front_door.views.shared import attempt, viewer_of


def _viewer(request: HttpRequest) -> Actor:
    viewer = viewer_of(request)
    if not permissions.can(viewer, READ_GUARDIAN_MATCHES):
        raise NotVisible
    return viewer


@login_required
@require_safe
def guardian(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer, and what was answered."""
    rows = restricted_matches.guardian_matches(_viewer(request))
    return render(request, "front_door/guardian.jinja", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardian_match(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """One match: the record, what was typed, and the answer."""
    viewer = _viewer(request)
    found = restricted_matches.guardian_match(viewer, match_id)
    desk = Desk(request, GUARDIAN, str(match_id))
    form = MatchForm(**desk.answers())
    posts = restricted_matches.posts_to_take(viewer) if found.referral else []
    form.offer((str(each.post_id), f"{each.name}, {each.title}") for each in posts)
    if request.method == "POST" and form.is_valid():
        match, referral = restricted_matches.guardian_match_for_change(viewer, match_id)
        told = form.cleaned_data
        holder = restricted_matches.post_to_take(viewer, UUID(told["holder"])) if told["holder"] else None
        if attempt(
            form,
            lambda: services.answer_guardian_match(
                match=match,
                referral=referral,
                answer=told["answer"],
                words=told["words"],
                holder=holder,
                by=viewer,
                at=viewer.at,
            ),
        ):
            desk.done()
            messages.success(request, "Answered. The work can go on.")
            return redirect("guardian")
    context = {"found": found, "form": form, "title": "Is this the restricted person?", "submit_text": "Answer"}
    context["desk"] = desk
    return render(request, "front_door/guardian_match.jinja", context | {"back_href": reverse("guardian")})
