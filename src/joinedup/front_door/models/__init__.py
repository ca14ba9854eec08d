"""Contacts as they came, referrals as they are worked, and every rating, decision and answer as a row."""

from joinedup.front_door.models.afterwards import Allocation, CaseNotice, Handover, ReferrerReply, StaffAllegation
from joinedup.front_door.models.contacts import Contact, ContactPerson
from joinedup.front_door.models.duty import DutyPage, DutyPeriod
from joinedup.front_door.models.referrals import (
    Decision,
    RatingGiven,
    Referral,
    ReferralPerson,
    ReferralQuerySet,
    ReferralTransition,
)

__all__ = [
    "Allocation",
    "CaseNotice",
    "Contact",
    "ContactPerson",
    "Decision",
    "DutyPage",
    "DutyPeriod",
    "Handover",
    "RatingGiven",
    "Referral",
    "ReferralPerson",
    "ReferralQuerySet",
    "ReferralTransition",
    "ReferrerReply",
    "StaffAllegation",
]
