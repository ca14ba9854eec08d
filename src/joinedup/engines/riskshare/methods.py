"""The ways partners share what a fund spent over or under its budget, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

UNALLOCATED = "unallocated"
CONTINGENCY = "contingency"
RESERVED = frozenset({UNALLOCATED, CONTINGENCY})
"""Names in a result that are nobody's, so that no partner may be called so."""


@dataclass(frozen=True, slots=True)
class Proportional:
    """In proportion to what each partner contributed when the year opened."""

    name = "proportional"


@dataclass(frozen=True, slots=True)
class Fixed:
    """By fixed shares, whatever was contributed: half and half, 60 to 40. A partner left out bears nothing."""

    shares: Mapping[str, Fraction]
    name = "fixed"


@dataclass(frozen=True, slots=True)
class Responsible:
    """Each scheme's variance falls on the partner who leads the scheme."""

    lead: Mapping[str, str]
    name = "responsible"


@dataclass(frozen=True, slots=True)
class Commissioned:
    """Each scheme's variance is shared as the scheme was commissioned."""

    shares: Mapping[str, Mapping[str, Fraction]]
    name = "commissioned"


@dataclass(frozen=True, slots=True)
class Capped:
    """By opening contributions, but no partner bears more of an overspend than its cap; the others bear the rest, and
    what is over every cap is nobody's until the board decides."""

    caps: Mapping[str, int]
    name = "capped"


@dataclass(frozen=True, slots=True)
class Contingency:
    """Met from the contingency, which is nobody's share. Only a tier may be."""

    name = CONTINGENCY


Simple = Proportional | Fixed | Responsible | Commissioned | Capped


@dataclass(frozen=True, slots=True)
class Tier:
    """The next slice of an overspend, at most `width` pence wide (None: all that is left), and who bears it."""

    width: int | None
    method: Simple | Contingency


@dataclass(frozen=True, slots=True)
class Tiered:
    """Slice after slice of an overspend, each with its own method."""

    tiers: Sequence[Tier]
    name = "tiered"


Method = Simple | Tiered


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be shared: pence over (positive) or under (negative) the budget; the same by scheme, where the method
    asks; what each partner contributed when the year opened, in the partners' order; and the method."""

    variance_pence: int
    by_scheme: Mapping[str, int]
    partners: Mapping[str, int]
    method: Method


@dataclass(frozen=True, slots=True)
class Step:
    """One slice: how it was shared, how much it is, and where it went."""

    method: str
    pence: int
    shares: Mapping[str, int]
    unallocated: int = 0
    contingency: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What each partner bears (positive) or gets back (negative). The shares, what is unallocated and what comes from
    the contingency add up to the variance exactly."""

    shares: Mapping[str, int]
    unallocated: int
    contingency: int
    steps: Sequence[Step]

    def as_data(self) -> dict[str, int]:
        """As the command prints it: each partner's pence, the contingency's where it bears any, and `unallocated`."""
        met = {CONTINGENCY: self.contingency} if self.contingency else {}
        return {**self.shares, **met, UNALLOCATED: self.unallocated}
