"""Agreements, funds, schemes and budget lines; contributions and virements; the ledger."""

from joinedup.funds.models.agreements import (
    AgreementItem,
    AgreementPartner,
    AgreementSecondment,
    Authorisation,
    BudgetSheet,
    Novation,
    PartnershipAgreement,
    PartnershipTransition,
    Variation,
)
from joinedup.funds.models.budgets import (
    BudgetApproval,
    BudgetLine,
    Fund,
    FundingStream,
    Scheme,
    StreamPermit,
    StreamUse,
)
from joinedup.funds.models.buying import EntrySpending, PartnerVat, PermittedKind, Purchase
from joinedup.funds.models.commitments import Commitment, HolderChange, OverAllowed
from joinedup.funds.models.contributions import Contribution, Instalment, Receipt
from joinedup.funds.models.disputes import Dispute, DisputeMove
from joinedup.funds.models.extracts import ExtractRow, LedgerExtract
from joinedup.funds.models.forecasts import Forecast, FundDay, LineDriver
from joinedup.funds.models.leaving import LeavingItem, LeavingRule, LeavingStatement
from joinedup.funds.models.ledger import Account, Balance, Entry, EntrySeal, LedgerHead, Period, PeriodClosing, Posting
from joinedup.funds.models.matching import ExtractMatch, ExtractMatchLine, ExtractMatchRow
from joinedup.funds.models.next_year import NextYearMade, NextYearSaid, NextYearStep
from joinedup.funds.models.power_checks import PowerCheck
from joinedup.funds.models.proposals import ContributionProposal
from joinedup.funds.models.recharges import Recharge, RechargeStep, RechargeTerms
from joinedup.funds.models.reporting import FundOutcome, FundRisk, OutcomeActual
from joinedup.funds.models.sharing import BalanceSignature, FundReport, RiskShareRule, RiskShareRun
from joinedup.funds.models.virements import Virement, VirementAgreed, VirementAuthority

__all__ = [
    "Account",
    "AgreementItem",
    "AgreementPartner",
    "AgreementSecondment",
    "Authorisation",
    "Balance",
    "BalanceSignature",
    "BudgetApproval",
    "BudgetLine",
    "BudgetSheet",
    "Commitment",
    "Contribution",
    "ContributionProposal",
    "Dispute",
    "DisputeMove",
    "Entry",
    "EntrySeal",
    "EntrySpending",
    "ExtractMatch",
    "ExtractMatchLine",
    "ExtractMatchRow",
    "ExtractRow",
    "Forecast",
    "Fund",
    "FundDay",
    "FundOutcome",
    "FundReport",
    "FundRisk",
    "FundingStream",
    "HolderChange",
    "Instalment",
    "LeavingItem",
    "LeavingRule",
    "LeavingStatement",
    "LedgerExtract",
    "LedgerHead",
    "LineDriver",
    "NextYearMade",
    "NextYearSaid",
    "NextYearStep",
    "Novation",
    "OutcomeActual",
    "OverAllowed",
    "PartnerVat",
    "PartnershipAgreement",
    "PartnershipTransition",
    "Period",
    "PeriodClosing",
    "PermittedKind",
    "Posting",
    "PowerCheck",
    "Purchase",
    "Receipt",
    "Recharge",
    "RechargeStep",
    "RechargeTerms",
    "RiskShareRule",
    "RiskShareRun",
    "Scheme",
    "StreamPermit",
    "StreamUse",
    "Variation",
    "Virement",
    "VirementAgreed",
    "VirementAuthority",
]
