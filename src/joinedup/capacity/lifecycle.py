"""Where a testing phase stands, and the one table of its moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class PhaseState(StrEnum):
    """From plan to the board's decision."""

    PLANNED = "planned"
    RUNNING = "running"
    HALTED = "halted"
    FULL = "full"
    SCALED = "scaled"
    ENDED = "ended"


PHASE_MOVES: dict[PhaseState, frozenset[PhaseState]] = {
    PhaseState.PLANNED: frozenset({PhaseState.RUNNING, PhaseState.ENDED}),
    PhaseState.RUNNING: frozenset({PhaseState.HALTED, PhaseState.FULL, PhaseState.ENDED}),
    PhaseState.HALTED: frozenset({PhaseState.RUNNING, PhaseState.ENDED}),
    PhaseState.FULL: frozenset({PhaseState.HALTED, PhaseState.SCALED, PhaseState.ENDED}),
    PhaseState.SCALED: frozenset(),
    PhaseState.ENDED: frozenset(),
}
PHASE_LABELS: dict[PhaseState, str] = {
    PhaseState.PLANNED: "Planned",
    PhaseState.RUNNING: "Taking families on",
    PhaseState.HALTED: "Intake halted",
    PhaseState.FULL: "Cohort full",
    PhaseState.SCALED: "Gate opened by the board",
    PhaseState.ENDED: "Ended",
}
# While something may still stop it.
WATCHED = frozenset({PhaseState.RUNNING, PhaseState.FULL})
