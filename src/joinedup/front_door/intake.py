"""What arrives at the front door, and everything that is wrong with it, all at once. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from joinedup.engines.linkage import identifiers
from joinedup.front_door import rules
from joinedup.front_door.codes import PARTS, PRIMARY_NEEDS, REFERRAL_SOURCES, SAFE_WAYS, Answer, Channel
from joinedup.front_door.telling import is_address


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


T = TypeVar("T", NewContact, NewContactPerson)

_LONGEST_WAIT = timedelta(days=310)
_NEED_DETAILS = frozenset({"phone", "text", "email", "through"})
_READERS: dict[str, Callable[[str], str]] = {
    "nhs_number": lambda text: identifiers.nhs_number(text, allow_synthetic=True),
    "upn": identifiers.upn,
    "postcode": identifiers.postcode,
}
# Codes and numbers have a check of their own, which a text that is too long cannot pass.
_CHECKED = frozenset({"source_code", "need_code", "safe_contact_how", "part", "sex", *_READERS})
# The most each field holds, as the tables do (a test holds that they agree).
MOST: dict[str, int] = {
    "worry": 20_000,
    "going_well": 20_000,
    "tried_already": 20_000,
    "wanted": 20_000,
    "childs_words": 20_000,
    "agreement_reason": 20_000,
    "source_code": 2,
    "need_code": 2,
    "referrer_name": 120,
    "referrer_role": 120,
    "referrer_phone": 30,
    "referrer_email": 254,
    "relationship_to_child": 120,
    "safe_contact_how": 20,
    "safe_contact_details": 254,
    "safe_contact_when": 200,
    "safe_contact_not_through": 300,
    "interpreter_language": 60,
    "communication_needs": 300,
    "idempotency_key": 80,
}
MOST_OF_A_PERSON: dict[str, int] = {
    "part": 10,
    "given_name": 100,
    "family_name": 100,
    "sex": 1,
    "address": 300,
    "postcode": 8,
    "nhs_number": 10,
    "upn": 13,
    "school": 160,
    "relationship": 60,
    "phone": 30,
}


def faults(contact: NewContact, *, on: date) -> list[Fault]:
    """Everything that stops this contact from being taken, in the order of the form; empty when it can be.

    Immediate danger never waits for a form (FD-13): then only what is worrying and some way to find the child are
    asked, and the rest is taken as far as it can be kept (`as_kept`).
    """
    found = [_fault(rules.WORRY_SAID)] if not contact.worry.strip() else []
    if not _somebody_to_find(contact):
        found.append(_fault(rules.SOMEBODY_TO_FIND))
    if contact.is_immediate_danger:
        return found
    found += _referrer_faults(contact)
    found += [fault for place, person in enumerate(contact.people) for fault in _person_faults(place, person, on)]
    found += _agreement_faults(contact)
    found += _safe_way_faults(contact)
    return found + _length_faults(contact)


def _fault(rule: rules.Rule, field: str = "", **words: Any) -> Fault:
    refusal = rule.refused(field, **words)
    return Fault(refusal.field, refusal.sentence, refusal.rule)


def _somebody_to_find(contact: NewContact) -> bool:
    """A name or a place for anybody named; somebody asking for themselves may leave only their own way to be reached.
    A worry about a member of staff is about no child in particular, and may name none."""
    if contact.is_about_staff_member:
        return True
    if any(person.given_name or person.family_name or person.address or person.postcode for person in contact.people):
        return True
    if contact.is_immediate_danger and any(person.phone or person.school for person in contact.people):
        return True
    return contact.channel == Channel.PUBLIC and bool(contact.safe_contact_details or contact.referrer_phone)


def _referrer_faults(contact: NewContact) -> list[Fault]:
    found = []
    if contact.channel == Channel.PHONE and not contact.is_anonymous and not contact.referrer_name:
        found.append(_fault(rules.CALLER_NAMED))
    needs_source = contact.channel in {Channel.PHONE, Channel.PUBLIC}
    if contact.source_code not in REFERRAL_SOURCES and (needs_source or contact.source_code):
        found.append(_fault(rules.SOURCE_KNOWN))
    named = contact.referrer_name or contact.referrer_phone or contact.referrer_email
    signed_in = contact.channel in {Channel.FORM, Channel.API}
    if contact.is_anonymous and (named or signed_in):
        found.append(_fault(rules.ANONYMOUS_MEANS_IT))
    if contact.referrer_email and not is_address(contact.referrer_email):
        found.append(_fault(rules.EMAIL_RIGHT))
    if contact.need_code and contact.need_code not in PRIMARY_NEEDS:
        found.append(_fault(rules.CODE_KNOWN, "need_code"))
    return found


def _person_faults(place: int, person: NewContactPerson, on: date) -> Iterator[Fault]:
    where = f"people.{place}."
    if person.part not in PARTS:
        yield _fault(rules.CODE_KNOWN, f"{where}part")
    if person.sex not in {"M", "F", "U"}:
        yield _fault(rules.CODE_KNOWN, f"{where}sex")
    if person.birth_date and person.birth_date > on:
        yield _fault(rules.BORN_IN_TIME, f"{where}birth_date")
    if person.expected_on and (person.birth_date or person.expected_on > on + _LONGEST_WAIT):
        yield _fault(rules.EXPECTED_SOON, f"{where}expected_on")
    for name, read in _READERS.items():
        try:
            if getattr(person, name):
                read(getattr(person, name))
        except ValueError as wrong:
            yield _fault(rules.NUMBER_RIGHT, f"{where}{name}", fault=str(wrong))


def _agreement_faults(contact: NewContact) -> list[Fault]:
    rule = rules.agreement_fault(contact.family_knows, contact.family_agrees, contact.agreement_reason)
    if rule is None:
        return []
    return [_fault(rule, "family_agrees" if rule is rules.ANSWERS_GO_TOGETHER else "agreement_reason")]


def _safe_way_faults(contact: NewContact) -> list[Fault]:
    how = contact.safe_contact_how
    if how and how not in SAFE_WAYS:
        return [_fault(rules.CODE_KNOWN, "safe_contact_how")]
    if contact.channel == Channel.PUBLIC and not how:
        return [_fault(rules.SAFE_WAY_GIVEN)]
    if how in _NEED_DETAILS and not contact.safe_contact_details:
        return [_fault(rules.SAFE_WAY_GIVEN, "safe_contact_details")]
    if how == "email" and not is_address(contact.safe_contact_details):
        return [_fault(rules.EMAIL_RIGHT, "safe_contact_details")]
    return []


def _length_faults(contact: NewContact) -> list[Fault]:
    found = [
        _fault(rules.NOT_TOO_LONG, name, most=most)
        for name, most in MOST.items()
        if name not in _CHECKED and len(str(getattr(contact, name))) > most
    ]
    return found + [
        _fault(rules.NOT_TOO_LONG, f"people.{place}.{name}", most=most)
        for place, person in enumerate(contact.people)
        for name, most in MOST_OF_A_PERSON.items()
        if name not in _CHECKED and len(getattr(person, name)) > most
    ]


def tidied(contact: NewContact) -> NewContact:
    """The contact without stray spaces, with numbers and postcodes in the one form they are kept in where they can be
    read. Nobody's words are changed."""
    people = tuple(_tidy_person(person) for person in contact.people)
    return replace(_tidy(contact), people=people, as_supplied=_without_nulls(contact.as_supplied))


def _without_nulls(value: Any) -> Any:
    """A partner's own words as sent, but for the null character."""
    if isinstance(value, dict):
        return {_without_nulls(key): _without_nulls(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nulls(each) for each in value]
    return value.replace("\x00", "") if isinstance(value, str) else value


def _tidy_person(person: NewContactPerson) -> NewContactPerson:
    tidy = _tidy(person)
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        with suppress(ValueError):
            read[name] = reader(getattr(tidy, name)) if getattr(tidy, name) else ""
    return replace(tidy, **read)


def _tidy(record: T) -> T:
    """Every text without spaces at its ends and without the null character, which no database text can hold."""
    texts: dict[str, Any] = {
        each.name: value.replace("\x00", "").strip()
        for each in fields(record)
        if type(value := getattr(record, each.name)) is str
    }
    return replace(record, **texts)


def as_kept(contact: NewContact) -> NewContact:
    """A dangerous contact made fit to keep: what no field can hold is cut or left out there, and stays whole in
    `as_supplied`. A contact without faults is returned as it is."""
    people = tuple(_kept_person(person) for person in contact.people)
    kept = replace(_cut(contact, MOST), people=people)
    unknown: dict[str, Any] = {
        name: ""
        for name, codes in (
            ("source_code", REFERRAL_SOURCES),
            ("need_code", PRIMARY_NEEDS),
            ("safe_contact_how", SAFE_WAYS),
        )
        if getattr(kept, name) not in codes
    }
    kept = replace(kept, **unknown)
    return kept if kept == contact else replace(kept, as_supplied=contact.as_supplied or _plain(contact))


def _kept_person(person: NewContactPerson) -> NewContactPerson:
    part = person.part if person.part in PARTS else "other"
    sex = person.sex if person.sex in {"M", "F", "U"} else "U"
    return replace(_cut(person, MOST_OF_A_PERSON), part=part, sex=sex)


def _cut(record: T, most: dict[str, int]) -> T:
    """Identifiers that are too long are left out, since a cut one would be wrong; words are cut."""
    short: dict[str, Any] = {
        name: ("" if name in _READERS else getattr(record, name)[:length])
        for name, length in most.items()
        if len(str(getattr(record, name))) > length
    }
    return replace(record, **short)


def _plain(contact: NewContact) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(asdict(contact), default=str))
    return plain
