"""Builds the viewer for each request. Rights are looked up every time: when a post ends, so does the next click."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from joinedup.access import audit, grounds, second_factor
from joinedup.access.actor import Actor, public
from joinedup.access.fresh import signed_in_strongly
from joinedup.access.models import Account
from joinedup.core.errors import NotPermitted, NotVisible


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware`: for type checking in views."""

    viewer: Actor


def viewer_of(request: HttpRequest) -> Actor:
    """Who is looking; set for every request by `ViewerMiddleware`."""
    return cast(ViewerRequest, request).viewer


# A session lasts from the last click, but not every click is worth a write that waits for the disk.
_REMEMBER_CLICK_AFTER = 60


class ViewerMiddleware:
    """Sets `request.viewer`, and keeps the session of whoever is still clicking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        at = timezone.now()
        user = request.user
        if isinstance(user, Account) and user.is_active:
            viewer = Actor(user.pk, user.name, at, "web", grounds.standings_of(user.pk, at))
        else:
            viewer = public(at)
        setattr(request, "viewer", viewer)  # noqa: B010 - HttpRequest declares no such attribute
        self._keep_session(request, int(at.timestamp()))
        return self.get_response(request)

    @staticmethod
    def _keep_session(request: HttpRequest, now: int) -> None:
        """Write when the last click was, at most once a minute; whoever has no session gets none."""
        session = request.session
        if session.session_key and not session.is_empty() and now - session.get("clicked", 0) >= _REMEMBER_CLICK_AFTER:
            session["clicked"] = now


class SecondFactorAsked:
    """Who must have a second factor and signed in without one is led to the page that sets it up, whatever they ask
    for. What the session remembers of the sign-in decides, so no page waits for the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        viewer: Actor = getattr(request, "viewer", public(timezone.now()))
        is_asked = viewer.is_signed_in and not request.path.startswith(_WITHOUT_SECOND_FACTOR)
        if not is_asked or not second_factor.needs_one(viewer) or signed_in_strongly(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"message": _NEEDED, "rule": "AC-19", "extra": {}}, status=403)
        return redirect("second_factor")


_NEEDED = "Your posts need a second factor. Sign in on the site and set it up."
_WITHOUT_SECOND_FACTOR = ("/account/", "/health/", "/static/", "/accessibility/", "/privacy/", "/demo/")


class RefusedReadsAudited:
    """A page that was refused leaves a row, unless the service that refused has written it already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Only what a viewer may not see or do; the page is made by the middleware around this one."""
        record_refused_read(request, exception)


def record_refused_read(request: HttpRequest, exception: Exception) -> None:
    """One row naming the page by its name, never by its address, and the id that was asked for."""
    if not isinstance(exception, NotVisible | NotPermitted) or exception.is_recorded:
        return
    viewer = getattr(request, "viewer", None)
    match = request.resolver_match
    if viewer is None or match is None:
        return
    asked = next((str(value) for value in match.kwargs.values() if isinstance(value, UUID)), "")
    with transaction.atomic():
        audit.record(
            "refusal",
            (match.url_name or "page")[:80],
            by=viewer,
            at=viewer.at,
            subject=("page", asked) if asked else ("", ""),
            rule=exception.rule,
        )
    exception.is_recorded = True
