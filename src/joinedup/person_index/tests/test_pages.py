"""The pages of a person, a family and of deciding whose record it is: who sees them, what they say and do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access import grounds
from joinedup.access.actor import system
from joinedup.access.grounds import PersonGround, register_person_ground
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.organisations.tests.factories import AT, make_organisation, make_post, make_team
from joinedup.person_index import services
from joinedup.person_index.models import KeepApart, Person
from joinedup.person_index.tests.factories import make_family, make_person, make_record, person_of

pytestmark = pytest.mark.django_db


def signed_in(account: Account) -> Client:
    client = Client()
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def get(client: Client, name: str, **kwargs: Any) -> Any:
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        return client.get(reverse(name, kwargs=kwargs), secure=True)


def post(client: Client, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        return client.post(reverse(name, kwargs=kwargs), data, secure=True)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    north = make_team(code="NORTH")
    accounts = {
        "amira": make_post(role=Role.KEY_WORKER, team=north)[0],
        "ben": make_post(role=Role.KEY_WORKER, team=make_team(code="SOUTH"))[0],
        "faith": make_post(role=Role.SOCIAL_WORKER, team=make_team(code="DOOR", kind="front_door"))[0],
    }
    rowan = make_person(postcode="ZZ1 1AA", address="1 Invented Way", known_as="Ro")
    opened = {accounts["amira"].pk, accounts["faith"].pk}
    monkeypatch.setattr(grounds, "_person_grounds", {})
    register_person_ground(
        PersonGround(
            "test.team",
            "You are in the team around this child.",
            lambda viewer: Person.objects.values_list("pk") if viewer.account_id in opened else None,
        )
    )
    return {**{name: signed_in(account) for name, account in accounts.items()}, "rowan": rowan}


def linked(world: dict[str, Any], given_name: str = "Rowena", **facts: Any) -> Any:
    agency = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
    record = make_record(agency=agency, given_name=given_name, birth_date=None, **facts)
    services.link_record(record=record, person=world["rowan"], reason="Seen together", by=system(AT), at=AT)
    return record


def test_the_person_page_says_what_is_known_and_why_it_is_shown(world: dict[str, Any]) -> None:
    rowan = world["rowan"]
    mo = make_person(given_name="Mo", birth_date=date(1990, 1, 2))
    for name in ("First home", "Second home"):
        make_family((rowan, "child"), (mo, "parent"), name=name)
    services.record_relationship(person=mo, other=rowan, kind="mother", source="call", by=system(AT), at=AT)
    linked(world)
    linked(world, "Rowan", address="2 Invented Way", postcode="ZZ2 2BB", as_of=date(2026, 11, 1))
    page = get(world["amira"], "person", person_id=rowan.pk)
    said = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Rowan Testerfield", "You are in the team around this child.", "has not been recorded", "First home",
        "Second home", "Mother", "Exampleshire Schools", "Differs", "14 March 2015", "2 Invented Way",
    ):  # fmt: skip
        assert words in said
    assert "Link elsewhere" not in said
    assert "Link elsewhere" in get(world["faith"], "person", person_id=rowan.pk).content.decode()
    assert get(world["ben"], "person", person_id=rowan.pk).status_code == 404
    assert get(Client(), "person", person_id=rowan.pk).status_code == 302


def test_queries_of_the_person_page_stay_the_same(world: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get(world["faith"], "person", person_id=world["rowan"].pk).status_code == 200
        return len(captured)

    linked(world)
    count()
    one = count()
    for number in range(8):
        linked(world, f"Rowan{number}")
        make_family((world["rowan"], "child"), (make_person(given_name=f"Mate{number}"), "child"))
    count()  # settings are read afresh after a few seconds
    assert count() <= one + 1
    assert one <= 25


def test_the_family_page(world: dict[str, Any]) -> None:
    family = make_family((world["rowan"], "child"), (make_person(given_name="Mo"), "parent"))
    said = get(world["amira"], "family", family_id=family.pk).content.decode()
    assert "Testerfield family" in said
    assert "Mo Testerfield" in said
    assert get(world["ben"], "family", family_id=family.pk).status_code == 404


def test_a_record_is_separated_with_a_reason_and_a_confirmation(world: dict[str, Any]) -> None:
    record = linked(world)
    assert get(world["amira"], "record_separate", record_id=record.pk).status_code == 403
    assert get(world["ben"], "record_separate", record_id=record.pk).status_code == 404
    page = get(world["faith"], "record_separate", record_id=record.pk)
    assert "Is this a different person?" in page.content.decode()
    record.refresh_from_db()
    answers = {"reason": "Her cousin", "version": str(record.version)}
    unsure = post(world["faith"], "record_separate", answers, record_id=record.pk)
    assert "Confirm that you have compared" in unsure.content.decode()
    stale = post(world["faith"], "record_separate", answers | {"is_sure": "yes", "version": "99"}, record_id=record.pk)
    assert "Somebody else changed this" in stale.content.decode()
    done = post(world["faith"], "record_separate", answers | {"is_sure": "yes"}, record_id=record.pk)
    assert done.status_code == 302
    assert person_of(record) != world["rowan"]
    said = get(world["faith"], "person", person_id=world["rowan"].pk).content.decode()
    assert "Her cousin" in said
    lift = KeepApart.objects.get()
    assert get(world["faith"], "keep_apart_lift", keep_apart_id=lift.pk).status_code == 200
    assert post(world["faith"], "keep_apart_lift", {"reason": "Sure now"}, keep_apart_id=lift.pk).status_code == 302
    assert get(world["faith"], "keep_apart_lift", keep_apart_id=lift.pk).status_code == 404


def test_a_record_is_linked_from_its_own_suggestions(world: dict[str, Any]) -> None:
    record = make_record(given_name="Rowan", family_name="Otherfield")
    listed = get(world["faith"], "record_link_choices", record_id=record.pk).content.decode()
    assert reverse("record_link", kwargs={"record_id": record.pk, "person_id": world["rowan"].pk}) in listed
    side = get(world["faith"], "record_link", record_id=record.pk, person_id=world["rowan"].pk)
    assert "Same date of birth" in side.content.decode()
    answers = {"reason": "Same mother", "is_sure": "yes", "version": str(record.version)}
    done = post(world["faith"], "record_link", answers, record_id=record.pk, person_id=world["rowan"].pk)
    assert done.status_code == 302
    assert person_of(record) == world["rowan"]
    assert get(world["amira"], "record_link_choices", record_id=record.pk).status_code == 403
    assert get(world["ben"], "record_link_choices", record_id=record.pk).status_code == 404


def test_safe_contact_is_recorded_and_stands_on_the_page(world: dict[str, Any]) -> None:
    where = {"person_id": world["rowan"].pk}
    assert get(world["amira"], "safe_contact", **where).status_code == 200
    assert get(world["ben"], "safe_contact", **where).status_code == 404
    wrong = post(world["amira"], "safe_contact", {"how": "text", "source": "Her"}, **where)
    assert "Say which number" in wrong.content.decode()
    answers = {"how": "text", "details": "07700 900 123", "not_through": "her brother", "source": "She said so"}
    assert post(world["amira"], "safe_contact", answers, **where).status_code == 302
    said = get(world["amira"], "person", **where).content.decode()
    assert "By text message: 07700 900 123. Not through her brother." in said
    services.record_safe_contact(
        person=world["rowan"], how="none", source="refuge", by=system(AT), at=AT + timedelta(1)
    )
    assert "Do not contact them" in get(world["amira"], "person", **where).content.decode()
