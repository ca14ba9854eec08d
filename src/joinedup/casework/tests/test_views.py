"""Pages of cases: the list, the case, its lead professional, the team around the child, closing; and who finds nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.casework import services
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import Case, CaseMember
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.partnership import forget
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team

pytestmark = pytest.mark.django_db

_NOW = "joinedup.access.middleware.timezone.now"
_PAGES = (
    "case", "case_team", "case_handover", "case_take_duty", "case_deputy", "case_add_member", "case_add_family",
    "case_meetings", "case_plan_meeting", "case_close",
)  # fmt: skip


@dataclass
class Cast:
    """Amira leads in the team around the child, Ben is in another team, Cara in another partner, Dev outside."""

    case: Case
    accounts: dict[str, Account]
    posts: dict[str, Post]


@pytest.fixture
def cast() -> Cast:
    north, south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
    health = make_organisation(code="NHS", name="Exampleshire Board", kind="nhs")
    school = make_organisation(code="SCHOOL", name="Testerfield School", kind="school")
    held = {
        "manager": make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth"),
        "amira": make_post(role=Role.KEY_WORKER, team=north, name="Amira Testerly"),
        "second": make_post(role=Role.KEY_WORKER, team=north, name="Second Testerly"),
        "ben": make_post(role=Role.KEY_WORKER, team=south, name="Ben Testerson"),
        "cara": make_post(role=Role.REFERRER, employer=health, host=health, name="Cara Testwell"),
        "dev": make_post(role=Role.REFERRER, employer=school, host=school, name="Dev Testaway"),
    }
    family = make_family((make_person(given_name="Rowan"), "child"), (make_person(given_name="Ash"), "parent"))
    case = make_case(team=north, family=family, lead=held["amira"][1])
    return Cast(case, {name: held[name][0] for name in held}, {name: held[name][1] for name in held})


class Visitor:
    """One browser at a fixed moment."""

    def __init__(self, account: Account) -> None:
        self.client = Client()
        with patch(_NOW, return_value=AT):
            self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def open(self, page: str, /, query: str = "", **parts: Any) -> Any:
        forget()  # settings are kept for five seconds: ask for them each time
        with patch(_NOW, return_value=AT), CaptureQueriesContext(connection) as ran:
            response = self.client.get(reverse(page, kwargs=parts) + query, secure=True)
        assert len(ran) <= 25, f"{page}: {len(ran)} queries"
        return response

    def send(self, page: str, told: dict[str, Any], /, **parts: Any) -> Any:
        with patch(_NOW, return_value=AT):
            return self.client.post(reverse(page, kwargs=parts), told, secure=True)


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_list(cast: Cast) -> None:
    page = Visitor(cast.accounts["manager"]).open("cases")
    assert cast.case.reference in words(page)
    assert "Amira Testerly" in words(page)
    closed = Visitor(cast.accounts["manager"]).open("cases", "?state=closed")
    assert "No cases here" in words(closed)
    assert cast.case.reference in words(Visitor(cast.accounts["manager"]).open("cases", "?state=nonsense"))


def test_the_case(cast: Cast) -> None:
    page = Visitor(cast.accounts["amira"]).open("case", case_id=cast.case.pk)
    assert page.content.decode().count("<h1") == 1
    text = words(page)
    assert "Rowan Testerfield" in text
    assert "Amira Testerly" in text
    assert "Case opened" in text
    assert "Close the case" not in text


def test_every_page_of_it_for_its_manager(cast: Cast) -> None:
    manager = Visitor(cast.accounts["manager"])
    for name in _PAGES:
        page = manager.open(name, case_id=cast.case.pk)
        assert page.status_code == 200, name
        assert page.content.decode().count("<h1") == 1, name


def test_nothing_there_for_outsiders(cast: Cast) -> None:
    for who in ("second", "ben", "cara", "dev"):
        visitor = Visitor(cast.accounts[who])
        for name in _PAGES:
            assert visitor.open(name, case_id=cast.case.pk).status_code == 404, (who, name)


def test_the_lead_professional_may_not_do_what_only_the_manager_may(cast: Cast) -> None:
    amira = Visitor(cast.accounts["amira"])
    assert amira.open("case_lead", case_id=cast.case.pk).status_code == 403
    assert amira.open("case_close", case_id=cast.case.pk).status_code == 403


def test_a_first_lead_professional_needs_none(cast: Cast) -> None:
    case = make_case(team=cast.case.team, family=make_family())
    manager = Visitor(cast.accounts["manager"])
    assert "Name the lead professional" in words(manager.open("case", case_id=case.pk))
    choices = words(manager.open("case_lead", case_id=case.pk))
    for name, load in (("Amira", "1 open case"), ("Second", "0 open cases")):
        assert re.search(rf"{name} Testerly, \S+(?: \S+)? Leads {load}", choices), choices
    told = {"post": str(cast.posts["amira"].pk)}
    assert manager.send("case_lead", told, case_id=case.pk).status_code == 302


def test_somebody_joins_and_leaves_the_team_around_the_child(cast: Cast) -> None:
    amira, cara = Visitor(cast.accounts["amira"]), Visitor(cast.accounts["cara"])
    assert "Type two letters" in words(amira.open("case_add_member", case_id=cast.case.pk))
    assert "Enter who joins" in words(amira.send("case_add_member", {}, case_id=cast.case.pk))
    found = amira.send("case_add_member", {"text": "testwell"}, case_id=cast.case.pk)
    where = {"case_id": cast.case.pk, "post_id": cast.posts["cara"].pk}
    assert reverse("case_add_post", kwargs=where) in found.content.decode()
    assert "Nobody found" in words(amira.send("case_add_member", {"text": "zzzz"}, case_id=cast.case.pk))
    assert "can see the family’s record" in words(amira.open("case_add_post", **where))
    assert amira.send("case_add_post", {"words": "School nurse"}, **where).status_code == 302
    assert cara.open("case", case_id=cast.case.pk).status_code == 200
    member = CaseMember.objects.get(post=cast.posts["cara"])
    leave = {"case_id": cast.case.pk, "member_id": member.pk}
    assert "Cara Testwell leaves" in words(amira.open("case_remove_member", **leave))
    assert "Enter why they leave" in words(amira.send("case_remove_member", {}, **leave))
    assert amira.send("case_remove_member", {"reason": "New job"}, **leave).status_code == 302
    assert cara.open("case", case_id=cast.case.pk).status_code == 404
    assert "Formerly in the team around the child" in words(amira.open("case_team", case_id=cast.case.pk))


def test_close(cast: Cast) -> None:
    manager = Visitor(cast.accounts["manager"])
    told = {"code": "RC7", "reason": "Things go well.", "version": str(cast.case.version)}
    assert "Enter why the case closes" in words(manager.send("case_close", told | {"reason": ""}, case_id=cast.case.pk))
    stale = manager.send("case_close", told | {"version": "99"}, case_id=cast.case.pk)
    assert stale.status_code == 200
    assert "Things go well." in words(stale)
    cast.case.refresh_from_db()
    assert (
        manager.send("case_close", told | {"version": str(cast.case.version)}, case_id=cast.case.pk).status_code == 302
    )
    cast.case.refresh_from_db()
    assert cast.case.state == CaseState.CLOSED
    assert manager.open("case_lead", case_id=cast.case.pk).status_code == 403
    for page in ("case", "case_team"):  # nobody is promised a lead professional any more
        assert "Nobody any more: the case is closed." in words(manager.open(page, case_id=cast.case.pk)), page


def test_a_team_sees_its_own_only(cast: Cast) -> None:
    assert cast.case.reference not in words(Visitor(cast.accounts["ben"]).open("cases"))
    services.add_member(case=cast.case, post=cast.posts["ben"], by=actor_of(cast.accounts["manager"]), at=AT)
    assert cast.case.reference in words(Visitor(cast.accounts["ben"]).open("cases"))
