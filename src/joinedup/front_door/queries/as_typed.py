"""Likely people while somebody still types: shown at once, audited once for each form, and nobody told before it is sent."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.front_door.models import ReferralPerson
from joinedup.front_door.permissions import SEARCH_FOR, TAKE_CALL
from joinedup.person_index.queries import SearchQuery, SearchResult, likely_as_typed


def likely_callers_child_as_typed(viewer: Actor, query: SearchQuery, *, form: str) -> SearchResult:
    """Who in the index a call may be about."""
    check(viewer, TAKE_CALL)
    return likely_as_typed(viewer, query, purpose="write down a phone call", form=form)


def likely_in_referral_as_typed(viewer: Actor, place: ReferralPerson, query: SearchQuery, *, form: str) -> SearchResult:
    """Who somebody in a referral may be. It is no search yet: nobody can be entered as new for it."""
    check(viewer, SEARCH_FOR, place)
    return likely_as_typed(viewer, query, purpose="identify somebody in a referral", form=form)
