"""How risks are named, scored and judged. Pure: the closed lists, the grid, and what is over a board's appetite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

# The six kinds a partnership's own report to scrutiny names, in its order, and any other.
RISK_KINDS: dict[str, str] = {
    "children": "Individual children and young people",
    "partnership": "Partnership working",
    "policy": "Government policy",
    "staff": "Staff expertise and training",
    "governance": "Governance",
    "inspection": "Inspection demands and outcomes",
    "other": "Other",
}
LIKELIHOODS: dict[int, str] = {1: "Rare", 2: "Unlikely", 3: "Possible", 4: "Likely", 5: "Almost certain"}
IMPACTS: dict[int, str] = {1: "Slight", 2: "Minor", 3: "Moderate", 4: "Major", 5: "Severe"}
CONTROL_WORKS: dict[str, str] = {"works": "Works", "partly": "Works in part", "not_yet": "Not in place yet"}
REVIEW_MONTHS: dict[str, str] = {
    "1": "Every month",
    "2": "Every two months",
    "3": "Every quarter",
    "6": "Twice a year",
    "12": "Once a year",
}
LARGEST = 25


@dataclass(frozen=True, order=True)
class Score:
    """A place on the grid: likelihood and impact, each 1 to 5."""

    likelihood: int
    impact: int

    @property
    def value(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact

    @property
    def is_on_grid(self) -> bool:
        """Whether both are from 1 to 5."""
        return self.likelihood in LIKELIHOODS and self.impact in IMPACTS

    @property
    def words(self) -> str:
        """The score in words: `12: likely, moderate`."""
        return f"{self.value}: {LIKELIHOODS[self.likelihood].lower()}, {IMPACTS[self.impact].lower()}"


@dataclass(frozen=True)
class Scores:
    """The three scores of a risk: without its controls, with those there are, and where it is to come to."""

    inherent: Score
    current: Score
    target: Score


def level_of(value: int) -> str:
    """What a score is called: very high from 20, high from 12, medium from 5, low below."""
    return "very high" if value >= 20 else "high" if value >= 12 else "medium" if value >= 5 else "low"


TONES = {"very high": "red", "high": "amber", "medium": "yellow", "low": "green"}


def tone_of(value: int) -> str:
    """The colour of a score; its words stand beside it always."""
    return TONES[level_of(value)]


def fault_of(scores: Scores) -> str:
    """What cannot be: a place off the grid (`grid`), controls that make it worse (`controls`), a target above where it is
    now (`target`). Empty where all is well."""
    if not all(each.is_on_grid for each in (scores.inherent, scores.current, scores.target)):
        return "grid"
    if scores.current.value > scores.inherent.value:
        return "controls"
    return "target" if scores.target.value > scores.current.value else ""


def is_over(value: int, appetite: int | None) -> bool:
    """Whether a current score is above what the board accepts; never where no board has said."""
    return appetite is not None and value > appetite


def movement_of(values: Iterable[int]) -> str:
    """How the newest of some scores, oldest first, stands to the one before: `up`, `down`, `same`, or `new`."""
    kept = list(values)[-2:]
    if len(kept) < 2:
        return "new"
    return "up" if kept[1] > kept[0] else "down" if kept[1] < kept[0] else "same"


MOVEMENTS = {"up": "Worse", "down": "Better", "same": "The same", "new": "New"}
Thing = TypeVar("Thing")


def grid_of(placed: Iterable[tuple[Score, Thing]]) -> Mapping[Score, list[Thing]]:
    """What stands in each of the 25 cells."""
    found: dict[Score, list[Thing]] = {
        Score(likelihood, impact): [] for likelihood in LIKELIHOODS for impact in IMPACTS
    }
    for score, thing in placed:
        found[score].append(thing)
    return found


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or that month’s last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)  # pragma: no cover - every month has 28 days
