"""Holding a team's allocation meeting: beginning it, deciding about each family that waits, ending it with its minutes.

A decision carries out what it says in the same transaction: the offer of the lead, or the answer to another team's step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.allocating import Decided, Why, decision_fault
from joinedup.casework.events import ALLOCATION_DECIDED
from joinedup.casework.models import AllocationDecision, AllocationMeeting, Case, LeadHandover, Step
from joinedup.casework.permissions import DECIDE_ALLOCATION, HOLD_ALLOCATION
from joinedup.casework.queries.allocating import waiting_of_team
from joinedup.casework.services.level_steps import accept_step, refuse_step
from joinedup.casework.services.sent_back import _send_back
from joinedup.casework.services.steps import chronicle, lock
from joinedup.casework.services.team import propose_handover
from joinedup.casework.settings import hold_days
from joinedup.core.formats import date_long, date_time
from joinedup.core.models import claim_version, new_reference
from joinedup.organisations.queries import post_with_id

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team


@service(HOLD_ALLOCATION, on="team")
def begin_allocation(*, team: Team, present: str = "", by: Actor, at: datetime) -> AllocationMeeting:
    """Begin a team's allocation meeting; it holds one at a time (CW-525)."""
    meeting = AllocationMeeting(
        reference=new_reference("AM"), team=team, begun_at=at, begun_by=by.account_id, present=present.strip()[:500]
    )
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError:
        there = AllocationMeeting.objects.filter(team=team, ended_at__isnull=True).first()
        day = date_long(there.begun_at) if there else "today"
        raise rules.MEETING_GOES_ON.refused(day=day) from None
    note(changed=("meeting",), subject=meeting)
    return meeting


@service(DECIDE_ALLOCATION, on="meeting")
def decide_allocation(
    *, meeting: AllocationMeeting, case: Case, said: Decided, by: Actor, at: datetime
) -> AllocationDecision:
    """Decide about one family that waits (CW-527), once in a meeting (CW-528): the lead is offered to somebody, or the family
    waits until a day, or it goes back: a new family to the front door, which answers by its clock while the team's manager
    holds the duty (CW-529, CW-530). Another team's step is answered by it: offering the lead accepts it, sending it back
    refuses it."""
    _lock_open(meeting)
    on = timezone.localdate(at)
    fault = decision_fault(said, on, most_days=hold_days(on))
    if fault is not None:
        raise fault.refused(days=hold_days(on)) if fault is rules.HOLD_A_WHILE else fault.refused()
    waiting = next((each for each in waiting_of_team(by, meeting.team_id) if each.case_id == case.pk), None)
    if AllocationDecision.objects.filter(meeting=meeting, case=case).exists():
        raise rules.DECIDED_ALREADY.refused()
    if waiting is None:
        raise rules.NOT_ON_THE_LIST.refused()
    if waiting.asked_front_door is not None:
        raise rules.WITH_FRONT_DOOR.refused(day=date_time(waiting.asked_front_door))
    if said.decision == "back" and not waiting.may_go_back:
        raise rules.SENT_BACK_ONCE.refused()
    post = post_with_id(by, said.post_id) if said.decision == "offer" and said.post_id else None
    decided = AllocationDecision(
        meeting=meeting, case=case, step_id=waiting.step_id, decision=said.decision, waited_for=waiting.words[:200],
        waited_since=waiting.since, post=post, hold_until=said.hold_until if said.decision == "hold" else None,
        reason=said.reason.strip(), decided_at=at, decided_by=by.account_id,
    )  # fmt: skip
    if waiting.step_id is not None:
        _answer_step(waiting.step_id, said, post, by=by, at=at)
    else:
        decided.handover = _carry_out(case, said, post, by=by, at=at)
        chronicle(ALLOCATION_DECIDED, case, by=by, at=at, code=said.decision, words={"reason": decided.reason})
    decided.save(force_insert=True)
    if said.decision == "back" and waiting.step_id is None and Why.NEW in waiting.why:
        _send_back(case, decided, meeting.team, by=by, at=at)
    note(changed=("decision",), words={"decision": said.decision}, subject=decided)
    return decided


def _answer_step(step_id: UUID, said: Decided, post: Post | None, *, by: Actor, at: datetime) -> None:
    step = Step.objects.select_related("case__lead_professional__account", "case__team", "from_team", "to_team").get(
        pk=step_id
    )
    if post is not None:
        accept_step(step=step, lead=post, words=said.reason, by=by, at=at)
    elif said.decision == "back":
        refuse_step(step=step, reason=said.reason, by=by, at=at)


def _carry_out(case: Case, said: Decided, post: Post | None, *, by: Actor, at: datetime) -> LeadHandover | None:
    if post is None:
        return None
    return propose_handover(case=case, post=post, reason=said.reason, by=by, at=at)


@service(DECIDE_ALLOCATION, on="meeting")
def end_allocation(
    *, meeting: AllocationMeeting, present: str, words: str, version: int, by: Actor, at: datetime
) -> AllocationMeeting:
    """End the meeting with who was there and what else was said; how many families still wait is written down."""
    _lock_open(meeting)
    claim_version(meeting, version)
    on = timezone.localdate(at)
    meeting.waiting = sum(each.is_to_decide(on) for each in waiting_of_team(by, meeting.team_id))
    meeting.present, meeting.words, meeting.ended_at = present.strip()[:500], words.strip(), at
    meeting.save(update_fields=["waiting", "present", "words", "ended_at"])
    note(changed=("ended_at",))
    return meeting


def _lock_open(meeting: AllocationMeeting) -> None:
    if lock(meeting).ended_at is not None:
        raise rules.ALLOCATION_OVER.refused()
