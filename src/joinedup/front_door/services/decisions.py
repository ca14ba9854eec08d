"""Deciding a referral: alone where the rules allow it, by two people where they do not (FD-30, FD-31)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version
from joinedup.front_door import rules
from joinedup.front_door.codes import OUTCOME_LABELS, Answer, Outcome
from joinedup.front_door.events import DECISION_PROPOSED, DECISION_SENT_BACK, REFERRAL_CLOSED, REFERRAL_DECIDED
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import ContactPerson, Decision, Referral, ReferralPerson
from joinedup.front_door.permissions import (
    CLOSE_REFERRAL,
    CONFIRM_DECISION,
    DECIDE,
    PROPOSE_DECISION,
    SEND_BACK_DECISION,
)
from joinedup.front_door.queries.look_back import contacts_on_household
from joinedup.front_door.services.duty import _accept_pages
from joinedup.front_door.services.notes import _close_questions
from joinedup.front_door.services.replies import _owe_reply
from joinedup.front_door.services.restricted_matches import _refuse_while_checked
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _require, _said
from joinedup.front_door.settings import look_back_rule

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class _Answer:
    """What somebody wants to decide."""

    outcome: Outcome
    level: int | None
    reason: str
    look_back: str
    advice_given: str


@service(PROPOSE_DECISION, on="referral")
def propose_decision(
    *,
    referral: Referral,
    outcome: Outcome,
    level: int | None,
    reason: str,
    look_back: str = "",
    advice_given: str = "",
    agency: Organisation | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Put a decision to a registered social worker or manager. Refuses with `extra["faults"]` when it cannot stand."""
    answer = _Answer(outcome, level, reason, look_back, advice_given)
    _prepare(referral, answer, agency, version, by=by, at=at)
    decision = _write(referral, answer, agency, by=by, at=at)
    _move(referral, State.PROPOSED, by=by, at=at, reason=reason)
    referral.save(update_fields=["state"])
    _chronicle(DECISION_PROPOSED, referral, by=by, at=at, code=outcome, words={"reason": reason})
    note(changed=("state",), subject=decision)
    return decision


@service(DECIDE, on="referral")
def decide(
    *,
    referral: Referral,
    outcome: Outcome,
    level: int | None,
    reason: str,
    look_back: str = "",
    advice_given: str = "",
    agency: Organisation | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide alone. Refused (FD-30) for level 4 and for no further action on a safeguarding concern, whoever asks."""
    if rules.needs_two_people(outcome, level, is_safeguarding_concern=referral.is_safeguarding_concern):
        raise rules.NEEDS_TWO.refused("outcome")
    answer = _Answer(outcome, level, reason, look_back, advice_given)
    _prepare(referral, answer, agency, version, by=by, at=at)
    decision = _write(referral, answer, agency, by=by, at=at)
    _settle(referral, decision, by=by, at=at)
    note(subject=decision)
    return decision


def _prepare(
    referral: Referral, answer: _Answer, agency: Organisation | None, version: int, *, by: Actor, at: datetime
) -> None:
    """Lock, check where the referral stands and that nobody changed it, then everything that stops the decision."""
    _lock(referral)
    _require(referral, State.IN_TRIAGE)
    _claim(referral, version, asdict(answer))
    faults = rules.decision_faults(_question(referral, answer, agency, by=by, at=at))
    if faults:
        listed = [{"field": each.field, "sentence": each.sentence, "rule": each.rule} for each in faults]
        raise Refused(faults[0].sentence, rule=faults[0].rule, field=faults[0].field, extra={"faults": listed})


def _question(
    referral: Referral, answer: _Answer, agency: Organisation | None, *, by: Actor, at: datetime
) -> rules.Question:
    threshold, months = look_back_rule(at)
    unsearched = ReferralPerson.objects.filter(referral=referral, part="child", searched_at__isnull=True)
    return rules.Question(
        outcome=answer.outcome,
        level=answer.level,
        reason=answer.reason,
        look_back=answer.look_back,
        advice_given=answer.advice_given,
        has_agency=agency is not None,
        is_safeguarding_concern=referral.is_safeguarding_concern,
        family_agrees=Answer(referral.family_agrees),
        agreement_reason=referral.agreement_reason,
        earlier_contacts=contacts_on_household(by, referral, at),
        look_back_threshold=threshold,
        look_back_months=months,
        unsearched=tuple(
            str(each.contact_person)
            for each in unsearched.select_related("contact_person")
            if _can_be_searched_for(each.contact_person)
        ),
    )


def _can_be_searched_for(typed: ContactPerson) -> bool:
    """Enough was typed for the person index to search on; a child nobody could name holds nothing up."""
    one, both = typed.given_name or typed.family_name, typed.given_name and typed.family_name
    return bool(both or typed.nhs_number or typed.upn or (one and (typed.birth_date or typed.postcode)))


def _write(referral: Referral, answer: _Answer, agency: Organisation | None, *, by: Actor, at: datetime) -> Decision:
    return Decision.objects.create(
        referral=referral,
        outcome=answer.outcome,
        level=answer.level or 0,
        reason=answer.reason.strip(),
        look_back=answer.look_back.strip(),
        advice_given=answer.advice_given.strip(),
        agency=agency,
        proposed_by=by.account_id,
        proposed_at=at,
    )


def _settle(referral: Referral, decision: Decision, *, by: Actor, at: datetime) -> None:
    """The decision stands: the referral is decided, the referrer is owed an answer, paging ends, and so does whatever
    partners were asked and have not answered. Not while a colleague checks part of it (RP-7)."""
    _refuse_while_checked(referral, by)
    decision.decided_by, decision.decided_at = by.account_id, at
    decision.save(update_fields=["decided_by", "decided_at"])
    _move(referral, State.DECIDED, by=by, at=at, reason=decision.reason)
    referral.outcome, referral.level, referral.decided_at = decision.outcome, decision.level, at
    referral.save(update_fields=["state", "outcome", "level", "decided_at"])
    _accept_pages(referral, by=by, at=at)
    closed = _close_questions(referral, by=by, at=at)
    note(words={"questions_closed": closed} if closed else None)
    _owe_reply(referral, by=by, at=at)
    _chronicle(REFERRAL_DECIDED, referral, by=by, at=at, code=decision.outcome, words={"reason": decision.reason})
    note(changed=("state", "outcome", "level"))


@service(CONFIRM_DECISION, on="decision")
def confirm_decision(*, decision: Decision, version: int, by: Actor, at: datetime) -> Decision:
    """Decide what a colleague proposed. The proposer is refused (FD-31). `version` is the referral's."""
    referral = _waiting(decision)
    if decision.proposed_by is not None and decision.proposed_by == by.account_id:
        raise rules.ANOTHER_PERSON.refused()
    _claim(referral, version, {"outcome": decision.outcome, "level": decision.level})
    claim_version(decision, decision.version)
    _settle(referral, decision, by=by, at=at)
    return decision


@service(SEND_BACK_DECISION, on="decision")
def send_back_decision(*, decision: Decision, reason: str, by: Actor, at: datetime) -> Decision:
    """Send a proposal back to triage with the reason."""
    referral = _waiting(decision)
    decision.sent_back_reason = _said(reason)
    _claim(referral)
    claim_version(decision, decision.version)
    decision.sent_back_by, decision.sent_back_at = by.account_id, at
    decision.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_reason"])
    _move(referral, State.IN_TRIAGE, by=by, at=at, reason=decision.sent_back_reason)
    referral.save(update_fields=["state"])
    _chronicle(
        DECISION_SENT_BACK, referral, by=by, at=at, code=decision.outcome, words={"reason": decision.sent_back_reason}
    )
    note(changed=("state",))
    return decision


def _waiting(decision: Decision) -> Referral:
    """Lock the referral, then its proposal; refuse one that was answered already."""
    referral = _lock(decision.referral)
    _lock(decision)
    _require(referral, State.PROPOSED)
    if decision.decided_at is not None or decision.sent_back_at is not None:
        raise rules.ANSWERED_ALREADY.refused()
    return referral


@service(CLOSE_REFERRAL, on="referral")
def close_referral(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """Close what was decided as advice, help from a single agency, or no further action."""
    _lock(referral)
    _require(referral, State.DECIDED)
    if referral.outcome not in rules.CLOSES:
        raise rules.NOT_THIS_WAY.refused(outcome=OUTCOME_LABELS[Outcome(referral.outcome)])
    _refuse_while_checked(referral, by)
    _claim(referral)
    _move(referral, State.CLOSED, by=by, at=at)
    referral.save(update_fields=["state"])
    _chronicle(REFERRAL_CLOSED, referral, by=by, at=at, code=referral.outcome)
    note(changed=("state",))
    return referral
