"""The rules without a database: small numbers, weeks in term, shares, places, times, files."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.core.tabular import read_table
from joinedup.universal import files, rules
from joinedup.universal.codes import band_of
from joinedup.universal.places import beginnings, place_of
from joinedup.universal.timing import read_time

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 9, "b": 8}, set()),
        ({"a": 9, "b": 0}, set()),
        ({"a": 9, "b": 4, "c": 7}, {"b", "c"}),
        ({"a": 3, "b": 4, "c": 7}, {"a", "b"}),
        ({"a": 3, "b": 0}, {"a"}),
        ({}, set()),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_worked_out(counts: dict[str, int], hidden: set[str]) -> None:
    assert rules.suppressed(counts, below=5) == hidden
    assert rules.suppressed(counts, below=1) == set()


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30)), st.integers(2, 10))
def test_no_small_number_is_the_only_one_hidden(counts: dict[str, int], below: int) -> None:
    hidden = rules.suppressed(counts, below=below)
    assert {name for name, count in counts.items() if 0 < count < below} <= hidden
    others = [count for name, count in counts.items() if name not in hidden and count]
    assert len(hidden) != 1 or not others


def test_weeks_keep_to_terms_and_leave_bank_holidays_out() -> None:
    terms = [(date(2026, 11, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 2, 12))]
    days = rules.weekly(date(2026, 12, 11), date(2027, 1, 15), terms)
    assert days == [date(2026, 12, 11), date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15)]
    assert date(2026, 12, 25) not in rules.weekly(date(2026, 12, 11), date(2027, 1, 15), [])
    assert len(rules.weekly(date(2026, 12, 11), date(2027, 1, 15), [])) == 4  # 25 December and 1 January are left out


def test_a_share_says_how_far_it_can_be_trusted() -> None:
    share = rules.Share(6, 100, 20)
    assert (share.share, share.at_most, share.known) == (6, 26, 80)
    assert rules.Share(0, 0, 0).share is None


@pytest.mark.parametrize(
    ("text", "expected"), [("15:30", time(15, 30)), ("3.30pm", time(15, 30)), ("9am", time(9)), ("12pm", time(12)), ("0930", time(9, 30))]
)  # fmt: skip
def test_times_as_people_write_them(text: str, expected: time) -> None:
    assert read_time(text) == expected


@pytest.mark.parametrize("text", ["", "25:00", "9:75", "13pm", "soon"])
def test_no_times(text: str) -> None:
    with pytest.raises(ValueError, match="Enter the time"):
        read_time(text)


@pytest.mark.parametrize(
    ("sector", "place"),
    [("ZZ6 9", "S"), ("ZZ6 1", "C"), ("ZZ61 1", None), ("ZZ6", "C"), ("YY1 1", None), ("", None)],
)
def test_the_longest_beginning_of_a_postcode_wins(sector: str, place: str | None) -> None:
    assert place_of(sector, {"ZZ6": "C", "ZZ6 9": "S"}) == place


def test_an_area_as_beginnings_of_postcodes() -> None:
    places = {"ZZ6": ONE, "ZZ6 9": OTHER, "ZZ7": OTHER}
    assert beginnings([ONE], places) == (("ZZ6 ",), ("ZZ6 9",))
    assert beginnings([OTHER], places) == (("ZZ6 9", "ZZ7 "), ())
    assert beginnings([], places) == ((), ())


def test_bands() -> None:
    assert [band_of(age) for age in (0, 4, 5, 13, 14, 17, 18, None)] == [
        "under_5", "under_5", "5_to_10", "11_to_13", "14_to_17", "14_to_17", "18_and_over", "unknown",
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_no_file_breaks_the_readers(text: str) -> None:
    for reader in (files.read_register, files.read_participation):
        try:
            found = reader(read_table(("Name,Reference,Status\n" + text).encode(), "a.csv"), today=date(2026, 11, 18))
        except ValueError:
            continue
        assert found.read == len(found.rows) + len(found.rejected)


def test_every_rule_has_its_own_code() -> None:
    codes = [rule.code for rule in rules.RULES]
    assert len(codes) == len(set(codes)) > 30
