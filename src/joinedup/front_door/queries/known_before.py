"""What a form that begins a referral arrives with. A professional is reminded of their own organisation's record of the
child and of what they told the front door themselves before, never of anybody else's; the front door, which may search
the whole index, of what the index knows when somebody rings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.front_door.asking import GROUPS, Kind, is_old, label_of
from joinedup.front_door.codes import SAFE_WAYS
from joinedup.front_door.models import Contact, ContactPerson
from joinedup.front_door.permissions import SUBMIT_REFERRAL, TAKE_CALL
from joinedup.person_index.queries import (
    OwnRecord,
    Recalled,
    RecalledFact,
    SearchQuery,
    SearchResult,
    confirm_after,
    facts_known,
    own_record,
    own_records,
    recalled,
    safe_contact_for,
    search_people,
    withheld_people,
)

_MOST_EARLIER = 10
_CALL = "write down a phone call"


@dataclass(frozen=True)
class KnownField:
    """One fact with who supplied it and when."""

    value: Any
    source: str
    said_on: date

    @property
    def sentence(self) -> str:
        """Who and when, for the line under a question."""
        return f"From {self.source}, {date_long(self.said_on)}."


@dataclass(frozen=True)
class KnownBefore:
    """What a form arrives with. Keys are fields of a contact and of somebody named in it."""

    key: str
    source_kind: str
    source_id: UUID
    name: str
    said_on: date
    source: str
    child: dict[str, KnownField] = field(default_factory=dict)
    carers: tuple[dict[str, KnownField], ...] = ()
    family: dict[str, KnownField] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()

    def said_of(self, group: str) -> date:
        """The day of the facts that one question settles."""
        names = ("safe",) if group == "safe" else ("phone",) if group == "phone" else GROUPS[group][2]
        days = [part[name].said_on for part in (self.child, self.family) for name in names if name in part]
        return min(days, default=self.said_on)


@dataclass(frozen=True)
class LikelyChild:
    """Somebody in one's own sources who may be meant."""

    key: str
    name: str
    birth_date: date | None
    place: str
    source: str
    said_on: date


def likely_children(viewer: Actor, query: SearchQuery) -> tuple[LikelyChild, ...]:
    """Children of one's own sources who may be meant, one's own records first. Audited as a search by both."""
    check(viewer, SUBMIT_REFERRAL)
    found = [
        LikelyChild(f"record:{row.id}", str(row), row.birth_date, row.postcode, _record_source(row), row.said_on)
        for row in own_records(viewer, query)
        if row.household_part in {"", "child"}
    ]
    told = [_told(row) for row in _told_before(viewer, query)]
    return (*found, *told)


def likely_callers_child(viewer: Actor, query: SearchQuery) -> SearchResult:
    """Who in the index a call may be about. The ordinary search: audited, without whoever is withheld, and their
    guardians are told."""
    check(viewer, TAKE_CALL)
    return search_people(viewer, query, purpose=_CALL)


def _record_source(row: OwnRecord) -> str:
    return "your school’s record" if row.is_school else "your organisation’s record"


def _told(row: ContactPerson) -> LikelyChild:
    on = timezone.localdate(row.contact.received_at)
    source = "what you told us before"
    return LikelyChild(f"contact:{row.pk}", str(row), row.birth_date, row.postcode, source, on)


def _told_by(viewer: Actor) -> QuerySet[ContactPerson]:
    """Children in what the viewer's own posts sent, or wrote down of a call. Worries about staff name nobody here."""
    mine = Q(contact__submitted_by_id__in=viewer.post_ids)
    told = ContactPerson.objects.filter(mine, part="child", contact__is_about_staff_member=False)
    return told.exclude(referral_person__person_id__in=withheld_people(viewer))


def _told_before(viewer: Actor, query: SearchQuery) -> list[ContactPerson]:
    alike = Q(pk__in=[])
    if query.family_name and (query.birth_date or query.given_name):
        own = Q(family_name__iexact=query.family_name.strip())
        either = Q(birth_date=query.birth_date) if query.birth_date else Q(pk__in=[])
        if query.given_name:
            either |= Q(given_name__iexact=query.given_name.strip())
        alike |= own & either
    for name in ("nhs_number", "upn"):
        if getattr(query, name):
            alike |= Q(**{name: getattr(query, name)})
    rows = _told_by(viewer).filter(alike).select_related("contact")
    newest: dict[tuple[str, str, date | None], ContactPerson] = {}
    for row in rows.order_by("-contact__received_at", "-pk")[:50]:
        newest.setdefault((row.given_name.casefold(), row.family_name.casefold(), row.birth_date), row)
    return list(newest.values())[:_MOST_EARLIER]


def known_before(viewer: Actor, key: str) -> KnownBefore:
    """What a form arrives with, by the key of a likely child. Somebody else's does not exist."""
    check(viewer, SUBMIT_REFERRAL)
    kind, _, number = key.partition(":")
    if kind == "record":
        try:
            return _from_record(own_record(viewer, UUID(number)))
        except ValueError:
            raise NotVisible from None
    if kind == "index" and can(viewer, TAKE_CALL):
        try:
            return _from_index(recalled(viewer, UUID(number), purpose=_CALL))
        except ValueError:
            raise NotVisible from None
    if kind == "contact" and number.isascii() and number.isdigit() and len(number) < 18:
        row = _told_by(viewer).filter(pk=int(number)).select_related("contact").first()
        if row is not None:
            audit.record_read(
                viewer, subject=("front_door.contact", str(row.contact_id)), people=(), purpose="begin a referral"
            )
            return _from_contact(row)
    raise NotVisible


def _from_record(row: OwnRecord) -> KnownBefore:
    source = _record_source(row)
    child = _facts(row, ("given_name", "family_name", "birth_date", "sex", "address", "postcode"), source, row.said_on)
    child |= _facts(row, ("nhs_number",) if row.nhs_number else ("upn",), source, row.said_on)
    if row.is_school:
        child["school"] = KnownField(row.organisation, source, row.said_on)
    carers = tuple(
        _facts(mate, ("given_name", "family_name"), source, mate.said_on)
        for mate in row.household
        if mate.household_part in {"parent", "carer"}
    )
    phones = [each for each in (row, *row.household) if each.phone and each.household_part != "child"] or [row]
    family = _facts(phones[0], ("phone",), source, phones[0].said_on)
    return KnownBefore(f"record:{row.id}", "record", row.id, str(row), row.said_on, source, child, carers, family)


def _facts(row: Any, names: tuple[str, ...], source: str, on: date) -> dict[str, KnownField]:
    """The fields that say something."""
    said = {name: getattr(row, name) for name in names}
    return {name: KnownField(value, source, on) for name, value in said.items() if value and value != "U"}


def _from_contact(row: ContactPerson) -> KnownBefore:
    contact = row.contact
    on, source = timezone.localdate(contact.received_at), "what you told us"
    names = ("given_name", "family_name", "birth_date", "expected_on", "sex", "address", "postcode", "school")
    child = _facts(row, names, source, on) | _facts(row, ("nhs_number",) if row.nhs_number else ("upn",), source, on)
    carers = tuple(
        _facts(each, ("given_name", "family_name", "relationship"), source, on)
        for each in ContactPerson.objects.filter(contact=contact, part="parent").order_by("position")
    )
    family = _facts(contact, ("interpreter_language", "communication_needs"), source, on) | _safe(contact, source, on)
    return KnownBefore(f"contact:{row.pk}", "contact", contact.pk, str(row), on, source, child, carers, family)


def _from_index(known: Recalled) -> KnownBefore:
    """For a call: the index's facts, each with its own source and day."""

    def field_of(fact: RecalledFact) -> KnownField:
        return KnownField(fact.value, fact.source, fact.said_on)

    facts = {name: field_of(fact) for name, fact in known.facts.items()}
    family: dict[str, KnownField] = {
        name: facts.pop(name) for name in ("phone", "interpreter_language", "communication_needs") if name in facts
    }
    way = known.safe
    if way is not None and way.recorded_at is not None:
        said = {"how": way.how, "details": way.details, "when": way.when, "not_through": way.not_through}
        family["safe"] = KnownField(said, way.source, timezone.localdate(way.recorded_at))
    days = [fact.said_on for fact in (*facts.values(), *family.values())]
    return KnownBefore(
        key=f"index:{known.person_id}",
        source_kind="index",
        source_id=known.person_id,
        name=known.name,
        said_on=min(days, default=date.min),
        source="the index",
        child=facts,
        carers=tuple({name: field_of(fact) for name, fact in each.items()} for each in known.carers),
        family=family,
        cautions=tuple(f"{name}: {advice.sentence}" for name, advice in known.cautions),
    )


def _safe(contact: Contact, source: str, on: date) -> dict[str, KnownField]:
    """A safe way is one fact: how, with what, when, and not through whom."""
    if contact.safe_contact_how not in SAFE_WAYS or contact.safe_contact_how == "none":
        return {}
    names = ("how", "details", "when", "not_through")
    said = {name: getattr(contact, f"safe_contact_{name}") for name in names}
    return {"safe": KnownField(said, source, on)}


# --- At the front door, once somebody is identified.


@dataclass(frozen=True)
class KnownNow:
    """A fact of somebody identified, with who supplied it and when; `is_old` when it must be confirmed first."""

    label: str
    value: str
    source: str
    said_on: date | None
    is_old: bool


def known_now(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, tuple[KnownNow, ...]]:
    """Addresses, phones and the safe way of people named in a referral the viewer has been let in to and whose reading
    is audited."""
    days, on = confirm_after(viewer), timezone.localdate(viewer.at)
    found: dict[UUID, list[KnownNow]] = {person_id: [] for person_id in person_ids}
    for person_id, facts in facts_known(viewer, person_ids).items():
        for fact in facts:
            old = fact.said_on is None or is_old(Kind.CONTACT, fact.said_on, on=on, days=days)
            found[person_id].append(KnownNow(label_of(fact.field), fact.value, fact.source, fact.said_on, old))
    for person_id in person_ids:
        advice = safe_contact_for(person_id)
        if advice.is_recorded and advice.recorded_at is not None:
            said_on = timezone.localdate(advice.recorded_at)
            old = is_old(Kind.SAFETY, said_on, on=on, days=days)
            found[person_id].append(KnownNow("Safe to contact", advice.sentence, advice.source, said_on, old))
    return {person_id: tuple(facts) for person_id, facts in found.items()}
