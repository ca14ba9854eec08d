"""Reading case notes, tasks and help given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.casework import noting
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import (
    Case,
    CaseMember,
    CaseNote,
    CaseTask,
    Intervention,
    NoteAddition,
    NoteFile,
    NoteSeen,
)
from joinedup.casework.permissions import CORRECT_NOTE, DO_TASK, END_INTERVENTION, SEE_OWN_TASKS, WRITE_VISITS
from joinedup.casework.queries.cases import PersonInCase, people_in
from joinedup.core.errors import NotVisible
from joinedup.core.keyset import cursor, read_cursor

PAGE = 30


@dataclass(frozen=True)
class AdditionShown:
    """A correction of a note, or why it was taken out."""

    words: str
    by: str
    at: datetime
    is_taking_out: bool


@dataclass(frozen=True)
class FileShown:
    """A file beside a note."""

    id: UUID
    name: str
    kind: str
    size: int
    is_there: bool


@dataclass(frozen=True)
class NoteShown:
    """A note with what was added to it."""

    id: UUID
    case_id: UUID
    kind: str
    kind_code: str
    result: str
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
    seen: tuple[noting.SeenInNote, ...]
    additions: tuple[AdditionShown, ...]
    files: tuple[FileShown, ...]
    is_out: bool
    is_destroyed: bool

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return self.kind if self.result_code == "seen" else f"{self.kind}: {self.result[0].lower()}{self.result[1:]}"

    @property
    def corrections(self) -> tuple[AdditionShown, ...]:
        """What was added to put it right."""
        return tuple(each for each in self.additions if not each.is_taking_out)

    def as_written(self, reference: str) -> noting.NoteAsWritten:
        """The note as it is handed on. One that was taken out hands nothing on but that."""
        if self.is_out or self.is_destroyed:
            raise NotVisible
        return noting.NoteAsWritten(
            case=reference,
            kind=self.kind,
            result=self.result,
            happened_at=self.happened_at,
            minutes=self.minutes,
            seen=self.seen,
            words=self.words,
            child_words=self.child_words,
            next_step=self.next_step,
            author=self.by,
            post=self.post,
            organisation=self.organisation,
            written_at=self.written_at,
            corrections=[(each.at, each.by, each.words) for each in self.corrections],
        )


@dataclass(frozen=True)
class TaskShown:
    """A task, done or not."""

    id: UUID
    case_id: UUID
    reference: str
    family: str
    words: str
    owner: str
    due_on: date
    is_late: bool
    is_mine: bool
    done_at: datetime | None
    done_words: str


@dataclass(frozen=True)
class HelpShown:
    """Help that was given."""

    id: UUID
    service: str
    words: str
    delivered_by: str
    people: str
    starts_on: date
    ends_on: date | None
    hours: Decimal | None
    quantity: str


@dataclass(frozen=True)
class VisitChoice:
    """A case of the viewer's in which a visit can be recorded, and the children in it."""

    case_id: UUID
    reference: str
    family: str
    children: tuple[PersonInCase, ...]
    is_led: bool


def notes_of(viewer: Actor, case: Case, *, after: str = "") -> tuple[list[NoteShown], str]:
    """A page of a case's notes, the newest first, and the cursor of the next ("" at the end). The caller has let the viewer
    in."""
    rows = CaseNote.objects.filter(case=case).select_related("post__account", "post__host")
    place = read_cursor(after, UUID)
    if place:
        rows = rows.filter(Q(happened_at__lt=place[0]) | Q(happened_at=place[0], pk__lt=place[1]))
    found = list(rows.order_by("-happened_at", "-pk")[: PAGE + 1])
    shown = _shown(viewer, found[:PAGE])
    return shown, cursor(shown[-1].happened_at, shown[-1].id) if len(found) > PAGE else ""


def note(viewer: Actor, case_id: UUID, note_id: UUID) -> NoteShown:
    """One note of a case that the viewer sees; the read is audited."""
    row = note_for_change(viewer, case_id, note_id)
    people = set(row.seen.values_list("person_id", flat=True))
    audit.record_read(viewer, subject=(CaseNote._meta.label_lower, str(row.pk)), people=people, purpose="case note")
    return _shown(viewer, [row])[0]


def note_for_change(viewer: Actor, case_id: UUID, note_id: UUID) -> CaseNote:
    """A note, to hand to a service."""
    rows = CaseNote.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=note_id)
    row = rows.select_related("case", "post__account", "post__host").first()
    if row is None:
        raise NotVisible
    return row


def _shown(viewer: Actor, rows: Sequence[CaseNote]) -> list[NoteShown]:
    ids = [row.pk for row in rows]
    seen: dict[UUID, list[noting.SeenInNote]] = {}
    for each in NoteSeen.objects.filter(note_id__in=ids).select_related("person").order_by("pk"):
        found = noting.SeenInNote(str(each.person), each.person.birth_date, each.is_alone, each.person_id)
        seen.setdefault(each.note_id, []).append(found)
    additions = list(NoteAddition.objects.filter(note_id__in=ids).order_by("added_at", "pk"))
    files: dict[UUID, list[FileShown]] = {}
    for file in NoteFile.objects.filter(note_id__in=ids).defer("content").order_by("added_at", "pk"):
        files.setdefault(file.note_id, []).append(FileShown(file.pk, file.name, file.kind, file.size, True))
    accounts = {row.written_by for row in rows} | {each.added_by for each in additions}
    names = names_of_accounts(viewer, {each for each in accounts if each})
    said: dict[UUID, list[AdditionShown]] = {}
    for each_addition in additions:
        by = names.get(each_addition.added_by, "") if each_addition.added_by else "Joinedup"
        said.setdefault(each_addition.note_id, []).append(
            AdditionShown(each_addition.words, by, each_addition.added_at, each_addition.is_taking_out)
        )
    return [_one(row, names, seen.get(row.pk, []), said.get(row.pk, []), files.get(row.pk, [])) for row in rows]


def _one(
    row: CaseNote,
    names: dict[UUID, str],
    seen: list[noting.SeenInNote],
    additions: list[AdditionShown],
    files: list[FileShown],
) -> NoteShown:
    is_out = row.taken_out_at is not None
    return NoteShown(
        id=row.pk,
        case_id=row.case_id,
        kind=noting.KINDS.get(row.kind, row.kind),
        kind_code=row.kind,
        result=noting.RESULTS.get(row.result, row.result),
        result_code=row.result,
        happened_at=row.happened_at,
        minutes=row.minutes,
        words="" if is_out else row.words,
        child_words="" if is_out else row.child_words,
        next_step="" if is_out else row.next_step,
        by=names.get(row.written_by, "") if row.written_by else "Joinedup",
        post=row.post.title if row.post else "",
        organisation=row.post.host.name if row.post else "",
        written_at=row.written_at,
        seen=() if is_out else tuple(seen),
        additions=tuple(additions),
        files=() if is_out or row.destroyed_at else tuple(files),
        is_out=is_out,
        is_destroyed=row.destroyed_at is not None,
    )


def note_file(viewer: Actor, case_id: UUID, note_id: UUID, file_id: UUID) -> tuple[str, str, bytes]:
    """A file beside a note, to download: its name, its type and what is in it. The read is audited."""
    row = note_for_change(viewer, case_id, note_id)
    file = NoteFile.objects.filter(note=row, pk=file_id, content__isnull=False).first()
    if file is None or file.content is None or row.taken_out_at is not None:
        raise NotVisible
    people = set(row.seen.values_list("person_id", flat=True))
    audit.record_read(viewer, subject=(NoteFile._meta.label_lower, str(file.pk)), people=people, purpose="case note")
    return file.name, noting.FILE_TYPES[file.kind], bytes(file.content)


def may_correct(viewer: Actor, row: CaseNote) -> bool:
    """Whether the viewer may add to a note."""
    return row.taken_out_at is None and row.destroyed_at is None and can(viewer, CORRECT_NOTE, row)


def visit_choices(viewer: Actor) -> list[VisitChoice]:
    """The open cases the viewer could have visited, those they lead first; the read is audited."""
    if not can(viewer, WRITE_VISITS):
        raise NotVisible
    held = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post_id__in=viewer.post_ids)
    rows = Case.objects.visible_to(viewer).exclude(state=CaseState.CLOSED).filter(pk__in=held.values("case_id"))
    found = list(rows.select_related("family").order_by("-opened_at", "-pk")[:60])
    people = people_in([row.pk for row in found])
    audit.record_read(
        viewer,
        subject=(Case._meta.label_lower, "list"),
        people={each.person_id for several in people.values() for each in several},
        purpose="record a visit",
        search=True,
    )
    choices = [
        VisitChoice(
            row.pk,
            row.reference,
            row.family.name,
            tuple(each for each in people.get(row.pk, []) if each.part == "child"),
            row.lead_professional_id in viewer.post_ids,
        )
        for row in found
    ]
    return sorted(choices, key=lambda choice: not choice.is_led)


# --- Tasks.


def tasks_of(viewer: Actor, case: Case) -> list[TaskShown]:
    """A case's tasks: those to do by their day, then those done lately. The caller has let the viewer in."""
    rows = CaseTask.objects.filter(case=case).select_related("case__family", "owner__account")
    to_do = list(rows.filter(done_at__isnull=True).order_by("due_on", "pk")[:100])
    done = list(rows.filter(done_at__isnull=False).order_by("-done_at", "-pk")[:10])
    return [_task(viewer, row) for row in (*to_do, *done)]


def my_tasks(viewer: Actor) -> list[TaskShown]:
    """What the viewer undertook and has not done, by its day, in cases they see; the read is audited."""
    if not can(viewer, SEE_OWN_TASKS):
        raise NotVisible
    rows = CaseTask.objects.filter(owner_id__in=viewer.post_ids, done_at__isnull=True)
    rows = rows.filter(case__in=Case.objects.visible_to(viewer)).select_related("case__family", "owner__account")
    found = list(rows.order_by("due_on", "pk")[:200])
    people = people_in(list({row.case_id for row in found}))
    audit.record_read(
        viewer,
        subject=(CaseTask._meta.label_lower, "list"),
        people={each.person_id for several in people.values() for each in several},
        purpose="own tasks",
        search=True,
    )
    return [_task(viewer, row) for row in found]


def _task(viewer: Actor, row: CaseTask) -> TaskShown:
    return TaskShown(
        id=row.pk,
        case_id=row.case_id,
        reference=row.case.reference,
        family=row.case.family.name,
        words=row.words,
        owner=f"{row.owner.account.name}, {row.owner.title}",
        due_on=row.due_on,
        is_late=row.done_at is None and row.due_on < timezone.localdate(viewer.at),
        is_mine=row.owner_id in viewer.post_ids,
        done_at=row.done_at,
        done_words=row.done_words,
    )


def task_of(viewer: Actor, case_id: UUID, task_id: UUID) -> TaskShown:
    """One task of a case that the viewer sees; the read is audited."""
    row = task_for_change(viewer, case_id, task_id)
    _audit_one(viewer, row.case_id, (CaseTask._meta.label_lower, str(row.pk)), "task")
    return _task(viewer, row)


def _audit_one(viewer: Actor, case_id: UUID, subject: tuple[str, str], purpose: str) -> None:
    people = {each.person_id for each in people_in([case_id]).get(case_id, [])}
    audit.record_read(viewer, subject=subject, people=people, purpose=purpose)


def task_for_change(viewer: Actor, case_id: UUID, task_id: UUID) -> CaseTask:
    """A task, to hand to a service."""
    rows = CaseTask.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=task_id)
    row = rows.select_related("case__family", "owner__account").first()
    if row is None:
        raise NotVisible
    return row


def may_do_task(viewer: Actor, row: CaseTask) -> bool:
    """Whether the viewer may say that a task is done."""
    return row.done_at is None and can(viewer, DO_TASK, row)


def owners_of(viewer: Actor, case: Case) -> list[tuple[UUID, str]]:
    """Whose a task can be: everybody in the team around the child."""
    held = CaseMember.objects.filter(CaseMember.held_at(viewer.at), case=case).select_related("post__account")
    found = [
        (each.post_id, f"{each.post.account.name}, {each.post.title}") for each in held.order_by("joined_at", "pk")
    ]
    mine = [
        (standing.source_id, f"{viewer.name}, {standing.title}")
        for standing in viewer.standings
        if standing.source_id not in {post_id for post_id, _ in found}
    ]
    return found + mine[:1]


# --- Help given.


def interventions_of(viewer: Actor, case: Case) -> list[HelpShown]:
    """Help that was given in a case, what goes on first. The caller has let the viewer in."""
    rows = (
        Intervention.objects.filter(case=case, taken_back_at__isnull=True)
        .prefetch_related("people__person")
        .order_by("-starts_on", "-pk")[:200]
    )
    return sorted((_help(row) for row in rows), key=lambda each: each.ends_on is not None)


def intervention_of(viewer: Actor, case_id: UUID, intervention_id: UUID) -> HelpShown:
    """Help that was given in a case that the viewer sees; the read is audited."""
    row = intervention_for_change(viewer, case_id, intervention_id)
    _audit_one(viewer, row.case_id, (Intervention._meta.label_lower, str(row.pk)), "help given")
    return _help(row)


def _help(row: Intervention) -> HelpShown:
    return HelpShown(
        id=row.pk,
        service=row.service,
        words=row.words,
        delivered_by=row.delivered_by,
        people=", ".join(str(each.person) for each in row.people.all()),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        hours=row.hours,
        quantity=noting.quantity_words(row.quantity, row.unit),
    )


def intervention_for_change(viewer: Actor, case_id: UUID, intervention_id: UUID) -> Intervention:
    """Help that was given, to hand to a service."""
    rows = Intervention.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=intervention_id)
    row = rows.select_related("case").first()
    if row is None:
        raise NotVisible
    return row


def may_end(viewer: Actor, row: Intervention) -> bool:
    """Whether the viewer may say that this help has ended."""
    return row.ends_on is None and can(viewer, END_INTERVENTION, row)
