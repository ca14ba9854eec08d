"""Contacts as they came, referrals as they are worked, and every rating, decision and answer as a row."""

from joinedup.front_door.models.afterwards import Allocation, CaseNotice, Handover, ReferrerReply, StaffAllegation
from joinedup.front_door.models.asking import Confirmation, Prefill, ReferralLink, Repeat
from joinedup.front_door.models.contacts import Contact, ContactPerson
from joinedup.front_door.models.duty import DutyPage, DutyPeriod
from joinedup.front_door.models.guardians import GuardianReminder, matches_unanswered
from joinedup.front_door.models.judgements import Asking, AskingReview, Judgement, LateAnswer
from joinedup.front_door.models.offers import LeadOffer
from joinedup.front_door.models.referrals import (
    Decision,
    RatingGiven,
    Referral,
    ReferralPerson,
    ReferralQuerySet,
    ReferralTransition,
    withheld_referrals,
)

__all__ = [
    "Allocation",
    "Asking",
    "AskingReview",
    "CaseNotice",
    "Confirmation",
    "Contact",
    "ContactPerson",
    "Decision",
    "DutyPage",
    "DutyPeriod",
    "GuardianReminder",
    "Handover",
    "Judgement",
    "LateAnswer",
    "LeadOffer",
    "Prefill",
    "RatingGiven",
    "Referral",
    "ReferralLink",
    "ReferralPerson",
    "ReferralQuerySet",
    "ReferralTransition",
    "ReferrerReply",
    "Repeat",
    "StaffAllegation",
    "matches_unanswered",
    "withheld_referrals",
]
