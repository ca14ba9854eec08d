"""Pages of notes, tasks, help given and the chronology: what they show whom, what they send, and what they keep."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word

from joinedup.access.models import Account
from joinedup.casework.events import VISIT_MADE
from joinedup.casework.models import CaseNote, CaseTask, Intervention, NoteFile
from joinedup.casework.tests.test_notes import World, visit, world
from joinedup.chronology.models import Event
from joinedup.chronology.services import record_event
from joinedup.core.formats import day_or_moment
from joinedup.core.partnership import forget
from joinedup.organisations.tests.factories import AT
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db
__all__ = ["world"]
_NOW = "joinedup.access.middleware.timezone.now"


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


@pytest.fixture
def amira(world: World) -> Visitor:
    return Visitor(world.posts["amira"].account)


@pytest.fixture
def ben(world: World) -> Visitor:
    return Visitor(world.posts["ben"].account)


def told(**more: Any) -> dict[str, Any]:
    return {
        "kind": "visit", "result": "seen", "words": "Warm <b>house</b>", "child_words": "", "next_step": "",
        "happened_on_day": "18", "happened_on_month": "11", "happened_on_year": "2026", "happened_time": "9:30am",
    } | more  # fmt: skip


def test_a_visit_is_recorded_from_a_form_that_knows_day_time_and_child(world: World, amira: Visitor) -> None:
    child = str(world.child.pk)
    page = amira.open("case_note_new", f"?seen={child}", case_id=world.case.pk)
    text = page.content.decode()
    assert re.search(rf'value="{child}"[^>]*checked', text)
    assert 'value="10:00"' in text
    names = re.findall(r'name="(happened_on[^"]*)"', text)
    day, month, year = sorted(names, key=lambda name: ("day" not in name, "month" not in name))
    form = told(seen=[child], alone=[child]) | {day: "18", month: "11", year: "2026"}
    sent = amira.send("case_note_new", form, case_id=world.case.pk)
    assert sent.status_code == 302, words(sent)
    note = CaseNote.objects.get()
    assert f"{note.happened_at:%H:%M}" == "09:30"
    shown = amira.open("case_note", case_id=world.case.pk, note_id=note.pk)
    assert "Warm <b>house</b>" in words(shown) or "Warm &lt;b&gt;house" in shown.content.decode()
    assert "<b>house" not in shown.content.decode()


def test_a_refusal_keeps_what_was_typed(world: World, amira: Visitor) -> None:
    sent = amira.send("case_note_new", told(words=""), case_id=world.case.pk)
    assert sent.status_code == 200
    assert "Write what happened" in words(sent)
    assert not CaseNote.objects.exists()


def test_a_note_is_handed_on_in_every_form_and_never_opened_here(world: World, amira: Visitor, ben: Visitor) -> None:
    note = visit(world)
    for form in ("txt", "csv", "json", "pdf", "docx"):
        where = {"case_id": world.case.pk, "note_id": note.pk, "form": form}
        response = amira.open("case_note_export", **where)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith('attachment; filename="note-C-')
        assert "Rowan" not in response["Content-Disposition"]
        assert ben.open("case_note_export", **where).status_code == 404
    content = json.loads(amira.open("case_note_export", **(where | {"form": "json"})).content)
    assert content["what_happened"] == "Warm and tidy."
    assert amira.open("case_note_export", **(where | {"form": "exe"})).status_code == 404


def test_a_file_is_sent_as_a_download_that_nothing_runs(world: World, amira: Visitor, ben: Visitor) -> None:
    note = visit(world)
    where = {"case_id": world.case.pk, "note_id": note.pk}
    bad = SimpleUploadedFile("x.pdf", b"<html><script>alert(1)</script>")
    assert "Add a PDF" in words(amira.send("case_note_file_add", {"file": bad}, **where))
    good = SimpleUploadedFile("drawing.png", b"\x89PNG\r\n\x1a\nx")
    assert amira.send("case_note_file_add", {"file": good}, **where).status_code == 302
    file = NoteFile.objects.get()
    response = amira.open("case_note_file", **where, file_id=file.pk)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'attachment; filename="drawing.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert ben.open("case_note_file", **where, file_id=file.pk).status_code == 404


def test_tasks_and_help_from_their_pages(world: World, amira: Visitor) -> None:
    page = amira.open("case_task_new", case_id=world.case.pk).content.decode()
    day, month, year = re.findall(r'name="(due_on[^"]*)"', page)
    task = {"words": "Ring school", "owner": str(world.posts["amira"].pk), day: "20", month: "11", year: "2026"}
    assert amira.send("case_task_new", task, case_id=world.case.pk).status_code == 302
    assert "Ring school" in words(amira.open("my_tasks"))
    done = {"case_id": world.case.pk, "task_id": CaseTask.objects.get().pk}
    assert amira.send("case_task_done", {"words": "Rang"}, **done).status_code == 302
    assert amira.open("case_task_done", **done).status_code == 403
    page = amira.open("case_intervention_new", case_id=world.case.pk).content.decode()
    day, month, year = re.findall(r'name="(starts_on[^"]*)"', page)
    given = {
        "service": "Group", "words": "Parenting", "delivered_by": "Centre", "people": [str(world.child.pk)], "hours": "1.5",
        day: "1", month: "11", year: "2026",
    }  # fmt: skip
    assert amira.send("case_intervention_new", given, case_id=world.case.pk).status_code == 302
    assert "1.5 hours" in words(amira.open("case_notes", case_id=world.case.pk))
    where = {"case_id": world.case.pk, "intervention_id": Intervention.objects.get().pk}
    assert amira.open("case_intervention_end", **where).status_code == 200


def test_the_chronology_is_narrowed_marked_put_right_and_printed(world: World, amira: Visitor, ben: Visitor) -> None:
    visit(world)
    event = Event.objects.get(kind="casework.visit_made").pk
    where = {"case_id": world.case.pk}
    assert amira.send("case_entry_significant", {"impact": "Slept well"}, **where, event_id=event).status_code == 302
    page = words(amira.open("case_chronology", "?significant=1", **where))
    assert "What it meant for the child: Slept well" in page
    assert "Case opened" not in page.partition("Apply")[2].partition("Visit")[0]
    for form in ("page", "pdf", "docx", "csv"):
        assert amira.open("case_chronology_file", "?kind=casework.visit_made", **where, form=form).status_code == 200
    csv = amira.open("case_chronology_file", "?kind=casework.visit_made", **where, form="csv").content.decode()
    assert csv.count("\r\n") == 2
    assert amira.send("case_entry_ordinary", {}, **where, event_id=event).status_code == 302
    out = {"code": "wrong", "words": "Next door"}
    assert amira.send("case_entry_out", out, **where, event_id=event).status_code == 302
    assert "Taken out by Amira Testerly" in words(amira.open("case_chronology", **where))
    assert amira.open("case_entry_out", **where, event_id=event).status_code == 403
    for name in ("case_chronology", "case_family_tree", "case_family_tree_csv", "case_notes"):
        assert amira.open(name, **where).status_code == 200
        assert ben.open(name, **where).status_code == 404


def test_a_long_chronology_comes_page_by_page_and_nothing_is_shown_twice(world: World, amira: Visitor) -> None:
    for number in range(60):
        at = AT - timedelta(hours=60 - number)
        record_event(
            VISIT_MADE,
            source=world.case,
            by=world.amira,
            at=at,
            people=[world.child.pk],
            family_id=world.case.family_id,
        )
    where, query, titles = {"case_id": world.case.pk}, "?kind=casework.visit_made", []
    while query:
        page = amira.open("case_chronology", query, **where).content.decode()
        titles.append(re.findall(r'<time datetime="([^"]+)"', page))
        following = re.search(r'href="[^"]*(\?[^"]*after=[^"]+)"[^>]*rel="next"', page)
        query = html.unescape(following[1]) if following else ""
    assert [len(each) for each in titles] == [50, 10]
    every = [each for several in titles for each in several]
    assert every == sorted(set(every), reverse=True)
    assert "Back to the newest" in page
    csv = amira.open("case_chronology_file", "?kind=casework.visit_made", **where, form="csv").content.decode()
    assert csv.count("\r\n") == 61


def test_a_file_of_a_long_chronology_has_every_entry_in_each_form(world: World, amira: Visitor) -> None:
    began = AT - timedelta(days=501)
    for number in range(501):
        record_event(
            VISIT_MADE, source=world.case, by=world.amira, at=began + timedelta(days=number), people=[world.child.pk],
            family_id=world.case.family_id,
        )  # fmt: skip
    days = [day_or_moment(began + timedelta(days=number)) for number in range(501)]

    def told(form: str) -> bytes:
        return amira.open("case_chronology_file", "?kind=casework.visit_made", case_id=world.case.pk, form=form).content

    lines = told("csv").decode().split("\r\n")
    assert [line.partition(",")[0] for line in lines[1:-1]] == days  # the oldest first, none twice, none missing
    word = Word(io.BytesIO(told("docx")))
    table = next(each for each in word.tables if each.cell(0, 0).text == "When")
    assert [cell.text for cell in table.columns[0].cells[1:]] == days
    page = html.unescape(told("page").decode())
    assert re.findall(r'<th scope="row" class="govuk-table__header">([^<]+)</th>', page)[-501:] == days
    sheets = text_of(told("pdf"))
    flat = "".join(sheets.split())
    assert all("".join(day.split()) in flat for day in days)
    said = "Only the newest 500 of 501 are drawn. The table has all of them."
    assert said in page
    assert "".join(said.split()) in flat
    assert said in [each.text for each in word.paragraphs]


@pytest.mark.parametrize(
    "query",
    ["?since=x", "?agency=x", "?kind=" + "x" * 999, "?since-day=99&since-month=1&since-year=2", "?until=9999-12-31"],
)
def test_an_address_that_says_nonsense_narrows_nothing_it_cannot(world: World, amira: Visitor, query: str) -> None:
    assert amira.open("case_chronology", query, case_id=world.case.pk).status_code == 200


def test_queries_do_not_grow_with_notes(world: World, amira: Visitor) -> None:
    for _ in range(12):
        visit(world)
    assert amira.open("case_notes", case_id=world.case.pk).status_code == 200
    assert amira.open("case_chronology", case_id=world.case.pk).status_code == 200
