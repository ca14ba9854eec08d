"""Opening one record in an emergency, closing it, and the review by somebody else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible, Refused
from joinedup.person_index import queries, services
from joinedup.person_index.forms.break_glass import EmergencyForm, EmergencyReviewForm
from joinedup.person_index.kept import EMERGENCY_REVIEW
from joinedup.person_index.permissions import BREAK_GLASS, READ_BREAK_GLASS, REVIEW_BREAK_GLASS
from joinedup.person_index.restricting import BG_3
from joinedup.person_index.views.restrictions import query_of

_ASKED = ["GET", "HEAD", "POST"]


@login_required
@fresh_sign_in_required
@require_http_methods(_ASKED)
def break_glass(request: ViewerRequest) -> HttpResponse:
    """The interruption: who, why, and what follows. Nothing of any record is on this page."""
    viewer = request.viewer
    if not can(viewer, BREAK_GLASS):
        raise NotVisible
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            opened = services.open_in_emergency(
                query=query_of(form), reason_code=told["reason_code"], reason=told["reason"], by=viewer, at=viewer.at
            )
        except Refused as refusal:
            if refusal.status != Refused.status:
                raise
            form.refuse(refusal)
        else:
            if opened is not None:
                request.session[queries.SESSION_KEY] = opened.ends_at.isoformat()
                return redirect("person", person_id=opened.person_id)
            form.add_error(None, BG_3.sentence)
    return render(
        request,
        "person_index/break_glass.jinja",
        {
            "form": form,
            "title": "Open a record in an emergency",
            "submit_text": "Open the record",
            "mine": queries.own_emergencies(viewer),
            "back_href": "",
        },
    )


@login_required
@require_POST
def break_glass_end(request: ViewerRequest, emergency_id: UUID) -> HttpResponse:
    """Close it before its hour is over."""
    viewer = request.viewer
    row = queries.open_record_for_change(viewer, emergency_id)
    services.end_emergency(emergency=row, by=viewer, at=viewer.at)
    request.session.pop(queries.SESSION_KEY, None)
    messages.success(request, "The record is closed.")
    return redirect("home")


@login_required
@require_safe
def emergencies(request: ViewerRequest) -> HttpResponse:
    """What was opened, and what nobody has looked at."""
    if not can(request.viewer, READ_BREAK_GLASS):
        raise NotVisible
    return render(request, "person_index/emergencies.jinja", {"found": queries.emergencies(request.viewer)})


@login_required
@require_http_methods(_ASKED)
def emergency(request: ViewerRequest, emergency_id: UUID) -> HttpResponse:
    """One emergency, and the review by somebody else."""
    viewer = request.viewer
    if not can(viewer, READ_BREAK_GLASS):
        raise NotVisible
    row = queries.emergency(viewer, emergency_id)
    desk = Desk(request, EMERGENCY_REVIEW, str(emergency_id))
    form = EmergencyReviewForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.emergency_for_change(viewer, emergency_id)
        check(viewer, REVIEW_BREAK_GLASS, target)
        try:
            services.review_emergency(emergency=target, **form.cleaned_data, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "Reviewed. Whoever opened it has been told.")
            return redirect("emergencies")
    context = {"row": row, "form": form, "title": "Was this an emergency?", "submit_text": "Save the review"}
    context["desk"] = desk if row.may_review else None
    return render(request, "person_index/emergency.jinja", context | {"back_href": reverse("emergencies")})
