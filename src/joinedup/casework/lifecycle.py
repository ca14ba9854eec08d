"""States of a case and the one table of allowed moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Open until closed; a closed case is reopened by a new referral, never by an edit."""

    WAITING_FOR_LEAD = "waiting_for_lead"
    OPEN = "open"
    CLOSED = "closed"


MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.WAITING_FOR_LEAD: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.OPEN: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}

LABELS: dict[CaseState, str] = {
    CaseState.WAITING_FOR_LEAD: "Waiting for a lead professional",
    CaseState.OPEN: "Open",
    CaseState.CLOSED: "Closed",
}


def may_move(start: CaseState, end: CaseState) -> bool:
    """True when the table allows it."""
    return end in MOVES[start]
