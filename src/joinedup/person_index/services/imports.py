"""Importing an agency's file: good rows land together, each rejected row is reported with its reason."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long, london
from joinedup.core.tabular import FOR_AN_IMPORT, MEGABYTE
from joinedup.person_index.agency_file import (
    AgencyFile,
    Progress,
    RecordRow,
    Rejected,
    UnreadableFile,
    read_agency_file,
)
from joinedup.person_index.agency_file_mapping import ColumnMapping, header_digest, mapping_from
from joinedup.person_index.models import ImportRun, RememberedMapping
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.queries.imports import agency_of, remembered_mapping
from joinedup.person_index.rules import PI_9
from joinedup.person_index.services.quality import _keep_quality
from joinedup.person_index.services.records import Stored, _store_rows

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class ImportResult:
    """What an import did. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates. `run_id` names
    the import for its receipt; nothing has it after a dry run."""

    counts: dict[str, int]
    rejected: list[Rejected] = field(default_factory=list)
    run_id: UUID | None = None


@service(IMPORT_RECORDS)
def import_records(
    *,
    agency_code: str,
    file_name: str,
    content: bytes,
    mapping: ColumnMapping | None = None,
    progress: Progress | None = None,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
) -> ImportResult:
    """Import a file (CSV or workbook) of one agency's records in one transaction. The same file again changes nothing.

    Without a `mapping` the remembered one for this header is used, else columns are guessed. `progress` is told what is
    being done, how many rows of it are done, and of how many; it is called inside the transaction, so what it writes
    must go over another connection. A dry run says what would happen and leaves nothing. Raises Refused for an unknown
    agency (PI-14) or a file that cannot be read at all (PI-9).
    """
    agency = agency_of(by, agency_code)
    with _no_clearing_up():
        return _import(agency, file_name, content, mapping, progress, by, at, dry_run)


@contextmanager
def _no_clearing_up() -> Iterator[None]:
    """Python looks again and again for circles among all the rows held, and there are none: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _import(
    agency: Organisation,
    file_name: str,
    content: bytes,
    mapping: ColumnMapping | None,
    progress: Progress | None,
    by: Actor,
    at: datetime,
    dry_run: bool,
) -> ImportResult:
    try:
        file = read_agency_file(
            content,
            today=london(at).date(),
            allow_synthetic=settings.DEMO,
            file_name=file_name,
            mapping=mapping,
            remembered=lambda header: remembered_mapping(by, agency, header),
            most_bytes=settings.IMPORT_MEGABYTES * MEGABYTE,
            apart=FOR_AN_IMPORT,
            progress=progress,
        )
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule=PI_9.code, field="file") from None
    with transaction.atomic():
        run = ImportRun.objects.create(
            agency=agency,
            file_name=file_name[:200],
            file_digest=hashlib.sha256(content).hexdigest(),
            started_at=at,
            imported_by=by.account_id,
        )
        stored = _store_rows(agency, file.rows, run=run, by=by, at=at, progress=progress)
        result = _result(file, stored, run, dry_run)
        run.counts, run.rejected = result.counts, [vars(each) for each in result.rejected]
        run.save(update_fields=["counts", "rejected"])
        _keep_quality(run, at)
        if dry_run:
            transaction.set_rollback(True)
    note(changed=() if dry_run else ("records",), words={"file": file_name, "dry_run": dry_run, **result.counts})
    if not dry_run:
        note(subject=run)
    return result


@service(IMPORT_RECORDS)
def remember_mapping(
    *, agency_code: str, header: Sequence[str], mapping: ColumnMapping, by: Actor, at: datetime
) -> RememberedMapping:
    """Keep how this agency's files with this header are read: the next one is read so by itself.

    Raises Refused for an unknown agency (PI-14) or a mapping that cannot be used (PI-9, with every fault).
    """
    agency = agency_of(by, agency_code)
    try:
        plain = mapping_from(mapping.as_json()).as_json()
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule=PI_9.code, field="mapping") from None
    row, _ = RememberedMapping.objects.update_or_create(
        agency=agency,
        header_digest=header_digest(header),
        defaults={"header": list(header), "mapping": plain, "remembered_at": at, "remembered_by": by.account_id},
    )
    note(changed=("mapping",), words={"header": list(header), "mapping": plain}, subject=row)
    return row


def _result(file: AgencyFile, stored: Stored, run: ImportRun, dry_run: bool) -> ImportResult:
    older = [_older(row) for row in stored.older]
    counts = {
        "read": file.read,
        "created": stored.created,
        "unchanged": stored.unchanged,
        "updated": stored.updated,
        "rejected": file.rejected_rows + len(older),
        "duplicates": file.duplicates,
    }
    rejected = sorted([*file.rejected, *older], key=lambda each: (each.row, each.field))
    return ImportResult(counts, rejected, None if dry_run else run.pk)


def _older(row: RecordRow) -> Rejected:
    return Rejected(row.line, "as_of", date_long(row.as_of), "A newer copy of this record is held already.")
