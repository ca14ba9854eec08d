"""Reading measures, and how far each outcome has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.outcomes.measuring import Point
from joinedup.outcomes.models import Baseline, Measure, MeasureEntry, Reading
from joinedup.outcomes.permissions import READ_MEASURES


@dataclass(frozen=True)
class MeasureSeen:
    """A measure, with the outcomes of the frameworks it tells of."""

    id: UUID
    code: str
    name: str
    question: str
    unit: str
    direction: str
    least: Decimal | None
    most: Decimal | None
    places: int
    entries: tuple[str, ...]


@dataclass(frozen=True)
class ReadingSeen:
    """A value on a day and what was said of it."""

    value: Decimal
    on: date
    words: str
    source_id: str

    @property
    def point(self) -> Point:
        """For the arithmetic."""
        return Point(self.value, self.on)


@dataclass(frozen=True)
class Course:
    """A baseline and what was read since, the oldest first; of two readings on a day the one recorded last."""

    baseline_id: UUID
    measure: MeasureSeen
    value: Decimal
    on: date
    readings: tuple[ReadingSeen, ...]

    @property
    def latest(self) -> Decimal:
        """The newest value there is."""
        return self.readings[-1].value if self.readings else self.value


def measures(viewer: Actor, *, on: date | None = None) -> list[MeasureSeen]:
    """Every measure in use on a day (today), by name."""
    check(viewer, READ_MEASURES)
    day = on or timezone.localdate(viewer.at)
    rows = Measure.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day)).order_by("name")
    told = MeasureEntry.objects.select_related("entry").order_by("entry__framework", "entry__position")
    return [_seen(row) for row in rows.prefetch_related(Prefetch("entries", told))]


def measure_with_id(viewer: Actor, measure_id: UUID) -> Measure:
    """One measure, to hand to a service."""
    check(viewer, READ_MEASURES)
    found = Measure.objects.filter(pk=measure_id).first()
    if found is None:
        raise NotVisible
    return found


def courses(viewer: Actor, subject_kind: str, subject_ids: Iterable[str]) -> dict[str, Course]:
    """The baseline and readings of several subjects, by the subject's id; three statements however many there are. The
    caller has been let in to the subjects, and the read is audited there."""
    check(viewer, READ_MEASURES)
    rows = Baseline.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).select_related(
        "measure"
    )
    readings = Prefetch("readings", Reading.objects.order_by("on", "recorded_at", "pk"))
    return {row.subject_id: _course(row) for row in rows.prefetch_related(readings)}


def _course(row: Baseline) -> Course:
    days = {each.on: each for each in row.readings.all()}  # the last of a day is kept
    readings = tuple(ReadingSeen(each.value, each.on, each.words, each.source_id) for each in days.values())
    return Course(row.pk, _without_entries(row.measure), row.value, row.on, readings)


def _seen(row: Measure) -> MeasureSeen:
    return _without_entries(row, tuple(each.entry.name for each in row.entries.all()))


def _without_entries(row: Measure, entries: tuple[str, ...] = ()) -> MeasureSeen:
    return MeasureSeen(
        row.pk, row.code, row.name, row.question, row.unit, row.direction, row.least, row.most, row.places, entries
    )


def baseline_of(viewer: Actor, subject_kind: str, subject_id: str) -> Baseline:
    """The baseline of one subject, to hand to a service."""
    check(viewer, READ_MEASURES)
    found = Baseline.objects.select_related("measure").filter(subject_kind=subject_kind, subject_id=subject_id).first()
    if found is None:
        raise NotVisible
    return found


def subjects_read_at(viewer: Actor, subject_kind: str, source_kind: str, source_id: str) -> set[str]:
    """The ids of the subjects that were read at one occasion, such as a review."""
    check(viewer, READ_MEASURES)
    read = Baseline.objects.filter(
        subject_kind=subject_kind, readings__source_kind=source_kind, readings__source_id=source_id
    )
    return set(read.values_list("subject_id", flat=True))


def subjects_begun_after(viewer: Actor, subject_kind: str, subject_ids: Iterable[str], day: date) -> set[str]:
    """Those of these subjects whose baseline is of a later day: on that day there was nothing to read yet (OC-2)."""
    check(viewer, READ_MEASURES)
    later = Baseline.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids), on__gt=day)
    return set(later.values_list("subject_id", flat=True))
