"""Builders for tests of the family's page. They call the services."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.casework.models import Case
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.models import OutboxMessage
from joinedup.family_page import services
from joinedup.family_page.models import FamilyPage
from joinedup.family_page.queries import Visit, reader_actor, visit_held
from joinedup.organisations.models import Post, Team
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.person_index import services as index
from joinedup.person_index.models import Person

SECRET = "a-secret-of-one-browser"


def address_of(token: str) -> str:
    """Where a link leads."""
    return f"https://joinedup.example/family/{token}/"


@dataclass
class Home:
    """A family of two parents who live apart, a child and a young person, with a case and its lead professional."""

    case: Case
    team: Team
    lead: Post
    manager: Post
    mary: Person
    john: Person
    rowan: Person  # a young person
    wren: Person  # a small child

    def by(self, at: datetime = AT) -> Actor:
        """The lead professional."""
        return actor_of(self.lead.account, at)

    def managing(self, at: datetime = AT) -> Actor:
        """The team manager."""
        return actor_of(self.manager.account, at)


def mark_safe(person: Person, email: str = "", *, how: str = "email", not_through: str = "", at: datetime = AT) -> None:
    """How it is safe to reach somebody."""
    index.record_safe_contact(
        person=person, how=how, details=email, not_through=not_through, source="test", by=system(at), at=at
    )


def make_home(*, at: datetime = AT) -> Home:
    """Mary and John live apart; both have parental responsibility for Rowan (15) and Wren (6)."""
    team = make_team(name="North team")
    _, lead = make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly", phone="01632 960 201")
    _, manager = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth", phone="01632 960 202")
    mary = make_person(given_name="Mary", family_name="Testerfield", birth_date=date(1985, 4, 2))
    john = make_person(given_name="John", family_name="Testham", birth_date=date(1983, 9, 9))
    rowan = make_person(given_name="Rowan", family_name="Testerfield", birth_date=date(2011, 3, 14))
    wren = make_person(given_name="Wren", family_name="Testerfield", birth_date=date(2020, 5, 1))
    family = make_family((rowan, "child"), (wren, "child"), (mary, "parent"), (john, "parent"))
    for parent, kind in ((mary, "mother"), (john, "father")):
        for child in (rowan, wren):
            index.record_relationship(
                person=parent,
                other=child,
                kind=kind,
                has_parental_responsibility=True,
                source="test",
                by=system(at),
                at=at,
            )
    for person, email in ((mary, "mary@home.example"), (john, "john@home.example"), (rowan, "rowan@home.example")):
        mark_safe(person, email, at=at - timedelta(hours=1))
    case = make_case(team=team, family=family, lead=lead, at=at - timedelta(days=1))
    return Home(case, team, lead, manager, mary, john, rowan, wren)


def open_page_for(
    home: Home, person: Person, *, cleared: Collection[Person] = (), at: datetime = AT, **more: Any
) -> FamilyPage:
    """An open page of somebody, about them and whoever is cleared."""
    return services.open_page(
        case=home.case, person_id=person.pk, cleared=[each.pk for each in cleared], address_of=address_of, by=home.by(at), at=at,
        **more,
    )  # fmt: skip


def token_of(page: FamilyPage) -> str:
    """The newest link sent for a page, as its reader got it."""
    ids = [str(each) for each in page.links.values_list("pk", flat=True)]
    sent = OutboxMessage.objects.filter(about_id__in=ids, subject="Your link").order_by("-created_at", "-pk")[0]
    found = re.search(r"/family/([\w-]+)/", sent.body)
    assert found
    return found.group(1)


def code_of(page: FamilyPage) -> str:
    """The newest code sent for a page."""
    ids = [str(each) for each in page.links.values_list("pk", flat=True)]
    sent = OutboxMessage.objects.filter(about_id__in=ids, subject="Your code").order_by("-created_at", "-pk")[0]
    found = re.search(r"\b(\d{6})\b", sent.body)
    assert found
    return found.group(1)


def enter(page: FamilyPage, *, at: datetime = AT) -> Visit:
    """The page open in its reader's browser."""
    they = reader_actor(system(at))
    token = token_of(page)
    services.send_code(token=token, by=they, at=at)
    visit = services.enter(token=token, code=code_of(page), secret=SECRET, by=they, at=at)
    assert visit is not None
    held = visit_held(they, visit.pk, SECRET)
    assert held is not None
    return held
