"""Put back, destroyed on the pages and asked twice, and how far a whole family has come."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access import chain
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.access.tests.factories import make_fresh
from joinedup.casework import queries
from joinedup.casework.assessment_document import child_distance, family_radars, family_table
from joinedup.casework.models import CaseNote, CasePerson
from joinedup.casework.services.chronology import put_back_entry, take_out_entry
from joinedup.casework.tests.assessed import agree, make_work, signed
from joinedup.casework.tests.factories import make_person
from joinedup.casework.tests.test_case_chronology import entry_id, rows
from joinedup.casework.tests.test_notes import World, visit, world
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.keeping import DESTROYED
from joinedup.core.partnership import forget
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_post

pytestmark = pytest.mark.django_db
__all__ = ["world"]


class Visitor:
    """Somebody at their desk at a moment."""

    def __init__(self, account: Account, at: Any = AT) -> None:
        self.client, self.at = Client(), at
        self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        make_fresh(self.client)

    def open(self, name: str, **where: Any) -> Any:
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.get(reverse(name, kwargs=where))

    def send(self, name: str, told: dict[str, Any], **where: Any) -> Any:
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.post(reverse(name, kwargs=where), told)


def words(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def nia(world: World) -> tuple[Account, Post]:
    return make_post(role=Role.TEAM_MANAGER, team=world.case.team, name="Nia Testnorth")


# --- Putting back.


def test_what_was_taken_out_is_put_back_by_the_manager_with_its_note(world: World, nia: tuple[Account, Post]) -> None:
    written = visit(world)
    by = actor_of(nia[0])
    told: dict[str, Any] = {"case": world.case, "event_id": entry_id(), "words": "It was right.", "at": AT}
    with pytest.raises(Refused) as refused:
        put_back_entry(**told, by=by)
    assert refused.value.rule == "CW-427"
    take_out_entry(case=world.case, event_id=entry_id(), code="wrong", words="Next door", by=world.amira, at=AT)
    with pytest.raises(NotPermitted):
        put_back_entry(**told, by=world.amira)
    with pytest.raises(Refused) as refused:
        put_back_entry(**told | {"words": "  "}, by=by)
    assert refused.value.rule == "CW-428"
    put_back_entry(**told, by=by)
    assert not any(row.entry.taken_out for row in rows(world))
    shown = queries.note(world.amira, world.case.pk, written.pk)
    assert (shown.is_out, shown.words) == (False, "Warm and tidy.")
    assert shown.additions[-1].words == "Put back: It was right."
    row = AuditEvent.objects.get(action="casework.put_back_entry", kind="write")
    assert row.people


def test_what_stands_about_somebody_else_instead_is_taken_out_first(world: World, nia: tuple[Account, Post]) -> None:
    visit(world)
    first = entry_id()
    said: dict[str, Any] = {"case": world.case, "by": world.amira, "at": AT, "words": "Not hers"}
    take_out_entry(**said, event_id=first, code="wrong_person", people=[world.parent.pk])
    back: dict[str, Any] = {"case": world.case, "event_id": first, "words": "It was.", "by": actor_of(nia[0]), "at": AT}
    with pytest.raises(Refused) as refused:
        put_back_entry(**back)
    assert refused.value.rule == "CW-429"
    (instead,) = [row.entry.id for row in rows(world, kind="casework.visit_made") if not row.entry.taken_out]
    take_out_entry(**said, event_id=instead, code="wrong")
    put_back_entry(**back)
    assert [row.entry.id for row in rows(world, kind="casework.visit_made") if not row.entry.taken_out] == [first]


def test_the_page_puts_back_and_only_for_the_manager(world: World, nia: tuple[Account, Post]) -> None:
    visit(world)
    where = {"case_id": world.case.pk, "event_id": entry_id()}
    manager, amira = Visitor(nia[0]), Visitor(Account.objects.get(pk=world.amira.account_id))
    assert manager.open("case_entry_back", **where).status_code == 403
    take_out_entry(case=world.case, event_id=entry_id(), code="wrong", words="Next door", by=world.amira, at=AT)
    assert "Put it back" in words(manager.open("case_chronology", case_id=world.case.pk))
    assert "Put it back" not in words(amira.open("case_chronology", case_id=world.case.pk))
    assert amira.open("case_entry_back", **where).status_code == 403
    assert "Next door" in words(manager.open("case_entry_back", **where))
    assert "Say in a sentence" in words(manager.send("case_entry_back", {}, **where))
    assert manager.send("case_entry_back", {"words": "It was right."}, **where).status_code == 302
    assert "An entry was taken out" not in words(amira.open("case_chronology", case_id=world.case.pk))


# --- Destroying.


def test_words_are_destroyed_after_two_questions_and_the_trail_still_verifies(world: World, tmp_path: Path) -> None:
    visit(world)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")
    where = {"case_id": world.case.pk}
    early = Visitor(iris)
    assert early.open("destroy_words", **where).status_code == 404  # it is open
    assert "There is none now." in words(early.open("kept_words"))
    amira = Account.objects.get(pk=world.amira.account_id)
    assert Visitor(amira).open("kept_words").status_code == 403
    cases, over = type(world.case).objects.filter(pk=world.case.pk), AT.replace(year=AT.year - 25)
    closed = {"state": "closed", "opened_at": over - timedelta(days=90), "review_due_on": None}
    cases.update(**closed, closed_at=over + timedelta(days=1))
    assert early.open("destroy_words", **where).status_code == 404  # it is too soon
    cases.update(closed_at=over - timedelta(days=1))
    iris_later = Visitor(iris)
    listed = words(iris_later.open("kept_words"))
    assert world.case.reference in listed
    assert "Rowan" not in listed
    first = words(iris_later.open("destroy_words", **where))
    assert "notes and visits, and the files beside them: 1 row" in first
    assert "What stays" in first
    assert "Enter why" in words(iris_later.send("destroy_words", {}, **where))
    second = words(iris_later.send("destroy_words", {"reason": "Time is over."}, **where))
    assert "Are you sure?" in second
    assert CaseNote.objects.get().words == "Warm and tidy."
    wrong = {"reason": "Time is over.", "reference": "C-0000-0000"}
    assert f"Type {world.case.reference}" in words(iris_later.send("destroy_words", wrong, **where))
    assert CaseNote.objects.get().words == "Warm and tidy."
    sure = {"reason": "Time is over.", "reference": world.case.reference.lower()}
    assert iris_later.send("destroy_words", sure, **where).status_code == 302
    assert CaseNote.objects.get().words == DESTROYED
    assert "There is none now." in words(iris_later.open("kept_words"))
    row = AuditEvent.objects.get(action="casework.destroy_words", kind="write")
    assert row.actor_id == iris.pk
    chain.seal()
    assert chain.verify(at=AT, anchors=tmp_path / "none").is_sound


# --- A step that was begun and not sent.


def test_a_step_is_abandoned_and_taken_up(world: World) -> None:
    amira = Visitor(Account.objects.get(pk=world.amira.account_id))
    where = {"case_id": world.case.pk}
    page = amira.open("case_step", **where).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(_draft\w*)" value="([^"]*)"', page))
    typed = hidden | {"reason": "It got worse.", "save_draft": "yes"}
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        assert amira.client.post("/drafts/keep/", typed).status_code == 302
    assert "have not sent it" in words(amira.open("case_reviews", **where))
    assert amira.send("case_step_abandon", {}, **where).status_code == 302
    shown = words(amira.open("case_reviews", **where))
    assert "You abandoned a step that was not sent" in shown
    assert "have not sent it" not in shown
    assert "It got worse." not in words(amira.open("case_step", **where))
    assert amira.send("case_step_take_up", {}, **where).status_code == 302
    assert "It got worse." in amira.open("case_step", **where).content.decode()
    assert amira.send("case_step_take_up", {}, **where).status_code == 302  # there is nothing to undo: said, no fault
    assert not AuditEvent.objects.filter(action="casework.ask_step").exists()


# --- A whole family.


def test_all_children_s_scores_are_on_one_page_and_in_one_table() -> None:
    work = make_work()
    second, third = make_person(given_name="Sorrel"), make_person(given_name="Wren")
    for child in (second, third):
        CasePerson.objects.create(case=work.case, person=child, part="child")
    agree(work)
    signed(work, at=AT, scores={"health": 3})
    month = AT + timedelta(days=25)
    signed(work, at=month, scores={"health": 7})
    agree(work, second.pk)
    work.child, rowan = second, work.child
    signed(work, at=AT, scores={"health": 4})
    work.child = rowan
    viewer = work.actor("cara", month)
    forget()  # settings are kept for five seconds: ask for them each time
    with CaptureQueriesContext(connection) as counted:
        found = queries.family_scores(viewer, work.case.pk)
    assert len(counted) <= 12
    assert found.without == ("Wren Testerfield",)
    by_name = {each.name: each for each in found.children}
    health = {name: next(e for e in each.elements if e.code == "health") for name, each in by_name.items()}
    assert (health["Rowan Testerfield"].before, health["Rowan Testerfield"].now) == (3, 7)
    assert (health["Sorrel Testerfield"].before, health["Sorrel Testerfield"].now) == (None, 4)
    table = family_table(found)
    assert set(table.columns) == {"Element", "Rowan Testerfield", "Sorrel Testerfield"}
    row = dict(
        zip(
            table.columns,
            next(each for each in table.rows if each[0] == health["Rowan Testerfield"].element),
            strict=True,
        )
    )
    assert (row["Rowan Testerfield"], row["Sorrel Testerfield"]) == ("3 to 7 (+4)", "4 now")
    (round_all,) = family_radars(found)
    assert {"Rowan Testerfield", "Sorrel Testerfield"} <= set(re.findall(r"\w+ Testerfield", round_all.title))
    assert child_distance(by_name["Sorrel Testerfield"]) is None
    drawn = child_distance(by_name["Rowan Testerfield"])
    assert drawn is not None
    assert "Rowan Testerfield" in drawn.title
    page = words(Visitor(work.accounts["cara"]).open("case_family_scores", case_id=work.case.pk))
    assert "3 to 7 (+4)" in page
    assert "Not assessed yet: Wren Testerfield." in page
    sheet = Visitor(work.accounts["cara"]).open("case_family_scores_csv", case_id=work.case.pk)
    assert "3 to 7 (+4)" in sheet.content.decode()
    with pytest.raises(NotVisible):
        queries.family_scores(work.actor("ben"), work.case.pk)
    assert Visitor(work.accounts["ben"]).open("case_family_scores", case_id=work.case.pk).status_code == 404
