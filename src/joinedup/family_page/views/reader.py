"""The reader's side, without an account: a link, a code, their page. A wrong link and a right one look and last alike."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.actor import Actor
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.drafts import LINK_KEY, declare_form, unsaid
from joinedup.core.errors import Refused
from joinedup.core.steady import answered_steadily
from joinedup.family_page import queries, services
from joinedup.family_page.forms import ChoicesForm, CodeForm, LostLinkForm, TellForm
from joinedup.family_page.queries import Visit
from joinedup.family_page.settings import exit_address
from joinedup.family_page.views.shared import GET_OR_POST, address_with, attempt, is_too_often, viewer_of

P = ParamSpec("P")
_VISIT, _SECRET = "family_visit", "family_visit_secret"
_CODES_AN_HOUR, _TRIES_AN_HOUR, _LINKS_AN_HOUR = 30, 60, 20

TELL = declare_form("family_page.tell", "Tell us something", lambda about: reverse("family_tell"), says=unsaid)


def quietly(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Kept by nobody, found by no search, and saying nothing of itself to the next site."""

    @functools.wraps(view)
    def quiet(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        return response

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", quiet)


def _they(request: HttpRequest) -> Actor:
    return queries.reader_actor(viewer_of(request))


@quietly
@require_http_methods(GET_OR_POST)
@answered_steadily
def start(request: HttpRequest) -> HttpResponse:
    """Ask for another link. The answer is the same whatever was typed."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = _they(request)
        if not is_too_often(request, "link", _LINKS_AN_HOUR):
            services.ask_for_link(
                contact=form.cleaned_data["contact"], address_of=address_with(request), by=by, at=by.at
            )
        return redirect("family_sent")
    return render(request, "family_page/start.jinja", {"form": form})


@quietly
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, for everybody alike."""
    return render(request, "family_page/sent.jinja")


@quietly
@require_http_methods(GET_OR_POST)
@answered_steadily
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Only its button sends a code, so that a program that follows links does not."""
    if request.method == "POST":
        by = _they(request)
        if not is_too_often(request, "code", _CODES_AN_HOUR):
            services.send_code(token=token, by=by, at=by.at)
        return redirect("family_code", token=token)
    return render(request, "family_page/link.jinja")


@quietly
@require_http_methods(GET_OR_POST)
@answered_steadily
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Type the code. Wrong, old, tried too often or sent by no link: the same sentence."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, secret = _they(request), secrets.token_urlsafe(32)
        typed = "".join(sign for sign in form.cleaned_data["code"] if sign.isdigit())
        visit = None
        if not is_too_often(request, "try", _TRIES_AN_HOUR):
            visit = services.enter(token=token, code=typed, secret=secret, by=by, at=by.at)
        if visit is not None:
            request.session.cycle_key()
            request.session[_VISIT], request.session[_SECRET] = str(visit.pk), secret
            request.session[LINK_KEY] = str(visit.link.page_id)
            return redirect("family_page")
        form.add_error("code", "This code does not open anything. Check it, or ask for a new one")
    return render(request, "family_page/code.jinja", {"form": form, "token": token})


def _visit(request: HttpRequest) -> Visit | None:
    """The visit of this browser. Once it is over, nothing of it stays in the session."""
    visit_id = uuid_of(request.session.get(_VISIT, ""))
    if visit_id is None or viewer_of(request).is_signed_in:
        return None
    held = queries.visit_held(_they(request), visit_id, request.session.get(_SECRET, ""))
    if held is None:
        _forget(request)
    return held


def _forget(request: HttpRequest) -> None:
    for name in (_VISIT, _SECRET, LINK_KEY):
        request.session.pop(name, None)


def _over(request: HttpRequest) -> HttpResponse:
    """It is closed or the time is over: which of them is not said."""
    _forget(request)
    return redirect("family_start")


@quietly
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Their page."""
    visit, by = _visit(request), _they(request)
    shown = queries.read_page(by, visit) if visit else None
    if visit is None or shown is None:
        return _over(request)
    services.note_reading(visit=visit, shown=shown.ids, by=by, at=by.at)
    return render(request, "family_page/page.jinja", {"shown": shown, "on": timezone.localdate(by.at)})


@quietly
@require_http_methods(GET_OR_POST)
def tell(request: HttpRequest) -> HttpResponse:
    """Tell us something; it says by when it is read."""
    visit, by = _visit(request), _they(request)
    shown = queries.read_page(by, visit) if visit else None
    if visit is None or shown is None:
        return _over(request)
    services.note_reading(visit=visit, shown=[], by=by, at=by.at)
    desk = Desk(request, TELL)
    form = TellForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["words"]
        if attempt(form, lambda: services.write_message(visit=visit, words=said, by=by, at=by.at)) is not None:
            desk.done()
            return redirect(f"{reverse('family_page')}#what-you-wrote")
    context: dict[str, Any] = {"form": form, "desk": desk, "read_by": services.read_by(by.at), "shown": shown}
    return render(request, "family_page/tell.jinja", context)


@quietly
@require_http_methods(GET_OR_POST)
def choices(request: HttpRequest) -> HttpResponse:
    """A young person decides what a parent may see."""
    visit, by = _visit(request), _they(request)
    there = queries.decisions(by, visit) if visit else None
    if visit is None or there is None:
        return redirect("family_page") if visit else _over(request)
    services.note_reading(visit=visit, shown=[], by=by, at=by.at)
    form = ChoicesForm(request.POST if request.method == "POST" else None, decisions=there)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_for_parents(visit=visit, chosen=form.chosen(), by=by, at=by.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("family_page")
    return render(request, "family_page/choices.jinja", {"form": form, "there": there})


@quietly
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page in this browser."""
    visit, by = _visit(request), _they(request)
    if visit is not None:
        services.leave(visit=visit, by=by, at=by.at)
    _forget(request)
    return redirect("family_start")


@quietly
@require_safe
def exit_(request: HttpRequest) -> HttpResponse:
    """Exit this page: the visit is over, so that going back shows nothing, and a neutral site opens."""
    visit, by = _visit(request), _they(request)
    if visit is not None:
        services.leave(visit=visit, by=by, at=by.at)
    _forget(request)
    return redirect(exit_address(timezone.localdate(by.at)))
