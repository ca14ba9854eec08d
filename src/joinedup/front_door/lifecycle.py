"""States of a referral and the one table of allowed moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a referral stands."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    PROPOSED = "proposed"
    DECIDED = "decided"
    ALLOCATED = "allocated"
    HANDED_OVER = "handed_over"
    PASSED_TO_CASE = "passed_to_case"
    CLOSED = "closed"


MOVES: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.IN_TRIAGE, State.PASSED_TO_CASE}),
    State.IN_TRIAGE: frozenset({State.PROPOSED, State.DECIDED, State.PASSED_TO_CASE}),
    State.PROPOSED: frozenset({State.IN_TRIAGE, State.DECIDED}),
    State.DECIDED: frozenset({State.ALLOCATED, State.HANDED_OVER, State.CLOSED}),
    State.ALLOCATED: frozenset({State.IN_TRIAGE}),  # where the team sends it back and the front door takes it back
    State.HANDED_OVER: frozenset(),
    State.PASSED_TO_CASE: frozenset({State.IN_TRIAGE, State.CLOSED}),
    State.CLOSED: frozenset(),
}

LABELS: dict[State, str] = {
    State.RECEIVED: "New",
    State.IN_TRIAGE: "In triage",
    State.PROPOSED: "Waiting for a decision",
    State.DECIDED: "Decided",
    State.ALLOCATED: "Allocated to a team",
    State.HANDED_OVER: "With statutory social care",
    State.PASSED_TO_CASE: "With the lead professional",
    State.CLOSED: "Closed",
}

# Who has the next move in each state, so that nothing waits on nobody (a test holds that every state has an owner).
OWNERS: dict[State, str] = {
    State.RECEIVED: "front door",
    State.IN_TRIAGE: "front door",
    State.PROPOSED: "registered social worker or front door manager",
    State.DECIDED: "front door",
    State.ALLOCATED: "case-management team",
    State.HANDED_OVER: "statutory social care",
    State.PASSED_TO_CASE: "lead professional and team manager",
    State.CLOSED: "nobody",
}

OPEN = frozenset({State.RECEIVED, State.IN_TRIAGE, State.PROPOSED, State.DECIDED})
UNDECIDED = frozenset({State.RECEIVED, State.IN_TRIAGE, State.PROPOSED})


def may_move(start: State, end: State) -> bool:
    """True when the table allows it."""
    return end in MOVES[start]
