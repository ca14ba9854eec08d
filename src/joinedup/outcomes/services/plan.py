"""Adding measures, and recording baselines and readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service, subject_of
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.outcomes import rules
from joinedup.outcomes.codes import Direction
from joinedup.outcomes.measuring import value_fault
from joinedup.outcomes.models import Baseline, FrameworkEntry, Measure, MeasureEntry, Reading
from joinedup.outcomes.permissions import ADD_MEASURE, END_MEASURE, RECORD_BASELINE, RECORD_READING


@dataclass(frozen=True)
class NewMeasure:
    """What a partnership says of a measure of its own. `entries` are codes of the frameworks, such as "ECM2"."""

    code: str
    name: str
    question: str
    unit: str
    direction: Direction
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 0
    entries: tuple[str, ...] = ()


@service(ADD_MEASURE)
def add_measure(*, measure: NewMeasure, by: Actor, at: datetime) -> Measure:
    """Add a measure. Its scale never changes afterwards: a value keeps its meaning. Refuses a code that is taken (OC-5)
    and a scale that does not run upwards (OC-6)."""
    if Measure.objects.filter(code=measure.code).exists():
        raise rules.CODE_ONCE.refused()
    if measure.least is not None and measure.most is not None and measure.least >= measure.most:
        raise rules.SCALE_RUNS_UP.refused()
    made = Measure.objects.create(
        code=measure.code, name=measure.name, question=measure.question, unit=measure.unit,
        direction=measure.direction, least=measure.least, most=measure.most, places=measure.places,
    )  # fmt: skip
    entries = FrameworkEntry.objects.filter(code__in=measure.entries)
    MeasureEntry.objects.bulk_create([MeasureEntry(measure=made, entry=entry) for entry in entries])
    note(changed=("code",), words={"code": measure.code})
    return made


@service(END_MEASURE, on="measure")
def end_measure(*, measure: Measure, by: Actor, at: datetime) -> Measure:
    """Offer a measure no more, from today; what was measured with it stays."""
    if measure.ends_on is not None:
        raise rules.ENDED_ALREADY.refused()
    claim_version(measure, measure.version)
    measure.ends_on = timezone.localdate(at)
    measure.save(update_fields=["ends_on"])
    note(changed=("ends_on",))
    return measure


@service(RECORD_BASELINE)
def record_baseline(
    *,
    measure: Measure,
    subject: models.Model,
    person_id: UUID | None,
    value: Decimal,
    on: date,
    people: Iterable[UUID],
    by: Actor,
    at: datetime,
) -> Baseline:
    """Where a subject started. Before anything is read, recording it again corrects it; after that it stays (OC-8)."""
    _refuse_value(measure, value, on, at)
    if measure.ends_on is not None and measure.ends_on <= on:
        raise rules.MEASURE_IN_USE.refused()
    kind, record_id = subject_of(subject)
    there = Baseline.objects.select_for_update().filter(subject_kind=kind, subject_id=record_id).first()
    if there is None:
        there = Baseline(subject_kind=kind, subject_id=record_id)
    elif (there.measure_id, there.value, there.on) == (measure.pk, value, on):
        return there
    elif there.readings.exists():
        raise rules.MEASURED_ALREADY.refused()
    else:
        claim_version(there, there.version)
    there.measure, there.person_id, there.value, there.on = measure, person_id, value, on
    there.recorded_at, there.recorded_by = at, by.account_id
    there.save()
    note(people=list(people), changed=("baseline",), subject=subject)
    return there


@service(RECORD_READING)
def record_reading(
    *,
    baseline: Baseline,
    value: Decimal,
    on: date,
    words: str,
    source: models.Model,
    people: Iterable[UUID],
    by: Actor,
    at: datetime,
) -> Reading:
    """How far it has come on a day, not before the baseline (OC-2) nor to come (OC-3), and on the scale (OC-1)."""
    _refuse_value(baseline.measure, value, on, at)
    if on < baseline.on:
        raise rules.NOT_BEFORE_BASELINE.refused(day=date_long(baseline.on))
    kind, record_id = subject_of(source)
    reading = Reading.objects.create(
        baseline=baseline, value=value, on=on, words=words.strip(), source_kind=kind, source_id=record_id,
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(people=list(people), changed=("reading",), subject=source)
    return reading


def _refuse_value(measure: Measure, value: Decimal, on: date, at: datetime) -> None:
    fault = value_fault(measure, value)
    if fault:
        raise rules.ON_THE_SCALE.refused(fault=fault)
    if on > timezone.localdate(at):
        raise rules.NOT_TO_COME.refused()
