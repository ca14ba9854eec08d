"""Where a meeting and a decision stand. Pure: a meeting moves by one table; a decision's place is worked out from what was
recorded about it, so that nothing can say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MeetingState(StrEnum):
    """How far a meeting has come."""

    PLANNED = "planned"
    CALLED = "called"
    HELD = "held"
    MINUTES_AGREED = "minutes_agreed"
    CANCELLED = "cancelled"


MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.CALLED, MeetingState.CANCELLED}),
    MeetingState.CALLED: frozenset({MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset({MeetingState.MINUTES_AGREED}),
    MeetingState.MINUTES_AGREED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
MEETING_LABELS: dict[MeetingState, str] = {
    MeetingState.PLANNED: "Planned",
    MeetingState.CALLED: "Called",
    MeetingState.HELD: "Held",
    MeetingState.MINUTES_AGREED: "Minutes agreed",
    MeetingState.CANCELLED: "Cancelled",
}
# While the agenda may still change, and while what happened may still be written down.
AGENDA_OPEN = frozenset({MeetingState.PLANNED, MeetingState.CALLED})
MINUTES_OPEN = frozenset({MeetingState.HELD})


class DecisionState(StrEnum):
    """Where a decision stands between the vote and its effect."""

    NOT_CARRIED = "not_carried"
    REFUSED = "refused"
    CALLED_IN = "called_in"
    SET_ASIDE = "set_aside"
    WAITING = "waiting"
    CALL_IN_OPEN = "call_in_open"
    READY = "ready"
    IN_EFFECT = "in_effect"


DECISION_LABELS: dict[DecisionState, str] = {
    DecisionState.NOT_CARRIED: "Not carried",
    DecisionState.REFUSED: "Refused by a partner",
    DecisionState.CALLED_IN: "Called in",
    DecisionState.SET_ASIDE: "Set aside after call-in",
    DecisionState.WAITING: "Waiting for partners",
    DecisionState.CALL_IN_OPEN: "May still be called in",
    DecisionState.READY: "Ready to take effect",
    DecisionState.IN_EFFECT: "In effect",
}
DECISION_MOVES: dict[DecisionState, frozenset[DecisionState]] = {
    DecisionState.NOT_CARRIED: frozenset(),
    DecisionState.REFUSED: frozenset(),
    DecisionState.SET_ASIDE: frozenset(),
    DecisionState.IN_EFFECT: frozenset(),
    DecisionState.CALLED_IN: frozenset(
        {DecisionState.SET_ASIDE, DecisionState.WAITING, DecisionState.REFUSED, DecisionState.READY}
    ),
    DecisionState.WAITING: frozenset(
        {DecisionState.CALL_IN_OPEN, DecisionState.READY, DecisionState.REFUSED, DecisionState.CALLED_IN}
    ),
    DecisionState.CALL_IN_OPEN: frozenset({DecisionState.READY, DecisionState.CALLED_IN}),
    DecisionState.READY: frozenset({DecisionState.IN_EFFECT}),
}


@dataclass(frozen=True)
class DecisionFacts:
    """What was recorded about a decision. `call_in_until` is the last day on which it may be called in; None where the board's
    terms know no call-in. `confirmed` is None while a call-in is not answered."""

    carried: bool
    bodies: int
    agreed: int
    refused: int
    call_in_until: date | None = None
    is_called_in: bool = False
    confirmed: bool | None = None
    is_effected: bool = False


def decision_state(facts: DecisionFacts, on: date) -> DecisionState:
    """Where a decision stands on a day. What ends it comes first; then what it waits for."""
    if not facts.carried:
        return DecisionState.NOT_CARRIED
    if facts.is_effected:
        return DecisionState.IN_EFFECT
    if facts.refused:
        return DecisionState.REFUSED
    if facts.is_called_in and facts.confirmed is False:
        return DecisionState.SET_ASIDE
    if facts.is_called_in and facts.confirmed is None:
        return DecisionState.CALLED_IN
    if facts.agreed < facts.bodies:
        return DecisionState.WAITING
    if facts.call_in_until is not None and on <= facts.call_in_until and not facts.is_called_in:
        return DecisionState.CALL_IN_OPEN
    return DecisionState.READY


def may_be_called_in(facts: DecisionFacts, on: date) -> bool:
    """Whether scrutiny may still call it in: once, within the days, before it has any effect."""
    is_open = facts.call_in_until is not None and on <= facts.call_in_until
    return is_open and facts.carried and not (facts.is_effected or facts.refused or facts.is_called_in)


class ReportState(StrEnum):
    """How far a progress report has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    GIVEN_UP = "given_up"


REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.PUBLISHED, ReportState.GIVEN_UP}),
    ReportState.PUBLISHED: frozenset(),
    ReportState.GIVEN_UP: frozenset(),
}
REPORT_LABELS: dict[ReportState, str] = {
    ReportState.DRAFT: "Draft",
    ReportState.PUBLISHED: "Published",
    ReportState.GIVEN_UP: "Given up",
}


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


PLAN_MOVES: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.CONSULTATION, PlanState.WITHDRAWN}),
    PlanState.CONSULTATION: frozenset({PlanState.DRAFT, PlanState.PROPOSED, PlanState.WITHDRAWN}),
    PlanState.PROPOSED: frozenset({PlanState.DRAFT, PlanState.ADOPTED, PlanState.WITHDRAWN}),
    PlanState.ADOPTED: frozenset({PlanState.SUPERSEDED, PlanState.WITHDRAWN}),
    PlanState.SUPERSEDED: frozenset(),
    PlanState.WITHDRAWN: frozenset(),
}
PLAN_LABELS: dict[PlanState, str] = {
    PlanState.DRAFT: "Draft",
    PlanState.CONSULTATION: "In consultation",
    PlanState.PROPOSED: "Proposed",
    PlanState.ADOPTED: "Adopted",
    PlanState.SUPERSEDED: "Superseded",
    PlanState.WITHDRAWN: "Withdrawn",
}
# While its parts may be changed. A plan that is proposed stays as it is read, until it is taken back.
PLAN_OPEN = frozenset({PlanState.DRAFT, PlanState.CONSULTATION})
