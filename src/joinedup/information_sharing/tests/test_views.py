"""The pages: answering on one screen, what was asked, the register from draft to signature, and the API."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from joinedup.information_sharing.models import Agreement, Answer, InformationRequest, LawfulBasis, Refusal
from joinedup.information_sharing.tests.factories import World, ask, make_world

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def world() -> World:
    today = timezone.localdate()
    return make_world(expires_on=today + timedelta(days=900), review_on=today + timedelta(days=100))


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.accounts[name], backend=BACKEND)
    return client


def _day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _typed(**more: str) -> dict[str, str]:
    said = {
        "involvement": "current",
        "worker": "Rowan",
        "basis": "public_task",
        "proportionality": "Only what was asked.",
    }
    return said | _day("as_of", timezone.localdate()) | more


def test_a_school_answers_on_one_screen(world: World) -> None:
    request = ask(world)
    rowan = client_of(world, "Rowan")
    page = rowan.get("/sharing/to-answer/").content.decode()
    assert request.reference in page
    assert "Testerfield" not in page.split("<main")[1]  # nobody is named before it is opened
    address = f"/sharing/to-answer/{request.pk}/"
    assert "Rowan Testerfield" not in rowan.get(address).content.decode().split("<main")[1]
    assert rowan.post(f"{address}open/").status_code == 302
    screen = rowan.get(address).content.decode()
    assert "Rowan Testerfield" in screen.split("<main")[1]
    assert "it is shared from the age of 16" in screen  # greyed, with why
    assert "What was said in counselling: the agreement leaves it out." in screen
    wrong = rowan.post(address, _typed(proportionality="", item_attendance="82%"))
    assert "Enter why sharing this is necessary" in wrong.content.decode()
    assert "82%" in wrong.content.decode()  # nothing typed is lost
    both = rowan.post(address, _typed(item_attendance="82%", not_attendance="confidence"))
    assert "Either share “Attendance” or say why not" in both.content.decode()
    told = _typed(item_attendance="82%", not_exclusions="not_held", level_of_need="3", judgement="Hungry.")
    assert rowan.post(address, told).status_code == 302
    answer = Answer.objects.get()
    assert [item.words for item in answer.items.all()] == ["82%"]
    assert (answer.level_of_need, answer.refusals.get().reason_code) == (3, "not_held")
    # Put right: the earlier one stays.
    right = told | {"worker": "Otto", "correction_reason": "Another colleague"}
    assert "82%" in rowan.get(f"{address}correct/").content.decode()
    assert rowan.post(f"{address}correct/", right).status_code == 302
    shown = rowan.get(address).content.decode()
    assert "Otto" in shown
    assert "Answer 1, before it was put right" in shown
    # And Amira reads it.
    amira = client_of(world, "Amira")
    assert request.reference in amira.get("/sharing/asked/").content.decode()
    assert "Rowan Testerfield" in amira.get("/sharing/asked/").content.decode().split("<main")[1]
    read = amira.get(f"/sharing/asked/{request.pk}/").content.decode()
    assert "Otto" in read
    assert "not yet checked against the law" in read
    assert amira.post(f"/sharing/asked/{request.pk}/close/").status_code == 302
    assert rowan.get(address).status_code == 404
    assert "You have asked nobody" in amira.get("/sharing/asked/").content.decode()
    closed = amira.get("/sharing/asked/?show=all").content.decode().split("<main")[1]
    assert request.reference in closed
    assert "Rowan Testerfield" not in closed  # what the request let her see ended with it


def test_a_school_refuses(world: World) -> None:
    request = ask(world)
    rowan = client_of(world, "Rowan")
    address = f"/sharing/to-answer/{request.pk}/refuse/"
    assert "another reason" in rowan.post(address, {"reason_code": "other"}).content.decode().casefold()
    assert rowan.post(address, {"reason_code": "other", "words": "We moved"}).status_code == 302
    assert Refusal.objects.get().words == "We moved"
    iris = client_of(world, "Iris")
    page = iris.get("/sharing/refusals/").content.decode()
    assert f"organisation={world.school.pk}&amp;reason=other" in page
    listed = iris.get(f"/sharing/refusals/?organisation={world.school.pk}&reason=other").content.decode()
    assert request.reference in listed
    assert "We moved" not in listed
    assert iris.get("/sharing/refusals/?organisation=nonsense&reason=x").status_code == 200


def test_a_question_is_withdrawn(world: World) -> None:
    request = ask(world)
    amira = client_of(world, "Amira")
    address = f"/sharing/asked/{request.pk}/withdraw/"
    assert "Enter why" in amira.post(address, {"reason": ""}).content.decode()
    assert amira.post(address, {"reason": "Asked the wrong school"}).status_code == 302
    assert InformationRequest.objects.get().state == "withdrawn"
    assert client_of(world, "Ben").get(address).status_code == 404


def test_an_agreement_from_draft_to_signature(world: World) -> None:
    iris, today = client_of(world, "Iris"), timezone.localdate()
    terms = {
        "title": "With the school", "purposes": ["protect"], "bases": ["public_task"], "impact_assessment": "DPIA-7",
        **_day("impact_assessed_on", today), **_day("starts_on", today), **_day("review_on", today + timedelta(days=90)),
        **_day("expires_on", today + timedelta(days=365)),
    }  # fmt: skip
    assert "Select at least one purpose" in iris.post("/sharing/agreements/draft/", {"title": "x"}).content.decode()
    here = iris.post("/sharing/agreements/draft/", terms)["Location"]
    record = Agreement.objects.get(title="With the school")
    for organisation in (world.council, world.school):
        assert iris.post(f"{here}parties/add/", {"organisation": str(organisation.pk)}).status_code == 302
    school = record.parties.get(organisation=world.school)
    council = record.parties.get(organisation=world.council)
    items = {
        "items-count": "1", "items-0-name": "Attendance", "items-0-is_allowed": "yes", "items-0-justification": "",
        "items-0-minimum_age": "4", "items-0-maximum_age": "20",
    }  # fmt: skip
    page = iris.get(f"{here}parties/{school.pk}/").content.decode()
    assert "Whether you are or were involved" in page
    assert "Enter why it is shared" in iris.post(f"{here}parties/{school.pk}/", items).content.decode()
    items["items-0-justification"] = "Absence says much."
    assert iris.post(f"{here}parties/{school.pk}/", items).status_code == 302
    assert iris.post(f"{here}parties/{council.pk}/", {"items-count": "0"}).status_code == 302
    assert record.parties.get(organisation=world.school).items.get().minimum_age == 4
    # Nobody signs before it is complete.
    school_signs: dict[str, Any] = {
        "party": str(world.school.pk), "name": "Sam", "title": "Head", **_day("signed_on", today),
    }  # fmt: skip
    assert "a post that may ask" in iris.post(f"{here}sign/", school_signs).content.decode()
    for part, organisation, name in (("asks", world.council, "Amira"), ("answers", world.school, "Rowan")):
        chosen = {"part": part, "post": f"{organisation.pk}:{world.posts[name].pk}"}
        assert iris.post(f"{here}posts/name/", chosen).status_code == 302
    changed = terms | {"title": "With the school and the council", "version": str(record.version)}
    assert iris.post(f"{here}change/", changed).status_code == 302
    assert "Somebody else changed this" in iris.post(f"{here}change/", changed).content.decode()
    assert iris.post(f"{here}sign/", school_signs).status_code == 302
    assert iris.get(f"{here}change/").status_code == 404  # the wording stands
    assert iris.post(f"{here}sign/", school_signs | {"party": str(world.council.pk)}).status_code == 302
    record.refresh_from_db()
    assert record.state == "in_force"
    assert "Absence says much." in Client().get("/privacy/sharing/").content.decode()
    reviewed = {"words": "Looked at ten requests.", **_day("next_review_on", today + timedelta(days=200))}
    assert iris.post(f"{here}review/", reviewed).status_code == 302
    assert iris.post(f"{here}next/").status_code == 302
    assert iris.post(f"{here}end/", {"reason": "A new one follows"}).status_code == 302
    page = iris.get(here).content.decode()
    assert "Ended" in page
    assert "Looked at ten requests." in page
    assert "Absence says much." not in Client().get("/privacy/sharing/").content.decode()


def test_a_basis_counts_as_unchecked_until_somebody_checked_it(world: World) -> None:
    assert not LawfulBasis.objects.filter(is_verified=True).exists()
    iris = client_of(world, "Iris")
    assert "Not checked" in iris.get("/sharing/bases/").content.decode()
    assert iris.post("/sharing/bases/public_task/verify/").status_code == 302
    assert LawfulBasis.objects.get(is_verified=True).verified_by == world.accounts["Iris"].pk
    assert client_of(world, "Amira").post("/sharing/bases/safeguarding/verify/").status_code == 403


def test_a_partners_own_system_answers(world: World) -> None:
    request = ask(world)
    rowan = client_of(world, "Rowan")
    listed = rowan.get("/api/v1/information-requests").json()
    assert [row["reference"] for row in listed["waiting"]] == [request.reference]
    one = f"/api/v1/information-requests/{request.pk}"
    opened = rowan.post(f"{one}/open").json()
    assert opened["who"]["name"] == "Rowan Testerfield"
    assert {item["code"] for item in opened["items"] if not item["why_not"]} == {"attendance", "exclusions"}
    said = {
        "involvement": "current", "as_of": "2026-11-18", "basis": "public_task", "proportionality": "Asked for.",
        "worker": "Rowan", "items": [{"code": "work", "words": "Saturdays"}],
    }  # fmt: skip

    def send(body: dict[str, Any]) -> Any:
        return rowan.post(f"{one}/answer", json.dumps(body), content_type="application/json")

    refused = send(said)
    assert (refused.status_code, refused.json()["rule"]) == (422, "IS-26")
    done = send(said | {"items": [{"code": "attendance", "words": "82%"}]})
    assert (done.status_code, done.json()["state"]) == (201, "answered")
    assert send(said | {"items": []}).status_code == 409
    other = ask(world, purpose="protect")
    two = f"/api/v1/information-requests/{other.pk}/refuse"
    no = rowan.post(two, json.dumps({"reason_code": "not_held"}), content_type="application/json")
    assert (no.status_code, no.json()["state"]) == (201, "refused")
    assert client_of(world, "Dev").post(f"{one}/open").status_code == 404
    assert client_of(world, "Dev").get("/api/v1/information-requests").json() == {"waiting": [], "settled": []}
