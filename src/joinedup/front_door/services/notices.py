"""A contact about a family with an open case goes straight to its lead professional and manager, with a clock."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import CaseNotice, Referral
from joinedup.front_door.permissions import ACKNOWLEDGE_NOTICE, PASS_TO_CASE, RETURN_TO_FRONT_DOOR


@service(PASS_TO_CASE, on="referral")
def pass_to_case(*, referral: Referral, by: Actor, at: datetime) -> CaseNotice:
    """Pass the referral to the family's open case. Called by itself as soon as the family is known; by hand for red,
    which is told to the case at once but stays at the front door until somebody there has decided."""
    raise NotImplementedError


@service(ACKNOWLEDGE_NOTICE, on="notice")
def acknowledge_notice(*, notice: CaseNotice, response: str, by: Actor, at: datetime) -> CaseNotice:
    """The lead professional or manager takes it on, saying what they will do. The referral closes."""
    raise NotImplementedError


@service(RETURN_TO_FRONT_DOOR, on="notice")
def return_to_front_door(*, notice: CaseNotice, reason: str, by: Actor, at: datetime) -> Referral:
    """Send it back to be decided at the front door, with the reason."""
    raise NotImplementedError
