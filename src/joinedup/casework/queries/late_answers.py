"""Answers that have not come by their time and that nobody was told of yet: to a step, of a stage of a disagreement, after a
withdrawal of agreement, and whether a change has lasted. Read by the program, which tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework.lifecycle import StepState
from joinedup.casework.models import Case, Disagreement, LateAnswerChased, Step, SustainedCheck
from joinedup.casework.permissions import CHASE_LATE_ANSWER
from joinedup.information_sharing.queries import late_decisions

_MOST = 100
_ASKED = [StepState.WAITING.value, StepState.ASKED_AGAIN.value]


@dataclass(frozen=True)
class LateAnswer:
    """What nobody has answered by its time. `about_id` is the step, the stage, the withdrawal or the check, as `kind` says."""

    kind: str
    about_id: UUID
    case_id: UUID
    due_at: datetime


def late_answers(viewer: Actor, kind: str) -> list[LateAnswer]:
    """Late answers of a kind that nobody was told of, at most a hundred, the longest late first. At most three statements."""
    check(viewer, CHASE_LATE_ANSWER)
    return _READ[kind](viewer)


def _steps(viewer: Actor) -> list[LateAnswer]:
    at = viewer.at
    told = LateAnswerChased.objects.filter(kind="step", about_id=OuterRef("pk"), due_at=OuterRef("answer_by"))
    rows = Step.objects.filter(~Exists(told), state__in=_ASKED, answer_by__lt=at).order_by("answer_by", "pk")
    return [LateAnswer("step", row.pk, row.case_id, row.answer_by) for row in rows[:_MOST]]


def _stages(viewer: Actor) -> list[LateAnswer]:
    at = viewer.at
    told = LateAnswerChased.objects.filter(kind="stage", about_id=OuterRef("pk"), due_at=OuterRef("due_at"))
    rows = Disagreement.objects.filter(~Exists(told), ended_at__isnull=True, due_at__lt=at).select_related("step")
    return [LateAnswer("stage", row.pk, row.step.case_id, row.due_at) for row in rows.order_by("due_at", "pk")[:_MOST]]


def _withdrawals(viewer: Actor) -> list[LateAnswer]:
    """Of open cases: in a closed one there is nothing left to decide."""
    late = late_decisions(viewer, Case._meta.label_lower)
    if not late:
        return []
    told = set(
        LateAnswerChased.objects.filter(kind="withdrawal", about_id__in=[each[0] for each in late])
        .values_list("about_id", flat=True)
    )  # fmt: skip
    cases = set(Case.objects.open().filter(pk__in={each[1] for each in late}).values_list("pk", flat=True))
    found = [LateAnswer("withdrawal", pk, UUID(matter), due_at) for pk, matter, due_at in late if pk not in told]
    return [each for each in found if each.case_id in cases][:_MOST]


def _checks(viewer: Actor) -> list[LateAnswer]:
    """From the day itself on: until then it is too early to ask, and nobody has been told that the day comes."""
    told = LateAnswerChased.objects.filter(kind="check", about_id=OuterRef("pk"))
    rows = SustainedCheck.objects.filter(~Exists(told), result="", due_on__lte=timezone.localdate(viewer.at))
    return [
        LateAnswer("check", row.pk, row.closure.case_id, timezone.make_aware(datetime.combine(row.due_on, time.min)))
        for row in rows.select_related("closure").order_by("due_on", "pk")[:_MOST]
    ]


_READ = {"step": _steps, "stage": _stages, "withdrawal": _withdrawals, "check": _checks}
LATE_KINDS = tuple(_READ)
