"""The kinds of spending that agreements permit, after the clauses on permitted expenditure. Pure.

Seen in agreements (clauses 7.3 to 7.5): the contract price, a partner's own provision within its permitted budget, third-party
costs and expenditure that was approved; no liabilities from a partner's default unless all agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SpendingKind(StrEnum):
    """What kind of spending it is."""

    CONTRACT = "contract"
    PROVISION = "provision"
    THIRD_PARTY = "third_party"
    APPROVED = "approved"
    DEFAULT = "default"


SPENDING_KINDS: dict[SpendingKind, str] = {
    SpendingKind.CONTRACT: "The price of a contract",
    SpendingKind.PROVISION: "A partner’s own provision",
    SpendingKind.THIRD_PARTY: "Costs of a third party",
    SpendingKind.APPROVED: "Spending the partners approved by itself",
    SpendingKind.DEFAULT: "What a partner’s default costs",
}
BEFORE_KINDS = "Bought before kinds were kept"


@dataclass(frozen=True)
class Permitted:
    """A kind that is permitted from a day on, until a day on which it no longer is."""

    kind: str
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """Permitted on that day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def overlaps(self, other: Permitted) -> bool:
        """Some day lies in both. What ends on its own first day has none."""
        starts = max(self.starts_on, other.starts_on)
        return self.covers(starts) and other.covers(starts)


def permitted_on(rows: Iterable[Permitted], day: date) -> list[SpendingKind]:
    """The kinds permitted on a day, in their order."""
    there = {each.kind for each in rows if each.covers(day)}
    return [each for each in SpendingKind if each in there]


def kind_words(kind: str) -> str:
    """A kind in words."""
    return SPENDING_KINDS[SpendingKind(kind)] if kind in set(SpendingKind) else BEFORE_KINDS
