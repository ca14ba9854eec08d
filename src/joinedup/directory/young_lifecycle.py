"""Where a young person's question stands, and who is told of it. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class QuestionState(StrEnum):
    """A question is asked, held by somebody who reads it, answered, and its words are destroyed after a while."""

    ASKED = "asked"
    HELD = "held"
    ANSWERED = "answered"
    REMOVED = "removed"


QUESTION_MOVES: dict[QuestionState, frozenset[QuestionState]] = {
    QuestionState.ASKED: frozenset({QuestionState.HELD, QuestionState.ANSWERED}),
    QuestionState.HELD: frozenset({QuestionState.ANSWERED}),
    QuestionState.ANSWERED: frozenset({QuestionState.REMOVED}),
    QuestionState.REMOVED: frozenset(),
}
QUESTION_LABELS: dict[QuestionState, str] = {
    QuestionState.ASKED: "Nobody has it yet",
    QuestionState.HELD: "Somebody has it",
    QuestionState.ANSWERED: "Answered",
    QuestionState.REMOVED: "Answered; its words are gone",
}


@dataclass(frozen=True)
class Turn:
    """One who answers, with the days they are away; in the order of `place`."""

    post_id: UUID
    place: int
    away_from: date | None = None
    away_until: date | None = None


def in_order(turns: Sequence[Turn], on: date) -> list[UUID]:
    """Who answers on a day, the first first; whoever is away comes last, so that there is always somebody."""

    def is_away(turn: Turn) -> bool:
        return (
            turn.away_from is not None and turn.away_from <= on and (turn.away_until is None or on <= turn.away_until)
        )

    return [turn.post_id for turn in sorted(turns, key=lambda each: (is_away(each), each.place))]


def told_at_once(order: Sequence[UUID], *, is_danger: bool) -> list[UUID]:
    """Who is told when a question comes in: the first; where it hints at danger the one who stands in, too."""
    return list(order[: 2 if is_danger else 1])


def goes_higher(
    state: str, *, is_danger: bool, asked_at: datetime, due_on: date, at: datetime, on: date, minutes: int
) -> str:
    """Why everybody must be told now: "unopened" where it hints at danger and nobody took it in time, "late" after its day,
    "" where nothing is wrong."""
    if state in {QuestionState.ANSWERED, QuestionState.REMOVED}:
        return ""
    if is_danger and state == QuestionState.ASKED and at - asked_at >= timedelta(minutes=minutes):
        return "unopened"
    return "late" if on > due_on else ""


_TELLS = (
    re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE),
    re.compile(r"\S+@\S+\.\S+|https?://\S+|@\w{3,}"),
    re.compile(r"(?:\d[ -]?){9,}"),
    re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"),
    re.compile(r"\b(?:[Mm]y name is|I am called|I.m called|[Mm]y name.s) \w+"),
    re.compile(
        r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)* (?:School|Academy|College|Primary|High|Road|Street|Lane|Avenue|Close)\b"
    ),
)


def identifying(text: str) -> str:
    """The first words that could say who somebody is: a postcode, an address of any sort, a long number, a date, a name that
    is said to be one, a school or a street; "" where there are none."""
    found = (pattern.search(text) for pattern in _TELLS)
    return next((each[0] for each in found if each), "")


CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another


def mark_of_code(code: str) -> str:
    """What is kept of a code: enough to know it again, not enough to tell it."""
    bare = "".join(each for each in code.upper() if each in CODE_LETTERS)
    return hashlib.sha256(f"young:{bare}".encode()).hexdigest()
