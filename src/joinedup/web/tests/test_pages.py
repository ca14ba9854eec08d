"""Home, errors and the pages of administrator and information governance, as people use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from joinedup.access.models import Account, ApiKey, AuditEvent
from joinedup.access.roles import Role
from joinedup.access.tests.factories import make_fresh
from joinedup.core.models import PartnershipSetting
from joinedup.organisations.tests.factories import make_account, make_post

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(role: Role) -> tuple[Client, Account]:
    account, _ = make_post(role=role)
    client = Client()
    client.force_login(account, backend=BACKEND)
    make_fresh(client)
    return client, account


def test_a_visitor_finds_two_doors_and_what_to_do_in_danger(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'href="/help/"' in page
    assert 'href="/account/login/"' in page
    assert "tel:999" in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_first_page_with_one_button(role: Role) -> None:
    client, _ = signed_in(role)
    page = client.get("/").content.decode()
    main = page.split("<main")[1].split("</main")[0]
    assert main.count('class="govuk-button"') <= 1
    assert role.value.replace("_", " ").capitalize() in main


def test_navigation_stays_in_one_line_and_leads_to_everything() -> None:
    client, _ = signed_in(Role.FRONT_DOOR_MANAGER)

    def main_navigation(address: str) -> list[str]:
        header = client.get(address).content.decode().split("</header>")[0]
        return re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', header)

    everything = re.findall(r'<li><a class="govuk-link" href="([^"]+)"', client.get("/pages/").content.decode())
    shown = main_navigation("/")
    assert len(everything) > len(shown) == 8
    assert shown[-1] == "/pages/"
    assert set(shown) - {"/pages/"} < set(everything)
    hidden = next(href for href in everything if href not in shown and client.get(href).status_code == 200)
    assert hidden in main_navigation(hidden)  # the page that is open keeps its place


def test_somebody_without_a_post_is_told_so(client: Client) -> None:
    client.force_login(make_account(), backend=BACKEND)
    assert "You hold no post" in client.get("/").content.decode()


def _away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("connection refused")


def test_health_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/").json() == {"status": "ok"}
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", _away)
    response = client.get("/health/")
    assert response.status_code == 503
    assert "database" in response.json()["status"]


def test_without_a_database_people_read_when_it_is_back_and_what_to_do_in_danger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, _ = signed_in(Role.KEY_WORKER)
    client.raise_request_exception = False
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", _away)
    page = client.get("/cases/")
    assert page.status_code == 503
    assert "What you saved before is safe" in page.content.decode()
    assert "tel:999" in page.content.decode()
    answer = client.get("/api/v1/me")
    assert answer.status_code == 503
    assert sorted(answer.json()) == ["extra", "message", "rule"]


def test_a_fault_tells_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = signed_in(Role.KEY_WORKER)
    client.raise_request_exception = False
    monkeypatch.setattr("joinedup.web.views.home_of", lambda viewer: 1 / 0)
    page = client.get("/")
    assert page.status_code == 500
    assert "ZeroDivision" not in page.content.decode()


def test_a_form_without_its_token_is_refused() -> None:
    client, _ = signed_in(Role.SYSTEM_ADMINISTRATOR)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    response = strict.post("/accounts/open/", {"name": "Somebody", "email": "x@y.example"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()
    assert not Account.objects.filter(email="x@y.example").exists()


def test_the_administrator_opens_and_closes_an_account_and_a_key() -> None:
    client, _ = signed_in(Role.SYSTEM_ADMINISTRATOR)
    form = {"name": "Bea Testable", "email": "bea@council.example"}
    assert client.post("/accounts/open/", form).status_code == 302
    assert "There is already an account" in client.post("/accounts/open/", form).content.decode()
    bea = Account.objects.get(email="bea@council.example")
    issue = {"email": bea.email, "label": "School records", "last_day-day": "1", "last_day-month": "1"}
    assert "one year" in client.post("/keys/issue/", issue | {"last_day-year": "2099"}).content.decode()
    nobody = client.post("/keys/issue/", issue | {"email": "no@one.example", "last_day-year": "2099"})
    assert "There is no account with that" in nobody.content.decode()
    assert not ApiKey.objects.exists()
    assert client.post(f"/accounts/{bea.pk}/close/", {"reason": ""}).status_code == 200
    assert client.post(f"/accounts/{bea.pk}/close/", {"reason": "left"}).status_code == 302
    bea.refresh_from_db()
    assert not bea.is_active


def test_a_setting_is_changed_from_a_day_on() -> None:
    client, _ = signed_in(Role.FRONT_DOOR_MANAGER)
    when = {"starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2090", "reason": "a new number"}
    assert client.post("/settings/front_door.duty_phone/", when | {"value": "01632 960 999"}).status_code == 302
    page = client.get("/settings/").content.decode()
    assert "From 1 April 2090: 01632 960 999" in page
    assert client.post("/settings/front_door.working_hours/", when | {"value": "{"}).status_code == 200
    assert client.post("/settings/front_door.working_hours/", when | {"value": "[]"}).status_code == 200
    assert client.get("/settings/nothing/").status_code == 404
    assert PartnershipSetting.objects.count() == 1


def test_clocks_are_said_and_asked_in_words() -> None:
    client, _ = signed_in(Role.FRONT_DOOR_MANAGER)
    when = {"starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2090", "reason": "busier"}
    page = client.get("/settings/").content.decode()
    assert "Amber: 8 working hours" in page
    assert "Weekdays: Monday, Tuesday, Wednesday, Thursday, Friday" in page
    assert "WORKING" not in page
    assert 'value="1"' in client.get("/settings/front_door.reply_clock/").content.decode()
    reply = "/settings/front_door.reply_clock/"
    assert "must be a whole number" in client.post(reply, when | {"amount": "a day", "kind": "NONE"}).content.decode()
    assert client.post(reply, when | {"amount": "2", "kind": "WORKING_DAYS"}).status_code == 302
    lines = {f"{name}_amount": "3" for name in ("blue", "green", "amber", "red")}
    kinds = dict.fromkeys(("blue_kind", "green_kind", "amber_kind", "red_kind"), "CLOCK_HOURS")
    assert client.post("/settings/front_door.rating_clocks/", when | lines | kinds).status_code == 302
    labels = {"blue_words": "Blue", "green_words": "Green", "amber_words": "Soon", "red_words": " "}
    assert client.post("/settings/front_door.rating_labels/", when | labels).status_code == 200
    kept = {row.key: row.value for row in PartnershipSetting.objects.all()}
    assert kept["front_door.reply_clock"] == {"kind": "WORKING_DAYS", "amount": 2}
    assert kept["front_door.rating_clocks"]["red"] == {"kind": "CLOCK_HOURS", "amount": 3}
    assert len(kept) == 2


def test_the_trail_is_read_narrowed_and_verified() -> None:
    client, account = signed_in(Role.INFORMATION_GOVERNANCE)
    page = client.get(f"/audit/?actor={account.pk}&kind=search").content.decode()
    assert "Nothing in the trail fits" in page
    trail = client.get(f"/audit/?actor={account.pk}").content.decode()
    assert account.name in trail
    assert "Looked at a list of audit events (audit)" in trail
    for odd in (
        "?before=x",
        "?before=-1",
        "?before=999999999999999999",
        "?actor=x&kind=x",
        "?subject=%00",
        "?person=1",
    ):
        assert client.get(f"/audit/{odd}").status_code == 200
    assert "sound" in client.post("/audit/verify/").content.decode()
    assert AuditEvent.objects.filter(action="access.verify_audit").count() == 1
    assert AuditEvent.objects.filter(purpose="audit").count() == 8
