"""Calendars to the minute: Easter, the clocks, Christmas, and what must hold always."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.periods import (
    LONDON,
    OFFICE_HOURS,
    Clock,
    ClockKind,
    WorkingHours,
    add_working_days,
    add_working_hours,
    bank_holidays,
    due_by,
    financial_year,
    is_working_day,
    six_weeks_after,
    working_days_between,
)

RED = Clock(ClockKind.WORKING_HOURS, 4)
AMBER = Clock(ClockKind.WORKING_HOURS, 24)
GREEN = Clock(ClockKind.CLOCK_HOURS, 72)
ONE_DAY = Clock(ClockKind.WORKING_DAYS, 1)
BLUE = Clock(ClockKind.NONE)

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
MOMENTS = st.datetimes(
    datetime(2025, 1, 1),
    datetime(2028, 12, 31),
    timezones=st.sampled_from([LONDON, UTC, ZoneInfo("America/New_York")]),
    allow_imaginary=False,
)
LENGTHS = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def at(text: str) -> datetime:
    """Return a London wall time such as ``2026-04-02 16:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# --- Working days ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 4, 2), True),  # Maundy Thursday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 4), False),  # Saturday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 7), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # in place of Boxing Day, a Saturday
        (date(2026, 12, 29), True),
        (date(2026, 8, 3), True),  # a bank holiday in Scotland only
        (date(2026, 7, 13), True),  # and in Northern Ireland only
        (date(2022, 9, 19), False),  # a one-off: the state funeral
        (date(2027, 12, 27), False),
        (date(2027, 12, 28), False),
    ],
)
def test_england_is_at_work(day: date, is_worked: bool) -> None:
    assert is_working_day(day) is is_worked


def test_a_closure_is_not_worked() -> None:
    closed = frozenset({date(2026, 12, 29)})
    assert not is_working_day(date(2026, 12, 29), closures=closed)
    assert add_working_days(date(2026, 12, 24), 1, closures=closed) == date(2026, 12, 30)


def test_bank_holidays_have_names_and_cannot_be_changed() -> None:
    assert bank_holidays(2026)[date(2026, 4, 3)] == "Good Friday"
    with pytest.raises(TypeError):
        bank_holidays(2026)[date(2026, 4, 8)] = "Mine"  # type: ignore[index]


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 3), 1, date(2026, 4, 7)),
        (date(2026, 4, 2), 0, date(2026, 4, 2)),
        (date(2026, 4, 3), 0, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 1), 15, date(2026, 4, 24)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
        (date(2026, 11, 2), 45, date(2027, 1, 7)),
    ],
)
def test_adding_working_days(day: date, n: int, expected: date) -> None:
    assert add_working_days(day, n) == expected


@given(DAYS, st.integers(1, 60), st.integers(1, 60))
def test_working_days_add_up_and_count_back(day: date, n: int, m: int) -> None:
    there = add_working_days(day, n)
    assert is_working_day(there)
    assert working_days_between(day, there) == n
    assert working_days_between(there, day) == -n
    assert add_working_days(there, m) == add_working_days(day, n + m)
    assert add_working_days(there + timedelta(days=1), -1) == there


@given(DAYS, DAYS)
def test_working_days_between_is_additive(one: date, other: date) -> None:
    middle = one + (other - one) // 2
    parts = working_days_between(one, middle) + working_days_between(middle, other)
    assert parts == working_days_between(one, other)


def test_six_weeks_is_forty_two_days() -> None:
    assert six_weeks_after(date(2026, 11, 22)) == date(2027, 1, 3)


@pytest.mark.parametrize(
    ("on", "label"),
    [(date(2026, 3, 31), "2025/26"), (date(2026, 4, 1), "2026/27"), (date(2099, 4, 1), "2099/00")],
)
def test_financial_years(on: date, label: str) -> None:
    year = financial_year(on)
    assert str(year) == label
    assert on in year
    assert year.starts_on - timedelta(days=1) not in year
    assert (year.ends_on.month, year.ends_on.day) == (3, 31)


# --- Working hours --------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # inside one day, to its very end, and just past it
        ("2026-11-23 09:00", 4, "2026-11-23 13:00"),
        ("2026-11-23 13:00", 4, "2026-11-23 17:00"),
        ("2026-11-23 13:01", 4, "2026-11-24 09:01"),
        ("2026-11-23 17:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 03:00", 1, "2026-11-23 10:00"),
        # Easter: Good Friday 3 April to Easter Monday 6 April
        ("2026-04-02 16:30", 4, "2026-04-07 12:30"),
        ("2026-04-02 17:01", 4, "2026-04-07 13:00"),
        ("2026-04-04 12:00", 4, "2026-04-07 13:00"),
        ("2026-04-02 10:00", 24, "2026-04-09 10:00"),
        # the clocks go forward on Sunday 29 March and back on Sunday 25 October
        ("2026-03-27 16:00", 4, "2026-03-30 12:00"),
        ("2026-10-23 16:00", 4, "2026-10-26 12:00"),
        ("2026-10-25 01:30", 1, "2026-10-26 10:00"),
        # Christmas: Friday 25, and Monday 28 in place of Boxing Day
        ("2026-12-24 15:00", 4, "2026-12-29 11:00"),
        ("2026-12-24 15:00", 24, "2026-12-31 15:00"),
    ],
)
def test_adding_working_hours(start: str, hours: int, expected: str) -> None:
    assert add_working_hours(at(start), hours) == at(expected)


def test_hours_are_real_ones_on_the_night_the_clocks_change() -> None:
    nights = WorkingHours(time(0), time(8), weekdays=frozenset(range(7)))
    spring, autumn = at("2026-03-29 00:00"), at("2026-10-25 00:00")
    assert add_working_hours(spring, 7, nights) == at("2026-03-29 08:00")
    assert add_working_hours(spring, 8, nights) == at("2026-03-30 01:00")
    assert add_working_hours(autumn, 9, nights) == at("2026-10-25 08:00")
    second_one_o_clock = add_working_hours(autumn, 2, nights)
    assert (second_one_o_clock.hour, second_one_o_clock.fold) == (1, 1)


def test_another_zone_is_answered_in_london() -> None:
    start = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    answer = add_working_hours(start, Decimal("0.25"))
    assert answer.isoformat() == "2026-07-01T09:45:00+01:00"


def test_a_saturday_clinic_and_a_closure_count() -> None:
    clinic = WorkingHours(time(8, 30), time(12), weekdays=frozenset({4, 5}), closures=frozenset({date(2026, 11, 27)}))
    assert add_working_hours(at("2026-11-26 10:00"), 4, clinic) == at("2026-12-04 09:00")


def worked_minutes(start: datetime, end: datetime) -> int:
    """Count open minutes one at a time: slow, and too simple to be wrong."""
    minute, total = start.astimezone(UTC), 0
    while minute < end.astimezone(UTC):
        local = minute.astimezone(LONDON)
        total += 9 <= local.hour < 17 and is_working_day(local.date())
        minute += timedelta(minutes=1)
    return total


@given(MOMENTS, st.integers(0, 12 * 60))
def test_the_hours_counted_are_the_hours_asked_for(start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    end = add_working_hours(start, timedelta(minutes=minutes))
    assert worked_minutes(start, end) == minutes


@given(MOMENTS, LENGTHS, LENGTHS)
def test_two_steps_are_one(start: datetime, first: timedelta, second: timedelta) -> None:
    in_two = add_working_hours(add_working_hours(start, first), second)
    assert in_two == add_working_hours(start, first + second)


@given(MOMENTS, LENGTHS)
def test_the_answer_is_always_within_working_hours(start: datetime, length: timedelta) -> None:
    end = add_working_hours(start, length)
    assert is_working_day(end.date())
    assert time(9) <= end.time() <= time(17)
    assert end.astimezone(UTC) >= start.astimezone(UTC) + length


@given(MOMENTS, MOMENTS, LENGTHS, LENGTHS)
def test_later_and_longer_never_end_sooner(a: datetime, b: datetime, x: timedelta, y: timedelta) -> None:
    earlier, later = sorted((a.astimezone(UTC), b.astimezone(UTC)))
    shorter, longer = sorted((x, y))
    assert add_working_hours(earlier, shorter) <= add_working_hours(later, shorter)
    assert add_working_hours(earlier, shorter) <= add_working_hours(earlier, longer)


def test_what_cannot_be_counted_is_refused() -> None:
    start = at("2026-11-23 09:00")
    with pytest.raises(ValueError, match="time zone"):
        add_working_hours(datetime(2026, 11, 23, 9), 1)
    with pytest.raises(ValueError, match="backwards"):
        add_working_hours(start, -1)
    with pytest.raises(TypeError, match="decimal"):
        add_working_hours(start, 0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="open before"):
        WorkingHours(time(17), time(9))
    with pytest.raises(ValueError, match="Monday 0"):
        WorkingHours(weekdays=frozenset())
    with pytest.raises(ValueError, match="Monday 0"):
        WorkingHours(weekdays=frozenset({7}))


# --- Rating clocks --------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "clock", "due"),
    [
        # one working day: by closing time on the next one
        ("2026-11-23 10:00", ONE_DAY, "2026-11-24 17:00"),
        ("2026-11-23 07:00", ONE_DAY, "2026-11-24 17:00"),  # counts as 9:00 that day
        ("2026-11-27 16:59", ONE_DAY, "2026-11-30 17:00"),
        ("2026-11-27 17:00", ONE_DAY, "2026-12-01 17:00"),  # counts as Monday 9:00
        ("2026-11-28 12:00", ONE_DAY, "2026-12-01 17:00"),
        ("2026-04-02 16:59", ONE_DAY, "2026-04-07 17:00"),
        ("2026-04-02 17:00", ONE_DAY, "2026-04-08 17:00"),
        ("2026-04-05 09:00", ONE_DAY, "2026-04-08 17:00"),  # Easter Sunday
        ("2026-03-27 16:00", ONE_DAY, "2026-03-30 17:00"),
        ("2026-03-29 01:30", ONE_DAY, "2026-03-31 17:00"),  # a time that did not exist
        ("2026-10-25 01:30", ONE_DAY, "2026-10-27 17:00"),  # a time that came twice
        ("2026-12-24 16:59", ONE_DAY, "2026-12-29 17:00"),
        ("2026-12-24 17:00", ONE_DAY, "2026-12-30 17:00"),
        ("2026-12-31 12:00", ONE_DAY, "2027-01-04 17:00"),
        ("2026-11-28 12:00", Clock(ClockKind.WORKING_DAYS, 0), "2026-11-30 17:00"),
        ("2026-11-23 10:00", Clock(ClockKind.WORKING_DAYS, 45), "2027-01-28 17:00"),
        # Surrey's Red and Amber
        ("2026-04-02 15:30", RED, "2026-04-07 11:30"),
        ("2026-04-02 15:30", AMBER, "2026-04-09 15:30"),
        ("2026-12-24 16:45", RED, "2026-12-29 12:45"),
        # round the clock, an hour longer or shorter on the wall when the clocks change
        ("2026-03-28 18:00", Clock(ClockKind.CLOCK_HOURS, 24), "2026-03-29 19:00"),
        ("2026-10-24 18:00", Clock(ClockKind.CLOCK_HOURS, 24), "2026-10-25 17:00"),
        ("2026-04-02 15:30", GREEN, "2026-04-05 15:30"),
    ],
)
def test_due_by(received: str, clock: Clock, due: str) -> None:
    assert due_by(at(received), clock) == at(due)


def test_no_limit_is_no_date() -> None:
    assert due_by(at("2026-11-23 10:00"), BLUE) is None


def test_the_default_is_one_working_day() -> None:
    assert due_by(at("2026-11-23 10:00")) == at("2026-11-24 17:00")


@given(MOMENTS, MOMENTS, st.sampled_from([RED, AMBER, GREEN, ONE_DAY]))
def test_what_comes_later_is_never_due_sooner(a: datetime, b: datetime, clock: Clock) -> None:
    earlier, later = sorted((a.astimezone(UTC), b.astimezone(UTC)))
    sooner, no_sooner = due_by(earlier, clock), due_by(later, clock)
    assert sooner is not None
    assert no_sooner is not None
    assert earlier < sooner.astimezone(UTC) <= no_sooner.astimezone(UTC)


@given(MOMENTS)
def test_what_is_received_counts_from_an_open_moment(moment: datetime) -> None:
    counts = OFFICE_HOURS.counts_as_received_at(moment)
    assert is_working_day(counts.date())
    assert time(9) <= counts.time() < time(17)
    assert counts.astimezone(UTC) >= moment.astimezone(UTC)
    assert OFFICE_HOURS.counts_as_received_at(counts) == counts


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (RED, "4 working hours"),
        (ONE_DAY, "1 working day"),
        (GREEN, "72 hours"),
        (BLUE, "no time limit"),
        (Clock(ClockKind.WORKING_HOURS, Decimal("0.5")), "0.5 working hours"),
    ],
)
def test_clocks_in_words(clock: Clock, words: str) -> None:
    assert str(clock) == words


def test_clocks_that_cannot_run_are_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Clock(ClockKind.CLOCK_HOURS, -1)
    with pytest.raises(ValueError, match="whole working days"):
        Clock(ClockKind.WORKING_DAYS, Decimal("1.5"))
    with pytest.raises(TypeError, match="decimal"):
        Clock(ClockKind.WORKING_HOURS, 1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time zone"):
        due_by(datetime(2026, 11, 23, 10), BLUE)
