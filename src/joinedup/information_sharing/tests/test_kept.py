"""The answer screen keeps what is typed: over a session that ends, until it is sent, for its author alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from joinedup.core.models import Draft
from joinedup.information_sharing.models import Answer
from joinedup.information_sharing.tests.factories import World, ask, make_world
from joinedup.information_sharing.tests.test_views import _typed, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    today = timezone.localdate()
    return make_world(expires_on=today + timedelta(days=900), review_on=today + timedelta(days=100))


def _marks(page: Any) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(_draft\w*)" value="([^"]*)"', page.content.decode()))


def _opened(world: World) -> tuple[Client, str]:
    rowan, address = client_of(world, "Rowan"), f"/sharing/to-answer/{ask(world).pk}/"
    rowan.post(f"{address}open/")
    return rowan, address


def test_an_answer_outlives_its_session_and_goes_when_it_is_sent(world: World) -> None:
    rowan, address = _opened(world)
    marks = _marks(rowan.get(address))
    typed = _typed(item_attendance="82%, kept", judgement="Hungry at noon.")
    assert rowan.post("/drafts/save/", marks | typed).status_code == 200
    rowan.logout()
    assert rowan.get(address).status_code == 302
    assert rowan.post("/drafts/save/", marks | typed).status_code == 401
    rowan = client_of(world, "Rowan")
    listed = rowan.get("/drafts/").content.decode()
    assert "Answer a partner’s request" in listed
    for said in ("82%, kept", "Hungry at noon.", "Testerfield"):
        assert said not in listed.split("<main")[1]
    back = rowan.get(address)
    for said in ("We kept what you typed", "82%, kept", "Hungry at noon."):
        assert said in back.content.decode()
    assert not Answer.objects.exists()  # coming back sends nothing
    assert rowan.post(address, typed | _marks(back)).status_code == 302
    assert Answer.objects.get().judgement == "Hungry at noon."
    assert not Draft.objects.exists()
    assert rowan.post("/drafts/save/", marks | typed).status_code in {401, 410}
    assert not Draft.objects.exists()


def test_an_answer_is_its_authors_alone(world: World) -> None:
    rowan, address = _opened(world)
    kept = rowan.post("/drafts/save/", _marks(rowan.get(address)) | _typed(judgement="Hungry at noon.")).json()["id"]
    amira = client_of(world, "Amira")
    assert "Answer a partner’s request" not in amira.get("/drafts/").content.decode()
    assert amira.get(f"{address}?draft={kept}").status_code == 404
    assert amira.post(f"/drafts/{kept}/delete/").status_code == 404


def test_a_refusal_that_is_kept_is_not_sent_by_coming_back(world: World) -> None:
    rowan, address = _opened(world)
    marks = _marks(rowan.get(f"{address}refuse/"))
    rowan.post("/drafts/save/", marks | {"reason_code": "other", "words": "We moved."})
    back = rowan.get(f"{address}refuse/").content.decode()
    assert "We moved." in back
    assert rowan.post(f"{address}refuse/", marks | {"reason_code": "other", "words": "We moved."}).status_code == 302
    assert not Draft.objects.exists()
