"""Single sign-on against a provider of our own: the whole flow, and everything that must not be believed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from joinedup.access.models import Account, AuditEvent
from joinedup.access.tests.factories import PASSWORD, make_account
from joinedup.access.tests.provider import CLIENT, SECRET, Provider, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as running:
        settings.OIDC_ISSUER, settings.OIDC_NAME = running.issuer, "Testerfield Council"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "partnership",
                        "name": "Testerfield Council",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": running.issuer, "scope": ["openid", "email"]},
                    }
                ],
            }
        }
        yield running


def known(provider: Provider, **facts: Any) -> Account:
    """An account, and the person at the provider whom it belongs to."""
    account = make_account(name=facts.pop("name", "Ada Testerfield"))
    provider.person = {"sub": f"number-{account.pk}", "email": account.email, "email_verified": True, **facts}
    return account


def go(client: Client, provider: Provider, **posted: str) -> Any:
    """Press the button, sign in at the provider, come back."""
    page = client.post("/account/sso/", posted)
    assert page.status_code == 200, page.content
    found = re.search(r'href="(http[^"]*/authorise[^"]*)"', page.content.decode())
    assert found, page.content.decode()
    there = unescape(found[1])
    assert page["Refresh"] == f"0; url={there}"
    sent_back = requests.get(there, allow_redirects=False, timeout=5)
    back = urlsplit(sent_back.headers["Location"])
    assert back.path == "/account/sso/back/"
    return client.get(f"{back.path}?{back.query}")


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_somebody_who_has_an_account_signs_in(client: Client, provider: Provider) -> None:
    account = known(provider)
    assert b"Sign in with Testerfield Council" in client.get("/account/login/").content
    response = go(client, provider, next="/my-posts/")
    assert (response.status_code, response["Location"]) == (302, "/my-posts/")
    assert client.session["_auth_user_id"] == str(account.pk)
    row = AuditEvent.objects.get(action="access.sign_in")
    assert (row.kind, row.actor_id, row.purpose) == ("sign_in", account.pk, "single_sign_on")
    kept = SocialAccount.objects.get()
    assert (kept.user_id, kept.uid, kept.extra_data) == (account.pk, provider.person["sub"], {})
    asked = provider.asked[0]
    assert len(asked["nonce"]) >= 24
    assert len(asked["state"]) >= 16
    assert client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() == 30 * 60
    # Again, in another browser, and out.
    other = Client()
    assert go(other, provider).status_code == 302
    assert is_in(other)
    other.post("/account/logout/")
    assert not is_in(other)
    assert AuditEvent.objects.filter(action="access.sign_out", actor_id=account.pk).exists()


def test_nothing_is_fetched_before_the_button_is_pressed(client: Client, provider: Provider) -> None:
    client.get("/account/login/")
    client.get("/health/")
    assert provider.calls == []


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"iss": "https://elsewhere.example"}},
        {"discovery_issuer": "https://elsewhere.example"},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": [CLIENT, "another-client"], "azp": "another-client"}},
        {"claims": {"exp": int(time.time()) - 120}},
        {"claims": {"nonce": "of another sign-in"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": None}},
        {"forged": True},
        {"algorithm": "none"},
        {"state": "not-what-was-sent"},
        {"claims": {"email": None}, "userinfo": {"sub": "somebody else", "email": "x@council.example"}},
        {"cancel": True},
    ],
)
def test_what_is_not_sound_signs_nobody_in(client: Client, provider: Provider, lie: dict[str, Any]) -> None:
    known(provider)
    provider.lie = lie
    try:
        response = go(client, provider)
    except AssertionError:
        assert "discovery_issuer" in lie, "only a wrong discovery document stops before the provider"
    else:
        assert response.status_code in {302, 401}
        assert b"@council.example" not in response.content
    assert not is_in(client)
    assert AuditEvent.objects.filter(kind="refusal", action="access.single_sign_on").exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("facts", "rule", "words"),
    [
        ({"email_verified": False}, "AC-15", "has not verified"),
        ({"email_verified": "true"}, "AC-15", "has not verified"),
        ({"email": "nobody@council.example"}, "AC-16", "no open account"),
        ({"email": "Ada"}, "AC-15", "did not say who you are"),
    ],
)
def test_who_is_not_known_for_certain_is_refused(
    client: Client, provider: Provider, facts: dict[str, Any], rule: str, words: str
) -> None:
    known(provider, **facts)
    accounts = Account.objects.count()
    response = go(client, provider)
    assert response.status_code == 401
    assert words in response.content.decode()
    assert not is_in(client)
    assert AuditEvent.objects.get(kind="refusal").rule == rule
    assert Account.objects.count() == accounts, "nobody gets an account by signing in"


def test_a_closed_account_stays_closed(client: Client, provider: Provider) -> None:
    account = known(provider)
    account.is_active = False
    account.save()
    assert b"no open account" in go(client, provider).content
    assert not is_in(client)


def test_an_address_given_to_somebody_else_opens_nothing(client: Client, provider: Provider) -> None:
    account = known(provider)
    go(client, provider)
    provider.person["sub"] = "the new colleague"
    other = Client()
    response = go(other, provider)
    assert response.status_code == 401
    assert b"somebody else than the person" in response.content
    assert not is_in(other)
    assert SocialAccount.objects.get().user_id == account.pk
    # Nor does a known identity open another person's account.
    second = make_account(name="Ben Testerfield")
    provider.person |= {"sub": f"number-{account.pk}", "email": second.email}
    assert go(Client(), provider).status_code == 401


def test_a_code_works_once_and_for_the_browser_that_asked(client: Client, provider: Provider) -> None:
    known(provider)
    page = client.post("/account/sso/")
    found = re.search(r'href="(http[^"]*/authorise[^"]*)"', page.content.decode())
    assert found
    back = urlsplit(requests.get(unescape(found[1]), allow_redirects=False, timeout=5).headers["Location"])
    stranger = Client()
    assert stranger.get(f"{back.path}?{back.query}").status_code == 401
    assert not is_in(stranger)
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 401
    assert "code" in parse_qs(back.query)


def test_claims_that_are_required(client: Client, provider: Provider, settings: Any) -> None:
    known(provider, groups=["everybody"], amr=["pwd"])
    settings.OIDC_REQUIRED_CLAIM = "groups=joinedup"
    assert b"not given you leave" in go(client, provider).content
    provider.person["groups"] = ["everybody", "joinedup"]
    settings.OIDC_AMR = ["mfa", "hwk"]
    assert b"without a second factor" in go(client, provider).content
    assert not is_in(client)
    provider.person["amr"] = ["pwd", "mfa"]
    assert go(client, provider).status_code == 302
    assert is_in(client)


def test_another_claim_may_name_the_account(client: Client, provider: Provider, settings: Any) -> None:
    account = known(provider)
    settings.OIDC_CLAIM = "upn"
    provider.person |= {"upn": account.email.upper(), "email": "other@council.example", "email_verified": False}
    assert go(client, provider).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)


def test_with_single_sign_on_alone_passwords_open_nothing_but_for_those_named(
    client: Client, provider: Provider, settings: Any
) -> None:
    settings.OIDC_ONLY = True
    ada, ben = make_account(password=PASSWORD), make_account(name="Ben T", password=PASSWORD)
    page = client.get("/account/login/").content.decode()
    assert "Password" not in page
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert not is_in(client)
    settings.OIDC_PASSWORD_FOR = [ben.email]
    assert "when single sign-on is down" in client.get("/account/login/").content.decode()
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert not is_in(client)
    client.post("/account/login/", {"login": ben.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ben.pk)


def test_a_password_kept_for_the_day_the_provider_is_down_survives_single_sign_on(
    client: Client, provider: Provider
) -> None:
    account = known(provider)
    account.set_password(PASSWORD)
    account.save()
    go(client, provider)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_fresh_sign_in_counts_from_when_the_provider_saw_the_person(client: Client, provider: Provider) -> None:
    known(provider)
    provider.lie = {"claims": {"auth_time": int(time.time()) - 3600}}
    go(client, provider)
    assert client.get("/account/code/set-up/").status_code == 302, "an hour ago is not fresh"
    page = client.get("/account/again/?next=/account/code/set-up/").content.decode()
    assert "Use Testerfield Council" in page
    provider.lie = {}
    response = go(client, provider, next="/account/code/set-up/")
    assert (response.status_code, response["Location"]) == (302, "/account/code/set-up/")
    asked = provider.asked[-1]
    assert (asked["prompt"], asked["max_age"]) == ("login", "900")
    assert client.get("/account/code/set-up/").status_code == 200


def test_a_provider_that_is_down_is_said_so(client: Client, provider: Provider, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    response = client.post("/account/sso/")
    assert response.status_code == 401
    assert b"did not understand each other" in response.content


def test_without_a_provider_the_button_leads_back(client: Client) -> None:
    assert client.post("/account/sso/")["Location"] == "/account/login/"
    assert client.get("/account/sso/back/?code=x&state=y")["Location"] == "/account/login/"
    assert b"Sign in with" not in client.get("/account/login/").content
