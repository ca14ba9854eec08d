"""Staff are kept from the records of their own families, everywhere, and learn nothing by saying who they are."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.access.actor import system
from joinedup.access.queries import AuditFilter, audit_page
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.front_door.tests.test_restricted_people import LATER, World
from joinedup.organisations.tests.factories import AT, actor_of
from joinedup.person_index import queries
from joinedup.person_index import services as index
from joinedup.person_index.models import StaffTie
from joinedup.person_index.queries import SearchQuery, search_people
from joinedup.person_index.tests.factories import make_family, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


# --- Staff and their own families.


def test_staff_are_kept_from_their_own_family(world: World) -> None:
    worker = world.place.accounts["worker"]
    me = make_person(given_name="Worker", family_name="Testerly", birth_date=date(1988, 2, 3), postcode="ZZ1 2AB",
                     address="4 Example Road")  # fmt: skip
    child = make_person(given_name="Own", family_name="Childly", birth_date=date(2015, 2, 3))
    sister = make_person(given_name="Close", family_name="Sisterly", birth_date=date(1990, 2, 3))
    lodger = make_person(given_name="Same", family_name="Roofly", birth_date=date(1970, 2, 3), postcode="ZZ1 2AB",
                         address="4 Example Road, ZZ1 2AB")  # fmt: skip
    neighbour = make_person(given_name="Next", family_name="Doorly", birth_date=date(1970, 2, 3), postcode="ZZ1 2AB",
                            address="5 Example Road")  # fmt: skip
    make_family((me, "parent"), (child, "child"))
    index.record_relationship(person=sister, other=me, kind="sister", source="call", by=system(AT), at=AT)
    everybody = [each.pk for each in (me, child, sister, lodger, neighbour)]
    assert queries.withheld_among(world.actor("worker"), everybody) == set()
    index.declare_own_family(kind="self", given_name="Worker", family_name="Testerly", birth_date=date(1988, 2, 3),
                             by=world.actor("worker"), at=LATER)  # fmt: skip
    assert StaffTie.objects.get().account == worker
    assert queries.withheld_among(world.actor("worker"), everybody) == {me.pk, child.pk, sister.pk, lodger.pk}
    assert queries.withheld_among(world.actor("colleague"), everybody) == set()
    found = search_people(world.actor("worker"), SearchQuery("Own", "Childly", date(2015, 2, 3)), purpose="test")
    assert found.candidates == ()


def test_a_declaration_says_nothing_and_finds_who_comes_later(world: World) -> None:
    def page() -> str:
        visitor = Visitor(world.place.accounts["worker"], LATER)
        told = {"kind": "relative", "given_name": "Later", "family_name": "Comely", "birth_date-day": "1",
                "birth_date-month": "2", "birth_date-year": "2013"}  # fmt: skip
        assert visitor.send("my_family", told).status_code == 302
        return words(visitor.open("my_family"))

    before = page()
    later = make_person(given_name="Later", family_name="Comely", birth_date=date(2013, 2, 1))
    index.find_declared_again(at=LATER)
    assert queries.withheld_among(world.actor("worker"), [later.pk]) == {later.pk}
    assert page() == before


def test_governance_does_not_read_the_trail_about_their_own_family(world: World) -> None:
    iris = actor_of(world.second_account, LATER)
    kin = make_person(given_name="Kin", family_name="Guardly", birth_date=date(2012, 2, 1))
    queries.person(system(LATER), kin.pk, purpose="test")
    wanted = AuditFilter(person_id=kin.pk)
    assert audit_page(iris, wanted=wanted).lines
    index.declare_own_family(kind="relative", given_name="Kin", family_name="Guardly", birth_date=date(2012, 2, 1),
                             by=iris, at=LATER)  # fmt: skip
    assert audit_page(iris, wanted=wanted).lines == []


def test_a_wrong_tie_is_ended_and_stays_ended(world: World) -> None:
    other = make_person(given_name="Name", family_name="Sakely", birth_date=date(2012, 2, 1))
    index.declare_own_family(kind="relative", given_name="Name", family_name="Sakely", birth_date=date(2012, 2, 1),
                             by=world.actor("worker"), at=LATER)  # fmt: skip
    iris = actor_of(world.second_account, LATER)
    index.end_tie(tie=StaffTie.objects.get(), reason="A namesake.", by=iris, at=LATER)
    index.find_declared_again(at=LATER)
    assert queries.withheld_among(world.actor("worker"), [other.pk]) == set()
