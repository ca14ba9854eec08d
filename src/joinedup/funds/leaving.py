"""The termination statement (R-11): what each partner gets or pays when an agreement ends. Pure.

What is left in the books (brought forward, contributions and other income, less what was spent) belongs to the partners by
the agreement's rule, less the promises that still run off, with what the fund owns; whoever keeps a thing is charged its
value, and whoever still owes the fund pays that first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joinedup.engines.money import Money, share
from joinedup.funds.settling import Leaving, Redundancy, exit_statement


@dataclass(frozen=True)
class Ending:
    """A fund on the day, in pence, partners in their order. `contributed` is what was booked of each this year; `brought`
    what the years before left with other income of this one; `owed` what each still owes the fund (below nought: is
    owed); `assets` the whole value of what the fund owns, of which `kept` stays with a partner."""

    weights: Mapping[str, int]
    contributed: Mapping[str, int]
    brought: int
    spent: int
    committed: int
    owed: Mapping[str, int]
    assets: int = 0
    kept: Mapping[str, int] | None = None
    redundancy: Mapping[str, int] | None = None
    redundancy_rule: Redundancy = Redundancy.SHARED


@dataclass(frozen=True)
class Exit:
    """One partner's statement; `gets` above nought is paid to it, below nought it pays."""

    contributed: Money
    brought: Money
    spending: Money
    contracts: Money
    assets: Money
    kept: Money
    redundancy: Money
    owed: Money

    @property
    def part(self) -> Money:
        """Its part of what is left."""
        return Money(
            self.contributed + self.brought - self.spending - self.contracts + self.assets - self.kept - self.redundancy
        )

    @property
    def gets(self) -> Money:
        """Its part, less what it still owes."""
        return Money(self.part - self.owed)


def exits(ending: Ending) -> dict[str, Exit]:
    """Every partner's statement. Their parts come to what is left in the books less the promises, with what the fund owns
    and nobody keeps. Raises ValueError where no partner has a weight."""
    if not ending.weights or not any(ending.weights.values()):
        raise ValueError("no partner has a share")
    brought = dict(zip(ending.weights, share(ending.brought, list(ending.weights.values())), strict=True))
    lines = exit_statement(
        Leaving(
            contributed=ending.contributed, weights=ending.weights, spent=ending.spent, committed=ending.committed,
            assets=ending.assets, kept=ending.kept or {}, redundancy=ending.redundancy or {},
            redundancy_rule=ending.redundancy_rule,
        )
    )  # fmt: skip
    return {
        name: Exit(
            line.contributed, brought[name], line.spending, line.contracts, line.assets, line.kept, line.redundancy,
            Money(ending.owed.get(name, 0)),
        )
        for name, line in lines.items()
    }  # fmt: skip
