"""Records handed to services: found only where the viewer may see them, else NotVisible."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.front_door.models import (
    CaseNotice,
    Decision,
    DutyPage,
    Handover,
    Referral,
    ReferralPerson,
    StaffAllegation,
)


def referral_for_change(viewer: Actor, referral_id: UUID) -> Referral:
    """The referral itself."""
    raise NotImplementedError


def place_for_change(viewer: Actor, referral_id: UUID, place_id: int) -> ReferralPerson:
    """Somebody named in a referral."""
    raise NotImplementedError


def decision_for_change(viewer: Actor, referral_id: UUID) -> Decision:
    """The proposal that waits on a referral."""
    raise NotImplementedError


def page_for_change(viewer: Actor, page_id: UUID) -> DutyPage:
    """A page to accept."""
    raise NotImplementedError


def notice_for_change(viewer: Actor, notice_id: UUID) -> CaseNotice:
    """A referral about one of the viewer's open cases."""
    raise NotImplementedError


def handover_for_change(viewer: Actor, handover_id: UUID) -> Handover:
    """A hand-over in the statutory inbox."""
    raise NotImplementedError


def allegation_for_change(viewer: Actor, allegation_id: UUID) -> StaffAllegation:
    """An allegation in the designated officer's queue."""
    raise NotImplementedError
