"""Taking a referral up, rating it, and what the family knows and agrees to."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.codes import Answer, Rating
from joinedup.front_door.models import Referral
from joinedup.front_door.permissions import RATE_REFERRAL, RECORD_AGREEMENT, TAKE_REFERRAL


@service(TAKE_REFERRAL, on="referral")
def take_referral(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """Start triage: the referral is held by who takes it. One that a colleague holds can be taken over only by a
    manager, or by anybody once the colleague's post has ended."""
    raise NotImplementedError


@service(RATE_REFERRAL, on="referral")
def rate_referral(
    *, referral: Referral, rating: Rating, reason: str, version: int, by: Actor, at: datetime
) -> Referral:
    """Say how soon it must be decided. The clock runs from when it was received, whatever it was rated before.

    The first rating may go without a reason; every other needs one, and the history is kept. Red pages the duty
    person at once. Refuses a stale `version` with both texts.
    """
    raise NotImplementedError


@service(RECORD_AGREEMENT, on="referral")
def record_agreement(
    *, referral: Referral, knows: Answer, agrees: Answer, reason: str, by: Actor, at: datetime
) -> Referral:
    """Whether the family knows of the referral and agrees to help; `reason` says why not, where the answer is no."""
    raise NotImplementedError
