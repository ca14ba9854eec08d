"""The tables of outcomes: what one family's plan is measured by, and what the whole partnership is."""

from __future__ import annotations

from joinedup.outcomes.models.imports import SeriesImport
from joinedup.outcomes.models.partnership import Cohort, PartnershipMeasure, PartnershipOutcome, Series
from joinedup.outcomes.models.plan import Baseline, FrameworkEntry, Measure, MeasureEntry, Reading
from joinedup.outcomes.models.readings import Comparison, SeriesBaseline, SeriesReading, SeriesTarget

__all__ = [
    "Baseline",
    "Cohort",
    "Comparison",
    "FrameworkEntry",
    "Measure",
    "MeasureEntry",
    "PartnershipMeasure",
    "PartnershipOutcome",
    "Reading",
    "Series",
    "SeriesBaseline",
    "SeriesImport",
    "SeriesReading",
    "SeriesTarget",
]
