"""Agreements, funds, schemes and budget lines; the ledger."""

from joinedup.funds.models.agreements import AgreementPartner, PartnershipAgreement
from joinedup.funds.models.budgets import BudgetLine, Fund, FundingStream, Scheme

__all__ = ["AgreementPartner", "BudgetLine", "Fund", "FundingStream", "PartnershipAgreement", "Scheme"]
