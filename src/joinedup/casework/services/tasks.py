"""Tasks that somebody undertakes for a family, apart from the plan's actions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.models import Case, CaseMember, CaseNote, CaseTask
from joinedup.casework.permissions import DO_TASK, WRITE_NOTE
from joinedup.casework.services.steps import lock, lock_open


@service(WRITE_NOTE, on="case")
def set_task(
    *, case: Case, words: str, owner_id: UUID, due_on: date, written: CaseNote | None = None, by: Actor, at: datetime
) -> CaseTask:
    """Set a task for somebody in the team around the child, or for the one who sets it."""
    lock_open(case)
    if not words.strip():
        raise rules.TASK_SAID.refused()
    if due_on < timezone.localdate(at):
        raise rules.TASK_DUE.refused()
    held = CaseMember.objects.filter(CaseMember.held_at(at), case=case, post_id=owner_id)
    if owner_id not in by.post_ids and not held.exists():
        raise rules.TASK_OWNER.refused()
    task = CaseTask.objects.create(
        case=case,
        note=written,
        words=words.strip()[:300],
        owner_id=owner_id,
        due_on=due_on,
        set_by=by.account_id,
        set_at=at,
    )
    note(changed=("tasks",), subject=task)
    return task


@service(DO_TASK, on="task")
def finish_task(*, task: CaseTask, words: str, by: Actor, at: datetime) -> CaseTask:
    """Say that a task is done, and how."""
    lock(task)
    if task.done_at is not None:
        raise rules.TASK_DONE_ALREADY.refused()
    task.done_at, task.done_by, task.done_words = at, by.account_id, words.strip()[:300]
    task.save(update_fields=["done_at", "done_by", "done_words"])
    note(changed=("done_at",))
    return task
