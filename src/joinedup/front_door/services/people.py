"""Search before create: who somebody named in a referral is, and which family it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.queries import open_cases_about, open_cases_of
from joinedup.core.errors import NotVisible
from joinedup.front_door import rules
from joinedup.front_door.codes import Rating
from joinedup.front_door.events import FAMILY_CHOSEN, FAMILY_TAKEN_BACK, IDENTIFICATION_UNDONE, PERSON_IDENTIFIED
from joinedup.front_door.lifecycle import LABELS, State
from joinedup.front_door.models import ContactPerson, Referral, ReferralPerson
from joinedup.front_door.permissions import (
    CHOOSE_FAMILY,
    CREATE_PERSON_FOR,
    IDENTIFY_PERSON,
    SEARCH_FOR,
    UNDO_IDENTIFICATION,
)
from joinedup.front_door.queries.households import families_about
from joinedup.front_door.services.notes import _close_questions_about
from joinedup.front_door.services.notices import _tell_the_case
from joinedup.front_door.services.repeats import _count_once_identified, _forget_identified
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _people_of, _said
from joinedup.front_door.settings import strong_match
from joinedup.front_door.telling import kind_of_referrer
from joinedup.person_index.queries import SearchQuery, people_named, search_people
from joinedup.person_index.services import (
    NewMember,
    NewPerson,
    create_person,
    found_family,
    join_family,
    record_safe_contact,
)

if TYPE_CHECKING:
    from joinedup.person_index.queries import SearchResult

_WORKED_ON = frozenset({State.RECEIVED, State.IN_TRIAGE, State.PROPOSED, State.DECIDED, State.PASSED_TO_CASE})


@service(SEARCH_FOR, on="place")
def search_for(*, place: ReferralPerson, query: SearchQuery, by: Actor, at: datetime) -> SearchResult:
    """Search the person index for somebody named in the referral, and remember that somebody has searched.

    Too little to search on is no search.
    """
    referral = place.referral
    if State(referral.state) not in _WORKED_ON:
        raise rules.TOO_LATE_TO_CHANGE.refused(state=LABELS[State(referral.state)])
    result = search_people(by, query, purpose="identify somebody in a referral", about=_about(referral))
    if not result.is_too_little:
        place.searched_at, place.searched_by = at, by.account_id
        place.save(update_fields=["searched_at", "searched_by"])
    note(changed=("searched_at",), people=[each.person_id for each in result.candidates])
    return result


@service(IDENTIFY_PERSON, on="place")
def identify_person(*, place: ReferralPerson, person_id: UUID, reason: str, by: Actor, at: datetime) -> ReferralPerson:
    """Say that somebody named in the referral is this known person. Refused before a search (FD-20).

    A child in a family with an open case chooses that family and passes the referral to the case at once.
    """
    referral = _open_to_change(place)
    if person_id not in people_named([person_id]):
        raise NotVisible
    _identify(place, referral, person_id, "linked", by=by, at=at, reason=reason)
    _follow_open_case(referral, place, by=by, at=at)
    return place


@service(CREATE_PERSON_FOR, on="place")
def create_person_for(*, place: ReferralPerson, by: Actor, at: datetime, despite: str = "") -> ReferralPerson:
    """Enter somebody new, as typed in the contact. Refused before a search (FD-20), and where somebody known matches
    strongly (FD-21) unless `despite` says why this is somebody else."""
    referral = _open_to_change(place)
    typed = place.contact_person
    if not despite.strip():
        _refuse_strong_match(referral, typed, by, at)
    person = create_person(facts=_facts_of(typed), source=f"referral {referral.reference}", by=by, at=at)
    _identify(place, referral, person.pk, "created", by=by, at=at, reason=despite)
    return place


def _open_to_change(place: ReferralPerson) -> Referral:
    """Lock the referral, then the place; refuse when it is too late, not searched for, or already known."""
    referral = _lock(place.referral)
    _lock(place)
    if State(referral.state) not in _WORKED_ON:
        raise rules.TOO_LATE_TO_CHANGE.refused(state=LABELS[State(referral.state)])
    if place.searched_at is None:
        raise rules.SEARCH_FIRST.refused(name=str(place.contact_person))
    if place.person is not None:
        raise rules.ALREADY_IDENTIFIED.refused(name=str(place.person))
    return referral


def _about(referral: Referral) -> tuple[str, UUID]:
    """What a search is about, for the guardian of a record it comes upon."""
    return referral._meta.label_lower, referral.pk


def _refuse_strong_match(referral: Referral, typed: ContactPerson, by: Actor, at: datetime) -> None:
    """Search once more for what was typed: what the worker searched for may have been something else."""
    query = SearchQuery(
        given_name=typed.given_name,
        family_name=typed.family_name,
        birth_date=typed.birth_date,
        postcode=typed.postcode,
        nhs_number=typed.nhs_number,
        upn=typed.upn,
    )
    found = search_people(by, query, purpose="create somebody in a referral", about=_about(referral))
    if any(each.score >= strong_match(at) for each in found.candidates):
        raise rules.STRONG_MATCH.refused(name=str(typed))


def _facts_of(typed: ContactPerson) -> NewPerson:
    asker = typed.contact
    is_asker = kind_of_referrer(asker.source_code) == "self" and typed.part == "child"
    return NewPerson(
        given_name=typed.given_name,
        family_name=typed.family_name,
        birth_date=typed.birth_date,
        expected_on=typed.expected_on,
        sex=typed.sex,
        nhs_number=typed.nhs_number,
        upn=typed.upn,
        address=typed.address,
        postcode=typed.postcode,
        is_no_fixed_address=typed.is_no_fixed_address,
        interpreter_language=asker.interpreter_language if is_asker else "",
        communication_needs=asker.communication_needs if is_asker else "",
    )


def _identify(
    place: ReferralPerson, referral: Referral, person_id: UUID, how: str, *, by: Actor, at: datetime, reason: str
) -> None:
    if person_id in _people_of(referral):
        raise rules.SAME_PERSON_TWICE.refused()
    _claim(referral)
    place.person_id, place.how = person_id, how
    place.identified_at, place.identified_by = at, by.account_id
    place.save(update_fields=["person", "how", "identified_at", "identified_by"])
    _record_safe_way(place, by=by, at=at)
    _count_once_identified(place, by=by, at=at)
    _chronicle(PERSON_IDENTIFIED, referral, by=by, at=at, code=how, person_id=person_id)
    note(people=[person_id], changed=("person",), words={"reason": reason} if reason else None)


def _record_safe_way(place: ReferralPerson, *, by: Actor, at: datetime) -> None:
    """How the family can be reached safely, as the contact says, becomes part of their record: that of the parent
    named first, else of the child named first."""
    contact = place.contact_person.contact
    is_told = contact.safe_contact_how in {"letter", "none"} or bool(contact.safe_contact_details)
    if not contact.safe_contact_how or not is_told or place.person is None:
        return
    asks_for_themselves = contact.source_code == "1C"
    named = sorted(contact.people.all(), key=lambda each: (each.part != "parent" or asks_for_themselves, each.position))
    if named and named[0].pk == place.contact_person_id:
        record_safe_contact(
            person=place.person,
            how=contact.safe_contact_how,
            details=contact.safe_contact_details,
            when=contact.safe_contact_when,
            not_through=contact.safe_contact_not_through,
            source=f"referral {contact.reference}",
            by=by,
            at=at,
        )


def _follow_open_case(referral: Referral, place: ReferralPerson, *, by: Actor, at: datetime) -> None:
    """A child in exactly one family with an open case says which family it is (FD-70); of two, somebody chooses."""
    if place.part != "child" or place.person_id is None or referral.family_id is not None:
        return
    if State(referral.state) not in {State.RECEIVED, State.IN_TRIAGE}:
        return
    own = [family.family_id for family in families_about(by, [place.person_id])]
    families = {case.family_id for case in open_cases_about(by, [place.person_id])} | set(open_cases_of(by, own))
    if len(families) == 1:
        _choose(referral, families.pop(), by=by, at=at)


@service(UNDO_IDENTIFICATION, on="place")
def undo_identification(*, place: ReferralPerson, reason: str, by: Actor, at: datetime) -> ReferralPerson:
    """Take back who somebody is, while the referral is open. The person stays in the index.

    A family chosen because of them is taken back with them when nobody else identified belongs to it.
    """
    referral = _lock(place.referral)
    _lock(place)
    if State(referral.state) not in _WORKED_ON - {State.PASSED_TO_CASE}:
        raise rules.TOO_LATE_TO_CHANGE.refused(state=LABELS[State(referral.state)])
    if place.person_id is None:
        raise rules.NOT_IDENTIFIED.refused()
    _said(reason)
    _claim(referral)
    _chronicle(IDENTIFICATION_UNDONE, referral, by=by, at=at, person_id=place.person_id)
    _close_questions_about(referral, place.person_id, "This may be somebody else.", by=by, at=at)
    place.person, place.how, place.identified_at, place.identified_by = None, "", None, None
    place.save(update_fields=["person", "how", "identified_at", "identified_by"])
    _forget_identified(place)
    left = {each.family_id for each in families_about(by, _people_of(referral))}
    if referral.family_id and referral.family_id not in left:
        referral.family = None
        referral.save(update_fields=["family"])
        _chronicle(FAMILY_TAKEN_BACK, referral, by=by, at=at)
    note(changed=("person",))
    return place


@service(CHOOSE_FAMILY, on="referral")
def choose_family(*, referral: Referral, family_id: UUID | None, by: Actor, at: datetime) -> Referral:
    """Say which family the referral is about; None makes a new one of the people identified. The locality follows the
    child's main home. Where the family has an open case the referral passes to it at once."""
    _lock(referral)
    if State(referral.state) not in _WORKED_ON - {State.PASSED_TO_CASE}:
        raise rules.TOO_LATE_TO_CHANGE.refused(state=LABELS[State(referral.state)])
    places = list(_identified(referral))
    if not any(place.part == "child" for place in places):
        raise rules.NOBODY_IDENTIFIED.refused()
    known = {each.family_id: each.people for each in families_about(by, _people_of(referral))}
    if family_id is None and referral.family_id and set(known.get(referral.family_id, ())) == set(_people_of(referral)):
        return referral  # the button was pressed twice: the new family is there
    if family_id is None:
        members = [NewMember(place.person, place.part) for place in places if place.person]
        family_id = found_family(members=members, by=by, at=at).pk
    elif family_id not in known:
        raise NotVisible
    _choose(referral, family_id, by=by, at=at)
    return referral


def _identified(referral: Referral) -> list[ReferralPerson]:
    found = ReferralPerson.objects.filter(referral=referral, person__isnull=False)
    return list(found.select_related("person", "contact_person").order_by("contact_person__position"))


def _choose(referral: Referral, family_id: UUID, *, by: Actor, at: datetime) -> None:
    """Set the family, bring into it whoever is in none, and go to its open case if it has one."""
    _claim(referral)
    referral.family_id = family_id
    referral.save(update_fields=["family"])
    family = referral.family
    if family is None:
        raise NotVisible
    places = _identified(referral)
    settled = {person for each in families_about(by, _people_of(referral)) for person in each.people}
    for place in places:
        if place.person is not None and place.person_id not in settled:
            join_family(family=family, person=place.person, part=place.part, by=by, at=at)
    _chronicle(FAMILY_CHOSEN, referral, by=by, at=at, code=referral.rating)
    note(changed=("family",))
    _tell_the_case(referral, by=by, at=at, stays=referral.rating == Rating.RED)
