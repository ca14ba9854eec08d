"""What somebody undertook or was asked for themselves, in numbers, for the first page: one statement for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, Q, QuerySet, Value
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.models import Case, CaseAudit, CaseTask, Supervision
from joinedup.casework.permissions import READ_AUDITS, READ_SUPERVISIONS, SEE_OWN_TASKS


@dataclass(frozen=True)
class OwnWork:
    """Tasks to do and those of them that are late, supervisions that wait for the viewer's own answer, and audits and second
    looks they were asked to do."""

    tasks: int = 0
    late_tasks: int = 0
    supervisions: int = 0
    audits: int = 0


def own_work(viewer: Actor) -> OwnWork:
    """All of it at once; nobody is named."""
    if viewer.account_id is None or not viewer.post_ids:
        return OwnWork()
    asked = [_tasks(viewer)] if can(viewer, SEE_OWN_TASKS) else []
    asked += [_supervisions(viewer.account_id)] if can(viewer, READ_SUPERVISIONS) else []
    asked += [_audits(viewer)] if can(viewer, READ_AUDITS) else []
    if not asked:
        return OwnWork()
    found = list(asked[0].union(*asked[1:], all=True))
    kinds = [kind for kind, _ in found]
    on = timezone.localdate(viewer.at)
    late = sum(day is not None and day < on for _, day in found)
    return OwnWork(kinds.count("task"), late, kinds.count("supervision"), kinds.count("audit"))


def _named(rows: QuerySet[Any], kind: str, day: Any) -> QuerySet[Any]:
    return rows.order_by().values_list(Value(kind), day)


def _tasks(viewer: Actor) -> QuerySet[Any]:
    rows = CaseTask.objects.filter(owner_id__in=viewer.post_ids, done_at__isnull=True)
    return _named(rows.filter(case__in=Case.objects.visible_to(viewer)), "task", F("due_on"))


def _supervisions(account_id: UUID) -> QuerySet[Any]:
    rows = Supervision.objects.filter(worker__account_id=account_id, answer="")
    return _named(rows, "supervision", Value(None, output_field=DateField()))


def _audits(viewer: Actor) -> QuerySet[Any]:
    mine = Q(auditor_id__in=viewer.post_ids, done_at__isnull=True)
    again = Q(second_id__in=viewer.post_ids, second_at__isnull=True)
    return _named(CaseAudit.objects.filter(mine | again), "audit", Value(None, output_field=DateField()))
