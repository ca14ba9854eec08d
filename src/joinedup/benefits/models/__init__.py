"""Programmes and strands, their families, delivery and published figures; business cases and their rounds; unit costs and
what activity came to."""

from joinedup.benefits.models.cases import BusinessCase, Round
from joinedup.benefits.models.claims import Claim, ClaimSubject
from joinedup.benefits.models.costing import (
    ActivityPrice,
    ActivityReport,
    CostingRole,
    PlannedActivity,
    UnitCost,
    UnitCostFile,
)
from joinedup.benefits.models.delivery import (
    DeliveryCost,
    DeliveryModel,
    DeliveryShare,
    DeliveryStaff,
    DeliveryVersion,
    PayRate,
)
from joinedup.benefits.models.investing import (
    DirectorsPack,
    InvestmentAgreement,
    PackReminder,
    QuarterPosition,
    Return,
    SettlementSignature,
    Stake,
)
from joinedup.benefits.models.programme import Programme, ProgrammePartner, Strand
from joinedup.benefits.models.realising import AvoidedEvent, BankEntry, Benefit, BenefitMove, PostingUse
from joinedup.benefits.models.strands import CohortMember, CohortRule, Sponsorship, StrandStep

__all__ = [
    "ActivityPrice",
    "ActivityReport",
    "AvoidedEvent",
    "BankEntry",
    "Benefit",
    "BenefitMove",
    "BusinessCase",
    "Claim",
    "ClaimSubject",
    "CohortMember",
    "CohortRule",
    "CostingRole",
    "DeliveryCost",
    "DeliveryModel",
    "DeliveryShare",
    "DeliveryStaff",
    "DeliveryVersion",
    "DirectorsPack",
    "InvestmentAgreement",
    "PackReminder",
    "PayRate",
    "PlannedActivity",
    "PostingUse",
    "Programme",
    "ProgrammePartner",
    "QuarterPosition",
    "Return",
    "Round",
    "SettlementSignature",
    "Sponsorship",
    "Stake",
    "Strand",
    "StrandStep",
    "UnitCost",
    "UnitCostFile",
]
