"""States of an agreement to share money, and the one table of allowed moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class PartnershipState(StrEnum):
    """Where a partnership agreement stands."""

    DRAFT = "draft"
    READY = "ready"
    OPEN = "open"
    VARIED = "varied"
    IN_NOTICE = "in_notice"
    ENDED = "ended"


PARTNERSHIP_MOVES: dict[PartnershipState, frozenset[PartnershipState]] = {
    PartnershipState.DRAFT: frozenset({PartnershipState.READY, PartnershipState.ENDED}),
    PartnershipState.READY: frozenset({PartnershipState.OPEN, PartnershipState.DRAFT, PartnershipState.ENDED}),
    PartnershipState.OPEN: frozenset({PartnershipState.VARIED, PartnershipState.IN_NOTICE, PartnershipState.ENDED}),
    PartnershipState.VARIED: frozenset({PartnershipState.VARIED, PartnershipState.IN_NOTICE, PartnershipState.ENDED}),
    PartnershipState.IN_NOTICE: frozenset({PartnershipState.VARIED, PartnershipState.ENDED}),
    PartnershipState.ENDED: frozenset(),
}

PARTNERSHIP_LABELS: dict[PartnershipState, str] = {
    PartnershipState.DRAFT: "Being drafted",
    PartnershipState.READY: "Complete, waiting to be opened",
    PartnershipState.OPEN: "Open",
    PartnershipState.VARIED: "Open, varied",
    PartnershipState.IN_NOTICE: "In notice",
    PartnershipState.ENDED: "Ended",
}

# Who has the next move in each state.
PARTNERSHIP_OWNERS: dict[PartnershipState, str] = {
    PartnershipState.DRAFT: "whoever drafts it",
    PartnershipState.READY: "the chief finance officers of the partners",
    PartnershipState.OPEN: "the host’s pool manager",
    PartnershipState.VARIED: "the host’s pool manager",
    PartnershipState.IN_NOTICE: "the host’s pool manager",
    PartnershipState.ENDED: "nobody",
}

# Money may come in and go out.
WORKING = frozenset({PartnershipState.OPEN, PartnershipState.VARIED, PartnershipState.IN_NOTICE})
# Its terms may still be written.
WRITTEN = frozenset({PartnershipState.DRAFT})


def may_move_partnership(start: PartnershipState, end: PartnershipState) -> bool:
    """True when the table allows it."""
    return end in PARTNERSHIP_MOVES[start]
