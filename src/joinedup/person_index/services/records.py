"""Agencies' records: storing them, deciding whose they are, and undoing it. Nothing is deleted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import london
from joinedup.core.models import claim_version, new_id
from joinedup.person_index.agency_file import Progress, RecordRow
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    ImportChange,
    ImportRun,
    KeepApart,
    Person,
    RecordLink,
)
from joinedup.person_index.permissions import LIFT_KEEP_APART, LINK_RECORD, SEPARATE_RECORD, STORE_RECORD
from joinedup.person_index.review_settings import most_at_once
from joinedup.person_index.rules import PI_10, PI_13, RecordFacts
from joinedup.person_index.services.attaching import _attach_by_model, _records_waiting
from joinedup.person_index.services.bulk import _copy_rows, _insert_many, _update_many
from joinedup.person_index.services.facts import _lock_index, _refresh_people
from joinedup.person_index.services.households import _found_households
from joinedup.person_index.services.linking import (
    _attach_records,
    _Incoming,
    _Keyed,
    _keyed,
    _match_again,
    in_batches,
)
from joinedup.person_index.services.linking_jobs import _link_later
from joinedup.person_index.services.look_alikes import _shield_look_alikes
from joinedup.person_index.services.moving import _link_to, _separate
from joinedup.person_index.services.settling import _settle_proposals

_FACTS = (
    "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "address", "postcode", "phone",
    "household_reference", "household_part", "as_of",
)  # fmt: skip

_WHO = ("given_name", "family_name", "birth_date", "nhs_number", "upn", "postcode")

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
    """Store many rows, each reference at most once. Called only inside guarded services of this part.

    What takes longest is done before anybody else has to wait: the index is locked once every row has its keys.
    """
    tell = progress or _tell_nobody
    keyed = _keys_of(rows, _held(agency, rows), tell)
    _lock_index()
    held = _held(agency, rows)  # somebody may have stored one of them meanwhile
    stored = Stored()
    new: list[RecordRow] = []
    said_otherwise: list[tuple[UUID, RecordRow]] = []
    said_again: list[tuple[UUID, RecordRow]] = []
    for row in rows:
        there = held.get(row.agency_reference)
        if there is None:
            new.append(row)
        elif there.digest == row.digest:
            stored.unchanged += 1
            if row.as_of and (there.as_of is None or row.as_of > there.as_of):
                said_again.append((there.pk, row))
        elif row.as_of and there.as_of and row.as_of < there.as_of:
            stored.older.append(row)
        else:
            said_otherwise.append((there.pk, row))
    stored.created, stored.updated = len(new), len(said_otherwise)
    stored.people = _confirm(said_again, run)
    changed, people = _replace_versions(said_otherwise, run, at)
    stored.people |= people
    run_id = run.pk if run else None
    again = [each for each in changed if each.says_who_else]
    incoming = [_Incoming(each.record.pk, each.record.facts(), _keyed(each.record)) for each in again]
    stored.people |= _match_again(incoming, run_id=run_id, by=by, at=at)
    ids = _insert_records(agency, new, run, at, tell)
    incoming = [
        _Incoming(record_id, _facts_of(record_id, row, at), keyed.get(row.agency_reference) or _keyed(row))
        for record_id, row in zip(ids, new, strict=True)
    ]
    stored.people |= _attach_records(incoming, run_id=run_id, by=by, at=at, tell=tell)
    stored.people = _link_by_model([each.record.pk for each in again], ids, stored.people, run, by=by, at=at)
    _shield_look_alikes(stored.people, at=at)
    touched = {row.household_reference for row in new} | {each.record.household_reference for each in changed}
    tell("Putting households together", 0, len(touched))
    stored.people |= _found_households(agency, touched - {""}, at, run_id=run_id)
    return stored


def _link_by_model(
    again: list[UUID], new: list[UUID], people: set[UUID], run: ImportRun | None, *, by: Actor, at: datetime
) -> set[UUID]:
    """Records that no exact rule placed are the model's to place: at once where they are few, else in the background."""
    ids = [*again, *new]
    if len(ids) > most_at_once(london(at).date()):
        if run is not None:
            _link_later(run, by=by, at=at)
        return people
    run_id = run.pk if run else None
    _, touched = _attach_by_model(_records_waiting(ids), import_run=run_id, fresh=set(new), by=by, at=at)
    if not touched:
        return people
    return set(Person.objects.filter(pk__in=people | touched).values_list("pk", flat=True))


def _tell_nobody(step: str, done: int, of: int) -> None:
    """For an import nobody watches."""


class _Held(NamedTuple):
    pk: UUID
    digest: str
    as_of: date | None


def _held(agency: Organisation, rows: Sequence[RecordRow]) -> dict[str, _Held]:
    """What is held under the references of some rows, in brief."""
    found: dict[str, _Held] = {}
    for batch in in_batches((row.agency_reference for row in rows), 20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT agency_reference, id, digest, as_of FROM person_index_agencyrecord"
                " WHERE agency_id = %s AND agency_reference = ANY(%s)",
                [agency.pk, batch],
            )
            found.update((reference, _Held(*said)) for reference, *said in cursor)
    return found


def _keys_of(rows: Sequence[RecordRow], held: dict[str, _Held], tell: Progress) -> dict[str, _Keyed]:
    """The keys of every row that is not held yet, by reference."""
    new = [row for row in rows if row.agency_reference not in held]
    found: dict[str, _Keyed] = {}
    for place, row in enumerate(new):
        if place % 5000 == 0:
            tell("Working out what each is found by", place, len(new))
        found[row.agency_reference] = _keyed(row)
    return found


def _facts_of(record_id: UUID, row: RecordRow, at: datetime) -> RecordFacts:
    return RecordFacts(
        record_id=str(record_id),
        newest_at=(row.as_of or at.date(), at),
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        sex=row.sex,
        nhs_number=row.nhs_number,
        upn=row.upn,
        postcode=row.postcode,
        address=row.address,
    )


_RECORD = (
    "id", "version", "agency_id", "agency_reference", "as_supplied", "digest", "supplied_at", "run_id", "first_run",
    *_FACTS,
)  # fmt: skip


def _insert_records(
    agency: Organisation, rows: Sequence[RecordRow], run: ImportRun | None, at: datetime, tell: Progress
) -> list[UUID]:
    """New records, in the order of their rows; returns their ids."""
    tell("Keeping what was supplied", 0, len(rows))
    ids = [new_id() for _ in rows]
    run_id, facts = (run.pk if run else None), attrgetter(*_FACTS)

    def values(record_id: UUID, row: RecordRow) -> tuple[Any, ...]:
        said = json.dumps(row.as_supplied)
        held = (record_id, 1, agency.pk, row.agency_reference, said, row.digest, at, run_id, run_id)
        return (*held, *facts(row))

    _copy_rows(AgencyRecord, _RECORD, map(values, ids, rows))
    return ids


def _records(ids: Iterable[UUID]) -> dict[UUID, AgencyRecord]:
    found: dict[UUID, AgencyRecord] = {}
    for batch in in_batches(ids, 5000):
        found.update(AgencyRecord.objects.in_bulk(batch))
    return found


def _confirm(said_again: list[tuple[UUID, RecordRow]], run: ImportRun | None) -> set[UUID]:
    """The same as before, on a later day. Whose newest record it is may change with that."""
    records = _records(record_id for record_id, _ in said_again)
    _keep_before(records.values(), run)
    for record_id, row in said_again:
        records[record_id].as_of, records[record_id].as_supplied = row.as_of, dict(row.as_supplied)
    _update_many(list(records.values()), ["as_of", "as_supplied"])
    people = _people_of(records)
    shared = {person for person, number in people.items() if number > 1}
    _refresh_people(shared)
    return shared


def _people_of(records: Collection[UUID]) -> Counter[UUID]:
    """The people some records are linked to, with how many records each has in all."""
    people: Counter[UUID] = Counter()
    for batch in in_batches(records, 5000):
        mine = RecordLink.objects.filter(record_id__in=batch, separated_at__isnull=True).values("person_id")
        shared = RecordLink.objects.filter(person_id__in=mine, separated_at__isnull=True)
        people.update(shared.values_list("person_id", flat=True))
    return people


def _keep_before(records: Iterable[AgencyRecord], run: ImportRun | None) -> None:
    """What records said before an import changed them, in full, so that it can be undone."""
    if run is not None:
        _insert_many([ImportChange(run=run, record=record, before=said_before(record)) for record in records])


def said_before(record: AgencyRecord) -> dict[str, Any]:
    """Everything a record says, as plain values."""
    names = ("as_supplied", "digest", *_FACTS, "supplied_at", "run_id")
    return {name: _as_plain(getattr(record, name)) for name in names}


def _as_plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, dict)) else value.isoformat() if isinstance(value, date) else str(value)  # fmt: skip


@dataclass(slots=True)
class _Changed:
    record: AgencyRecord
    says_who_else: bool  # whether it says something new of who this is


def _replace_versions(
    said_otherwise: list[tuple[UUID, RecordRow]], run: ImportRun | None, at: datetime
) -> tuple[list[_Changed], set[UUID]]:
    """Keep what an agency supplied before, take what it supplies now. Returns the records and whose they are."""
    if not said_otherwise:
        return [], set()
    records = _records(record_id for record_id, _ in said_otherwise)
    _keep_before(records.values(), run)
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
            by_run=run.pk if run else None,
        )
        for record in records.values()
    ]
    _insert_many(earlier)
    changed = []
    for record_id, row in said_otherwise:
        record = records[record_id]
        changed.append(_Changed(record, any(getattr(record, name) != getattr(row, name) for name in _WHO)))
        record.as_supplied, record.digest = dict(row.as_supplied), row.digest
        for name in _FACTS:
            setattr(record, name, getattr(row, name))
        record.supplied_at, record.run = at, run
        record.version += 1
    names = ["as_supplied", "digest", *_FACTS, "supplied_at", "run", "version"]
    _update_many(list(records.values()), names)
    people = set(_people_of(records))
    _refresh_people(people)
    return changed, people


@service(LINK_RECORD, on="record")
def link_record(
    *, record: AgencyRecord, person: Person, reason: str, version: int | None = None, by: Actor, at: datetime
) -> RecordLink:
    """Somebody decides that this record is this person's. It leaves the person it was linked to.

    Raises Refused without a reason (PI-10), across a keep-apart (PI-5), or when it is so already (PI-13).
    """
    current = _live_link(record, reason, version)
    if Person.objects.filter(pk=person.pk, continued_by__isnull=False).exists():
        raise Refused("That entry is continued by another person. Link the record to that person.", rule=PI_13.code)
    before = current.person_id
    link = _link_to(current, person.pk, reason=reason, by=by, at=at)
    _settle_proposals({before: person.pk}, at=at)
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
    link = _separate(current, reason=reason, by=by, at=at)[0]
    _settle_proposals({}, at=at, people=[left, link.person_id])
    note(people=[left, link.person_id], changed=("link", "keep_apart"), words={"reason": reason})
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
    _lock_index(patience=5)
    if version is not None:
        claim_version(record, version)
    return RecordLink.objects.select_for_update().get(record=record, separated_at__isnull=True)
