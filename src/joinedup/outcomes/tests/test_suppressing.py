"""What is not shown of a measure's period: areas and the whole, cohorts and everybody, how many and of how many."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.outcomes.codes import CLUSTER, COUNT, LOCALITY, MEAN, SHARE, WHOLE
from joinedup.outcomes.suppressing import Group, Told, hidden_of, numbers_behind

ALL = Group("ALL", is_everybody=True, is_part=True)
TEENS, YOUNG = Group("TEENS", 11, 18, is_part=True), Group("YOUNG", 0, 10, is_part=True)
STRAND = Group("STRAND", is_part=True)
TOWN = Group("TOWN")  # a group somebody else counts elsewhere: no part of anybody here


def _share(key: str, top: int, bottom: int, kind: str = LOCALITY, group: Group = ALL, within: str = "") -> Told:
    area = key.split("/")[0] if kind != WHOLE else None
    return Told(key, kind, area, within, group, numbers_behind(SHARE, 1, top, bottom))  # type: ignore[arg-type]


def _count(key: str, number: int, kind: str = LOCALITY, group: Group = ALL, within: str = "") -> Told:
    area = key.split("/")[0] if kind != WHOLE else None
    return Told(key, kind, area, within, group, numbers_behind(COUNT, number, None, None))  # type: ignore[arg-type]


def _hidden(told: Iterable[Told], smallest: int = 6) -> set[object]:
    return set(hidden_of(tuple(told), smallest).keys)


def test_the_numbers_behind_a_value() -> None:
    """In, out and of; a number alone; a mean has how many it is of."""
    assert numbers_behind(SHARE, 1, 3, 10) == (("in", 3), ("out", 7), ("of", 10))  # type: ignore[arg-type]
    assert numbers_behind(MEAN, 1, 33, 10) == (("of", 10),)  # type: ignore[arg-type]
    assert numbers_behind(SHARE, 9, None, None) == ()  # type: ignore[arg-type]
    assert numbers_behind(SHARE, None, None, None) == ()


def test_an_area_and_the_next_smallest_with_it() -> None:
    """What is small may be called so, what is hidden for its sake is merely not shown."""
    areas = [_share("east", 3, 200), _share("north", 20, 200), _share("south", 37, 200)]
    found = hidden_of((_share("whole", 60, 600, WHOLE), *areas), 6)
    assert (set(found.keys), set(found.few)) == ({"east", "north"}, {"east"})
    assert _hidden(areas) == {"east"}  # without the whole nothing follows
    assert _hidden([_share("whole", 60, 600, WHOLE), *areas], smallest=0) == set()


def test_whoever_lives_in_no_area_is_guarded() -> None:
    """Three people without a known area follow from the whole and the areas: one more number goes."""
    areas = [_count("north", 20), _count("south", 37)]
    assert _hidden([_count("whole", 57, WHOLE), *areas]) == set()
    assert _hidden([_count("whole", 60, WHOLE), *areas]) == {"north"}
    assert _hidden([_count("whole", 70, WHOLE), *areas]) == set()
    assert _hidden([_count("whole", 50, WHOLE), *areas]) == set()  # they do not fit: no parts of it


def test_few_that_are_not_in_are_few_too() -> None:
    """197 of 200 tell of three; that it is few in number is not said, as 197 are not."""
    found = hidden_of((_share("whole", 197, 200, WHOLE),), 6)
    assert (set(found.keys), set(found.few)) == ({"whole"}, set())
    assert _hidden([_share("whole", 0, 200, WHOLE)]) == set()
    assert _hidden([_share("whole", 200, 200, WHOLE)]) == set()
    assert _hidden([_share("whole", 0, 4, WHOLE)]) == {"whole"}


def test_cohorts_within_everybody() -> None:
    """Those of an age and everybody: the others follow. Families of a strand likewise; those of another town do not."""
    everybody = _count("all", 40, WHOLE)
    assert _hidden([everybody, _count("teens", 30, WHOLE, TEENS)]) == set()
    assert _hidden([everybody, _count("teens", 37, WHOLE, TEENS)]) == {"teens"}
    assert _hidden([everybody, _count("strand", 37, WHOLE, STRAND)]) == {"strand"}
    assert _hidden([everybody, _count("town", 37, WHOLE, TOWN)]) == set()
    bands = [_count("teens", 20, WHOLE, TEENS), _count("young", 3, WHOLE, YOUNG)]
    assert _hidden([_count("all", 23, WHOLE), *bands]) == {"teens", "young"}


def test_clusters_lie_in_their_locality() -> None:
    """A locality and its clusters are a table of their own."""
    told = [
        _count("north", 30), _count("south", 30),
        *(_count(name, number, CLUSTER, within="north") for name, number in (("a", 4), ("b", 9), ("c", 17))),
    ]  # fmt: skip
    assert _hidden(told) == {"a", "b"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 4), st.integers(0, 12)), min_size=4, max_size=4), st.integers(0, 7),
    st.integers(2, 6),
)  # fmt: skip
def test_areas_by_ages(cells: list[int], rest: int, smallest: int) -> None:
    """Two areas, and in each those of an age and the others, who are shown nowhere: against a reader who tries every table."""
    (north_teens, north_others), (south_teens, south_others) = cells[:2], cells[2:]
    exact = _printed(north_teens, north_others, south_teens, south_others, rest)
    told = [
        _count("all/whole", exact["whole"], WHOLE), _count("teens/whole", exact["teens"], WHOLE, TEENS),
        _count("north", exact["north"]), _count("north/teens", north_teens, group=TEENS),
        _count("south", exact["south"]), _count("south/teens", south_teens, group=TEENS),
    ]  # fmt: skip
    names = ["whole", "teens", "north", "north teens", "south", "south teens"]
    hidden = _hidden(told, smallest)
    shown = {name: exact[name] for name, each in zip(names, told, strict=True) if each.key not in hidden}
    assert all(not 0 < number < smallest for number in shown.values())
    truth = (*cells, rest)
    small = [place for place, number in enumerate(truth) if 0 < number < smallest]
    if not small:
        return
    possible: dict[int, set[int]] = {place: set() for place in small}
    for table in product(*(range(max(number, smallest) + 6) if number else (0,) for number in truth)):
        printed = _printed(*table)
        if all(printed[name] == number for name, number in shown.items()):
            for place in small:
                possible[place].add(table[place])
    for place in small:
        assert set(range(1, smallest)) <= possible[place], (truth, shown, place)


def _printed(north_teens: int, north_others: int, south_teens: int, south_others: int, rest: int) -> dict[str, int]:
    """`rest`: others than teens who live in no known area."""
    north, south = north_teens + north_others, south_teens + south_others
    return {
        "whole": north + south + rest, "teens": north_teens + south_teens, "north": north, "north teens": north_teens,
        "south": south, "south teens": south_teens,
    }  # fmt: skip


@pytest.mark.parametrize("smallest", [0, 1])
def test_where_nothing_is_small_everything_is_shown(smallest: int) -> None:
    """The partnership may show all."""
    assert _hidden([_count("whole", 6, WHOLE), _count("north", 1), _count("south", 5)], smallest) == set()
