"""The list of an allocation meeting: why a family is on it, how long it has waited and by when that ends, who could lead,
and what may be decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from joinedup.casework import rules
from joinedup.casework.lifecycle import SentBackState, may_settle
from joinedup.casework.reviewing import due_after
from joinedup.casework.rules import STATUTORY_LEVEL, Rule, needs_social_worker


class Why(StrEnum):
    """What brings a family on the list."""

    NEW = "new"
    LEFT = "left"
    REFUSED = "refused"
    STEP = "step"
    OVER = "over"

    @property
    def words(self) -> str:
        """As it is said."""
        return _WHY[self]


_WHY = {
    Why.NEW: "Allocated to the team, and nobody leads yet",
    Why.LEFT: "The lead professional has gone: the manager holds the duty",
    Why.REFUSED: "The offer of the lead was declined",
    Why.STEP: "Another team asks you to take it",
    Why.OVER: "Led by somebody with more cases than they should have",
}
DECISIONS: dict[str, str] = {
    "offer": "Offer the lead to somebody", "hold": "Hold it until a day", "back": "Back to where it came from",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A family that waits: why, since when, and what has been done about it so far."""

    case_id: UUID
    reference: str
    family: str
    level: int
    why: tuple[Why, ...]
    since: datetime
    due_at: datetime
    step_id: UUID | None = None
    led_by: str = ""
    offered_to: str = ""
    held_until: date | None = None
    held_because: str = ""
    asked_front_door: datetime | None = None  # by when the front door answers, where the family was sent back
    front_door_said: str = ""  # why it stays with the team, where it does
    suggested: Candidate | None = None
    needs_social_worker: bool = False  # CW-202: at level 4, and while statutory social work is open for a child

    @property
    def words(self) -> str:
        """Why it is on the list."""
        return "; ".join(each.words for each in self.why)

    def is_late(self, at: datetime) -> bool:
        """Waited longer than it should."""
        return at > self.due_at

    def is_to_decide(self, on: date) -> bool:
        """Neither offered to somebody who has not answered, nor held until a later day, nor with the front door."""
        if self.offered_to or self.asked_front_door is not None:
            return False
        return self.held_until is None or self.held_until <= on

    @property
    def may_go_back(self) -> bool:
        """A new family goes back to the front door once; an answer that it stays is not asked for again."""
        return self.step_id is not None or Why.NEW not in self.why or not self.front_door_said


@dataclass(frozen=True)
class Candidate:
    """Somebody who could lead: how many cases they lead beside the most they should, and what they are qualified in."""

    post_id: UUID
    name: str
    title: str
    leads: int
    cap: int
    is_trained: bool
    is_social_worker: bool

    @property
    def is_full(self) -> bool:
        """One more would be too many."""
        return self.leads >= self.cap

    @property
    def words(self) -> str:
        """What to know before choosing them."""
        trained = "trained to assess or lead" if self.is_trained else "not trained to assess"
        qualified = ", registered social worker" if self.is_social_worker else ""
        return f"leads {self.leads} of at most {self.cap}; {trained}{qualified}; {self.title}"


def put_together(found: Iterable[Waiting]) -> list[Waiting]:
    """One row for a family, with every reason and the earliest moment; who has waited longest comes first."""
    by_case: dict[UUID, Waiting] = {}
    for each in found:
        there = by_case.get(each.case_id)
        if there is None:
            by_case[each.case_id] = each
            continue
        first = min(there, each, key=lambda row: row.since)
        by_case[each.case_id] = replace(
            there, why=tuple(dict.fromkeys((*there.why, *each.why))), since=first.since, due_at=first.due_at
        )
    return sorted(by_case.values(), key=lambda row: (row.since, row.reference))


def decide_by(since: datetime, working_days: int) -> datetime:
    """By when a family that waits since a moment has somebody who leads."""
    return due_after(since, working_days)


def suggestion(candidates: Sequence[Candidate], level: int, *, has_social_work: bool = False) -> Candidate | None:
    """Who is suggested: nobody who is full; while statutory social work is open (CW-202) a registered social worker; then the
    fewest cases beside what they should have, those trained before those who are not."""
    asked = needs_social_worker(level, has_social_work=has_social_work)
    fit = [each for each in candidates if not each.is_full and (each.is_social_worker or not asked)]
    return min(fit, key=lambda each: (each.leads / each.cap, not each.is_trained, each.name), default=None)


@dataclass(frozen=True)
class Decided:
    """What a meeting decides about one family."""

    decision: str
    reason: str
    post_id: UUID | None = None
    hold_until: date | None = None


def decision_fault(said: Decided, on: date, *, most_days: int) -> Rule | None:
    """CW-521 to CW-524, the first that stands in the way."""
    too_late = said.hold_until is not None and said.hold_until > on + timedelta(days=most_days)
    faults = (
        (said.decision not in DECISIONS, rules.ALLOCATION_CHOSEN),
        (said.decision == "offer" and said.post_id is None, rules.ALLOCATION_TO_SOMEBODY),
        (
            said.decision == "hold" and (said.hold_until is None or said.hold_until <= on or too_late),
            rules.HOLD_A_WHILE,
        ),
        (not said.reason.strip(), rules.ALLOCATION_REASON),
    )
    return next((rule for stands, rule in faults if stands), None)


@dataclass(frozen=True)
class Answer:
    """What the front door answers to a team: the family stays, another team has it, or triage looks at it anew."""

    end: SentBackState
    words: str
    team_kind: str = ""  # of the team that is to have it
    is_same_team: bool = False


def answer_fault(start: SentBackState, level: int, said: Answer) -> Rule | None:
    """CW-531 to CW-533, the first that stands in the way."""
    moves = said.end is SentBackState.MOVED
    fits = said.team_kind == ("statutory" if level >= STATUTORY_LEVEL else "case_management")
    faults = (
        (not may_settle(start, said.end), rules.SENT_BACK_SETTLED),
        (moves and (said.is_same_team or not fits), rules.SENT_BACK_TEAM),
        (not said.words.strip(), rules.SENT_BACK_ANSWER),
    )
    return next((rule for stands, rule in faults if stands), None)
