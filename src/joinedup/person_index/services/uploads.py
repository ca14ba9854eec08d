"""From a file that somebody sent to its import in the background: kept for a day, its columns said, started, let go."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import date_time
from joinedup.core.jobs import declare_job, job_about, start_job
from joinedup.core.models import Job, StoredFile
from joinedup.core.running import JobResult, RunningJob, let_go
from joinedup.core.tabular import UnreadableFile
from joinedup.person_index.agency_file_mapping import ColumnMapping, mapping_from
from joinedup.person_index.models import ImportRun, ImportUpload
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.queries.imports import agency_of, read_ahead
from joinedup.person_index.rules import PI_9, PI_10, PI_15
from joinedup.person_index.services.imports import import_records, remember_mapping
from joinedup.person_index.services.undoing import undo_import

KEPT_FOR = timedelta(days=1)
MOST_WAITING = 5
_COUNTED = (("created", "new"), ("updated", "changed"), ("unchanged", "unchanged"), ("rejected", "rejected"))


@service(IMPORT_RECORDS)
def keep_upload(*, agency_code: str, file_name: str, content: bytes, by: Actor, at: datetime) -> ImportUpload:
    """Keep a file until it is imported, at most a day. Raises Refused for an unknown agency (PI-14), a file that is no
    table (PI-9), and when too many wait already."""
    read_ahead(by, agency_code=agency_code, file_name=file_name, content=content)
    waiting = ImportUpload.objects.filter(uploaded_by=by.account_id, file__goes_at__gt=at).count()
    if waiting >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} files wait already. Import one or remove one before you send another.", field="file"
        )
    file = StoredFile.objects.create(
        name=file_name[:200],
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        stored_by=by.account_id,
        stored_at=at,
        goes_at=at + KEPT_FOR,
    )
    upload = ImportUpload.objects.create(
        agency=agency_of(by, agency_code), file=file, uploaded_by=by.account_id, uploaded_at=at
    )
    note(changed=("file",), words={"file": file.name, "bytes": file.size}, subject=upload)
    return upload


@service(IMPORT_RECORDS, on="upload")
def say_columns(
    *,
    upload: ImportUpload,
    columns: Mapping[str, str],
    date_order: str,
    sheet: str,
    is_remembered: bool,
    by: Actor,
    at: datetime,
) -> ImportUpload:
    """Say which column of a waiting file holds what. Raises Refused (PI-9) with every fault of the mapping, and once
    its import has been started."""
    _not_started(upload)
    kept = mapping_from(upload.mapping) if upload.mapping is not None else ColumnMapping()
    said = replace(kept, columns=dict(columns), date_order=date_order, sheet=sheet)
    try:
        upload.mapping = mapping_from(said.as_json()).as_json()
    except UnreadableFile as wrong:
        raise Refused(str(wrong), rule=PI_9.code) from None
    upload.is_remembered = is_remembered
    upload.save(update_fields=["mapping", "is_remembered"])
    note(changed=("mapping",), words={"mapping": upload.mapping})
    return upload


@service(IMPORT_RECORDS, on="upload")
def start_import(*, upload: ImportUpload, by: Actor, at: datetime) -> Job:
    """Import a waiting file in the background. Started twice it is imported once. Raises Refused (PI-9) where the file
    cannot be read as it is mapped."""
    upload = _locked(upload.pk)
    if upload.job is not None and upload.job.state in ("waiting", "running"):
        return upload.job
    mapping = mapping_from(upload.mapping) if upload.mapping is not None else None
    ahead = read_ahead(
        by,
        agency_code=upload.agency.code,
        file_name=upload.file.name,
        content=bytes(upload.file.content),
        mapping=mapping,
    )
    if ahead.first.problem:
        raise Refused(ahead.first.problem, rule=PI_9.code)
    if mapping is not None and upload.is_remembered:
        remember_mapping(agency_code=upload.agency.code, header=ahead.first.header, mapping=mapping, by=by, at=at)
    upload.job = start_job(
        IMPORT_FILE,
        by=by,
        at=at,
        words=f"Import {upload.file.name} from {upload.agency.name}",
        about=("person_index.importupload", str(upload.pk)),
        in_turn="person_index.import_file",
        upload_id=upload.pk,
    )
    upload.save(update_fields=["job"])
    note(changed=("job",), subject=upload)
    return upload.job


@service(IMPORT_RECORDS, on="upload")
def discard_upload(*, upload: ImportUpload, by: Actor, at: datetime) -> None:
    """Remove a waiting file. Raises Refused once its import has been started."""
    _not_started(_locked(upload.pk))
    note(changed=("file",), words={"file": upload.file.name})
    let_go([upload.file_id])


@service(IMPORT_RECORDS, on="run")
def start_undo(*, run: ImportRun, reason: str, by: Actor, at: datetime) -> Job:
    """Undo an import in the background: a large one takes as long as it took to come. Asked twice it is done once.
    Raises Refused without a reason (PI-10) or once it is undone (PI-15)."""
    if not reason.strip():
        raise Refused("Say why, so that the next person can follow it.", rule=PI_10.code, field="reason")
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    if run.undone_at is not None:
        raise Refused(f"This import was undone on {date_time(run.undone_at)}.", rule=PI_15.code)
    about = ("person_index.importrun", str(run.pk))
    there = job_about(about)
    if there is not None and there.state in ("waiting", "running"):
        return there
    run.undone = {"reason": reason}
    run.save(update_fields=["undone"])
    words = f"Undo the import of {run.file_name} from {run.agency.name}"
    turn = "person_index.import_file"
    job = start_job(UNDO_IMPORT, by=by, at=at, words=words, about=about, in_turn=turn, run_id=run.pk)
    note(changed=("job",), subject=run)
    return job


def _locked(upload_id: UUID) -> ImportUpload:
    return (
        ImportUpload.objects.select_for_update(of=("self",)).select_related("agency", "file", "job").get(pk=upload_id)
    )


def _not_started(upload: ImportUpload) -> None:
    if upload.job is not None and upload.job.state in ("waiting", "running"):
        raise Refused("The import of this file has been started. Cancel it first.")


def _import_file(job: RunningJob, *, upload_id: UUID) -> JobResult:
    """What the worker does: import the file and let go of it, in one transaction."""
    upload = ImportUpload.objects.select_related("agency", "file").filter(pk=upload_id).first()
    if upload is None:
        raise Refused("The file is not kept any more: a file waits for a day at most. Send it again.")
    result = import_records(
        agency_code=upload.agency.code,
        file_name=upload.file.name,
        content=bytes(upload.file.content),
        mapping=mapping_from(upload.mapping) if upload.mapping is not None else None,
        progress=lambda words, done, total: job.report(done, total, words),
        by=job.by,
        at=job.at,
    )
    let_go([upload.file_id])
    counts = result.counts
    said = [f"{counts[name]:,} {word}" for name, word in _COUNTED if counts.get(name)]
    return JobResult(
        f"Rows read: {counts['read']:,}. {', '.join(said)}".rstrip() + ".", "import_receipt", result.run_id or ""
    )


IMPORT_FILE = declare_job("person_index.import_file", "Import an agency's file", _import_file)


def _undo_import(job: RunningJob, *, run_id: UUID) -> JobResult:
    """What the worker does: take an import back."""
    run = ImportRun.objects.get(pk=run_id)
    done = undo_import(run=run, reason=run.undone.get("reason", ""), by=job.by, at=job.at)
    words = f"{done.removed:,} records taken away, {done.restored:,} as they were before, {len(done.kept):,} kept."
    return JobResult(words, "import_receipt", run_id)


UNDO_IMPORT = declare_job("person_index.undo_import", "Undo an import", _undo_import)
