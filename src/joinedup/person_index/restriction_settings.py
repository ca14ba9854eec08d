"""Settings of restricted records and of access in an emergency."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from joinedup.core.partnership import between, declare_setting, value
from joinedup.engines.periods import Clock, ClockKind, due_by
from joinedup.person_index import restricting

REVIEW_DAYS = declare_setting(
    "person_index.restriction_review_days",
    "After how many days somebody looks again at whether a record must stay restricted.",
    90,
    source="local: ninety-day rolling review",
    check=between(1, 366),
)
LOOK_ALIKE_POINTS = declare_setting(
    "person_index.look_alike_points",
    "From how many points of evidence (0 to 100) a new entry that looks like a restricted person waits for the "
    "guardian, and a referral that named them cannot be decided until the guardian has answered.",
    50,
    check=between(1, 100),
)
EMERGENCY_MINUTES = declare_setting(
    "person_index.emergency_minutes",
    "For how many minutes a record opened in an emergency stays open.",
    60,
    check=between(5, 240),
)
EMERGENCY_REVIEW_DAYS = declare_setting(
    "person_index.emergency_review_days",
    "Within how many working days somebody else looks at why a record was opened in an emergency.",
    1,
    check=between(1, 5),
)


def restriction_review_by(on: date) -> date:
    """When a restriction imposed or reviewed on a day is looked at again."""
    return restricting.review_by(on, int(value(REVIEW_DAYS, on=on)))


def look_alike_points(on: date) -> int:
    """From how much evidence two entries may be the same person, where one of them is restricted."""
    return int(value(LOOK_ALIKE_POINTS, on=on))


def emergency_ends_at(at: datetime) -> datetime:
    """When a record opened now shuts again."""
    return at + timedelta(minutes=int(value(EMERGENCY_MINUTES, on=timezone.localdate(at))))


def emergency_review_by(at: datetime) -> datetime:
    """By when somebody else has looked at it."""
    days = int(value(EMERGENCY_REVIEW_DAYS, on=timezone.localdate(at)))
    return due_by(at, Clock(ClockKind.WORKING_DAYS, days)) or at
