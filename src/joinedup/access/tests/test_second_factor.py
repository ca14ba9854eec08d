"""The second factor: set up, asked, used once, locked, replaced; and a fresh sign-in for what changes access."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from joinedup.access import grounds, second_factor, services
from joinedup.access.actor import Actor
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.access.tests.factories import AT, PASSWORD, make_account, make_actor, make_fresh, make_standing
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


@pytest.fixture
def as_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody holds one post at the front door."""
    standing = make_standing(Role.FRONT_DOOR_WORKER)
    monkeypatch.setattr(grounds, "_standing_sources", [lambda account_id, at: [standing]])


def himself(account: Account, at: Any = AT) -> Actor:
    return make_actor(Role.FRONT_DOOR_WORKER, account=account, at=at)


def set_up(account: Account, at: Any = AT) -> list[str]:
    code = second_factor.code_at(SECRET, at)
    return services.set_up_second_factor(account=account, secret=SECRET, code=code, by=himself(account, at), at=at)


def show(account: Account, code: str, at: Any) -> Authenticator:
    return services.show_second_factor(account=account, code=code, by=Actor(account.pk, account.name, at), at=at)


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, cut to six digits."""
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert second_factor.code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code


def test_set_up_keeps_the_secret_encrypted_and_tells_the_holder() -> None:
    account = make_account()
    codes = set_up(account)
    assert len(codes) == len(set(codes)) == 10
    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))
    message = OutboxMessage.objects.get()
    assert message.to == account.email
    assert "was set up" in message.subject
    row = AuditEvent.objects.get(action="access.keep_second_factor")
    assert (row.kind, row.actor_id, row.changed) == ("write", account.pk, ["second_factor"])
    with pytest.raises(Refused, match="already"):
        set_up(account)


def test_a_wrong_first_code_keeps_nothing() -> None:
    account = make_account()
    with pytest.raises(Refused) as refused:
        services.set_up_second_factor(account=account, secret=SECRET, code="000000", by=himself(account), at=AT)
    assert (refused.value.rule, refused.value.field) == ("AC-11", "code")
    assert not Authenticator.objects.exists()


def test_nobody_keeps_another_persons_second_factor() -> None:
    account, other = make_account(), make_account(name="Ben Testerfield")
    with pytest.raises(NotPermitted):
        services.set_up_second_factor(account=account, secret=SECRET, code="000000", by=himself(other), at=AT)
    set_up(account)
    with pytest.raises(NotPermitted):
        services.end_second_factor(account=account, by=himself(other), at=AT)


def test_a_code_works_once_and_half_a_minute_late() -> None:
    account = make_account()
    set_up(account)
    later = AT + timedelta(minutes=5)
    code = second_factor.code_at(SECRET, later)
    show(account, code, later + timedelta(seconds=30))
    with pytest.raises(Refused) as again:
        show(account, code, later + timedelta(seconds=31))
    assert again.value.rule == "AC-11"
    with pytest.raises(Refused):
        show(account, second_factor.code_at(SECRET, later + timedelta(minutes=2)), later + timedelta(minutes=4))


def test_the_code_that_set_it_up_is_used_up() -> None:
    account = make_account()
    set_up(account)
    with pytest.raises(Refused):
        show(account, second_factor.code_at(SECRET, AT), AT)


def test_a_recovery_code_works_once_and_says_how_many_are_left() -> None:
    account = make_account()
    codes = set_up(account)
    assert show(account, codes[3], AT + timedelta(minutes=1)).type == "recovery_codes"
    with pytest.raises(Refused):
        show(account, codes[3], AT + timedelta(minutes=2))
    assert second_factor.codes_left(account) == 9
    assert OutboxMessage.objects.filter(body__startswith="9 recovery codes are left").exists()
    fresh = services.make_recovery_codes(account=account, by=himself(account), at=AT)
    assert not set(fresh) & set(codes)
    with pytest.raises(Refused):
        show(account, codes[4], AT + timedelta(minutes=3))
    show(account, fresh[0], AT + timedelta(minutes=4))


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour() -> None:
    account = make_account()
    set_up(account)
    at = AT + timedelta(minutes=10)
    for _ in range(5):
        with pytest.raises(Refused) as wrong:
            show(account, "000000", at)
        assert wrong.value.rule == "AC-11"
    with pytest.raises(Refused) as locked:
        show(account, second_factor.code_at(SECRET, at), at)
    assert locked.value.rule == "AC-12"
    other = make_account(name="Ben Testerfield")
    set_up(other, at - timedelta(minutes=2))
    show(other, second_factor.code_at(SECRET, at), at)
    later = at + timedelta(minutes=15, seconds=1)
    show(account, second_factor.code_at(SECRET, later), later)


def test_somebody_goes_on_guessing_codes_while_they_are_locked() -> None:
    account = make_account()
    set_up(account)
    at = AT + timedelta(minutes=10)
    rules = []
    for second in range(20):
        with pytest.raises(Refused) as refused:
            show(account, "000000", at + timedelta(seconds=second))
        rules.append(refused.value.rule)
    assert rules == ["AC-11"] * 5 + ["AC-12"] * 15


def test_a_right_code_begins_the_count_anew() -> None:
    account = make_account()
    set_up(account)
    at = AT + timedelta(minutes=10)
    for _ in range(4):
        with pytest.raises(Refused):
            show(account, "000000", at)
    show(account, second_factor.code_at(SECRET, at), at)
    for _ in range(4):
        with pytest.raises(Refused) as wrong:
            show(account, "000000", at)
        assert wrong.value.rule == "AC-11"


def test_another_secret_key_is_said_so(settings: Any) -> None:
    account = make_account()
    set_up(account)
    settings.SECRET_KEY = "another key, after a restore without the old one"
    with pytest.raises(Refused) as refused:
        show(account, second_factor.code_at(SECRET, AT), AT + timedelta(seconds=30))
    assert refused.value.rule == "AC-20"


def test_it_is_ended_only_where_no_post_needs_it(settings: Any) -> None:
    account = make_account()
    set_up(account)
    settings.SECOND_FACTOR_ROLES = ["front_door_worker"]
    with pytest.raises(Refused) as refused:
        services.end_second_factor(account=account, by=himself(account), at=AT)
    assert refused.value.rule == "AC-14"
    settings.SECOND_FACTOR_ROLES = ["system_administrator"]
    services.end_second_factor(account=account, by=himself(account), at=AT)
    assert not Authenticator.objects.exists()


# --- The pages -------------------------------------------------------------------------------------------------------


def sign_in(client: Client, account: Account) -> Any:
    return client.post("/account/login/", {"login": account.email, "password": PASSWORD})


@pytest.mark.usefixtures("as_worker")
def test_set_up_and_sign_in_through_the_pages(client: Client) -> None:
    account = make_account(password=PASSWORD)
    sign_in(client, account)
    page = client.get("/account/code/set-up/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    secret = found[1].replace(" ", "")
    assert len(secret) == 32
    wrong = client.post("/account/code/set-up/", {"code": "000 000"})
    assert "not the code your app should show" in wrong.content.decode()
    now = timezone.now()
    code = second_factor.code_at(secret, now)
    shown = client.post("/account/code/set-up/", {"code": f" {code[:3]} {code[3:]} "})
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", shown.content.decode())
    assert len(codes) == 10
    assert "no-store" in shown["Cache-Control"]
    assert codes[0] not in client.get("/account/code/").content.decode()

    other = Client()
    asked = sign_in(other, account)
    assert asked["Location"] == "/account/code/enter/"
    assert other.get("/my-posts/").status_code == 302, "the password alone opens nothing"
    assert "wrong or has been used" in other.post("/account/code/enter/", {"code": code}).content.decode()
    done = other.post("/account/code/enter/", {"code": codes[0]})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert other.session["_auth_user_id"] == str(account.pk)
    assert AuditEvent.objects.filter(action="access.sign_in", actor_id=account.pk).count() == 2


@pytest.mark.usefixtures("as_worker")
def test_who_must_have_one_is_led_to_set_it_up(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["front_door_worker"]
    account = make_account(password=PASSWORD)
    sign_in(client, account)
    for path in ("/", "/worklist/", "/referrals/new/", "/audit/"):
        assert client.get(path)["Location"] == "/account/code/", path
    assert client.get("/api/v1/me").status_code == 403
    assert client.get("/account/code/").status_code == 200
    assert client.get("/health/").status_code == 200
    page = client.get("/account/code/set-up/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]
    client.post("/account/code/set-up/", {"code": second_factor.code_at(secret, timezone.now())})
    assert client.get("/my-posts/").status_code == 200
    settings.SECOND_FACTOR_ROLES = ["all"]
    assert client.get("/my-posts/").status_code == 200


def test_a_fresh_sign_in_is_asked_again_after_a_quarter_of_an_hour(client: Client) -> None:
    account = make_account(password=PASSWORD)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    there = "/account/code/set-up/"
    assert client.get(there)["Location"] == "/account/again/?next=%2Faccount%2Fcode%2Fset-up%2F"
    make_fresh(client, method="password", ago=timedelta(minutes=16))
    assert client.get(there).status_code == 302
    make_fresh(client, method="password", ago=timedelta(minutes=14))
    assert client.get(there).status_code == 200
    make_fresh(client, method="password", ago=timedelta(minutes=16))
    wrong = client.post("/account/again/", {"password": "not this one", "next": there})
    assert "That password is wrong" in wrong.content.decode()
    assert client.get(there).status_code == 302
    right = client.post("/account/again/", {"password": PASSWORD, "next": there})
    assert right["Location"] == there
    assert client.get(there).status_code == 200


def test_with_a_second_factor_a_password_is_not_fresh_enough(client: Client) -> None:
    account = make_account(password=PASSWORD)
    set_up(account)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_fresh(client, method="password")
    assert client.post("/account/code/recovery/").status_code == 302
    make_fresh(client, method="mfa")
    assert client.post("/account/code/recovery/").status_code in {200, 403}


def test_another_persons_proof_is_not_ones_own(client: Client) -> None:
    account, other = make_account(password=PASSWORD), make_account(name="Ben Testerfield")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_fresh(client, method="password")
    session = client.session
    session["account_authentication_methods_user"] = str(other.pk)
    session.save()
    assert client.get("/account/code/set-up/").status_code == 302


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "x"])
def test_the_way_back_leads_nowhere_else(client: Client, there: str) -> None:
    account = make_account(password=PASSWORD)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/account/again/", {"password": PASSWORD, "next": there})["Location"] == "/"
