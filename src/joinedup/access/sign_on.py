"""Single sign-on by OpenID Connect: an organisation's own sign-in vouches for somebody who has an account here already.

The flow is django-allauth's (authorisation code with state and PKCE). Ours on top: a nonce, the signature of every
identity token against the provider's keys, which account a claim names, and that nobody gets an account by signing in.
Nothing is fetched before somebody presses the button.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings

from joinedup.access.models import Account
from joinedup.core.errors import Refused

PROVIDER = "partnership"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
CLOCKS_DIFFER_BY = 60  # seconds
_SAY_WHO = "Ask the person who looks after access in your organisation."


def button() -> str:
    """What the button of single sign-on says; nothing where there is none."""
    return str(settings.OIDC_NAME) if settings.OIDC_ISSUER else ""


def may_use_password(address: str) -> bool:
    """Whether this address may sign in with a password; with single sign-on alone only those named may."""
    is_alone = settings.OIDC_ONLY and settings.OIDC_ISSUER
    return not is_alone or address.strip().lower() in settings.OIDC_PASSWORD_FOR


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The partnership's OpenID Connect provider for one request."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; it must say that it is who we were told."""
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the discovery document names another issuer")
        return config

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        """Believe the identity token only after its signature, issuer, audience, times and nonce."""
        text = kwargs["response"].get("id_token")
        if not text:
            raise OAuth2Error("no identity token")
        claims = self.claims_of(app, text)
        if settings.OIDC_CLAIM not in claims or (settings.OIDC_CLAIM == "email" and "email_verified" not in claims):
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("the user information is about somebody else")
            claims = {**more, **claims}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}  # nothing of what the provider knows is kept
        login.claims = claims
        return login

    def claims_of(self, app: Any, text: str) -> dict[str, Any]:
        """The claims of a sound token."""
        try:
            key = self._key_for(jwt.get_unverified_header(text))
            claims: dict[str, Any] = jwt.decode(
                text,
                key=key,
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER_BY,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as fault:
            raise OAuth2Error(f"the identity token is not sound: {type(fault).__name__}") from fault
        if not self.nonce or not hmac.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("the identity token answers another question")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("the identity token is for somebody else")
        return claims

    def _key_for(self, header: Mapping[str, Any]) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        wanted = header.get("kid")
        fitting = [key for key in keys if wanted in (None, key.key_id)]
        if len(fitting) != 1:
            raise OAuth2Error("the identity token is signed with a key the provider does not name")
        return fitting[0].key


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """The way back from the provider; hands the nonce of this sign-in on."""

    def _get_state(self, request: Any, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


def account_named(claims: Mapping[str, Any]) -> Account:
    """The one active account that the claims name. Raises Refused with what to tell the person."""
    _check_strength(claims)
    address = claims.get(settings.OIDC_CLAIM)
    if not isinstance(address, str) or "@" not in address:
        raise Refused(f"Your organisation did not say who you are. {_SAY_WHO}", rule="AC-15")
    if settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True:
        raise Refused(f"Your organisation has not verified your e-mail address. {_SAY_WHO}", rule="AC-15")
    account = Account.objects.filter(email__iexact=address.strip()).first()
    if account is None or not account.is_active:
        raise Refused(f"You have no open account here. {_SAY_WHO}", rule="AC-16")
    return account


def _check_strength(claims: Mapping[str, Any]) -> None:
    name, _, value = settings.OIDC_REQUIRED_CLAIM.partition("=")
    if name:
        held = claims.get(name)
        if value not in (held if isinstance(held, list) else [str(held) if held is not None else None]):
            raise Refused(f"Your organisation has not given you leave to use Joinedup. {_SAY_WHO}", rule="AC-17")
    if settings.OIDC_AMR and not set(settings.OIDC_AMR) & set(claims.get("amr") or ()):
        raise Refused(
            "Your organisation signed you in without a second factor. Sign out there, and in again with it.",
            rule="AC-17",
        )


def shown_at(claims: Mapping[str, Any]) -> float:
    """When the person showed the provider who they are: seconds; the beginning of time where it does not say."""
    said = claims.get("auth_time")
    return min(float(said), time.time()) if isinstance(said, int | float) else 0.0


def reason_of(fault: BaseException | None) -> str:
    """Why a sign-in failed, for the log of the operator: never a claim, never an address."""
    if isinstance(fault, requests.RequestException):
        return f"the provider does not answer ({type(fault).__name__})"
    return str(fault) if isinstance(fault, OAuth2Error) else type(fault).__name__
