"""Proposing an indicator or a change of one, a page at a time, and agreeing to it as a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.information_sharing import indicators as rules
from joinedup.information_sharing.indicators import Condition, Joined, Sign, Weight
from joinedup.information_sharing.lifecycle import PROPOSAL_LABELS, ProposalState, may_move_proposal
from joinedup.information_sharing.models import Indicator, IndicatorProposal, IndicatorVersion
from joinedup.information_sharing.permissions import AGREE_INDICATOR, PROPOSE_INDICATOR
from joinedup.information_sharing.services.indicators import (
    IndicatorTerms,
    _begin,
    _begin_next,
    _require_ground,
    _require_said,
)

_ANY_WINDOW = 90  # to judge conditions by while nobody has said how far to look back


@dataclass(frozen=True)
class ProposalChanges:
    """What one page says; what is None stays as it is. `ages` and `ground` (agreement's reference, basis) are pairs."""

    name: str | None = None
    wording: str | None = None
    conditions: tuple[Condition, ...] | None = None
    joined: Joined | None = None
    window_days: int | None = None
    ages: tuple[int | None, int | None] | None = None
    weight: Weight | None = None
    ground: tuple[str, str] | None = None
    review_on: date | None = None


@service(PROPOSE_INDICATOR)
def begin_proposal(*, name: str, wording: str, by: Actor, at: datetime) -> IndicatorProposal:
    """Begin a new indicator: its name and what it says. Raises Refused (IN-8, IN-18)."""
    proposal = IndicatorProposal(begun_at=at, begun_by=by.account_id)
    _say_words(proposal, name, wording)
    proposal.save()
    note(changed=("begun",), words={"name": proposal.name, "wording": proposal.wording}, subject=proposal)
    return proposal


@service(PROPOSE_INDICATOR, on="indicator")
def begin_change(*, indicator: Indicator, reason: str, by: Actor, at: datetime) -> IndicatorProposal:
    """Begin a change of an indicator from what it says now. Raises Refused without a reason (IN-16), once it has ended
    (IN-19) and while another change waits (IN-23)."""
    if not reason.strip():
        raise rules.REASON_SAID.refused("reason")
    now = indicator.versions.filter(ended_at__isnull=True).first()
    if now is None:
        raise rules.ENDED_ALREADY.refused()
    same = ("wording", "conditions", "joined", "window_days", "minimum_age", "maximum_age", "weight")
    try:
        with transaction.atomic():
            proposal = IndicatorProposal.objects.create(
                indicator=indicator, name=indicator.name, reason=reason.strip()[:500], agreement_id=now.agreement_id,
                basis_id=now.basis_id, begun_at=at, begun_by=by.account_id, **{each: getattr(now, each) for each in same},
            )  # fmt: skip
    except IntegrityError:
        raise rules.ONE_CHANGE_AT_A_TIME.refused("reason") from None
    note(changed=("begun",), words={"name": proposal.name, "reason": proposal.reason}, subject=proposal)
    return proposal


@service(PROPOSE_INDICATOR, on="proposal")
def change_proposal(
    *, proposal: IndicatorProposal, changes: ProposalChanges, by: Actor, at: datetime
) -> IndicatorProposal:
    """Say or change a part of what is being written. Raises Refused where that part breaks a rule (IN-1 to IN-11), and
    once it has been proposed (IN-22)."""
    held = _held(proposal, ProposalState.PROPOSED)
    if changes.wording is not None:
        _say_words(held, held.name if changes.name is None else changes.name, changes.wording)
    if changes.conditions is not None:
        held.conditions = [each.as_json() for each in changes.conditions]
    if changes.joined is not None:
        held.joined = changes.joined
    if changes.window_days is not None:
        held.window_days = changes.window_days
    if changes.ages is not None:
        held.minimum_age, held.maximum_age = changes.ages
    if changes.weight is not None:
        held.weight = changes.weight
    _judge_sign(changes, held)
    today = timezone.localdate(at)
    if changes.ground is not None:
        held.agreement, held.basis = _require_ground(*changes.ground, on=today)
    if changes.review_on is not None:
        if changes.review_on <= today:
            raise rules.REVIEWED.refused("review_on")
        held.review_on = changes.review_on
    held.save()
    note(changed=tuple(name for name, said in vars(changes).items() if said is not None), subject=held)
    return held


def _judge_sign(changes: ProposalChanges, held: IndicatorProposal) -> None:
    """The first fault of what this page said; the other pages may be empty yet. Called only inside the service."""
    if changes.conditions is None and changes.window_days is None and changes.ages is None:
        return
    sign = held.sign
    if changes.conditions is None:
        sign = Sign((Condition("missing_episode"),), sign.window_days, sign.minimum_age, sign.maximum_age)
    elif changes.window_days is None:
        sign = Sign(sign.conditions, _ANY_WINDOW)
    for rule, words in rules.faults_of(sign):
        raise rule.refused("", **words)


@service(PROPOSE_INDICATOR, on="proposal")
def propose_indicator(*, proposal: IndicatorProposal, by: Actor, at: datetime) -> IndicatorProposal:
    """Hand what was written to a second person. Raises Refused while something is missing (IN-21), breaks a rule, or
    after it has been proposed (IN-22)."""
    held = _held(proposal, ProposalState.PROPOSED)
    terms = _terms(held, agreed_by="", agreed_on=None)
    today = timezone.localdate(at)
    _require_said(terms, on=today)
    _require_ground(terms.agreement, terms.basis, on=today)
    _require_name_free(held)
    held.state, held.proposed_at, held.proposed_by = ProposalState.PROPOSED, at, by.account_id
    held.save()
    note(changed=("state",), words={"rests_on": held.sign.words, "wording": held.wording}, subject=held)
    return held


@service(AGREE_INDICATOR, on="proposal")
def agree_indicator(
    *, proposal: IndicatorProposal, agreed_by: str, agreed_on: date | None, by: Actor, at: datetime
) -> IndicatorVersion:
    """Agree to what somebody else proposed, and say which people agreed and when: it is in use from now. Raises Refused
    (IN-1 to IN-11, IN-18, IN-19, IN-22)."""
    held = _held(proposal, ProposalState.AGREED)
    terms = _terms(held, agreed_by=agreed_by, agreed_on=agreed_on)
    if held.indicator is None:
        version = _begin(terms, by=by, at=at)
    else:
        version = _begin_next(held.indicator, terms, held.reason, by=by, at=at)
    _decide(held, ProposalState.AGREED, by=by, at=at)
    held.indicator, held.made = version.indicator, version
    held.save()
    note(changed=("state", "in_use"), words={"name": held.name, "wording": version.wording}, subject=held)
    return version


@service(AGREE_INDICATOR, on="proposal")
def decline_indicator(*, proposal: IndicatorProposal, reason: str, by: Actor, at: datetime) -> IndicatorProposal:
    """Decline what somebody else proposed, with the reason. Raises Refused (IN-16, IN-22)."""
    if not reason.strip():
        raise rules.REASON_SAID.refused("reason")
    held = _held(proposal, ProposalState.DECLINED)
    _decide(held, ProposalState.DECLINED, by=by, at=at)
    held.decision_reason = reason.strip()[:500]
    held.save()
    note(changed=("state",), words={"name": held.name, "reason": held.decision_reason}, subject=held)
    return held


@service(PROPOSE_INDICATOR, on="proposal")
def withdraw_proposal(*, proposal: IndicatorProposal, by: Actor, at: datetime) -> IndicatorProposal:
    """Take back what is being written or waits. Raises Refused once it is decided (IN-22)."""
    held = _held(proposal, ProposalState.WITHDRAWN)
    _decide(held, ProposalState.WITHDRAWN, by=by, at=at)
    held.save()
    note(changed=("state",), words={"name": held.name}, subject=held)
    return held


def _held(proposal: IndicatorProposal, end: ProposalState) -> IndicatorProposal:
    """The proposal, held, where it may still come to that state. Called only inside the guarded services."""
    rows = IndicatorProposal.objects.select_for_update(of=("self",)).select_related("indicator", "agreement", "basis")
    held = rows.get(pk=proposal.pk)
    state = ProposalState(held.state)
    if not may_move_proposal(state, end):
        raise rules.PROPOSAL_STANDS.refused("", state=PROPOSAL_LABELS[state][:1].lower() + PROPOSAL_LABELS[state][1:])
    return held


def _decide(held: IndicatorProposal, state: ProposalState, *, by: Actor, at: datetime) -> None:
    """Write down what became of it. Called only inside the guarded services."""
    held.state, held.decided_at, held.decided_by = state, at, by.account_id


def _say_words(proposal: IndicatorProposal, name: str, wording: str) -> None:
    """Its name and its sentence. Called only inside the guarded services."""
    if not name.strip():
        raise rules.WORDED.refused("name")
    if len(wording.split()) < 3:
        raise rules.WORDED.refused("wording")
    proposal.name, proposal.wording = name.strip()[:120], " ".join(wording.split())[:300]
    _require_name_free(proposal)


def _require_name_free(proposal: IndicatorProposal) -> None:
    """Only an indicator itself keeps its name. Called only inside the guarded services."""
    if proposal.indicator_id is None and Indicator.objects.filter(name=proposal.name).exists():
        raise rules.NAME_FREE.refused("name")


def _terms(held: IndicatorProposal, *, agreed_by: str, agreed_on: date | None) -> IndicatorTerms:
    """What was written, once all of it is. Called only inside the guarded services."""
    said = {
        "what has to have been observed": bool(held.conditions),
        "how far to look back": held.window_days is not None,
        "how much it says": bool(held.weight),
        "the agreement and lawful basis": held.agreement is not None and held.basis is not None,
        "when it is looked at again": held.review_on is not None,
    }
    missing = [words for words, is_said in said.items() if not is_said]
    if missing or held.agreement is None or held.basis is None:
        raise rules.PROPOSAL_COMPLETE.refused("", missing=", ".join(missing))
    return IndicatorTerms(
        name=held.name, wording=held.wording, weight=Weight(held.weight), sign=held.sign,
        agreement=held.agreement.reference, basis=held.basis.code, agreed_by=agreed_by, agreed_on=agreed_on,
        review_on=held.review_on,
    )  # fmt: skip
