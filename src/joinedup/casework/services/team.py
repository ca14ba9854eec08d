"""Handing the lead professional's duty over, the deputy, and the family in the team around the child."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.events import (
    DEPUTY_NAMED,
    DUTY_WITH_MANAGER,
    FAMILY_JOINED,
    FAMILY_LEFT,
    LEAD_HANDED_OVER,
)
from joinedup.casework.lifecycle import CaseState, HandoverState
from joinedup.casework.models import Case, CaseMember, CasePerson, FamilyPlace, LeadHandover
from joinedup.casework.permissions import (
    ADD_FAMILY,
    ANSWER_HANDOVER,
    NAME_DEPUTY,
    PROPOSE_HANDOVER,
    REMOVE_FAMILY,
    TAKE_DUTY,
    WITHDRAW_HANDOVER,
)
from joinedup.casework.queries.duty import is_in_post
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.services.steps import chronicle, lock, lock_open, move
from joinedup.casework.services.team_steps import check_lead, end_lead, let_lead, withdraw_offers
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@service(PROPOSE_HANDOVER, on="case")
def propose_handover(*, case: Case, post: Post, reason: str, by: Actor, at: datetime) -> LeadHandover:
    """Offer the lead professional's duty to somebody who may lead. Whoever holds it keeps it until they accept; the message
    to them names nobody."""
    lock_open(case)
    if case.lead_professional_id == post.pk:
        raise rules.LEAD_ALREADY.refused()
    if not reason.strip():
        raise rules.REASON_TO_CHANGE.refused()
    check_lead(case, post, by=by, at=at)
    handover = LeadHandover(
        case=case,
        from_post=case.lead_professional,
        to_post=post,
        state=HandoverState.PROPOSED,
        reason=reason.strip()[:300],
        proposed_by=by.account_id,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            handover.save(force_insert=True)
    except IntegrityError:
        raise rules.ONE_HANDOVER.refused() from None
    lead = _called(case, at)
    owe_message(
        to=post.account.email,
        subject=f"You are asked to be {lead}: {case.reference}",
        body=f"{by.name} asks you to be the {lead} of {case.reference} ({case.team.name}). Until you accept, "
        "the duty is not yours. Sign in to Joinedup to accept or decline.",
        about=("casework.case", str(case.pk)),
        at=at,
    )
    note(people=_people(case), changed=("state",), words={"post": str(post.pk)}, subject=handover)
    return handover


def _people(case: Case) -> list[UUID]:
    return list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))


def _called(case: Case, at: datetime) -> str:
    """What the case's pathway calls whoever leads, inside a sentence."""
    return pathway_of(case.pathway, timezone.localdate(at)).words.lead_inside


def _waiting(handover: LeadHandover) -> Case:
    """The case of a handover, both locked; refuses (CW-204) where it has its answer."""
    case = lock_open(handover.case)
    if HandoverState(lock(handover).state) != HandoverState.PROPOSED:
        raise rules.HANDOVER_ANSWERED.refused()
    return case


def _answer(handover: LeadHandover, state: HandoverState, *, words: str, by: Actor, at: datetime) -> None:
    claim_version(handover, handover.version)
    handover.state, handover.answer = state, words.strip()[:300]
    handover.answered_by, handover.answered_at = by.account_id, at
    handover.save(update_fields=["state", "answer", "answered_by", "answered_at"])


@service(ANSWER_HANDOVER, on="handover")
def accept_handover(*, handover: LeadHandover, by: Actor, at: datetime) -> Case:
    """Accept the duty: from this moment it is theirs alone. Whoever led stays in the team around the child as a member, so
    that nothing is lost between the two; they leave it as anybody does."""
    case = _waiting(handover)
    check_lead(case, handover.to_post, by=by, at=at)
    before = case.lead_professional
    claim_version(case, case.version)
    _answer(handover, HandoverState.ACCEPTED, words="", by=by, at=at)
    let_lead(case, handover.to_post, by=by, at=at, reason=handover.reason)
    if before is not None and is_in_post(before, at):
        CaseMember.objects.create(case=case, post=before, part="member", joined_at=at)
    chronicle(
        LEAD_HANDED_OVER, case, by=by, at=at,
        words={"who": handover.to_post.account.name, "before": before.account.name if before else "", "reason": handover.reason},
    )  # fmt: skip
    note(changed=("lead_professional", "state"), words={"post": str(handover.to_post_id)}, subject=case)
    return case


@service(ANSWER_HANDOVER, on="handover")
def decline_handover(*, handover: LeadHandover, answer: str, by: Actor, at: datetime) -> LeadHandover:
    """Decline the duty with the reason; it stays where it is, and whoever offered it and the team's managers are told."""
    case = _waiting(handover)
    if not answer.strip():
        raise rules.WHY_DECLINE.refused()
    _answer(handover, HandoverState.DECLINED, words=answer, by=by, at=at)
    holder = case.lead_professional
    if holder is not None and is_in_post(holder, at):
        lead = _called(case, at)
        owe_message(
            to=holder.account.email,
            subject=f"Declined: {lead} of {case.reference}",
            body=f"{by.name} has declined to be the {lead} of {case.reference}. You still are. Sign in to Joinedup "
            "to read why.",
            about=("casework.case", str(case.pk)),
            at=at,
        )
    note(people=_people(case), changed=("state",), words={"reason": answer.strip()[:300]}, subject=handover)
    return handover


@service(WITHDRAW_HANDOVER, on="handover")
def withdraw_handover(*, handover: LeadHandover, by: Actor, at: datetime) -> LeadHandover:
    """Take an offer back that nobody has answered."""
    case = _waiting(handover)
    _answer(handover, HandoverState.WITHDRAWN, words="", by=by, at=at)
    note(people=_people(case), changed=("state",), subject=handover)
    return handover


@service(TAKE_DUTY, on="case")
def take_duty(*, case: Case, reason: str, by: Actor, at: datetime) -> Case:
    """The team manager takes the lead professional's duty at once, with the reason: somebody is ill, or may not go on. The
    case then waits for its next lead professional."""
    lock_open(case)
    if case.lead_professional_id is None:
        raise rules.MANAGER_HAS_IT.refused()
    if not reason.strip():
        raise rules.REASON_TO_CHANGE.refused()
    claim_version(case, case.version)
    who = case.lead_professional.account.name if case.lead_professional else ""
    end_lead(case, at=at)
    case.lead_professional = None
    move(case, CaseState.WAITING_FOR_LEAD, by=by, at=at, reason=reason.strip())
    case.save(update_fields=["lead_professional", "state"])
    withdraw_offers(case, by=by, at=at)
    chronicle(DUTY_WITH_MANAGER, case, by=by, at=at, words={"before": who, "reason": reason.strip()})
    note(changed=("lead_professional", "state"))
    return case


@service(NAME_DEPUTY, on="case")
def name_deputy(*, case: Case, post: Post | None, by: Actor, at: datetime) -> Case:
    """Name who is rung when the lead professional cannot be reached: somebody else in the team around the child. None for
    nobody. The duty itself stays with the lead professional."""
    lock_open(case)
    if post is not None:
        there = CaseMember.objects.filter(CaseMember.held_at(at), case=case, post=post).exists()
        if not there or post.pk == case.lead_professional_id or not is_in_post(post, at):
            raise rules.DEPUTY_OF_TEAM.refused()
    claim_version(case, case.version)
    case.deputy = post
    case.save(update_fields=["deputy"])
    chronicle(DEPUTY_NAMED, case, by=by, at=at, words={"who": post.account.name if post else "Nobody"})
    note(changed=("deputy",), words={"post": str(post.pk) if post else ""})
    return case


@service(ADD_FAMILY, on="case")
def add_family(*, case: Case, person_id: UUID, words: str, by: Actor, at: datetime) -> FamilyPlace:
    """Somebody of the family of the case takes part in the team around the child; it opens no record to them."""
    lock_open(case)
    if not CasePerson.objects.filter(case=case, person_id=person_id).exists():
        raise rules.FAMILY_OF_CASE.refused()
    if FamilyPlace.objects.filter(case=case, person_id=person_id, left_at__isnull=True).exists():
        raise rules.FAMILY_ALREADY.refused()
    claim_version(case, case.version)
    place = FamilyPlace.objects.create(case=case, person_id=person_id, words=words.strip()[:120], joined_at=at)
    chronicle(FAMILY_JOINED, case, by=by, at=at, words={"part": place.words})
    note(changed=("family",), words={"person": str(person_id)}, subject=case)
    return place


@service(REMOVE_FAMILY, on="place")
def remove_family(*, place: FamilyPlace, reason: str, by: Actor, at: datetime) -> FamilyPlace:
    """A family member no longer takes part, with the reason."""
    case = lock_open(place.case)
    lock(place)
    if place.left_at is not None:
        raise rules.LEFT_ALREADY.refused()
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(place, place.version)
    place.left_at = at
    place.save(update_fields=["left_at"])
    chronicle(FAMILY_LEFT, case, by=by, at=at, words={"reason": reason.strip()})
    note(changed=("family",), words={"person": str(place.person_id)}, subject=case)
    return place
