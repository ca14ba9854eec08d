"""A fresh sign-in: what changes other people's access, or opens a record in an emergency, wants somebody who has shown
within the last fifteen minutes who they are. Whoever has a second factor shows that; others what they sign in with.

The records are those django-allauth keeps in the session (`password`, `mfa`, `socialaccount`); the demonstration adds
`demo`. They end with the session and belong to one account.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from joinedup.access.models import Account

FRESH_FOR = timedelta(minutes=15)
SHOWN_TO_PROVIDER = "shown_to_provider_at"
_STRONG = {"mfa", "socialaccount"}  # single sign-on brings the second factor of the organisation it comes from
P = ParamSpec("P")


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When the person last showed who they are: with the second factor where they have one, else in any way."""
    user = request.user
    if not isinstance(user, Account):
        return None
    records = get_authentication_records(request, user)
    if has_second_factor(user):
        records = [record for record in records if record.get("method") in _STRONG]
    moments = [_moment_of(record, request) for record in records]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def signed_in_strongly(request: HttpRequest) -> bool:
    """Whether this session began with a second factor, here or with the provider of single sign-on."""
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, Account) else []
    return any(record.get("method") in _STRONG for record in records)


def _moment_of(record: dict[str, Any], request: HttpRequest) -> float:
    """A provider may vouch for somebody it saw hours ago: what counts is when it saw them."""
    if record.get("method") == "socialaccount":
        return float(request.session.get(SHOWN_TO_PROVIDER, 0))
    return float(record.get("at", 0))


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the person has shown who they are within the last fifteen minutes before `at`."""
    last = signed_in_at(request)
    return last is not None and timedelta(0) <= at - last + timedelta(seconds=5) and at - last <= FRESH_FOR


def fresh_sign_in_required(
    view: Callable[Concatenate[Any, P], HttpResponse],
) -> Callable[Concatenate[Any, P], HttpResponse]:
    """Decorate a view (inside `@login_required`) that needs a fresh sign-in. Sends anybody else to show who they are,
    and back; what was posted is not kept, so ask for it on the page that shows the form as well."""

    @functools.wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_fresh(request, at=request.viewer.at):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('sign_in_again')}?{urlencode({'next': request.path})}")

    guarded.__dict__["needs_fresh_sign_in"] = True
    return cast("Callable[Concatenate[Any, P], HttpResponse]", guarded)


def has_second_factor(account: Account) -> bool:
    """Whether the account has an app that shows codes."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def record_sign_in(request: HttpRequest, account: Account, method: str, **more: Any) -> None:
    """Remember in the session that the person has just shown who they are."""
    record_authentication(request, account, method, **more)
