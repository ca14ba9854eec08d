"""How long training counts."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value
from joinedup.workforce.rules import months_after

TRAINING_MONTHS = declare_setting(
    "workforce.training_months",
    "For how many months a course counts before it must be done again, where the record says nothing else.",
    36,
    check=between(1, 120),
)


def usually_valid_until(completed_on: date) -> date:
    """The last day on which a course completed on a day counts."""
    return months_after(completed_on, int(value(TRAINING_MONTHS, on=completed_on)))
