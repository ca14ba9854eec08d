"""Settings of outcomes: how small a number is kept to ourselves, and how long a run is a signal."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value
from joinedup.engines.spc import Rules

SMALLEST_SHOWN = declare_setting(
    "outcomes.smallest_shown",
    "The smallest number of people that pages and files about outcomes show. Fewer are hidden, and the next smallest area with them where the hidden one could be worked out.",
    6,
    check=between(1, 50),
)  # fmt: skip
RUN_LENGTH = declare_setting(
    "outcomes.run_length",
    "How many readings in a row on one side of the middle count as more than chance. Practice differs: seven or eight.",
    8,
    source="local; the NHS charts take seven and Wheeler eight, both from memory and not verified",
    check=between(5, 12),
)
TREND_LENGTH = declare_setting(
    "outcomes.trend_length",
    "How many readings in a row that only rise or only fall count as more than chance.",
    7,
    source="local; from memory of the NHS charts, not verified",
    check=between(5, 12),
)
REREFERRAL_MONTHS = declare_setting(
    "outcomes.rereferral_months",
    "Within how many months of a case closing a new one of the same family counts as coming back, in the measure that Joinedup counts.",
    12,
    check=between(1, 36),
)  # fmt: skip
ATTENDANCE_ENOUGH = declare_setting(
    "outcomes.attendance_enough",
    "The school attendance, in per cent, from which a child counts as attending, in the measure that Joinedup counts.",
    90,
    source="guidance on persistent absence, from memory and not verified",
    check=between(50, 100),
)


def smallest_shown(on: date) -> int:
    """The smallest number of people shown on a day."""
    return int(value(SMALLEST_SHOWN, on=on))


def signal_rules(on: date) -> Rules:
    """What counts as more than chance."""
    return Rules(run=int(value(RUN_LENGTH, on=on)), trend=int(value(TREND_LENGTH, on=on)))


def rereferral_months(on: date) -> int:
    """Within how many months a family has come back."""
    return int(value(REREFERRAL_MONTHS, on=on))


def attendance_enough(on: date) -> int:
    """The attendance from which a child attends."""
    return int(value(ATTENDANCE_ENOUGH, on=on))
