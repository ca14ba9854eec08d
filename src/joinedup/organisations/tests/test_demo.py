"""The demo partnership is the size and shape it is said to be, and every page of it has something to show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from joinedup.access.actor import public, system
from joinedup.access.roles import FINANCE, Role
from joinedup.organisations import demo, queries
from joinedup.organisations.models import Organisation, Post
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def test_the_demo_partnership() -> None:
    demo.load(at=AT)
    viewer = system(AT)
    strengths = {row.team.code: row for row in queries.team_strengths(viewer)}
    assert strengths["FRONTDOOR"].full_time_equivalent == Decimal("9.00")
    for code in ("TEAMNORTH", "TEAMCENTRAL", "TEAMSOUTH"):
        assert 36 <= strengths[code].posts <= 42
        assert len(strengths[code].shares) >= 6
        assert strengths[code].secondments > 10
    assert [place.name for place in queries.localities(viewer)] == ["Central North", "Central South", "North", "South"]
    assert Organisation.objects.filter(kind="school", cluster__isnull=False).count() == 12
    assert 120 <= Post.objects.exclude(role__in=FINANCE).count() <= 150
    assert queries.posts_ending(viewer)
    assert not Post.objects.exclude(account__password__startswith="!").exists()


def test_the_cast_is_who_one_can_sign_in_as() -> None:
    demo.load(at=AT)
    groups = queries.demo_people(public(AT))
    people = [person for _, found in groups for person in found]
    assert {person.name for person in people} == {part.name for part in demo.CAST}
    # Those of boards come with them, and those of the directory with it.
    of_boards = {Role.DIRECTOR, Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.GOVERNANCE_OFFICER}
    of_boards |= {Role.DIRECTORY_EDITOR, Role.DIRECTORY_MANAGER}
    assert {person.role for person in people} == set(Role) - of_boards
    assert all(person.email.endswith(".example") for person in people)


def test_it_is_the_same_every_time() -> None:
    names = [name for _, (_, name) in zip(range(500), demo._names(), strict=False)]
    assert len(set(names)) == 500
