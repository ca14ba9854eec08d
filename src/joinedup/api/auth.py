"""Who calls the API: a partner's system with its key, or a signed-in person's browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from joinedup.access.actor import Actor
from joinedup.access.queries import actor_from_key
from joinedup.core.errors import Refused


class TooMany(Refused):
    """More requests in a minute than one account may send."""

    status = 429


class Key(HttpBearer):
    """`Authorization: Bearer ju_…`: a key that the administrator issued."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The account the key acts for, or None."""
        actor = actor_from_key(token, at=timezone.now())
        if actor is not None:
            _count(actor)
            setattr(request, "viewer", actor)  # noqa: B010 - HttpRequest declares no such attribute
        return actor


class SignedIn(APIKeyCookie):
    """The session of somebody who has signed in to the site. Writing needs the anti-forgery token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """A key that was sent decides alone: a wrong one is never made good by a session."""
        viewer = getattr(request, "viewer", None)
        if "Authorization" in request.headers or viewer is None or not viewer.is_signed_in:
            return None
        if check_csrf(request):
            raise HttpError(403, "The anti-forgery token is missing or out of date.")
        _count(viewer)
        return viewer

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Not used: the session is looked at by the site's own middleware."""


def _count(actor: Actor) -> None:
    """A simple limit for each account and minute, in each server process."""
    key = f"api:{actor.account_id}:{int(actor.at.timestamp()) // 60}"
    if cache.get_or_set(key, 0, timeout=120) is not None and cache.incr(key) > settings.API_REQUESTS_PER_MINUTE:
        raise TooMany(
            f"More than {settings.API_REQUESTS_PER_MINUTE} requests in a minute. Wait a minute, then go on.",
            rule="API-429",
        )
