"""The rules of training, each with its code, the sentence a person reads, and its source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: who may assess depends on recorded training"


COURSE_KNOWN = Rule("WF-1", "Choose a course.", "course")
DAY_PAST = Rule("WF-2", "The course was completed today or in the past.", "completed_on")
ENDS_AFTER = Rule("WF-3", "Training is valid until a day after the course.", "valid_until")
TRAINER_SAID = Rule("WF-4", "Say who trained them.", "trainer")
NOBODYS_OWN = Rule("WF-5", "Nobody records their own training: ask another team manager.", "account")
TAKEN_BACK_ALREADY = Rule("WF-6", "This record has been taken back already.")
WHY_TAKEN_BACK = Rule("WF-7", "Say why it is taken back.", "reason")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


def is_current(starts_on: date, until: date, on: date) -> bool:
    """Training counts from the day of the course to its last day, that day included."""
    return starts_on <= on <= until


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))
