"""Writing what a family's plan is measured by (plan), and what the whole partnership is."""

from __future__ import annotations

from joinedup.outcomes.services.plan import NewMeasure, add_measure, end_measure, record_baseline, record_reading

__all__ = ["NewMeasure", "add_measure", "end_measure", "record_baseline", "record_reading"]
