"""The tables of casework, by noun."""

from joinedup.casework.models.cases import (
    Case,
    CaseBroughtOver,
    CaseMember,
    CasePerson,
    CaseQuerySet,
    CaseTransition,
)
from joinedup.casework.models.meetings import Meeting, MeetingAction, MeetingDecision, MeetingPlace
from joinedup.casework.models.team import FamilyPlace, LeadHandover, ReviewChased

__all__ = [
    "Case",
    "CaseBroughtOver",
    "CaseMember",
    "CasePerson",
    "CaseQuerySet",
    "CaseTransition",
    "FamilyPlace",
    "LeadHandover",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "MeetingPlace",
    "ReviewChased",
]
