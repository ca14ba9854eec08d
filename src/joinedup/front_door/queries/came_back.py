"""Families who come back: cases about the people of a referral that closed not long before it."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.permissions import FIND_OPEN_CASE
from joinedup.casework.queries import ClosedBefore, closed_before
from joinedup.front_door.queries.records import ReferralRecord


def closed_before_referral(viewer: Actor, record: ReferralRecord) -> list[ClosedBefore]:
    """Cases about anybody who is identified in a referral that the viewer has been let in to, the last to close first."""
    known = [place.person_id for place in record.places if place.person_id]
    return closed_before(viewer, known) if known and can(viewer, FIND_OPEN_CASE) else []
