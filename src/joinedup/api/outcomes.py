"""What the partnership's outcomes come to, for a partner's own system. Read only. A number that tells of too few people, or
from which one could be worked out, is null with `is_hidden`, as it is on the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from joinedup.access.middleware import viewer_of
from joinedup.api.writes import Addresses, Answers
from joinedup.outcomes.queries import EffectSeen, PointSeen, SeriesSeen, measure_page, outcome_list, series_page


class MeasuredByOut(Schema):
    """A measure of an outcome; `series_id` is its first series of the whole partnership. `stamp` says where its numbers are
    invented."""

    id: UUID
    name: str
    stamp: str
    series_id: UUID | None
    standing: str


class SharedOutcomeOut(Schema):
    """Something that shall be different, and what says whether it is."""

    id: UUID
    name: str
    words: str
    framework: str
    measures: list[MeasuredByOut]


class PointOut(Schema):
    """A value of a period; null where it is not shown. `way` says how it came."""

    starts_on: date
    ends_on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: int | None
    is_hidden: bool
    words: str
    source: str
    way: str
    is_corrected: bool


class TargetOut(Schema):
    """A point of the trajectory."""

    on: date
    value: Decimal


class SeriesRowOut(Schema):
    """One measure in one area for one cohort. `standing` is how its newest reading stands against the trajectory; before its
    return begins nothing is behind."""

    id: UUID
    measure_id: UUID
    measure: str
    code: str
    unit: str
    direction: str
    area_kind: str
    area: str
    cohort: str
    standing: str
    latest: PointOut | None
    target: TargetOut | None
    stamp: str


class EffectOut(Schema):
    """How far the change is the work's doing: a step of the five-step scientific scale and why; where a group is compared, how
    much more changed here and the interval that holds the truth nineteen times in twenty. `missing` says what is lacking."""

    level: int
    level_words: str
    words: str
    difference: Decimal | None
    low: Decimal | None
    high: Decimal | None
    is_clear: bool
    sentences: list[str]
    missing: str


class LimitsOut(Schema):
    """The limits of chance about the readings (XmR): centre, lower and upper natural process limit."""

    centre: float
    lower: float
    upper: float


class SharedSeriesOut(SeriesRowOut):
    """One series with its baseline, trajectory, readings (the oldest first), what chance allows and what is no chance."""

    outcome: str
    definition: str
    source: str
    frequency: str
    starts_on: date | None
    baseline: PointOut | None
    targets: list[TargetOut]
    readings: list[PointOut]
    limits: LimitsOut | None
    signals: list[str]
    effect: EffectOut | None


class SharedMeasureOut(Schema):
    """A measure with its areas and cohorts side by side."""

    id: UUID
    name: str
    stamp: str
    definition: str
    source: str
    frequency: str
    series: list[SeriesRowOut]


def router(answers: Answers) -> Router:
    """The addresses under /outcomes."""
    found = Router(tags=["Outcomes"])
    at = Addresses(found, answers)
    at.reads("", list[SharedOutcomeOut], _outcomes, "What the partnership wants to change")
    at.reads(
        "/measures/{uuid:partnership_measure_id}", SharedMeasureOut, _measure, "One measure, its areas side by side"
    )
    at.reads("/series/{uuid:series_id}", SharedSeriesOut, _series, "One series with trajectory, readings and limits")
    return found


def _point(series: SeriesSeen, each: PointSeen | None) -> dict[str, Any] | None:
    return None if each is None else each.__dict__ | {"words": series.say_point(each), "way": each.way_words}


def _row(each: SeriesSeen) -> dict[str, Any]:
    return {
        "id": each.id, "measure_id": each.measure_id, "measure": each.name, "code": each.code, "unit": each.unit,
        "direction": each.direction, "area_kind": each.area_kind, "area": each.area, "cohort": each.cohort,
        "standing": each.standing.value, "latest": _point(each, each.latest), "target": each.target, "stamp": each.stamp,
    }  # fmt: skip


def _outcomes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every outcome with its measures in use, and how each stands."""
    return [
        each.__dict__ | {
            "measures": [
                one.__dict__ | {
                    "series_id": one.row.series.id if one.row else None,
                    "standing": one.row.series.standing.value if one.row else "",
                }
                for one in each.measures
            ]
        }
        for each in outcome_list(viewer_of(request)).outcomes
    ]  # fmt: skip


def _measure(request: HttpRequest, partnership_measure_id: UUID) -> dict[str, Any]:
    """One measure with every series of it."""
    page = measure_page(viewer_of(request), partnership_measure_id)
    measure = page.measure
    return {
        "id": measure.pk, "name": measure.name, "stamp": measure.stamp, "definition": measure.definition,
        "source": measure.source, "frequency": measure.frequency, "series": [_row(each.series) for each in page.rows],
    }  # fmt: skip


def _effect(found: EffectSeen | None) -> dict[str, Any] | None:
    return None if found is None else found.__dict__


def _series(request: HttpRequest, series_id: UUID) -> dict[str, Any]:
    """One series in full."""
    page = series_page(viewer_of(request), series_id)
    seen, chart = page.series, page.chart
    limits = None if chart is None else {"centre": chart.mean, "lower": chart.lower, "upper": chart.upper}
    return _row(seen) | {
        "outcome": seen.outcome, "definition": seen.definition, "source": seen.source, "frequency": seen.frequency,
        "starts_on": seen.starts_on, "baseline": _point(seen, seen.baseline), "targets": list(seen.targets),
        "readings": [_point(seen, each) for each in seen.readings], "limits": limits, "signals": list(page.signals),
        "effect": _effect(page.effect),
    }  # fmt: skip
