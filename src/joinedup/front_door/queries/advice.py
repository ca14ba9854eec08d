"""Which team should take a decided referral, and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class TeamAdvice:
    """A case-management team beside the others. `share` is open cases relative to the cap, as a whole per cent."""

    team_id: UUID
    name: str
    open_cases: int
    cap: int | None
    share: int
    serves_locality: bool
    is_over_cap: bool
    is_advised: bool


@dataclass(frozen=True)
class AllocationAdvice:
    """What the rules advise. `team_id` is None where a person must choose (`rule` says why); `needs_reason` when the
    manager must say why even to follow the advice. `homes` names both homes of a child who lives in two."""

    referral_id: UUID
    version: int
    locality: str
    team_id: UUID | None
    rule: str
    reason: str
    needs_reason: bool
    homes: tuple[str, ...]
    teams: tuple[TeamAdvice, ...]


def allocation_advice(viewer: Actor, referral_id: UUID) -> AllocationAdvice:
    """Teams with their load and the one advised, for whoever may allocate."""
    raise NotImplementedError
