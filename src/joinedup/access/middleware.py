"""Builds the viewer for each request. Rights are looked up every time: when a post ends, so does the next click."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from joinedup.access import grounds
from joinedup.access.actor import Actor, public
from joinedup.access.models import Account


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware`: for type checking in views."""

    viewer: Actor


class ViewerMiddleware:
    """Sets `request.viewer`."""

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
        return self.get_response(request)
