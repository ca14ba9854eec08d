"""The public page: somebody asks for help themselves. The reply never depends on who they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.actor import public
from joinedup.core import partnership
from joinedup.core.desk import Desk, as_sent
from joinedup.core.partnership import declare_setting
from joinedup.front_door import services
from joinedup.front_door.forms.answers import help_contact, help_sections
from joinedup.front_door.forms.ask import AskForHelpForm
from joinedup.front_door.kept import HELP
from joinedup.front_door.views.shared import attempt, checking, is_too_often, viewer_of

MOST_AN_HOUR = declare_setting(
    "front_door.help_requests_an_hour",
    "How many requests for help one internet address may send in an hour before the page asks people to phone instead.",
    20,
    check=partnership.between(1, 100_000),
)
_CHECKING, _SENT = "help_checking", "help_sent"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what happens next, and a way out."""
    return render(request, "front_door/help_start.jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The questions, all on one page. What is typed is kept while this browser is open, and "Exit this page" throws it
    away."""
    today = timezone.localdate(viewer_of(request).at)
    desk = Desk(request, HELP)
    form = AskForHelpForm(**desk.answers(), today=today)
    if request.method == "POST" and form.is_valid():
        desk.keep()
        request.session[_CHECKING] = str(desk.id)
        return redirect("ask_for_help_check")
    return render(request, "front_door/help_form.jinja", {"form": form, "desk": desk})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The answers said back, then sent."""
    viewer = viewer_of(request)
    kept = checking(request, _CHECKING)
    form = AskForHelpForm(as_sent(kept.typed) if kept else None, today=timezone.localdate(viewer.at))
    if kept is None or not form.is_valid():
        return redirect("ask_for_help_form")
    context = {"form": form, "sections": help_sections(form, back=reverse("ask_for_help_form"))}
    if request.method != "POST":
        return render(request, "front_door/help_check.jinja", context)
    if _is_too_often(request):
        return render(request, "front_door/help_busy.jinja", status=429)
    contact = help_contact(form, key=kept.pk.hex)
    sent = attempt(form, lambda: services.ask_for_help(contact=contact, by=public(viewer.at), at=viewer.at))
    desk = Desk(request, HELP, reopen=False)
    if sent is None:
        return render(request, "front_door/help_form.jinja", {"form": form, "desk": desk})
    desk.done(kept.pk)
    request.session.pop(_CHECKING, None)
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
    """Whether this address has asked more often in this hour than the setting allows."""
    most = partnership.value(MOST_AN_HOUR, on=timezone.localdate(viewer_of(request).at))
    return is_too_often(request, "help", most)
