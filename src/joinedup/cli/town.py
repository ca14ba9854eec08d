"""A whole invented town around the demo partnership: its people as five agencies know them, years of contacts, the cases
open now, and an audit trail that verifies. Said as it goes on stderr, because it takes minutes for a real town's size."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from django.db import connection, transaction

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.access.services import seal_backlog
from joinedup.casework import demo_town as casework_town
from joinedup.casework.demo_town import Place, TownCase
from joinedup.cli.demo import load_demo
from joinedup.core.errors import Refused
from joinedup.front_door import demo_town as front_door_town
from joinedup.front_door.demo_town import Office
from joinedup.information_sharing import demo_town as indicators_town
from joinedup.organisations import demo_town as organisations_town
from joinedup.organisations import queries
from joinedup.outcomes.services import count_readings
from joinedup.person_index import demo_town as person_index_town
from joinedup.person_index.demo_town import TownFamily
from joinedup.universal import demo_town as universal_town
from joinedup.universal.services import count_participation

# A real town of 46,000 children works with 700 of them a year in its teams and with 200 disabled children.
_CHILDREN, _TARGETED, _DISABLED, _WAITING = 46_000, 700, 200, 70
_OPEN = 3_000  # more than it has: every professional who may lead does
_FEWEST, _MOST = 100, 200_000
_REGULARS = 90  # children who come to each programme more or less often
_KEPT_FREE = 8  # room in each team for what is done in the demo


@dataclass(frozen=True)
class TownSize:
    """How large the town is to be. `contacts` are those of the past years for each child; `cases` how many are open now,
    without a number as many as fit its size."""

    children: int
    contacts: float = 5.0
    cases: int | None = None

    @property
    def open_cases(self) -> int:
        """How many cases are open now."""
        return self.share(_OPEN) if self.cases is None else self.cases

    def share(self, number: int) -> int:
        """As many as a town of this size has where the real one has `number`."""
        return max(3, round(number * self.children / _CHILDREN))


def load_town(size: TownSize, *, at: datetime) -> None:
    """The demo partnership and the town around it, whole or not at all; then the seals of the audit trail."""
    if not _FEWEST <= size.children <= _MOST:
        raise Refused(f"A town has between {_FEWEST:,} and {_MOST:,} children.", field="children")
    with transaction.atomic():
        with _told("The demo partnership and its families"):
            load_demo(at=at)
        _bring_in_people(size, at)
        families = person_index_town.families()
        with _told("Cases, and the teams around the children") as say:
            cases = _load_cases(size, families, at)
            say(f"{len(cases):,} cases, {sum(case.closed_at is None for case in cases):,} of them open")
        with _told("Contacts of twelve years, and today's") as say:
            office = _office(at)
            count = front_door_town.load(
                at=at, families=families, cases=cases, office=office, contacts=round(size.children * size.contacts),
                waiting=size.share(_WAITING),
            )  # fmt: skip
            say(f"{count:,} contacts")
        with _told("A year of sessions, and what young people do") as say:
            say(f"{universal_town.load(at=at, regulars=_REGULARS):,} attendances")
        with _told("Outcomes counted from all this") as say:
            say(f"{count_readings(by=system(at), at=at) + count_participation(by=system(at), at=at):,} readings")
        with _told("Children who may need help") as say:
            say(f"somebody has looked at {_look(at)}")
        with _told("Keeping everything on disk"), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with _told("Sealing the audit trail") as say:
        say(f"{seal_backlog(at=at):,} rows")
    with _told("Statistics for the database"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _bring_in_people(size: TownSize, at: datetime) -> None:
    with _told("Inventing the town") as say:
        town = person_index_town.households(size.children, at.date())
        say(f"{len(town):,} households, {sum(len(house.people) for house in town):,} people")
    for place, agency in enumerate(person_index_town.AGENCIES):
        with _told(f"Records of {agency}") as say:
            moment = at - timedelta(days=60 - place)
            result = person_index_town.bring_in(agency, town, at=moment)
            say(f"{result.counts['created']:,} records, {result.counts['rejected']:,} rejected")
    for agency in person_index_town.OBSERVERS:
        with _told(f"What {agency} observed") as say:
            seen = person_index_town.bring_in_observations(agency, town, at=at - timedelta(days=3))
            say(f"{seen.counts['created']:,} observations")
    with _told("Parents and children") as say:
        say(f"{person_index_town.relate_families(at=at):,} relationships")
        person_index_town.expect_children(size.share(60), at=at - timedelta(days=20))


def _load_cases(size: TownSize, families: list[TownFamily], at: datetime) -> list[TownCase]:
    team, workers = organisations_town.load(at=at, workers=max(2, size.share(9)))
    organisations_town.make_room(at=at, cases=size.open_cases, kept_free=_KEPT_FREE)
    by = system(at)
    manager = queries.posts_with_role(by, Role.TEAM_MANAGER, team_id=team.pk)[0]
    return casework_town.load(
        at=at, families=families, places=_places(at),
        disabled=Place(team, None, manager.account_id, workers, None),
        targeted_children=size.share(_TARGETED), disabled_children=size.share(_DISABLED),
        open_cases=size.open_cases,
    )  # fmt: skip


def _places(at: datetime) -> dict[int, list[Place]]:
    """The teams that serve each postcode district, with their managers and key workers."""
    by, found = system(at), {}
    for district in range(1, 9):
        locality = queries.locality_for_postcode(by, f"ZZ{district} 1AA")
        found[district] = [
            Place(
                team, locality.pk if locality else None,
                queries.posts_with_role(by, Role.TEAM_MANAGER, team_id=team.pk)[0].account_id,
                queries.posts_with_role(by, Role.KEY_WORKER, team_id=team.pk),
                max(1, (team.case_cap or 40) - _KEPT_FREE),
            )
            for team in queries.teams_serving(by, locality, on=at.date())
        ]  # fmt: skip
    return found


def _office(at: datetime) -> Office:
    by = system(at)
    workers = [
        post
        for role in (Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER)
        for post in queries.posts_with_role(by, role)
        if post.team_id is not None
    ]
    senders = defaultdict(list)
    for post in queries.posts_with_role(by, Role.REFERRER):
        senders[post.host.code].append(post)
    found = {district: queries.locality_for_postcode(by, f"ZZ{district} 1AA") for district in range(1, 9)}
    return Office(
        workers=workers, senders=senders,
        organisations={each.code: each for each in queries.open_organisations(by)},
        localities={district: locality.pk for district, locality in found.items() if locality},
    )  # fmt: skip


def _look(at: datetime) -> int:
    posts = {post.account.name: post for post in queries.posts_with_role(system(at), Role.FRONT_DOOR_WORKER)}
    return indicators_town.look_at_some(at=at, posts=posts, most=25)


class _Said:
    """What came of a step, for the end of its line."""

    def __init__(self) -> None:
        self.words = ""

    def __call__(self, words: str) -> None:
        self.words = words


@contextmanager
def _told(what: str) -> Iterator[_Said]:
    """One line on stderr for a step: what, how much, how long."""
    click.echo(f"{what} … ", nl=False, err=True)
    said, start = _Said(), time.monotonic()
    yield said
    click.echo(f"{said.words}{', ' if said.words else ''}{time.monotonic() - start:.0f} s", err=True)
