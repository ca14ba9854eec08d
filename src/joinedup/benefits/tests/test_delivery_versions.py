"""Versions of a delivery model: kept and sealed, compared in words, and two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from joinedup.benefits import services
from joinedup.benefits.delivery_versions import differences, rows_beside
from joinedup.benefits.lifecycle import CostKind, DeliveryState
from joinedup.benefits.models import DeliveryModel, DeliveryShare, DeliveryVersion
from joinedup.benefits.queries import delivery_versions as queries
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        yield


def _content(**said: Any) -> dict[str, Any]:
    year = {
        "groups": {"staff": 100, "transition": 0, "running": 0},
        "paid": {"COUNCIL": 60},
        "unfunded": 40,
        "total": 100,
    }
    usual = {
        "name": "A",
        "words": "",
        "grade": 3,
        "staff": [],
        "costs": [],
        "shares": [{"COUNCIL": 6_000}],
        "years": [year],
    }
    return {**usual, **said}


POSTS = {
    "agency": "Council", "grade": "Key worker", "base": "Hub", "people": 3, "full_time_equivalent": "2.5", "first": 0, "last": 2
}  # fmt: skip
RENT = {"kind": "Running", "name": "Rent", "amounts": [10_000, 0], "is_unfunded": False}


@pytest.mark.parametrize(("before", "after", "found"), [
    ({}, {}, []),
    ({}, {"name": "B", "grade": 2}, ["Name: from “A” to “B”", "Confidence grade: from “3” to “2”"]),
    ({"words": "x"}, {}, ["What it says: from “x” to nothing"]),
    ({}, {"staff": [POSTS]}, ["Posts added: 3 Key worker of Council, Hub, 2.5 full-time posts, years 1 to 3"]),
    ({"staff": [POSTS, POSTS]}, {"staff": [POSTS]}, ["Posts taken out: 3 Key worker of Council, Hub, 2.5 full-time posts, years 1 to 3"]),
    ({"costs": [RENT]}, {"costs": [{**RENT, "is_unfunded": True}]},
     ["Cost taken out: Rent (running), year 1: £100", "Cost added: Rent (running), year 1: £100, not funded"]),
    ({}, {"shares": [{"COUNCIL": 7_550}]}, ["The council pays 75.5 % of year 1 (it was 60 %)"]),
    ({"shares": [{}, {}, {}]}, {"shares": [{"NHS": 100}, {}, {"NHS": 100}]}, ["NHS pays 1 % of years 1 and 3 (it was 0 %)"]),
])  # fmt: skip
def test_what_two_versions_say_differently(before: dict[str, Any], after: dict[str, Any], found: list[str]) -> None:
    assert differences(_content(**before), _content(**after), {"COUNCIL": "The council"}) == found


def test_sums_beside_each_other() -> None:
    """Pay may change what the years come to without anything else being said otherwise."""
    dearer = {"groups": {"staff": 150}, "paid": {"COUNCIL": 60}, "unfunded": 90, "total": 150}
    before, after = _content(), _content(years=[dearer])
    assert differences(before, after) == [
        "Cost over all years: from £1.00 to £1.50".replace("£1.00", "£1"),
        "Not yet funded: from £0.40 to £0.90",
    ]
    assert ("Not yet funded", 40, 90) in rows_beside(before, after, {"COUNCIL": "Council"})
    assert ("Paid by Council", 60, 60) in rows_beside(before, after, {"COUNCIL": "Council"})


def _model(run: Run) -> DeliveryModel:
    model = services.draw_up_delivery(
        strand=run.strands["families"], name="Teams", words="", grade=3, by=run.manager, at=AT
    )
    services.add_delivery_cost(
        model=model, kind=CostKind.RUNNING, name="Rent", amounts=[10_000] * 5, is_unfunded=False, by=run.manager, at=AT
    )
    return model


def _shares(run: Run, council: int) -> dict[int, dict[Any, int]]:
    return {0: {run.organisations["COUNCIL"].pk: council}}


def test_two_people_do_not_overwrite_each_others_funding() -> None:
    """Who looked before the other saved is told so, and the first one's parts stay."""
    run = make_programme()
    model = _model(run)
    mine, theirs = (DeliveryModel.objects.get(pk=model.pk) for _ in range(2))
    by = {"by": run.manager, "at": AT}
    services.apportion_funding(model=mine, shares=_shares(run, 6_000), version=mine.version, **by)
    with pytest.raises(Refused, match="Somebody else changed this") as moved:
        services.apportion_funding(model=theirs, shares=_shares(run, 1_000), version=theirs.version, **by)
    assert moved.value.rule == "CO-1"
    assert DeliveryShare.objects.get().basis_points == 6_000
    now = DeliveryModel.objects.get(pk=model.pk)
    services.apportion_funding(model=now, shares=_shares(run, 7_000), version=now.version, **by)
    assert DeliveryShare.objects.get().basis_points == 7_000


def test_versions_are_kept_with_what_changed_and_why() -> None:
    run = make_programme()
    model = _model(run)
    by = {"by": run.manager, "at": AT}
    first = services.keep_delivery_version(model=model, why="", version=model.version, **by)
    assert (first.number, first.changed, first.content["years"][0]["unfunded"]) == (1, "", 10_000)
    with pytest.raises(Refused, match="Nothing has changed since version 1") as same:
        services.keep_delivery_version(model=model, why="x", version=model.version, **by)
    assert same.value.rule == "BN-160"
    model = DeliveryModel.objects.get(pk=model.pk)
    services.apportion_funding(model=model, shares=_shares(run, 10_000), version=model.version, **by)
    with pytest.raises(Refused) as why:
        services.keep_delivery_version(model=model, why=" ", version=model.version, **by)
    assert why.value.rule == "BN-161"
    model = DeliveryModel.objects.get(pk=model.pk)
    with pytest.raises(Refused) as stale:
        services.keep_delivery_version(model=model, why="x", version=model.version - 1, **by)
    assert stale.value.rule == "CO-1"
    second = services.keep_delivery_version(model=model, why="The council pays it.", version=model.version, **by)
    assert second.changed == "Exampleshire Council pays 100 % of year 1 (it was 0 %)\nNot yet funded: from £500 to £400"
    with pytest.raises(NotPermitted):
        services.keep_delivery_version(model=model, why="x", version=model.version, by=run.directors["COUNCIL"], at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        DeliveryVersion.objects.filter(pk=first.pk).update(why="otherwise")
    services.move_delivery(model=model, end=DeliveryState.CHOSEN, **by)
    assert model.versions.count() == 2  # nothing changed since: no third one
    services.add_delivery_cost(
        model=model, kind=CostKind.OTHER, name="Van", amounts=[1, 0, 0, 0, 0], is_unfunded=True, **by
    )
    services.move_delivery(model=model, end=DeliveryState.DRAFT, **by)
    services.move_delivery(model=model, end=DeliveryState.CHOSEN, **by)
    assert model.versions.get(number=3).why == "It was chosen."


def test_the_pages_of_versions() -> None:
    run = make_programme(is_illustration=True)
    model = _model(run)
    manager, reader = Visitor(run.manager), Visitor(run.directors["NHS"])
    assert "No version is kept yet" in manager.see("delivery_versions", model.pk)
    sent = manager.send("delivery_keep", model.pk, why="First offer", version=str(model.version))
    assert sent.status_code == 302
    now = DeliveryModel.objects.get(pk=model.pk)
    told = {"version": str(now.version), "share_0_0": "60"}
    assert manager.send("delivery_funding", model.pk, **told).status_code == 302
    again = manager.send("delivery_funding", model.pk, **{**told, "share_0_0": "10"})
    assert "Somebody else changed this while you were looking at it" in again.content.decode()
    assert DeliveryShare.objects.get().basis_points == 6_000
    page = reader.see("delivery_versions", model.pk, first="1", second="0")
    for words in (
        "Illustration: inputs invented",
        "Version 1 and as it stands now",
        "pays 60 % of year 1 (it was 0 %)",
        "First offer",
    ):
        assert words in page
    assert "Keep version 2" not in page
    assert "Keep version 2" in manager.see("delivery_versions", model.pk)
    assert "Select what to compare" not in reader.see("delivery_versions", model.pk)
    with pytest.raises(NotVisible):
        queries.versions_of(run.manager, model.pk).compared(1, 9)
