"""Importing what an agency observed: good rows land together, each rejected row is reported with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import london
from joinedup.core.tabular import UnreadableFile, read_table
from joinedup.organisations.queries import organisation_with_code
from joinedup.person_index.agency_file import Rejected
from joinedup.person_index.models import AgencyRecord, Observation, ObservationRun
from joinedup.person_index.observing import (
    NoSuchColumns,
    ObservationFile,
    ObservationRow,
    known_titles,
    read_observations,
)
from joinedup.person_index.permissions import IMPORT_OBSERVATIONS
from joinedup.person_index.rules import PI_9, PI_14
from joinedup.person_index.services.bulk import _insert_many
from joinedup.person_index.services.linking import in_batches

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_UNKNOWN = "This agency has sent no record with this reference. Send the person's record first."


@dataclass(frozen=True)
class ObservationImport:
    """What an import did. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates."""

    counts: dict[str, int]
    rejected: list[Rejected] = field(default_factory=list)
    run_id: UUID | None = None


@service(IMPORT_OBSERVATIONS)
def import_observations(
    *, agency_code: str, file_name: str, content: bytes, by: Actor, at: datetime, dry_run: bool = False
) -> ObservationImport:
    """Import a table of an agency's observations in one transaction. The same file again changes nothing.

    Raises Refused for an unknown agency (PI-14) or a file that cannot be read at all (PI-9).
    """
    try:
        agency = organisation_with_code(by, agency_code)
    except NotVisible:
        raise Refused(f"There is no agency with the code {agency_code}.", rule=PI_14.code, field="agency") from None
    try:
        table = read_table(content, file_name, score=known_titles)
        file = read_observations(table, today=london(at).date())
    except (UnreadableFile, NoSuchColumns) as wrong:
        raise Refused(str(wrong), rule=PI_9.code, field="file") from None
    with transaction.atomic():
        run = ObservationRun.objects.create(
            agency=agency, file_name=file_name[:200], file_digest=hashlib.sha256(content).hexdigest(), started_at=at,
            imported_by=by.account_id,
        )  # fmt: skip
        counts, unknown = _store(agency, file, run, at)
        rejected = sorted([*file.rejected, *unknown], key=lambda each: (each.row, each.field))
        run.counts, run.rejected = counts, [asdict(each) for each in rejected]
        run.save(update_fields=["counts", "rejected"])
        if dry_run:
            transaction.set_rollback(True)
    note(
        changed=() if dry_run else ("observations",),
        words={"file": file_name, "dry_run": dry_run, **counts},
        subject=None if dry_run else run,
    )
    return ObservationImport(counts, rejected, None if dry_run else run.pk)


def _store(
    agency: Organisation, file: ObservationFile, run: ObservationRun, at: datetime
) -> tuple[dict[str, int], list[Rejected]]:
    """Keep what is new or otherwise than before. Called only inside the guarded service."""
    records = _records(agency, {row.agency_reference for row in file.rows})
    unknown = [
        Rejected(row.line, "agency_reference", row.agency_reference, _UNKNOWN)
        for row in file.rows
        if row.agency_reference not in records
    ]
    known = [row for row in file.rows if row.agency_reference in records]
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
        Observation.objects.filter(pk__in=batch).update(replaced_at=at)
    _insert_many(new)
    counts = {
        "read": file.read, "created": len(new) - len(replaced), "unchanged": unchanged, "updated": len(replaced),
        "rejected": file.rejected_rows + len(unknown), "duplicates": file.duplicates,
    }  # fmt: skip
    return counts, unknown


def _records(agency: Organisation, references: set[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for batch in in_batches(sorted(references), 5000):
        rows = AgencyRecord.objects.filter(agency=agency, agency_reference__in=batch)
        found.update(rows.values_list("agency_reference", "pk"))
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
