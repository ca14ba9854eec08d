"""What stops a testing phase and when its cohort is full. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.capacity import rules
from joinedup.capacity.rules import Rule


@dataclass(frozen=True)
class Watched:
    """The cohort on a day: families taken on; of those `counted` (taken on since it was begun or taken up again) how many kept their
    first lead professional; red referrals that missed their clock and serious incidents since then."""

    taken_on: int
    counted: int
    kept_lead: int
    late_red: int
    incidents: int

    @property
    def continuity(self) -> float | None:
        """The share who kept their lead; None of nobody."""
        return self.kept_lead / self.counted if self.counted else None


def why_halted(seen: Watched, *, continuity_percent: int) -> Rule | None:
    """The rule that halts intake today; None where nothing does. An incident comes before all else."""
    if seen.incidents:
        return rules.HALT_INCIDENT
    if seen.late_red:
        return rules.HALT_RED
    if seen.continuity is not None and seen.continuity * 100 < continuity_percent:
        return rules.HALT_CONTINUITY
    return None


def is_full(seen: Watched, limit: int) -> bool:
    """Whether the cohort takes nobody on any more."""
    return seen.taken_on >= limit
