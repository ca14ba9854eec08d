"""Joint budgets: what the host invoices each partner for, and the credit note that puts it right. Pure (R-9).

Each partner pays its share of the actual cost, or a fixed sum that is trued up later. Shares are worked out on the year so
far and less what was invoiced before, so that pennies lost to rounding in one quarter come back in the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from joinedup.engines.money import Money, share
from joinedup.funds.vat import Mode, vat_between_partners


class Basis(StrEnum):
    """What a recharge goes by."""

    COST_SHARE = "cost_share"
    FIXED_SUM = "fixed_sum"


BASES: dict[Basis, str] = {
    Basis.COST_SHARE: "A share of the actual cost",
    Basis.FIXED_SUM: "A fixed sum, put right at the end of the year",
}


@dataclass(frozen=True)
class Terms:
    """How a joint budget is recharged. `weights` are the cost shares of all partners, the host among them, in the
    partners' order; `fixed` the sum a partner pays each time."""

    host: str
    basis: Basis
    weights: Mapping[str, int]
    fixed: Mapping[str, int]
    mode: Mode = Mode.POOLED


@dataclass(frozen=True)
class Charge:
    """One invoice (above nought) or credit note (below) to one partner."""

    partner: str
    net: Money
    vat: Money

    @property
    def gross(self) -> Money:
        """What is to be paid."""
        return Money(self.net + self.vat)

    @property
    def is_credit_note(self) -> bool:
        """The host owes the partner."""
        return self.net < 0


def charges(terms: Terms, *, cost_to_date: int, invoiced: Mapping[str, int], day: date, trues_up: bool) -> list[Charge]:
    """What to invoice now. `invoiced` is what each partner was charged before, net, in the year; at a true-up a fixed sum
    gives way to the share of the actual cost. A partner with nothing to pay gets no invoice."""
    due = dict(zip(terms.weights, share(cost_to_date, list(terms.weights.values())), strict=True))
    found = []
    for partner in terms.weights:
        if partner == terms.host:
            continue
        if terms.basis is Basis.FIXED_SUM and not trues_up:
            net = terms.fixed.get(partner, 0)
        else:
            net = due[partner] - invoiced.get(partner, 0)
        if net:
            found.append(Charge(partner, Money(net), vat_between_partners(terms.mode, net, day)))
    return found


def invoice_number(fund: str, year: int, number: int, *, is_credit_note: bool = False) -> str:
    """`SWI-2026-004`, or `SWI-2026-C-004` for a credit note; numbers go on without a gap in a fund and year."""
    return f"{fund}-{year}-{'C-' if is_credit_note else ''}{number:03d}"
