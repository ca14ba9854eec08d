"""States of a programme's strands, and the one table of allowed moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class StrandState(StrEnum):
    """Where a strand of a programme stands."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


STRAND_MOVES: dict[StrandState, frozenset[StrandState]] = {
    StrandState.OPEN: frozenset({StrandState.MERGED, StrandState.CLOSED}),
    StrandState.MERGED: frozenset(),
    StrandState.CLOSED: frozenset(),
}

STRAND_LABELS: dict[StrandState, str] = {
    StrandState.OPEN: "Open",
    StrandState.MERGED: "Merged into another strand",
    StrandState.CLOSED: "Closed",
}
