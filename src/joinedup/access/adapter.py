"""How django-allauth is narrowed to staff accounts that an administrator opens, with every sign-in audited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor, public


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
        audit.record("refusal", "access.sign_in", by=public(at), at=at, rule="AC-1")
        super().authentication_failed(request, **credentials)

    def logout(self, request: HttpRequest) -> None:
        """Audit the sign-out while it is still known whose it is."""
        at = timezone.now()
        user = request.user
        if user.is_authenticated:
            audit.record("sign_in", "access.sign_out", by=Actor(user.pk, user.name, at), at=at)
        super().logout(request)
