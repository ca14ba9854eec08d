"""Rows of a referral as the page shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from joinedup.front_door.codes import (
    HANDOVER_LABELS,
    LEVELS_OF_NEED,
    OUTCOME_LABELS,
    PARTS,
    PRIMARY_NEEDS,
    REFERRAL_SOURCES,
    HandoverStatus,
    MayBeTold,
    Outcome,
)
from joinedup.front_door.lifecycle import LABELS, State
from joinedup.front_door.models import (
    CaseNotice,
    Contact,
    Decision,
    Handover,
    RatingGiven,
    Referral,
    ReferralPerson,
    ReferralTransition,
    ReferrerReply,
)
from joinedup.front_door.queries.moves import is_reply_overdue
from joinedup.front_door.queries.records import (
    ContactSaid,
    DecisionRow,
    HandoverSeen,
    NoticeSeen,
    Place,
    RatingRow,
    Referrer,
    ReplySeen,
    TransitionRow,
)
from joinedup.front_door.queries.replies import can_be_reached, reach_now, reach_of, suggested_words
from joinedup.front_door.settings import rating_label
from joinedup.front_door.telling import ways_to_tell, what_may_be_told

NameOf = Callable[[UUID | None], str]


def contact_said(contact: Contact) -> ContactSaid:
    """What they said, exactly as it came."""
    return ContactSaid(
        worry=contact.worry,
        going_well=contact.going_well,
        tried_already=contact.tried_already,
        wanted=contact.wanted,
        childs_words=contact.childs_words,
        need=PRIMARY_NEEDS.get(contact.need_code, ""),
        family_knows=contact.family_knows,
        family_agrees=contact.family_agrees,
        agreement_reason=contact.agreement_reason,
        safe_contact_how=contact.safe_contact_how,
        safe_contact_details=contact.safe_contact_details,
        safe_contact_when=contact.safe_contact_when,
        safe_contact_not_through=contact.safe_contact_not_through,
        interpreter_language=contact.interpreter_language,
        communication_needs=contact.communication_needs,
    )


def referrer_seen(contact: Contact) -> Referrer:
    """Who it is from, and what they may be told."""
    reach = reach_of(contact)
    may, sentence = what_may_be_told(reach.kind, can_be_reached=can_be_reached(reach))
    return Referrer(
        name="Anonymous" if contact.is_anonymous else contact.referrer_name,
        role=contact.referrer_role,
        organisation=contact.organisation.name if contact.organisation else "",
        source=REFERRAL_SOURCES.get(contact.source_code, ""),
        phone=contact.referrer_phone,
        email=contact.referrer_email,
        relationship_to_child=contact.relationship_to_child,
        is_anonymous=contact.is_anonymous,
        taken_by=contact.taken_by.account.name if contact.taken_by else "",
        may_be_told=may,
        may_be_told_sentence=f"Nothing is owed: {sentence}" if may == MayBeTold.NOTHING else sentence,
    )


def place_seen(place: ReferralPerson, name_of: NameOf) -> Place:
    """Somebody named in the referral, as typed and as known."""
    typed, person = place.contact_person, place.person
    return Place(
        id=place.pk,
        part=place.part,
        part_label=PARTS.get(place.part, place.part),
        given_name=typed.given_name,
        family_name=typed.family_name,
        birth_date=typed.birth_date,
        expected_on=typed.expected_on,
        sex=typed.sex,
        address=typed.address,
        postcode=typed.postcode,
        is_no_fixed_address=typed.is_no_fixed_address,
        nhs_number=typed.nhs_number,
        upn=typed.upn,
        school=typed.school,
        relationship=typed.relationship,
        phone=typed.phone,
        searched_at=place.searched_at,
        searched_by=name_of(place.searched_by) if place.searched_at else "",
        person_id=place.person_id,
        person_name=str(person) if person else "",
        person_birth_date=person.birth_date if person else None,
        how=place.how,
        identified_at=place.identified_at,
        identified_by=name_of(place.identified_by) if place.identified_at else "",
    )


def rating_row(given: RatingGiven, name_of: NameOf, on: date, *, is_in_force: bool) -> RatingRow:
    """One rating."""
    label = rating_label(given.rating, on)
    return RatingRow(given.rating, label, given.reason, given.decide_by, given.at, name_of(given.by), is_in_force)


def decision_row(row: Decision, name_of: NameOf) -> DecisionRow:
    """One proposal or decision."""
    status = "decided" if row.decided_at else "sent_back" if row.sent_back_at else "waiting"
    return DecisionRow(
        id=row.pk,
        status=status,
        outcome=row.outcome,
        outcome_label=OUTCOME_LABELS[Outcome(row.outcome)],
        level=row.level,
        level_label=LEVELS_OF_NEED.get(row.level, ""),
        reason=row.reason,
        look_back=row.look_back,
        advice_given=row.advice_given,
        agency=row.agency.name if row.agency else "",
        proposed_by=name_of(row.proposed_by),
        proposed_at=row.proposed_at,
        decided_by=name_of(row.decided_by) if row.decided_at else "",
        decided_at=row.decided_at,
        sent_back_by=name_of(row.sent_back_by) if row.sent_back_at else "",
        sent_back_at=row.sent_back_at,
        sent_back_reason=row.sent_back_reason,
    )


def transition_row(row: ReferralTransition, name_of: NameOf) -> TransitionRow:
    """One change of state."""
    return TransitionRow(row.start, row.end, LABELS[State(row.end)], row.at, name_of(row.by), row.reason)


def notice_seen(notice: CaseNotice, name_of: NameOf, at: datetime) -> NoticeSeen:
    """The case it was passed to."""
    case = notice.case
    answered = notice.acknowledged_at or notice.returned_at
    return NoticeSeen(
        case_reference=case.reference,
        team=case.team.name,
        lead_professional=case.lead_professional.account.name if case.lead_professional else "",
        sent_at=notice.sent_at,
        acknowledge_by=notice.acknowledge_by,
        acknowledged_at=notice.acknowledged_at,
        acknowledged_by=name_of(notice.acknowledged_by) if notice.acknowledged_at else "",
        response=notice.response,
        is_overdue=answered is None and notice.acknowledge_by < at,
    )


def handover_seen(handover: Handover) -> HandoverSeen:
    """What was read back."""
    return HandoverSeen(
        receipt=handover.receipt,
        sent_at=handover.sent_at,
        status=handover.status,
        status_label=HANDOVER_LABELS[HandoverStatus(handover.status)],
        statutory_reference=handover.statutory_reference,
        worker=handover.worker,
        received_at=handover.received_at,
        updated_at=handover.updated_at,
        next_date=handover.next_date,
        next_date_means=handover.next_date_means,
    )


def reply_seen(reply: ReferrerReply, referral: Referral, name_of: NameOf, at: datetime, agency: str) -> ReplySeen:
    """The duty to tell the referrer."""
    reach = reach_now(referral)
    _, sentence = what_may_be_told(reach.kind, can_be_reached=can_be_reached(reach))
    if reply.may_be_told == MayBeTold.NOTHING:
        sentence = f"Nothing is owed: {reply.why_nothing}"
    subject, text = (reply.subject, reply.text) if reply.told_at else suggested_words(referral, agency)
    return ReplySeen(
        may_be_told=reply.may_be_told,
        sentence=sentence,
        due_by=reply.due_by,
        is_overdue=is_reply_overdue(reply, at),
        told_at=reply.told_at,
        told_by=name_of(reply.told_by) if reply.told_at else "",
        how=reply.how,
        subject=subject,
        text=text,
        ways=ways_to_tell(reach),
    )
