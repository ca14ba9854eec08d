"""Taking a referral up, rating it, and what the family knows and agrees to."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.front_door import rules
from joinedup.front_door.codes import Answer, Rating
from joinedup.front_door.events import AGREEMENT_RECORDED, REFERRAL_RATED, REFERRAL_TAKEN
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import RatingGiven, Referral
from joinedup.front_door.permissions import RATE_REFERRAL, RECORD_AGREEMENT, TAKE_REFERRAL
from joinedup.front_door.services.duty import _accept_pages, _page_somebody
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _post_id, _require
from joinedup.front_door.settings import decide_by


@service(TAKE_REFERRAL, on="referral")
def take_referral(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """Start triage: the referral is held by who takes it. One that a colleague holds can be taken over only by a
    manager, or by anybody once the colleague's post has ended."""
    _lock(referral)
    _require(referral, State.RECEIVED, State.IN_TRIAGE)
    _refuse_to_take_from_a_colleague(referral, by, at)
    _claim(referral)
    _take(referral, by=by, at=at)
    _accept_pages(referral, by=by, at=at)
    note(changed=("held_by", "state"))
    return referral


def _refuse_to_take_from_a_colleague(referral: Referral, by: Actor, at: datetime) -> None:
    holder = referral.held_by
    if holder is None or holder.pk in by.post_ids or not holder.is_held_at(at):
        return
    if not by.has_role(Role.FRONT_DOOR_MANAGER):
        raise rules.HELD_BY_ANOTHER.refused(name=holder.account.name)


def _take(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Put a claimed referral into somebody's hands, and into triage if it is new."""
    referral.held_by_id = _post_id(by)
    is_new = State(referral.state) == State.RECEIVED
    if is_new:
        _move(referral, State.IN_TRIAGE, by=by, at=at)
    referral.save(update_fields=["held_by", "state"])
    if is_new:
        _chronicle(REFERRAL_TAKEN, referral, by=by, at=at)


@service(RATE_REFERRAL, on="referral")
def rate_referral(
    *, referral: Referral, rating: Rating, reason: str, version: int, by: Actor, at: datetime
) -> Referral:
    """Say how soon it must be decided. The clock runs from when it was received, whatever it was rated before.

    The first rating may go without a reason; every other needs one, and the history is kept. Red pages the duty
    person at once. Refuses a stale `version` with both texts.
    """
    _lock(referral)
    _require(referral, *UNDECIDED)
    _claim(referral, version, {"rating": rating, "reason": reason})
    if rules.needs_reason_to_rate(bool(referral.rating)) and not reason.strip():
        raise rules.RERATING_REASON.refused()
    _rate(referral, rating, reason.strip(), by=by, at=at)
    note(changed=("rating", "decide_by"))
    return referral


def _rate(referral: Referral, rating: Rating, reason: str, *, by: Actor, at: datetime) -> None:
    """Give a rating with its clock. Red is paged at once; a named person who rates it down has taken it on."""
    was_red = referral.rating == Rating.RED
    referral.rating = rating
    referral.decide_by = decide_by(referral.received_at, rating)
    referral.save(update_fields=["rating", "decide_by"])
    RatingGiven.objects.create(
        referral=referral, rating=rating, reason=reason, decide_by=referral.decide_by, at=at, by=by.account_id
    )
    _chronicle(REFERRAL_RATED, referral, by=by, at=at, code=rating, words={"reason": reason} if reason else None)
    if rating == Rating.RED and not was_red:
        _page_somebody(referral, by=by, at=at)
    elif was_red and rating != Rating.RED:
        _accept_pages(referral, by=by, at=at)


@service(RECORD_AGREEMENT, on="referral")
def record_agreement(
    *, referral: Referral, knows: Answer, agrees: Answer, reason: str, by: Actor, at: datetime
) -> Referral:
    """Whether the family knows of the referral and agrees to help; `reason` says why not, where the answer is no."""
    fault = rules.agreement_fault(knows, agrees, reason)
    if fault is not None:
        raise fault.refused("reason" if fault is rules.REASON_FOR_NO else "")
    _lock(referral)
    _require(referral, *UNDECIDED)
    _claim(referral)
    referral.family_knows, referral.family_agrees, referral.agreement_reason = knows, agrees, reason.strip()
    referral.save(update_fields=["family_knows", "family_agrees", "agreement_reason"])
    _chronicle(AGREEMENT_RECORDED, referral, by=by, at=at, code=agrees, words={"reason": reason} if reason else None)
    note(changed=("family_knows", "family_agrees", "agreement_reason"))
    return referral
