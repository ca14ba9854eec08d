"""Settings of boards: after how long what nobody did is taken higher."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value

ESCALATE_AFTER = declare_setting(
    "governance.escalate_after_days",
    "How many days after its day an action of a board is taken to the board’s chair when nobody recorded it as done.",
    14,
    check=between(1, 180),
)


def escalate_after(on: date) -> int:
    """Days after which an overdue action is taken higher."""
    return int(value(ESCALATE_AFTER, on=on))


PLAN_PROGRESS_MONTHS = declare_setting(
    "governance.plan_progress_months",
    "After how many months the board that adopted the children and young people’s plan is to look at its progress again.",
    3,
    check=between(1, 24),
)


def plan_progress_months(on: date) -> int:
    """Months between two looks at the progress of the plan."""
    return int(value(PLAN_PROGRESS_MONTHS, on=on))
