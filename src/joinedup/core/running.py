"""Running background work: its effect lands once or not at all, whatever dies in the middle.

The effect, a receipt that bears the job's id, and the word `done` are written in one transaction. Whoever runs the job
again finds the receipt and stops. A job that was cancelled or given up meanwhile no longer says `running`, so that its
effect cannot land. Progress travels on a connection of its own.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from joinedup.core.errors import Refused
from joinedup.core.jobs import MOST_ATTEMPTS, QUEUE, TASK, kind_named, restored
from joinedup.core.models.jobs import UNDER_WAY, Job, JobReceipt, StoredFile

ActorOf = Callable[[UUID | None, datetime], Any]
TELL_EVERY = 0.3
KEPT_FOR = timedelta(days=90)
_GIVEN_UP = "This was begun {times} times and could not be finished. Nothing was changed."
_BUG = "Something went wrong in the program. Nothing was changed. Whoever looks after the system will find this: {what}"


class JobStopped(Exception):
    """Raised by `report` when the job is to end now: cancelled, or the worker is being stopped."""


class _Elsewhere(Exception):
    """Another worker is at this job."""


@dataclass(frozen=True)
class JobResult:
    """What to say at the end, and the page that shows it: the name of its address and the id in it."""

    words: str = ""
    page: str = ""
    id: UUID | str = ""


@dataclass
class RunningJob:
    """A job as its function sees it: in whose name, since when, and where to say how far it is."""

    id: UUID
    by: Any  # the access.actor.Actor of whoever asked, with the rights they have now
    at: datetime
    attempt: int = 1
    _stopping: threading.Event = field(default_factory=threading.Event)
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _said: tuple[int, int, str] | None = None

    def report(self, done: int, total: int = 0, message: str = "") -> None:
        """Say how far it is; cheap, so call it often. Raises JobStopped when the job is to end."""
        self._said = (max(0, done), max(0, total), message[:300])
        if self._stopping.is_set() or self._cancelled.is_set():
            raise JobStopped


@dataclass(frozen=True)
class Run:
    """What one attempt came to: `ended` for good, or to be run `again`; the refusal where there was one."""

    state: str
    refusal: Refused | None = None
    job: Job | None = None

    @property
    def is_to_run_again(self) -> bool:
        """Whether the queue should offer the job again."""
        return self.state == "again"


class _Teller(threading.Thread):
    """Writes what a running job says, three times a second, and hears whether it was cancelled."""

    def __init__(self, running: RunningJob) -> None:
        super().__init__(name="progress", daemon=True)
        self._running = running
        self._end = threading.Event()

    def run(self) -> None:
        """Until told to end."""
        try:
            while not self._end.wait(TELL_EVERY):
                try:
                    self._tell()
                except DatabaseError:  # the job itself will notice
                    connection.close()
        finally:
            connection.close()

    def _tell(self) -> None:
        job, said = Job.objects.filter(pk=self._running.id, state="running"), self._running._said
        wanted = job.exists() if said is None else job.update(done=said[0], total=said[1], message=said[2])
        if not wanted:
            self._running._cancelled.set()

    def end(self) -> None:
        """Write nothing more."""
        self._end.set()
        self.join()


def run_job(
    job_id: UUID, *, clock: Callable[[], datetime], actor_of: ActorOf, stopping: threading.Event | None = None
) -> Run:
    """Run one attempt of a job, wherever the one before it ended. `stopping` is set when the worker is to end."""
    job = _claim(job_id, clock())
    if job is None:
        return Run("ended")
    try:
        _land(job, clock=clock, actor_of=actor_of, stopping=stopping or threading.Event())
    except JobStopped:
        return _put_back(job) if stopping is not None and stopping.is_set() else Run("ended", job=job)
    except _Elsewhere:
        return _put_back(job, state="running")
    except Refused as refusal:
        _fail(job, refusal.sentence, clock())
        return Run("ended", refusal, job)
    except (OperationalError, InterfaceError):
        return Run("again", job=job)
    except Exception as bug:
        what = f"{type(bug).__name__} in {job.kind}, {job.pk}"
        print(f"worker: {what}\n{_where(bug)}", file=sys.stderr, flush=True)  # noqa: T201
        _fail(job, _BUG.format(what=what), clock())
        return Run("ended", job=job)
    return Run("ended", job=job)


def _claim(job_id: UUID, at: datetime) -> Job | None:
    """Begin an attempt, and count it before anything can go wrong. None where there is nothing to do."""
    with transaction.atomic():
        # Not the key: a receipt that is being written refers to it.
        job = Job.objects.select_for_update(no_key=True).filter(pk=job_id, state__in=UNDER_WAY).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _fail(job, _GIVEN_UP.format(times=job.attempts), at)
            return None
        job.attempts += 1
        job.state, job.begun_at = "running", job.begun_at or at
        job.save(update_fields=["attempts", "state", "begun_at"])
        return job


def _land(job: Job, *, clock: Callable[[], datetime], actor_of: ActorOf, stopping: threading.Event) -> None:
    kind = kind_named(job.kind)
    if kind is None:
        raise Refused("This version of the program no longer does this kind of work.", rule="CO-6")
    running = RunningJob(job.pk, None, clock(), job.attempts, stopping)
    teller = _Teller(running)
    try:
        with transaction.atomic():
            _alone(job)
            if JobReceipt.objects.filter(job=job).exists():
                result: JobResult = JobResult(job.message)
            else:
                running.by = actor_of(job.started_by, running.at)
                JobReceipt.objects.create(job=job, written_at=running.at)
                teller.start()
                result = kind.function(running, **restored(job.arguments)) or JobResult()
            _end_telling(teller)
            _close(job, running, result, clock())
    finally:
        _end_telling(teller)


def _end_telling(teller: _Teller) -> None:
    if teller.is_alive():
        teller.end()


def _alone(job: Job) -> None:
    """Hold the job until this transaction ends. A worker thought dead may be at it still."""
    with connection.cursor() as cursor:
        number = int.from_bytes(job.pk.bytes[8:], "big", signed=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise _Elsewhere


def _close(job: Job, running: RunningJob, result: JobResult, at: datetime) -> None:
    """The last statement of the effect's transaction: it lands only if nobody cancelled it or gave it up."""
    done, total, _ = running._said or (job.done, job.total, "")
    landed = Job.objects.filter(pk=job.pk, state="running").update(
        state="done",
        ended_at=at,
        done=total or done,
        total=total,
        message=result.words[:300],
        result_page=result.page,
        result_id=str(result.id),
    )
    if not landed:
        raise JobStopped


def _fail(job: Job, sentence: str, at: datetime) -> None:
    Job.objects.filter(pk=job.pk, state__in=UNDER_WAY).update(state="failed", ended_at=at, message=sentence[:300])


def _put_back(job: Job, *, state: str = "waiting") -> Run:
    """The worker is being stopped, or another is at it still: no fault of the job, so the attempt does not count."""
    Job.objects.filter(pk=job.pk, state="running").update(state=state, attempts=job.attempts - 1)
    return Run("again", job=job)


def _where(bug: Exception) -> str:
    """File and line of each step, without the message: that of a database error may quote a person's row."""
    lines = []
    step = bug.__traceback__
    while step is not None:
        lines.append(f"  {step.tb_frame.f_code.co_filename}:{step.tb_lineno} {step.tb_frame.f_code.co_name}")
        step = step.tb_next
    return "\n".join(lines[-12:])


def retry_stalled(*, at: datetime) -> int:
    """Offer again what a dead worker was at, and what the queue has lost. Run each second by the keeper; safe to
    repeat. How long a worker may be silent is JOINEDUP_JOB_STALLED_SECONDS."""
    from procrastinate import sql
    from procrastinate.contrib.django import app

    stalled = app.connector.execute_query_all(
        query=sql.queries["select_stalled_jobs_by_heartbeat"],
        queue=QUEUE,
        task_name=None,
        seconds_since_heartbeat=settings.JOB_STALLED_SECONDS,
    )
    for row in stalled:
        with transaction.atomic():
            if _is_still(row["id"], "doing"):
                app.job_manager.retry_job_by_id(row["id"], retry_at=at)
    return len(stalled) + _offer_lost(at)


def _is_still(queue_id: int, status: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [queue_id])
        row = cursor.fetchone()
    return row is not None and row[0] == status


def _offer_lost(at: datetime) -> int:
    """A job under way for a minute of which the queue knows nothing is queued again."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    under_way = Job.objects.filter(state__in=UNDER_WAY, asked_at__lt=at - timedelta(minutes=1))
    known = {job.queue_id: job.pk for job in under_way.only("pk", "queue_id")[:200]}
    if not known:
        return 0
    queued = ProcrastinateJob.objects.filter(pk__in=list(known), status__in=["todo", "doing"])
    lost = set(known) - set(queued.values_list("pk", flat=True))
    for queue_id in lost:
        with transaction.atomic():
            job = Job.objects.select_for_update(no_key=True).filter(pk=known[queue_id], queue_id=queue_id).first()
            if job is not None and job.state in UNDER_WAY:
                job.queue_id = app.configure_task(TASK, queue=QUEUE, lock=job.turn).defer(job_id=str(job.pk))
                job.save(update_fields=["queue_id"])
    return len(lost)


def let_go(file_ids: Iterable[UUID]) -> None:
    """Remove stored files and what refers to them, without reading what is in them."""
    for file in StoredFile.objects.filter(pk__in=list(file_ids)).only("pk"):
        file.delete()


def tidy_jobs(*, at: datetime) -> None:
    """Let go of stored files whose day is over, of the queue's old rows, and of work that ended long ago."""
    from procrastinate import sql
    from procrastinate.contrib.django import app

    let_go(StoredFile.objects.filter(goes_at__lte=at).values_list("pk", flat=True))
    app.connector.execute_query(
        query=sql.queries["delete_old_jobs"], statuses=["succeeded", "failed", "cancelled", "aborted"], queue=None,
        nb_hours=24,
    )  # fmt: skip
    Job.objects.filter(ended_at__lt=at - KEPT_FOR).delete()
