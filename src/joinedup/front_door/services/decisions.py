"""Deciding a referral: alone where the rules allow it, by two people where they do not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.codes import Outcome
from joinedup.front_door.models import Decision, Referral
from joinedup.front_door.permissions import (
    CLOSE_REFERRAL,
    CONFIRM_DECISION,
    DECIDE,
    PROPOSE_DECISION,
    SEND_BACK_DECISION,
)

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@service(PROPOSE_DECISION, on="referral")
def propose_decision(
    *,
    referral: Referral,
    outcome: Outcome,
    level: int | None,
    reason: str,
    look_back: str = "",
    advice_given: str = "",
    agency: Organisation | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Put a decision to a registered social worker or manager. Refuses with `extra["faults"]` when it cannot stand."""
    raise NotImplementedError


@service(DECIDE, on="referral")
def decide(
    *,
    referral: Referral,
    outcome: Outcome,
    level: int | None,
    reason: str,
    look_back: str = "",
    advice_given: str = "",
    agency: Organisation | None = None,
    version: int,
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide alone. Refused (FD-30) for level 4 and for no further action on a safeguarding concern, whoever asks."""
    raise NotImplementedError


@service(CONFIRM_DECISION, on="decision")
def confirm_decision(*, decision: Decision, version: int, by: Actor, at: datetime) -> Decision:
    """Decide what a colleague proposed. The proposer is refused (FD-31). `version` is the referral's."""
    raise NotImplementedError


@service(SEND_BACK_DECISION, on="decision")
def send_back_decision(*, decision: Decision, reason: str, by: Actor, at: datetime) -> Decision:
    """Send a proposal back to triage with the reason."""
    raise NotImplementedError


@service(CLOSE_REFERRAL, on="referral")
def close_referral(*, referral: Referral, by: Actor, at: datetime) -> Referral:
    """Close what was decided as advice, help from a single agency, or no further action."""
    raise NotImplementedError
