"""When partners settle, how the year is signed off, disputes with their clocks, and the statement when somebody leaves. Pure.

R-5, R-8, R-10 and R-11 of the rules of a fund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from joinedup.engines.money import Money, share
from joinedup.engines.periods import add_working_days


class Settlement(StrEnum):
    """When a variance is paid between partners (R-8)."""

    NONE = "none"
    QUARTERLY = "quarterly"
    YEAR_END = "year_end"


SETTLEMENTS: dict[Settlement, str] = {
    Settlement.NONE: "Never: a variance is carried forward",
    Settlement.QUARTERLY: "Each quarter, on the year so far",
    Settlement.YEAR_END: "At the end of the year",
}


def settled_now(
    settlement: Settlement, quarter: int, shares: Mapping[str, int], before: Mapping[str, int]
) -> dict[str, Money]:
    """What each partner pays (above nought) or gets at the end of a quarter: its part of the year's variance so far less
    what it settled before."""
    if settlement is Settlement.NONE or (settlement is Settlement.YEAR_END and quarter != 4):
        return {partner: Money(0) for partner in shares}
    return {partner: Money(pence - before.get(partner, 0)) for partner, pence in shares.items()}


def quarter_ends_on(year: int, quarter: int) -> date:
    """The last day of a quarter of a financial year; the first ends in June."""
    return {1: date(year, 6, 30), 2: date(year, 9, 30), 3: date(year, 12, 31), 4: date(year + 1, 3, 31)}[quarter]


def report_due_on(year: int, quarter: int, days: int = 20) -> date:
    """When the quarter's report is due (R-5): days after the quarter ends, twenty in the agreements seen."""
    return quarter_ends_on(year, quarter) + timedelta(days=days)


def blocks_year_end(
    *, unallocated_pence: int, unsigned: Sequence[str], undisclosed_disputes: Sequence[str]
) -> list[str]:
    """Why a year cannot close, each as words that complete “The year cannot close: …”. A dispute does not stop it once it is
    disclosed (R-10)."""
    found = []
    if unallocated_pence:
        found.append("nobody has agreed to bear a part of the overspend")
    found += [f"{name} has neither agreed nor disputed its balance" for name in unsigned]
    found += [f"the dispute of {name} is not disclosed in the annual return" for name in undisclosed_disputes]
    return found


@dataclass(frozen=True)
class DisputeStep:
    """One step of a dispute: who tries to settle it, for how many working days."""

    code: str
    name: str
    days: int


DISPUTE_STEPS: tuple[DisputeStep, ...] = (
    DisputeStep("officers", "The partners’ officers", 10),
    DisputeStep("chiefs", "The partners’ chief officers", 10),
    DisputeStep("mediation", "A mediator", 20),
)
"""An example, from memory of a model agreement and not verified; a partnership sets its own."""


def steps_of(rows: Sequence[Sequence[object]]) -> tuple[DisputeStep, ...]:
    """Steps as a setting or a dispute keeps them. Raises ValueError, with a sentence, where they are not steps."""
    found = []
    for row in rows:
        if len(row) != 3 or not str(row[0]).strip() or not str(row[1]).strip():
            raise ValueError("Each step has a code, who tries to settle it, and its working days.")
        days = row[2]
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 250:
            raise ValueError("A step has from 1 to 250 working days.")
        found.append(DisputeStep(str(row[0]).strip(), str(row[1]).strip(), days))
    if not found or len({each.code for each in found}) < len(found):
        raise ValueError("Give at least one step, and each a code of its own.")
    return tuple(found)


def step_ends_on(begun_on: date, step: DisputeStep) -> date:
    """The last day of a step; the day on which it began does not count."""
    return add_working_days(begun_on, step.days)


def frozen(lines: Mapping[str, int], disputed: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """A partner's statement in two parts: what is agreed and payable, and the disputed lines, which alone are frozen."""
    payable = {name: pence for name, pence in lines.items() if name not in disputed}
    return payable, {name: pence for name, pence in lines.items() if name in disputed}


class Redundancy(StrEnum):
    """Who bears the cost of posts that end with the agreement."""

    EMPLOYER = "employer"
    SHARED = "shared"


REDUNDANCIES: dict[Redundancy, str] = {
    Redundancy.EMPLOYER: "Each employer pays for its own staff",
    Redundancy.SHARED: "Shared like the spending",
}


@dataclass(frozen=True)
class Leaving:
    """What there is when an agreement ends, in the partners' order. `weights` are the shares in which spending, contracts
    and shared redundancy are borne; `assets` what the fund owns, `kept` the value of those that a partner keeps;
    `redundancy` by employer."""

    contributed: Mapping[str, int]
    weights: Mapping[str, int]
    spent: int
    committed: int
    assets: int
    kept: Mapping[str, int]
    redundancy: Mapping[str, int]
    redundancy_rule: Redundancy = Redundancy.SHARED


@dataclass(frozen=True)
class ExitLine:
    """One partner's statement (R-11); above nought it gets money, below it pays."""

    contributed: Money
    spending: Money
    contracts: Money
    assets: Money
    kept: Money
    redundancy: Money

    @property
    def balance(self) -> Money:
        """Contributions less its share of spending and of contracts still to be paid, with its share of assets less what
        it keeps of them, and with redundancy as the agreement says."""
        return Money(self.contributed - self.spending - self.contracts + self.assets - self.kept - self.redundancy)


def exit_statement(leaving: Leaving) -> dict[str, ExitLine]:
    """What every partner gets or pays when the agreement ends."""
    weights = list(leaving.weights.values())

    def shared(pence: int) -> dict[str, Money]:
        return dict(zip(leaving.weights, share(pence, weights), strict=True))

    spent, contracts, assets = shared(leaving.spent), shared(leaving.committed), shared(leaving.assets)
    whole = sum(leaving.redundancy.values())
    borne = shared(whole) if leaving.redundancy_rule is Redundancy.SHARED else leaving.redundancy
    # Whoever pays its own staff has paid already; what is shared is paid by the others to it.
    own = leaving.redundancy
    return {
        partner: ExitLine(
            Money(leaving.contributed.get(partner, 0)),
            spent[partner],
            contracts[partner],
            assets[partner],
            Money(leaving.kept.get(partner, 0)),
            Money(borne.get(partner, 0) - own.get(partner, 0)),
        )
        for partner in leaving.weights
    }
