"""Who is on duty, and the page that red sends until a named person accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import DutyPage, DutyPeriod
from joinedup.front_door.permissions import ACCEPT_PAGE, SET_DUTY

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class DutyTurn:
    """One post's turn on duty; the lowest `order` is paged first."""

    post: Post
    starts_at: datetime
    ends_at: datetime
    order: int = 1


@service(SET_DUTY)
def set_duty(*, turns: Sequence[DutyTurn], by: Actor, at: datetime) -> list[DutyPeriod]:
    """Say who is on duty when. Periods that start in the same stretch are replaced; the past stays as it was."""
    raise NotImplementedError


@service(ACCEPT_PAGE, on="page")
def accept_page(*, page: DutyPage, by: Actor, at: datetime) -> DutyPage:
    """A named person takes the red referral on: paging stops, and it is in triage in their hands."""
    raise NotImplementedError


def page_overdue(*, at: datetime) -> int:
    """Page the next person on duty for every red referral nobody has accepted in time; returns how many were paged.

    Run each second by the keeper; not a person's act, so unguarded. Safe to run in two keepers at once.
    """
    raise NotImplementedError
