"""What somebody with bad intent would try on sign-in and on what browsers and other sites are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from joinedup.access.adapter import address_of
from joinedup.access.tests.factories import PASSWORD, make_account

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


def test_one_account_is_guessed_at_from_many_addresses() -> None:
    account = make_account(password=PASSWORD)
    for number in range(30):
        told = {"login": account.email.upper() if number % 2 else account.email, "password": f"guess {number}"}
        assert Client(REMOTE_ADDR=f"192.0.2.{number}").post(LOGIN, told).status_code == 200
    last = Client(REMOTE_ADDR="198.51.100.1").post(LOGIN, {"login": account.email, "password": PASSWORD})
    assert last.status_code == 200, "not signed in"
    assert b"Too many" in last.content


def test_many_accounts_are_guessed_at_from_one_address() -> None:
    for number in range(20):
        told = {"login": f"somebody{number}@council.example", "password": "Summer2026!!"}
        assert b"Too many" not in Client().post(LOGIN, told).content
    account = make_account(password=PASSWORD)
    assert b"Too many" in Client().post(LOGIN, {"login": account.email, "password": PASSWORD}).content
    elsewhere = Client(REMOTE_ADDR="192.0.2.9").post(LOGIN, {"login": account.email, "password": PASSWORD})
    assert elsewhere.status_code == 302


def test_a_forged_forwarding_header(rf: Any, settings: Any) -> None:
    """In the demo it is not believed; behind the proxy of a real service only what the proxy wrote last is."""
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 192.0.2.5")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert address_of(request) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(request) == "192.0.2.5"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_sign_in_link_that_leads_to_another_site(client: Client, target: str) -> None:
    account = make_account(password=PASSWORD)
    answer = client.post(f"{LOGIN}?next={target}", {"login": account.email, "password": PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_session_fixed_before_sign_in(client: Client) -> None:
    account = make_account(password=PASSWORD)
    client.get("/help/ask/")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    assert client.post(LOGIN, {"login": account.email, "password": PASSWORD}).status_code == 302
    assert client.session.session_key != before


def test_another_site_posts_to_a_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/demo/sign-in/", LOGIN, "/account/logout/", "/help/ask/", "/help/check/", "/audit/verify/"):
        assert strict.post(path, {"account": "x"}).status_code == 403, path
    assert strict.post("/api/v1/referrals", {}, content_type="application/json").status_code in {401, 403}


@pytest.mark.parametrize(
    "path", ["/", "/nothing/", "/api/v1/nothing", "/api/v1/me", "/static/core/app.css", "/static/none"]
)
def test_a_page_framed_sniffed_cached_or_read_by_another_site(client: Client, path: str) -> None:
    answer = client.get(path)
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer
    if not (path.startswith("/static/") and answer.status_code == 200):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
