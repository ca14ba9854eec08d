"""What a partnership sets about capacity: targets, hours and pay. What ships is invented, and every page says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from joinedup.core.partnership import between, declare_setting, value

FEWEST = 6
_TARGETS = {"triage": [1, 95], "assessment": [45, 90], "review": [30, 95], "allocation": [5, 95]}
_HOURS = {
    "triage_hours": 2.0, "assessment_hours": 12.0, "review_hours": 2.0, "assessment_share": 0.25, "review_share": 0.25,
    "review_slack": 5.0, "case_points": 12.0, "stay_days": 105.0, "hours_a_day": 7.4,
}  # fmt: skip
_PAY = {"triage": 4_900_000, "team": 4_700_000}


def _pairs(said: Any) -> None:
    for name, default in _TARGETS.items():
        days, share = said[name]
        if not (0 < days <= 400 and 50 <= share < 100 and len(said) == len(_TARGETS) and len(default) == 2):
            raise ValueError("Each target is a number of working days, and a percentage from 50 to 99.")


def _positive(said: Any) -> None:
    if set(said) != set(_HOURS) or not all(0 < float(each) <= 1000 for each in said.values()):
        raise ValueError("Keep every name, and give each a number above nought.")
    if not (said["assessment_share"] < 1 and said["review_share"] < 1):
        raise ValueError("The shares of a worker’s time are less than 1.")


def _pence(said: Any) -> None:
    if set(said) != set(_PAY) or not all(type(each) is int and 0 <= each <= 100_000_000 for each in said.values()):
        raise ValueError("Give whole pence a year for triage and for team.")


TARGETS = declare_setting(
    "capacity.targets",
    "Targets as working days and per cent of families: a decision at triage, an assessment signed, a review held, a lead named.",
    _TARGETS, source="Working Together for 45 days; Swindon for six weeks; the others local [memory]", check=_pairs,
)  # fmt: skip
HOURS = declare_setting(
    "capacity.hours",
    "How long work takes, where the record cannot say: hours of triage, of an assessment and of a review; the share of a worker’s time kept for each; points a worker holds.",
    _HOURS, source="invented for the illustration: replace with your own", check=_positive,
)  # fmt: skip
PAY = declare_setting(
    "capacity.pay",
    "What a full-time worker costs a year with on-costs, in pence: at triage, and in a team. What ships is invented.",
    _PAY, source="invented for the illustration: replace with your own", check=_pence,
)  # fmt: skip
YEARS = declare_setting(
    "capacity.years_ahead", "How many years ahead a what-if looks.", 2, check=between(1, 5),
)  # fmt: skip
PAY_IS_OWN = declare_setting(
    "capacity.pay_is_own", "Whether the pay table and the hours are this partnership’s own, not those that ship.", False
)


def targets(on: date) -> dict[str, list[int]]:
    """Days and per cent of each target."""
    return dict(value(TARGETS, on=on))


def hours(on: date) -> dict[str, float]:
    """Hours, shares and points."""
    return {name: float(each) for name, each in value(HOURS, on=on).items()}


def pay(on: date) -> dict[str, int]:
    """Pence a year."""
    return dict(value(PAY, on=on))


def years_ahead(on: date) -> int:
    """How far ahead."""
    return int(value(YEARS, on=on))


def is_own(on: date) -> bool:
    """Whether pay and hours are the partnership's own."""
    return bool(value(PAY_IS_OWN, on=on))
