"""Handing a decided referral to a case-management team, which opens its case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import Referral
from joinedup.front_door.permissions import ALLOCATE_REFERRAL

if TYPE_CHECKING:
    from joinedup.casework.models import Case
    from joinedup.organisations.models import Team


@service(ALLOCATE_REFERRAL, on="referral")
def allocate_referral(*, referral: Referral, team: Team, reason: str, version: int, by: Actor, at: datetime) -> Case:
    """Hand the referral to a team and open its case. `reason` may be empty when the team is the one advised.

    Refused when somebody has allocated it already (FD-40), and without a reason when the team is not the one advised
    or is over its cap.
    """
    raise NotImplementedError
