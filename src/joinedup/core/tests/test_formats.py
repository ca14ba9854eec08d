"""How dates, ages and numbers read, as truth tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.core import formats

NOW = datetime(2026, 11, 22, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 2), "2 November 2026"),
        (NOW, "22 November 2026"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026"),  # summer time: already tomorrow in England
        (None, ""),
    ],
)
def test_dates_have_no_leading_zero_and_are_english(value: date | None, words: str) -> None:
    assert formats.date_long(value) == words


def test_weekday_helps_to_plan() -> None:
    assert formats.date_with_weekday(date(2026, 11, 22)) == "Sunday 22 November 2026"
    assert formats.date_with_weekday(None) == ""


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (15, 40, "3:40pm"),
        (10, 0, "10am"),
        (0, 5, "12:05am"),
        (12, 30, "12:30pm"),
        (12, 0, "midday"),
        (0, 0, "midnight"),
    ],
)
def test_times(hour: int, minute: int, words: str) -> None:
    at = datetime(2026, 11, 22, hour, minute, tzinfo=UTC)
    assert formats.time_short(at) == words
    assert formats.date_time(at) == f"22 November 2026 at {words}"
    assert formats.date_time_near(at, datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == f"22 November at {words}"
    assert formats.date_time_near(at, datetime(2027, 1, 1, 0, 0, tzinfo=UTC)) == f"22 November 2026 at {words}"


def test_a_day_without_an_hour_is_not_said_to_be_midnight() -> None:
    assert formats.day_or_moment(datetime(2026, 10, 29, 23, 0, tzinfo=UTC)) == "29 October 2026 at 11pm"
    assert (
        formats.day_or_moment(datetime(2026, 10, 19, 23, 0, tzinfo=UTC)) == "20 October 2026"
    )  # by the clock on the wall
    assert formats.day_or_moment(None) == ""


def test_registers_say_hours_like_the_rest() -> None:
    assert (formats.time_short(time(7, 45)), formats.time_short(time(18))) == ("7:45am", "6pm")


def test_times_follow_the_clock_on_the_wall() -> None:
    assert formats.time_short(datetime(2026, 6, 1, 9, 0, tzinfo=UTC)) == "10am"
    with pytest.raises(ValueError, match="time zone"):
        formats.time_short(datetime(2026, 6, 1, 9, 0))


@pytest.mark.parametrize(
    ("born_on", "on", "words"),
    [
        (date(2015, 3, 3), date(2026, 3, 2), "10 years"),
        (date(2015, 3, 3), date(2026, 3, 3), "11 years"),
        (date(2012, 2, 29), date(2026, 2, 28), "13 years"),
        (date(2012, 2, 29), date(2026, 3, 1), "14 years"),
        (date(2024, 11, 22), date(2026, 11, 22), "2 years"),
        (date(2024, 11, 23), date(2026, 11, 22), "23 months"),
        (date(2026, 8, 22), date(2026, 11, 22), "3 months"),
        (date(2026, 8, 23), date(2026, 11, 22), "13 weeks"),
        (date(2026, 11, 8), date(2026, 11, 22), "2 weeks"),
        (date(2026, 11, 9), date(2026, 11, 22), "13 days"),
        (date(2026, 11, 21), date(2026, 11, 22), "1 day"),
        (date(2026, 11, 22), date(2026, 11, 22), "0 days"),
        (date(2027, 1, 1), date(2026, 11, 22), "not yet born"),
        (None, date(2026, 11, 22), ""),
    ],
)
def test_age(born_on: date | None, on: date, words: str) -> None:
    assert formats.age(born_on, on) == words


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_age_in_years_never_goes_down(born_on: date, on: date) -> None:
    assert formats.age_years(born_on, on) <= formats.age_years(born_on, on + timedelta(days=1))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (7, "1 week"),
        (9, "1 week 2 days"),
        (42, "6 weeks"),
        (timedelta(days=43), "6 weeks 1 day"),
    ],
)
def test_weeks(days: int, words: str) -> None:
    assert formats.weeks(days) == words


def test_a_length_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        formats.weeks(-1)


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (0, "referral", "0 referrals"),
        (1, "referral", "1 referral"),
        (3, "referral", "3 referrals"),
        (1204, "child", "1,204 children"),
        (2, "young person", "2 young people"),
        (2, "family", "2 families"),
        (2, "day", "2 days"),
        (2, "business case", "2 business cases"),
        (2, "box", "2 boxes"),
        (2, "lead professional", "2 lead professionals"),
    ],
)
def test_counts(count: int, noun: str, words: str) -> None:
    assert formats.count_noun(count, noun) == words


def test_a_plural_may_be_given() -> None:
    assert formats.count_noun(2, "team around the child", "teams around the child") == "2 teams around the child"


@pytest.mark.parametrize(
    ("number", "shown"), [("9434765919", "943 476 5919"), ("943 476 5919", "943 476 5919"), ("12", "12"), (None, "")]
)
def test_nhs_number(number: str | None, shown: str) -> None:
    assert formats.nhs(number) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amira Khan", "AK"), ("Ana Maria de Souza", "AS"), ("Jean-Luc", "JL"), ("Prince", "P"), ("", ""), (None, "")],
)
def test_initials(name: str | None, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "just now"),
        (NOW - timedelta(seconds=59), "just now"),
        (NOW - timedelta(minutes=5), "5 minutes ago"),
        (NOW - timedelta(hours=1), "1 hour ago"),
        (NOW + timedelta(hours=2), "in 2 hours"),
        (NOW - timedelta(hours=16), "yesterday"),
        (NOW + timedelta(days=1), "tomorrow"),
        (NOW - timedelta(days=3), "3 days ago"),
        (NOW + timedelta(days=3), "in 3 days"),
        (NOW - timedelta(days=28), "25 October 2026"),
        (None, ""),
    ],
)
def test_ago(at: datetime | None, words: str) -> None:
    assert formats.ago(at, NOW) == words
