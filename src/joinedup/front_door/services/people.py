"""Search before create: who somebody named in a referral is, and which family it is about."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.permissions import (
    CHOOSE_FAMILY,
    CREATE_PERSON_FOR,
    IDENTIFY_PERSON,
    SEARCH_FOR,
    UNDO_IDENTIFICATION,
)

if TYPE_CHECKING:
    from joinedup.person_index.queries import SearchQuery, SearchResult


@service(SEARCH_FOR, on="place")
def search_for(*, place: ReferralPerson, query: SearchQuery, by: Actor, at: datetime) -> SearchResult:
    """Search the person index for somebody named in the referral, and remember that somebody has searched."""
    raise NotImplementedError


@service(IDENTIFY_PERSON, on="place")
def identify_person(*, place: ReferralPerson, person_id: UUID, reason: str, by: Actor, at: datetime) -> ReferralPerson:
    """Say that somebody named in the referral is this known person. Refused before a search (FD-20).

    A child in a family with an open case chooses that family and passes the referral to the case at once.
    """
    raise NotImplementedError


@service(CREATE_PERSON_FOR, on="place")
def create_person_for(*, place: ReferralPerson, by: Actor, at: datetime, despite: str = "") -> ReferralPerson:
    """Enter somebody new, as typed in the contact. Refused before a search (FD-20), and where somebody known matches
    strongly (FD-21) unless `despite` says why this is somebody else."""
    raise NotImplementedError


@service(UNDO_IDENTIFICATION, on="place")
def undo_identification(*, place: ReferralPerson, reason: str, by: Actor, at: datetime) -> ReferralPerson:
    """Take back who somebody is, while the referral is open. The person stays in the index."""
    raise NotImplementedError


@service(CHOOSE_FAMILY, on="referral")
def choose_family(*, referral: Referral, family_id: UUID | None, by: Actor, at: datetime) -> Referral:
    """Say which family the referral is about; None makes a new one of the people identified. The locality follows the
    child's main home. Where the family has an open case the referral passes to it at once."""
    raise NotImplementedError
