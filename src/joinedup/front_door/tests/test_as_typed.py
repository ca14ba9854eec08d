"""Results while somebody types: the button's answer without its alarm, each person audited once for a form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from joinedup.access.models import AuditEvent
from joinedup.core.models import OutboxMessage
from joinedup.front_door.models import ReferralPerson
from joinedup.front_door.tests.factories import Partnership, make_partnership
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.front_door.tests.test_restricted_people import BORN as SECRET_BORN
from joinedup.front_door.tests.test_restricted_people import LATER, World
from joinedup.person_index.models import Person, RestrictedMatch
from joinedup.person_index.tests.factories import make_family, make_person

pytestmark = pytest.mark.django_db

BORN = date(2015, 3, 14)
FORM, OTHER_FORM = "a" * 32, "b" * 32
ROWAN = {"given_name": "Rowan", "family_name": "Testerfield"}
WITH_BIRTH = ROWAN | {"birth_date-day": "14", "birth_date-month": "3", "birth_date-year": "2015"}


@pytest.fixture(autouse=True)
def _nothing_counted() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


@pytest.fixture
def worker(place: Partnership) -> Visitor:
    return Visitor(place.accounts["worker"])


@pytest.fixture
def rowan() -> Person:
    rowan = make_person(given_name="Rowan", birth_date=BORN, postcode="ZZ1 1AA", address="17 Imagined Lane")
    make_family((rowan, "child"), (make_person(given_name="Ash", family_name="Testerfield"), "parent"))
    return rowan


def type_(worker: Visitor, told: dict[str, str], form: str = FORM) -> Any:
    return worker.send("refer_find", told | {"form": form}, typing=True)


def searches() -> list[tuple[str, int]]:
    """The audited searches: purpose and how many people each names."""
    return [(each.purpose, len(each.people)) for each in AuditEvent.objects.filter(kind="search").order_by("pk")]


def live(django_capture_on_commit_callbacks: Any, worker: Visitor, told: dict[str, str], form: str = FORM) -> Any:
    with django_capture_on_commit_callbacks(execute=True):
        return type_(worker, told, form)


def test_typing_shows_why_and_how_likely_and_the_household(worker: Visitor, rowan: Person) -> None:
    answer = type_(worker, WITH_BIRTH | {"postcode": "ZZ1"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    text = words(answer)
    for expected in ("Same forename", "Same date of birth", "The chance that this is the child", "Lives with", "Ash"):
        assert expected in text
    assert answer.content.decode().count('data-count="') == 1


def test_each_person_is_audited_once_for_a_form(
    worker: Visitor, rowan: Person, django_capture_on_commit_callbacks: Any
) -> None:
    purpose = "write down a phone call (as typed)"
    live(django_capture_on_commit_callbacks, worker, {"given_name": "Zabelina", "family_name": "Quarkfield"})
    assert searches() == [(purpose, 0)]
    live(django_capture_on_commit_callbacks, worker, {"given_name": "Zabelina", "family_name": "Quarkfielt"})
    assert searches() == [(purpose, 0)]  # nobody new
    live(django_capture_on_commit_callbacks, worker, ROWAN)
    live(django_capture_on_commit_callbacks, worker, WITH_BIRTH)
    assert [each for each in searches() if each[1]] == [(purpose, 2)]  # Rowan and her mother
    named = AuditEvent.objects.get(kind="search", subject_id=FORM, people__contains=[rowan.pk])
    assert named.subject_kind == "person_index.person"
    live(django_capture_on_commit_callbacks, worker, WITH_BIRTH, OTHER_FORM)
    assert [number for _, number in searches()] == [0, 2, 2]


def test_a_form_with_a_name_of_ones_own_or_none_is_audited_each_time(
    worker: Visitor, rowan: Person, django_capture_on_commit_callbacks: Any
) -> None:
    for form in ("", "../x", "A" * 32):
        live(django_capture_on_commit_callbacks, worker, ROWAN, form)
    assert len(searches()) == 3


def test_pressing_the_button_is_audited_as_ever(worker: Visitor, rowan: Person) -> None:
    worker.send("refer_find", WITH_BIRTH)
    worker.send("refer_find", WITH_BIRTH)
    assert searches() == [("write down a phone call", 2)] * 2


def test_somebody_restricted_is_not_shown_and_nobody_is_told_before_the_search_is_sent() -> None:
    world = World()
    visitor = Visitor(world.place.accounts["worker"], LATER)
    told = {
        "given_name": "Wren", "family_name": "Hiddenfield", "birth_date-day": str(SECRET_BORN.day),
        "birth_date-month": str(SECRET_BORN.month), "birth_date-year": str(SECRET_BORN.year),
    }  # fmt: skip
    before = OutboxMessage.objects.count()
    hidden = type_(visitor, told)
    absent = type_(visitor, told | {"given_name": "Zebedee", "family_name": "Otherstone"}, OTHER_FORM)
    assert words(hidden) == words(absent)
    assert not RestrictedMatch.objects.exists()
    assert OutboxMessage.objects.count() == before
    visitor.send("refer_find", told)
    assert RestrictedMatch.objects.count() == 1
    assert OutboxMessage.objects.count() == before + 1


def test_typing_about_somebody_in_a_referral_is_no_search(rowan: Person) -> None:
    world = World()
    referral = world.referral()
    place = ReferralPerson.objects.get(referral=referral)
    here = {"referral_id": referral.pk, "place_id": place.pk}
    visitor = Visitor(world.place.accounts["worker"], LATER)
    reads = AuditEvent.objects.filter(kind="read").count()
    fragment = visitor.send("referral_search", WITH_BIRTH | {"form": FORM}, typing=True, **here)
    assert "Rowan Testerfield" in words(fragment)
    assert "Press Search before you choose" in words(fragment)
    assert "This is the same person" not in words(fragment)
    place.refresh_from_db()
    assert place.searched_at is None
    assert not RestrictedMatch.objects.exists()
    assert AuditEvent.objects.filter(kind="read").count() == reads
    visitor.send("referral_search", {}, **here)
    again = visitor.send("referral_search", WITH_BIRTH | {"form": FORM}, typing=True, **here)
    assert "This is the same person" in words(again)


def test_nobody_types_so_fast(worker: Visitor, settings: Any) -> None:
    settings.LIVE_SEARCHES_PER_MINUTE = 2
    assert [type_(worker, ROWAN).status_code for _ in range(3)] == [200, 200, 429]
    assert worker.send("refer_find", WITH_BIRTH).status_code == 200


def test_whoever_may_not_take_calls_gets_no_live_results(place: Partnership, rowan: Person) -> None:
    answer = type_(Visitor(place.accounts["teacher"]), WITH_BIRTH)
    assert "Imagined Lane" not in words(answer)
    assert all("as typed" not in purpose for purpose, _ in searches())
