"""From a file of observations that somebody sent to its import in the background, and taking an import back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.jobs import declare_job, job_about, start_job
from joinedup.core.models import Job, StoredFile
from joinedup.core.running import JobResult, RunningJob, let_go
from joinedup.person_index.models import ImportUpload, ObservationRun, RememberedMapping
from joinedup.person_index.observing import faults_of_columns
from joinedup.person_index.permissions import IMPORT_OBSERVATIONS
from joinedup.person_index.queries.observation_runs import (
    agency_observed_by,
    look_ahead_at_observations,
    observed_digest,
    read_observations_ahead,
)
from joinedup.person_index.rules import PI_9, PI_10, PI_15
from joinedup.person_index.services.observations import import_observations, undo_observations
from joinedup.person_index.services.uploads import KEPT_FOR, MOST_WAITING, _locked, _not_started

_TURN = "person_index.import_observations"
_COUNTED = (("created", "new"), ("updated", "changed"), ("unchanged", "unchanged"), ("rejected", "rejected"))


@service(IMPORT_OBSERVATIONS)
def keep_observation_upload(
    *, agency_code: str, file_name: str, content: bytes, by: Actor, at: datetime
) -> ImportUpload:
    """Keep a file of observations until it is imported, at most a day. Raises Refused for an unknown agency (PI-14), a
    file that is no table (PI-9) and when too many wait, and NotPermitted for another agency's."""
    read_observations_ahead(by, agency_code, file_name, content)
    if ImportUpload.objects.filter(uploaded_by=by.account_id, file__goes_at__gt=at).count() >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} files wait already. Import one or remove one before you send another.", field="file"
        )
    file = StoredFile.objects.create(
        name=file_name[:200], content=content, size=len(content), digest=hashlib.sha256(content).hexdigest(),
        stored_by=by.account_id, stored_at=at, goes_at=at + KEPT_FOR,
    )  # fmt: skip
    upload = ImportUpload.objects.create(
        agency=agency_observed_by(by, agency_code), file=file, uploaded_by=by.account_id, uploaded_at=at,
        holds=ImportUpload.Holds.OBSERVATIONS,
    )  # fmt: skip
    note(changed=("file",), words={"file": file.name, "bytes": file.size}, subject=upload)
    return upload


@service(IMPORT_OBSERVATIONS, on="upload")
def say_observation_columns(
    *, upload: ImportUpload, columns: Mapping[str, str], is_remembered: bool, by: Actor, at: datetime
) -> ImportUpload:
    """Say which column of a waiting file holds what. Raises Refused (PI-9) with every fault, and once its import has been
    started."""
    _not_started(upload)
    faults = faults_of_columns(columns)
    if faults:
        raise Refused(" ".join(faults), rule=PI_9.code)
    upload.mapping, upload.is_remembered = dict(columns), is_remembered
    upload.save(update_fields=["mapping", "is_remembered"])
    note(changed=("mapping",), words={"mapping": upload.mapping})
    return upload


@service(IMPORT_OBSERVATIONS, on="upload")
def start_observation_import(*, upload: ImportUpload, by: Actor, at: datetime) -> Job:
    """Import a waiting file in the background. Started twice it is imported once. Raises Refused (PI-9) where it cannot
    be read as its columns were said."""
    upload = _locked(upload.pk)
    if upload.job is not None and upload.job.state in ("waiting", "running"):
        return upload.job
    ahead = look_ahead_at_observations(by, upload)
    if ahead.problem:
        raise Refused(ahead.problem, rule=PI_9.code)
    if upload.mapping is not None and upload.is_remembered:
        titles = [each.title for each in ahead.columns]
        RememberedMapping.objects.update_or_create(
            agency=upload.agency, header_digest=observed_digest(titles),
            defaults={"header": titles, "mapping": {"columns": upload.mapping}, "remembered_at": at,
                      "remembered_by": by.account_id},
        )  # fmt: skip
    upload.job = start_job(
        IMPORT_FILE, by=by, at=at, words=f"Import {upload.file.name}: what {upload.agency.name} observed",
        about=("person_index.importupload", str(upload.pk)), in_turn=_TURN, upload_id=upload.pk,
    )  # fmt: skip
    upload.save(update_fields=["job"])
    note(changed=("job",), subject=upload)
    return upload.job


@service(IMPORT_OBSERVATIONS, on="upload")
def discard_observation_upload(*, upload: ImportUpload, by: Actor, at: datetime) -> None:
    """Remove a waiting file. Raises Refused once its import has been started."""
    _not_started(_locked(upload.pk))
    note(changed=("file",), words={"file": upload.file.name})
    let_go([upload.file_id])


@service(IMPORT_OBSERVATIONS, on="run")
def start_observation_undo(*, run: ObservationRun, reason: str, by: Actor, at: datetime) -> Job:
    """Take an import back in the background. Asked twice it is done once. Raises Refused without a reason (PI-10) or once
    it is undone (PI-15)."""
    held = ObservationRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    agency_observed_by(by, held.agency.code)
    if not reason.strip():
        raise Refused("Say why, so that the next person can follow it.", rule=PI_10.code, field="reason")
    if held.undone_at is not None:
        raise Refused("This import was undone already.", rule=PI_15.code)
    about = ("person_index.observationrun", str(held.pk))
    there = job_about(about)
    if there is not None and there.state in ("waiting", "running"):
        return there
    held.undone = {"reason": reason}
    held.save(update_fields=["undone"])
    words = f"Undo the import of {held.file_name} from {held.agency.name}"
    job = start_job(UNDO_IMPORT, by=by, at=at, words=words, about=about, in_turn=_TURN, run_id=held.pk)
    note(changed=("job",), subject=held)
    return job


def _import_file(job: RunningJob, *, upload_id: UUID) -> JobResult:
    """What the worker does: import the file and let go of it, in one transaction."""
    upload = ImportUpload.objects.select_related("agency", "file").filter(pk=upload_id).first()
    if upload is None:
        raise Refused("The file is not kept any more: a file waits for a day at most. Send it again.")
    result = import_observations(
        agency_code=upload.agency.code, file_name=upload.file.name, content=bytes(upload.file.content),
        columns=upload.mapping, by=job.by, at=job.at,
    )  # fmt: skip
    let_go([upload.file_id])
    said = [f"{result.counts[name]:,} {word}" for name, word in _COUNTED if result.counts.get(name)]
    words = f"Rows read: {result.counts['read']:,}. {', '.join(said)}".rstrip() + "."
    return JobResult(words, "observation_receipt", result.run_id or "")


IMPORT_FILE = declare_job("person_index.import_observation_file", "Import what an agency observed", _import_file)


def _undo_import(job: RunningJob, *, run_id: UUID) -> JobResult:
    """What the worker does: take an import back."""
    run = ObservationRun.objects.get(pk=run_id)
    done = undo_observations(run=run, reason=str(run.undone.get("reason", "")), by=job.by, at=job.at)
    words = (
        f"{done.undone['removed']:,} observations count no more, {done.undone['restored']:,} are as they were before."
    )
    return JobResult(words, "observation_receipt", run_id)


UNDO_IMPORT = declare_job("person_index.undo_observation_import", "Undo an import of observations", _undo_import)
