"""Taking a contact in: one door for a professional's form, a phone call, a partner's system and the public page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.permissions import check
from joinedup.access.roles import FRONT_DOOR, PROFESSIONALS
from joinedup.core.errors import Refused
from joinedup.core.models import new_reference
from joinedup.front_door import intake
from joinedup.front_door.asking import Shown
from joinedup.front_door.codes import REFERRAL_SOURCES, Channel, Rating
from joinedup.front_door.events import REFERRAL_RECEIVED
from joinedup.front_door.intake import NewContact
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Contact, ContactPerson, Referral, ReferralPerson
from joinedup.front_door.permissions import ASK_FOR_HELP, SUBMIT_REFERRAL, TAKE_CALL
from joinedup.front_door.rules import DANGER_NEVER_WAITS
from joinedup.front_door.services.allegations import _set_apart
from joinedup.front_door.services.repeats import _count_at_sending
from joinedup.front_door.services.replies import _acknowledge_receipt
from joinedup.front_door.services.steps import _chronicle, _write_transition
from joinedup.front_door.services.triage import _rate
from joinedup.front_door.settings import decide_by
from joinedup.front_door.telling import kind_of_referrer
from joinedup.organisations.queries import locality_for_postcode, post_of

# What a signed-in professional's contact counts as where their organisation has no code of its own.
_OTHER_AGENCY = "8"
_ABUSE = "N1"
_TYPED = [each.name for each in fields(NewContact) if each.name not in {"people", "organisation_id"}]


@dataclass(frozen=True)
class _Sender:
    """Whose contact it is: the post that sent it, or the post that took the call, and the organisation."""

    submitted_by_id: UUID | None = None
    taken_by_id: UUID | None = None
    organisation_id: UUID | None = None


@service(SUBMIT_REFERRAL)
def submit_referral(*, contact: NewContact, by: Actor, at: datetime, shown: Shown | None = None) -> Contact:
    """Take a professional's contact: their own form, a call the front door writes down, or a partner's system.

    Nothing is looked up, so neither the answer nor its time says whether anybody is known. The same idempotency key
    from the same post returns the contact it made before. `shown` is what the form arrived with, so that what was typed
    though it was known is counted (rule: `asking.repeated`). Refuses with `extra["faults"]`, a list of
    `{field, sentence, rule}`, when `intake.faults` finds any.
    """
    if contact.channel == Channel.PHONE:
        check(by, TAKE_CALL)
        standing = by.standing_as(FRONT_DOOR)
        sender = _Sender(taken_by_id=standing.source_id if standing else None, organisation_id=contact.organisation_id)
        row = _take_in(contact, sender, by=by, at=at)
        if row.received_at == at:
            _count_at_sending(row, shown, by=by, at=at)
        return row
    if contact.channel == Channel.PUBLIC:
        raise ValueError("the public page has its own service")
    standing = by.standing_as(PROFESSIONALS)
    sender = _Sender(
        submitted_by_id=standing.source_id if standing else None,
        organisation_id=standing.organisation_id if standing else contact.organisation_id,
    )
    row = _take_in(_from_post(contact, by), sender, by=by, at=at)
    if row.received_at == at:
        _count_at_sending(row, shown, by=by, at=at)
    return row


@service(ASK_FOR_HELP)
def ask_for_help(*, contact: NewContact, by: Actor, at: datetime) -> Contact:
    """Take what a parent, a young person or a neighbour wrote on the public page. As `submit_referral` otherwise."""
    if contact.channel != Channel.PUBLIC:
        raise ValueError("only the public page asks for help")
    return _take_in(contact, _Sender(), by=by, at=at)


def _from_post(contact: NewContact, by: Actor) -> NewContact:
    """Fill in who sent it from the post, so that nobody is asked what the program knows."""
    post = post_of(by, PROFESSIONALS)
    if post is None:
        return contact
    known = post.host.referral_source
    code = contact.source_code or known
    if kind_of_referrer(code) != "professional":
        code = known if kind_of_referrer(known) == "professional" else _OTHER_AGENCY
    typed = asdict(contact) | {"people": contact.people, "source_code": code}
    for name, value in (
        ("referrer_name", by.name),
        ("referrer_role", post.title),
        ("referrer_phone", post.phone),
        ("referrer_email", post.account.email),
    ):
        typed[name] = typed[name] or value
    return NewContact(**typed)


def _take_in(contact: NewContact, sender: _Sender, *, by: Actor, at: datetime) -> Contact:
    contact = intake.tidied(contact)
    faults = intake.faults(contact, on=timezone.localdate(at))
    if faults:
        first = faults[0]
        raise Refused(
            first.sentence, rule=first.rule, field=first.field, extra={"faults": [asdict(each) for each in faults]}
        )
    before = _sent_before(contact, sender)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            row = _keep(intake.as_kept(contact), sender, at)
    except IntegrityError:
        before = _sent_before(contact, sender)
        if before is None:
            raise
        return before
    note(subject=row)
    if row.is_about_staff_member:
        _set_apart(row, by=by, at=at)
    else:
        _open_referral(row, by=by, at=at)
    return row


def _sent_before(contact: NewContact, sender: _Sender) -> Contact | None:
    if not contact.idempotency_key:
        return None
    found = Contact.objects.filter(
        submitted_by_id=sender.submitted_by_id, taken_by_id=sender.taken_by_id, idempotency_key=contact.idempotency_key
    )
    return found.first()


def _keep(contact: NewContact, sender: _Sender, at: datetime) -> Contact:
    """The contact and everybody named in it, as typed."""
    typed = {name: getattr(contact, name) for name in _TYPED}
    if typed["source_code"] not in REFERRAL_SOURCES:
        typed["source_code"] = "10"
    row = Contact.objects.create(
        reference=new_reference("R"),
        received_at=at,
        submitted_by_id=sender.submitted_by_id,
        taken_by_id=sender.taken_by_id,
        organisation_id=sender.organisation_id,
        **typed,
    )
    ContactPerson.objects.bulk_create(
        [ContactPerson(contact=row, position=place, **asdict(person)) for place, person in enumerate(contact.people)]
    )
    return row


def _open_referral(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Make the referral the front door works on. Danger is red at once and pages the person on duty (FD-13)."""
    named = list(contact.people.order_by("position"))
    postcode = next((each.postcode for each in named if each.part == "child" and each.postcode), "")
    referral = Referral.objects.create(
        reference=contact.reference,
        contact=contact,
        received_at=at,
        decide_by=decide_by(at, ""),
        is_safeguarding_concern=_is_concern(contact),
        family_knows=contact.family_knows,
        family_agrees=contact.family_agrees,
        agreement_reason=contact.agreement_reason,
        locality=locality_for_postcode(by, postcode),
    )
    ReferralPerson.objects.bulk_create(
        [ReferralPerson(referral=referral, contact_person=each, part=each.part) for each in named]
    )
    _write_transition(referral, "", State.RECEIVED, by=by, at=at)
    _chronicle(REFERRAL_RECEIVED, referral, by=by, at=at, code=contact.channel)
    _acknowledge_receipt(referral, by=by, at=at)
    if contact.is_immediate_danger:
        _rate(referral, Rating.RED, DANGER_NEVER_WAITS.sentence, by=by, at=at)


def _is_concern(contact: Contact) -> bool:
    """Whatever box was ticked, danger and abuse or neglect are safeguarding concerns."""
    return contact.is_safeguarding_concern or contact.is_immediate_danger or contact.need_code == _ABUSE
