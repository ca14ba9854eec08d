"""The tables of casework, by noun."""

from joinedup.casework.models.assessments import (
    Assessment,
    AssessmentQuerySet,
    AssessmentSection,
    AssessmentTransition,
)
from joinedup.casework.models.cases import (
    Case,
    CaseBroughtOver,
    CaseMember,
    CasePerson,
    CaseQuerySet,
    CaseTransition,
)
from joinedup.casework.models.meetings import Meeting, MeetingAction, MeetingDecision, MeetingPlace
from joinedup.casework.models.plans import (
    Plan,
    PlanAction,
    PlanChange,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    StatutoryPlan,
)
from joinedup.casework.models.reviews import (
    Closure,
    Disagreement,
    ReReferral,
    Review,
    ReviewPlace,
    ReviewVoice,
    Step,
    StepAnswer,
    StepQuerySet,
    SustainedCheck,
)
from joinedup.casework.models.team import FamilyPlace, LeadHandover, ReviewChased

__all__ = [
    "Assessment",
    "AssessmentQuerySet",
    "AssessmentSection",
    "AssessmentTransition",
    "Case",
    "CaseBroughtOver",
    "CaseMember",
    "CasePerson",
    "CaseQuerySet",
    "CaseTransition",
    "Closure",
    "Disagreement",
    "FamilyPlace",
    "LeadHandover",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "MeetingPlace",
    "Plan",
    "PlanAction",
    "PlanChange",
    "PlanChild",
    "PlanNeed",
    "PlanOutcome",
    "ReReferral",
    "Review",
    "ReviewChased",
    "ReviewPlace",
    "ReviewVoice",
    "StatutoryPlan",
    "Step",
    "StepAnswer",
    "StepQuerySet",
    "SustainedCheck",
]
