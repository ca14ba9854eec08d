"""Stepping a family up or down: asking, accepting, refusing, settling a disagreement. The plan stays the same plan, and
until the receiving team accepts, the sending lead professional keeps the duty."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.codes import DISAGREEMENT_ENDS
from joinedup.casework.events import (
    DISAGREEMENT_OPENED,
    DUTY_WITH_MANAGER,
    LEAD_PROFESSIONAL_NAMED,
    LEVEL_CHANGED,
    STEP_ASKED,
    STEP_ASKED_AGAIN,
    STEP_REFUSED,
    STEP_WITHDRAWN,
)
from joinedup.casework.lifecycle import LIVE_STEPS, CaseState, StepState
from joinedup.casework.models import Case, CaseMember, CasePerson, Disagreement, Review, Step, StepAnswer
from joinedup.casework.permissions import ANSWER_STEP, ASK_STEP, PURSUE_STEP, SETTLE_DISAGREEMENT
from joinedup.casework.queries.duty import is_in_post, who_answers_for
from joinedup.casework.queries.level_steps import settlers_for_step
from joinedup.casework.reviewing import (
    StepSaid,
    after_refusal,
    due_after,
    state_in_words,
    step_fault,
    step_move_fault,
)
from joinedup.casework.services.steps import (
    chronicle,
    holder_in_words,
    lock,
    lock_open,
    move,
    settled_by,
    tell,
)
from joinedup.casework.services.team_steps import check_lead, end_lead, let_lead, withdraw_offers
from joinedup.casework.settings import disagreement_stages, step_answer_days
from joinedup.core.errors import Refused
from joinedup.core.formats import date_time
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_LIVE = [state.value for state in LIVE_STEPS]


@service(ASK_STEP, on="case")
def ask_step(
    *,
    case: Case,
    to_level: int,
    to_team: Team,
    reason: str,
    is_immediate: bool = False,
    review: Review | None = None,
    by: Actor,
    at: datetime,
) -> Step:
    """Ask a team to take a family at another level. Within one team, and where somebody is in danger now
    (`is_immediate`), it takes effect at once; otherwise when the receiving team accepts. Refuses CW-320 to CW-325."""
    lock_open(case)
    said = StepSaid(case.level, to_level, to_team.kind, reason, is_immediate)
    has_step = Step.objects.filter(case=case, state__in=_LIVE).exists()
    fault = step_fault(said, has_step=has_step)
    if fault is not None:
        raise fault.refused()
    answer_by = due_after(at, step_answer_days(timezone.localdate(at)))
    step = Step(
        case=case, review=review, state=StepState.WAITING, from_level=case.level, to_level=to_level,
        from_team_id=case.team_id, to_team=to_team, reason=reason.strip(), is_immediate=is_immediate, asked_at=at,
        asked_by=by.account_id, answer_by=answer_by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError:
        raise rules.STEP_WAITS.refused() from None
    _answer(step, StepState.WAITING, reason, by=by, at=at)
    chronicle(STEP_ASKED, case, by=by, at=at, code=f"{step.from_level}_to_{to_level}", words={"reason": reason.strip()})
    if to_team.pk == case.team_id:
        _take_effect(step, by=by, at=at)
    elif is_immediate:
        _move_at_once(step, by=by, at=at)
    else:
        _write_to_receivers(step, f"Step {said.direction}: {case.reference}", by=by, at=at)
    note(changed=("state",), subject=step)
    return step


def _move_at_once(step: Step, *, by: Actor, at: datetime) -> None:
    """Danger now: the receiving team has the family from this moment. Until it names a lead professional, whoever answers
    for the team holds the duty; whoever led stays in the team around the child."""
    if not _receivers(step, by, at):
        raise rules.NOBODY_THERE.refused(team=step.to_team.name)
    case = step.case
    before = case.lead_professional
    end_lead(case, at=at)
    withdraw_offers(case, by=by, at=at)
    if before is not None and is_in_post(before, at):
        CaseMember.objects.create(case=case, post=before, part="member", joined_at=at)
    case.team, case.lead_professional, case.deputy = step.to_team, None, None
    if case.state != CaseState.WAITING_FOR_LEAD:
        move(case, CaseState.WAITING_FOR_LEAD, by=by, at=at, reason=step.reason)
    _take_effect(step, by=by, at=at)
    chronicle(
        DUTY_WITH_MANAGER, case, by=by, at=at,
        words={"before": before.account.name if before else "", "reason": step.reason},
    )  # fmt: skip
    _write_to_receivers(step, f"In danger now: {case.reference} is yours", by=by, at=at)


def _take_effect(step: Step, *, by: Actor, at: datetime, words: str = "") -> None:
    """The family is at the new level, in the team that `step.case` says."""
    case = step.case
    claim_version(case, case.version)
    case.level = step.to_level
    case.save(update_fields=["level", "team", "state", "lead_professional", "deputy"])
    _move_step(step, StepState.ACCEPTED, words, by=by, at=at)
    said = {"team": case.team.name, "reason": step.reason}
    chronicle(LEVEL_CHANGED, case, by=by, at=at, code=f"level_{step.to_level}", words=said)


@service(ANSWER_STEP, on="step")
def accept_step(*, step: Step, lead: Post, words: str = "", by: Actor, at: datetime) -> Case:
    """The receiving team takes the family and names its lead professional, who leads from this moment."""
    case = _lock_step(step, StepState.ACCEPTED)
    _hand_to(step, case, lead, words, by=by, at=at)
    return case


def _hand_to(step: Step, case: Case, lead: Post, words: str, *, by: Actor, at: datetime) -> None:
    before = case.lead_professional
    case.team, case.level = step.to_team, step.to_level
    if lead.team_id != step.to_team_id:
        raise rules.LEAD_OF_RECEIVER.refused()
    try:
        check_lead(case, lead, by=by, at=at)
    except Refused as refusal:
        refusal.field = "lead"
        raise
    if case.lead_professional_id != lead.pk:
        let_lead(case, lead, by=by, at=at, reason=step.reason)
        if before is not None and is_in_post(before, at):
            CaseMember.objects.create(case=case, post=before, part="member", joined_at=at)
        said = {"who": lead.account.name, "reason": step.reason}
        chronicle(LEAD_PROFESSIONAL_NAMED, case, by=by, at=at, words=said)
    _take_effect(step, by=by, at=at, words=words)
    _write_to_asker(step, f"Accepted: {case.reference}", by=by, at=at)
    note(changed=("state", "level", "team", "lead_professional"), words={"post": str(lead.pk)}, subject=step)


@service(ANSWER_STEP, on="step")
def refuse_step(*, step: Step, reason: str, by: Actor, at: datetime) -> Step:
    """Refuse with the reason (CW-327). The sending lead professional keeps the duty; a second refusal opens the
    professional-disagreement steps."""
    end = after_refusal(step.refusals + 1)
    case = _lock_step(step, end)
    if not reason.strip():
        raise rules.WHY_REFUSED.refused()
    step.refusals += 1
    _move_step(step, end, reason, by=by, at=at)
    chronicle(STEP_REFUSED, case, by=by, at=at, words={"reason": reason.strip()})
    if end is StepState.DISAGREED:
        _open_stage(step, 1, by=by, at=at)
    _write_to_asker(step, f"Refused: {case.reference}", by=by, at=at)
    note(changed=("state",), words={"reason": reason.strip()}, subject=step)
    return step


@service(PURSUE_STEP, on="step")
def ask_step_again(*, step: Step, reason: str, by: Actor, at: datetime) -> Step:
    """Answer a refusal and ask again."""
    case = _lock_step(step, StepState.ASKED_AGAIN)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    step.answer_by = due_after(at, step_answer_days(timezone.localdate(at)))
    _move_step(step, StepState.ASKED_AGAIN, reason, by=by, at=at)
    chronicle(STEP_ASKED_AGAIN, case, by=by, at=at, words={"reason": reason.strip()})
    _write_to_receivers(step, f"Asked again: {case.reference}", by=by, at=at)
    note(changed=("state",), words={"reason": reason.strip()}, subject=step)
    return step


@service(PURSUE_STEP, on="step")
def withdraw_step(*, step: Step, reason: str, by: Actor, at: datetime) -> Step:
    """Take a step back; the family stays where it is."""
    case = _lock_step(step, StepState.WITHDRAWN)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    _end_stage(step, "stays", reason, by=by, at=at)
    _withdraw(step, case, reason, by=by, at=at)
    return step


def _withdraw(step: Step, case: Case, reason: str, *, by: Actor, at: datetime) -> None:
    _move_step(step, StepState.WITHDRAWN, reason, by=by, at=at)
    chronicle(STEP_WITHDRAWN, case, by=by, at=at, words={"reason": reason.strip()})
    note(changed=("state",), words={"reason": reason.strip()}, subject=step)


@service(SETTLE_DISAGREEMENT, on="step")
def settle_disagreement(
    *,
    step: Step,
    number: int,
    outcome: str,
    words: str,
    lead: Post | None = None,
    holder: Post | None = None,
    by: Actor,
    at: datetime,
) -> Step:
    """What one step of a disagreement came to: the family moves (with its new lead professional), stays, or it goes to the
    next step, which `holder` settles (where only one person could, it is they). The last step decides."""
    case = _lock_step(step, StepState.DISAGREED)
    stage = Disagreement.objects.select_for_update().filter(step=step, ended_at__isnull=True).first()
    if stage is None or stage.number != number:
        raise rules.STAGE_OVER.refused()
    if not words.strip() or outcome not in DISAGREEMENT_ENDS:
        raise rules.DISAGREEMENT_SAID.refused()
    is_last = number >= len(disagreement_stages(timezone.localdate(at)))
    if outcome == "onwards" and is_last:
        raise rules.LAST_STAGE.refused()
    _end_stage(step, outcome, words, by=by, at=at)
    if outcome == "moves":
        if lead is None:
            raise rules.LEAD_OF_RECEIVER.refused()
        _hand_to(step, case, lead, words, by=by, at=at)
    elif outcome == "stays":
        _withdraw(step, case, words, by=by, at=at)
    else:
        _move_step(step, StepState.DISAGREED, words, by=by, at=at)
        _open_stage(step, number + 1, holder, by=by, at=at)
    note(words={"stage": str(number), "outcome": outcome}, subject=step)
    return step


@service(SETTLE_DISAGREEMENT, on="step")
def name_holder(*, step: Step, number: int, holder: Post, reason: str, by: Actor, at: datetime) -> Disagreement:
    """Name somebody else to settle the open step of a disagreement, with the reason; its clock runs on. Refuses CW-330, CW-349."""
    lock_open(step.case)
    stage = Disagreement.objects.select_for_update().filter(step=lock(step), ended_at__isnull=True).first()
    if stage is None or stage.number != number:
        raise rules.STAGE_OVER.refused()
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    stage.holder = _holder(step, number, holder, by)
    stage.save(update_fields=["holder"])
    _answer(step, StepState.DISAGREED, f"{holder.account.name} settles it. {reason.strip()}", by=by, at=at)
    _tell_of_stage(step, stage, by=by, at=at)
    note(changed=("holder",), words={"post": str(holder.pk), "reason": reason.strip()}, subject=step)
    return stage


def _holder(step: Step, number: int, said: Post | None, by: Actor) -> Post | None:
    """Who is to settle a step of a disagreement: whom somebody said, of those it is for (CW-349). Where nobody said it, the
    managers of the team that keeps the duty for the first step, and for a later one the only person it could be."""
    fit = settlers_for_step(by, step, number)
    if said is not None:
        if said.pk not in {post.pk for post in fit}:
            raise rules.SETTLED_BY.refused()
        return said
    if len(fit) > 1 and number > 1:
        raise rules.SETTLED_BY.refused()
    return fit[0] if fit else None


def _open_stage(step: Step, number: int, holder: Post | None = None, *, by: Actor, at: datetime) -> None:
    stages = disagreement_stages(timezone.localdate(at))
    stage = stages[min(number, len(stages)) - 1]
    due_at = due_after(at, stage.working_days)
    named = _holder(step, number, holder, by)
    row = Disagreement.objects.create(
        step=step, number=number, who=stage.who, holder=named, opened_at=at, due_at=due_at
    )
    said = {"who": f"{stage.who}: {named.account.name}" if named else stage.who}
    chronicle(DISAGREEMENT_OPENED, step.case, by=by, at=at, code=str(number), words=said)
    _tell_of_stage(step, row, by=by, at=at)


def _tell_of_stage(step: Step, stage: Disagreement, *, by: Actor, at: datetime) -> None:
    """Whoever settles it, and both teams."""
    tell(
        [*settled_by(stage, at), *(post for team_id in step.teams for post in who_answers_for(by, team_id))], step.case,
        f"Settle by {date_time(stage.due_at)}: disagreement about {step.case.reference}",
        f"{step.from_team.name} and {step.to_team.name} disagree about {step.case.reference}. Step {stage.number} "
        f"({stage.who}) is settled by {date_time(stage.due_at)}, by {holder_in_words(stage, at)}. Sign in to Joinedup to write "
        "down what is decided.", at,
    )  # fmt: skip


def _end_stage(step: Step, outcome: str, words: str, *, by: Actor, at: datetime) -> None:
    for stage in Disagreement.objects.filter(step=step, ended_at__isnull=True):
        stage.outcome, stage.words, stage.ended_at, stage.ended_by = outcome, words.strip(), at, by.account_id
        stage.save(update_fields=["outcome", "words", "ended_at", "ended_by"])


def _lock_step(step: Step, end: StepState) -> Case:
    """The case of a step, both locked; refuses (CW-326) where the table of moves does not allow it."""
    case = lock_open(step.case)
    start = StepState(lock(step).state)
    step.case = case  # read afresh with the step, it would be another object
    fault = step_move_fault(start, end)
    if fault is not None:
        raise fault.refused(state=state_in_words(start))
    return case


def _move_step(step: Step, end: StepState, words: str, *, by: Actor, at: datetime) -> None:
    claim_version(step, step.version)
    step.state = end
    step.ended_at = None if end in LIVE_STEPS else at
    step.save(update_fields=["state", "ended_at", "refusals", "answer_by"])
    _answer(step, end, words, by=by, at=at)


def _answer(step: Step, state: StepState, words: str, *, by: Actor, at: datetime) -> None:
    StepAnswer.objects.create(step=step, state=state, words=words.strip(), at=at, by=by.account_id)
    note(people=list(CasePerson.objects.filter(case_id=step.case_id).values_list("person_id", flat=True)))


def _receivers(step: Step, by: Actor, at: datetime) -> list[Post]:
    """Whoever answers for the receiving team."""
    roles = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)
    found = [post for role in roles for post in posts_with_role(by, role, team_id=step.to_team_id)]
    return [post for post in found if is_in_post(post, at)]


def _write_to_receivers(step: Step, subject: str, *, by: Actor, at: datetime) -> None:
    """The message names nobody."""
    for post in _receivers(step, by, at):
        body = f"{by.name} ({step.from_team.name}) asks {step.to_team.name} about {step.case.reference}. Sign in to Joinedup."
        owe_message(
            to=post.account.email, subject=subject, body=body, about=("casework.case", str(step.case_id)), at=at
        )


def _write_to_asker(step: Step, subject: str, *, by: Actor, at: datetime) -> None:
    """To whoever leads the family for the sending team."""
    lead = step.case.lead_professional
    managers = who_answers_for(by, step.from_team_id)
    for post in {post.pk: post for post in [*([lead] if lead else []), *managers]}.values():
        body = f"{step.to_team.name} has answered about {step.case.reference}. Sign in to Joinedup to read it."
        owe_message(
            to=post.account.email, subject=subject, body=body, about=("casework.case", str(step.case_id)), at=at
        )
