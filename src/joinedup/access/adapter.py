"""How django-allauth is narrowed to staff accounts that an administrator opens, with every sign-in audited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import httpkit
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor, public
from joinedup.access.rules import SIGN_IN_FAILED


def typed_address(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str | None:
    """Whose sign-in is being tried, for the lock-out. Without it everybody behind one address would share one lock."""
    given = credentials or {}
    typed = given.get("email") or given.get("username") or (request.POST.get("login") if request else None)
    return str(typed).strip().lower() if typed else None


def address_of(request: HttpRequest) -> str | None:
    """Where a sign-in is tried from: the address that the limit for addresses uses as well."""
    found: str | None = httpkit.get_client_ip(request)
    return found


class StaffAccountsOnly(DefaultAccountAdapter):
    """Nobody signs up; a sign-in, a failed one and a sign-out each leave a row."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by an administrator."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Audit the sign-in."""
        at = timezone.now()
        audit.record("sign_in", "access.sign_in", by=Actor(user.pk, user.name, at), at=at)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Audit the failure without the address that was typed (it may be a password in the wrong box)."""
        at = timezone.now()
        audit.record("refusal", "access.sign_in", by=public(at), at=at, rule=SIGN_IN_FAILED.code)
        super().authentication_failed(request, **credentials)

    def set_password(self, user: Any, password: str) -> None:
        """Audit that a password was changed or reset."""
        at = timezone.now()
        super().set_password(user, password)
        audit.record("write", "access.change_password", by=Actor(user.pk, user.name, at), at=at, changed=("password",))

    def logout(self, request: HttpRequest) -> None:
        """Audit the sign-out while it is still known whose it is."""
        at = timezone.now()
        user = request.user
        if user.is_authenticated:
            audit.record("sign_in", "access.sign_out", by=Actor(user.pk, user.name, at), at=at)
        super().logout(request)
