"""Loading the demo partnership: each part loads its own, lowest first, through its services."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import public, system
from joinedup.casework import demo as casework_demo
from joinedup.family_page import demo as family_page_demo
from joinedup.front_door import demo as front_door_demo
from joinedup.information_sharing import demo as information_sharing_demo
from joinedup.information_sharing import demo_town as indicators_demo
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations import queries
from joinedup.organisations.queries import DemoPerson
from joinedup.person_index import demo as person_index_demo
from joinedup.person_index import demo_town as observations_demo
from joinedup.universal import demo as universal_demo


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
        family_page_demo.load(at=at)


def people() -> list[DemoPerson]:
    """Everybody one can sign in as, in the order of the sign-in page."""
    return [person for _, found in queries.demo_people(public(timezone.now())) for person in found]
