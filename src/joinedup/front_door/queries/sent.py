"""What a referrer may see: what they or their own agency sent, and what they may be told of it. Nothing else."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.front_door.codes import ANSWER_LABELS, PARTS, PRIMARY_NEEDS, SAFE_WAYS, Answer, MayBeTold
from joinedup.front_door.models import Contact, ContactPerson
from joinedup.front_door.permissions import READ_SENT_CONTACTS


@dataclass(frozen=True)
class SentContactRow:
    """One contact in the list of what was sent. `standing` is what may be told in few words."""

    id: UUID
    reference: str
    received_at: datetime
    first_child: str
    sent_by: str
    standing: str


@dataclass(frozen=True)
class SentPerson:
    """Somebody they named, as they typed it."""

    part_label: str
    name: str
    birth_date: date | None
    expected_on: date | None
    address: str
    postcode: str
    school: str
    relationship: str


@dataclass(frozen=True)
class SentContact:
    """Exactly what was typed, as (question, answer) pairs, and `told`: what they may know of it."""

    id: UUID
    reference: str
    received_at: datetime
    sent_by: str
    people: tuple[SentPerson, ...]
    answers: tuple[tuple[str, str], ...]
    standing: str
    told: str
    told_at: datetime | None


def sent_contacts(viewer: Actor, after: str | None = None, *, size: int = 25) -> tuple[list[SentContactRow], str]:
    """What the viewer's posts sent, newest first, and the cursor of the next page ("" at the end)."""
    rows = _sent_by(viewer)
    place = _read_cursor(after)
    if place is not None:
        rows = rows.filter(Q(received_at__lt=place[0]) | Q(received_at=place[0], pk__lt=place[1]))
    found = list(rows.prefetch_related("people").order_by("-received_at", "-pk")[: size + 1])
    shown, more = found[:size], found[size:]
    audit.record_read(
        viewer, subject=("front_door.contact", "sent"), people=(), purpose="list of what was sent", search=True
    )
    cursor = f"{shown[-1].received_at.isoformat()}|{shown[-1].pk}" if more else ""
    return [_row(row) for row in shown], base64.urlsafe_b64encode(cursor.encode()).decode()


def _sent_by(viewer: Actor) -> QuerySet[Contact]:
    if not can(viewer, READ_SENT_CONTACTS):
        raise NotVisible
    mine = Contact.objects.filter(submitted_by_id__in=viewer.post_ids)
    return mine.select_related("submitted_by__account", "referral__reply")


def _row(row: Contact) -> SentContactRow:
    children = [each for each in _people(row) if each.part == "child"]
    return SentContactRow(
        id=row.pk,
        reference=row.reference,
        received_at=row.received_at,
        first_child=str(children[0]) if children else "",
        sent_by=_sender(row),
        standing=standing_of(row)[0],
    )


def _people(row: Contact) -> list[ContactPerson]:
    return sorted(row.people.all(), key=lambda each: each.position)


def _sender(row: Contact) -> str:
    return row.submitted_by.account.name if row.submitted_by else ""


def standing_of(row: Contact) -> tuple[str, str, datetime | None]:
    """What may be told in few words, the words themselves, and when. Until somebody has told the referrer it is
    "Received", wherever it stands: its state would say whether the family is known."""
    reply = getattr(getattr(row, "referral", None), "reply", None)
    if reply is None or reply.told_at is None or reply.may_be_told != MayBeTold.DECISION:
        return "Received", "", None
    return "Answered", reply.text, reply.told_at


def sent_contact(viewer: Actor, contact_id: UUID) -> SentContact:
    """One of them, as typed."""
    row = _sent_by(viewer).prefetch_related("people").filter(pk=contact_id).first()
    if row is None:
        raise NotVisible
    audit.record_read(viewer, subject=("front_door.contact", str(row.pk)), people=(), purpose="what was sent")
    standing, told, told_at = standing_of(row)
    return SentContact(
        id=row.pk,
        reference=row.reference,
        received_at=row.received_at,
        sent_by=_sender(row),
        people=tuple(person_as_typed(each) for each in _people(row)),
        answers=answers_of(row),
        standing=standing,
        told=told,
        told_at=told_at,
    )


def person_as_typed(typed: ContactPerson) -> SentPerson:
    """Somebody named in a contact, as typed; nobody is looked up."""
    return SentPerson(
        part_label=PARTS.get(typed.part, typed.part),
        name=str(typed),
        birth_date=typed.birth_date,
        expected_on=typed.expected_on,
        address="No fixed address" if typed.is_no_fixed_address else typed.address,
        postcode=typed.postcode,
        school=typed.school,
        relationship=typed.relationship,
    )


def answers_of(row: Contact) -> tuple[tuple[str, str], ...]:
    """What was said, as (question, answer) pairs, without the questions nobody answered."""
    pairs = (
        ("What you are worried about", row.worry),
        ("What the child says", row.childs_words),
        ("What is going well", row.going_well),
        ("What has been tried", row.tried_already),
        ("What would help", row.wanted),
        ("Main need", PRIMARY_NEEDS.get(row.need_code, "")),
        ("Somebody is in danger now", "Yes" if row.is_immediate_danger else "No"),
        ("The family knows", ANSWER_LABELS[Answer(row.family_knows)]),
        ("The family agrees", ANSWER_LABELS[Answer(row.family_agrees)]),
        ("Why not", row.agreement_reason),
        ("Safe way to reach the family", SAFE_WAYS.get(row.safe_contact_how, "")),
        ("Number, address or person", row.safe_contact_details),
        ("When it is safe", row.safe_contact_when),
        ("Not through", row.safe_contact_not_through),
        ("Interpreter", row.interpreter_language),
        ("Communication needs", row.communication_needs),
    )
    return tuple((question, answer) for question, answer in pairs if answer)


def _read_cursor(text: str | None) -> tuple[datetime, UUID] | None:
    try:
        received_at, _, row_id = base64.urlsafe_b64decode((text or "").encode()).decode().partition("|")
        place = datetime.fromisoformat(received_at), UUID(row_id)
    except ValueError:
        return None
    return place if place[0].tzinfo else None
