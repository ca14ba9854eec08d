"""Clocks and thresholds of casework that differ between partnerships."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value

REVIEW_WEEKS = declare_setting(
    "casework.review_weeks",
    "The most weeks between the start of a case and its first review, and between one review and the next.",
    6,
    source="Swindon: a review in six weeks, with the same people around the table",
    check=between(1, 26),
)
CASELOAD_CAP = declare_setting(
    "casework.caseload_cap", "How many open cases one person leads before the manager’s board says it is too many.", 15,
    check=between(1, 200),
)  # fmt: skip

ASSESSMENT_NAME = declare_setting(
    "casework.assessment_name", "What the common assessment is called on screen and on paper.", "Early help assessment"
)


def assessment_name(on: date) -> str:
    """What the common assessment is called on a day."""
    return str(value(ASSESSMENT_NAME, on=on))


def review_weeks(on: date) -> int:
    """The most weeks to the next review, as it stands on a day."""
    return int(value(REVIEW_WEEKS, on=on))


def caseload_cap(on: date) -> int:
    """How many cases one person leads at most before it is said."""
    return int(value(CASELOAD_CAP, on=on))
