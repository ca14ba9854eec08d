"""Quality audit: the tool's versions, what was found as a number, its grade, and drawing cases at random. Pure.

**Effectiveness** is what was found as a percentage of what applied. The field's tool knows met (A), not met and not
applicable (B) over 39 items, and counts `A * 100 / (39 - B)`. We add “partly”, which counts half:
`(met + partly / 2) * 100 / (items - not applicable)`: without a “partly” the same number. Where nothing applied there
is none. Over several audits the met, the partly met and what applied are added up first, so that an audit in which much
applied weighs more than one in which little did. In whole per cent, a half upwards.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from joinedup.casework.auditing_spec import AuditSpec
from joinedup.casework.auditing_v1 import FIRST

MET, PARTLY, NOT_MET, NOT_APPLICABLE = "met", "partly", "not_met", "not_applicable"
ANSWERS: dict[str, str] = {
    MET: "Met", PARTLY: "Partly met", NOT_MET: "Not met", NOT_APPLICABLE: "Does not apply",
}  # fmt: skip
_SPECS: dict[int, AuditSpec] = {FIRST.version: FIRST}
CURRENT = max(_SPECS)


def audit_spec(version: int) -> AuditSpec:
    """A version of the tool; an audit keeps the one it was begun with."""
    return _SPECS[version]


# --- What was found, as a number.


@dataclass(frozen=True)
class Tally:
    """How many items were met, partly met, not met, and did not apply."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    not_applicable: int = 0

    @property
    def applicable(self) -> int:
        """How many applied."""
        return self.met + self.partly + self.not_met

    @cached_property
    def effectiveness(self) -> Fraction | None:
        """What was found of what applied, as a share; None where nothing applied."""
        return (self.met + Fraction(self.partly, 2)) / self.applicable if self.applicable else None

    @property
    def percent(self) -> int | None:
        """In whole per cent, a half upwards."""
        return None if self.effectiveness is None else int(self.effectiveness * 100 + Fraction(1, 2))

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.met + other.met, self.partly + other.partly, self.not_met + other.not_met,
            self.not_applicable + other.not_applicable,
        )  # fmt: skip


def tally_of(answers: Iterable[str]) -> Tally:
    """The answers counted. KeyError for one that the tool does not know."""
    counts = dict.fromkeys(ANSWERS, 0)
    for answer in answers:
        counts[answer] += 1
    return Tally(**counts)


def added(several: Iterable[Tally]) -> Tally:
    """Several audits, or items, together."""
    return sum(several, Tally())


# --- Grades.


@dataclass(frozen=True)
class Grade:
    """A grade and the least percentage for it."""

    name: str
    least: int


def grades_of(said: Sequence[Mapping[str, Any]]) -> tuple[Grade, ...]:
    """The setting as grades, the best first; raises ValueError with a sentence where it could not be used."""
    found = []
    for each in said:
        name, least = str(each["name"]).strip(), each["least"]
        if not name or len(name) > 60 or isinstance(least, bool) or not isinstance(least, int) or not 0 <= least <= 100:
            raise ValueError("Each grade has a name and the least percentage for it, from 0 to 100.")
        found.append(Grade(name, least))
    found.sort(key=lambda grade: -grade.least)
    if not found or found[-1].least != 0 or len({grade.least for grade in found}) != len(found):
        raise ValueError("Grades begin at different percentages, and the lowest of them at 0.")
    return tuple(found)


def grade_for(percent: int | None, grades: Sequence[Grade]) -> str:
    """The grade of a percentage; none where nothing applied."""
    if percent is None:
        return ""
    return next(grade.name for grade in grades if percent >= grade.least)


# --- Drawing.


def drawn(ids: Iterable[str], *, size: int, seed: int) -> list[str]:
    """So many of some cases at random, always the same for the same cases and seed."""
    there = sorted(ids)
    return random.Random(seed).sample(there, min(size, len(there)))  # noqa: S311 - to be drawn again, not to be secret


def digest_of(ids: Iterable[str]) -> str:
    """What a sample was drawn from, as a digest of the ids in order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()
