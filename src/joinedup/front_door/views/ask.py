"""The public page: somebody asks for help themselves. The reply never depends on who they are."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.actor import public
from joinedup.core import partnership
from joinedup.core.partnership import declare_setting
from joinedup.front_door import services
from joinedup.front_door.forms.answers import help_contact, help_sections
from joinedup.front_door.forms.ask import AskForHelpForm
from joinedup.front_door.views.shared import attempt, draft, forget_draft, keep_draft, viewer_of

MOST_AN_HOUR = declare_setting(
    "front_door.help_requests_an_hour",
    "How many requests for help one internet address may send in an hour before the page asks people to phone instead.",
    20,
    check=partnership.between(1, 100_000),
)
_DRAFT, _SENT = "help_draft", "help_sent"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what happens next, and a way out."""
    return render(request, "front_door/help_start.jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The questions, all on one page."""
    today = timezone.localdate(viewer_of(request).at)
    if request.method == "POST":
        form = AskForHelpForm(request.POST, today=today)
        if form.is_valid():
            keep_draft(request, _DRAFT)
            request.session.setdefault(f"{_DRAFT}_key", uuid.uuid4().hex)
            return redirect("ask_for_help_check")
    else:
        form = AskForHelpForm(draft(request, _DRAFT), today=today)
    return render(request, "front_door/help_form.jinja", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The answers said back, then sent."""
    viewer = viewer_of(request)
    data = draft(request, _DRAFT)
    form = AskForHelpForm(data, today=timezone.localdate(viewer.at))
    if data is None or not form.is_valid():
        return redirect("ask_for_help_form")
    context = {"form": form, "sections": help_sections(form, back=reverse("ask_for_help_form"))}
    if request.method != "POST":
        return render(request, "front_door/help_check.jinja", context)
    if _is_too_often(request):
        return render(request, "front_door/help_busy.jinja", status=429)
    contact = help_contact(form, key=request.session.get(f"{_DRAFT}_key", ""))
    sent = attempt(form, lambda: services.ask_for_help(contact=contact, by=public(viewer.at), at=viewer.at))
    if sent is None:
        return render(request, "front_door/help_form.jinja", {"form": form})
    forget_draft(request, _DRAFT)
    forget_draft(request, f"{_DRAFT}_key")
    request.session[_SENT] = sent.reference
    return redirect("ask_for_help_sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The reference, and what happens next."""
    reference = request.session.get(_SENT)
    if not reference:
        return redirect("ask_for_help")
    return render(request, "front_door/help_sent.jinja", {"reference": reference})


def _is_too_often(request: HttpRequest) -> bool:
    """Count this address's requests in this hour. Kept by digest only, and forgotten after the hour."""
    viewer = viewer_of(request)
    most = partnership.value(MOST_AN_HOUR, on=timezone.localdate(viewer.at))
    seen = f"{settings.SECRET_KEY}{_address_of(request)}{viewer.at:%Y%m%d%H}"
    key = f"help-{hashlib.sha256(seen.encode()).hexdigest()}"
    cache.add(key, 0, timeout=3600)
    return bool(cache.incr(key) > most)


def _address_of(request: HttpRequest) -> str:
    """The visitor's address: in production the last one the proxy in front of us wrote down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
