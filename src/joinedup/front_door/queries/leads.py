"""Who leads already for the children of a referral, for the head of each of its pages."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.queries import LeadOfChild, leads_of_person
from joinedup.front_door.models import Referral, ReferralPerson


def leads_of_referral(viewer: Actor, referral_id: UUID) -> tuple[LeadOfChild, ...]:
    """Whoever leads an open case of a child identified in a referral that the viewer has been let in to, or the case it went to,
    and their deputy. One statement where there is no open case."""
    children = ReferralPerson.objects.filter(referral_id=referral_id, part="child", person__isnull=False)
    went_to = Referral.objects.filter(pk=referral_id, case__isnull=False)
    return leads_of_person(viewer, children.values("person_id"), cases=went_to.values("case_id"))
