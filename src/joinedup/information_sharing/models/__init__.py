"""Agreements, requests and answers. Every change of state, signature, answer and refusal is a row."""

from joinedup.information_sharing.models.agreements import (
    Agreement,
    AgreementBasis,
    AgreementItem,
    AgreementParty,
    AgreementPost,
    AgreementReview,
    AgreementTransition,
    LawfulBasis,
)
from joinedup.information_sharing.models.consents import (
    HelpAgreed,
    SharingBasis,
    SharingDeclined,
    Withdrawal,
    is_worked_with,
)
from joinedup.information_sharing.models.golive import AgreementBroughtOver
from joinedup.information_sharing.models.indicators import (
    Indicator,
    IndicatorLook,
    IndicatorLookReason,
    IndicatorVersion,
)
from joinedup.information_sharing.models.proposals import IndicatorProposal
from joinedup.information_sharing.models.requests import (
    Answer,
    AnswerItem,
    BasisGiven,
    InformationRequest,
    InformationRequestQuerySet,
    Refusal,
    RequestTransition,
)

__all__ = [
    "Agreement",
    "AgreementBasis",
    "AgreementBroughtOver",
    "AgreementItem",
    "AgreementParty",
    "AgreementPost",
    "AgreementReview",
    "AgreementTransition",
    "Answer",
    "AnswerItem",
    "BasisGiven",
    "HelpAgreed",
    "Indicator",
    "IndicatorLook",
    "IndicatorLookReason",
    "IndicatorProposal",
    "IndicatorVersion",
    "InformationRequest",
    "InformationRequestQuerySet",
    "LawfulBasis",
    "Refusal",
    "RequestTransition",
    "SharingBasis",
    "SharingDeclined",
    "Withdrawal",
    "is_worked_with",
]
