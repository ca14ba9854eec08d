"""What changes for each partner when budgets that were aligned become one pooled fund. Pure.

After table 3 of the pathfinder evaluation and the four arrangements compared in docs/funds.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from joinedup.engines.money import format_pounds
from joinedup.funds.contributing import percent


@dataclass(frozen=True)
class Part:
    """A partner with what it has in the fund. `invoices` where it delivers services whose VAT regime is its own."""

    name: str
    kind: str
    pence: int
    is_host: bool


@dataclass(frozen=True)
class Change:
    """One thing that is different afterwards."""

    subject: str
    before: str
    after: str


_REGIMES = {
    "council": "section 33 of the VAT Act",
    "police": "section 33 of the VAT Act",
    "nhs": "the NHS’s contracted-out services rules",
}


def changes_for(partner: Part, partners: Sequence[Part]) -> tuple[Change, ...]:
    """What changes for one partner, in the order a finance director asks."""
    total = sum(each.pence for each in partners)
    host = next(each for each in partners if each.is_host)
    mine = format_pounds(partner.pence)
    part = percent(partner.pence * 10_000 // total if total else 0)
    bank = "Its own bank account; nothing moves" if not partner.is_host else "Its own money only"
    paid = (
        f"Pays {mine} in instalments to {host.name}" if not partner.is_host
        else f"Holds {format_pounds(total)} for all partners and accounts for it"
    )  # fmt: skip
    regime = _REGIMES.get(partner.kind, "its own VAT rules")
    return (
        Change("Whose money it is", f"{mine} stays its own", f"{mine} is part of one fund of {format_pounds(total)} that the partners own together"),
        Change("Where the money is", bank, paid),
        Change("Moving money between lines", "Only between its own lines", "Between all pooled lines, within the agreement and its virement scheme"),
        Change("Over- and underspends", "Its own, whole", f"By the agreement’s risk share; it put in {part} of the fund"),
        Change("VAT", f"Its own purchases under {regime}", "The regime of whichever body delivers the service"),
        Change("Accounts", "Its own accounts", "Its share of the fund, from the host’s memorandum account" if not partner.is_host else "The memorandum account and its audit for all partners"),
        Change("Reports", "Good practice", "A quarterly report and an annual return to every partner" if partner.is_host else "Receives a quarterly report and an annual return, and signs the balances"),
        Change("Budget decisions", "Its own finance regulations", "The agreement’s board, with its own chief finance officer’s authorisation"),
    )  # fmt: skip
