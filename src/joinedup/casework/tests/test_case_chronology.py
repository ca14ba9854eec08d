"""A case's chronology: put right, marked, narrowed, destroyed when its time is over; and the family tree."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from joinedup.access import chain
from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework.models import CaseNote, NoteFile
from joinedup.casework.queries import case_frame
from joinedup.casework.queries import chronology as reading
from joinedup.casework.queries import notes as notes_read
from joinedup.casework.services.chronology import mark_entry, take_out_entry
from joinedup.casework.services.keeping import destroy_words
from joinedup.casework.services.notes import add_file, correct_note
from joinedup.casework.tests.factories import make_person
from joinedup.casework.tests.test_notes import World, visit, world
from joinedup.chronology.models import Event
from joinedup.chronology.queries import timeline
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.keeping import DESTROYED
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index.services import record_relationship

pytestmark = pytest.mark.django_db
__all__ = ["world"]


def entry_id() -> int:
    return Event.objects.get(kind="casework.visit_made").pk


def rows(world: World, **narrowed: Any) -> list[reading.EntryShown]:
    frame = case_frame(world.amira, world.case.pk, purpose="test")
    return list(reading.chronology_of(world.amira, frame, reading.Narrowed(**narrowed)).rows)


def test_an_entry_taken_out_says_who_and_why_and_its_note_goes_with_it(world: World) -> None:
    written = visit(world)
    told: dict[str, Any] = {"case": world.case, "event_id": entry_id(), "by": world.amira, "at": AT}
    for change, rule in (({"code": "wrong", "words": " "}, "CW-421"), ({"code": "whim", "words": "x"}, "CW-421")):
        with pytest.raises(Refused) as refused:
            take_out_entry(**told, **change)
        assert refused.value.rule == rule
    with pytest.raises(NotPermitted):
        take_out_entry(**(told | {"by": world.ben}), code="wrong", words="x")
    take_out_entry(**told, code="wrong", words="It was next door")
    (gone,) = [row for row in rows(world) if row.entry.taken_out]
    assert gone.what == "Taken out by Amira Testerly on 18 November 2026. It is not right: It was next door"
    shown = notes_read.note(world.amira, world.case.pk, written.pk)
    assert (shown.is_out, shown.words, shown.seen) == (True, "", ())
    with pytest.raises(NotVisible):
        shown.as_written("x")
    assert CaseNote.objects.get(pk=written.pk).words == "Warm and tidy."  # kept, not shown
    with pytest.raises(Refused) as refused:
        take_out_entry(**told, code="wrong", words="again")
    assert refused.value.rule == "CW-422"
    with pytest.raises(Refused) as refused:
        correct_note(written=written, words="x", by=world.amira, at=AT)
    assert refused.value.rule == "CW-409"
    assert "Visit" not in [each.title for each in timeline(world.amira, people=[world.child.pk])]


def test_an_entry_on_the_wrong_person_moves_with_its_note(world: World) -> None:
    written = visit(world, seen={world.child.pk: True})
    told: dict[str, Any] = {
        "case": world.case,
        "event_id": entry_id(),
        "words": "It was Ash",
        "by": world.amira,
        "at": AT,
    }
    for people, code in (
        ([world.child.pk], "wrong_person"),
        ([make_person().pk], "wrong_person"),
        ([world.parent.pk], "wrong"),
    ):
        with pytest.raises(Refused) as refused:
            take_out_entry(**told, code=code, people=people)
        assert refused.value.rule == "CW-423"
    take_out_entry(**told, code="wrong_person", people=[world.parent.pk])
    assert [each.title for each in timeline(world.amira, people=[world.child.pk])].count("Visit") == 0
    assert [each.title for each in timeline(world.amira, people=[world.parent.pk])].count("Visit") == 1
    shown = notes_read.note(world.amira, world.case.pk, written.pk)
    assert [(each.name, each.is_alone) for each in shown.seen] == [("Ash Testerfield", True)]
    assert [each.words for each in shown.corrections] == ["Moved to the right child: It was Ash"]


def test_what_matters_is_marked_with_what_it_meant(world: World) -> None:
    visit(world)
    told: dict[str, Any] = {"case": world.case, "event_id": entry_id(), "at": AT}
    with pytest.raises(Refused) as refused:
        mark_entry(**told, is_significant=True, impact=" ", by=world.amira)
    assert refused.value.rule == "CW-424"
    with pytest.raises(NotPermitted):
        mark_entry(**told, is_significant=True, impact="x", by=world.ben)
    mark_entry(**told, is_significant=True, impact="He slept again", by=world.amira)
    (row,) = rows(world, is_significant=True)
    assert row.entry.impact == "He slept again"
    mark_entry(**told, is_significant=False, by=world.amira)
    assert rows(world, is_significant=True) == []


def test_narrowed_by_kind_and_days_and_printed_as_narrowed(world: World) -> None:
    visit(world)
    assert {row.entry.kind for row in rows(world, kind="casework.visit_made")} == {"casework.visit_made"}
    assert rows(world, since=date(2026, 11, 19)) == []
    assert len(rows(world, until=date(2026, 11, 18))) == len(rows(world)) > 1
    frame = case_frame(world.amira, world.case.pk, purpose="test")
    narrowed = reading.chronology_of(world.amira, frame, reading.Narrowed(kind="casework.visit_made"))
    table = narrowed.table()
    assert [row[2] for row in table.rows] == ["Visit"]
    document = reading.chronology_document(world.amira, frame, narrowed)
    assert document.as_pdf().startswith(b"%PDF")
    figure = narrowed.figure(date(2026, 11, 18))
    assert figure is not None
    assert figure.description.startswith("1 event, 0 of them significant")


def test_words_are_destroyed_when_their_time_is_over_and_the_trail_verifies(world: World, tmp_path: Path) -> None:
    written = visit(world)
    add_file(written=written, name="a.txt", content=b"words", by=world.amira, at=AT)
    correct_note(written=written, words="Secret", by=world.amira, at=AT)
    mark_entry(case=world.case, event_id=entry_id(), is_significant=True, impact="Secret", by=world.amira, at=AT)
    _, guard = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")
    iris = actor_of(guard.account, AT)
    with pytest.raises(NotPermitted):
        destroy_words(case=world.case, reason="Time is over.", by=world.amira, at=AT)
    with pytest.raises(Refused) as refused:
        destroy_words(case=world.case, reason="Time is over.", by=iris, at=AT)
    assert refused.value.rule == "CW-425"
    type(world.case).objects.filter(pk=world.case.pk).update(
        state="closed", closed_at=AT + timedelta(minutes=1), review_due_on=None
    )
    later = AT.replace(year=AT.year + 25) + timedelta(days=1)
    chain.seal()
    with pytest.raises(Refused):
        destroy_words(
            case=world.case, reason="Time is over.", by=iris, at=AT.replace(year=AT.year + 25) - timedelta(days=1)
        )
    assert destroy_words(case=world.case, reason="Time is over.", by=iris, at=later) > 1
    note = CaseNote.objects.get(pk=written.pk)
    assert (note.words, note.destroyed_at) == (DESTROYED, later)
    assert note.child_words in {"", DESTROYED}
    assert NoteFile.objects.get().content is None
    chain.seal()
    assert chain.verify(at=AT, anchors=tmp_path / "none").is_sound
    assert AuditEvent.objects.filter(action="casework.destroy_words", kind="write").exists()


def test_the_family_tree_is_drawn_from_relationships_of_those_whom_the_viewer_sees(world: World) -> None:
    grandmother = make_person(given_name="Nettie")
    record_relationship(
        person=world.parent, other=world.child, kind="mother", has_parental_responsibility=True, source="test",
        by=system(AT), at=AT,
    )  # fmt: skip
    record_relationship(
        person=grandmother, other=world.parent, kind="mother", has_parental_responsibility=None, source="test",
        by=system(AT), at=AT,
    )  # fmt: skip
    everything = reading.case_family_tree(system(AT), case_frame(system(AT), world.case.pk, purpose="test"))
    who = {row[0]: row[3] for row in everything.table.rows}
    assert who["Ash Testerfield"] == "Parent of Rowan Testerfield"
    assert who["Nettie Testerfield"] == "Parent of Ash Testerfield"
    seen = reading.case_family_tree(world.amira, case_frame(world.amira, world.case.pk, purpose="test"))
    assert {row[0] for row in seen.table.rows} == {"Ash Testerfield", "Rowan Testerfield"}  # no ground opens Nettie
    assert "Nettie" not in seen.svg + seen.description
