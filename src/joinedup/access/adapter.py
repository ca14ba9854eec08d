"""How django-allauth is narrowed to staff accounts that an administrator opens, with every sign-in audited."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import httpkit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from joinedup.access import audit, sign_on
from joinedup.access.actor import Actor, public
from joinedup.access.fresh import SHOWN_TO_PROVIDER
from joinedup.access.models import Account
from joinedup.access.rules import SIGN_IN_FAILED
from joinedup.core.errors import Refused

_LOG = logging.getLogger(__name__)


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
        """Audit the sign-in, and remember when single sign-on saw the person."""
        at = timezone.now()
        login = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        request.session[SHOWN_TO_PROVIDER] = sign_on.shown_at(getattr(login, "claims", {}))
        purpose = "single_sign_on" if login else ""
        audit.record("sign_in", "access.sign_in", by=Actor(user.pk, user.name, at), at=at, purpose=purpose)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """With single sign-on alone a password opens nothing, except for those named in the settings."""
        if not sign_on.may_use_password(typed_address(request, credentials) or ""):
            self.authentication_failed(request, **credentials)
            raise ValidationError("Sign in with your organisation’s account: passwords are not used here.")
        super().pre_authenticate(request, **credentials)

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


class SecretsEncrypted(DefaultMFAAdapter):
    """The secrets of authenticator apps lie encrypted in the database, under a key made from JOINEDUP_SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        """Fernet: AES with a signature."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Raises where the secret key is another than the one it was encrypted under."""
        return _box().decrypt(encrypted_text.encode("ascii")).decode()


def _box() -> Fernet:
    return _box_of(settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _box_of(secret_key: str) -> Fernet:
    made = HKDF(hashes.SHA256(), 32, salt=None, info=b"joinedup second factor").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(made))


class KnownAccountsOnly(DefaultSocialAccountAdapter):
    """Single sign-on opens an account that is there already, and no other; the identity behind it stays the same."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are opened by an administrator."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never by an address alone; `pre_social_login` looks at everything that was said."""
        return

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account, hold it to the identity it first signed in with, and remember when the person showed it."""
        try:
            account = sign_on.account_named(sociallogin.claims)
            # An address may be given to a new colleague; the provider's own number for a person never is.
            sociallogin.account = same_identity(account, str(sociallogin.claims["sub"]))
        except Refused as refusal:
            self._refuse(request, refusal.rule)
            raise ImmediateHttpResponse(_sign_on_failed(request, refusal.sentence)) from None
        sociallogin.user = account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """One page for whatever went wrong between the provider and us; the log says what, the person what to do."""
        self._refuse(request, "AC-15")
        _LOG.warning("single sign-on failed: %s", sign_on.reason_of(exception) if exception else error)
        sentence = "You were not signed in: your organisation’s sign-in and Joinedup did not understand each other."
        raise ImmediateHttpResponse(_sign_on_failed(request, f"{sentence} Try again in a minute."))

    @staticmethod
    def _refuse(request: HttpRequest, rule: str) -> None:
        at = timezone.now()
        audit.record("refusal", "access.single_sign_on", by=public(at), at=at, rule=rule)


def same_identity(account: Account, subject: str) -> SocialAccount:
    """The identity an account signs in with: kept at the first sign-in, and refused when it is another later (AC-18)."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        known = SocialAccount.objects.filter(provider=sign_on.PROVIDER)
        mine = known.filter(user=account).first()
        taken = known.filter(uid=subject).exclude(user=account).exists()
        if taken or (mine is not None and mine.uid != subject):
            raise Refused(
                "Your organisation says you are somebody else than the person who signed in with this account before. "
                "An administrator can put the sign-in back to its start.",
                rule="AC-18",
            )
        return mine or SocialAccount.objects.create(user=account, provider=sign_on.PROVIDER, uid=subject)


def _sign_on_failed(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "access/sign_on_failed.jinja", {"sentence": sentence, "sso": sign_on.button()}, status=401)
