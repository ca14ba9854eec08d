"""Continuity, the clock of the next review, drift and times of day, as truth tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework.meeting import (
    Continuity,
    Purpose,
    ReviewClock,
    added,
    continuity,
    continuity_of,
    is_drifting,
    next_review_by,
    read_time,
    review_clock,
    review_in_time,
)

MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("before", "now", "share"),
    [
        ("abc", "abc", Fraction(1)),
        ("abc", "ab", Fraction(1)),  # whoever is away breaks nothing for those who come
        ("abc", "abd", Fraction(2, 3)),
        ("abc", "xyz", Fraction(0)),
        ("abc", "", None),
        ("", "abc", Fraction(0)),
        ("a", "abcd", Fraction(1, 4)),
    ],
)
def test_continuity_of_two_meetings(before: str, now: str, share: Fraction | None) -> None:
    assert continuity(frozenset(before), frozenset(now)).share == share


@pytest.mark.parametrize(
    ("meetings", "came_back", "came"),
    [
        ([], 0, 0),
        (["abc"], 0, 0),  # the first has none before it
        (["abc", "abd"], 2, 3),
        (["abc", "abd", "abd"], 5, 6),
        (["abc", "", "abd"], 2, 3),  # a meeting nobody came to is none
        (["a", "abcdefgh"], 1, 8),
    ],
)
def test_continuity_of_a_case(meetings: list[str], came_back: int, came: int) -> None:
    assert continuity_of([frozenset(each) for each in meetings]) == Continuity(came_back, came)


def test_a_team_adds_its_cases_up() -> None:
    assert added([Continuity(2, 3), Continuity(0, 0), Continuity(5, 6)]) == Continuity(7, 9)
    assert Continuity(7, 9).percent == 78
    assert Continuity(1, 8).percent == 13  # a half goes up
    assert added([]).percent is None


PRESENT = st.lists(st.frozensets(st.sampled_from("abcdefg"), max_size=7), max_size=6)


@given(PRESENT)
def test_continuity_is_a_share(meetings: list[frozenset[str]]) -> None:
    found = continuity_of(meetings)
    assert 0 <= found.came_back <= found.came
    assert found.came == sum(len(each) for each in [each for each in meetings if each][1:])


def test_the_clock_of_the_next_review() -> None:
    assert next_review_by(MONDAY, 6) == date(2026, 12, 28)
    due = MONDAY + timedelta(days=10)
    for days, clock in ((0, "later"), (2, "later"), (3, "soon"), (10, "soon"), (11, "overdue")):
        assert review_clock(due, MONDAY + timedelta(days=days)) == ReviewClock(clock), days
    assert [review_in_time(MONDAY, MONDAY + timedelta(days=days), 6) for days in (0, 1, 42, 43)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [purpose.sets_clock for purpose in Purpose] == [True, True, False, False], "no panel is a review"


@pytest.mark.parametrize(
    ("days_open", "reviews", "drifts"),
    [
        (365, [], False),
        (366, [], True),
        (100, [False, False], False),
        (100, [False, False, False], True),
        (100, [False, False, False, True], False),
        (100, [True, False, False, False], True),
        (100, [False, True, False], False),
    ],
)
def test_drift(days_open: int, reviews: list[bool], drifts: bool) -> None:
    at = datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert is_drifting(at - timedelta(days=days_open), reviews, at) is drifts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14:30", time(14, 30)), ("2.30pm", time(14, 30)), ("9am", time(9)), ("12am", time(0)), ("12 pm", time(12)),
        ("0915", time(9, 15)), (" 7:05 PM ", time(19, 5)), ("9", None), ("25:00", None), ("13pm", None), ("10:75", None),
        ("noon", None), ("", None), ("0am", None),
    ],
)  # fmt: skip
def test_a_time_as_people_write_it(text: str, found: time | None) -> None:
    if found is None:
        with pytest.raises(ValueError, match="Enter a time"):
            read_time(text)
    else:
        assert read_time(text) == found


@given(st.times())
def test_a_time_written_is_read_again(at: time) -> None:
    assert read_time(f"{at:%H:%M}") == at.replace(second=0, microsecond=0)
