"""How long a search takes when it comes upon a restricted person, when it finds nobody, and when it finds somebody: the
three distributions must not tell which it was. Run with `./run bench`; figures go to docs/measurements/restricted.md."""

from __future__ import annotations

import statistics
import time
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest

from joinedup.access.roles import Role
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.person_index import services
from joinedup.person_index.queries import SearchQuery, search_people
from joinedup.person_index.tests.factories import make_person, nhs_number

pytestmark = pytest.mark.bench
ROUNDS = 200
BORN = date(2014, 5, 6)


@pytest.mark.django_db
def test_time_tells_nothing(capsys: Any) -> None:
    """Restricted, absent and visible, asked in random order, each time for a new matter."""
    restricted, visible = SearchQuery("Wren", "Hiddenfield", BORN), SearchQuery("Robin", "Openfield", BORN)
    absent = SearchQuery("Martin", "Nowherefield", date(2013, 1, 2))
    make_person(given_name="Wren", family_name="Hiddenfield", birth_date=BORN, nhs_number=nhs_number(1))
    make_person(given_name="Robin", family_name="Openfield", birth_date=BORN, nhs_number=nhs_number(2))
    guardian, post = make_post(role=Role.INFORMATION_GOVERNANCE)
    worker, _ = make_post(role=Role.FRONT_DOOR_WORKER, team=make_team(code="F", name="Front door", kind="front_door"))
    services.impose_restriction(
        query=restricted, category="high_risk", reason="Measured.", guardians=[post], by=actor_of(guardian, AT), at=AT
    )
    viewer = actor_of(worker, AT)
    asked = [
        (name, query) for name, query in (("restricted", restricted), ("absent", absent), ("visible", visible))
    ] * ROUNDS
    random = Random(20261118)
    random.shuffle(asked)
    taken: dict[str, list[float]] = {"restricted": [], "absent": [], "visible": []}
    for query in (restricted, absent, visible):
        search_people(viewer, query, purpose="warm up")
    for number, (name, query) in enumerate(asked):
        began = time.perf_counter()
        search_people(viewer, query, purpose="bench", about=("bench", UUID(int=number + 1)))
        taken[name].append((time.perf_counter() - began) * 1000)
    with capsys.disabled():
        for name, times in taken.items():
            cuts = statistics.quantiles(times, n=20)
            print(f"\n{name}: n {len(times)} p5 {cuts[0]:.1f} p50 {cuts[9]:.1f} p95 {cuts[18]:.1f} ms", end="")
        print()
    assert len(taken["restricted"]) == ROUNDS
