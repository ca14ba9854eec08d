"""Background work: what may be asked for, asking for it, and what became of it.

A part declares a job at module level of its `services` and starts it inside a service; the job is queued in the
caller's transaction, so that a service that is rolled back leaves none behind. `core.running` runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from joinedup.core.errors import Refused
from joinedup.core.models.jobs import UNDER_WAY, Job

if TYPE_CHECKING:
    from joinedup.core.running import JobResult

QUEUE = "joinedup"
TASK = "joinedup.run_job"
# How often a job is begun before it is given up: the worker that runs it may have died each time.
MOST_ATTEMPTS = 5

Argument = UUID | str | int | bool | None


class Starter(Protocol):
    """Whoever asks: an `access.actor.Actor`, of which this part only needs who it is."""

    @property
    def account_id(self) -> UUID | None:
        """None for the program itself."""

    @property
    def via(self) -> str:
        """web, api, cli, public or system."""


@dataclass(frozen=True)
class JobKind:
    """A declared job. `function(job, **arguments)` does all its writing through services, with `by=job.by`."""

    name: str
    sentence: str
    function: Callable[..., JobResult | None]


_declared: dict[str, JobKind] = {}


def declare_job(name: str, sentence: str, function: Callable[..., JobResult | None]) -> JobKind:
    """Declare a job. `name` is `part.verb_noun`; `sentence` says what it does, as a list of work would show it.

    `function` is called with `job: RunningJob` and the arguments it was started with, inside one transaction.
    """
    if name in _declared:
        raise ValueError(f"job {name} is declared twice")
    _declared[name] = JobKind(name, sentence, function)
    return _declared[name]


def kind_named(name: str) -> JobKind | None:
    """The declared job, loading the services of the part it belongs to where nobody has yet."""
    if name not in _declared:
        import_module(f"joinedup.{name.partition('.')[0]}.services")
    return _declared.get(name)


def start_job(
    kind: JobKind,
    *,
    by: Starter,
    at: datetime,
    words: str = "",
    about: tuple[str, str] = ("", ""),
    in_turn: str = "",
    **arguments: Argument,
) -> Job:
    """Ask for background work in the caller's transaction. Only ids and codes travel; ids come back as UUIDs.

    `words` says what is done, where the declared sentence is too general; `about` is (kind, id) of the record it
    concerns; jobs with the same `in_turn` never run at the same time. The person's rights are looked up again when
    the job runs. Called inside a guarded service.
    """
    from procrastinate.contrib.django import app

    if by.account_id is None and by.via not in {"cli", "system"}:
        raise Refused("Sign in first: background work is done in somebody's name.", rule="CO-4")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind.name,
            words=(words or kind.sentence)[:200],
            arguments={name: _plain(value) for name, value in arguments.items()},
            started_by=by.account_id,
            about_kind=about[0],
            about_id=about[1],
            asked_at=at,
        )
        job.turn = in_turn or str(job.pk)
        job.queue_id = app.configure_task(TASK, queue=QUEUE, lock=job.turn).defer(job_id=str(job.pk))
        job.save(update_fields=["queue_id", "turn"])
    return job


def _plain(value: Argument) -> str | int | bool | None:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and len(value) > 100:
        raise TypeError("a job takes ids and codes; what is longer is kept in a table and named by its id")
    return value


def restored(arguments: dict[str, str | int | bool | None]) -> dict[str, Argument]:
    """The arguments as they were given: what is written like an id is one."""
    return {name: _id_or(value) for name, value in arguments.items()}


def _id_or(value: str | int | bool | None) -> Argument:
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            return value
    return value


def jobs_of(account_id: UUID) -> QuerySet[Job]:
    """Somebody's own background work, newest first."""
    return Job.objects.filter(started_by=account_id).order_by("-id")


def job_about(about: tuple[str, str]) -> Job | None:
    """The newest job about a record."""
    return Job.objects.filter(about_kind=about[0], about_id=about[1]).order_by("-id").first()


def cancel(job: Job, *, at: datetime) -> None:
    """Stop a job before its effect lands. Raises Refused when it has ended already. Called by a guarded service."""
    from procrastinate.contrib.django import app

    stopped = Job.objects.filter(pk=job.pk, state__in=UNDER_WAY).update(
        state="cancelled", ended_at=at, message="Cancelled before anything was changed."
    )
    if not stopped:
        raise Refused("That has ended already, so there is nothing to cancel.", rule="CO-5")
    if job.queue_id is not None:
        app.job_manager.cancel_job_by_id(job.queue_id)


@dataclass(frozen=True)
class QueueHealth:
    """How background work fares, for the doctor."""

    failed: int
    failed_kinds: list[str]
    waiting_long: int
    workers: int


def queue_health(*, failed_since: datetime, waiting_since: datetime, heard_since: datetime) -> QueueHealth:
    """Jobs that failed lately, jobs nobody has begun for long, and workers heard of lately."""
    from procrastinate.contrib.django.models import ProcrastinateWorker

    failed = Job.objects.filter(state="failed", ended_at__gte=failed_since)
    return QueueHealth(
        failed=failed.count(),
        failed_kinds=sorted(set(failed.values_list("kind", flat=True)[:100])),
        waiting_long=Job.objects.filter(state="waiting", asked_at__lt=waiting_since).count(),
        workers=ProcrastinateWorker.objects.filter(last_heartbeat__gte=heard_since).count(),
    )
