"""A new family sent back to the front door from an allocation meeting, and the front door's answer. The sending team's
manager holds the duty until it has come; it is chased once, when it is late."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.allocating import Answer, answer_fault
from joinedup.casework.events import SENT_BACK, SENT_BACK_ANSWERED
from joinedup.casework.lifecycle import LIVE_STEPS, SENT_BACK_LABELS, CaseState, SentBackState
from joinedup.casework.models import AllocationDecision, Case, CasePerson, SentBack, Step
from joinedup.casework.permissions import ANSWER_SENT_BACK, CHASE_SENT_BACK
from joinedup.casework.queries.duty import who_answers_for
from joinedup.casework.reviewing import due_after
from joinedup.casework.services.closing import _end_case
from joinedup.casework.services.steps import chronicle, lock, lock_open, tell
from joinedup.casework.settings import sent_back_days
from joinedup.core.formats import date_time
from joinedup.core.models import claim_version
from joinedup.organisations.queries import posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Team

_ENDED_AS = "RC7"  # ended for another reason: nothing was ever begun
_AT_ONCE = 200


def _send_back(case: Case, decision: AllocationDecision, team: Team, *, by: Actor, at: datetime) -> SentBack:
    """Called inside the decision of an allocation meeting: the front door is asked, and by when it answers is set. The messages name
    nobody of the family. Refused (CW-534) where somebody leads."""
    if lock_open(case).state != CaseState.WAITING_FOR_LEAD:
        raise rules.SENT_BACK_NEW.refused()
    answer_by = due_after(at, sent_back_days(timezone.localdate(at)))
    row = SentBack.objects.create(
        case=case, decision=decision, team=team, state=SentBackState.WAITING, reason=decision.reason, sent_at=at,
        sent_by=by.account_id, answer_by=answer_by,
    )  # fmt: skip
    chronicle(SENT_BACK, case, by=by, at=at, words={"reason": decision.reason})
    tell(
        posts_with_role(by, Role.FRONT_DOOR_MANAGER), case, f"Sent back by a team: {case.reference}",
        f"{team.name} sends {case.reference} back and asks you to look again at where it belongs. Answer by "
        f"{date_time(answer_by)}. Until then their manager holds the duty. Sign in to Joinedup.", at,
    )  # fmt: skip
    return row


@service(ANSWER_SENT_BACK, on="sent_back")
def settle_sent_back(
    *, sent_back: SentBack, end: SentBackState, words: str, team: Team | None = None, by: Actor, at: datetime
) -> SentBack:
    """What the front door answers (CW-531 to CW-533): the family stays with the team, another `team` has it from this moment,
    or it is taken back into triage, and this case ends. Whoever sent it is told."""
    case = lock_open(sent_back.case)
    lock(sent_back)
    sent_back.case = case
    moved = team if end is SentBackState.MOVED else None
    said = Answer(end, words, moved.kind if moved else "", moved is not None and moved.pk == case.team_id)
    fault = answer_fault(SentBackState(sent_back.state), case.level, said)
    if fault is not None:
        raise (
            fault.refused(state=SENT_BACK_LABELS[SentBackState(sent_back.state)].lower())
            if (fault is rules.SENT_BACK_SETTLED)
            else fault.refused()
        )
    claim_version(sent_back, sent_back.version)
    sent_back.state, sent_back.to_team, sent_back.words = end, moved, words.strip()
    sent_back.answered_at, sent_back.answered_by = at, by.account_id
    sent_back.save(update_fields=["state", "to_team", "words", "answered_at", "answered_by"])
    answer = {"answer": SENT_BACK_LABELS[end], "team": moved.name if moved else "", "words": words.strip()}
    chronicle(SENT_BACK_ANSWERED, case, by=by, at=at, code=end, words=answer)
    _tell_team(sent_back, by=by, at=at)
    if moved is not None:
        _give_to(case, moved, by=by, at=at)
    elif end is SentBackState.TAKEN_BACK:
        _end_case(
            case, _ENDED_AS, f"Taken back by the front door. {words.strip()}", {}, version=case.version, by=by, at=at
        )
    note(changed=("state",), words={"answer": end}, subject=sent_back)
    return sent_back


def _give_to(case: Case, team: Team, *, by: Actor, at: datetime) -> None:
    """The other team has the family, and its manager the duty, from this moment."""
    if Step.objects.filter(case=case, state__in=[state.value for state in LIVE_STEPS]).exists():
        raise rules.STEP_WAITS.refused()
    claim_version(case, case.version)
    case.team = team
    case.save(update_fields=["team"])
    tell(
        who_answers_for(by, team.pk), case, f"A new case for your team: {case.reference}",
        f"The front door has given {case.reference} to {team.name}. You hold the duty until somebody leads. Sign in to "
        "Joinedup to name the lead professional.", at,
    )  # fmt: skip


def _tell_team(row: SentBack, *, by: Actor, at: datetime) -> None:
    label = SENT_BACK_LABELS[SentBackState(row.state)].lower()
    tell(
        who_answers_for(by, row.team_id), row.case, f"The front door has answered: {row.case.reference}",
        f"{row.case.reference}: {label}. Sign in to Joinedup to read why.", at,
    )  # fmt: skip


# --- When the answer is late.


def chase_sent_back(*, at: datetime) -> int:
    """The keeper tells the front door and the team's managers, once, of each answer that has not come in time."""
    late = SentBack.objects.filter(state=SentBackState.WAITING, chased_at__isnull=True, answer_by__lt=at)
    by = system(at)
    return sum(chase_answer(sent_back=row, by=by, at=at) for row in late.order_by("answer_by", "pk")[:_AT_ONCE])


@service(CHASE_SENT_BACK)
def chase_answer(*, sent_back: SentBack, by: Actor, at: datetime) -> bool:
    """Tell of one answer that is late; False where somebody has answered or told meanwhile, or there is nobody to
    tell: then it is told as soon as there is."""
    lock(sent_back)
    if sent_back.state != SentBackState.WAITING or sent_back.chased_at is not None or sent_back.answer_by >= at:
        return False
    posts = [*posts_with_role(by, Role.FRONT_DOOR_MANAGER), *who_answers_for(by, sent_back.team_id)]
    is_told = tell(
        posts, sent_back.case, f"No answer yet: {sent_back.case.reference}",
        f"{sent_back.team.name} sent {sent_back.case.reference} back, and the front door was to answer by "
        f"{date_time(sent_back.answer_by)}. Until it does, the team's manager holds the duty.", at,
    )  # fmt: skip
    if not is_told:
        return False
    sent_back.chased_at = at
    sent_back.save(update_fields=["chased_at"])
    people = list(CasePerson.objects.filter(case=sent_back.case).values_list("person_id", flat=True))
    note(people=people, changed=("chased_at",), subject=sent_back)
    return True
