"""Opening a case, naming its lead professional, and who is in the team around the child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.casework.models import Case, CaseMember
from joinedup.casework.permissions import (
    ADD_MEMBER,
    CLOSE_CASE,
    NAME_LEAD_PROFESSIONAL,
    OPEN_CASE,
    REMOVE_MEMBER,
)

if TYPE_CHECKING:
    from joinedup.organisations.models import Locality, Post, Team
    from joinedup.person_index.models import Family


@service(OPEN_CASE)
def open_case(
    *,
    family: Family,
    team: Team,
    locality: Locality | None,
    level: int,
    people: Mapping[UUID, str],
    reason: str,
    by: Actor,
    at: datetime,
) -> Case:
    """Open work with a family in a team; `people` are person ids and their part (child, parent, other).

    Called by the front door when it allocates. Refuses (CW-1) when the family has an open case.
    """
    raise NotImplementedError


@service(NAME_LEAD_PROFESSIONAL, on="case")
def name_lead_professional(*, case: Case, post: Post, reason: str, by: Actor, at: datetime) -> Case:
    """Name the lead professional: a key worker's post of the case's own team that is held now. A first one needs no
    reason; a change needs one and is kept. They see the family from this moment."""
    raise NotImplementedError


@service(ADD_MEMBER, on="case")
def add_member(*, case: Case, post: Post, by: Actor, at: datetime) -> CaseMember:
    """Add a post, of whichever partner, to the team around the child; they see the family from this moment."""
    raise NotImplementedError


@service(REMOVE_MEMBER, on="member")
def remove_member(*, member: CaseMember, reason: str, by: Actor, at: datetime) -> CaseMember:
    """End a place in the team around the child; they see the family no more from this moment. The lead professional
    is replaced, never removed."""
    raise NotImplementedError


@service(CLOSE_CASE, on="case")
def close_case(*, case: Case, reason: str, version: int, by: Actor, at: datetime) -> Case:
    """Close the case with the reason. Every place in the team around the child ends with it."""
    raise NotImplementedError
