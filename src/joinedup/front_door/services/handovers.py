"""Handing level 4 to the council's statutory system, with a receipt, and reading back what became of it."""

from __future__ import annotations

from datetime import date, datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.codes import HandoverStatus
from joinedup.front_door.models import Handover, Referral
from joinedup.front_door.permissions import HAND_OVER, UPDATE_HANDOVER


@service(HAND_OVER, on="referral")
def hand_over(*, referral: Referral, by: Actor, at: datetime) -> Handover:
    """Send a referral decided as statutory to the council's system; `content` is the export, `receipt` its number."""
    raise NotImplementedError


@service(UPDATE_HANDOVER, on="handover")
def receive_handover(
    *, handover: Handover, worker: str = "", statutory_reference: str = "", by: Actor, at: datetime
) -> Handover:
    """The statutory service confirms that it has it."""
    raise NotImplementedError


@service(UPDATE_HANDOVER, on="handover")
def update_handover(
    *,
    handover: Handover,
    status: HandoverStatus,
    worker: str,
    statutory_reference: str,
    next_date: date | None,
    next_date_means: str,
    by: Actor,
    at: datetime,
) -> Handover:
    """Read back the status, the worker and the next date; shown on the referral and in the family's chronology."""
    raise NotImplementedError
