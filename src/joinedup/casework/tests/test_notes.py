"""Writing notes and visits, correcting them, files, tasks and help given: what is refused and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework.models import Case, CaseNote, CaseTask, Intervention, NoteFile
from joinedup.casework.queries import notes as reading
from joinedup.casework.queries.own_work import OwnWork, own_work
from joinedup.casework.services.interventions import HelpGiven, end_intervention, record_intervention
from joinedup.casework.services.notes import add_file, correct_note, write_note
from joinedup.casework.services.tasks import finish_task, set_task
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.partnership import store
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


@dataclass
class World:
    """Amira leads, Ben is in another team."""

    case: Case
    child: Person
    parent: Person
    amira: Actor
    ben: Actor
    posts: dict[str, Post]


@pytest.fixture
def world() -> World:
    north, south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
    _, lead = make_post(role=Role.KEY_WORKER, team=north, name="Amira Testerly")
    _, other = make_post(role=Role.KEY_WORKER, team=south, name="Ben Testerson")
    child, parent = make_person(given_name="Rowan"), make_person(given_name="Ash")
    case = make_case(team=north, family=make_family((child, "child"), (parent, "parent")), lead=lead)
    return World(
        case, child, parent, actor_of(lead.account, AT), actor_of(other.account, AT), {"amira": lead, "ben": other}
    )


def visit(world: World, **more: Any) -> CaseNote:
    told: dict[str, Any] = {
        "case": world.case, "kind": "visit", "result": "seen", "happened_at": AT - timedelta(hours=2), "minutes": 45,
        "seen": {world.child.pk: True, world.parent.pk: False}, "words": "Warm and tidy.", "child_words": "I like maths",
        "next_step": "", "by": world.amira, "at": AT,
    }  # fmt: skip
    return write_note(**(told | more))


def test_a_visit_is_written_with_who_was_seen_and_stands_in_the_chronology(world: World) -> None:
    written = visit(world)
    shown = reading.note(world.amira, world.case.pk, written.pk)
    assert [(each.name, each.is_alone) for each in shown.seen] == [
        ("Rowan Testerfield", True),
        ("Ash Testerfield", False),
    ]
    assert (shown.by, shown.words, shown.child_words) == ("Amira Testerly", "Warm and tidy.", "I like maths")
    event = Event.objects.get(kind="casework.visit_made")
    assert set(event.people) == {world.child.pk, world.parent.pk}
    assert (event.at, event.code) == (AT - timedelta(hours=2), "seen_alone")
    assert not hasattr(event, "words")  # what was said stays in the note


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"words": "  "}, "CW-401"),
        ({"happened_at": AT + timedelta(minutes=1)}, "CW-402"),
        ({"seen": {UUID(int=5): False}}, "CW-403"),
        ({"result": "no_answer"}, "CW-405"),
        ({"seen": {}}, "CW-406"),
        ({"kind": "seance"}, "CW-407"),
        ({"minutes": 0}, "CW-426"),
    ],
)
def test_a_note_that_cannot_be_so_is_refused(world: World, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        visit(world, **change)
    assert refused.value.rule == rule
    assert not CaseNote.objects.exists()
    assert AuditEvent.objects.filter(kind="refusal", rule=rule).exists()
    assert visit(world).pk


def test_nobody_answering_is_a_visit_too_and_is_about_the_children(world: World) -> None:
    visit(world, result="no_answer", seen={}, words="Knocked twice.")
    assert Event.objects.get(kind="casework.visit_made").people == [world.child.pk]


def test_only_the_team_around_the_child_writes_and_reads(world: World) -> None:
    with pytest.raises(NotPermitted):
        visit(world, by=world.ben)
    written = visit(world)
    with pytest.raises(NotVisible):
        reading.note(world.ben, world.case.pk, written.pk)
    with pytest.raises(NotPermitted):
        correct_note(written=written, words="No", by=world.ben, at=AT)


def test_a_correction_stands_below_what_was_written(world: World) -> None:
    written = visit(world)
    with pytest.raises(Refused, match="what was wrong"):
        correct_note(written=written, words=" ", by=world.amira, at=AT)
    correct_note(written=written, words="It was Tuesday.", by=world.amira, at=AT)
    shown = reading.note(world.amira, world.case.pk, written.pk)
    assert shown.words == "Warm and tidy."
    assert [(each.words, each.by) for each in shown.corrections] == [("It was Tuesday.", "Amira Testerly")]


def test_files_are_kept_by_what_they_are_within_limits(world: World) -> None:
    written = visit(world)
    with pytest.raises(Refused) as refused:
        add_file(written=written, name="x.pdf", content=b"<html><script>", by=world.amira, at=AT)
    assert refused.value.rule == "CW-410"
    file = add_file(written=written, name="drawing.exe", content=b"%PDF-1.7", by=world.amira, at=AT)
    assert reading.note_file(world.amira, world.case.pk, written.pk, file.pk) == (
        "drawing.pdf", "application/pdf", b"%PDF-1.7",
    )  # fmt: skip
    with pytest.raises(NotVisible):
        reading.note_file(world.ben, world.case.pk, written.pk, file.pk)
    store("casework.note_files", 1, starts_on=TODAY, set_by=None, set_at=AT)
    with pytest.raises(Refused) as refused:
        add_file(written=written, name="b.pdf", content=b"%PDF-1.7", by=world.amira, at=AT)
    assert refused.value.rule == "CW-411"
    assert NoteFile.objects.count() == 1


def test_a_next_step_with_a_day_becomes_a_task_of_who_writes(world: World) -> None:
    visit(world, next_step="Ring the school", next_due_on=TODAY + timedelta(days=2))
    (task,) = reading.my_tasks(world.amira)
    assert (task.words, task.owner, task.is_late) == (
        "Ring the school",
        "Amira Testerly, " + world.posts["amira"].title,
        False,
    )
    assert own_work(world.amira) == OwnWork(tasks=1)
    visit(world, next_step="Think", next_due_on=None)
    assert CaseTask.objects.count() == 1


def test_tasks_belong_to_the_team_and_are_done_once(world: World) -> None:
    told: dict[str, Any] = {"case": world.case, "words": "Ring the GP", "due_on": TODAY, "by": world.amira, "at": AT}
    for change, rule in (
        ({"owner_id": world.posts["ben"].pk}, "CW-414"), ({"words": " "}, "CW-412"), ({"due_on": TODAY - timedelta(days=1)}, "CW-413"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            set_task(**({"owner_id": world.posts["amira"].pk} | told | change))
        assert refused.value.rule == rule
    task = set_task(owner_id=world.posts["amira"].pk, **told)
    with pytest.raises(NotPermitted):
        finish_task(task=task, words="", by=world.ben, at=AT)
    finish_task(task=task, words="She rang back", by=world.amira, at=AT)
    with pytest.raises(Refused) as refused:
        finish_task(task=task, words="", by=world.amira, at=AT)
    assert refused.value.rule == "CW-415"
    assert reading.my_tasks(world.amira) == []
    assert [each.done_words for each in reading.tasks_of(world.amira, world.case)] == ["She rang back"]


def help_given(**more: Any) -> HelpGiven:
    told: dict[str, Any] = {
        "service": "Parenting group", "words": "Group work", "delivered_by": "Testfield Centre", "starts_on": TODAY - timedelta(days=30),
        "hours": Decimal("6.5"), "quantity": Decimal(4), "unit": "sessions",
    }  # fmt: skip
    return HelpGiven(**(told | more))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"service": " "}, "CW-416"),
        ({"starts_on": TODAY + timedelta(days=1)}, "CW-417"),
        ({"ends_on": TODAY - timedelta(days=31)}, "CW-417"),
        ({"ends_on": TODAY + timedelta(days=1)}, "CW-417"),
        ({"hours": Decimal(0)}, "CW-418"),
        ({"unit": ""}, "CW-418"),
        ({"quantity": None}, "CW-418"),
    ],
)
def test_help_that_cannot_be_so_is_refused(world: World, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        record_intervention(case=world.case, given=help_given(**change), people=[world.child.pk], by=world.amira, at=AT)
    assert refused.value.rule == rule
    with pytest.raises(Refused) as refused:
        record_intervention(case=world.case, given=help_given(), people=[], by=world.amira, at=AT)
    assert refused.value.rule == "CW-419"
    assert not Intervention.objects.exists()


def test_help_is_one_row_and_its_hours_add_up_in_the_chronology(world: World) -> None:
    row = record_intervention(case=world.case, given=help_given(), people=[world.child.pk], by=world.amira, at=AT)
    end_intervention(intervention=row, ends_on=TODAY, hours=Decimal(10), by=world.amira, at=AT)
    with pytest.raises(Refused) as refused:
        end_intervention(intervention=row, ends_on=TODAY, hours=None, by=world.amira, at=AT)
    assert refused.value.rule == "CW-420"
    (shown,) = reading.interventions_of(world.amira, world.case)
    assert (shown.hours, shown.quantity, shown.people) == (Decimal(10), "4 sessions", "Rowan Testerfield")
    hours = [event.quantity for event in Event.objects.filter(source_kind="casework.intervention").order_by("pk")]
    assert hours == [Decimal("6.5"), Decimal("3.5")]


def test_whom_to_visit_are_the_cases_one_works_in(world: World) -> None:
    (choice,) = reading.visit_choices(world.amira)
    assert [child.name for child in choice.children] == ["Rowan Testerfield"]
    assert reading.visit_choices(world.ben) == []
