"""States of a programme's strands with the one table of allowed moves, and the other closed lists of programmes. Pure."""

from __future__ import annotations

from enum import StrEnum


class StrandState(StrEnum):
    """Where a strand of a programme stands."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


# A merger is undone, and a strand taken up again, only while nothing was done since (BN-122, BN-123).
STRAND_MOVES: dict[StrandState, frozenset[StrandState]] = {
    StrandState.OPEN: frozenset({StrandState.MERGED, StrandState.CLOSED}),
    StrandState.MERGED: frozenset({StrandState.OPEN}),
    StrandState.CLOSED: frozenset({StrandState.OPEN}),
}

STRAND_LABELS: dict[StrandState, str] = {
    StrandState.OPEN: "Open",
    StrandState.MERGED: "Merged into another strand",
    StrandState.CLOSED: "Closed",
}


class StrandStepKind(StrEnum):
    """What was done to a strand."""

    ADDED = "added"
    RENAMED = "renamed"
    SPONSORED = "sponsored"
    COHORT = "cohort"
    FAMILIES = "families"
    MERGED = "merged"
    JOINED = "joined"
    UNMERGED = "unmerged"
    PARTED = "parted"
    CLOSED = "closed"
    REOPENED = "reopened"


STRAND_STEPS: dict[StrandStepKind, str] = {
    StrandStepKind.ADDED: "Added to the programme",
    StrandStepKind.RENAMED: "Renamed",
    StrandStepKind.SPONSORED: "Sponsored by",
    StrandStepKind.COHORT: "Who is in it was settled",
    StrandStepKind.FAMILIES: "Families were put in or taken out",
    StrandStepKind.MERGED: "Merged into another strand",
    StrandStepKind.JOINED: "Another strand was merged into it",
    StrandStepKind.UNMERGED: "The merger was undone",
    StrandStepKind.PARTED: "A strand merged into it stands alone again",
    StrandStepKind.CLOSED: "Closed",
    StrandStepKind.REOPENED: "Taken up again",
}
MEMBER_SOURCES: dict[str, str] = {"rule": "By rule", "file": "From a list", "hand": "By hand"}


class DeliveryState(StrEnum):
    """Where a delivery model stands."""

    DRAFT = "draft"
    CHOSEN = "chosen"
    DROPPED = "dropped"


DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.DRAFT: frozenset({DeliveryState.CHOSEN, DeliveryState.DROPPED}),
    DeliveryState.CHOSEN: frozenset({DeliveryState.DRAFT}),
    DeliveryState.DROPPED: frozenset({DeliveryState.DRAFT}),
}
DELIVERY_STATES: dict[DeliveryState, str] = {
    DeliveryState.DRAFT: "Being drawn up",
    DeliveryState.CHOSEN: "Chosen",
    DeliveryState.DROPPED: "Not taken further",
}


class CostKind(StrEnum):
    """What money beside staff goes on: making the change, or running what is new."""

    FEASIBILITY = "feasibility"
    BUILDING = "building"
    TRAINING = "training"
    TRAINING_COVER = "training_cover"
    TECHNOLOGY = "technology"
    OTHER = "other"
    RUNNING = "running"


COST_KINDS: dict[CostKind, str] = {
    CostKind.FEASIBILITY: "Feasibility",
    CostKind.BUILDING: "Building",
    CostKind.TRAINING: "Training",
    CostKind.TRAINING_COVER: "Cover while staff are trained",
    CostKind.TECHNOLOGY: "Technology",
    CostKind.OTHER: "Other cost of changing over",
    CostKind.RUNNING: "Running cost beside staff",
}
CLAIM_BASES: dict[str, str] = {
    "gross": "Gross",
    "net": "Net",
    "cost": "Cost",
    "ratio": "Return for each £1",
    "size": "How many",
}
CLAIM_HOWS: dict[str, str] = {"measured": "Measured", "forecast": "Forecast", "unknown": "Not said"}


class BenefitState(StrEnum):
    """Where a benefit stands between being forecast and being in the bank."""

    FORECAST = "forecast"
    EMERGING = "emerging"
    REALISED = "realised"
    BANKED = "banked"
    LOST = "lost"


class Need(StrEnum):
    """What a move of a benefit asks for besides a reason."""

    EFFECT = "effect"  # a series that was read, what it is worth so far, and its place on the evidence scale
    POSTING = "posting"  # the gaining partner's finance director, and the posting that reduced the budget line
    REVERSAL = "reversal"  # the reversal of what was banked


# From where to where, and what that needs. Everything else is refused; every move needs a reason.
BENEFIT_NEEDS: dict[tuple[BenefitState, BenefitState], frozenset[Need]] = {
    (BenefitState.FORECAST, BenefitState.EMERGING): frozenset({Need.EFFECT}),
    (BenefitState.EMERGING, BenefitState.REALISED): frozenset({Need.EFFECT}),
    (BenefitState.EMERGING, BenefitState.EMERGING): frozenset({Need.EFFECT}),  # measured again
    (BenefitState.REALISED, BenefitState.REALISED): frozenset({Need.EFFECT}),
    (BenefitState.BANKED, BenefitState.BANKED): frozenset({Need.EFFECT}),
    (BenefitState.EMERGING, BenefitState.FORECAST): frozenset(),  # what was seen is gone again
    (BenefitState.REALISED, BenefitState.EMERGING): frozenset({Need.EFFECT}),
    (BenefitState.REALISED, BenefitState.BANKED): frozenset({Need.POSTING}),
    (BenefitState.BANKED, BenefitState.REALISED): frozenset({Need.REVERSAL}),
    (BenefitState.FORECAST, BenefitState.LOST): frozenset(),
    (BenefitState.EMERGING, BenefitState.LOST): frozenset(),
    (BenefitState.REALISED, BenefitState.LOST): frozenset(),
    (BenefitState.LOST, BenefitState.FORECAST): frozenset(),  # taken up again
}

BENEFIT_MOVES: dict[BenefitState, frozenset[BenefitState]] = {
    state: frozenset(end for start, end in BENEFIT_NEEDS if start is state) for state in BenefitState
}

BENEFIT_LABELS: dict[BenefitState, str] = {
    BenefitState.FORECAST: "Forecast",
    BenefitState.EMERGING: "Emerging",
    BenefitState.REALISED: "Realised",
    BenefitState.BANKED: "Banked",
    BenefitState.LOST: "Lost",
}


def needs_of(start: BenefitState, end: BenefitState) -> frozenset[Need] | None:
    """What a move asks for; None where it is not allowed."""
    return BENEFIT_NEEDS.get((start, end))


def moves_by_hand(start: BenefitState) -> tuple[BenefitState, ...]:
    """Where somebody may move a benefit to: banking and its reversal have pages of their own."""
    by_hand = {
        end for (one, end), needs in BENEFIT_NEEDS.items() if one is start and not needs & {Need.POSTING, Need.REVERSAL}
    }
    return tuple(each for each in BenefitState if each in by_hand)
