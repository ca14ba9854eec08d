"""Running a job in somebody's name: with the rights they hold when it runs, not those they held when they asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from joinedup.access import audit, grounds
from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.core.errors import Refused
from joinedup.core.running import Run, run_job

VIA = "job"


def starter_now(account_id: UUID | None, at: datetime) -> Actor:
    """Whoever asked, as they stand at this moment. Raises Refused when their account has been closed since."""
    if account_id is None:
        return system(at)
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise Refused("The account of whoever asked for this has been closed since.", rule="AC-9")
    return Actor(account.pk, account.name, at, VIA, grounds.standings_of(account.pk, at))


def run_in_name(job_id: UUID, *, clock: Callable[[], datetime], stopping: threading.Event | None = None) -> Run:
    """Run one attempt of a job. A refusal is kept in the audit trail after the rollback, as a page's would be."""
    run = run_job(job_id, clock=clock, actor_of=starter_now, stopping=stopping)
    if run.refusal is not None and run.job is not None:
        at = clock()
        by = Actor(run.job.started_by, "", at, VIA if run.job.started_by else "system")
        with transaction.atomic():
            audit.record(
                "refusal", run.job.kind, by=by, at=at, subject=("core.job", str(run.job.pk)), rule=run.refusal.rule
            )
    return run
