"""Closing a case with its plan, whether the change has lasted, and families that come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.permissions import can
from joinedup.casework import rules
from joinedup.casework.codes import CLOSURES, NEED_ENDS, NOT_CHECKED_AFTERWARDS, SUSTAINED
from joinedup.casework.events import CASE_CLOSED, CHANGE_CHECKED, NEED_ENDED, PLAN_CLOSED
from joinedup.casework.lifecycle import (
    ENDED_ACTIONS,
    LIVE_STEPS,
    WAITING_REQUESTS,
    ActionState,
    CaseState,
    MeetingState,
    PlanState,
    ReviewState,
    SentBackState,
)
from joinedup.casework.models import (
    Case,
    CaseMember,
    CasePerson,
    Closure,
    FamilyPlace,
    Meeting,
    MeetingAction,
    PanelRequest,
    Plan,
    PlanAction,
    PlanChild,
    PlanNeed,
    ReReferral,
    Review,
    Step,
    SustainedCheck,
)
from joinedup.casework.permissions import CHECK_CHANGE, CLOSE_CASE
from joinedup.casework.planning import Closing, NeedEnd, closing_fault
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.reviewing import months_after, months_between
from joinedup.casework.services.meetings import cancel_meeting, end_action
from joinedup.casework.services.plan_steps import as_it_is, write_change
from joinedup.casework.services.steps import chronicle, lock, lock_open, move
from joinedup.casework.services.team_steps import withdraw_offers
from joinedup.casework.settings import re_referral_months, sustained_months
from joinedup.core.models import claim_version

_CASE_CLOSED = "The case closed."


@service(CLOSE_CASE, on="case")
def close_case(
    *,
    case: Case,
    code: str,
    reason: str,
    needs: Mapping[UUID, NeedEnd] | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Case:
    """Close the case, and its plan with it: a standard code (CW-343), the reason in words, and what became of every need
    (CW-340). What was still to be done is stopped, and meetings to come are cancelled; every place in the team around the
    child ends; whether the change has lasted is asked some months on. A step or a review under way comes first (CW-320,
    CW-341)."""
    lock_open(case)
    if code not in CLOSURES:
        raise rules.CLOSURE_CODED.refused()
    if code not in pathway_of(case.pathway, timezone.localdate(at)).closures:
        raise rules.CLOSURE_OF_PATHWAY.refused()
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    _end_case(case, code, reason, needs or {}, version=version, by=by, at=at)
    return case


def _end_case(
    case: Case, code: str, reason: str, needs: Mapping[UUID, NeedEnd], *, version: int, by: Actor, at: datetime
) -> None:
    """Called inside the services that close a locked case: with its plan, its meetings, its tasks and its places."""
    plan = Plan.objects.select_for_update().filter(case=case, state=PlanState.OPEN).first()
    _refuse_unready(case, plan, needs)
    claim_version(case, version)
    _end_meetings(case, by=by, at=at)
    if plan is not None:
        _close_plan(plan, needs, by=by, at=at)
    closure = Closure.objects.create(
        case=case, plan=plan, code=code, words=reason.strip(), closed_at=at, closed_by=by.account_id
    )
    if plan is not None and code not in NOT_CHECKED_AFTERWARDS:
        on = timezone.localdate(at)
        SustainedCheck.objects.create(closure=closure, due_on=months_after(on, sustained_months(on)))
    move(case, CaseState.CLOSED, by=by, at=at, reason=reason.strip())
    case.closed_at, case.review_due_on = at, None
    case.save(update_fields=["state", "closed_at", "review_due_on"])
    CaseMember.objects.filter(case=case, left_at__isnull=True).update(left_at=at)
    FamilyPlace.objects.filter(case=case, left_at__isnull=True).update(left_at=at)
    withdraw_offers(case, by=by, at=at)
    chronicle(CASE_CLOSED, case, by=by, at=at, code=code, words={"reason": reason.strip()})
    note(changed=("state",), words={"code": code})


def _refuse_unready(case: Case, plan: Plan | None, said: Mapping[UUID, NeedEnd]) -> None:
    open_needs = PlanNeed.objects.filter(plan=plan, removed_at__isnull=True, ended_at__isnull=True) if plan else None
    closing = Closing(
        open_needs=frozenset(open_needs.values_list("pk", flat=True)) if open_needs is not None else frozenset(),
        said=said,
        has_step=Step.objects.filter(case=case, state__in=[state.value for state in LIVE_STEPS]).exists(),
        has_begun_review=plan is not None and Review.objects.filter(plan=plan, state=ReviewState.BEGUN).exists(),
    )
    if PanelRequest.objects.filter(case=case, state__in=[state.value for state in WAITING_REQUESTS]).exists():
        raise rules.PANEL_WAITS.refused()
    fault = closing_fault(closing, NEED_ENDS)
    if fault is not None:
        raise fault.refused()


def _end_meetings(case: Case, *, by: Actor, at: datetime) -> None:
    """Nobody comes to a meeting of a case that has closed, and nobody is held to what they undertook at one."""
    # Whoever takes a case back at the front door may cancel no meeting of a team: that it ends is the program's doing then.
    by = by if can(by, CLOSE_CASE, case) else system(at)
    for meeting in Meeting.objects.filter(case=case, state=MeetingState.PLANNED).order_by("pk"):
        cancel_meeting(meeting=meeting, reason=_CASE_CLOSED, by=by, at=at)
    for action in MeetingAction.objects.filter(case=case, state="open").order_by("pk"):
        end_action(action=action, is_done=False, words=_CASE_CLOSED, by=by, at=at)


def _close_plan(plan: Plan, said: Mapping[UUID, NeedEnd], *, by: Actor, at: datetime) -> None:
    for need in PlanNeed.objects.select_for_update().filter(plan=plan, removed_at__isnull=True, ended_at__isnull=True):
        end, before = said[need.pk], as_it_is(need, by)
        claim_version(need, need.version)
        need.end_code, need.end_words, need.ended_at = end.code, end.words.strip(), at
        need.save(update_fields=["end_code", "end_words", "ended_at"])
        write_change(plan, need, before, what=f"Outcome of: {need.words}", by=by, at=at)
        chronicle(NEED_ENDED, plan.case, by=by, at=at, code=end.code, words={"need": need.words})
    unfinished = PlanAction.objects.filter(outcome__need__plan=plan).exclude(status__in=ENDED_ACTIONS)
    for action in unfinished.select_for_update(of=("self",)):
        before = as_it_is(action, by)
        claim_version(action, action.version)
        action.status, action.status_words = ActionState.STOPPED, _CASE_CLOSED
        action.ended_on = timezone.localdate(at)
        action.save(update_fields=["status", "status_words", "ended_on"])
        write_change(plan, action, before, what=f"Stopped: {action.words}", by=by, at=at)
    claim_version(plan, plan.version)
    plan.state, plan.closed_at = PlanState.CLOSED, at
    plan.save(update_fields=["state", "closed_at"])
    _end_sections(plan, at)
    chronicle(PLAN_CLOSED, plan.case, by=by, at=at, code=plan.reference)


def _end_sections(plan: Plan, at: datetime) -> None:
    """A child who has a section in another household's open plan is led by that one from now on."""
    for section in PlanChild.objects.select_for_update().filter(plan=plan, ended_at__isnull=True):
        section.ended_at = at
        section.save(update_fields=["ended_at"])
        other = PlanChild.objects.filter(person_id=section.person_id, ended_at__isnull=True).order_by("pk").first()
        if section.leads and other is not None:
            other.leads = True
            other.save(update_fields=["leads"])


@service(CHECK_CHANGE, on="closure")
def check_change(*, closure: Closure, result: str, words: str, by: Actor, at: datetime) -> SustainedCheck:
    """Write down whether what the plan changed has lasted. Asked once (CW-344)."""
    check = lock(closure.check_afterwards)
    if check.result:
        raise rules.CHECKED_ALREADY.refused()
    if result not in SUSTAINED or not words.strip():
        raise rules.CHECK_SAID.refused()
    claim_version(check, check.version)
    check.result, check.words, check.checked_at, check.checked_by = result, words.strip(), at, by.account_id
    check.save(update_fields=["result", "words", "checked_at", "checked_by"])
    said = {"result": SUSTAINED[result], "words": words.strip()}
    chronicle(CHANGE_CHECKED, closure.case, by=by, at=at, code=result, words=said)
    note(changed=("result",), subject=check)
    return check


def _mark_re_referral(case: Case, at: datetime) -> None:
    """Called inside the service that opens a case: whether one about the same children closed within the months set."""
    children = CasePerson.objects.filter(case=case, part="child").values("person_id")
    on = timezone.localdate(at)
    since = months_after(on, -re_referral_months(on))
    earlier = (
        Case.objects.filter(
            people__in=CasePerson.objects.filter(person_id__in=children, part="child"), state=CaseState.CLOSED
        )
        .filter(closed_at__date__gte=since)
        .exclude(pk=case.pk)
        .exclude(sent_back__state=SentBackState.TAKEN_BACK)  # the same coming, looked at anew
        .order_by("-closed_at", "pk")
        .first()
    )
    if earlier is not None and earlier.closed_at is not None:
        closed_on = timezone.localdate(earlier.closed_at)
        ReReferral.objects.create(case=case, earlier=earlier, months=months_between(closed_on, on))
