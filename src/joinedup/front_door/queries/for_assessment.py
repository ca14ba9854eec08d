"""What the referral of a case, and partners' answers to it, already say: so that an assessment does not ask again.

What only the front door may know stays here: who asked, where that was not a professional, and who must not know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework.assessing import Given
from joinedup.front_door.codes import SAFE_WAYS
from joinedup.front_door.models import Contact, ContactPerson, Referral, ReferralPerson
from joinedup.front_door.queries.profile import case_profile
from joinedup.front_door.telling import kind_of_referrer
from joinedup.information_sharing.codes import Involvement
from joinedup.person_index.queries import without_restricted

if TYPE_CHECKING:
    from joinedup.casework.models import Case

_CHILD = ("given_name", "family_name", "birth_date", "sex", "nhs_number", "upn")
_HOME = ("address", "postcode", "school")
_TOLD = (("reason", "worry"), ("going_well", "going_well"), ("tried", "tried_already"), ("wanted", "wanted"))


def given_for_assessment(viewer: Actor, case: Case, child_id: UUID) -> list[Given]:
    """What the newest referral on a case says of a child and the family, for whoever may see that referral, and which
    partners said they work with the child, for everybody in the team around the child."""
    rows = Referral.objects.visible_to(viewer).filter(case=case).select_related("contact__organisation")
    referral = rows.order_by("-received_at", "-pk").first()
    said = list(_from_referral(viewer, referral, child_id)) if referral is not None else []
    return said + list(_from_partners(viewer, case, child_id))


def _from_referral(viewer: Actor, referral: Referral, child_id: UUID) -> Iterator[Given]:
    contact, on = referral.contact, timezone.localdate(referral.received_at)
    source = f"referral {referral.reference}"
    places = list(
        ReferralPerson.objects.filter(referral=referral)
        .select_related("contact_person")
        .order_by("contact_person__position")
    )
    seen = set(without_restricted(viewer, [place.person_id for place in places if place.person_id]))
    shown = [place for place in places if place.person_id is None or place.person_id in seen]
    child = next((place.contact_person for place in shown if place.person_id == child_id), None)
    if child is not None:
        yield from _child(child, source, on)
    carers = [place.contact_person for place in shown if place.part == "parent"][:2]
    for number, carer in enumerate(carers, start=1):
        facts = {"name": str(carer), "relationship": carer.relationship, "phone": carer.phone}
        yield from (Given("carers", f"carer{number}_{name}", said, source, on) for name, said in facts.items() if said)
    yield from _contact(contact, source, on)


def _child(child: ContactPerson, source: str, on: date) -> Iterator[Given]:
    for section, names in (("child", _CHILD), ("home", _HOME)):
        for name in names:
            said = getattr(child, name)
            if said and said != "U":
                yield Given(section, name, said, source, on)
    if child.is_no_fixed_address:
        yield Given("home", "address", "No fixed address", source, on)


def _contact(contact: Contact, source: str, on: date) -> Iterator[Given]:
    for question, name in _TOLD:
        yield Given("reason", question, getattr(contact, name), source, on)
    yield Given("reason", "need", contact.need_code, source, on)
    yield Given("childs_words", "words", contact.childs_words, source, on)
    for name in ("interpreter_language", "communication_needs"):
        yield Given("child", name, getattr(contact, name), source, on)
    if contact.safe_contact_how in SAFE_WAYS:
        details = (contact.safe_contact_details, contact.safe_contact_when)
        words = ", ".join([SAFE_WAYS[contact.safe_contact_how], *(each for each in details if each)])
        yield Given("home", "safe_contact", words[:300], source, on)
    if kind_of_referrer(contact.source_code, is_anonymous=contact.is_anonymous) == "professional":
        works = contact.organisation.name if contact.organisation else ""
        who = ", ".join(each for each in (contact.referrer_name, contact.referrer_role, works) if each)
        yield Given("reason", "referred_by", who[:300], source, on)
        by = [each for each in (works, contact.referrer_name, contact.referrer_role, contact.referrer_phone) if each]
        yield Given("services", "services", ", ".join(by), source, on)


def _from_partners(viewer: Actor, case: Case, child_id: UUID) -> Iterator[Given]:
    """Who said that they work with the child now, one a line."""
    profile = case_profile(viewer, case.pk, purpose="begin an assessment")
    people = profile.people if profile else ()
    answers = [
        (card.request.organisation, card.answer)
        for person in people
        if person.person_id == child_id
        for card in person.cards
        if card.answer is not None and card.answer.involvement == Involvement.CURRENT
    ]
    if answers:
        lines = [
            ", ".join(each for each in (name, answer.worker, answer.worker_role, answer.phone) if each)
            for name, answer in answers
        ]
        newest = max(answer.as_of for _, answer in answers)
        yield Given("services", "services", "\n".join(lines), "partners’ answers", newest)
