"""One referral, with everything its page shows."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.front_door.queries.records import ReferralRecord


def referral(viewer: Actor, referral_id: UUID, *, purpose: str) -> ReferralRecord:
    """The referral for its page. The read is audited with its purpose and the people identified in it."""
    raise NotImplementedError
