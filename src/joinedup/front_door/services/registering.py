"""A trained professional starts an assessment without being sent a referral: they register it with the front door, which
looks whether the family is known, has a case, or has other children in one, and they lead from where they work."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.casework.services import add_member, name_lead_professional
from joinedup.core.errors import Refused
from joinedup.front_door import rules
from joinedup.front_door.codes import Answer
from joinedup.front_door.events import ASSESSMENT_REGISTERED
from joinedup.front_door.lifecycle import OPEN, State
from joinedup.front_door.models import Contact, LeadOffer, Referral
from joinedup.front_door.permissions import REGISTER_ASSESSMENT
from joinedup.front_door.services.steps import _chronicle
from joinedup.organisations.queries import post_with_id
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import is_trained

if TYPE_CHECKING:
    from joinedup.casework.models import Case


@service(REGISTER_ASSESSMENT, on="contact")
def register_assessment(*, contact: Contact, by: Actor, at: datetime) -> LeadOffer:
    """The sender will assess the child and lead. Registering again changes nothing; neither the answer nor its time says
    whether anybody is known. Raises Refused (FD-95 to FD-97)."""
    if not is_trained(by, by.account_id, Course.COMMON_ASSESSMENT, timezone.localdate(at)):
        raise rules.TRAINED_TO_LEAD.refused()
    if contact.family_agrees != Answer.YES:
        raise rules.FAMILY_AGREES_TO_IT.refused()
    referral = Referral.objects.select_for_update().filter(contact=contact).first()
    if referral is None or contact.submitted_by_id is None or State(referral.state) not in OPEN:
        raise rules.OFFERED_TOO_LATE.refused()
    offer, is_new = LeadOffer.objects.get_or_create(
        contact=contact, defaults={"post_id": contact.submitted_by_id, "offered_at": at}
    )
    if is_new:
        _chronicle(ASSESSMENT_REGISTERED, referral, by=by, at=at)
        note(changed=("lead_offer",), subject=contact)
    return offer


def _take_up_offer(referral: Referral, case: Case, *, at: datetime) -> None:
    """Called inside the allocation: whoever registered an assessment leads the new case; where somebody leads it already
    they join the team around the child. Where they may do neither, the team's manager decides as for any other case."""
    offer = LeadOffer.objects.select_for_update().filter(contact_id=referral.contact_id, taken_as="").first()
    if offer is None:
        return
    by = system(at)
    post = post_with_id(by, offer.post_id)
    try:
        if case.lead_professional_id is None:
            name_lead_professional(case=case, post=post, reason="They registered an assessment.", by=by, at=at)
            offer.taken_as = "lead"
        else:
            add_member(case=case, post=post, words="Registered an assessment", by=by, at=at)
            offer.taken_as = "member"
    except Refused:
        return
    offer.taken_at = at
    offer.save(update_fields=["taken_as", "taken_at"])
