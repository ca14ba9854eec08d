"""The headings every fund's ledger begins with. Pure.

A fund may add its own beside them; these codes are what the program itself posts under.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.engines.ledger import Control, Kind

BANK = "1000"
OWED_BY_PARTNERS = "1100"
VAT_TO_RECLAIM = "1200"
PREPAID = "1300"
UNALLOCATED = "1800"
SUSPENSE = "1900"
OTHER_FUNDS = "1950"
CREDITORS = "2000"
OWED_TO_PARTNERS = "2100"
ACCRUED = "2200"
CARRIED_FORWARD = "3000"
CONTINGENCY = "3100"
CONTRIBUTIONS = "4000"
OTHER_INCOME = "4100"
IN_KIND = "4900"
EXPENDITURE = "5000"
IRRECOVERABLE_VAT = "5100"
USED_IN_KIND = "5900"
BUDGETS = "9000"
COMMITMENTS = "9100"


@dataclass(frozen=True)
class StandardHeading:
    """One heading of the standard chart."""

    code: str
    name: str
    kind: Kind
    control: Control = Control.NONE


STANDARD: tuple[StandardHeading, ...] = (
    StandardHeading(BANK, "Bank", Kind.ASSET, Control.BANK),
    StandardHeading(OWED_BY_PARTNERS, "Owed by partners", Kind.ASSET, Control.PARTNER),
    StandardHeading(VAT_TO_RECLAIM, "VAT to reclaim", Kind.ASSET),
    StandardHeading(PREPAID, "Paid in advance", Kind.ASSET, Control.ACCRUAL),
    StandardHeading(UNALLOCATED, "Overspend that nobody has agreed to bear", Kind.ASSET, Control.UNALLOCATED),
    StandardHeading(SUSPENSE, "Suspense", Kind.ASSET, Control.SUSPENSE),
    StandardHeading(OTHER_FUNDS, "Owed by and to other funds", Kind.ASSET, Control.INTERFUND),
    StandardHeading(CREDITORS, "Owed to suppliers", Kind.LIABILITY),
    StandardHeading(OWED_TO_PARTNERS, "Owed to partners", Kind.LIABILITY, Control.PARTNER),
    StandardHeading(ACCRUED, "Accrued costs", Kind.LIABILITY, Control.ACCRUAL),
    StandardHeading(CARRIED_FORWARD, "Carried forward", Kind.EQUITY, Control.CARRIED),
    StandardHeading(CONTINGENCY, "Kept for contingencies", Kind.EQUITY),
    StandardHeading(CONTRIBUTIONS, "Partners’ contributions", Kind.INCOME),
    StandardHeading(OTHER_INCOME, "Other income", Kind.INCOME),
    StandardHeading(IN_KIND, "Contributions in kind", Kind.INCOME),
    StandardHeading(EXPENDITURE, "Spent on services", Kind.EXPENDITURE),
    StandardHeading(IRRECOVERABLE_VAT, "VAT that cannot be reclaimed", Kind.EXPENDITURE),
    StandardHeading(USED_IN_KIND, "Used in kind", Kind.EXPENDITURE),
    StandardHeading(BUDGETS, "Budgets", Kind.EQUITY, Control.BALANCING),
    StandardHeading(COMMITMENTS, "Commitments", Kind.EQUITY, Control.BALANCING),
)
