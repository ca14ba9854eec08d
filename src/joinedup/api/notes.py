"""Notes and visits, tasks, and help given, for a partner's own system: nothing is typed a second time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.noting import FILE_TYPES, KINDS, RESULTS
from joinedup.core.documents import attachment
from joinedup.core.errors import Refused

Number = Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2)]
Several = Annotated[list[UUID], Field(min_length=1, max_length=30)]


class SeenOut(Schema):
    """Somebody who was seen or spoken to."""

    person_id: UUID | None
    name: str
    is_alone: bool


class AdditionOut(Schema):
    """A correction of a note, or why it was taken out. The note's own words stay above it."""

    words: str
    by: str
    at: datetime
    is_taking_out: bool


class FileOut(Schema):
    """A file beside a note."""

    id: UUID
    name: str
    kind: str
    size: int


class NoteOut(Schema):
    """A visit, a call or a note. Of one that was taken out only that is said."""

    id: UUID
    kind_code: str
    result_code: str
    happened_at: datetime
    minutes: int | None
    words: str
    child_words: str
    next_step: str
    by: str
    post: str
    organisation: str
    written_at: datetime
    seen: list[SeenOut]
    additions: list[AdditionOut]
    files: list[FileOut]
    is_out: bool
    is_destroyed: bool


class NotesPage(Schema):
    """A page of notes, the newest first; `next` is the `after` of the following one, empty at the end."""

    notes: list[NoteOut]
    next: str


class SeenIn(Schema):
    """Somebody of the case who was seen or spoken to, and whether alone."""

    model_config = taken(person_id="0192f0c4-0000-7000-8000-000000000001", is_alone=True)

    person_id: UUID
    is_alone: StrictBool = False


class NoteIn(Schema):
    """What happened. With `next_due_on` the next step becomes a task of whoever writes."""

    model_config = taken(
        kind="visit", result="seen", happened_at="2026-11-18T10:00:00Z", minutes=40, words="We met at home and looked at mornings.",
        seen=[{"person_id": "0192f0c4-0000-7000-8000-000000000001", "is_alone": True}],
        child_words="I like it when we walk.", next_step="Ring the school.", next_due_on="2026-11-20",
    )  # fmt: skip

    kind: Annotated[str, schemas.OneOf(KINDS)]
    result: Annotated[str, schemas.OneOf(RESULTS)] = "seen"
    happened_at: AwareDatetime
    minutes: Annotated[StrictInt, Field(ge=1, le=1440)] | None = None
    seen: Annotated[list[SeenIn], Field(max_length=30)] = []
    words: schemas.Text20000
    child_words: schemas.Text20000 = ""
    next_step: schemas.Text300 = ""
    next_due_on: schemas.Day | None = None


class WordsIn(Schema):
    """A sentence or more."""

    model_config = taken(words="It was Tuesday, not Monday.")

    words: schemas.Text20000


class TaskOut(Schema):
    """A task, done or not."""

    id: UUID
    words: str
    owner: str
    due_on: date
    is_late: bool
    done_at: datetime | None
    done_words: str


class TaskIn(Schema):
    """Who does what by when: a post in the team around the child."""

    model_config = taken(words="Ring the school.", owner_id="0192f0c4-0000-7000-8000-000000000002", due_on="2026-11-20")

    words: schemas.Text300
    owner_id: UUID
    due_on: schemas.Day


class DoneIn(Schema):
    """How it was done."""

    model_config = taken(words="They will meet us on Friday.")

    words: schemas.Text300 = ""


class HelpOut(Schema):
    """Help that was given, one row for each thing delivered."""

    id: UUID
    service: str
    words: str
    delivered_by: str
    people: str
    starts_on: date
    ends_on: date | None
    hours: Decimal | None
    quantity: str


class HelpIn(Schema):
    """Help that was given to some of the people in the case. A number of something needs its unit."""

    model_config = taken(
        service="Parenting course", words="Six evenings about sleep", delivered_by="Testerfield Children’s Centre",
        starts_on="2026-10-05", ends_on="2026-11-09", hours="9", quantity="6", unit="evenings",
        people=["0192f0c4-0000-7000-8000-000000000001"],
    )  # fmt: skip

    service: schemas.Text120
    words: schemas.Text300
    delivered_by: schemas.Text120
    people: Several
    starts_on: schemas.Day
    ends_on: schemas.Day | None = None
    hours: Number | None = None
    quantity: Number | None = None
    unit: schemas.Text30 = ""


class EndIn(Schema):
    """When help ended, and the hours of it in all where they are known."""

    model_config = taken(ends_on="2026-11-09", hours="9")

    ends_on: schemas.Day
    hours: Number | None = None


_FILE = {
    "responses": {
        200: {
            "description": "The file, to keep.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILE_TYPES.values()},
        }
    }
}


def router(answers: Answers) -> Router:
    """The addresses under /cases of notes, tasks and help given."""
    found = Router(tags=["Notes, tasks and help given"])
    at = Addresses(found, answers)
    case = "/{uuid:case_id}"
    one = f"{case}/notes/{{uuid:note_id}}"
    at.reads(f"{case}/notes", NotesPage, _notes, "Notes of a case")
    at.writes(f"{case}/notes", NoteOut, _write, "Write a note")
    at.reads(one, NoteOut, _note, "One note")
    at.writes(f"{one}/corrections", NoteOut, _correct, "Correct a note")
    at.writes(f"{one}/files", NoteOut, _add_file, "Add a file to a note")
    at.reads(f"{one}/files/{{uuid:file_id}}", None, _file, "A file beside a note", openapi_extra=_FILE)
    at.reads(f"{case}/tasks", list[TaskOut], _tasks, "Tasks of a case")
    at.writes(f"{case}/tasks", TaskOut, _set_task, "Set a task")
    at.writes(f"{case}/tasks/{{uuid:task_id}}/done", TaskOut, _finish_task, "A task is done")
    at.reads(f"{case}/help", list[HelpOut], _help, "Help given in a case")
    at.writes(f"{case}/help", HelpOut, _record_help, "Record help given")
    at.writes(f"{case}/help/{{uuid:intervention_id}}/end", HelpOut, _end_help, "Help has ended")
    return found


# --- Notes.


def _notes(request: HttpRequest, case_id: UUID, page: Query[schemas.PageQuery]) -> dict[str, Any]:
    """The notes of a case, the newest first."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: case notes")
    shown, following = queries.notes_of(viewer, frame.row, after=page.after)
    return {"notes": [_out(each) for each in shown], "next": following}


def _note(request: HttpRequest, case_id: UUID, note_id: UUID) -> dict[str, Any]:
    """One note with what was added to it."""
    return _out(queries.note(viewer_of(request), case_id, note_id))


def _write(request: HttpRequest, case_id: UUID, sent: NoteIn) -> dict[str, Any]:
    """Write down a visit, a call or a note, by the rules of the page."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    said = sent.model_dump(exclude={"seen"})
    seen = {each.person_id: each.is_alone for each in sent.seen}
    written = services.write_note(case=case, seen=seen, **said, by=viewer, at=viewer.at)
    return _out(queries.note(viewer, case_id, written.pk))


def _correct(request: HttpRequest, case_id: UUID, note_id: UUID, sent: WordsIn) -> dict[str, Any]:
    """Add a correction; what was written stays above it."""
    viewer = viewer_of(request)
    row = queries.note_for_change(viewer, case_id, note_id)
    services.correct_note(written=row, words=sent.words, by=viewer, at=viewer.at)
    return _out(queries.note(viewer, case_id, note_id))


def _add_file(
    request: HttpRequest, case_id: UUID, note_id: UUID, file: File[UploadedFile | None] = None
) -> dict[str, Any]:
    """Add a file. What it is is seen by what is in it, whatever it is called."""
    viewer = viewer_of(request)
    row = queries.note_for_change(viewer, case_id, note_id)
    if file is None:
        raise Refused("Send the file as `file`.", rule="API-422", field="file")
    services.add_file(written=row, name=file.name or "file", content=file.read(), by=viewer, at=viewer.at)
    return _out(queries.note(viewer, case_id, note_id))


def _file(request: HttpRequest, case_id: UUID, note_id: UUID, file_id: UUID) -> HttpResponse:
    """A file, to keep. The read is recorded."""
    name, kind, content = queries.note_file(viewer_of(request), case_id, note_id, file_id)
    return attachment(content, kind, name)


def _out(shown: queries.NoteShown) -> dict[str, Any]:
    return shown.__dict__ | {name: [each.__dict__ for each in getattr(shown, name)] for name in _LISTS}


_LISTS = ("seen", "additions", "files")


# --- Tasks.


def _tasks(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """What is to be done, by its day, then the ten that were done last."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: tasks")
    return [each.__dict__ for each in queries.tasks_of(viewer, frame.row)]


def _set_task(request: HttpRequest, case_id: UUID, sent: TaskIn) -> dict[str, Any]:
    """Set a task for somebody in the team around the child."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    task = services.set_task(case=case, **sent.model_dump(), by=viewer, at=viewer.at)
    return queries.task_of(viewer, case_id, task.pk).__dict__


def _finish_task(request: HttpRequest, case_id: UUID, task_id: UUID, sent: DoneIn) -> dict[str, Any]:
    """Say that a task is done, and how."""
    viewer = viewer_of(request)
    task = queries.task_for_change(viewer, case_id, task_id)
    services.finish_task(task=task, words=sent.words, by=viewer, at=viewer.at)
    return queries.task_of(viewer, case_id, task_id).__dict__


# --- Help given.


def _help(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Help that was given, what goes on first; at most the newest 200."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: help given")
    return [each.__dict__ for each in queries.interventions_of(viewer, frame.row)]


def _record_help(request: HttpRequest, case_id: UUID, sent: HelpIn) -> dict[str, Any]:
    """Record help that was given."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    given = services.HelpGiven(**sent.model_dump(exclude={"people"}))
    row = services.record_intervention(case=case, given=given, people=sent.people, by=viewer, at=viewer.at)
    return queries.intervention_of(viewer, case_id, row.pk).__dict__


def _end_help(request: HttpRequest, case_id: UUID, intervention_id: UUID, sent: EndIn) -> dict[str, Any]:
    """Say that help has ended."""
    viewer = viewer_of(request)
    row = queries.intervention_for_change(viewer, case_id, intervention_id)
    services.end_intervention(intervention=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return queries.intervention_of(viewer, case_id, intervention_id).__dict__
