"""The pages as somebody uses them: from a programme to a finished register, figures with their lists, a young person."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.roles import Role
from joinedup.organisations.tests.factories import AT, make_locality, make_organisation, make_post, make_team
from joinedup.person_index.tests.factories import make_person, make_record
from joinedup.universal.models import Attendance, JusticeInvolvement, Participation, Programme, Session

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Visitor:
    """Somebody at their browser, at the moment of the tests."""

    def __init__(self, account: Any) -> None:
        self.client = Client()
        self.client.force_login(account, backend=BACKEND)

    def _at(self, call: Any, *args: Any, **more: Any) -> Any:
        with patch("joinedup.access.middleware.timezone.now", return_value=AT):
            return call(*args, secure=True, **more)

    def see(self, page: str, *args: Any, query: str = "", status: int = 200) -> str:
        answer = self._at(self.client.get, reverse(page, args=args) + query)
        assert answer.status_code == status, answer.content.decode()[:500]
        return " ".join(answer.content.decode().split())

    def send(self, page: str, /, *args: Any, typing: bool = False, **told: Any) -> Any:
        headers = {"X-Requested-With": "XMLHttpRequest"} if typing else {}
        return self._at(self.client.post, reverse(page, args=args), told, headers=headers)


@pytest.fixture
def kit() -> Visitor:
    trust = make_organisation(code="PLACEHOLDER", name="Placeholder Family Support", kind="voluntary")
    account, _ = make_post(role=Role.REFERRER, employer=trust, name="Kit Testhelp")
    return Visitor(account)


def _a_programme_with_a_session(kit: Visitor) -> tuple[Programme, Session]:
    """What is made on the pages before a register can be taken, wrong times first."""
    trust = make_organisation(code="PLACEHOLDER")
    assert "runs no programme here yet" in kit.see("sessions")
    kit.see("session_programme_new")
    told = {
        "name": "Stay and play",
        "organisation": trust.pk,
        "kind": "stay_and_play",
        "place": "Mock Hall",
        "is_targeted": "no",
    }
    assert kit.send("session_programme_new", **told).status_code == 302
    programme = Programme.objects.get()
    assert "Stay and play" in kit.see("session_programme", programme.pk)
    days = {"first_on-day": "18", "first_on-month": "11", "first_on-year": "2026", "starts": "9am", "ends": "10.30am"}
    wrong = kit.send("sessions_plan", programme.pk, repeats="once", **(days | {"ends": "8am"}))
    assert "It ends after it begins." in wrong.content.decode()
    assert kit.send("sessions_plan", programme.pk, repeats="once", **days).status_code == 302
    return programme, Session.objects.get()


def test_from_a_programme_to_a_finished_register(kit: Visitor) -> None:
    programme, session = _a_programme_with_a_session(kit)
    trust = make_organisation(code="PLACEHOLDER")
    assert "Register waits" in kit.see("sessions")
    assert "Nobody is on the list yet" in kit.see("session", session.pk)
    kit.see("register_newcomer", session.pk)
    assert (
        kit.send("register_newcomer", session.pk, given_name="Wren", family_name="Samplefield", age="3").status_code
        == 302
    )
    wren = Attendance.objects.get()
    page = kit.see("session", session.pk)
    assert "<strong>1 came</strong>" in page
    own = make_record(agency=trust, given_name="Robin", family_name="Testbridge")
    typed = kit.send("register_find", session.pk, words="Robin Testbridge", typing=True).content.decode()
    assert "Press Find" in typed, "while somebody types, only those who have come before"
    found = kit.send("register_find", session.pk, words="Robin Testbridge").content.decode()
    assert "Add Robin Testbridge" in found
    assert kit.send("register_add", session.pk, record=str(own.pk)).status_code == 302
    saved = {f"mark-{wren.record_id}": "late", "children": "4", "adults": "2", "does": "finish"}
    assert kit.send("session", session.pk, **saved).status_code == 302
    page = kit.see("session", session.pk)
    assert "<strong>8 came</strong>" in page
    assert "Register finished" in page
    assert "Wren Samplefield: Here → Late" in kit.see("register_changes", session.pk)
    assert "Wren Samplefield" in kit.see("register_sheet", session.pk)
    kit.send("session", session.pk, does="undo")
    assert "<strong>2 came</strong>" in kit.see("session", session.pk)
    kit.see("register_import", session.pk)
    figures = kit.see("reach")
    assert "Children reached by universal support" in figures
    assert "Wren Samplefield" in kit.see("reach_people", query="?band=under_5")
    assert "Robin" not in kit.see("reach_people", query="?band=under_5")
    assert (
        kit._at(kit.client.get, reverse("reach_csv", args=["ages"])).content.decode().startswith("Age,People reached")
    )
    kit.see("reach", query="?scope=all", status=403)
    kit.see("session_cancel", session.pk)
    kit.see("session_programme_change", programme.pk)
    assert (
        kit.send(
            "session_programme_end",
            programme.pk,
            version="1",
            **{f"ends_on-{k}": v for k, v in (("day", "19"), ("month", "11"), ("year", "2026"))},
        ).status_code
        == 302
    )


def test_a_young_person_is_followed(kit: Visitor) -> None:
    north = make_locality(name="North", prefixes=("ZZ1",))
    team = make_team(localities=(north,))
    amira, _ = make_post(team=team, name="Amira Testerly")
    nia_account, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth")
    nia, worker = Visitor(nia_account), Visitor(amira)
    rowan = make_person(birth_date=AT.date().replace(year=2009), postcode="ZZ1 1AA")
    assert "Rowan Testerfield" in worker.see("follow_up", "unknown")
    assert "Nobody has said." in worker.see("young_person", rowan.pk)
    day = {"starts_on-day": "1", "starts_on-month": "10", "starts_on-year": "2026"}
    worker.see("participation_record", rowan.pk)
    assert worker.send("participation_record", rowan.pk, status="neither", reason="seeking", **day).status_code == 302
    page = worker.see("participation")
    assert "Fewer than 5 are in one of the numbers" in page
    assert "Looking for a place or work" in worker.see("follow_up", "neither")
    row = Participation.objects.get()
    assert (
        worker.send("participation_take_back", row.pk, version=str(row.version), reason="Another Rowan.").status_code
        == 302
    )
    assert "Another Rowan." in worker.see("young_person", rowan.pk)
    worker.see("justice_new", rowan.pk, status=403)
    posts = nia.see("justice_new", rowan.pk)
    assert "Amira Testerly" in posts
    post = amira.posts.get()
    day = {"starts_on-day": "1", "starts_on-month": "11", "starts_on-year": "2026"}
    assert nia.send("justice_new", rowan.pk, kind="prevention", post=str(post.pk), **day).status_code == 302
    assert "Rowan Testerfield" in worker.see("justice")
    one = JusticeInvolvement.objects.get()
    ended = {"ends_on-day": "17", "ends_on-month": "11", "ends_on-year": "2026"}
    assert worker.send("justice_end", one.pk, version="1", **ended).status_code == 302
    kit.see("participation", status=403)
    kit.see("young_person", rowan.pk, status=404)
    assert (
        worker._at(worker.client.get, reverse("participation_csv"))
        .content.decode()
        .startswith("Group,Neither,Not known")
    )
