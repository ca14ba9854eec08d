"""What partners know: the 360° profile, on the screen and on paper, and what a receiving team is given of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.front_door.queries.profile import case_profile_page
from joinedup.front_door.queries.profile import profile as gathered
from joinedup.front_door.views.shared import viewer_of


@login_required
@require_safe
def partners(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Everything partners and the index know about the people of a referral, side by side."""
    found = gathered(viewer_of(request), referral_id)
    return render(request, "front_door/profile.jinja", {"head": found, "profile": found, "tab": "partners"})


@login_required
@require_safe
def printed(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The same for paper: marked, everything open, nothing to press."""
    found = gathered(viewer_of(request), referral_id, purpose="print what partners know")
    return render(request, "front_door/profile_print.jinja", {"head": found, "profile": found})


@login_required
@require_safe
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the front door handed over with a case: who is involved and how to reach them."""
    frame, found = case_profile_page(viewer_of(request), case_id)
    return render(request, "front_door/profile_case.jinja", {"case_id": case_id, "profile": found, "frame": frame})
