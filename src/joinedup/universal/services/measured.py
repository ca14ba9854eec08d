"""Counting, for the partnership's outcomes, the young people who neither learn nor work: once a day, in the background."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models.jobs import Job
from joinedup.outcomes.queries import Counted, series_to_count
from joinedup.outcomes.services import record_computed_readings
from joinedup.universal.permissions import COUNT_PARTICIPATION
from joinedup.universal.queries.measured import Neither, neither_by_place

if TYPE_CHECKING:
    from joinedup.core.running import JobResult, RunningJob

COUNTER = "not_in_education"
_NOT_BEFORE = 4  # o’clock


@service(COUNT_PARTICIPATION)
def count_participation(*, by: Actor, at: datetime) -> int:
    """Every period of the last three years that is over, in every area it is read for, of which at least half is known.
    Returns how many readings are new."""
    asked: dict[tuple[date, int | None, int | None], dict[UUID | None, Neither]] = {}
    counted: dict[UUID, list[Counted]] = defaultdict(list)
    for series in series_to_count(by, COUNTER):
        for starts, ends in series.periods:
            key = (ends, series.youngest, series.oldest)
            if key not in asked:
                asked[key] = neither_by_place(by, ends, youngest=series.youngest, oldest=series.oldest)
            said = asked[key].get(series.locality_id)
            if said is not None and said.of and said.known * 2 >= said.of:
                counted[series.series_id].append(Counted(starts, ends, said.neither, said.of))
    return record_computed_readings(counter=COUNTER, counted=counted, by=by, at=at) if counted else 0


def _run(job: RunningJob) -> JobResult:
    """What the worker does."""
    from joinedup.core.running import JobResult

    return JobResult(f"{count_participation(by=job.by, at=job.at)} readings of young people are new.")


DAY = declare_job("universal.count_participation", "Count young people who neither learn nor work", _run)


@service(COUNT_PARTICIPATION)
def start_counting_participation(*, by: Actor, at: datetime) -> Job | None:
    """Have it counted in the background, once a day: None where that was asked for today, or nobody reads it."""
    day = timezone.localdate(at)
    lately = Job.objects.filter(kind=DAY.name, asked_at__gt=at - timedelta(hours=26))
    if any(timezone.localdate(each.asked_at) == day for each in lately) or not series_to_count(by, COUNTER):
        return None
    note(changed=("job",), words={"day": day.isoformat()})
    return start_job(DAY, by=by, at=at, in_turn=DAY.name)


def look_after_participation(*, at: datetime) -> None:
    """Done now and then by the keeper: once a day, early."""
    if timezone.localtime(at).hour >= _NOT_BEFORE:
        start_counting_participation(by=system(at), at=at)
