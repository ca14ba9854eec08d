"""Importing an agency's file: good rows land together, each rejected row is reported with its reason."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import date_long, london
from joinedup.organisations.queries import organisation_with_code
from joinedup.person_index.agency_file import AgencyFile, RecordRow, Rejected, UnreadableFile, read_agency_file
from joinedup.person_index.models import ImportRun
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.rules import PI_9, PI_14
from joinedup.person_index.services.records import Stored, _store_rows


@dataclass(frozen=True)
class ImportResult:
    """What an import did. `counts` are of rows: read, created, unchanged, updated, rejected, duplicates."""

    counts: dict[str, int]
    rejected: list[Rejected] = field(default_factory=list)
    run_id: UUID | None = None


@service(IMPORT_RECORDS)
def import_records(
    *, agency_code: str, file_name: str, content: bytes, by: Actor, at: datetime, dry_run: bool = False
) -> ImportResult:
    """Import a CSV of one agency's records in one transaction. The same file again changes nothing.

    A dry run says what would happen and leaves nothing. Raises Refused for an unknown agency (PI-14) or a file that
    cannot be read at all (PI-9).
    """
    try:
        agency = organisation_with_code(by, agency_code)
    except NotVisible:
        raise Refused(f"There is no agency with the code {agency_code}.", rule=PI_14.code, field="agency") from None
    try:
        file = read_agency_file(content, today=london(at).date(), allow_synthetic=settings.DEMO)
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
        stored = _store_rows(agency, file.rows, run=run, by=by, at=at)
        result = _result(file, stored, run)
        run.counts, run.rejected = result.counts, [asdict(each) for each in result.rejected]
        run.save(update_fields=["counts", "rejected"])
        if dry_run:
            transaction.set_rollback(True)
    note(changed=() if dry_run else ("records",), words={"file": file_name, "dry_run": dry_run, **result.counts})
    if not dry_run:
        note(subject=run)
    return result


def _result(file: AgencyFile, stored: Stored, run: ImportRun) -> ImportResult:
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
    return ImportResult(counts, rejected, run.pk)


def _older(row: RecordRow) -> Rejected:
    return Rejected(row.line, "as_of", date_long(row.as_of), "A newer copy of this record is held already.")
