"""Reading what a family's plan is measured by (plan), and what the whole partnership is (series and others)."""

from __future__ import annotations

from joinedup.outcomes.queries.computing import Counted, ToCount, series_to_count
from joinedup.outcomes.queries.effects import EffectSeen, effect_of
from joinedup.outcomes.queries.framework import framework_entries
from joinedup.outcomes.queries.grouped import GroupOutcomes, outcomes_of_group
from joinedup.outcomes.queries.pages import MeasureRow, measure_page, outcome_list, series_page
from joinedup.outcomes.queries.plan import (
    Course,
    MeasureSeen,
    ReadingSeen,
    baseline_of,
    courses,
    measure_with_id,
    measures,
    subjects_begun_after,
    subjects_read_at,
)
from joinedup.outcomes.queries.series import (
    PointSeen,
    SeriesChoice,
    SeriesSeen,
    TargetSeen,
    latest_reading,
    series_for_change,
    series_seen,
    series_to_choose,
)

__all__ = [
    "Counted",
    "Course",
    "EffectSeen",
    "GroupOutcomes",
    "MeasureRow",
    "MeasureSeen",
    "PointSeen",
    "ReadingSeen",
    "SeriesChoice",
    "SeriesSeen",
    "TargetSeen",
    "ToCount",
    "baseline_of",
    "courses",
    "effect_of",
    "framework_entries",
    "latest_reading",
    "measure_page",
    "measure_with_id",
    "measures",
    "outcome_list",
    "outcomes_of_group",
    "series_for_change",
    "series_page",
    "series_seen",
    "series_to_choose",
    "series_to_count",
    "subjects_begun_after",
    "subjects_read_at",
]
