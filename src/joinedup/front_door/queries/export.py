"""What a statutory system needs of a referral, as it is handed over: field names and codes of the children in need census
where there are any."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from joinedup.front_door.codes import LEVELS_OF_NEED, PRIMARY_NEEDS
from joinedup.front_door.models import ContactPerson, Decision, Referral, ReferralPerson

FORMAT = "joinedup-hand-over/1"


def handover_content(referral: Referral, receipt: str, *, sent_at: datetime, sent_by: str) -> dict[str, Any]:
    """The export. It is kept as it was sent."""
    contact = referral.contact
    places = ReferralPerson.objects.filter(referral=referral).select_related("person", "contact_person")
    people = list(places.order_by("contact_person__position"))
    decision = Decision.objects.filter(referral=referral, decided_at__isnull=False).order_by("-decided_at").first()
    return {
        "format": FORMAT,
        "receipt": receipt,
        "sent_at": sent_at.isoformat(),
        "sent_by": sent_by,
        "referral": {
            "reference": referral.reference,
            "CINreferralDate": timezone.localdate(referral.received_at).isoformat(),
            "ReferralSource": contact.source_code,
            "PrimaryNeedCode": contact.need_code or "N0",
            "primary_need": PRIMARY_NEEDS.get(contact.need_code or "N0", ""),
            "rating": referral.rating,
            "level": LEVELS_OF_NEED.get(referral.level or 0, ""),
            "is_immediate_danger": contact.is_immediate_danger,
            "is_safeguarding_concern": referral.is_safeguarding_concern,
            "family_knows": referral.family_knows,
            "family_agrees": referral.family_agrees,
            "agreement_reason": referral.agreement_reason,
        },
        "decision": _decision(decision),
        "children": [_child(place) for place in people if place.part == "child"],
        "adults": [_adult(place) for place in people if place.part != "child"],
        "referrer": {
            "name": contact.referrer_name,
            "role": contact.referrer_role,
            "organisation": contact.organisation.name if contact.organisation else "",
            "phone": contact.referrer_phone,
            "email": contact.referrer_email,
            "is_anonymous": contact.is_anonymous,
        },
        "said": {
            "worry": contact.worry,
            "going_well": contact.going_well,
            "tried_already": contact.tried_already,
            "wanted": contact.wanted,
            "childs_words": contact.childs_words,
        },
        "safe_contact": {
            "how": contact.safe_contact_how,
            "details": contact.safe_contact_details,
            "when": contact.safe_contact_when,
            "not_through": contact.safe_contact_not_through,
            "interpreter_language": contact.interpreter_language,
            "communication_needs": contact.communication_needs,
        },
    }


def _decision(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {}
    return {
        "reason": decision.reason,
        "decided_at": _iso(decision.decided_at),
        "proposed_at": _iso(decision.proposed_at),
    }


def _child(place: ReferralPerson) -> dict[str, Any]:
    """Facts of the person where identified, else as typed."""
    typed, person = place.contact_person, place.person
    upn = person.upn if person else typed.upn
    return {
        "person_id": str(person.pk) if person else None,
        "name": str(person or typed),
        "LAchildID": typed.contact.reference.replace("-", "") + str(typed.position),
        "UPN": upn,
        "UPNunknown": "" if upn else "UN7",
        "NHSnumber": person.nhs_number if person else typed.nhs_number,
        "PersonBirthDate": _iso(person.birth_date if person else typed.birth_date),
        "ExpectedPersonBirthDate": _iso(person.expected_on if person else typed.expected_on),
        "Sex": person.sex if person else typed.sex,
        **_where(typed),
        "school": typed.school,
    }


def _adult(place: ReferralPerson) -> dict[str, Any]:
    typed, person = place.contact_person, place.person
    return {
        "person_id": str(person.pk) if person else None,
        "name": str(person or typed),
        "part": place.part,
        "relationship": typed.relationship,
        "PersonBirthDate": _iso(person.birth_date if person else typed.birth_date),
        "phone": typed.phone,
        **_where(typed),
    }


def _where(typed: ContactPerson) -> dict[str, Any]:
    return {"address": typed.address, "postcode": typed.postcode, "is_no_fixed_address": typed.is_no_fixed_address}


def _iso(when: date | datetime | None) -> str | None:
    return when.isoformat() if when else None
