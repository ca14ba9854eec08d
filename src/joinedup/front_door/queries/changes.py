"""Records handed to services: found only where the viewer may see them, else NotVisible."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.front_door.models import (
    CaseNotice,
    Decision,
    DutyPage,
    Handover,
    Referral,
    ReferralPerson,
    StaffAllegation,
    withheld_referrals,
)
from joinedup.front_door.permissions import READ_ALLEGATIONS, READ_HANDOVERS, READ_NOTICES, READ_REFERRAL

AnyModel = TypeVar("AnyModel", bound=Model)


def referral_for_change(viewer: Actor, referral_id: UUID) -> Referral:
    """The referral itself."""
    return _one(visible_referrals(viewer).select_related("contact"), referral_id)


def visible_referrals(viewer: Actor) -> QuerySet[Referral]:
    """The referrals a viewer may see; none without the permission to read any."""
    if not can(viewer, READ_REFERRAL):
        raise NotVisible
    return Referral.objects.visible_to(viewer)


def place_for_change(viewer: Actor, referral_id: UUID, place_id: int) -> ReferralPerson:
    """Somebody named in a referral."""
    seen = ReferralPerson.objects.filter(referral__in=visible_referrals(viewer), referral_id=referral_id)
    return _one(seen.select_related("referral__contact", "contact_person__contact", "person"), place_id)


def decision_for_change(viewer: Actor, referral_id: UUID) -> Decision:
    """The proposal that waits on a referral."""
    waiting = Decision.objects.filter(decided_at__isnull=True, sent_back_at__isnull=True)
    seen = waiting.filter(referral__in=visible_referrals(viewer), referral_id=referral_id)
    found = seen.select_related("referral__contact").first()
    if found is None:
        raise NotVisible
    return found


def page_for_change(viewer: Actor, page_id: UUID) -> DutyPage:
    """A page to accept."""
    seen = DutyPage.objects.filter(referral__in=visible_referrals(viewer))
    return _one(seen.select_related("referral__contact"), page_id)


def notice_for_change(viewer: Actor, notice_id: UUID) -> CaseNotice:
    """A referral about one of the viewer's open cases."""
    if not can(viewer, READ_NOTICES):
        raise NotVisible
    seen = CaseNotice.objects.filter(referral__in=visible_referrals(viewer))
    return _one(seen.select_related("referral__contact", "case"), notice_id)


def handover_for_change(viewer: Actor, handover_id: UUID) -> Handover:
    """A hand-over in the statutory inbox."""
    if not can(viewer, READ_HANDOVERS):
        raise NotVisible
    return _one(handovers_seen(viewer).select_related("referral__contact"), handover_id)


def handovers_seen(viewer: Actor) -> QuerySet[Handover]:
    """Hand-overs without those that name somebody withheld from the viewer."""
    if viewer.is_system:
        return Handover.objects.all()
    return Handover.objects.exclude(referral_id__in=withheld_referrals(viewer))


def allegation_for_change(viewer: Actor, allegation_id: UUID) -> StaffAllegation:
    """An allegation in the designated officer's queue."""
    if not can(viewer, READ_ALLEGATIONS):
        raise NotVisible
    return _one(StaffAllegation.objects.select_related("contact"), allegation_id)


def _one(rows: QuerySet[AnyModel], wanted: UUID | int) -> AnyModel:
    found = rows.filter(pk=wanted).first()
    if found is None:
        raise NotVisible
    return found
