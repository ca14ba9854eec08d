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
from joinedup.core.notifications import owe_message
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


_IN_TEAM_ALREADY = "CW-7"


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


def _take_up_offer(referral: Referral, case: Case, *, by: Actor | None = None, at: datetime) -> None:
    """Called inside the allocation, by the program: whoever registered an assessment leads the new case; where somebody leads it
    already they join the team around the child. Where they may do neither, the team's manager decides as for any other case.
    Called too where an open case takes the contact on, by whoever took it on. They are told what came of it."""
    offer = LeadOffer.objects.select_for_update().filter(contact_id=referral.contact_id, taken_as="").first()
    if offer is None:
        return
    actor = by or system(at)
    post = post_with_id(actor, offer.post_id)
    try:
        if case.lead_professional_id is None:
            name_lead_professional(case=case, post=post, reason="They registered an assessment.", by=actor, at=at)
            offer.taken_as = "lead"
        else:
            add_member(case=case, post=post, words="Registered an assessment", by=actor, at=at)
            offer.taken_as = "member"
    except Refused as refusal:
        if refusal.rule == _IN_TEAM_ALREADY:
            offer.taken_as = "member"
        elif by is not None:
            raise
        else:
            return
    _settle_offer(offer, referral, case, at=at)


def _decline_offer(referral: Referral, case: Case, *, at: datetime) -> None:
    """Called where an open case takes the contact on and whoever registered an assessment does not join: they are told who leads."""
    offer = LeadOffer.objects.select_for_update().filter(contact_id=referral.contact_id, taken_as="").first()
    if offer is not None:
        offer.taken_as = "declined"
        _settle_offer(offer, referral, case, at=at)


_CAME_OF_IT = {
    "lead": "You lead it.",
    "member": "You are in the team around the child now.",
    "declined": "You do not lead it and are not in the team around the child. Ring them about what you know and want to do.",
}


def _settle_offer(offer: LeadOffer, referral: Referral, case: Case, *, at: datetime) -> None:
    """Keep what came of a registration and tell whoever registered, of whom they may ring and of nobody in the family."""
    offer.taken_at = at
    offer.save(update_fields=["taken_as", "taken_at"])
    case.refresh_from_db(fields=["lead_professional"])
    lead = case.lead_professional
    others = lead is not None and lead.pk != offer.post_id
    leads = f" {lead.account.name} leads{', ' + lead.phone if lead.phone else ''}." if lead and others else ""
    owe_message(
        to=offer.post.account.email,
        subject=f"The assessment you registered: {referral.reference}",
        body=f"You registered an assessment with {referral.reference}. The family has a case, {case.reference}, with "
        f"{case.team.name}. {_CAME_OF_IT[offer.taken_as]}{leads} Sign in to Joinedup.",
        about=(Referral._meta.label_lower, str(referral.pk)),
        at=at,
    )
