"""Writing down a supervision, saying whether one agrees, putting something right beside it, and making its actions tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.answering import ANSWER_FOR_TEAM
from joinedup.casework.events import SUPERVISED
from joinedup.casework.meeting import next_review_by, review_in_time
from joinedup.casework.models import Case, CaseTask, Supervision, SupervisionAddition, SupervisionCase
from joinedup.casework.permissions import ANSWER_SUPERVISION, CORRECT_SUPERVISION, SUPERVISE, WRITE_NOTE
from joinedup.casework.queries.supervision import cases_to_discuss
from joinedup.casework.services.steps import chronicle, lock
from joinedup.casework.services.tasks import set_task
from joinedup.casework.settings import supervision_weeks
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import post_with_id

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class CaseTalkedAbout:
    """What was said about one family: what they thought about, what was decided, and who of the two does what by when."""

    case_id: UUID
    reflection: str
    decision: str
    action: str = ""
    owner: str = ""  # worker, manager
    due_on: date | None = None


@dataclass(frozen=True)
class SupervisionSaid:
    """What a supervision was about. Wellbeing and development are between the two of them."""

    held_on: date
    discussed: str
    wellbeing: str = ""
    development: str = ""
    next_on: date | None = None
    cases: Sequence[CaseTalkedAbout] = ()


@service(SUPERVISE, on="worker")
def write_supervision(*, worker: Post, said: SupervisionSaid, by: Actor, at: datetime) -> Supervision:
    """Write down a supervision. From then on nothing in it changes; the worker says whether they agree. The next one is by
    the day chosen, or as late as the partnership allows (CW-503). What was said of a family stands in its case."""
    on = timezone.localdate(at)
    manager = _own_post(by, worker)
    _refuse(said, on)
    held = Supervision.objects.create(
        worker=worker,
        manager=manager,
        held_on=said.held_on,
        discussed=said.discussed.strip(),
        wellbeing=said.wellbeing.strip(),
        development=said.development.strip(),
        next_on=said.next_on or next_review_by(said.held_on, supervision_weeks(on)),
        written_at=at,
        written_by=by.account_id,
    )
    cases = {row.pk: row for row in cases_to_discuss(by, worker)}
    for each in said.cases:
        case = cases.get(each.case_id)
        if case is None:
            raise rules.CASE_TALKED_ABOUT.refused()
        _write_case(held, case, each, on)
        chronicle(SUPERVISED, case, by=by, at=at)
    owe_message(
        to=worker.account.email,
        subject="Your supervision is written down",
        body=f"{by.name} has written down your supervision of {date_long(said.held_on)}. Sign in to Joinedup to read it and to "
        "say whether you agree.",
        about=("casework.supervision", str(held.pk)),
        at=at,
    )
    note(changed=("supervision",), subject=held)
    return held


def _own_post(by: Actor, worker: Post) -> Post:
    """In which of their posts the manager supervises: as the supervisor who is named, else as the team's manager."""
    if worker.account_id == by.account_id:
        raise rules.OWN_SUPERVISION.refused()
    named = [each for each in (worker.line_supervisor_id, worker.clinical_supervisor_id) if each in by.post_ids]
    managed = [
        each.source_id for each in by.standings if each.role in ANSWER_FOR_TEAM and each.team_id == worker.team_id
    ]
    post_id = next((each for each in [*named, *managed] if each), None)
    if post_id is None:  # the program itself, or a post that ended this minute
        raise NotPermitted("You do not supervise them.", rule=f"permission:{SUPERVISE.name}")
    return post_with_id(by, post_id)


def _refuse(said: SupervisionSaid, on: date) -> None:
    weeks = supervision_weeks(on)
    if said.held_on > on:
        raise rules.SUPERVISION_IS_PAST.refused()
    if not said.discussed.strip():
        raise rules.SUPERVISION_SAID.refused()
    if said.next_on is not None and not review_in_time(said.held_on, said.next_on, weeks):
        latest = next_review_by(said.held_on, weeks)
        raise rules.SUPERVISION_IN_TIME.refused(weeks=weeks, day=date_long(latest))


def _write_case(held: Supervision, case: Case, said: CaseTalkedAbout, on: date) -> None:
    if not said.reflection.strip() or not said.decision.strip():
        raise rules.CASE_TALKED_ABOUT.refused()
    action = said.action.strip()[:300]
    owner_id = {"worker": held.worker_id, "manager": held.manager_id}.get(said.owner)
    if action and (owner_id is None or said.due_on is None or said.due_on < on):
        raise rules.SUPERVISION_ACTION.refused()
    SupervisionCase.objects.create(
        supervision=held,
        case=case,
        reflection=said.reflection.strip(),
        decision=said.decision.strip(),
        action=action,
        owner_id=owner_id if action else None,
        due_on=said.due_on if action else None,
    )


@service(ANSWER_SUPERVISION, on="supervision")
def answer_supervision(
    *, supervision: Supervision, agrees: bool, words: str, version: int, by: Actor, at: datetime
) -> Supervision:
    """The worker agrees, or says in their own words where they see it differently (CW-508). Once (CW-507)."""
    lock(supervision)
    if supervision.answer:
        raise rules.SUPERVISION_ANSWERED.refused()
    if not agrees and not words.strip():
        raise rules.SUPERVISION_DIFFERS.refused()
    claim_version(supervision, version)
    supervision.answer, supervision.answer_words = "agreed" if agrees else "differs", words.strip()
    supervision.answered_at = at
    supervision.save(update_fields=["answer", "answer_words", "answered_at"])
    if not agrees:
        owe_message(
            to=supervision.manager.account.email,
            subject="A supervision is seen differently",
            body=f"{by.name} sees the supervision of {date_long(supervision.held_on)} differently. Sign in to Joinedup to read how.",
            about=("casework.supervision", str(supervision.pk)),
            at=at,
        )
    note(changed=("answer",))
    return supervision


@service(CORRECT_SUPERVISION, on="supervision")
def add_to_supervision(*, supervision: Supervision, words: str, by: Actor, at: datetime) -> SupervisionAddition:
    """Put something right beside a supervision. What was written stays."""
    if not words.strip():
        raise rules.CORRECTION_OF_SUPERVISION.refused()
    note(changed=("additions",))
    return SupervisionAddition.objects.create(
        supervision=supervision, words=words.strip(), added_by=by.account_id, added_at=at
    )


@service(WRITE_NOTE, on="case")
def make_task_of_supervision(*, case: Case, part: SupervisionCase, by: Actor, at: datetime) -> CaseTask:
    """Make what was to be done for a family a task in its case; once (CW-509)."""
    lock(part)
    if part.task_id is not None or part.owner_id is None or part.due_on is None:
        raise rules.TASK_MADE_ALREADY.refused()
    due_on = max(part.due_on, timezone.localdate(at))
    task = set_task(case=case, words=part.action, owner_id=part.owner_id, due_on=due_on, by=by, at=at)
    claim_version(part, part.version)
    part.task = task
    part.save(update_fields=["task"])
    return task
