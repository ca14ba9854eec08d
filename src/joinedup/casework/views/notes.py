"""Pages of case notes and visits, tasks, and help that was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can
from joinedup.casework import noting, queries
from joinedup.casework.forms.notes import (
    CorrectionForm,
    InterventionEndForm,
    InterventionForm,
    NoteFileForm,
    NoteForm,
    TaskDoneForm,
    TaskForm,
)
from joinedup.casework.note_document import note_document
from joinedup.casework.permissions import CORRECT_NOTE, DO_TASK, END_INTERVENTION, WRITE_NOTE
from joinedup.casework.queries import notes as reading
from joinedup.casework.queries.audits import audits_of_case
from joinedup.casework.queries.supervision import supervised_of_case
from joinedup.casework.services.interventions import HelpGiven, end_intervention, record_intervention
from joinedup.casework.services.notes import add_file, correct_note, write_note
from joinedup.casework.services.tasks import finish_task, set_task
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, frame_to, question, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import attachment, download
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import london
from joinedup.core.forms import Form

_CASES = all_at_once(queries.cases_shown)


def _of_case(name: str) -> Any:
    return lambda about: reverse(name, kwargs={"case_id": about})


NOTE = declare_form("casework.note", "Visit or case note", _of_case("case_note_new"), shown=_CASES)
TASK = declare_form("casework.task", "Task", _of_case("case_task_new"), shown=_CASES)
HELP = declare_form("casework.intervention", "Help given", _of_case("case_intervention_new"), shown=_CASES)
CORRECTION = declare_form(
    "casework.note_correction",
    "Correction of a case note",
    lambda about: reverse("case_note_correct", kwargs=dict(zip(("case_id", "note_id"), ids_in(about), strict=True))),
    shown=_CASES,
)


@login_required
@require_safe
def visit_choose(request: HttpRequest) -> HttpResponse:
    """Whom did you visit? One press opens the form with that child in it."""
    choices = reading.visit_choices(viewer_of(request))
    return render(request, "casework/visit_choose.jinja", {"choices": choices})


@login_required
@require_safe
def notes(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case's notes, tasks and help given."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="case notes")
    shown, following = reading.notes_of(viewer, frame.row, after=request.GET.get("after", ""))
    query = QueryDict(mutable=True)
    query["after"] = following
    return case_page(
        request,
        "casework/notes.jinja",
        frame,
        tab="case_notes",
        notes=shown,
        next_href=f"?{query.urlencode()}" if following else "",
        tasks=reading.tasks_of(viewer, frame.row),
        interventions=reading.interventions_of(viewer, frame.row),
        supervised=supervised_of_case(viewer, frame),
        audited=audits_of_case(viewer, frame),
        has_budget=queries.holds_family_budget(viewer, frame),
        may_write=frame.is_open and can(viewer, WRITE_NOTE, frame.row),
    )


@login_required
@require_http_methods(GET_OR_POST)
def note_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record a visit, a call or a note. Today, now and the child who was chosen are filled in."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, WRITE_NOTE)
    now = london(viewer.at)
    chosen = request.GET.get("seen", "")
    desk = Desk(request, NOTE, str(case_id))
    form = NoteForm(
        **desk.answers(),
        people=[(str(each.person_id), each.name) for each in frame.people],
        children=[(str(each.person_id), each.name) for each in frame.children],
        today=now.date(),
        initial={
            "kind": "visit",
            "result": "seen",
            "seen": [chosen] if frame.person(chosen) else [],
            "happened_on": now.date(),
            "happened_time": f"{now:%H:%M}",
        },
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        alone = set(clean.get("alone") or [])
        seen = {UUID(each): each in alone for each in {*clean["seen"], *alone}}
        written = attempt(
            form,
            lambda: write_note(
                case=frame.row,
                kind=clean["kind"],
                result=clean["result"],
                happened_at=timezone.make_aware(datetime.combine(clean["happened_on"], clean["happened_time"])),
                minutes=clean["minutes"],
                seen=seen,
                words=clean["words"],
                child_words=clean["child_words"],
                next_step=clean["next_step"],
                next_due_on=clean["next_due_on"],
                by=viewer,
                at=viewer.at,
            ),
        )
        if written is not None:
            desk.done()
            return done(
                request, "case_note", f"{noting.KINDS[written.kind]} recorded.", case_id=case_id, note_id=written.pk
            )
    back = reverse("case_notes", args=[case_id])
    return question(
        request, frame, form, "Record a visit, call or note", submit_text="Save", desk=desk, back_href=back,
        back_text="Back to the notes",
    )  # fmt: skip


@login_required
@require_safe
def note(request: HttpRequest, case_id: UUID, note_id: UUID) -> HttpResponse:
    """One note with what was added to it."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="case note")
    shown = reading.note(viewer, case_id, note_id)
    may = reading.may_correct(viewer, reading.note_for_change(viewer, case_id, note_id))
    return case_page(
        request, "casework/note.jinja", frame, tab="case_notes", note=shown, may_correct=may, file_form=NoteFileForm()
    )


@login_required
@require_http_methods(GET_OR_POST)
def note_correct(request: HttpRequest, case_id: UUID, note_id: UUID) -> HttpResponse:
    """Correct a note by adding to it."""
    viewer = viewer_of(request)
    row = reading.note_for_change(viewer, case_id, note_id)
    _may(reading.may_correct(viewer, row), CORRECT_NOTE.name)
    frame = queries.case_frame(viewer, case_id, purpose="case note")
    desk = Desk(request, CORRECTION, about_of(case_id, note_id))
    form = CorrectionForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: correct_note(written=row, words=words, by=viewer, at=viewer.at)):
            desk.done()
            return done(request, "case_note", "The correction is added.", case_id=case_id, note_id=note_id)
    back = reverse("case_note", args=[case_id, note_id])
    return question(
        request, frame, form, "Correct this note", submit_text="Add the correction", desk=desk, back_href=back,
        back_text="Back to the note",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def note_file_add(request: HttpRequest, case_id: UUID, note_id: UUID) -> HttpResponse:
    """Add a file to a note."""
    viewer = viewer_of(request)
    row = reading.note_for_change(viewer, case_id, note_id)
    _may(reading.may_correct(viewer, row), CORRECT_NOTE.name)
    frame = queries.case_frame(viewer, case_id, purpose="case note")
    form = NoteFileForm(request.POST, request.FILES) if request.method == "POST" else NoteFileForm()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        added = attempt(
            form,
            lambda: add_file(written=row, name=sent.name, content=sent.read(), by=viewer, at=viewer.at),
        )
        if added is not None:
            return done(request, "case_note", "The file is added.", case_id=case_id, note_id=note_id)
    back = reverse("case_note", args=[case_id, note_id])
    return question(
        request, frame, form, "Add a file", submit_text="Add", back_href=back, back_text="Back to the note",
    )  # fmt: skip


@login_required
@require_safe
def note_file(request: HttpRequest, case_id: UUID, note_id: UUID, file_id: UUID) -> HttpResponse:
    """A file to keep. It is never shown in the site's own window."""
    name, kind, content = reading.note_file(viewer_of(request), case_id, note_id, file_id)
    return attachment(content, kind, name)


_TEXTS = {"txt": "text/plain; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}


@login_required
@require_safe
def note_export(request: HttpRequest, case_id: UUID, note_id: UUID, form: str) -> HttpResponse:
    """A note for another agency's own system, or to print."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="case note handed on")
    written = reading.note(viewer, case_id, note_id).as_written(frame.reference)
    name = f"note-{frame.reference}-{london(written.happened_at):%Y-%m-%d}"
    if form in {"pdf", "docx"}:
        return download(note_document(written, viewer), form, name)
    if form == "page":
        document = note_document(written, viewer)
        return render(request, "casework/document.jinja", {"document": document, "frame": frame})
    if form not in _TEXTS:
        raise Http404
    make: dict[str, Callable[[noting.NoteAsWritten], str]] = {
        "txt": noting.as_text,
        "json": noting.as_json,
        "csv": lambda note: noting.as_csv([note]),
    }
    made = make[form](written)
    return attachment(made, _TEXTS[form], f"{name}.{form}")


@login_required
@require_safe
def my_tasks(request: HttpRequest) -> HttpResponse:
    """What the viewer undertook to do."""
    return render(request, "casework/my_tasks.jinja", {"tasks": reading.my_tasks(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def task_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Set a task."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, WRITE_NOTE)
    desk = Desk(request, TASK, str(case_id))
    owners = [(str(post_id), name) for post_id, name in reading.owners_of(viewer, frame.row)]
    mine = next((post_id for post_id, _ in owners if uuid_of(post_id) in viewer.post_ids), "")
    form = TaskForm(**desk.answers(), owners=owners, today=london(viewer.at).date(), initial={"owner": mine})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        task = attempt(
            form,
            lambda: set_task(
                case=frame.row, words=clean["words"], owner_id=UUID(clean["owner"]), due_on=clean["due_on"], by=viewer,
                at=viewer.at,
            ),
        )  # fmt: skip
        if task is not None:
            desk.done()
            return done(request, "case_notes", "The task is set.", case_id=case_id)
    return _beside_notes(request, frame, form, "Set a task", desk)


@login_required
@require_http_methods(GET_OR_POST)
def task_done(request: HttpRequest, case_id: UUID, task_id: UUID) -> HttpResponse:
    """Say that a task is done."""
    viewer = viewer_of(request)
    task = reading.task_for_change(viewer, case_id, task_id)
    _may(reading.may_do_task(viewer, task), DO_TASK.name)
    frame = queries.case_frame(viewer, case_id, purpose="casework")
    form = TaskDoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if attempt(form, lambda: finish_task(task=task, words=words, by=viewer, at=viewer.at)):
            return done(request, "case_notes", "The task is done.", case_id=case_id)
    return _beside_notes(request, frame, form, "This task is done", None, intro=task.words)


@login_required
@require_http_methods(GET_OR_POST)
def intervention_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record help that was given."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, WRITE_NOTE)
    desk = Desk(request, HELP, str(case_id))
    form = InterventionForm(
        **desk.answers(),
        people=[(str(each.person_id), each.name) for each in frame.people],
        today=london(viewer.at).date(),
        services=queries.services_used(viewer, case_id),
        initial={"people": [str(each.person_id) for each in frame.children], "delivered_by": viewer.name},
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        fields = ("service", "words", "delivered_by", "starts_on", "ends_on", "hours", "quantity", "unit")
        given = HelpGiven(**{name: clean[name] for name in fields})
        people = [UUID(each) for each in clean["people"]]
        if attempt(
            form,
            lambda: record_intervention(case=frame.row, given=given, people=people, by=viewer, at=viewer.at),
        ):
            desk.done()
            return done(request, "case_notes", "The help given is recorded.", case_id=case_id)
    return _beside_notes(request, frame, form, "Record help given", desk)


@login_required
@require_http_methods(GET_OR_POST)
def intervention_end(request: HttpRequest, case_id: UUID, intervention_id: UUID) -> HttpResponse:
    """Say that help has ended."""
    viewer = viewer_of(request)
    row = reading.intervention_for_change(viewer, case_id, intervention_id)
    _may(reading.may_end(viewer, row), END_INTERVENTION.name)
    frame = queries.case_frame(viewer, case_id, purpose="casework")
    today = london(viewer.at).date()
    form = InterventionEndForm(
        request.POST if request.method == "POST" else None, today=today, initial={"ends_on": today}
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        if attempt(
            form,
            lambda: end_intervention(
                intervention=row, ends_on=clean["ends_on"], hours=clean["hours"], by=viewer, at=viewer.at
            ),
        ):
            return done(request, "case_notes", "The help has ended.", case_id=case_id)
    return _beside_notes(request, frame, form, "This help has ended", None, intro=f"{row.service}: {row.words}")


def _may(is_allowed: bool, permission: str) -> None:
    if not is_allowed:
        raise NotPermitted("You may not do that with this case as it is now.", rule=f"permission:{permission}")


def _beside_notes(
    request: HttpRequest, frame: queries.CaseFrame, form: Form, title: str, desk: Desk | None, **more: Any
) -> HttpResponse:
    back = reverse("case_notes", args=[frame.id])
    return question(
        request,
        frame,
        form,
        title,
        submit_text="Save",
        desk=desk,
        back_href=back,
        back_text="Back to the notes",
        **more,
    )
