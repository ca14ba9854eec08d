"""The grounds the front door gives for seeing people."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.front_door.codes import HandoverStatus
from joinedup.front_door.lifecycle import OPEN, State
from joinedup.front_door.models import ReferralPerson


def people_in_open_referrals(viewer: Actor) -> QuerySet[ReferralPerson, UUID] | None:
    """Those identified in a referral that is open, and in those the viewer holds until they close."""
    if not viewer.has_role(*FRONT_DOOR):
        return None
    held = Q(referral__held_by_id__in=viewer.post_ids) & ~Q(referral__state=State.CLOSED)
    return _identified().filter(Q(referral__state__in=[state.value for state in OPEN]) | held)


def people_handed_over(viewer: Actor) -> QuerySet[ReferralPerson, UUID] | None:
    """Those identified in a referral that was handed over and is not closed there."""
    if not viewer.has_role(Role.STATUTORY_OFFICER):
        return None
    handed = _identified().filter(referral__handover__isnull=False)
    return handed.exclude(referral__handover__status=HandoverStatus.CLOSED)


def _identified() -> QuerySet[ReferralPerson, UUID]:
    return ReferralPerson.objects.filter(person__isnull=False).values_list("person_id", flat=True)
