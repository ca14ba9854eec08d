"""What partners know: the 360° profile, on the screen and on paper, and what a receiving team is given of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.front_door.queries.leads import leads_of_referral
from joinedup.front_door.queries.profile import case_profile_page
from joinedup.front_door.queries.profile import profile as gathered
from joinedup.front_door.queries.profile_records import Profile
from joinedup.front_door.views.shared import viewer_of


@login_required
@require_safe
def partners(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Everything partners and the index know about the people of a referral, side by side."""
    found = gathered(viewer_of(request), referral_id)
    return _page(request, "profile", found, tab="partners")


def _page(request: HttpRequest, template: str, found: Profile, **more: str) -> HttpResponse:
    leads = leads_of_referral(viewer_of(request), found.referral_id)
    context = {"head": found, "profile": found, "leads": leads, **more}
    return render(request, f"front_door/{template}.jinja", context)


@login_required
@require_safe
def printed(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The same for paper: marked, everything open, nothing to press."""
    found = gathered(viewer_of(request), referral_id, purpose="print what partners know")
    return _page(request, "profile_print", found)


@login_required
@require_safe
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the front door handed over with a case: who is involved and how to reach them."""
    frame, found = case_profile_page(viewer_of(request), case_id)
    return render(request, "front_door/profile_case.jinja", {"case_id": case_id, "profile": found, "frame": frame})
