"""What a referrer may be told about one referral: kind, ways and suggested words."""

from __future__ import annotations

from joinedup.front_door.codes import Channel
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Contact, Referral
from joinedup.front_door.telling import Reach, Told, kind_of_referrer, words_for


def reach_of(contact: Contact) -> Reach:
    """How the referrer can be reached, for the rules."""
    kind = kind_of_referrer(contact.source_code, contact.relationship_to_child, is_anonymous=contact.is_anonymous)
    return Reach(
        kind=kind,
        phone=contact.referrer_phone,
        email=contact.referrer_email,
        safe_how=contact.safe_contact_how if kind == "self" or contact.channel == Channel.PUBLIC else "",
        safe_details=contact.safe_contact_details,
        sees_screen=contact.submitted_by_id is not None,
    )


def can_be_reached(reach: Reach) -> bool:
    """Somebody left any way to be reached."""
    return bool(
        reach.phone or reach.email or (reach.safe_how and reach.safe_how != "none") or reach.kind == "professional"
    )


def suggested_words(referral: Referral, agency: str = "") -> tuple[str, str]:
    """The subject and text the page suggests. `agency` is the single agency that will help, if that was decided."""
    contact = referral.contact
    if State(referral.state) == State.PASSED_TO_CASE or (not referral.outcome and referral.case_id):
        who = "The lead professional" if reach_of(contact).kind == "professional" else ""
    else:
        who = {"statutory": "The council’s social care service", "single_agency": agency}.get(referral.outcome, "")
        who = who or (referral.team.name if referral.team else "")
    told = Told(referral.reference, referral.received_at, referral.outcome, referral.level, who)
    return words_for(reach_of(contact).kind, told)
