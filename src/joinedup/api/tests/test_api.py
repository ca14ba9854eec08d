"""The API as a partner's system meets it: keys, receipts, refusals of one shape, and nothing given away."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.access.services import close_account, issue_api_key
from joinedup.front_door.models import Contact, Referral
from joinedup.organisations.tests.factories import make_organisation, make_post, make_team

pytestmark = pytest.mark.django_db
URL = "/api/v1/referrals"
REFERRAL: dict[str, Any] = {
    "worry": "Rowan comes to school without a coat and says there is no heating at home.",
    "people": [
        {"given_name": "Rowan", "family_name": "Testerfield", "birth_date": "2018-03-27", "postcode": "ZZ1 1AA"}
    ],
    "referrer_name": "Dee Testwright",
    "referrer_email": "dee@school.example",
    "family_knows": "yes",
    "family_agrees": "yes",
}


@pytest.fixture(autouse=True)
def forget_counts() -> None:
    cache.clear()


def key_for(account: Account, **changes: Any) -> str:
    now = timezone.now()
    given: dict[str, Any] = {"expires_at": now + timedelta(days=30), "at": now} | changes
    _, text = issue_api_key(account=account, label="School records", by=system(now), **given)
    return text


@pytest.fixture
def school() -> Account:
    organisation = make_organisation(code="SCHOOL1", name="Testerfield Primary", kind="school")
    account, _ = make_post(role=Role.REFERRER, name="Dee Testwright", host=organisation, employer=organisation)
    return account


def client_with(key: str) -> Client:
    return Client(headers={"authorization": f"Bearer {key}"})


def send(client: Client, body: Any = REFERRAL, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(URL, text, content_type="application/json", headers=headers)


def is_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    assert sorted(body) == ["extra", "message", "rule"]
    assert body["message"]
    assert response["Cache-Control"] == "no-store"
    return body


def test_a_referral_is_received(school: Account) -> None:
    response = send(client_with(key_for(school)))
    assert response.status_code == 201, response.content
    receipt = response.json()
    contact = Contact.objects.get()
    assert receipt["reference"] == contact.reference
    assert "one working day" in receipt["what_happens_next"]
    assert "999" in receipt["in_danger_now"]
    assert receipt["decided_by"] > receipt["received_at"]
    assert contact.channel == "api"
    assert contact.as_supplied["people"][0]["given_name"] == "Rowan"
    assert contact.organisation_id is not None
    assert Referral.objects.get().contact_id == contact.pk
    row = AuditEvent.objects.get(action="front_door.submit_referral")
    assert (row.actor_id, row.via) == (school.pk, "api")


def test_sent_again_with_its_key_it_is_the_same_referral(school: Account) -> None:
    client = client_with(key_for(school))
    first = send(client, **{"idempotency-key": "abc-1"}).json()
    again = send(client, **{"idempotency-key": "abc-1"}).json()
    other = send(client, **{"idempotency-key": "abc-2"}).json()
    assert first["reference"] == again["reference"] != other["reference"]
    assert Contact.objects.count() == 2


def test_the_receipt_is_the_same_whoever_is_known(school: Account) -> None:
    client = client_with(key_for(school))
    receipts = [send(client).json() for _ in range(4)]
    assert len({tuple(sorted(receipt)) for receipt in receipts}) == 1
    assert len({receipt["what_happens_next"] for receipt in receipts}) == 1
    assert not any("known" in json.dumps(receipt) for receipt in receipts)


def test_the_sender_reads_back_what_was_sent_and_nobody_else_does(school: Account) -> None:
    client = client_with(key_for(school))
    receipt = send(client).json()
    address = f"{URL}/{receipt['id']}"
    found = client.get(address).json()
    assert found["reference"] == receipt["reference"]
    assert found["people"][0]["name"] == "Rowan Testerfield"
    assert client.get(URL).json()["referrals"][0]["reference"] == receipt["reference"]
    elsewhere = make_organisation(code="SCHOOL2", name="Another School", kind="school")
    dev, _ = make_post(role=Role.REFERRER, name="Dev Testable", host=elsewhere, employer=elsewhere)
    stranger = client_with(key_for(dev))
    is_problem(stranger.get(address), 404)
    assert stranger.get(URL).json()["referrals"] == []
    assert AuditEvent.objects.filter(kind="refusal", actor_id=dev.pk).exists()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"worry": 3}, {"worry"}),
        ({"people": "Rowan"}, {"people"}),
        ({"people": [{"birth_date": "27/03/2018"}]}, {"people.0.birth_date"}),
        ({"people": [{"birth_date": "2018-02-30"}]}, {"people.0.birth_date"}),
        ({"people": [{"given_name": "x" * 101}]}, {"people.0.given_name"}),
        ({"people": [{"given_name": "R\0wan"}]}, {"people.0.given_name"}),
        ({"people": [{"given_name": "Rowan", "surname": "Testerfield"}]}, {"people.0.surname"}),
        ({"family_knows": "perhaps", "is_immediate_danger": "no"}, {"family_knows", "is_immediate_danger"}),
        ({"worry": "   "}, {"worry"}),
        (
            {"people": [{"given_name": "Rowan", "family_name": "Testerfield", "birth_date": "2999-01-01"}]},
            {"people.0.birth_date"},
        ),
        ({"people": [{"given_name": "Rowan", "nhs_number": "123"}]}, {"people.0.nhs_number"}),
    ],
)
def test_everything_that_is_wrong_is_said_by_field(school: Account, changes: dict[str, Any], fields: set[str]) -> None:
    body = is_problem(send(client_with(key_for(school)), REFERRAL | changes), 422)
    faults = body["extra"]["faults"]
    assert fields <= {fault["field"] for fault in faults}
    assert all(fault["message"] for fault in faults)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"text"', "\x00", "[" * 100_000, '{"worry": "\\ud800", "people": []}', "1" * 10_000],
)
def test_what_cannot_be_read_is_refused(school: Account, text: str) -> None:
    response = send(client_with(key_for(school)), text)
    assert response.status_code in {400, 422}
    is_problem(response, response.status_code)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "path", ["referrals", "me", "worklist", "organisations", f"referrals/{'0' * 8}-0000-7000-8000-{'0' * 12}"]
)
def test_without_a_key_that_works_nothing_is_answered(school: Account, path: str) -> None:
    now = timezone.now()
    expired = key_for(school, at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    for headers in (
        {},
        {"authorization": "Bearer nothing"},
        {"authorization": f"Bearer {expired}"},
        {"authorization": "Basic eDp5"},
    ):
        response = Client().get(f"/api/v1/{path}", headers=headers)
        is_problem(response, 401)
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_closed_account_s_key_stops_at_once(school: Account) -> None:
    client = client_with(key_for(school))
    assert client.get("/api/v1/me").status_code == 200
    now = timezone.now()
    close_account(account=school, reason="left", by=system(now), at=now)
    is_problem(client.get("/api/v1/me"), 401)


def test_a_key_s_account_and_its_posts(school: Account) -> None:
    me = client_with(key_for(school)).get("/api/v1/me").json()
    assert (me["name"], me["via"]) == ("Dee Testwright", "api")
    assert [post["role"] for post in me["posts"]] == ["referrer"]


def test_a_session_may_read_but_writes_only_with_the_token(school: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(school, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/me").json()["via"] == "web"
    is_problem(send(client), 403)
    assert not Contact.objects.exists()
    client.get("/")
    page = client.get("/account/logout/")
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert send(client, **{"x-csrftoken": token}).status_code == 201


def test_a_wrong_key_is_not_made_good_by_a_session(school: Account) -> None:
    client = Client(headers={"authorization": "Bearer ju_wrong_key"})
    client.force_login(school, backend="allauth.account.auth_backends.AuthenticationBackend")
    is_problem(client.get("/api/v1/me"), 401)


def test_the_worklist_is_the_front_door_s(school: Account) -> None:
    client = client_with(key_for(school))
    reference = send(client).json()["reference"]
    assert client.get("/api/v1/worklist").status_code in {403, 404}
    team = make_team(kind="front_door")
    worker, _ = make_post(role=Role.FRONT_DOOR_WORKER, team=team)
    page = client_with(key_for(worker)).get("/api/v1/worklist?list=front_door").json()
    assert [row["reference"] for row in page["referrals"]] == [reference]
    assert page["counts"]["front_door"] == 1
    assert client_with(key_for(worker)).get("/api/v1/worklist?list=nonsense&rating=pink&after=x").status_code == 200


def test_only_so_many_requests_in_a_minute(school: Account, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    client = client_with(key_for(school))
    statuses = [client.get("/api/v1/me").status_code for _ in range(8)]
    assert statuses.count(200) in {3, 6}, "a minute may turn while the test runs"
    assert 429 in statuses
    blocked = next(one for one in (client.get("/api/v1/me") for _ in range(8)) if one.status_code == 429)
    assert blocked["Retry-After"] == "60"
    is_problem(blocked, 429)


def test_addresses_that_are_not_there_answer_in_the_same_shape(school: Account) -> None:
    client = client_with(key_for(school))
    is_problem(client.get("/api/v1/nothing"), 404)
    is_problem(client.get(f"{URL}/not-an-id"), 404)
    assert client.delete(URL).status_code == 405


def test_the_schema_is_public_and_complete() -> None:
    schema = Client().get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert schema["info"]["title"] == "Joinedup"
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert {"200", "201"} & set(operation["responses"]), path
            assert {"401", "403", "422", "429"} <= set(operation["responses"]), f"{method} {path}"
            assert operation["security"], path
            assert operation["summary"], path
