"""The outcome frameworks and the starting measures, as data. Pure.

An entry marked not verified was quoted from memory; it is a heading to sort by and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


DIRECTION_LABELS = {Direction.UP: "More is better", Direction.DOWN: "Less is better"}

EVERY_CHILD_MATTERS, SUPPORTING_FAMILIES = "every_child_matters", "supporting_families"
FRAMEWORKS: dict[str, str] = {
    EVERY_CHILD_MATTERS: "Every Child Matters: the five outcomes",
    SUPPORTING_FAMILIES: "Supporting Families: the headline outcomes",
}


@dataclass(frozen=True)
class Heading:
    """One outcome of a framework."""

    framework: str
    code: str
    name: str
    is_verified: bool = True


HEADINGS: tuple[Heading, ...] = (
    Heading(EVERY_CHILD_MATTERS, "ECM1", "Be healthy"),
    Heading(EVERY_CHILD_MATTERS, "ECM2", "Stay safe"),
    Heading(EVERY_CHILD_MATTERS, "ECM3", "Enjoy and achieve"),
    Heading(EVERY_CHILD_MATTERS, "ECM4", "Make a positive contribution"),
    Heading(EVERY_CHILD_MATTERS, "ECM5", "Achieve economic well-being"),
    Heading(SUPPORTING_FAMILIES, "SF1", "Getting a good education", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF2", "Good early years development", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF3", "Improved mental and physical health", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF4", "Recovery, and less harm from alcohol and drugs", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF5", "Improved family relationships", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF6", "Children safe from abuse and exploitation", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF7", "Crime prevented and tackled", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF8", "Safe from domestic abuse", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF9", "Secure housing", is_verified=False),
    Heading(SUPPORTING_FAMILIES, "SF10", "Financial stability", is_verified=False),
)


@dataclass(frozen=True)
class StartingMeasure:
    """A measure every partnership starts with. `least` and `most` are the ends of its scale, None where it has none;
    `places` is how many decimal places a value may have."""

    code: str
    name: str
    question: str
    unit: str
    direction: Direction
    least: Decimal | None
    most: Decimal | None
    entries: tuple[str, ...]
    places: int = 0


def _scale(code: str, name: str, question: str, *entries: str) -> StartingMeasure:
    return StartingMeasure(
        code, name, question, "on a scale from 1 to 10", Direction.UP, Decimal(1), Decimal(10), entries
    )


def _count(
    code: str, name: str, question: str, unit: str, *entries: str, most: int | None = None, better: str = "down"
) -> StartingMeasure:
    top = None if most is None else Decimal(most)
    return StartingMeasure(code, name, question, unit, Direction(better), Decimal(0), top, entries)


MEASURES: tuple[StartingMeasure, ...] = (
    _scale("SCALE", "How things are, 1 to 10", "How are things with this, from 1 (as bad as it can be) to 10 (as good)?",
           "ECM4", "SF5"),
    _scale("CONFIDENCE", "How sure a parent feels, 1 to 10", "How sure does the parent feel about handling this?",
           "ECM2", "SF5"),
    _scale("SAFE", "How safe somebody feels at home, 1 to 10", "How safe do they feel at home?", "ECM2", "SF6", "SF8"),
    StartingMeasure("ATTENDANCE", "School attendance", "Attendance over the last half-term?", "per cent", Direction.UP,
                    Decimal(0), Decimal(100), ("ECM3", "SF1"), places=1),
    _count("SUSPENDED", "Days out of school by suspension", "Days lost to suspension in the last half-term?", "days",
           "ECM3", "SF1", most=60),
    _count("EARLY", "Areas of development on track", "How many of the five areas of development are on track?", "areas",
           "ECM3", "SF2", most=5, better="up"),
    _count("DIFFICULTIES", "Strengths and difficulties, total", "Total difficulties score?", "points", "ECM1", "SF3",
           most=40),
    StartingMeasure("APPOINTMENTS", "Health appointments kept", "Of the last appointments, how many were kept?",
                    "per cent", Direction.UP, Decimal(0), Decimal(100), ("ECM1", "SF3")),
    _count("USE", "Days of problem drinking or drug use", "On how many of the last 28 days?", "days in 28", "ECM1", "SF4",
           most=28),
    _count("CALLS", "Police calls to the home", "How many in the last three months?", "calls in 3 months", "ECM2", "SF7",
           "SF8"),
    _count("MISSING", "Times missing from home", "How many in the last three months?", "times in 3 months", "ECM2", "SF6"),
    _count("ARREARS", "Weeks of rent owed", "How many weeks of rent are owed?", "weeks", "ECM5", "SF9", "SF10"),
    _count("WORK", "Hours of paid work in the household", "Paid hours of all adults together in a week?",
           "hours a week", "ECM5", "SF10", most=336, better="up"),
)  # fmt: skip


# --- What the whole partnership is measured by.

WHOLE, LOCALITY, CLUSTER = "partnership", "locality", "cluster"
AREA_KINDS: dict[str, str] = {WHOLE: "The whole partnership", LOCALITY: "A locality", CLUSTER: "A cluster of schools"}
EVERYBODY = "ALL"  # the code of the cohort that takes in all
SHARE, COUNT, MEAN = "share", "count", "mean"
FORMS: dict[str, str] = {
    SHARE: "A share, in per cent: how many, of how many",
    COUNT: "A number of people, families or events",
    MEAN: "A mean, of how many",
}
MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
FREQUENCIES: dict[str, str] = {
    MONTH: "Every month", QUARTER: "Every quarter", HALF: "Every half-year", YEAR: "Every year",
}  # fmt: skip
COMPUTED, IMPORTED, BY_HAND = "computed", "imported", "by_hand"
WAYS: dict[str, str] = {
    COMPUTED: "Counted by Joinedup", IMPORTED: "Brought in from a file", BY_HAND: "Written by hand",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step of the scientific scale: how far a change can be put down to the work."""

    name: str
    words: str


# The Maryland scientific methods scale (Sherman and others, 1997), in our own words, from memory and not verified.
EVIDENCE: dict[int, Step] = {
    1: Step("1: seen together, once", "The work and the result were seen together at one time. Nothing says which came first."),
    2: Step("2: before and after", "Measured before and after, with no comparable group that went without the work."),
    3: Step(
        "3: before and after, with a comparable group",
        "Measured before and after, here and in a comparable group that went without the work.",
    ),
    4: Step(
        "4: several groups, other causes accounted for",
        "Several groups with and without the work, and other causes of the difference are accounted for.",
    ),
    5: Step("5: chance decided who had the work", "Chance decided who had the work and who went without it."),
}  # fmt: skip
NEEDS_A_GROUP = 3
ILLUSTRATION = "Illustration: inputs invented"
