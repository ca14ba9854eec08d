"""The one referral form, its check page, and what a professional has sent."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.front_door import queries, services
from joinedup.front_door.forms.answers import referral_contact, referral_sections
from joinedup.front_door.forms.refer import ReferralPage
from joinedup.front_door.permissions import SUBMIT_REFERRAL, TAKE_CALL
from joinedup.front_door.views.shared import attempt, draft, forget_draft, keep_draft, viewer_of

_DRAFT = "referral_draft"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """The form, on one page. Adding a child is a button of the same form, so it works without scripts."""
    viewer = viewer_of(request)
    permissions.check(viewer, SUBMIT_REFERRAL)
    if "start_again" in request.POST:
        _forget(request)
        return redirect("refer")
    page = _page(viewer, request.POST if request.method == "POST" else draft(request, _DRAFT))
    is_sent = request.method == "POST" and not page.is_changing
    if is_sent and page.is_valid() and page.stands(referral_contact(page, key="")):
        keep_draft(request, _DRAFT)
        request.session.setdefault(f"{_DRAFT}_key", uuid.uuid4().hex)
        return redirect("refer_check")
    return _form(request, page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The answers said back, then sent."""
    viewer = viewer_of(request)
    permissions.check(viewer, SUBMIT_REFERRAL)
    data = draft(request, _DRAFT)
    page = _page(viewer, data)
    if data is None or not page.is_valid():
        return redirect("refer")
    if request.method != "POST":
        sections = referral_sections(page, back=reverse("refer"))
        return render(request, "front_door/refer_check.jinja", {"sections": sections, "page": page})
    contact = referral_contact(page, key=request.session.get(f"{_DRAFT}_key", ""))
    sent = attempt(page, lambda: services.submit_referral(contact=contact, by=viewer, at=viewer.at))
    if sent is None:
        return _form(request, page)
    _forget(request)
    messages.success(request, f"Sent. Your reference is {sent.reference}.")
    return redirect("sent_contact", contact_id=sent.pk)


def _forget(request: HttpRequest) -> None:
    forget_draft(request, _DRAFT)
    forget_draft(request, f"{_DRAFT}_key")


def _page(viewer: Actor, data: object) -> ReferralPage:
    is_call = permissions.can(viewer, TAKE_CALL)
    return ReferralPage(data, today=timezone.localdate(viewer.at), is_call=is_call)  # type: ignore[arg-type]


def _form(request: HttpRequest, page: ReferralPage) -> HttpResponse:
    context = {"page": page, "page_has_errors": page.has_errors, "standings": viewer_of(request).standings}
    context["is_unsent"] = request.method == "GET" and draft(request, _DRAFT) is not None
    return render(request, "front_door/refer.jinja", context)


@login_required
@require_safe
def sent_list(request: HttpRequest) -> HttpResponse:
    """What I have sent, newest first."""
    rows, next_cursor = queries.sent_contacts(viewer_of(request), request.GET.get("after"))
    return render(request, "front_door/sent_list.jinja", {"rows": rows, "next_cursor": next_cursor})


@login_required
@require_safe
def sent(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """One of them: the receipt, and what I was told. Nothing here says whether anybody is known."""
    contact = queries.sent_contact(viewer_of(request), contact_id)
    return render(request, "front_door/sent.jinja", {"contact": contact})
