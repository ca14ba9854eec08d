"""What an agency observed: imported or sent, withdrawn, undone. Good rows land together, each rejected row is reported
with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import london
from joinedup.core.tabular import FOR_AN_IMPORT, MEGABYTE, UnreadableFile, read_table
from joinedup.person_index.agency_file import Rejected
from joinedup.person_index.models import AgencyRecord, Observation, ObservationRun, RecordLink
from joinedup.person_index.observing import (
    NoSuchColumns,
    ObservationFile,
    ObservationRow,
    known_titles,
    read_given,
    read_observations,
)
from joinedup.person_index.permissions import IMPORT_OBSERVATIONS, WITHDRAW_OBSERVATION
from joinedup.person_index.queries.observation_runs import UNDO_WITHIN, agency_observed_by
from joinedup.person_index.rules import PI_9, PI_10, PI_13, PI_15
from joinedup.person_index.services.bulk import _insert_many
from joinedup.person_index.services.linking import in_batches

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_WITHDRAWN = (
    "The agency has withdrawn this observation. What is true may be sent with another value or for another day."
)
_UNKNOWN = "This agency has sent no record with this reference. Send the person's record first."


@dataclass(frozen=True)
class ObservationImport:
    """What an import did. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates."""

    counts: dict[str, int]
    rejected: list[Rejected] = field(default_factory=list)
    run_id: UUID | None = None


@service(IMPORT_OBSERVATIONS)
def import_observations(
    *,
    agency_code: str,
    file_name: str,
    content: bytes,
    columns: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
) -> ObservationImport:
    """Import a table of an agency's observations in one transaction. The same file again changes nothing. `columns` says
    what titles hold, where they do not say it themselves.

    Raises Refused for an unknown agency (PI-14) or a file that cannot be read at all (PI-9), and NotPermitted where
    somebody who answers for one agency imports another's.
    """
    agency = agency_observed_by(by, agency_code)
    try:
        table = read_table(
            content, file_name, score=known_titles, most_bytes=settings.IMPORT_MEGABYTES * MEGABYTE, apart=FOR_AN_IMPORT
        )
        file = read_observations(table, today=london(at).date(), columns=columns)
    except (UnreadableFile, NoSuchColumns) as wrong:
        raise Refused(str(wrong), rule=PI_9.code, field="file") from None
    digest = hashlib.sha256(content).hexdigest()
    return _land(agency, file, file_name[:200], digest, by=by, at=at, dry_run=dry_run)


@service(IMPORT_OBSERVATIONS)
def record_observations(
    *, agency_code: str, given: Sequence[Mapping[str, str]], by: Actor, at: datetime
) -> ObservationImport:
    """Record what an agency's own system sends, by the rules of a file: good ones land together, the others come back
    with why. Raises Refused for an unknown agency (PI-14) and NotPermitted for another agency's."""
    agency = agency_observed_by(by, agency_code)
    file = read_given(given, today=london(at).date())
    digest = hashlib.sha256(json.dumps([dict(each) for each in given], sort_keys=True).encode()).hexdigest()
    return _land(agency, file, "Sent by the agency’s own system", digest, by=by, at=at, dry_run=False)


def _land(
    agency: Organisation, file: ObservationFile, name: str, digest: str, *, by: Actor, at: datetime, dry_run: bool
) -> ObservationImport:
    """Keep what was read, with its receipt. Called only inside the guarded services."""
    with transaction.atomic():
        run = ObservationRun.objects.create(
            agency=agency, file_name=name, file_digest=digest, started_at=at, imported_by=by.account_id
        )
        counts, unusable = _store(agency, file, run, at)
        rejected = sorted([*file.rejected, *unusable], key=lambda each: (each.row, each.field))
        run.counts, run.rejected = counts, [asdict(each) for each in rejected]
        run.save(update_fields=["counts", "rejected"])
        if dry_run:
            transaction.set_rollback(True)
    note(
        changed=() if dry_run else ("observations",),
        words={"file": name, "dry_run": dry_run, **counts},
        subject=None if dry_run else run,
    )
    return ObservationImport(counts, rejected, None if dry_run else run.pk)


@service(WITHDRAW_OBSERVATION, on="observation")
def withdraw_observation(*, observation: Observation, reason: str, by: Actor, at: datetime) -> Observation:
    """Say that an observation was wrong: nothing looks at it from now on, and the same is not taken again. The row stays,
    with who withdrew it and why. Raises Refused without a reason (PI-10) or where it is gone already (PI-13)."""
    if not reason.strip():
        raise Refused("Say why it was wrong, so that the next person can follow it.", rule=PI_10.code, field="reason")
    held = Observation.objects.select_for_update(of=("self",)).get(pk=observation.pk)
    if held.replaced_at is not None:
        raise Refused("This observation was withdrawn or replaced meanwhile.", rule=PI_13.code)
    held.replaced_at, held.withdrawn_by, held.withdrawal_reason = at, by.account_id, reason.strip()[:300]
    held.save(update_fields=["replaced_at", "withdrawn_by", "withdrawal_reason"])
    people = RecordLink.objects.filter(record_id=held.record_id, separated_at__isnull=True)
    note(people=list(people.values_list("person_id", flat=True)), changed=("withdrawn",), words={"kind": held.kind})
    return held


@service(IMPORT_OBSERVATIONS, on="run")
def undo_observations(*, run: ObservationRun, reason: str, by: Actor, at: datetime) -> ObservationRun:
    """Take an import back within a day: what it brought counts no more, and what it replaced is as it was. An observation
    that a later import replaced, or that somebody withdrew, stays as it is. Raises Refused without a reason (PI-10),
    after a day or a second time (PI-15)."""
    held = ObservationRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    agency_observed_by(by, held.agency.code)
    if not reason.strip():
        raise Refused("Say why, so that the next person can follow it.", rule=PI_10.code, field="reason")
    if held.undone_at is not None or at > held.started_at + UNDO_WITHIN:
        raise Refused("An import can be undone within a day, once.", rule=PI_15.code)
    brought = Observation.objects.filter(run=held)
    removed = brought.filter(replaced_at__isnull=True).update(replaced_at=at, replaced_by=held)
    restored = _restore(held)
    held.undone_at, held.undone_by = at, by.account_id
    held.undone = {
        "reason": reason.strip()[:300], "removed": removed, "restored": restored, "kept": brought.count() - removed,
    }  # fmt: skip
    held.save(update_fields=["undone_at", "undone_by", "undone"])
    note(changed=("undone",), words={"removed": removed, "restored": restored}, subject=held)
    return held


def _restore(run: ObservationRun) -> int:
    """What the import replaced holds again, where nothing later does. Called only inside the guarded service."""
    there = Observation.objects.filter(
        record_id=OuterRef("record_id"), kind=OuterRef("kind"), happened_on=OuterRef("happened_on"),
        replaced_at__isnull=True,
    )  # fmt: skip
    before = Observation.objects.filter(replaced_by=run, withdrawal_reason="").exclude(run=run)
    return before.exclude(Exists(there)).update(replaced_at=None, replaced_by=None)


def _store(
    agency: Organisation, file: ObservationFile, run: ObservationRun, at: datetime
) -> tuple[dict[str, int], list[Rejected]]:
    """Keep what is new or otherwise than before. Called only inside the guarded service."""
    records = _records(agency, {row.agency_reference for row in file.rows})
    unusable = [
        Rejected(row.line, "agency_reference", row.agency_reference, _UNKNOWN)
        for row in file.rows
        if row.agency_reference not in records
    ]
    known = [row for row in file.rows if row.agency_reference in records]
    withdrawn = _withdrawn(records)
    again = [row for row in known if _said(records[row.agency_reference], row) in withdrawn]
    unusable += [Rejected(row.line, "happened_on", row.happened_on.isoformat(), _WITHDRAWN) for row in again]
    known = [row for row in known if _said(records[row.agency_reference], row) not in withdrawn]
    held = _held(records, known)
    new, replaced, unchanged = [], [], 0
    for row in known:
        record_id = records[row.agency_reference]
        there = held.get((record_id, row.kind, row.happened_on))
        if there is not None and (there.value, there.ended_on, there.detail) == (row.value, row.ended_on, row.detail):
            unchanged += 1
            continue
        if there is not None:
            replaced.append(there.pk)
        new.append(_observation(record_id, row, run, at))
    for batch in in_batches(replaced, 5000):
        Observation.objects.filter(pk__in=batch).update(replaced_at=at, replaced_by=run)
    _insert_many(new)
    counts = {
        "read": file.read, "created": len(new) - len(replaced), "unchanged": unchanged, "updated": len(replaced),
        "rejected": file.rejected_rows + len(unusable), "duplicates": file.duplicates,
    }  # fmt: skip
    return counts, unusable


def _records(agency: Organisation, references: set[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for batch in in_batches(sorted(references), 5000):
        rows = AgencyRecord.objects.filter(agency=agency, agency_reference__in=batch)
        found.update(rows.values_list("agency_reference", "pk"))
    return found


def _said(record_id: UUID, row: ObservationRow) -> tuple[object, ...]:
    return record_id, row.kind, row.happened_on, row.value


def _withdrawn(records: Mapping[str, UUID]) -> set[tuple[object, ...]]:
    """What the agency has withdrawn of these records: the same is not taken again."""
    found: set[tuple[object, ...]] = set()
    for batch in in_batches(sorted(records.values()), 5000):
        rows = Observation.objects.filter(record_id__in=batch).exclude(withdrawal_reason="")
        found.update(rows.values_list("record_id", "kind", "happened_on", "value"))
    return found


def _held(records: dict[str, UUID], rows: Sequence[ObservationRow]) -> dict[tuple[UUID, str, object], Observation]:
    found: dict[tuple[UUID, str, object], Observation] = {}
    for batch in in_batches(sorted({records[row.agency_reference] for row in rows}), 5000):
        for there in Observation.objects.filter(record_id__in=batch, replaced_at__isnull=True):
            found[(there.record_id, there.kind, there.happened_on)] = there
    return found


def _observation(record_id: UUID, row: ObservationRow, run: ObservationRun, at: datetime) -> Observation:
    return Observation(
        record_id=record_id, kind=row.kind, happened_on=row.happened_on, ended_on=row.ended_on, value=row.value,
        detail=row.detail, supplied_at=at, run=run,
    )  # fmt: skip
