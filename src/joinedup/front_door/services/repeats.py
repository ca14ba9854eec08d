"""Counting what was asked again. Called only inside guarded services: taking a contact in, and saying who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.front_door import asking
from joinedup.front_door.asking import Shown
from joinedup.front_door.codes import Channel
from joinedup.front_door.models import Confirmation, Contact, ContactPerson, Prefill, ReferralPerson, Repeat
from joinedup.front_door.queries.known_before import KnownBefore, known_before
from joinedup.person_index.queries import facts_known, records_known_by, withheld_people

_PERSON_FIELDS = (
    "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "school", "address", "postcode", "phone",
)  # fmt: skip
_CONTACT_FIELDS = (
    "safe_contact_details", "safe_contact_when", "safe_contact_not_through", "interpreter_language",
    "communication_needs",
)  # fmt: skip


@dataclass(frozen=True)
class _Source:
    """What one permitted source had said of somebody, or of how to reach a family, before it was typed."""

    kind: str
    id: UUID | None
    organisation_id: UUID | None
    said_on: date | None
    values: Mapping[str, Any]


# --- At sending.


def _count_at_sending(contact: Contact, shown: Shown | None, *, by: Actor, at: datetime) -> None:
    """Keep what the form arrived with, write the confirmations, and count what was typed though it was known."""
    is_call = contact.channel == Channel.PHONE
    somebody = contact.taken_by_id if is_call else contact.submitted_by_id
    if contact.channel not in {Channel.FORM, Channel.PHONE} or somebody is None or contact.is_about_staff_member:
        return
    known = _known(shown, by)
    named = list(contact.people.order_by("position"))
    first = next((each for each in named if each.part == "child"), None)
    if known is not None and shown is not None:
        fields = [*shown.child_fields, *shown.family_fields]
        Prefill.objects.create(
            contact=contact,
            contact_person=first,
            source_kind=known.source_kind,
            source_id=known.source_id,
            fields=fields,
        )
        _write_confirmations(contact, first, known, shown, by=by, at=at)
    for person in named:
        if person.part != "child":
            continue
        mine = known if person == first else None
        sources = [*(_sources_of(mine) if mine else ()), *(() if is_call else _own_sources(contact, person, by=by))]
        leave = asking.FOUND_BY if is_call else frozenset()
        _write_repeats(contact, person, sources, shown if mine else None, noticed="sent", by=by, at=at, leave=leave)


def _known(shown: Shown | None, by: Actor) -> KnownBefore | None:
    """What was shown, looked up again: a page cannot claim to have shown somebody else's facts."""
    if shown is None:
        return None
    try:
        return known_before(by, shown.key)
    except NotVisible:
        return None


def _sources_of(known: KnownBefore) -> list[_Source]:
    """What was known, the newest first: one row for each day it was said on."""
    said: dict[date, dict[str, Any]] = {}
    for name, fact in (*known.child.items(), *known.family.items()):
        values = said.setdefault(fact.said_on, {})
        if name == "phone":
            values.setdefault("safe_contact_details", fact.value)
        elif name == "safe":
            values |= {f"safe_contact_{part}": value for part, value in fact.value.items()}
        else:
            values[name] = fact.value
    days = sorted(said, reverse=True)
    return [_Source(known.source_kind, known.source_id, None, day, said[day]) for day in days]


def _write_confirmations(
    contact: Contact, person: ContactPerson | None, known: KnownBefore, shown: Shown, *, by: Actor, at: datetime
) -> None:
    Confirmation.objects.bulk_create(
        Confirmation(
            contact=contact,
            contact_person=person if group == "home" else None,
            group=group,
            answer=answer,
            source_kind=known.source_kind,
            source_id=known.source_id,
            source_said_on=known.said_of(group),
            organisation_id=contact.organisation_id,
            answered_by=by.account_id,
            at=at,
        )
        for group, answer in shown.asked.items()
        if group in asking.GROUPS and answer in set(asking.Still)
    )


def _own_sources(contact: Contact, person: ContactPerson, *, by: Actor, person_id: UUID | None = None) -> list[_Source]:
    """What the sender's organisation had supplied and the sender had told of this child before, the newest first."""
    found: list[_Source] = []
    if contact.organisation_id is not None:
        alike = [(person.family_name, person.birth_date)]
        ids = [person_id] if person_id else []
        rows = records_known_by(
            by, organisation_id=contact.organisation_id, before=contact.received_at, person_ids=ids, alike=alike
        )
        for row in rows:
            is_same = person_id is not None or _is_same_child(person, row.given_name, row.nhs_number, row.upn)
            if is_same:
                values = {name: getattr(row, name, "") for name in _PERSON_FIELDS}
                values |= {"safe_contact_details": row.phone, "school": row.organisation if row.is_school else ""}
                found.append(_Source("record", row.id, row.organisation_id, row.said_on, values))
    return [*found, *_told_before(contact, person, person_id, by=by)]


def _is_same_child(typed: ContactPerson, given_name: str, nhs_number: str, upn: str) -> bool:
    """Last name and date of birth are equal already; a twin has another first name."""
    if (typed.nhs_number and typed.nhs_number == nhs_number) or (typed.upn and typed.upn == upn):
        return True
    return asking.normal("given_name", typed.given_name) == asking.normal("given_name", given_name)


def _told_before(contact: Contact, person: ContactPerson, person_id: UUID | None, *, by: Actor) -> list[_Source]:
    alike = Q(pk__in=[])
    if person.family_name and person.birth_date:
        alike |= Q(family_name__iexact=person.family_name, birth_date=person.birth_date)
    if person_id:
        alike |= Q(referral_person__person_id=person_id)
    rows = ContactPerson.objects.filter(
        alike,
        contact__submitted_by_id=contact.submitted_by_id,
        contact__received_at__lt=contact.received_at,
        contact__is_about_staff_member=False,
        part="child",
    ).exclude(contact=contact)
    rows = rows.exclude(referral_person__person_id__in=withheld_people(by))  # nobody could be reminded of them
    found = []
    for row in rows.select_related("contact").order_by("-contact__received_at")[:10]:
        if person_id is None and not _is_same_child(person, row.given_name, row.nhs_number, row.upn):
            continue
        values = {name: getattr(row, name) for name in _PERSON_FIELDS}
        values |= {name: getattr(row.contact, name) for name in _CONTACT_FIELDS}
        said_on = timezone.localdate(row.contact.received_at)
        found.append(_Source("contact", row.contact_id, row.contact.organisation_id, said_on, values))
    return found


def _write_repeats(
    contact: Contact,
    person: ContactPerson,
    sources: Iterable[_Source],
    shown: Shown | None,
    *,
    noticed: str,
    by: Actor,
    at: datetime,
    leave: frozenset[str] = frozenset(),
) -> None:
    """One row for each field that some source knew, said by the first that did."""
    typed = {name: getattr(person, name) for name in _PERSON_FIELDS}
    if person.position == _first_child(contact):
        typed |= {name: getattr(contact, name) for name in _CONTACT_FIELDS}
    stood = {*shown.child_fields, *shown.family_fields} if shown else set()
    rows: dict[str, Repeat] = {}
    for source in sources:
        for name in asking.repeated(typed, source.values, shown=stood, asked=shown.asked if shown else None):
            if name in leave or name in rows:
                continue
            rows[name] = Repeat(
                contact=contact,
                contact_person=person,
                field=name,
                source_kind=source.kind,
                source_id=source.id,
                source_organisation_id=source.organisation_id,
                source_said_on=source.said_on,
                organisation_id=contact.organisation_id,
                typed_by=by.account_id,
                at=contact.received_at,
                noticed=noticed,
                digest=_digest(name, typed[name]),
            )
    Repeat.objects.bulk_create(rows.values(), ignore_conflicts=True)


def _first_child(contact: Contact) -> int:
    places = [each.position for each in contact.people.all() if each.part == "child"]
    return min(places, default=-1)


def _digest(name: str, value: Any) -> str:
    """Which value it was, without the value: enough to see that two repeats are of the same thing."""
    said = f"{name}:{asking.normal(name, value)}"
    return salted_hmac("joinedup.repeat", said, algorithm="sha256").hexdigest()


# --- Once somebody is identified.


def _count_once_identified(place: ReferralPerson, *, by: Actor, at: datetime) -> None:
    """Now that it is known who they are: what the sender's own sources had of this person, however it was spelt; for a
    call, what the person index had, but for what the caller had to say to be found at all."""
    typed, person_id = place.contact_person, place.person_id
    contact = typed.contact
    if person_id is None or contact.is_about_staff_member or typed.part != "child":
        return
    prefill = Prefill.objects.filter(contact=contact, contact_person=typed).first()
    shown = None
    if prefill is not None:
        asked = dict(Confirmation.objects.filter(contact=contact).values_list("group", "answer"))
        shown = Shown("", tuple(prefill.fields), (), asked)
    if contact.channel == Channel.FORM and contact.submitted_by_id is not None:
        sources = _own_sources(contact, typed, by=by, person_id=person_id)
        sender = contact.submitted_by
        typist = sender.account_id if sender else None
        _write_repeats(contact, typed, sources, shown, noticed="identified", by=_as_typist(by, typist), at=at)
    elif contact.channel == Channel.PHONE and place.how == "linked":
        if prefill is not None and prefill.source_id == person_id:
            return  # they were found before the call was written down: what was asked again is counted already
        taker = contact.taken_by
        typist = taker.account_id if taker else None
        sources = _index_sources(person_id, contact, by=by)
        _write_repeats(
            contact,
            typed,
            sources,
            shown,
            noticed="identified",
            by=_as_typist(by, typist),
            at=at,
            leave=asking.FOUND_BY,
        )


def _as_typist(by: Actor, account_id: UUID | None) -> Actor:
    """Who typed it, for the row; who identified the person is on the audit trail."""
    return Actor(account_id, "", by.at, by.via, by.standings)


def _index_sources(person_id: UUID, contact: Contact, *, by: Actor) -> list[_Source]:
    on = timezone.localdate(contact.received_at)
    found = []
    for fact in facts_known(by, [person_id]).get(person_id, ()):
        if fact.said_on is None or fact.said_on >= on:
            continue
        values: dict[str, Any] = {fact.field: fact.value}
        if fact.field == "phone":
            values["safe_contact_details"] = fact.value
        if fact.field == "address":
            lines, _, postcode = fact.value.rpartition(", ")
            values = {"address": lines or fact.value, "postcode": postcode}
        found.append(_Source("index", None, None, fact.said_on, values))
    return found


def _forget_identified(place: ReferralPerson) -> None:
    """It was somebody else after all: what was counted only because of who it was is no repeat."""
    Repeat.objects.filter(contact_person_id=place.contact_person_id, noticed="identified").delete()
