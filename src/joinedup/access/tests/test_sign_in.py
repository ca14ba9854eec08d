"""Signing in: passwords, the lock after five tries, sessions that look afresh at every click, keys, the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse
from django.utils import timezone

from joinedup.access import grounds, services
from joinedup.access.actor import Standing, system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.queries import actor_from_key
from joinedup.access.roles import Role
from joinedup.access.tests.factories import AT, PASSWORD, make_account, make_actor, make_fresh, make_standing
from joinedup.core.errors import Refused

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> dict[Any, list[Standing]]:
    """Which standings each account holds, as the organisations part would say."""
    held: dict[Any, list[Standing]] = {}

    def standings(account_id: Any, at: Any) -> list[Standing]:
        return [one for one in held.get(account_id, []) if one.ends_at is None or at < one.ends_at]

    monkeypatch.setattr(grounds, "_standing_sources", [standings])
    return held


def sign_in(client: Client, account: Account, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": account.email, "password": password}, **extra)


def test_sign_in_and_out_leave_rows(client: Client) -> None:
    account = make_account(password=PASSWORD)
    assert sign_in(client, account).status_code == 302
    assert client.get("/account/password/change/").status_code == 200
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/account/password/change/").status_code == 302
    assert list(AuditEvent.objects.order_by("id").values_list("action", "actor_id")) == [
        ("access.sign_in", account.pk),
        ("access.sign_out", account.pk),
    ]


def test_a_wrong_password_says_no_more_than_that(client: Client) -> None:
    account = make_account(password=PASSWORD)
    wrong = sign_in(client, account, "not this one")
    nobody = client.post(LOGIN, {"login": "nobody@council.example", "password": PASSWORD})
    assert wrong.status_code == nobody.status_code == 200

    def errors(response: Any) -> Any:
        return response.context_data["form"].errors

    assert errors(wrong) == errors(nobody)
    rows = AuditEvent.objects.filter(kind="refusal")
    assert [row.rule for row in rows] == ["AC-1", "AC-1"]
    assert all(row.actor_id is None for row in rows)


def test_five_wrong_passwords_lock_the_sign_in_for_that_account_only(client: Client) -> None:
    amira, ben = (
        make_account(name="Amira Testerfield", password=PASSWORD),
        make_account(name="Ben T", password=PASSWORD),
    )
    for _ in range(4):
        assert sign_in(client, amira, "wrong").status_code == 200
    locked = sign_in(client, amira, "wrong")
    assert locked.status_code == 429
    assert b"locked for 15 minutes" in locked.content
    assert sign_in(client, amira).status_code == 429, "the right password does not help before then"
    assert sign_in(Client(), ben).status_code == 302, "a colleague behind the same address is not locked out"


def test_the_lock_is_not_got_around_by_capitals_or_by_another_browser(client: Client) -> None:
    account = make_account(password=PASSWORD)
    for number in range(5):
        email = account.email.upper() if number % 2 else f" {account.email}"
        Client(headers={"user-agent": f"browser {number}"}).post(LOGIN, {"login": email, "password": "wrong"})
    assert sign_in(client, account).status_code == 429


def test_the_lock_opens_again(client: Client) -> None:
    account = make_account(password=PASSWORD)
    for _ in range(5):
        sign_in(client, account, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    cache.clear()
    assert sign_in(client, account).status_code == 302


def test_a_forgotten_password_says_the_same_for_anybody(client: Client, mailoutbox: list[Any]) -> None:
    account = make_account(password=PASSWORD)
    known = client.post("/account/password/reset/", {"email": account.email})
    unknown = client.post("/account/password/reset/", {"email": "nobody@council.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(known.url).status_code == 200
    assert [message.to for message in mailoutbox] == [[account.email]]
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    followed = client.get(link, follow=True)
    address = followed.redirect_chain[-1][0]
    new = "another long enough phrase"
    changed = client.post(address, {"password1": new, "password2": new})
    assert changed.status_code == 302
    assert sign_in(client, account, new).status_code == 302
    assert AuditEvent.objects.filter(action="access.change_password", actor_id=account.pk).count() == 1


def test_a_short_or_common_password_is_refused(client: Client) -> None:
    account = make_account(password=PASSWORD)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for weak in ("short", "qwerty123456", "Ada Testerfield"):
        form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert client.post("/account/password/change/", form).status_code == 200
        account.refresh_from_db()
        assert account.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["signup/", "email/", "password/../signup/", "3rdparty/"])
def test_nobody_signs_up_or_changes_an_address(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_rights_are_looked_at_afresh_for_every_click(client: Client, posts: dict[Any, list[Standing]]) -> None:
    account = make_account(password=PASSWORD)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/audit/").status_code == 403
    posts[account.pk] = [make_standing(Role.INFORMATION_GOVERNANCE)]
    assert client.get("/audit/").status_code == 200
    posts[account.pk] = [make_standing(Role.INFORMATION_GOVERNANCE, ends_at=timezone.now() - timedelta(seconds=1))]
    assert client.get("/audit/").status_code == 403, "the post ended a second ago, in an open session"


def test_a_closed_account_is_out_with_the_next_click(client: Client, posts: dict[Any, list[Standing]]) -> None:
    account = make_account(password=PASSWORD)
    posts[account.pk] = [make_standing(Role.INFORMATION_GOVERNANCE)]
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/audit/").status_code == 200
    services.close_account(account=account, reason="left", by=make_actor(Role.SYSTEM_ADMINISTRATOR), at=AT)
    assert client.get("/audit/").status_code == 302
    assert sign_in(client, account).status_code in {200, 302}
    assert client.get("/audit/").status_code == 302


def test_a_refused_page_leaves_a_row(client: Client, posts: dict[Any, list[Standing]]) -> None:
    account = make_account()
    posts[account.pk] = [make_standing(Role.KEY_WORKER)]
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_fresh(client)
    asked = uuid4()
    assert client.get(f"/accounts/{asked}/close/").status_code == 403
    row = AuditEvent.objects.get()
    assert (row.kind, row.action, row.subject_id) == ("refusal", "account_close", str(asked))
    assert row.actor_id == account.pk


# --- Keys of partners' systems.


def issue(account: Account, **changes: Any) -> str:
    given: dict[str, Any] = {"expires_at": AT + timedelta(days=30), "label": "School records", "at": AT}
    _, text = services.issue_api_key(account=account, by=system(AT), **(given | changes))
    return text


def test_a_key_acts_for_its_account_until_it_ends(posts: dict[Any, list[Standing]]) -> None:
    account = make_account()
    posts[account.pk] = [make_standing(Role.REFERRER)]
    text = issue(account)
    actor = actor_from_key(text, at=AT)
    assert actor is not None
    assert (actor.account_id, actor.via, actor.roles) == (account.pk, "api", {Role.REFERRER})
    assert actor_from_key(text, at=AT + timedelta(days=30)) is None
    assert actor_from_key(text[:-1] + ("a" if text[-1] != "a" else "b"), at=AT) is None
    for wrong in ("", "ju", "ju__", "ju_nobody_secret", "Bearer x", "ju_\0_x", "ju_é_ü"):
        assert actor_from_key(wrong, at=AT) is None


def test_a_key_lasts_a_year_at_most_and_is_not_kept() -> None:
    account = make_account()
    with pytest.raises(Refused, match="one year"):
        issue(account, expires_at=AT + timedelta(days=400))
    with pytest.raises(Refused, match="one year"):
        issue(account, expires_at=AT)
    text = issue(account)
    key = account.api_keys.get()
    assert text.split("_", 2)[2] not in str(key.__dict__)
    by = make_actor(Role.SYSTEM_ADMINISTRATOR)
    services.revoke_api_key(key=key, reason="lost", by=by, at=AT)
    assert actor_from_key(text, at=AT) is None
    with pytest.raises(Refused, match="already"):
        services.revoke_api_key(key=key, reason="again", by=by, at=AT)


# --- The demonstration.


def test_an_invented_person_is_signed_in_and_audited(client: Client) -> None:
    account = make_account(is_demo=True)
    assert client.post("/demo/sign-in/", {"account": str(account.pk)}).status_code == 302
    assert client.get("/account/password/set/").status_code == 302
    row = AuditEvent.objects.get(action="access.sign_in_demo_person")
    assert row.subject_id == str(account.pk)
    assert client.get("/demo/sign-in/").status_code == 405


def test_nobody_real_is_signed_in_without_a_password(client: Client) -> None:
    real, closed = make_account(), make_account(name="Ben T", is_demo=True)
    closed.is_active = False
    closed.save()
    for wrong in (str(real.pk), str(closed.pk), str(uuid4()), "", "\0"):
        assert client.post("/demo/sign-in/", {"account": wrong}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_outside_the_demo_even_the_service_finds_nobody(client: Client, settings: Any) -> None:
    account = make_account(is_demo=True)
    settings.DEMO = False
    assert client.post("/demo/sign-in/", {"account": str(account.pk)}).status_code == 404
    assert client.get("/demo/people/").status_code == 404


def test_outside_the_demo_the_address_does_not_exist(settings: Any) -> None:
    import importlib

    from joinedup.web import urls

    settings.DEMO = False
    try:
        names = {getattr(pattern, "name", "") for pattern in importlib.reload(urls).urlpatterns}
        assert names.isdisjoint({"demo_sign_in", "demo_people"})
        assert "home" in names
    finally:
        settings.DEMO = True
        importlib.reload(urls)
        clear_url_caches()
    try:
        reverse("demo_sign_in")
    except NoReverseMatch:  # pragma: no cover - only if the reload above failed
        pytest.fail("the demo's own address is gone after the test")


@pytest.mark.django_db
def test_a_session_lasts_from_the_last_click(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written once a minute, not with every click; ended half an hour after the last."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.test import Client
    from django.utils import timezone

    account = Account.objects.create(email="clicking@demo.example", name="Clicking Testerly", opened_at=timezone.now())
    client, began = Client(), timezone.now()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def click(minutes: float) -> int:
        """A click some minutes on; how long the session then lasts, in minutes from the beginning."""
        monkeypatch.setattr(timezone, "now", lambda: began + timedelta(minutes=minutes))
        assert client.get("/accessibility/").status_code == 200
        ends = Session.objects.get(pk=client.cookies["joinedup_session"].value).expire_date
        return round((ends - began).total_seconds() / 60)

    assert click(0) == 30
    assert click(0.5) == 30
    assert click(20) == 50
    assert click(49) == 79
