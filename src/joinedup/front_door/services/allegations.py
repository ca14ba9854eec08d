"""Allegations against people who work with children: the designated officer's queue and nobody else's."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import StaffAllegation
from joinedup.front_door.permissions import CLOSE_ALLEGATION, TAKE_ALLEGATION


@service(TAKE_ALLEGATION, on="allegation")
def take_allegation(*, allegation: StaffAllegation, by: Actor, at: datetime) -> StaffAllegation:
    """The designated officer takes it up. Refuses when it was taken already."""
    raise NotImplementedError


@service(CLOSE_ALLEGATION, on="allegation")
def close_allegation(*, allegation: StaffAllegation, reason: str, by: Actor, at: datetime) -> StaffAllegation:
    """Close it with the reason."""
    raise NotImplementedError
