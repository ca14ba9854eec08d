"""What meetings and reviews are measured by: the clock of the next review, and whether the same people come back. Pure.

**Continuity** of a meeting: of the people who were there, the share who were also there at the meeting before it. The
people are counted, not their organisations: somebody else from the same school is somebody new to the family. A meeting
nobody came to, and the first one, have none. Of a case, and of a team's cases, it is the people who came back over the
people who came, both added up over every meeting that has one before it; so a large meeting weighs more than a small one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

YEAR = timedelta(days=365)
SOON = timedelta(days=7)


class Purpose(StrEnum):
    """Why people meet. A first meeting and a review set the clock of the next review; another meeting does not."""

    FIRST = "first"
    REVIEW = "review"
    OTHER = "other"
    PANEL = "panel"

    @property
    def words(self) -> str:
        """As it is said."""
        return {"first": "First meeting", "review": "Review", "other": "Other meeting", "panel": "Panel"}[self.value]

    @property
    def sets_clock(self) -> bool:
        """Whether the next review is counted from it."""
        return self in {Purpose.FIRST, Purpose.REVIEW}


class Presence(StrEnum):
    """Whether somebody came."""

    PRESENT = "present"
    APOLOGIES = "apologies"
    ABSENT = "absent"

    @property
    def words(self) -> str:
        """As it is said."""
        return {"present": "Came", "apologies": "Sent apologies", "absent": "Did not come"}[self.value]


def next_review_by(last: date, weeks: int) -> date:
    """The last day for the next review: so many weeks after the case began, or after the meeting or review before."""
    return last + timedelta(weeks=weeks)


def review_in_time(last: date, chosen: date, weeks: int) -> bool:
    """Whether a chosen day lies after the last review and no later than the clock allows."""
    return last < chosen <= next_review_by(last, weeks)


class ReviewClock(StrEnum):
    """How the next review stands on a day."""

    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


def review_clock(due_on: date, on: date) -> ReviewClock:
    """Overdue the day after it was due; soon within seven days of it."""
    if on > due_on:
        return ReviewClock.OVERDUE
    return ReviewClock.SOON if due_on - on <= SOON else ReviewClock.LATER


@dataclass(frozen=True)
class Continuity:
    """So many came back of so many who came."""

    came_back: int
    came: int

    @property
    def share(self) -> Fraction | None:
        """None where nobody came to a meeting that has one before it."""
        return Fraction(self.came_back, self.came) if self.came else None

    @property
    def percent(self) -> int | None:
        """In whole per cent, a half upwards."""
        return None if self.share is None else int(self.share * 100 + Fraction(1, 2))

    def __add__(self, other: Continuity) -> Continuity:
        return Continuity(self.came_back + other.came_back, self.came + other.came)


NO_CONTINUITY = Continuity(0, 0)


def continuity(before: AbstractSet[str], now: AbstractSet[str]) -> Continuity:
    """Of those present now, how many were present at the meeting before."""
    return Continuity(len(before & now), len(now))


def continuity_of(meetings: Sequence[AbstractSet[str]]) -> Continuity:
    """Over the meetings of one case, the earliest first; those nobody came to are left out."""
    held = [present for present in meetings if present]
    return added(continuity(before, now) for before, now in pairwise(held))


def added(several: Iterable[Continuity]) -> Continuity:
    """Several together, as for a team."""
    return sum(several, NO_CONTINUITY)


_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def read_time(text: str) -> time:
    """A time of day as people write it: 14:30, 2.30pm, 9am. ValueError says what is wrong, to be shown."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("Enter a time, such as 2:30pm or 14:30")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half or (found[2] is None and not half):
        raise ValueError("Enter a time, such as 2:30pm or 14:30")
    if hour > 23 or minute > 59:
        raise ValueError("Enter a time, such as 2:30pm or 14:30")
    return time(hour, minute)


def is_drifting(opened_at: datetime, reviews: Collection[bool], at: datetime) -> bool:
    """Open for more than a year, or three reviews one after the other that changed nothing. `reviews` says of each
    review, the earliest first, whether it changed anything."""
    last = list(reviews)[-3:]
    return at - opened_at > YEAR or (len(last) == 3 and not any(last))
