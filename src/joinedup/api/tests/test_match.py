"""Who somebody may be, by the API: graded, explained, audited with its purpose, and without whoever is withheld."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.core import steady
from joinedup.organisations.tests.factories import make_post, make_team
from joinedup.person_index.models import Person
from joinedup.person_index.tests.factories import make_person

pytestmark = pytest.mark.django_db

URL = "/api/v1/people/match"
BORN = date(2015, 3, 14)
ASKED = {
    "purpose": "A call from a school",
    "given_name": "Rowan",
    "family_name": "Testerfield",
    "birth_date": "2015-03-14",
}


@pytest.fixture
def worker() -> Account:
    return make_post(role=Role.FRONT_DOOR_WORKER, team=make_team(kind="front_door"))[0]


@pytest.fixture
def rowan() -> Person:
    return make_person(given_name="Rowan", birth_date=BORN, postcode="ZZ1 1AA", address="17 Imagined Lane")


def ask(account: Account, told: dict[str, Any]) -> Any:
    return client_with(key_for(account)).post(URL, json.dumps(told), content_type="application/json")


def test_somebody_is_found_graded_and_explained(worker: Account, rowan: Person) -> None:
    answer = ask(worker, ASKED | {"postcode": "ZZ1 1AA"})
    assert answer.status_code == 200
    best = answer.json()["matches"][0]
    assert (best["person_id"], best["match_grade"]) == (str(rowan.pk), "certain")
    assert best["probability"] >= 0.95
    assert {"Same forename", "Same surname", "Same date of birth", "Same postcode"} <= set(best["reasons"])
    row = AuditEvent.objects.get(kind="search")
    assert (row.purpose, list(row.people), row.via) == ("API: A call from a school", [rowan.pk], "api")


def test_only_who_is_certain(worker: Account, rowan: Person) -> None:
    name_alone = {name: ASKED[name] for name in ("purpose", "given_name", "family_name")}
    assert len(ask(worker, name_alone).json()["matches"]) == 1
    assert ask(worker, name_alone | {"only_certain": True}).json()["matches"] == []


def test_too_little_says_so(worker: Account) -> None:
    answer = ask(worker, {"purpose": "A call", "family_name": "Testerfield"}).json()
    assert answer["is_too_little"]
    assert answer["sentence"].startswith("That is too little to search on")


@pytest.mark.parametrize(
    "wrong",
    [{"purpose": "  "}, {"purpose": ""}, {"age": "7"}, {"age": 130}, {"count": 0}, {"name": "Rowan"}, {"sex": "X"}],
)
def test_what_is_wrong_is_refused(worker: Account, wrong: dict[str, Any]) -> None:
    is_problem(ask(worker, ASKED | wrong), 422)


def test_others_may_not(rowan: Person) -> None:
    school, _ = make_post(role=Role.REFERRER)
    is_problem(ask(school, ASKED), 403)
    assert not AuditEvent.objects.filter(kind="search").exists()


def test_it_takes_its_time(worker: Account, rowan: Person, monkeypatch: Any) -> None:
    slept: list[float] = []
    monkeypatch.setattr(steady.time, "sleep", slept.append)
    ask(worker, ASKED)
    ask(worker, {"purpose": "A call", "family_name": "Testerfield"})
    assert len(slept) == 2
