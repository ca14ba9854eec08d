"""A file of an old system sent on the page: kept a day, worked on in the background, its result kept, and signed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.golive_work import Work, WorkExtract, known_titles, read_work
from joinedup.casework.models import GoLiveRun
from joinedup.casework.permissions import BRING_WORK_OVER, SIGN_OFF_WORK
from joinedup.casework.queries.golive_work import work_reconciliation
from joinedup.casework.services.golive_work import bring_work_over
from joinedup.casework.services.steps import lock
from joinedup.core.errors import Refused
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models import StoredFile, claim_version
from joinedup.core.running import JobResult, RunningJob, let_go
from joinedup.core.tabular import FOR_AN_IMPORT, UnreadableFile, read_table
from joinedup.engines.linkage.identifiers import birth_date

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

KEPT_FOR = timedelta(days=1)
MOST_SHOWN = 2000


def read_work_file(kind: Work, content: bytes, name: str, today: date) -> WorkExtract:
    """A file of one kind, from CSV or a workbook; one that is no such table is refused in a sentence. Writes nothing."""
    titles = known_titles(kind)

    def score(cells: Sequence[str]) -> int:
        return sum("".join(filter(str.isalnum, cell.lower())) in titles for cell in cells)

    try:
        table = read_table(content, name, score=score, apart=FOR_AN_IMPORT)
        # The days are written as dates of birth are, and read by the same rules.
        return read_work(kind, table.header, table.rows, read_date=lambda text: _day(text, today), today=today)
    except UnreadableFile as fault:
        raise Refused(str(fault), rule="GL-3", field="file") from None
    except ValueError as fault:
        raise Refused(str(fault), rule="GL-4", field="file") from None


def _day(text: str, today: date) -> date:
    """A day as an agency writes it; one to come is read in the same ways as one that was."""
    return birth_date(text, today=date(today.year + 30, 12, 31))


@service(BRING_WORK_OVER)
def start_golive_run(
    *, agency: Organisation, kind: str, what: str, file_name: str, content: bytes, by: Actor, at: datetime
) -> GoLiveRun:
    """Keep a file and try it, bring it over or compare it in the background. A file that is no such table is refused now."""
    wanted, how = Work(kind), GoLiveRun.What(what)
    if len(content) > settings.IMPORT_MEGABYTES * 1024 * 1024:
        raise Refused(f"A file has at most {settings.IMPORT_MEGABYTES} MB. Send it in parts.", field="file")
    read_work_file(wanted, content, file_name, timezone.localdate(at))
    digest = hashlib.sha256(content).hexdigest()
    file = StoredFile.objects.create(
        name=file_name[:200], content=content, size=len(content), digest=digest, stored_by=by.account_id, stored_at=at,
        goes_at=at + KEPT_FOR,
    )  # fmt: skip
    run = GoLiveRun.objects.create(
        agency=agency, kind=wanted, what=how, file_name=file_name[:200], digest=digest, file=file, asked_by=by.account_id,
        asked_at=at,
    )  # fmt: skip
    run.job = start_job(
        WORK_ON_FILE, by=by, at=at, words=f"{how.label}: {wanted.value} of {agency.name}",
        about=(GoLiveRun._meta.label_lower, str(run.pk)), in_turn="casework.golive", run_id=run.pk,
    )  # fmt: skip
    run.save(update_fields=["job"])
    note(changed=("file",), words={"file": run.file_name, "what": what}, subject=run)
    return run


def _work_on_file(job: RunningJob, *, run_id: UUID) -> JobResult:
    """What the worker does, in one transaction; a dry run takes back what it did and keeps what it found."""
    run = GoLiveRun.objects.select_related("agency", "file").get(pk=run_id)
    if run.file is None:
        raise Refused("The file is not kept any more: a file waits for a day at most. Send it again.")
    kind = Work(run.kind)
    extract = read_work_file(kind, bytes(run.file.content), run.file_name, timezone.localdate(job.at))
    if run.what == GoLiveRun.What.COMPARE:
        found = work_reconciliation(job.by, run.agency, extract)
        run.counts = {"there": found.legacy, "here": found.here, "differences": len(found.differences)}
        run.found = {
            "counts": [_plain(asdict(each)) for each in found.counts],
            "differences": [_plain(asdict(each)) for each in found.differences[:MOST_SHOWN]],
        }
        words = f"{found.legacy:,} there, {found.here:,} here, {len(found.differences):,} differences."
    else:
        words = _bring(run, extract, job)
    let_go([run.file.pk])
    run.file = None
    run.ended_at = job.at
    run.save(update_fields=["counts", "found", "file", "ended_at"])
    return JobResult(words, "golive_run", run.pk)


def _bring(run: GoLiveRun, extract: WorkExtract, job: RunningJob) -> str:
    with transaction.atomic():
        result = bring_work_over(
            agency=run.agency, extract=extract, by=job.by, at=job.at,
            progress=lambda done, total: job.report(done, total, f"{done:,} of {total:,}"),
        )  # fmt: skip
        if run.what == GoLiveRun.What.TRY:
            transaction.set_rollback(True)
    run.counts = result.counts
    run.found = {"rejected": [asdict(each) for each in result.rejected[:MOST_SHOWN]]}
    return ", ".join(f"{number:,} {word}" for word, number in result.counts.items()) + "."


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}


WORK_ON_FILE = declare_job("casework.work_on_file", "Work on a file of an old system", _work_on_file)


@service(SIGN_OFF_WORK, on="run")
def sign_off_run(*, run: GoLiveRun, name: str, signed_as: str, words: str, by: Actor, at: datetime) -> GoLiveRun:
    """A named person signs a reconciliation; where something differs they say why it may stand. Signed once. Raises Refused
    (CW-670, CW-671)."""
    lock(run)
    if run.what != GoLiveRun.What.COMPARE or run.ended_at is None or run.signed_at is not None:
        raise rules.SIGN_OFF_SAID.refused()
    if not name.strip() or not signed_as.strip():
        raise rules.SIGN_OFF_SAID.refused()
    if run.counts.get("differences") and not words.strip():
        raise rules.DIFFERENCES_OWNED.refused()
    claim_version(run, run.version)
    run.signed_name, run.signed_as, run.signed_words = name.strip()[:120], signed_as.strip()[:160], words.strip()
    run.signed_by, run.signed_at = by.account_id, at
    run.save(update_fields=["signed_name", "signed_as", "signed_words", "signed_by", "signed_at"])
    note(changed=("signed_at",), words={"name": run.signed_name, "differences": run.counts.get("differences", 0)})
    return run
