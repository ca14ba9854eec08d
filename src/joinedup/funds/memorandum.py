"""The memorandum account: what each partner books of one and the same fund, under three treatments. Pure.

Control decides (IFRS 11 and the accounting code, from memory: the treatment is the auditors' to agree, not this program's):

* gross host: one partner controls; it books all of it, and the others book what they paid;
* share: all control together; each books its share of everything;
* agent: the host only handles the money; each books its own part, the host what it holds for the others.

Whatever the treatment, expenditure less what partners paid one another comes to what the fund spent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from joinedup.engines.money import Money


class Treatment(StrEnum):
    """How partners book a fund."""

    GROSS_HOST = "gross_host"
    SHARE = "share"
    AGENT = "agent"


TREATMENTS: dict[Treatment, str] = {
    Treatment.GROSS_HOST: "The host books all of it",
    Treatment.SHARE: "Each partner books its share",
    Treatment.AGENT: "The host is an agent",
}


@dataclass(frozen=True)
class Year:
    """A fund's year from its postings, in the partners' order. `contributed` is what was due from each, `received` what
    came in, `borne` each one's part of the over- or underspend; `nobodys` is what is unallocated or met from a
    contingency; `spent` by scheme, of which `paid` has left the bank."""

    host: str
    contributed: Mapping[str, int]
    received: Mapping[str, int]
    borne: Mapping[str, int]
    spent: Mapping[str, int]
    paid: int
    nobodys: int = 0

    def cost_to(self, partner: str) -> Money:
        """What the year costs a partner in the end; what nobody has agreed to bear is the host's exposure meanwhile."""
        exposure = self.nobodys if partner == self.host else 0
        return Money(self.contributed[partner] + self.borne[partner] + exposure)

    @property
    def total_spent(self) -> Money:
        """All schemes."""
        return Money(sum(self.spent.values()))

    @property
    def adds_up(self) -> bool:
        """Contributions, what each bears and what is nobody's come to what was spent."""
        return sum(self.cost_to(partner) for partner in self.contributed) == self.total_spent


@dataclass(frozen=True)
class Books:
    """What one partner books under one treatment. `income` is what other partners paid it; `bank`, `owed_by_partners`,
    `owed_to_partners` and `owed_to_suppliers` are its balances at the year's end from this fund."""

    expenditure: Money
    income: Money
    bank: Money
    owed_by_partners: Money
    owed_to_partners: Money
    owed_to_suppliers: Money

    @property
    def net(self) -> Money:
        """What the year costs it."""
        return Money(self.expenditure - self.income)


def books(year: Year, treatment: Treatment) -> dict[str, Books]:
    """Every partner's books under one treatment."""
    make = {Treatment.GROSS_HOST: _gross, Treatment.SHARE: _shared, Treatment.AGENT: _agent}[treatment]
    return {partner: make(year, partner) for partner in year.contributed}


def _still_owes(year: Year, partner: str) -> int:
    """What a partner still has to pay into the fund (above nought) or gets back; the host owes itself nothing."""
    return 0 if partner == year.host else year.cost_to(partner) - year.received[partner]


def _bank(year: Year) -> int:
    return sum(year.received.values()) - year.paid


def _gross(year: Year, partner: str) -> Books:
    if partner != year.host:
        return _pays_the_host(year, partner)
    others = [name for name in year.contributed if name != year.host]
    owes = [_still_owes(year, name) for name in others]
    return _of(
        expenditure=year.total_spent,
        income=sum(year.cost_to(name) for name in others),
        bank=_bank(year),
        owed_by=sum(each for each in owes if each > 0),
        owed_to=-sum(each for each in owes if each < 0),
        suppliers=year.total_spent - year.paid,
    )


def _pays_the_host(year: Year, partner: str) -> Books:
    owes = _still_owes(year, partner)
    return _of(
        expenditure=year.cost_to(partner), income=0, bank=0, owed_by=max(-owes, 0), owed_to=max(owes, 0), suppliers=0
    )


def _shared(year: Year, partner: str) -> Books:
    """A share of everything: of the bank's balance what it has put in and not taken out, of what suppliers are owed what is
    its cost. What partners owe the fund they owe themselves."""
    cost, paid = year.cost_to(partner), paid_for(year)[partner]
    bank = year.received[partner] - paid
    return _of(expenditure=cost, income=0, bank=bank, owed_by=0, owed_to=0, suppliers=cost - paid)


def paid_for(year: Year) -> dict[str, int]:
    """What has left the bank, by whose cost it was, to the penny; the pennies left over are the earlier partners'."""
    costs = {partner: year.cost_to(partner) for partner in year.contributed}
    whole = sum(costs.values())
    if not whole:
        return dict.fromkeys(costs, 0)
    paid = {partner: year.paid * cost // whole for partner, cost in costs.items()}
    for partner in list(paid)[: year.paid - sum(paid.values())]:
        paid[partner] += 1
    return paid


def _agent(year: Year, partner: str) -> Books:
    """Only its own cost and what suppliers are owed for it. The money in the bank that is not the host's own is owed to the
    others; where the host has paid more for them than they have sent, they owe it."""
    cost, paid = year.cost_to(partner), paid_for(year)
    held = {name: year.received[name] - paid[name] for name in year.contributed if name != year.host}
    if partner == year.host:
        owed_by = -sum(each for each in held.values() if each < 0)
        owed_to = sum(each for each in held.values() if each > 0)
        bank = _bank(year)
    else:
        owed_by, owed_to, bank = max(held[partner], 0), max(-held[partner], 0), 0
    return _of(expenditure=cost, income=0, bank=bank, owed_by=owed_by, owed_to=owed_to, suppliers=cost - paid[partner])


def _of(*, expenditure: int, income: int, bank: int, owed_by: int, owed_to: int, suppliers: int) -> Books:
    return Books(Money(expenditure), Money(income), Money(bank), Money(owed_by), Money(owed_to), Money(suppliers))
