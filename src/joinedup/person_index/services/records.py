"""Agencies' records: storing them, deciding whose they are, and undoing it. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version
from joinedup.person_index.agency_file import Progress, RecordRow
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    ImportRun,
    KeepApart,
    Person,
    RecordLink,
)
from joinedup.person_index.permissions import LIFT_KEEP_APART, LINK_RECORD, SEPARATE_RECORD, STORE_RECORD
from joinedup.person_index.rules import PI_5, PI_7, PI_10, PI_13
from joinedup.person_index.services.bulk import _insert_many, _update_many
from joinedup.person_index.services.facts import _lock_index, _refresh_people
from joinedup.person_index.services.households import _found_households
from joinedup.person_index.services.linking import _attach_records, _make_person_of, in_batches
from joinedup.person_index.services.look_alikes import _shield_look_alikes

_FACTS = (
    "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "address", "postcode", "phone",
    "household_reference", "household_part", "as_of",
)  # fmt: skip

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass
class Stored:
    """What became of some rows. `older` are rows that say less recent things than what is held."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    older: list[RecordRow] = field(default_factory=list)
    people: set[UUID] = field(default_factory=set)


@service(STORE_RECORD, on="agency")
def store_record(*, agency: Organisation, row: RecordRow, by: Actor, at: datetime) -> AgencyRecord:
    """Keep one record as its agency supplied it and link it by rule, or to a new person. The same row again changes
    nothing; a changed one keeps the earlier version."""
    stored = _store_rows(agency, [row], run=None, by=by, at=at)
    record = AgencyRecord.objects.get(agency=agency, agency_reference=row.agency_reference)
    note(people=stored.people, changed=("record",) if stored.people else (), subject=record)
    return record


def _store_rows(
    agency: Organisation,
    rows: Sequence[RecordRow],
    *,
    run: ImportRun | None,
    by: Actor,
    at: datetime,
    progress: Progress | None = None,
) -> Stored:
    """Store many rows, each reference at most once. Called only inside guarded services of this part."""
    _lock_index()
    held: dict[str, AgencyRecord] = {}
    for batch in in_batches((row.agency_reference for row in rows), 5000):
        for record in AgencyRecord.objects.filter(agency=agency, agency_reference__in=batch):
            held[record.agency_reference] = record
    stored = Stored()
    new: list[AgencyRecord] = []
    changed: list[tuple[AgencyRecord, RecordRow]] = []
    confirmed: list[AgencyRecord] = []
    for row in rows:
        there = held.get(row.agency_reference)
        if there is None:
            new.append(_record_of(agency, row, run, at))
        elif there.digest == row.digest:
            stored.unchanged += 1
            if row.as_of and (there.as_of is None or row.as_of > there.as_of):
                there.as_of, there.as_supplied = row.as_of, dict(row.as_supplied)
                confirmed.append(there)
        elif row.as_of and there.as_of and row.as_of < there.as_of:
            stored.older.append(row)
        else:
            changed.append((there, row))
    _update_many(confirmed, ["as_of", "as_supplied"])
    _insert_many(new)
    stored.created, stored.updated = len(new), len(changed)
    stored.people = _attach_records(new, by=by, at=at) | _replace_versions(changed, run, at)
    _shield_look_alikes(stored.people, at=at)
    touched = {record.household_reference for record in [*new, *(record for record, _ in changed)]}
    stored.people |= _found_households(agency, touched - {""}, at)
    return stored


def _record_of(agency: Organisation, row: RecordRow, run: ImportRun | None, at: datetime) -> AgencyRecord:
    record = AgencyRecord(agency=agency, agency_reference=row.agency_reference)
    _copy_row(record, row, run, at)
    return record


def _copy_row(record: AgencyRecord, row: RecordRow, run: ImportRun | None, at: datetime) -> None:
    record.as_supplied, record.digest = dict(row.as_supplied), row.digest
    for name in _FACTS:
        setattr(record, name, getattr(row, name))
    record.supplied_at, record.run = at, run


def _replace_versions(changed: list[tuple[AgencyRecord, RecordRow]], run: ImportRun | None, at: datetime) -> set[UUID]:
    """Keep what an agency supplied before, take what it supplies now; links stay as they are until a person decides."""
    if not changed:
        return set()
    earlier = [
        EarlierVersion(
            record=record,
            as_supplied=record.as_supplied,
            digest=record.digest,
            given_name=record.given_name,
            family_name=record.family_name,
            address=record.address,
            postcode=record.postcode,
            as_of=record.as_of,
            supplied_at=record.supplied_at,
            replaced_at=at,
        )
        for record, _ in changed
    ]
    _insert_many(earlier)
    for record, row in changed:
        _copy_row(record, row, run, at)
        record.version += 1
    names = ["as_supplied", "digest", *_FACTS, "supplied_at", "run", "version"]
    _update_many([record for record, _ in changed], names)
    people: set[UUID] = set()
    for batch in in_batches([record.pk for record, _ in changed], 5000):
        live = RecordLink.objects.filter(record_id__in=batch, separated_at__isnull=True)
        people.update(live.values_list("person_id", flat=True))
    _refresh_people(people)
    return people


@service(LINK_RECORD, on="record")
def link_record(
    *, record: AgencyRecord, person: Person, reason: str, version: int | None = None, by: Actor, at: datetime
) -> RecordLink:
    """Somebody decides that this record is this person's. It leaves the person it was linked to.

    Raises Refused without a reason (PI-10), across a keep-apart (PI-5), or when it is so already (PI-13).
    """
    current = _live_link(record, reason, version)
    if current.person_id == person.pk:
        raise Refused("This record is linked to this person already.", rule=PI_13.code)
    if KeepApart.objects.filter(record=record, person=person, lifted_at__isnull=True).exists():
        raise Refused(PI_5.sentence, rule=PI_5.code)
    if Person.objects.filter(pk=person.pk, continued_by__isnull=False).exists():
        raise Refused("That entry is continued by another person. Link the record to that person.", rule=PI_13.code)
    before = current.person_id
    link = _move(current, person.pk, rule="person", reason=reason, by=by, at=at)
    _refresh_people([before, person.pk])
    _shield_look_alikes([before, person.pk], at=at)
    if not _stands(before):
        Person.objects.filter(pk=before).update(continued_by=person.pk)
    note(people=[before, person.pk], changed=("link",), words={"reason": reason})
    return link


@service(SEPARATE_RECORD, on="record")
def separate_record(
    *, record: AgencyRecord, reason: str, version: int | None = None, by: Actor, at: datetime
) -> RecordLink:
    """Somebody decides that this record is not the person it is linked to. It goes back to the person it was linked to
    before, or to a new person made of it, and is kept apart from this one. Both people are then exactly what their own
    records and stated facts make them. Raises Refused when nothing else is known of the person (PI-7).
    """
    current = _live_link(record, reason, version)
    left = current.person_id
    others = RecordLink.objects.filter(person_id=left, separated_at__isnull=True).exclude(pk=current.pk)
    if not others.exists() and not _has_stated_facts(left):
        raise Refused(PI_7.sentence, rule=PI_7.code)
    KeepApart.objects.create(record=record, person_id=left, reason=reason, decided_at=at, decided_by=by.account_id)
    own = _person_before(record, left) or _make_person_of(record, at).pk
    link = _move(current, own, rule="separated", reason=reason, by=by, at=at)
    _refresh_people([left, own])
    _shield_look_alikes([left, own], at=at)
    note(people=[left, own], changed=("link", "keep_apart"), words={"reason": reason})
    return link


@service(LIFT_KEEP_APART, on="keep_apart")
def lift_keep_apart(*, keep_apart: KeepApart, reason: str, by: Actor, at: datetime) -> KeepApart:
    """Somebody decides that a record and a person may be linked again. It links nothing by itself."""
    _needs_reason(reason)
    live = KeepApart.objects.filter(pk=keep_apart.pk, lifted_at__isnull=True)
    if not live.update(lifted_at=at, lifted_by=by.account_id):
        raise Refused("This has been lifted already.", rule=PI_13.code)
    keep_apart.refresh_from_db()
    note(people=[keep_apart.person_id], changed=("keep_apart",), words={"reason": reason})
    return keep_apart


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Say why, so that the next person can follow it.", rule=PI_10.code, field="reason")


def _live_link(record: AgencyRecord, reason: str, version: int | None) -> RecordLink:
    """The link in force, with everything that decides about records waiting its turn."""
    _needs_reason(reason)
    _lock_index()
    if version is not None:
        claim_version(record, version)
    return RecordLink.objects.select_for_update().get(record=record, separated_at__isnull=True)


def _move(current: RecordLink, person_id: UUID, *, rule: str, reason: str, by: Actor, at: datetime) -> RecordLink:
    current.separated_at, current.separated_by, current.separation_reason = at, by.account_id, reason
    current.save(update_fields=["separated_at", "separated_by", "separation_reason"])
    return RecordLink.objects.create(
        record_id=current.record_id,
        person_id=person_id,
        rule=rule,
        reason=reason,
        linked_at=at,
        linked_by=by.account_id,
    )


def _person_before(record: AgencyRecord, left: UUID) -> UUID | None:
    """The last person the record was linked to that nobody has kept it apart from."""
    apart = KeepApart.objects.filter(record=record, lifted_at__isnull=True).values("person_id")
    earlier = RecordLink.objects.filter(record=record, separated_at__isnull=False).exclude(person_id=left)
    link = earlier.exclude(person_id__in=apart).order_by("-pk").first()
    return link.person_id if link else None


def _has_stated_facts(person_id: UUID) -> bool:
    person = Person.objects.get(pk=person_id)
    return bool(person.stated) or person.names.exists() or person.addresses.exists()


def _stands(person_id: UUID) -> bool:
    return RecordLink.objects.filter(person_id=person_id, separated_at__isnull=True).exists() or _has_stated_facts(
        person_id
    )
