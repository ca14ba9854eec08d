"""The profile over the API: the same as the page, for the same people, with nothing given away to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.services import issue_api_key
from joinedup.front_door.models import Referral
from joinedup.front_door.tests.partners import Partners, answer, ask, make_partners, people_in, referral_of, refuse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_counts() -> None:
    cache.clear()


def get(account: Account, referral: Referral) -> Any:
    now = timezone.now()
    _, key = issue_api_key(account=account, label="Records", expires_at=now + timedelta(days=1), by=system(now), at=now)
    return Client(headers={"authorization": f"Bearer {key}"}).get(f"/api/v1/referrals/{referral.pk}/profile")


@pytest.fixture
def partners() -> Partners:
    return make_partners()


@pytest.fixture
def referral(partners: Partners) -> Referral:
    made = referral_of(partners)
    ask(partners, made, "school", "surgery", "police", people=people_in(made))
    answer(partners, "school", items={"attendance": "82% this term"}, level_of_need=3, judgement="Hungry.")
    refuse(partners, "police", reason_code="live_investigation")
    return made


def test_every_card_with_its_state(partners: Partners, referral: Referral) -> None:
    response = get(partners.place.accounts["worker"], referral)
    assert response.status_code == 200, response.content
    body = response.json()
    child, parent = body["people"]
    states = {card["organisation"]: card["state"] for card in child["answers"]}
    assert states == {"Testerfield School": "involved", "Mock Lane Surgery": "waiting"}
    assert {card["organisation"]: card["state"] for card in parent["answers"]}["Exampleshire Police"] == "refused"
    school = next(card for card in child["answers"] if card["state"] == "involved")
    assert school["worker"] == "Otto Testworker"
    assert school["items"][0]["words"] == "82% this term"
    assert body["judgements"][0]["level"] == 3
    assert not body["is_shortened"]
    row = AuditEvent.objects.filter(kind="read", purpose="API: compare notes").get()
    assert set(people_in(referral)) <= set(row.people)


@pytest.mark.parametrize("who", ["teacher", "key_worker", "team_manager", "statutory"])
def test_nothing_there_for_others(partners: Partners, referral: Referral, who: str) -> None:
    response = get(partners.place.accounts[who], referral)
    assert response.status_code == 404
    assert "Rowan" not in response.content.decode()


def test_whoever_answered_finds_nothing(partners: Partners, referral: Referral) -> None:
    assert get(partners.accounts["school"], referral).status_code == 404
