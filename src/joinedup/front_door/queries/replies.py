"""What a referrer may be told about one referral: kind, ways and suggested words."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from joinedup.front_door.codes import Channel
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Contact, Referral
from joinedup.front_door.telling import Reach, Told, is_address, kind_of_referrer, words_for
from joinedup.person_index.queries import safe_contact_for


def reach_of(contact: Contact) -> Reach:
    """How the referrer can be reached, for the rules."""
    kind = kind_of_referrer(contact.source_code, contact.relationship_to_child, is_anonymous=contact.is_anonymous)
    return Reach(
        kind=kind,
        phone=contact.referrer_phone,
        email=contact.referrer_email if is_address(contact.referrer_email) else "",
        safe_how=contact.safe_contact_how if kind == "self" or contact.channel == Channel.PUBLIC else "",
        safe_details=contact.safe_contact_details,
        sees_screen=contact.submitted_by_id is not None,
    )


def reach_now(referral: Referral) -> Reach:
    """As `reach_of`; but where the family asked for themselves and a safe way has been recorded with them since, that
    one alone (PI-8)."""
    contact = referral.contact
    reach = reach_of(contact)
    if reach.kind != "self":
        return reach
    person_id = _asker(contact)
    advice = safe_contact_for(person_id) if person_id else None
    if advice is None or advice.recorded_at is None:
        return reach
    if reach.safe_how and advice.recorded_at < contact.received_at:
        return reach
    return replace(reach, safe_how=advice.how, safe_details=advice.details)


def _asker(contact: Contact) -> UUID | None:
    """Who asked, once identified: the child named first where they wrote themselves, else the parent named first."""
    named = list(contact.people.select_related("referral_person").order_by("position"))
    themselves = contact.source_code == "1C"
    named.sort(key=lambda each: each.part != "parent" or themselves)
    place = getattr(named[0], "referral_person", None) if named else None
    return place.person_id if place else None


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
