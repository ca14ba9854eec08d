"""Boards and who sits on them; their meetings; their decisions and what became of them."""

from joinedup.governance.models.boards import Appointment, Board, BoardTerms, Delegation, Seat
from joinedup.governance.models.decisions import (
    Approval,
    CallIn,
    CallInAnswer,
    Decision,
    DecisionBody,
    Effected,
    EffectRefused,
    Recommendation,
    RoundAcceptance,
    Vote,
)
from joinedup.governance.models.meetings import (
    AgendaItem,
    Attendance,
    BoardAction,
    Interest,
    Meeting,
    MeetingStep,
    Paper,
)

__all__ = [
    "AgendaItem",
    "Appointment",
    "Approval",
    "Attendance",
    "Board",
    "BoardAction",
    "BoardTerms",
    "CallIn",
    "CallInAnswer",
    "Decision",
    "DecisionBody",
    "Delegation",
    "EffectRefused",
    "Effected",
    "Interest",
    "Meeting",
    "MeetingStep",
    "Paper",
    "Recommendation",
    "RoundAcceptance",
    "Seat",
    "Vote",
]
