"""Finding beside words and place: what people say, delivery and access, day and time, spelling, what is counted of it."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from joinedup.access.actor import public, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted
from joinedup.directory import services
from joinedup.directory.demo_records import DISTRICT, POSTCODES
from joinedup.directory.features import features_of
from joinedup.directory.finding_models import SearchCount
from joinedup.directory.fitting import clock_words, is_at, opening_words, reasons
from joinedup.directory.plain_words import ROWS, phrases_in
from joinedup.directory.plot import Spot, direction, plotted, rings
from joinedup.directory.queries import demand, finding
from joinedup.directory.queries.finding import Wanted
from joinedup.directory.spelling import suggested
from joinedup.directory.tests.factories import make_entry, make_provider, place_at
from joinedup.organisations.tests.factories import AT, actor_of, make_post


def _at(**place: Any) -> dict[str, Any]:
    return {"service_at_locations": [{"location": place}]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, ()),
        (_at(location_type="virtual"), ("online",)),
        (_at(location_type="physical", addresses=[{"address_1": "1"}]), ("in_person",)),
        (_at(location_type="physical"), ()),  # a place that is kept secret says nothing
        (_at(location_type="physical", accessibility=[{"description": "Wheelchair access, hearing loop"}]), ("step_free", "hearing_loop")),
        (_at(location_type="physical", accessibility=[{"description": "No wheelchair access. Blue badge parking"}]), ("parking",)),
        (_at(location_type="physical", accessibility=[{"description": "No steps, but there is no hearing loop"}]), ("step_free",)),
        ({"joinedup_catalogue": {"delivery": ["at_home", "by balloon"], "local_offer": True}}, ("at_home", "local_offer")),
        ({"languages": [{"name": "Polish"}, {"code": "ur"}, {"name": "British Sign Language"}]}, ("signing", "lang:pl", "lang:ur")),
    ],
)  # fmt: skip
def test_what_a_record_says_of_how_it_is_given(document: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert features_of(document) == expected


@pytest.mark.parametrize(
    ("when", "opens", "closes", "expected"),
    [
        ("morning", time(9), time(11), True), ("morning", time(12), None, False), ("afternoon", time(9), time(12), False),
        ("afternoon", time(9), time(12, 30), True), ("afternoon", time(12), None, True), ("evening", time(16), time(17), False),
        ("evening", time(16), time(18), True), ("evening", time(17), None, True), ("morning", None, None, False),
    ],
)  # fmt: skip
def test_when_it_is_open(when: str, opens: time | None, closes: time | None, expected: bool) -> None:
    assert is_at(when, opens, closes) is expected


def test_a_result_says_why_it_fits() -> None:
    opening = opening_words([("TU", time(16), None), ("MO", time(9, 30), None)], from_day=1)
    assert reasons(ages="5 to 11", miles=1.2, cost="Free", opening=opening, features=("step_free", "lang:pl")) == (
        "for ages 5 to 11", "1.2 miles away", "free", "Tuesday 4 pm", "step-free or wheelchair access", "in Polish",
    )  # fmt: skip
    assert [clock_words(time(*each)) for each in ((0, 5), (9, 30), (12, 0), (12, 15))] == [
        "12.05 am",
        "9.30 am",
        "noon",
        "12.15 pm",
    ]


@pytest.mark.parametrize(
    ("words", "topics"),
    [
        ("My child won’t go to school", ["Going to school"]), ("NITS!!", ["Head lice and minor illness"]), ("unitside", []),
        ("no money and scared of school", ["Going to school", "Money and food"]),
    ],
)  # fmt: skip
def test_what_people_say(words: str, topics: list[str]) -> None:
    assert sorted(row[2] for row in phrases_in(words, ROWS)) == topics


def test_spelling_and_the_drawing() -> None:
    assert suggested("footbal club", {"footbal"}, ["football", "club"]) == "football club"
    assert suggested("zzzzz", {"zzzzz"}, ["football"]) == ""
    assert [direction(*each) for each in ((0, 0), (0, 900), (900, 900), (-900, 0))] == [
        "here",
        "north",
        "north-east",
        "west",
    ]
    assert [rings(each)[1] for each in (0.2, 0.5, 4.2, 501)] == [0.5, 0.5, 5, 501]
    figure = plotted(
        [Spot(1, "<Near>", "Hall", 800, 0), Spot(2, "Same", "Hall", 800, 0), Spot(3, "Far", "Barn", 0, -5000)]
    )
    assert "1, 2" in figure.svg
    assert "<Near>" not in figure.svg
    assert figure.table.rows[2] == ("3. Far", "Barn", "3.1", "south")


@pytest.mark.django_db
def test_what_narrows_and_what_helps() -> None:
    services.add_postcodes(rows=[*POSTCODES, ("ZZ1 9ZZ", 434000, 287000, DISTRICT)], by=system(AT), at=AT)
    provider = make_provider()
    make_entry(
        provider,
        name="School nurse",
        description="Help with head lice.",
        schedules=[{"byday": "TU", "opens_at": "16:00"}],
    )
    make_entry(provider, name="Football", description="Kick about.", minimum_age=11, joinedup_catalogue={"delivery": ["online"]},
               service_at_locations=[place_at("ZZ7 1TM", "Elder")])  # fmt: skip

    def names(**wanted: Any) -> list[str]:
        return [each.name for each in finding.services_found(public(AT), Wanted(**wanted)).rows]

    assert names(words="he has nits") == ["School nurse"]
    assert names(features=("online",)) == ["Football"]
    assert names(when="afternoon") == ["School nurse"]
    assert names(when="morning") == []
    page = finding.services_found(public(AT), Wanted(words="foottball"))
    assert (page.total, page.instead) == (0, "football")
    page = finding.services_found(public(AT), Wanted(words="football", postcode="ZZ1 9ZZ", miles=1, age=12))
    assert page.easier == (
        ("miles", "Look at any distance", 1),
        ("words", "Leave out the words and see all that is near", 1),
    )
    for number in range(21):
        make_entry(provider, name=f"Club {number:02}")
    page = finding.services_found(public(AT), Wanted(words="club", page=2))
    assert (page.total, page.pages, len(page.rows), page.first) == (21, 2, 1, 21)
    assert finding.services_found(public(AT), Wanted(words="club", page=99)).number == 2


@pytest.mark.django_db
def test_what_is_counted_holds_nobody() -> None:
    by = public(AT)
    for _ in range(5):
        services.count_search(topics=("Sleep",), postcode="zz1 1sa", outcome="none", by=by, at=AT)
    services.count_search(topics=("Sleep",), postcode="", outcome="found", by=by, at=AT)
    kept = list(SearchCount.objects.order_by("number").values_list("topic", "area", "outcome", "number"))
    assert kept == [("Sleep", "", "found", 1), ("Sleep", "ZZ1", "none", 5)]
    page = demand.searches_page(actor_of(make_post(role=Role.COMMISSIONER)[0]))
    assert page.topics.rows == (("Sleep", "1 to 4", "0", "5"),)
    assert "No postcode given,1 to 4,0,0" in page.csv
    assert page.figure.table.rows == (("Sleep", "5"),)
    with pytest.raises(NotPermitted):
        demand.searches_page(by)
