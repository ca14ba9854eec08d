"""Linking what a large import brought, in the background: a part at a time, so that nobody waits long for the index."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.running import JobResult, RunningJob
from joinedup.person_index.models import LinkageRun, RecordLink
from joinedup.person_index.permissions import RUN_LINKAGE
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.services.attaching import Attached, _attach_by_model
from joinedup.person_index.services.facts import _lock_index
from joinedup.person_index.services.look_alikes import _shield_look_alikes

if TYPE_CHECKING:
    from joinedup.person_index.models import ImportRun

PART = 500


def _link_later(run: ImportRun, *, by: Actor, at: datetime) -> LinkageRun:
    """Have the model look at what an import brought, once it is kept. Called inside the import's transaction."""
    waiting = _waiting(run.pk)
    row = LinkageRun.objects.create(
        kind="import",
        import_run=run.pk,
        model_name=scorer_in_use().model.version,
        started_at=at,
        started_by=by.account_id,
        total=waiting.count(),
    )
    _start_part(row, by, at)
    return row


def _start_part(row: LinkageRun, by: Actor, at: datetime) -> None:
    job = start_job(
        LINK_RECORDS,
        by=by,
        at=at,
        words=f"Find whose records an import brought: {row.done:,} of {row.total:,}",
        about=(LinkageRun._meta.label_lower, str(row.pk)),
        in_turn="person_index.link_records",
        linkage_run_id=row.pk,
    )
    row.job_id = job.pk
    row.save(update_fields=["job_id"])


def _waiting(import_run: UUID, *, after: UUID | None = None):  # type: ignore[no-untyped-def]
    rows = RecordLink.objects.filter(by_run=import_run, rule="new", separated_at__isnull=True)
    if after is not None:
        rows = rows.filter(record_id__gt=after)
    return rows.order_by("record_id").values_list("record_id", flat=True)


@service(RUN_LINKAGE)
def link_next_part(*, linkage_run_id: UUID, most: int = PART, by: Actor, at: datetime) -> LinkageRun:
    """Ask the model about the next records of a run: some are linked, some become questions, the rest stay alone. The
    next part is asked for in the same transaction. A run that was stopped does nothing more."""
    _lock_index()
    row = LinkageRun.objects.select_for_update().get(pk=linkage_run_id)
    if row.state != "running" or row.import_run is None:
        return row
    ids = list(_waiting(row.import_run, after=row.last_record)[:most])
    counts, touched = _attach_by_model(ids, import_run=row.import_run, by=by, at=at, run=row)
    _shield_look_alikes(touched, at=at)
    held = Attached(**{name: row.counts.get(name, 0) for name in ("linked", "proposed", "apart")})
    held.add(counts)
    row.counts = vars(held)
    row.done += len(ids)
    if len(ids) < most:
        row.state, row.ended_at = "done", at
    else:
        row.last_record = ids[-1]
    row.save(update_fields=["counts", "done", "last_record", "state", "ended_at"])
    if row.state == "running":
        _start_part(row, by, at)
    note(people=touched if len(touched) <= 500 else (), changed=("links",), words=vars(counts), subject=row)
    return row


@service(RUN_LINKAGE, on="run")
def stop_linkage_run(*, run: LinkageRun, by: Actor, at: datetime) -> LinkageRun:
    """End a run before it is through. What it linked stays and can be separated; the rest stays alone."""
    row = LinkageRun.objects.select_for_update().get(pk=run.pk)
    if row.state != "running":
        raise Refused("That has ended already, so there is nothing to stop.")
    row.state, row.ended_at = "stopped", at
    row.save(update_fields=["state", "ended_at"])
    note(changed=("state",), subject=row)
    return row


def _link_records(job: RunningJob, *, linkage_run_id: UUID) -> JobResult:
    """What the worker does: one part of a run."""
    row = link_next_part(linkage_run_id=linkage_run_id, by=job.by, at=job.at)
    job.report(row.done, row.total, "Finding whose records they are")
    counts = row.counts
    words = (
        f"{counts.get('linked', 0):,} linked, {counts.get('proposed', 0):,} for a person to decide, "
        f"{counts.get('apart', 0):,} new."
    )
    return JobResult(words, "linkage_run", row.pk)


LINK_RECORDS = declare_job("person_index.link_records", "Find whose records an import brought", _link_records)
