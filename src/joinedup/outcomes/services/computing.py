"""Counting readings from the work itself, once a day; and taking in what parts above have counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models.jobs import Job
from joinedup.outcomes.codes import BY_HAND, COMPUTED
from joinedup.outcomes.counting import COUNTERS, Counted, Counter, is_about, is_in_group, tally
from joinedup.outcomes.models import Series, SeriesReading
from joinedup.outcomes.permissions import COUNT_READINGS
from joinedup.outcomes.queries.computing import series_to_count
from joinedup.outcomes.queries.counted import groups_of, people_in, units_of

if TYPE_CHECKING:
    from joinedup.core.running import JobResult, RunningJob

_NOT_BEFORE = 4  # o’clock


@service(COUNT_READINGS)
def record_computed_readings(
    *, counter: str, counted: Mapping[UUID, Sequence[Counted]], by: Actor, at: datetime
) -> int:
    """Write down what was counted, by series: for parts above that count what this one cannot see. A reading that says
    what is there already is not written again, and where a person wrote or took back one, theirs stands. Returns how many
    are new."""
    known = COUNTERS[counter]
    series = Series.objects.select_for_update(of=("self",)).filter(pk__in=list(counted), measure__counter=counter)
    there = _standing(each.pk for each in series.order_by("pk"))
    rows = []
    for each in series:
        for said in counted[each.pk]:
            last = there.get((each.pk, said.ends_on))
            if last is not None and (last.way == BY_HAND or _is_same(last, said)):
                continue
            rows.append(_row(each, known, said, by, at, is_later=last is not None))
    for row in rows:
        row.save(force_insert=True)
    note(changed=("reading",), words={"counter": counter, "new": len(rows)})
    return len(rows)


def _row(series: Series, counter: Counter, said: Counted, by: Actor, at: datetime, *, is_later: bool) -> SeriesReading:
    return SeriesReading(
        series=series, way=COMPUTED, starts_on=said.starts_on, ends_on=said.ends_on, value=said.value,
        numerator=said.numerator if said.denominator is not None else None, denominator=said.denominator,
        source=f"Counted by Joinedup: {counter.name}", reason="Counted again: more was recorded since." if is_later else "",
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip


def _standing(ids: Iterable[UUID]) -> dict[tuple[UUID, date], SeriesReading]:
    rows = SeriesReading.objects.filter(series_id__in=list(ids)).order_by("recorded_at", "id")
    return {(each.series_id, each.ends_on): each for each in rows}


def _is_same(last: SeriesReading, said: Counted) -> bool:
    numbers = (said.numerator, said.denominator) if said.denominator is not None else (None, None)
    return (last.numerator, last.denominator) == numbers and last.value == said.value


@service(COUNT_READINGS)
def count_readings(*, by: Actor, at: datetime) -> int:
    """Count every measure that Joinedup counts from the chronology and from families' plans, in every area and cohort it
    is read for: each period of the last three years that is over. Returns how many readings are new."""
    new = 0
    for counter in COUNTERS.values():
        if counter.page:
            continue
        counted = _counted(counter, by, at)
        if counted:
            new += record_computed_readings(counter=counter.code, counted=counted, by=by, at=at)
    note(words={"new": new})
    return new


def _counted(counter: Counter, by: Actor, at: datetime) -> dict[UUID, list[Counted]]:
    series = series_to_count(by, counter.code)
    units = units_of(counter, at) if series else []
    if not units:
        return {}
    people = people_in(units, at)
    groups, homes = groups_of(units, [each.group for each in series], at)
    first = min(each.on for each in units)
    found: dict[UUID, list[Counted]] = {}
    for each in series:
        mine = [
            unit for unit in units
            if is_about(unit, people, place=each.locality_id, youngest=each.youngest, oldest=each.oldest)
            and is_in_group(unit, groups.get(each.group), homes)
        ]  # fmt: skip
        found[each.series_id] = tally(counter.form, mine, [period for period in each.periods if period[1] >= first])
    return found


# --- Once a day, in the background.


def _run(job: RunningJob) -> JobResult:
    """What the worker does."""
    from joinedup.core.running import JobResult

    new = count_readings(by=job.by, at=job.at)
    return JobResult(f"{new} readings of outcomes are new.")


DAY = declare_job("outcomes.count", "Count the readings of outcomes", _run)


@service(COUNT_READINGS)
def start_counting(*, by: Actor, at: datetime) -> Job | None:
    """Have everything counted in the background, once a day: None where that was asked for today already, or nothing is
    counted."""
    day = timezone.localdate(at)
    lately = Job.objects.filter(kind=DAY.name, asked_at__gt=at - timedelta(hours=26))
    if any(timezone.localdate(each.asked_at) == day for each in lately):
        return None
    if not Series.objects.exclude(measure__counter="").exists():
        return None
    note(changed=("job",), words={"day": day.isoformat()})
    return start_job(DAY, by=by, at=at, in_turn=DAY.name)


def look_after_outcomes(*, at: datetime) -> None:
    """Done now and then by the keeper: once a day, early."""
    if timezone.localtime(at).hour >= _NOT_BEFORE:
        start_counting(by=system(at), at=at)
