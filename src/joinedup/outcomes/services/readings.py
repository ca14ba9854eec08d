"""Baselines, trajectories and readings of series; and how far a change is the work's doing. Nothing is overwritten: each
is a new row, and of several about one period the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.outcomes import rules
from joinedup.outcomes.codes import BY_HAND, NEEDS_A_GROUP
from joinedup.outcomes.models import Comparison, Series, SeriesBaseline, SeriesReading, SeriesTarget
from joinedup.outcomes.permissions import COMPARE_SERIES, SET_TARGET, WRITE_READING
from joinedup.outcomes.valuing import Said, fault_in, worked_out


@service(WRITE_READING, on="series")
def set_baseline(*, series: Series, said: Said, reason: str, by: Actor, at: datetime) -> SeriesBaseline:
    """Where a series stood. Another one in its place says why (OC-22)."""
    _lock(series)
    good = _fitting(series, said, at)
    if SeriesBaseline.objects.filter(series=series).exists() and not reason.strip():
        raise rules.CORRECTION_EXPLAINED.refused()
    row = SeriesBaseline.objects.create(
        series=series, reason=reason.strip(), recorded_at=at, recorded_by=by.account_id, **_values(good)
    )
    note(changed=("baseline",), words={"value": str(good.value), "ends_on": str(good.ends_on)})
    return row


@service(SET_TARGET, on="series")
def set_trajectory(
    *, series: Series, starts_on: date | None, targets: Mapping[date, Decimal], reason: str, by: Actor, at: datetime
) -> list[SeriesTarget]:
    """What a series shall come to and by when, in place of what was set before; another one than before says why (OC-22).
    `starts_on` is the day the return begins: until then nothing is behind. Returns the rows that are new."""
    locked = _lock(series)
    if any(not value.is_finite() or abs(value) > 10_000_000 for value in targets.values()):
        raise rules.TARGETS_FOLLOW.refused()
    if starts_on is not None and any(day <= starts_on for day in targets):
        raise rules.TARGET_ABOVE_START.refused()
    now: dict[date, Decimal | None] = {}
    for each in SeriesTarget.objects.filter(series=series).order_by("on", "recorded_at", "id"):
        now[each.on] = each.value
    standing = {day: value for day, value in now.items() if value is not None}
    changed = {day: value for day, value in targets.items() if standing.get(day) != value}
    gone = [day for day in standing if day not in targets]
    if not changed and not gone and locked.starts_on == starts_on:
        return []
    if standing and not reason.strip():
        raise rules.CORRECTION_EXPLAINED.refused()
    said = {"reason": reason.strip(), "recorded_at": at, "recorded_by": by.account_id}
    rows = [SeriesTarget(series=series, on=day, value=value, **said) for day, value in sorted(changed.items())]
    rows += [SeriesTarget(series=series, on=day, value=None, **said) for day in sorted(gone)]
    made = [_saved(each) for each in rows]
    claim_version(locked, locked.version)
    locked.starts_on = starts_on
    locked.save(update_fields=["starts_on"])
    note(changed=("targets",), words={"points": len(targets)})
    return made


@service(WRITE_READING, on="series")
def write_reading(*, series: Series, said: Said, reason: str, by: Actor, at: datetime) -> SeriesReading:
    """Write down what a period came to. Where a reading of it is there already this one takes its place, and says why
    (OC-22)."""
    _lock(series)
    good = _fitting(series, said, at)
    if _standing_reading(series, good.ends_on) is not None and not reason.strip():
        raise rules.CORRECTION_EXPLAINED.refused()
    row = SeriesReading.objects.create(
        series=series, way=BY_HAND, reason=reason.strip(), recorded_at=at, recorded_by=by.account_id, **_values(good)
    )
    note(changed=("reading",), words={"value": str(good.value), "ends_on": str(good.ends_on)})
    return row


@service(WRITE_READING, on="series")
def take_back_reading(*, series: Series, ends_on: date, reason: str, by: Actor, at: datetime) -> SeriesReading:
    """Take a reading back, with why; it stays in the history. What Joinedup counts is not counted again for that period."""
    _lock(series)
    there = _standing_reading(series, ends_on)
    if there is None:
        raise rules.NOTHING_TO_TAKE.refused()
    if not reason.strip():
        raise rules.CORRECTION_EXPLAINED.refused()
    row = SeriesReading.objects.create(
        series=series, way=BY_HAND, reason=reason.strip(), recorded_at=at, recorded_by=by.account_id, value=None,
        starts_on=there.starts_on, ends_on=ends_on, source=there.source,
    )  # fmt: skip
    note(changed=("reading",), words={"ends_on": str(ends_on)})
    return row


@service(COMPARE_SERIES, on="series")
def record_comparison(
    *,
    series: Series,
    level: int,
    words: str,
    other: Series | None,
    before_on: date | None,
    after_on: date | None,
    by: Actor,
    at: datetime,
) -> Comparison:
    """Say on which step of the scientific scale a change rests, why, and which group it is compared with. From step 3 a
    group is needed (OC-29); it is a series of the same measure (OC-30), with a period before that both have (OC-31)."""
    if level >= NEEDS_A_GROUP and other is None:
        raise rules.GROUP_FOR_STEP.refused()
    if other is not None:
        if other.pk == series.pk or other.measure_id != series.measure_id:
            raise rules.NOT_ITSELF.refused()
        if before_on is None or any(_standing_reading(each, before_on) is None for each in (series, other)):
            raise rules.BEFORE_NEEDED.refused()
    row = Comparison.objects.create(
        series=series, level=level, words=words.strip(), other=other, before_on=before_on if other else None,
        after_on=after_on if other else None, recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(changed=("comparison",), words={"level": level})
    return row


def _fitting(series: Series, said: Said, at: datetime) -> Said:
    """What was said, whole; refuses what cannot be (OC-21)."""
    fault = fault_in(series.measure.form, said, timezone.localdate(at))
    if fault is not None:
        field, sentence = fault
        refusal = rules.VALUE_FITS.refused(fault=sentence)
        refusal.field = field
        raise refusal
    return worked_out(series.measure.form, said)


def _values(said: Said) -> dict[str, object]:
    return {
        "starts_on": said.starts_on, "ends_on": said.ends_on, "value": said.value, "numerator": said.numerator,
        "denominator": said.denominator, "source": said.source.strip(),
    }  # fmt: skip


def _standing_reading(series: Series, ends_on: date) -> SeriesReading | None:
    """The reading of a period that counts; None where there is none or it was taken back."""
    rows = SeriesReading.objects.filter(series=series, ends_on=ends_on).order_by("-recorded_at", "-id")
    newest = rows.first()
    return newest if newest is not None and newest.value is not None else None


def _saved(row: SeriesTarget) -> SeriesTarget:
    row.save(force_insert=True)
    return row


def _lock(series: Series) -> Series:
    """Two people who write of one series wait for each other."""
    return Series.objects.select_for_update().get(pk=series.pk)
