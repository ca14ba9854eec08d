"""Referring by an e-mailed link: ask for it, open it with a button, write, check, send, and see one line afterwards."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.actor import public
from joinedup.core.desk import Desk, as_sent, uuid_of
from joinedup.core.drafts import LINK_KEY
from joinedup.core.errors import Refused
from joinedup.front_door import queries, services
from joinedup.front_door.forms.answers import referral_contact, referral_sections
from joinedup.front_door.forms.link import AskForLinkForm
from joinedup.front_door.forms.refer import ReferralPage
from joinedup.front_door.kept import REFERRAL_BY_LINK
from joinedup.front_door.queries import LinkHeld
from joinedup.front_door.views.shared import attempt, checking, is_too_often, posted, viewer_of

_GET_OR_POST = ["GET", "HEAD", "POST"]
_LINK, _SECRET, _CHECKING = "referral_link", "referral_link_secret", "referral_link_checking"
_MOST_ASKED_AN_HOUR = 20


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("link_open", kwargs={"token": token}))


@require_http_methods(_GET_OR_POST)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not one was sent."""
    if viewer_of(request).is_signed_in:
        return redirect("refer")
    form = AskForLinkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        by = public(viewer_of(request).at)
        if not is_too_often(request, "link", _MOST_ASKED_AN_HOUR):
            email = form.cleaned_data["email"]
            services.send_link(email=email, address_of=lambda token: _address(request, token), by=by, at=by.at)
        return redirect("link_asked")
    return render(request, "front_door/link_ask.jinja", {"form": form})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next, for everybody alike."""
    return render(request, "front_door/link_asked.jinja")


@require_http_methods(_GET_OR_POST)
def open_(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Only its button opens anything, so that a program that follows links does not."""
    at = viewer_of(request).at
    context: dict[str, Any] = {"sentence": "", "token": token}
    if request.method == "POST" and "renew" in request.POST:
        if not is_too_often(request, "link", _MOST_ASKED_AN_HOUR):
            services.renew_link(token=token, address_of=lambda new: _address(request, new), by=public(at), at=at)
        return redirect("link_asked")
    if request.method == "POST":
        secret = request.session.get(_SECRET) or secrets.token_urlsafe(32)
        try:
            link = services.open_link(token=token, secret=secret, by=public(at), at=at)
        except Refused as refusal:
            context["sentence"] = refusal.sentence
            return render(request, "front_door/link_open.jinja", context, status=409)
        request.session.cycle_key()
        request.session[_SECRET], request.session[_LINK] = secret, str(link.pk)
        if link.contact_id:  # sent: whoever holds an old link sees one line, and no version that was left
            request.session.pop(LINK_KEY, None)
        else:
            request.session[LINK_KEY] = str(link.pk)
        return redirect("link_status" if link.contact_id else "link_refer")
    return render(request, "front_door/link_open.jinja", context)


def _held(request: HttpRequest) -> LinkHeld | None:
    """The link open in this browser. Once it is not, nothing of it stays in the session."""
    link_id = uuid_of(request.session.get(_LINK, ""))
    if viewer_of(request).is_signed_in or link_id is None:
        return None
    held = queries.link_held(viewer_of(request), link_id, request.session.get(_SECRET, ""))
    if held is None:
        for name in (_LINK, _SECRET, LINK_KEY):
            request.session.pop(name, None)
    return held


def _page(request: HttpRequest, data: QueryDict | None, *, is_unjudged: bool = False) -> ReferralPage:
    today = timezone.localdate(viewer_of(request).at)
    return ReferralPage(data, today=today, is_call=False, is_link=True, is_unjudged=is_unjudged and data is not None)


@require_http_methods(_GET_OR_POST)
def refer(request: HttpRequest) -> HttpResponse:
    """The same form as everybody's, with who is writing at its top."""
    held = _held(request)
    if held is None:
        return redirect("link_ask")
    if held.reference:
        return redirect("link_status")
    desk = Desk(request, REFERRAL_BY_LINK)
    page = _page(
        request, request.POST if request.method == "POST" else desk.typed, is_unjudged=request.method != "POST"
    )
    is_sent = request.method == "POST" and not page.is_changing
    if is_sent and page.is_valid() and page.stands(referral_contact(page, key="")):
        desk.keep()
        request.session[_CHECKING] = str(desk.id)
        return redirect("link_check")
    return _form(request, page, desk, held)


def _form(request: HttpRequest, page: ReferralPage, desk: Desk, held: LinkHeld) -> HttpResponse:
    context = {"page": page, "page_has_errors": page.has_errors, "standings": (), "desk": desk, "held": held}
    return render(request, "front_door/refer.jinja", context)


@require_http_methods(_GET_OR_POST)
def check(request: HttpRequest) -> HttpResponse:
    """The answers said back, then sent."""
    held, kept = _held(request), checking(request, _CHECKING)
    if held is None or kept is None:
        return redirect("link_refer")
    page = _page(request, as_sent(kept.typed))
    if not page.is_valid():
        return redirect("link_refer")
    back = reverse("link_refer")
    if request.method != "POST":
        context = {"sections": referral_sections(page, back=back), "page": page, "back": back}
        return render(request, "front_door/refer_check.jinja", context)
    at = viewer_of(request).at
    link = queries.link_for_change(viewer_of(request), held.id, request.session.get(_SECRET, ""))
    contact = referral_contact(page, key=kept.pk.hex)
    sent = attempt(page, lambda: services.submit_by_link(contact=contact, link=link, by=public(at), at=at))
    desk = Desk(request, REFERRAL_BY_LINK, reopen=False)
    if sent is None:
        return _form(request, page, desk, held)
    desk.done(UUID(str(kept.pk)))
    request.session.pop(_CHECKING, None)
    return redirect("link_status")


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The reference, and one line of what became of it. Nothing that was written is shown again."""
    held = _held(request)
    if held is None or not held.reference:
        return redirect("link_refer" if held else "link_ask")
    return render(request, "front_door/link_status.jinja", {"held": held})
