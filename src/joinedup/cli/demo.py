"""Loading the demo partnership: each part loads its own, lowest first, through its services."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import public, system
from joinedup.access.queries import actor_for_account
from joinedup.benefits import demo as benefits_demo
from joinedup.capacity import demo as capacity_demo
from joinedup.casework import demo as casework_demo
from joinedup.casework.queries import case_for_change, own_cases
from joinedup.directory import demo as directory_demo
from joinedup.family_page import demo as family_page_demo
from joinedup.front_door import demo as front_door_demo
from joinedup.funds import demo as funds_demo
from joinedup.governance import demo as governance_demo
from joinedup.information_sharing import demo as information_sharing_demo
from joinedup.information_sharing import demo_town as indicators_demo
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations import queries
from joinedup.organisations.queries import DemoPerson
from joinedup.outcomes import demo as outcomes_demo
from joinedup.person_index import demo as person_index_demo
from joinedup.person_index import demo_town as observations_demo
from joinedup.universal import demo as universal_demo
from joinedup.universal.services import count_participation


def load_demo(*, at: datetime) -> None:
    """Load the demo as it would stand at `at`, whole or not at all. Does nothing when there are organisations already,
    so that it can be called at every start."""
    if queries.open_organisations(system(at)).exists():
        return
    with transaction.atomic():
        partnership = organisations_demo.load(at=at)
        households = person_index_demo.load(at=at)
        information_sharing_demo.load(at=at, organisations=partnership.organisations, posts=partnership.posts)
        indicators_demo.load_indicators(at=at, organisations=partnership.organisations, posts=partnership.posts)
        observations_demo.observe_demo(households, at=at - timedelta(days=2))
        front_door_demo.load(at=at, households=households)
        casework_demo.load(at=at)
        universal_demo.load(at=at)
        outcomes_demo.load(at=at)
        count_participation(by=system(at), at=at)
        family_page_demo.load(at=at)
        directory_demo.load(at=at)
        funds_demo.load(at=at, family_id=_family_of("Amira Testerly", at))
        benefits_demo.load(at=at)
        capacity_demo.load(at=at)
        governance_demo.load(at=at)


def _family_of(name: str, at: datetime) -> UUID | None:
    """The family of the first case somebody leads, for the budget it is given."""
    person = next((one for _, found in queries.demo_people(system(at)) for one in found if one.name == name), None)
    viewer = actor_for_account(person.account_id, at=at) if person else None
    led = own_cases(viewer, most=1) if viewer else ()
    return case_for_change(viewer, led[0].id).family_id if viewer and led else None


def people() -> list[DemoPerson]:
    """Everybody one can sign in as, in the order of the sign-in page."""
    return [person for _, found in queries.demo_people(public(timezone.now())) for person in found]
