"""One person as their page shows them, why the viewer may see them, and names for other parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.grounds import person_grounds
from joinedup.core.errors import NotVisible
from joinedup.person_index.codes import RELATIONSHIPS
from joinedup.person_index.models import KeepApart, Person, Relationship, SafeContact
from joinedup.person_index.queries.contact import SafeContactAdvice, advice_of
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.queries.families import FamilyRecord, families_with, members_beside
from joinedup.person_index.queries.kept import people_shown
from joinedup.person_index.queries.known import KnownAddress, KnownName, KnownRecord, known_of, said_once


@dataclass(frozen=True)
class PersonName:
    """The least another part needs to show somebody the viewer has been let in to."""

    person_id: UUID
    name: str
    birth_date: date | None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Related:
    """`name` is the `kind` (in words) of the person the page is about, or the other way round if `is_theirs`."""

    person_id: UUID
    name: str
    kind: str
    is_theirs: bool
    has_parental_responsibility: bool | None
    starts_on: date | None
    ends_on: date | None
    source: str


@dataclass(frozen=True)
class KeptApart:
    """A record that somebody decided is not this person's."""

    id: UUID
    agency: str
    agency_reference: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True)
class Difference:
    """One fact as each agency has it; `differs` when they do not agree."""

    label: str
    values: tuple[str | date | None, ...]
    differs: bool


@dataclass(frozen=True)
class PersonRecord:
    """Everything the index knows of one person, for somebody who may see it."""

    id: UUID
    version: int
    name: str
    given_name: str
    family_name: str
    known_as: str
    birth_date: date | None
    is_birth_date_estimated: bool
    expected_on: date | None
    died_on: date | None
    sex: str
    nhs_number: str
    upn: str
    interpreter_language: str
    communication_needs: str
    names: tuple[KnownName, ...]
    addresses: tuple[KnownAddress, ...]
    present_addresses: tuple[KnownAddress, ...]
    records: tuple[KnownRecord, ...]
    differences: tuple[Difference, ...]
    relationships: tuple[Related, ...]
    families: tuple[FamilyRecord, ...]
    safe_contact: SafeContactAdvice
    kept_apart: tuple[KeptApart, ...]
    continued_by: PersonName | None
    grounds: tuple[str, ...]
    # This entry and those it continues: what else is recorded under any of them is theirs.
    entry_ids: tuple[UUID, ...]
    # Whether what lets the viewer see them also lets them be worked with, and not only be read.
    is_open_to_change: bool

    @property
    def pk(self) -> UUID:
        """So that a permission can be asked about what the page shows."""
        return self.id


def person(viewer: Actor, person_id: UUID, *, purpose: str) -> PersonRecord:
    """One person's record. Raises NotVisible where no ground of the viewer opens it; the read is audited."""
    row = _told_more(viewer, Person.objects.visible_to(viewer)).filter(pk=person_id).first()
    if row is None:
        raise NotVisible
    entries = entries_of([row.pk]) if row.has_earlier else [row.pk]
    known = known_of([row.pk], with_history=True)[row.pk]
    bonds, beside = _bonds(entries), members_beside(entries)
    ids = {each for bond in bonds for each in (bond.person_id, bond.other_id)} | {each.person_id for each in beside}
    seen = people_shown(viewer, ids) if ids else set()
    families = families_with(each for each in beside if each.person_id in seen)
    related = _related(bonds, entries, seen)
    record = PersonRecord(
        id=row.pk,
        version=row.version,
        name=str(row),
        given_name=row.given_name,
        family_name=row.family_name,
        known_as=row.known_as,
        birth_date=row.birth_date,
        is_birth_date_estimated=row.is_birth_date_estimated,
        expected_on=row.expected_on,
        died_on=row.died_on,
        sex=row.get_sex_display(),
        nhs_number=row.nhs_number,
        upn=row.upn,
        interpreter_language=row.interpreter_language,
        communication_needs=row.communication_needs,
        names=said_once(known.names),
        addresses=said_once(known.addresses),
        present_addresses=tuple(known.present_addresses),
        records=tuple(known.records),
        differences=differences_between(known.records),
        relationships=related,
        families=tuple(families),
        safe_contact=_safe_contact(row.pk, entries),
        kept_apart=_kept_apart(entries) if row.has_earlier or row.is_kept_apart else (),
        continued_by=_named(row.continued_by) if row.continued_by else None,
        grounds=_grounds(viewer, entries),
        entry_ids=tuple(entries),
        is_open_to_change=row.is_open_to_change,
    )
    shown = {row.pk, *(each.person_id for each in related)}
    shown |= {mate.person_id for each in families for mate in (*each.members, *each.former)}
    audit.record_read(viewer, subject=(Person._meta.label_lower, str(row.pk)), people=shown, purpose=purpose)
    return record


def _told_more(viewer: Actor, people: QuerySet[Person]) -> QuerySet[Any]:
    """With what spares most pages a statement: whether an entry continues another, has a record kept apart, may be changed."""
    own = OuterRef("pk")
    return people.select_related("continued_by").annotate(
        has_earlier=Exists(Person.objects.filter(continued_by=own)),
        is_kept_apart=Exists(KeepApart.objects.filter(person=own, lifted_at__isnull=True)),
        is_open_to_change=Exists(Person.objects.visible_to(viewer, to_change=True).filter(pk=own)),
    )


def person_for_change(viewer: Actor, person_id: UUID, *, purpose: str) -> Person:
    """The person a service is about to change, for a viewer who may see them; 404 for others. The read is audited."""
    row = Person.objects.visible_to(viewer).filter(pk=person_id).first()
    if row is None:
        raise NotVisible
    audit.record_read(viewer, subject=(Person._meta.label_lower, str(row.pk)), people=[row.pk], purpose=purpose)
    return row


def _named(row: Person) -> PersonName:
    return PersonName(row.pk, str(row), row.birth_date)


def _safe_contact(person_id: UUID, entries: list[UUID]) -> SafeContactAdvice:
    rows = SafeContact.objects.filter(person_id__in=entries)
    return advice_of(person_id, rows.order_by("-recorded_at", "-pk").first())


def _kept_apart(entries: list[UUID]) -> tuple[KeptApart, ...]:
    rows = KeepApart.objects.filter(person_id__in=entries, lifted_at__isnull=True).select_related("record__agency")
    return tuple(
        KeptApart(row.pk, row.record.agency.name, row.record.agency_reference, row.reason, row.decided_at)
        for row in rows.order_by("decided_at")
    )


def _bonds(entries: list[UUID]) -> list[Relationship]:
    """Both directions."""
    mine = Q(person_id__in=entries) | Q(other_id__in=entries)
    return list(Relationship.objects.filter(mine).select_related("person", "other").order_by("pk"))


def _related(rows: list[Relationship], entries: list[UUID], seen: set[UUID]) -> tuple[Related, ...]:
    """Only people the viewer may see."""
    found = []
    for row in rows:
        is_theirs = row.person_id in entries
        who = row.other if is_theirs else row.person
        if who.pk not in seen:
            continue
        found.append(
            Related(
                who.pk,
                str(who),
                RELATIONSHIPS.get(row.kind, row.kind),
                is_theirs,
                row.has_parental_responsibility,
                row.starts_on,
                row.ends_on,
                row.source,
            )
        )
    return tuple(found)


_COMPARED = {
    "First name": "given_name",
    "Last name": "family_name",
    "Date of birth": "birth_date",
    "Sex": "sex",
    "NHS number": "nhs_number",
    "Unique pupil number": "upn",
    "Address": "address",
    "Postcode": "postcode",
    "Phone": "phone",
}


def differences_between(records: list[KnownRecord]) -> tuple[Difference, ...]:
    """Facts side by side, one value for each record, marked where those that say something do not agree. Facts that
    nobody has are left out."""
    found = [Difference("As of", tuple(record.as_of for record in records), False)] if records else []
    for label, name in _COMPARED.items():
        values = tuple(getattr(record, name) for record in records)
        said = {str(value).casefold() for value in values if value and value != "U"}
        if said:
            found.append(Difference(label, values, len(said) > 1))
    return tuple(found)


def grounds_of(viewer: Actor, person_id: UUID) -> tuple[str, ...]:
    """Why the viewer is seeing this person, in sentences; two queries however many grounds there are."""
    return _grounds(viewer, entries_of([person_id]))


def _grounds(viewer: Actor, entries: list[UUID]) -> tuple[str, ...]:
    if viewer.is_system:
        return ("You are the program itself.",)
    opened: dict[str, Q] = {}
    sentences: dict[str, str] = {}
    for number, ground in enumerate(person_grounds()):
        ids = ground.people(viewer)
        if ids is not None:
            opened[f"ground_{number}"] = Q(pk__in=ids)
            sentences[f"ground_{number}"] = ground.sentence
    if not opened:
        return ()
    held = {name: ExpressionWrapper(test, output_field=BooleanField()) for name, test in opened.items()}
    rows = Person.objects.filter(pk__in=entries).annotate(**held).values(*held)
    return tuple(sentences[name] for name in held if any(row[name] for row in rows))


def people_named(ids: Iterable[UUID]) -> dict[UUID, PersonName]:
    """Names and dates of birth for people the caller has been let in to; the caller audits. One query."""
    rows = Person.objects.filter(pk__in=set(ids)).only("given_name", "family_name", "birth_date")
    return {row.pk: _named(row) for row in rows}
