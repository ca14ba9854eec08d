"""Stopping what somebody asked the program to do in the background."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.permissions import CANCEL_OWN_WORK
from joinedup.core import jobs
from joinedup.core.models import Job


@service(CANCEL_OWN_WORK, on="job")
def cancel_background_work(*, job: Job, by: Actor, at: datetime) -> Job:
    """Stop a job before anything it does lands. Raises Refused (CO-5) when it has ended already."""
    jobs.cancel(job, at=at)
    note(changed=("state",), words={"kind": job.kind})
    job.refresh_from_db()
    return job
