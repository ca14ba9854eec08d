"""Writing what a family's plan is measured by (plan), and what the whole partnership is."""

from __future__ import annotations

from joinedup.outcomes.services.computing import (
    count_readings,
    look_after_outcomes,
    record_computed_readings,
    start_counting,
)
from joinedup.outcomes.services.imports import import_readings
from joinedup.outcomes.services.plan import NewMeasure, add_measure, end_measure, record_baseline, record_reading
from joinedup.outcomes.services.readings import (
    record_comparison,
    set_baseline,
    set_trajectory,
    take_back_reading,
    write_reading,
)
from joinedup.outcomes.services.series import (
    NewPartnershipMeasure,
    add_cohort,
    add_outcome,
    add_partnership_measure,
    add_series,
    end_partnership_measure,
)

__all__ = [
    "NewMeasure",
    "NewPartnershipMeasure",
    "add_cohort",
    "add_measure",
    "add_outcome",
    "add_partnership_measure",
    "add_series",
    "count_readings",
    "end_measure",
    "end_partnership_measure",
    "import_readings",
    "look_after_outcomes",
    "record_baseline",
    "record_comparison",
    "record_computed_readings",
    "record_reading",
    "set_baseline",
    "set_trajectory",
    "start_counting",
    "take_back_reading",
    "write_reading",
]
