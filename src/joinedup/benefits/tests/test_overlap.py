"""Overlap of strands and who is in them, without a database: truth tables."""

from __future__ import annotations

from fractions import Fraction

import pytest

from joinedup.benefits.cohort import Criteria, change_to, criteria_of, in_words
from joinedup.benefits.overlap import (
    Intersection,
    Limits,
    Spread,
    duplicated,
    in_several,
    intersections,
    pair_of,
    pairs,
    spread,
)
from joinedup.benefits.upset import upset

LIMITS = Limits(percent=25, professionals=3, enough=2, visit_pence=1_000)


def _around(families: range, visits: tuple[int, ...]) -> dict[int, dict[str, int]]:
    return {each: {f"p{n}": count for n, count in enumerate(visits)} for each in families}


@pytest.mark.parametrize(
    ("visits", "enough", "expected"),
    [((), 2, 0), ((9,), 2, 0), ((9, 4), 2, 0), ((9, 4, 3), 2, 3), ((3, 4, 9, 1), 2, 4), ((3, 4, 9, 1), 1, 8), ((0, 0, 0), 2, 0)],
)  # fmt: skip
def test_duplicated_visits(visits: tuple[int, ...], enough: int, expected: int) -> None:
    """Those beyond the few who came most, in whatever order they are named."""
    assert duplicated(visits, enough) == expected


@pytest.mark.parametrize(
    ("size", "both", "visits", "is_advised"),
    [
        (8, 3, (1, 1, 1), True),  # 37.5 per cent, three professionals
        (8, 2, (1, 1, 1), False),  # exactly a quarter is not more than a quarter
        (7, 2, (1, 1, 1), True),  # 28.6 per cent
        (8, 8, (1, 1), False),  # all of them, but two professionals only
        (8, 0, (1, 1, 1), False),
    ],
)
def test_when_merging_is_advised(size: int, both: int, visits: tuple[int, ...], is_advised: bool) -> None:
    """More than a quarter of the smaller strand, and a median of three professionals or more."""
    smaller, larger = set(range(size)), set(range(size - both, size - both + 20))
    found = pair_of(("small", smaller), ("large", larger), _around(range(100), visits), LIMITS)
    assert (found.into, found.merged, found.both, found.is_advised) == ("large", "small", both, is_advised)


def test_the_median_counts_families_nobody_visits() -> None:
    """A family nobody is around counts as one that meets nobody."""
    visits = {0: {"a": 1, "b": 1, "c": 1, "d": 5}, 1: {"a": 1, "b": 1, "c": 1}}
    found = pair_of(("one", {0, 1, 2, 3}), ("other", {0, 1, 2, 3}), visits, LIMITS)
    assert (found.into, found.merged) == ("one", "other")  # of one size: the later goes into the earlier
    assert found.professionals == Fraction(3, 2)
    assert not found.is_advised
    assert (found.visits, found.duplicated, found.saving_pence) == (11, 2 + 1, 3_000)


def test_intersections_count_every_family_once() -> None:
    """As the picture's columns: exactly these strands and no other."""
    strands = {"a": {1, 2, 3, 4}, "b": {3, 4, 5}, "c": {4, 9}, "d": set[int]()}
    found = intersections(strands)
    assert found == [
        Intersection(("a",), 2), Intersection(("b",), 1), Intersection(("c",), 1), Intersection(("a", "b"), 1),
        Intersection(("a", "b", "c"), 1),
    ]  # fmt: skip
    assert sum(each.families for each in found) == len(set().union(*strands.values()))
    assert in_several(strands) == {3, 4}
    assert spread({3, 4}, {4: {"x": 0, "y": 2}}) == [Spread(0, 1), Spread(2, 1)]


def test_advised_pairs_come_first() -> None:
    """Then by how much they share; pairs that share nobody are not there."""
    strands = {"a": set(range(20)), "b": set(range(15, 30)), "c": set(range(29, 40)), "d": {100}}
    found = pairs(strands, _around(range(100), (2, 1, 1)), LIMITS)
    assert [(each.merged, each.into, each.is_advised) for each in found] == [("b", "a", True), ("c", "b", False)]


@pytest.mark.parametrize(
    ("found", "present", "enter", "leave"),
    [
        ({1, 2}, {}, {1, 2}, set()),
        ({1}, {1: "rule", 2: "rule"}, set(), {2}),
        (set(), {1: "rule", 2: "hand", 3: "file"}, set(), {1}),
        ({1, 2}, {1: "hand"}, {2}, set()),
    ],
)
def test_a_refresh(found: set[int], present: dict[int, str], enter: set[int], leave: set[int]) -> None:
    """By rule they come and go; whom somebody put in stays."""
    change = change_to(found, present)
    assert (change.enter, change.leave) == (enter, leave)


def test_criteria_keep_their_words() -> None:
    """Stored and read back; nothing asked is nobody found."""
    asked = Criteria(levels=("3", "4"), needs=("N1",))
    assert criteria_of(asked.as_data()) == asked
    assert asked.asks_anything
    assert not Criteria().asks_anything
    labels = {"levels": {"3": "Level 3", "4": "Level 4"}}
    assert in_words(asked, labels) == [("Level of need", "Level 3 or Level 4"), ("Need in the family plan", "N1")]


def test_the_picture_hides_small_numbers() -> None:
    """Its words, table and CSV say none that is hidden, and nor do its height and its place."""
    found = [Intersection(("b",), 55), Intersection(("a",), 40), Intersection(("a", "b"), 3)]
    strands = [("a", "First strand", "43"), ("b", "Second <strand>", "not shown")]
    figure = upset("Families", strands, found, hidden={("b",): "not shown", ("a", "b"): "fewer than 6"})
    assert [each[2] for each in figure.table.rows] == ["40", "not shown", "fewer than 6"]
    for told in ("55", ",3", ">3<"):
        assert told not in figure.csv + figure.svg + figure.description
    assert "&lt;6" in figure.svg
    assert figure.svg.count('height="5.0"') == 2 or figure.svg.count('height="5"') == 2
    assert "Second &lt;strand&gt; (–)" in figure.svg
    assert figure.table.rows[2][0] == "First strand and Second <strand>"
    assert "No family is in two strands." in upset("Families", [("a", "First", "0")], []).description
    alone = upset("Families", strands, [Intersection(("a",), 3)], hidden={("a",): "fewer than 6"})
    assert alone.height < figure.height  # no room for columns where none is shown
