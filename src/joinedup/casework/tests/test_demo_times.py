"""The demo's clock: office hours, working days, and nothing before what it follows from."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework.demo_times import OfficeHours, next_working_day, working_day
from joinedup.engines.periods import is_working_day

LONDON = ZoneInfo("Europe/London")
# Over Christmas and both changes of the clock.
BEGIN, END = datetime(2026, 9, 30, 5, 8, tzinfo=LONDON), datetime(2027, 4, 5, 1, 47, tzinfo=LONDON)
moments = st.datetimes(datetime(2026, 9, 30, 6), datetime(2027, 4, 4), timezones=st.just(LONDON))


@given(moments, moments)
def test_in_office_hours_and_in_order(one: datetime, other: datetime) -> None:
    office = OfficeHours(BEGIN, END)
    first, second = sorted((one, other), key=lambda each: each.astimezone(ZoneInfo("UTC")))
    assert BEGIN <= office(first) <= office(second) <= END
    moved = timezone.localtime(office(first))
    if working_day(first.date()) in office.ends:
        assert moved == first
    else:
        assert is_working_day(moved.date())
        assert time(9, 30) <= moved.time() < time(15, 30)
        assert moved.minute % 5 == 0
        assert moved.second == 0


def test_a_sunday_at_night_is_friday_afternoon() -> None:
    sunday = datetime(2026, 11, 1, 1, 47, tzinfo=LONDON)
    assert timezone.localtime(OfficeHours(BEGIN, END)(sunday)) == datetime(2026, 10, 30, 13, 35, tzinfo=LONDON)


def test_working_days_before_and_after() -> None:
    christmas = datetime(2026, 12, 25).date()
    assert working_day(christmas) == christmas - timedelta(days=1)
    assert next_working_day(christmas) == datetime(2026, 12, 29).date()  # Boxing Day is made good on the Monday
