"""The settings of information sharing: how long an answer may take, and when agreements are brought to mind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from joinedup.core.partnership import between, declare_setting, value
from joinedup.engines.periods import Clock, ClockKind, due_by

ANSWER_CLOCKS = declare_setting(
    "information_sharing.answer_clocks",
    "How long a partner may take to answer, by the rating of what is asked about; “none” where nothing is rated.",
    {
        "red": {"kind": "CLOCK_HOURS", "amount": 2},
        "amber": {"kind": "WORKING_HOURS", "amount": 6},
        "green": {"kind": "WORKING_HOURS", "amount": 24},
        "blue": {"kind": "WORKING_DAYS", "amount": 5},
        "none": {"kind": "WORKING_DAYS", "amount": 2},
    },
    source="local: after the clocks Merton publishes for partners’ information",
    check=lambda said: _usable(said),
)
REVIEW_WARNING_DAYS = declare_setting(
    "information_sharing.review_warning_days",
    "How many days before its review or expiry a sharing agreement is brought to mind.",
    30,
    check=between(1, 365),
)
GOVERNANCE_EMAIL = declare_setting(
    "information_sharing.governance_email",
    "Where reminders that a sharing agreement must be reviewed are sent.",
    "information.governance@council.example",
)


BASIS_DAYS = declare_setting(
    "information_sharing.basis_days",
    "For how many days a manager’s basis for asking without the family’s agreement holds, before it must be given anew.",
    28,
    check=between(1, 28),
)

CONSENT_MONTHS = declare_setting(
    "information_sharing.consent_months",
    "For how many months at most a basis for sharing about somebody holds before it is recorded anew.",
    12,
    check=between(1, 36),
)


def last_day_of_sharing(on: date) -> date:
    """The latest day on which a basis recorded on a day may run out."""
    months = on.month - 1 + int(value(CONSENT_MONTHS, on=on))
    return date(on.year + months // 12, months % 12 + 1, min(on.day, 28))


def decision_after_withdrawal_due(at: datetime) -> datetime:
    """Within one working day a manager decides what follows a withdrawal."""
    return due_by(at, Clock(ClockKind.WORKING_DAYS, Decimal(1))) or at


def basis_ends_on(given_at: datetime) -> date:
    """The last day on which a basis given at a moment holds."""
    day = timezone.localdate(given_at)
    return day + timedelta(days=int(value(BASIS_DAYS, on=day)))


def answer_due(asked_at: datetime, rating: str) -> datetime:
    """When a request asked at a moment should be answered. It is a wish with a clock: nothing else waits for it."""
    said: dict[str, Any] = value(ANSWER_CLOCKS, on=timezone.localdate(asked_at))
    return due_by(asked_at, _clock(said.get(rating) or said["none"])) or asked_at


def _clock(said: dict[str, Any]) -> Clock:
    return Clock(ClockKind(said["kind"]), Decimal(str(said["amount"])))


def _usable(said: dict[str, Any]) -> None:
    for name in ("red", "amber", "green", "blue", "none"):
        clock = _clock(said[name])
        if clock.kind is ClockKind.NONE or not 0 < clock.amount <= 1000:
            raise ValueError("Every clock allows from 1 to 1,000 hours or days.")
