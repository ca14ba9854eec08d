"""Programmes and strands, their families, delivery and published figures; business cases and their rounds."""

from joinedup.benefits.models.cases import BusinessCase, Round
from joinedup.benefits.models.claims import Claim, ClaimSubject
from joinedup.benefits.models.delivery import DeliveryCost, DeliveryModel, DeliveryShare, DeliveryStaff, PayRate
from joinedup.benefits.models.programme import Programme, ProgrammePartner, Strand
from joinedup.benefits.models.strands import CohortMember, CohortRule, Sponsorship, StrandStep

__all__ = [
    "BusinessCase",
    "Claim",
    "ClaimSubject",
    "CohortMember",
    "CohortRule",
    "DeliveryCost",
    "DeliveryModel",
    "DeliveryShare",
    "DeliveryStaff",
    "PayRate",
    "Programme",
    "ProgrammePartner",
    "Round",
    "Sponsorship",
    "Strand",
    "StrandStep",
]
