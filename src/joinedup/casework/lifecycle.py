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
    # Back to waiting when the lead professional leaves: until somebody leads again, the team manager holds the duty.
    CaseState.OPEN: frozenset({CaseState.OPEN, CaseState.WAITING_FOR_LEAD, CaseState.CLOSED}),
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


class HandoverState(StrEnum):
    """A lead professional's duty offered to somebody: whoever holds it keeps it until it is accepted."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


HANDOVER_MOVES: dict[HandoverState, frozenset[HandoverState]] = {
    HandoverState.PROPOSED: frozenset({HandoverState.ACCEPTED, HandoverState.DECLINED, HandoverState.WITHDRAWN}),
    HandoverState.ACCEPTED: frozenset(),
    HandoverState.DECLINED: frozenset(),
    HandoverState.WITHDRAWN: frozenset(),
}

HANDOVER_LABELS: dict[HandoverState, str] = {
    HandoverState.PROPOSED: "Waiting for an answer",
    HandoverState.ACCEPTED: "Accepted",
    HandoverState.DECLINED: "Declined",
    HandoverState.WITHDRAWN: "Withdrawn",
}


class MeetingState(StrEnum):
    """A meeting is planned, then held and minuted, or cancelled. Minutes may be mended until they are agreed."""

    PLANNED = "planned"
    HELD = "held"
    AGREED = "agreed"
    CANCELLED = "cancelled"


MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset({MeetingState.HELD, MeetingState.AGREED}),
    MeetingState.AGREED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}

MEETING_LABELS: dict[MeetingState, str] = {
    MeetingState.PLANNED: "Planned",
    MeetingState.HELD: "Held, minutes not agreed yet",
    MeetingState.AGREED: "Held, minutes agreed",
    MeetingState.CANCELLED: "Cancelled",
}


class AssessmentState(StrEnum):
    """Written until somebody trained signs it; a later one that is signed supersedes it. Signed words never change."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


ASSESSMENT_MOVES: dict[AssessmentState, frozenset[AssessmentState]] = {
    AssessmentState.DRAFT: frozenset({AssessmentState.SIGNED}),
    AssessmentState.SIGNED: frozenset({AssessmentState.SUPERSEDED}),
    AssessmentState.SUPERSEDED: frozenset(),
}

ASSESSMENT_LABELS: dict[AssessmentState, str] = {
    AssessmentState.DRAFT: "Being written",
    AssessmentState.SIGNED: "Signed",
    AssessmentState.SUPERSEDED: "Superseded by a later one",
}


def may_move_assessment(start: AssessmentState, end: AssessmentState) -> bool:
    """True when the table allows it."""
    return end in ASSESSMENT_MOVES[start]


class PlanState(StrEnum):
    """A family's plan: open through every level and strand until the case closes, and then it stays as it was."""

    OPEN = "open"
    CLOSED = "closed"


PLAN_MOVES: dict[PlanState, frozenset[PlanState]] = {
    PlanState.OPEN: frozenset({PlanState.OPEN, PlanState.CLOSED}),
    PlanState.CLOSED: frozenset(),
}

PLAN_LABELS: dict[PlanState, str] = {PlanState.OPEN: "Open", PlanState.CLOSED: "Closed"}


class ActionState(StrEnum):
    """An action of a plan. Done and stopped can be taken back while the plan is open."""

    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


_AGREED = frozenset(ActionState)
ACTION_MOVES: dict[ActionState, frozenset[ActionState]] = {
    ActionState.TO_DO: _AGREED - {ActionState.TO_DO},
    ActionState.UNDER_WAY: _AGREED - {ActionState.UNDER_WAY},
    ActionState.DONE: frozenset({ActionState.UNDER_WAY}),
    ActionState.STOPPED: frozenset({ActionState.TO_DO, ActionState.UNDER_WAY}),
}

ACTION_LABELS: dict[ActionState, str] = {
    ActionState.TO_DO: "To do",
    ActionState.UNDER_WAY: "Under way",
    ActionState.DONE: "Done",
    ActionState.STOPPED: "Stopped",
}


class ReviewState(StrEnum):
    """A review is begun with who came, goes through every outcome, and ends with its decision."""

    BEGUN = "begun"
    DECIDED = "decided"


REVIEW_MOVES: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.BEGUN: frozenset({ReviewState.BEGUN, ReviewState.DECIDED}),
    ReviewState.DECIDED: frozenset(),
}

REVIEW_LABELS: dict[ReviewState, str] = {ReviewState.BEGUN: "Begun, not decided yet", ReviewState.DECIDED: "Decided"}


class StepState(StrEnum):
    """A step up or down. Until the receiving team accepts, the sending lead professional keeps the duty; a second
    refusal opens the professional-disagreement steps. Immediate risk starts as accepted."""

    WAITING = "waiting"
    REFUSED = "refused"
    ASKED_AGAIN = "asked_again"
    DISAGREED = "disagreed"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


STEP_MOVES: dict[StepState, frozenset[StepState]] = {
    StepState.WAITING: frozenset({StepState.REFUSED, StepState.ACCEPTED, StepState.WITHDRAWN}),
    StepState.REFUSED: frozenset({StepState.ASKED_AGAIN, StepState.WITHDRAWN}),
    StepState.ASKED_AGAIN: frozenset({StepState.DISAGREED, StepState.ACCEPTED, StepState.WITHDRAWN}),
    StepState.DISAGREED: frozenset({StepState.DISAGREED, StepState.ACCEPTED, StepState.WITHDRAWN}),
    StepState.ACCEPTED: frozenset(),
    StepState.WITHDRAWN: frozenset(),
}

STEP_LABELS: dict[StepState, str] = {
    StepState.WAITING: "Waiting for the receiving team",
    StepState.REFUSED: "Refused once",
    StepState.ASKED_AGAIN: "Asked again",
    StepState.DISAGREED: "The teams disagree",
    StepState.ACCEPTED: "Accepted",
    StepState.WITHDRAWN: "Withdrawn",
}

STEP_OWNERS: dict[StepState, str] = {
    StepState.WAITING: "receiving team",
    StepState.REFUSED: "sending lead professional",
    StepState.ASKED_AGAIN: "receiving team",
    StepState.DISAGREED: "whoever settles this step of the disagreement",
    StepState.ACCEPTED: "nobody",
    StepState.WITHDRAWN: "nobody",
}
LIVE_STEPS = frozenset({StepState.WAITING, StepState.REFUSED, StepState.ASKED_AGAIN, StepState.DISAGREED})
ENDED_ACTIONS = frozenset({ActionState.DONE, ActionState.STOPPED})


class SentBackState(StrEnum):
    """A new family that a team sends back to the front door. Until the front door answers, the team's manager holds the
    duty; whoever begins to lead meanwhile takes the question back by it."""

    WAITING = "waiting"
    STAYS = "stays"
    MOVED = "moved"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"


SENT_BACK_MOVES: dict[SentBackState, frozenset[SentBackState]] = {
    SentBackState.WAITING: frozenset(SentBackState) - {SentBackState.WAITING},
    SentBackState.STAYS: frozenset(),
    SentBackState.MOVED: frozenset(),
    SentBackState.TAKEN_BACK: frozenset(),
    SentBackState.WITHDRAWN: frozenset(),
}

SENT_BACK_LABELS: dict[SentBackState, str] = {
    SentBackState.WAITING: "With the front door",
    SentBackState.STAYS: "Stays with the team",
    SentBackState.MOVED: "Given to another team",
    SentBackState.TAKEN_BACK: "Taken back into triage",
    SentBackState.WITHDRAWN: "Settled in the team meanwhile",
}

SENT_BACK_OWNERS: dict[SentBackState, str] = {
    SentBackState.WAITING: "front door manager; the duty is the sending team's manager's",
    SentBackState.STAYS: "the team's manager",
    SentBackState.MOVED: "the receiving team's manager",
    SentBackState.TAKEN_BACK: "front door",
    SentBackState.WITHDRAWN: "nobody",
}


def may_settle(start: SentBackState, end: SentBackState) -> bool:
    """True when the table allows it."""
    return end in SENT_BACK_MOVES[start]


class PanelRequestState(StrEnum):
    """A request to a panel: asked, its papers complete, on the list of a date, decided. A family or a referrer that does
    not agree has it looked at again, once."""

    ASKED = "asked"
    COMPLETE = "complete"
    LISTED = "listed"
    MORE_INFORMATION = "more_information"
    DECIDED = "decided"
    DISAGREED = "disagreed"
    WITHDRAWN = "withdrawn"


_PANEL = PanelRequestState
PANEL_REQUEST_MOVES: dict[PanelRequestState, frozenset[PanelRequestState]] = {
    _PANEL.ASKED: frozenset({_PANEL.COMPLETE, _PANEL.WITHDRAWN}),
    _PANEL.COMPLETE: frozenset({_PANEL.LISTED, _PANEL.WITHDRAWN}),
    # Off the list again when its panel is cancelled; the clock goes on.
    _PANEL.LISTED: frozenset({_PANEL.COMPLETE, _PANEL.MORE_INFORMATION, _PANEL.DECIDED, _PANEL.WITHDRAWN}),
    _PANEL.MORE_INFORMATION: frozenset({_PANEL.COMPLETE, _PANEL.WITHDRAWN}),
    _PANEL.DECIDED: frozenset({_PANEL.DISAGREED}),
    _PANEL.DISAGREED: frozenset({_PANEL.LISTED, _PANEL.WITHDRAWN}),
    _PANEL.WITHDRAWN: frozenset(),
}

PANEL_REQUEST_LABELS: dict[PanelRequestState, str] = {
    _PANEL.ASKED: "Asked, papers wanted",
    _PANEL.COMPLETE: "Papers complete",
    _PANEL.LISTED: "On the list of a panel",
    _PANEL.MORE_INFORMATION: "The panel wants to know more",
    _PANEL.DECIDED: "Decided",
    _PANEL.DISAGREED: "Not agreed with, to be looked at again",
    _PANEL.WITHDRAWN: "Withdrawn",
}

PANEL_REQUEST_OWNERS: dict[PanelRequestState, str] = {
    _PANEL.ASKED: "lead professional",
    _PANEL.COMPLETE: "whoever holds the panel",
    _PANEL.LISTED: "the panel",
    _PANEL.MORE_INFORMATION: "lead professional",
    _PANEL.DECIDED: "nobody",
    _PANEL.DISAGREED: "whoever holds the panel",
    _PANEL.WITHDRAWN: "nobody",
}
WAITING_REQUESTS = frozenset(PanelRequestState) - {PanelRequestState.DECIDED, PanelRequestState.WITHDRAWN}


def may_move_request(start: PanelRequestState, end: PanelRequestState) -> bool:
    """True when the table allows it."""
    return end in PANEL_REQUEST_MOVES[start]
