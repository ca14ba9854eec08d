"""What is due next in a case, for its first page: what waits for somebody, then what has a day, the earliest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.lifecycle import ENDED_ACTIONS, LIVE_STEPS, PlanState, StepState
from joinedup.casework.models import CaseTask, Disagreement, Plan, PlanAction, Step
from joinedup.casework.permissions import DO_TASK, WRITE_PLAN
from joinedup.casework.queries.consents import subject_of_case
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.meetings import ActionSeen, MeetingRow
from joinedup.casework.queries.team import HandoverSeen
from joinedup.core.formats import date_long, london, time_short
from joinedup.information_sharing.queries import withdrawals_waiting

_MOST = 20
_FIRST = 10


@dataclass(frozen=True)
class DueNext:
    """One thing that is due: what, whose it is, and by when where it has a day. `page` with `where` is the address at which
    it is done or seen, and `todo` the words that lead there."""

    words: str
    who: str = ""
    on: date | None = None
    is_overdue: bool = False
    todo: str = ""
    page: str = ""
    where: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class AllDue:
    """What a case's first page says is due: the first ten, and whether there is more."""

    first: tuple[DueNext, ...]
    has_more: bool


def due_next(
    viewer: Actor,
    frame: CaseFrame,
    *,
    offer: HandoverSeen | None,
    meeting: MeetingRow | None,
    actions: Iterable[ActionSeen],
) -> AllDue:
    """Everything that is due in a case whose head, team and meetings the viewer has been shown: what waits for somebody's
    answer, reviews and meetings, what was undertaken at meetings, in the plan, or as a task. Five statements, however much
    it is; a sixth where teams disagree."""
    if not frame.is_open:
        return AllDue((), has_more=False)
    on = london(viewer.at).date()
    found = [
        *_lead(frame, offer),
        *_withdrawals(viewer, frame, on),
        *_step(viewer, frame, on),
        *_meeting(frame, meeting),
        *_review(frame, meeting),
        *_undertaken(frame, actions),
        *_in_plan(viewer, frame, on),
        *_tasks(viewer, frame, on),
    ]
    ordered = sorted(found, key=lambda each: (each.on is not None, not each.is_overdue, each.on or on))
    return AllDue(tuple(ordered[:_FIRST]), has_more=len(ordered) > _FIRST)


def _lead(frame: CaseFrame, offer: HandoverSeen | None) -> list[DueNext]:
    found, lead, clock = [], frame.pathway.words.lead_inside, frame.qualified_lead
    if clock is not None:
        by = london(clock.due_at).date()
        where = {"case_id": frame.id}
        found.append(DueNext(clock.sentence, "", by, clock.is_late, "See the team", "case_team", where))
    if not frame.lead_professional:
        found.append(DueNext(f"A {lead} is to be named. {frame.duty.name} holds the duty until then."))
    if offer is not None:
        asked = date_long(london(offer.proposed_at).date())
        words = f"{offer.to_name} was asked on {asked} to be the {lead} and has not answered."
        found.append(DueNext(words, todo="See the team", page="case_team", where={"case_id": frame.id}))
    return found


def _withdrawals(viewer: Actor, frame: CaseFrame, on: date) -> list[DueNext]:
    people = [each.person_id for each in frame.people]
    found = []
    for each in withdrawals_waiting(viewer, subject_of_case(frame.id), people):
        person = frame.person(each.person_id)
        todo, page = (
            ("Decide", "case_withdrawal_decide") if each.may_decide else ("See the agreement", "case_agreement")
        )
        where = {"case_id": frame.id} | ({"withdrawal_id": each.id} if each.may_decide else {})
        words = f"The family withdrew agreement about {person.name if person else 'somebody'}: a manager decides what follows"
        found.append(_by(words, "", each.due_at, each.is_overdue, todo, page, where))
    return found


def _by(words: str, who: str, at: datetime, is_late: bool, todo: str, page: str, where: dict[str, UUID]) -> DueNext:
    return DueNext(words, who, london(at).date(), is_late, todo, page, where)


def _step(viewer: Actor, frame: CaseFrame, on: date) -> list[DueNext]:
    live = [state.value for state in LIVE_STEPS]
    row = Step.objects.visible_to(viewer).filter(case_id=frame.id, state__in=live).select_related("to_team").first()
    if row is None:
        return []
    what = f"the step {'up' if row.to_level > row.from_level else 'down'} to level {row.to_level}"
    where = {"step_id": row.pk}
    if row.state == StepState.DISAGREED:
        stage = Disagreement.objects.filter(step=row, ended_at=None).select_related("holder__account").first()
        who = (stage.holder.account.name if stage.holder else stage.who) if stage else ""
        due_at = stage.due_at if stage else row.answer_by
        return [_by(f"The teams disagree about {what}", who, due_at, due_at < viewer.at, "See the step", "step", where)]
    if row.state == StepState.REFUSED:
        return [
            DueNext(
                f"{row.to_team.name} refused {what}: ask again, or withdraw it.",
                todo="See the step",
                page="step",
                where=where,
            )
        ]
    late = row.answer_by < viewer.at
    return [
        _by(f"{row.to_team.name} is to answer about {what}", "", row.answer_by, late, "See the step", "step", where)
    ]


def _meeting(frame: CaseFrame, meeting: MeetingRow | None) -> list[DueNext]:
    if meeting is None:
        return []
    day, where = london(meeting.starts_at).date(), {"case_id": frame.id, "meeting_id": meeting.id}
    if meeting.is_past:
        words = f"The minutes of the meeting of that day are to be written ({meeting.purpose.lower()})"
        return [DueNext(words, "", day, True, "See the meeting", "case_meeting", where)]
    words = f"{meeting.purpose} at {time_short(london(meeting.starts_at))}, {meeting.place}"
    return [DueNext(words, "", day, False, "See the meeting", "case_meeting", where)]


def _review(frame: CaseFrame, meeting: MeetingRow | None) -> list[DueNext]:
    if frame.review_due_on is None:
        return []
    words = "Last day for the next review" + ("" if meeting else ", and no meeting is planned")
    where = {"case_id": frame.id}
    return [
        DueNext(words, "", frame.review_due_on, frame.review == "overdue", "See the reviews", "case_reviews", where)
    ]


def _undertaken(frame: CaseFrame, actions: Iterable[ActionSeen]) -> list[DueNext]:
    return [
        DueNext(
            each.words, each.owner, each.due_on, each.is_overdue,
            *(("Say it is done", "case_action", {"case_id": frame.id, "action_id": each.id}) if each.may_end else ()),
        )
        for each in actions
    ]  # fmt: skip


def _in_plan(viewer: Actor, frame: CaseFrame, on: date) -> list[DueNext]:
    open_plan = Q(outcome__need__plan__case_id=frame.id, outcome__need__plan__state=PlanState.OPEN)
    there = Q(removed_at__isnull=True, outcome__removed_at__isnull=True, outcome__need__removed_at__isnull=True)
    rows = PlanAction.objects.filter(open_plan, there, outcome__need__ended_at__isnull=True).exclude(
        status__in=[state.value for state in ENDED_ACTIONS]
    )
    found = list(rows.select_related("post__account").order_by("due_on", "pk")[:_MOST])
    if not found:
        return []
    plan = Plan(case=frame.row)
    may_write = can(viewer, WRITE_PLAN, plan)
    return [
        DueNext(
            each.words, _owner(frame, each), each.due_on, each.due_on < on,
            *(("Update", "case_plan_action_mark", {"case_id": frame.id, "plan_action_id": each.pk}) if may_write else ()),
        )
        for each in found
    ]  # fmt: skip


def _owner(frame: CaseFrame, action: PlanAction) -> str:
    if action.post is not None:
        return action.post.account.name
    person = frame.person(action.person_id) if action.person_id else None
    return person.name if person else ""


def _tasks(viewer: Actor, frame: CaseFrame, on: date) -> list[DueNext]:
    rows = CaseTask.objects.filter(case_id=frame.id, done_at__isnull=True).select_related("owner__account")
    found = list(rows.order_by("due_on", "pk")[:_MOST])
    if not found:
        return []
    may_do = can(viewer, DO_TASK, CaseTask(case=frame.row))
    return [
        DueNext(
            each.words, each.owner.account.name, each.due_on, each.due_on < on,
            *(("Say it is done", "case_task_done", {"case_id": frame.id, "task_id": each.pk}) if may_do else ()),
        )
        for each in found
    ]  # fmt: skip
