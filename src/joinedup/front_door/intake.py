"""What arrives at the front door, and everything that is wrong with it, all at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from joinedup.front_door.codes import Answer, Channel


@dataclass(frozen=True)
class NewContactPerson:
    """Somebody named in a contact, as typed. `part` is child, parent or other (codes.PARTS)."""

    part: str = "child"
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    expected_on: date | None = None
    sex: str = "U"
    address: str = ""
    postcode: str = ""
    is_no_fixed_address: bool = False
    nhs_number: str = ""
    upn: str = ""
    school: str = ""
    relationship: str = ""
    phone: str = ""


@dataclass(frozen=True)
class NewContact:
    """One contact as typed or sent. A professional's organisation and post come from who is signed in; only a phone
    call names the caller's `organisation_id`."""

    channel: Channel
    worry: str = ""
    people: tuple[NewContactPerson, ...] = ()
    organisation_id: UUID | None = None
    source_code: str = ""
    referrer_name: str = ""
    referrer_role: str = ""
    referrer_phone: str = ""
    referrer_email: str = ""
    relationship_to_child: str = ""
    is_anonymous: bool = False
    going_well: str = ""
    tried_already: str = ""
    wanted: str = ""
    childs_words: str = ""
    need_code: str = ""
    is_immediate_danger: bool = False
    is_safeguarding_concern: bool = False
    is_about_staff_member: bool = False
    family_knows: Answer = Answer.NOT_ASKED
    family_agrees: Answer = Answer.NOT_ASKED
    agreement_reason: str = ""
    safe_contact_how: str = ""
    safe_contact_details: str = ""
    safe_contact_when: str = ""
    safe_contact_not_through: str = ""
    interpreter_language: str = ""
    communication_needs: str = ""
    idempotency_key: str = ""
    as_supplied: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `field` is a field of NewContact, or `people.0.birth_date` for somebody named in it."""

    field: str
    sentence: str
    rule: str


def faults(contact: NewContact, *, on: date) -> list[Fault]:
    """Everything that stops this contact from being taken, in the order of the form; empty when it can be.

    Immediate danger never waits for a form: then only what is worrying and some way to find the child are asked.
    """
    raise NotImplementedError
