"""The code lists of universal services and of participation. Pure.

The lists are the partnership's own: no national list was to hand to copy, and none is claimed.
"""

from __future__ import annotations

from enum import StrEnum

PROGRAMME_KINDS: dict[str, str] = {
    "stay_and_play": "Stay and play",
    "parenting": "Parenting course",
    "youth_club": "Youth club",
    "breakfast_club": "Breakfast club",
    "after_school": "After-school activity",
    "holiday": "Holiday activity",
    "baby_clinic": "Baby clinic",
    "group_work": "Group work",
    "adult_learning": "Family learning",
    "detached": "Youth work on the street",
    "other": "Something else",
}


class Mark(StrEnum):
    """What a register says of somebody."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"


MARKS: dict[Mark, str] = {
    Mark.PRESENT: "Here",
    Mark.LATE: "Late",
    Mark.LEFT_EARLY: "Left early",
    Mark.ABSENT: "Not here",
}
CAME = frozenset({Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY})

STATES: dict[str, str] = {"planned": "Planned", "held": "Register finished", "cancelled": "Cancelled"}


class Status(StrEnum):
    """What a young person does."""

    EDUCATION = "education"
    EMPLOYMENT = "employment"
    TRAINING = "training"
    NEITHER = "neither"
    UNKNOWN = "unknown"


STATUSES: dict[Status, str] = {
    Status.EDUCATION: "In education",
    Status.EMPLOYMENT: "In work",
    Status.TRAINING: "In training or an apprenticeship",
    Status.NEITHER: "Neither learning nor working",
    Status.UNKNOWN: "Not known",
}
# Why somebody neither learns nor works. Local; kept apart from the status so that it can be mapped to a return's own list.
REASONS: dict[str, str] = {
    "seeking": "Looking for a place or work",
    "starts_later": "Has a place or job that starts later",
    "caring": "Cares for somebody at home",
    "parent": "Is a parent or about to be one",
    "illness": "Is ill or injured",
    "not_ready": "Is not ready to look yet",
    "gap": "Is taking time out by choice",
    "custody": "Is in custody",
    "other": "Another reason",
    "not_said": "Did not say",
}
JUSTICE_KINDS: dict[str, str] = {
    "prevention": "Prevention work",
    "out_of_court": "Settled out of court",
    "bail": "On bail or remand",
    "community": "Sentence in the community",
    "custody": "Sentence in custody",
    "resettlement": "After custody",
}
AGE_BANDS: tuple[tuple[str, str, int, int], ...] = (
    ("under_5", "Under 5", 0, 4),
    ("5_to_10", "5 to 10", 5, 10),
    ("11_to_13", "11 to 13", 11, 13),
    ("14_to_17", "14 to 17", 14, 17),
    ("18_and_over", "18 and over", 18, 150),
)


def band_of(age: int | None) -> str:
    """The band an age in years lies in; "unknown" where nobody knows it."""
    return next((code for code, _, first, last in AGE_BANDS if age is not None and first <= age <= last), "unknown")
