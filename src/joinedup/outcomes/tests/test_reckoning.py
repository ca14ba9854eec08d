"""Trajectories, small numbers, counting and values: truth tables without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.appraisal import Group, difference_in_differences
from joinedup.outcomes.codes import FREQUENCIES
from joinedup.outcomes.comparing import Period, effect_of_shares, in_words, plain_difference
from joinedup.outcomes.counting import (
    COUNTERS,
    Someone,
    Terms,
    Unit,
    is_about,
    months_before,
    newest,
    period_of,
    periods_over,
    place_of,
    tally,
)
from joinedup.outcomes.suppressing import is_small
from joinedup.outcomes.trajectory import Mark, Standing, expected_on, standing
from joinedup.outcomes.valuing import Said, fault_in, worked_out
from joinedup.outcomes.writing import number, period

D = Decimal
START, END = date(2026, 4, 1), date(2028, 4, 1)
BASE, TARGETS = Mark(date(2025, 3, 31), D(9)), [Mark(END, D(6))]


# --- Trajectories.


def test_a_trajectory_holds_the_baseline_until_it_starts_then_runs_straight_to_its_target() -> None:
    assert expected_on(date(2025, 12, 31), BASE, TARGETS, START) == 9
    assert expected_on(START, BASE, TARGETS, START) == 9
    assert expected_on(date(2027, 4, 1), BASE, TARGETS, START) == D(9) - D(3) * 365 / 731
    assert expected_on(END, BASE, TARGETS, START) == 6
    assert expected_on(date(2030, 1, 1), BASE, TARGETS, START) == 6
    assert expected_on(END, BASE, [], START) is None
    assert expected_on(date(2027, 1, 1), None, TARGETS, None) is None
    assert expected_on(END, None, TARGETS, None) == 6


@pytest.mark.parametrize(
    ("on", "value", "found"),
    [
        (date(2026, 3, 31), "9.4", Standing.NOT_BEGUN),  # worse than the baseline, and not behind: nothing is due yet
        (date(2026, 3, 31), "6", Standing.REACHED),
        (date(2027, 4, 1), "7.5", Standing.ON_COURSE),
        (date(2027, 4, 1), "8.9", Standing.BEHIND),
        (date(2029, 4, 1), "6.1", Standing.BEHIND),
    ],
)
def test_nothing_is_behind_before_its_trajectory_starts(on: date, value: str, found: Standing) -> None:
    assert standing("down", Mark(on, D(value)), BASE, TARGETS, START) is found


def test_a_series_without_readings_or_targets_says_so() -> None:
    assert standing("down", None, BASE, TARGETS, START) is Standing.NOT_READ
    assert standing("down", BASE, BASE, [], START) is Standing.NO_TARGET
    assert standing("up", Mark(date(2027, 4, 1), D(7)), None, TARGETS, START) is Standing.REACHED
    assert standing("up", Mark(date(2027, 4, 1), D(5)), None, TARGETS, START) is Standing.NOT_BEGUN


# --- Small numbers.


@pytest.mark.parametrize(
    ("form", "value", "top", "bottom", "small"),
    [
        ("count", "0", None, None, False), ("count", "5", None, None, True), ("count", "6", None, None, False),
        ("share", "50", "3", 6, True), ("share", "0", "0", 40, False), ("share", "100", "40", 40, False),
        ("share", "90", "36", 40, True), ("share", "60", "24", 40, False), ("share", "50", "2", 4, True),
        ("share", "12.5", None, None, False), ("mean", "7", "35", 5, True), ("mean", "7", "42", 6, False),
    ],
)  # fmt: skip
def test_fewer_than_six_are_hidden(form: str, value: str, top: str | None, bottom: int | None, small: bool) -> None:
    assert is_small(form, D(value), D(top) if top else None, bottom, smallest=6) is small


# --- Periods.


@pytest.mark.parametrize(
    ("frequency", "day", "starts", "ends"),
    [
        ("month", "2024-02-10", "2024-02-01", "2024-02-29"), ("quarter", "2026-11-18", "2026-10-01", "2026-12-31"),
        ("half", "2027-01-05", "2026-10-01", "2027-03-31"), ("year", "2026-03-31", "2025-04-01", "2026-03-31"),
        ("year", "2026-04-01", "2026-04-01", "2027-03-31"), ("quarter", "2026-03-31", "2026-01-01", "2026-03-31"),
    ],
)  # fmt: skip
def test_the_period_a_day_lies_in(frequency: str, day: str, starts: str, ends: str) -> None:
    assert period_of(frequency, date.fromisoformat(day)) == (date.fromisoformat(starts), date.fromisoformat(ends))


@given(st.sampled_from(sorted(FREQUENCIES)), st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 900))
def test_periods_follow_one_another_without_a_gap(frequency: str, since: date, days: int) -> None:
    until = since + timedelta(days=days)
    found = periods_over(frequency, since, until)
    assert all(one[1] + timedelta(days=1) == two[0] for one, two in pairwise(found))
    assert all(starts <= ends < until for starts, ends in found)
    assert not found or found[0][0] <= since <= found[0][1]


def test_months_are_counted_back_to_the_end_of_a_short_one() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
    assert months_before(date(2026, 11, 30), -3) == date(2027, 2, 28)


# --- Counting.

FAMILY, OTHER, CHILD, PARENT = uuid4(), uuid4(), uuid4(), uuid4()


@dataclass(frozen=True)
class _Event:
    kind: str
    day: date
    code: str = ""
    family_id: UUID | None = FAMILY
    source_id: str = "one"
    people: tuple[UUID, ...] = (CHILD, PARENT)
    source_kind: str = "casework.case"

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


def units(counter: str, *events: _Event) -> list[tuple[date, bool]]:
    reckon = COUNTERS[counter].reckon
    assert reckon is not None
    return [(each.on, each.is_in) for each in reckon(sorted(events, key=lambda each: each.at), Terms())]


def test_a_step_is_counted_against_the_level_before_it() -> None:
    opened, level = "casework.case_opened", "casework.level_changed"
    found = units(
        "step_downs",
        _Event(opened, date(2025, 1, 1), "level_3"), _Event(level, date(2025, 5, 1), "level_2"),
        _Event(level, date(2025, 9, 1), "level_4"), _Event(level, date(2025, 9, 1), "level_3", source_id="unknown"),
    )  # fmt: skip
    assert found == [(date(2025, 5, 1), True), (date(2025, 9, 1), False)]


@pytest.mark.parametrize(
    ("closed", "family", "is_back"),
    [(date(2025, 3, 1), FAMILY, True), (date(2025, 2, 28), FAMILY, False), (date(2025, 9, 1), OTHER, False)],
)
def test_a_family_has_come_back_within_twelve_months(closed: date, family: UUID, is_back: bool) -> None:
    found = units(
        "rereferrals", _Event("casework.case_closed", closed, "RC7", family_id=family),
        _Event("casework.case_opened", date(2026, 3, 1), "level_3", source_id="two"),
    )  # fmt: skip
    assert found == [(date(2026, 3, 1), is_back)]


def test_care_is_entered_once_for_a_case_and_other_plans_are_no_care() -> None:
    read = "casework.statutory_plan_read"
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    found = units(
        "care_entries",
        _Event(read, days[0], "child_in_need"),
        _Event(read, days[1], "care"),
        _Event(read, days[2], "care"),
    )
    assert found == [(days[1], True)]


def test_what_nobody_could_find_out_is_not_counted_as_lost() -> None:
    day, checked = date(2026, 1, 1), "casework.change_checked"
    found = units("sustained", *(_Event(checked, day, code) for code in ("lasted", "partly", "not", "unknown")))
    assert [is_in for _, is_in in found] == [True, False, False]


def test_every_event_that_is_counted_is_declared_by_its_part() -> None:
    from joinedup.casework import events
    from joinedup.chronology.kinds import event_kinds

    assert events.CASE_OPENED
    wanted = {kind for counter in COUNTERS.values() for kind in counter.events}
    assert wanted <= {each.code for each in event_kinds()}


def _unit(day: date, is_in: bool, key: str = "") -> Unit:
    return Unit(day, (CHILD, PARENT), FAMILY, is_in, "", key)


def test_a_share_counts_what_is_in_of_all_and_a_number_only_what_is_in() -> None:
    periods = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]
    those = [_unit(date(2026, 1, 1), True), _unit(date(2026, 3, 31), False), _unit(date(2026, 7, 1), True)]
    share = tally("share", those, periods)
    assert [(each.numerator, each.denominator, each.value) for each in share] == [(1, 2, D("50.0000"))]
    assert [(each.numerator, each.denominator, each.value) for each in tally("count", those, periods)] == [
        (1, None, 1),
        (0, None, 0),
    ]


def test_of_several_readings_of_one_outcome_the_newest_counts() -> None:
    first, last = _unit(date(2026, 1, 1), False, "a"), _unit(date(2026, 2, 1), True, "a")
    assert newest([first, last, _unit(date(2026, 1, 3), False)]) == [last, _unit(date(2026, 1, 3), False)]


def test_area_and_ages_go_by_the_youngest_person() -> None:
    here, there = uuid4(), uuid4()
    people = {CHILD: Someone(date(2015, 6, 1), here), PARENT: Someone(date(1985, 6, 1), there)}
    unit = _unit(date(2026, 5, 31), True)
    assert is_about(unit, people, place=here, youngest=10, oldest=10)
    assert not is_about(unit, people, place=there, youngest=None, oldest=None)
    assert not is_about(unit, people, place=None, youngest=11, oldest=None)
    assert is_about(unit, {}, place=None, youngest=None, oldest=None)
    assert not is_about(unit, {}, place=here, youngest=None, oldest=None)


def test_a_postcode_lies_where_its_longest_beginning_says() -> None:
    one, two = uuid4(), uuid4()
    places = {"ZZ1": one, "ZZ1 9": two}
    assert place_of("ZZ1 1AA", places) == one
    assert place_of("zz1 9AA", places) == two
    assert place_of("ZZ11 1AA", places) is None
    assert place_of("", places) is None


# --- Comparing.


def test_difference_in_differences_of_shares_is_the_engine_s_in_percentage_points() -> None:
    four = [(45, 500), (30, 500), (44, 490), (43, 480)]
    said = [Period(date(2026, 1, 1), D(100 * top) / bottom, D(top), bottom) for top, bottom in four]
    found = effect_of_shares("share", before=said[0], after=said[1], other_before=said[2], other_after=said[3])
    groups = [Group.of_share(*each) for each in four]
    whole = difference_in_differences(
        before=groups[0], after=groups[1], comparison_before=groups[2], comparison_after=groups[3]
    )
    assert found is not None
    assert (found.difference, found.low, found.high) == pytest.approx(
        (100 * whole.difference, 100 * whole.low, 100 * whole.high)
    )
    assert found.difference == pytest.approx((30 / 500 - 45 / 500 - (43 / 480 - 44 / 490)) * 100)
    words = in_words(found, D(str(found.difference)), direction="down", unit="percentage points", there="South")
    assert words[0].startswith("The change here was 3.0 percentage points better than in South")
    assert "nought lies within" in words[1]


def test_without_the_numbers_behind_it_there_is_a_difference_and_no_interval() -> None:
    said = [Period(date(2026, 1, 1), D(value), None, None) for value in ("9", "6", "9", "8")]
    assert effect_of_shares("share", before=said[0], after=said[1], other_before=said[2], other_after=said[3]) is None
    assert plain_difference(*said) == -2
    assert "cannot be said" in in_words(None, D(-2), direction="up", unit="points", there="B")[1]


# --- Values and how they are written.

DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("form", "said", "field"),
    [
        ("share", Said(DAY, DAY, D("9"), "x"), None), ("share", Said(DAY, DAY, None, "x", D(9), 100), None),
        ("share", Said(DAY, DAY, D("9.0"), "x", D(90), 1000), None),
        ("share", Said(DAY, DAY, D("9.4"), "x", D(90), 1000), "value"), ("share", Said(DAY, DAY, D("101"), "x"), "value"),
        ("share", Said(DAY, DAY, None, "x"), "value"), ("share", Said(DAY, DAY, None, "x", D(3)), "denominator"),
        ("share", Said(DAY, DAY, None, "x", D(5), 4), "numerator"), ("count", Said(DAY, DAY, D("1.5"), "x"), "value"),
        ("count", Said(DAY, DAY, D("7"), "x", D(1), 2), "denominator"), ("mean", Said(DAY, DAY, None, "x", D("10.5"), 3), None),
        ("share", Said(date(2026, 4, 1), DAY, D("9"), "x"), "ends_on"), ("share", Said(DAY, DAY, D("9"), " "), "source"),
        ("share", Said(DAY, date(2027, 1, 1), D("9"), "x"), "ends_on"),
        ("share", Said(date(1980, 1, 1), date(1980, 1, 2), D("9"), "x"), "ends_on"),
    ],
)  # fmt: skip
def test_what_a_period_may_come_to(form: str, said: Said, field: str | None) -> None:
    wrong = fault_in(form, said, date(2026, 11, 18))
    assert (wrong[0] if wrong else None) == field


def test_a_share_is_worked_out_from_its_two_numbers() -> None:
    assert worked_out("share", Said(DAY, DAY, None, "x", D(1), 3)).value == D("33.3333")
    assert worked_out("mean", Said(DAY, DAY, None, "x", D(10), 4)).value == D("2.5")


def test_values_and_periods_are_written_as_people_say_them() -> None:
    assert number(D("16.5"), 1, "per cent") == "16.5%"
    assert number(D("-1234"), 0, "families") == "−1,234 families"
    assert number(None, 1) == "–"
    assert period(date(2026, 4, 1), date(2026, 6, 30)) == "April to June 2026"
    assert period(date(2025, 4, 1), date(2026, 3, 31)) == "April 2025 to March 2026"
    assert period(date(2024, 2, 1), date(2024, 2, 29)) == "February 2024"
    assert period(date(2024, 2, 2), date(2024, 2, 29)) == "2 February 2024 to 29 February 2024"
    assert period(DAY, DAY) == "31 March 2026"
