"""Working days, working hours, rating clocks and financial years.

A duty to answer "within one working day" is only as good as the calendar under
it. This one knows England's bank holidays, weekends, extra closure days and the
two nights a year when the clocks change. Nothing here reads a clock: every
function is told the day or the moment.

Bank holidays come from the ``holidays`` package (subdivision ``ENG``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
MONDAY_TO_FRIDAY = frozenset(range(5))
_ONE_DAY = timedelta(days=1)
_NONE: frozenset[date] = frozenset()


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> Mapping[date, str]:
    """England's bank holidays in a calendar year, by day, with their names."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return MappingProxyType(dict(found))


def is_working_day(
    day: date,
    *,
    closures: Set[date] = _NONE,
    weekdays: Set[int] = MONDAY_TO_FRIDAY,
) -> bool:
    """Say whether England is at work: a weekday, no bank holiday, no closure.

    ``closures`` are the partnership's own days off (the Thursday after
    Christmas, a training day); ``weekdays`` counts Monday as 0.
    """
    return day.weekday() in weekdays and day not in closures and day not in bank_holidays(day.year)


def add_working_days(
    day: date,
    n: int,
    *,
    closures: Set[date] = _NONE,
    weekdays: Set[int] = MONDAY_TO_FRIDAY,
) -> date:
    """Return the ``n``th working day after ``day``, which itself does not count.

    A negative ``n`` counts back. Nought gives the day itself, or the next
    working day if it is not one.
    """
    step = -_ONE_DAY if n < 0 else _ONE_DAY
    left = abs(n)
    while not (left == 0 and is_working_day(day, closures=closures, weekdays=weekdays)):
        day += step
        if left and is_working_day(day, closures=closures, weekdays=weekdays):
            left -= 1
    return day


def working_days_between(
    start: date,
    end: date,
    *,
    closures: Set[date] = _NONE,
    weekdays: Set[int] = MONDAY_TO_FRIDAY,
) -> int:
    """Count the working days after ``start`` up to and including ``end``.

    So a thing received on Monday and answered on Tuesday took one. Negative if
    ``end`` is the earlier.
    """
    if end < start:
        return -working_days_between(end, start, closures=closures, weekdays=weekdays)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, closures=closures, weekdays=weekdays) for day in days)


def six_weeks_after(day: date) -> date:
    """Return the day forty-two days on, when a plan made on ``day`` is reviewed.

    The same day of the week, so a plan made on a working day is reviewed on
    one, bank holidays aside; those are left for the team to see and move.
    """
    return day + timedelta(weeks=6)


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """A public body's year, 1 April to 31 March, written ``2026/27``."""

    starts_on: date
    ends_on: date

    def __str__(self) -> str:
        """Write it as ``2026/27``."""
        return f"{self.starts_on.year}/{self.ends_on.year % 100:02d}"

    def __contains__(self, day: date) -> bool:
        """Say whether a day falls in the year."""
        return self.starts_on <= day <= self.ends_on


def financial_year(on: date) -> FinancialYear:
    """Return the financial year that a day falls in."""
    first = on.year if on.month >= 4 else on.year - 1
    return FinancialYear(date(first, 4, 1), date(first + 1, 3, 31))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a team is open: one stretch a day, the same every working day.

    ``opens`` is within the hours and ``closes`` is not: what arrives on the
    stroke of closing has arrived for the next morning. Raises ``ValueError`` if
    the hours do not run forward within a day, or no weekday is open.
    """

    opens: time = time(9)
    closes: time = time(17)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    tz: ZoneInfo = LONDON
    closures: frozenset[date] = _NONE

    def __post_init__(self) -> None:
        """Refuse hours that could never be worked."""
        if not self.opens < self.closes:
            raise ValueError("Working hours must open before they close.")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("Working hours need weekdays, Monday 0 to Sunday 6.")

    def is_open_on(self, day: date) -> bool:
        """Say whether the team works at all on a day."""
        return is_working_day(day, closures=self.closures, weekdays=self.weekdays)

    def sessions_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open stretches, in UTC, that end at ``moment`` or later."""
        day = moment.astimezone(self.tz).date()
        while True:
            if self.is_open_on(day):
                opens = datetime.combine(day, self.opens, self.tz).astimezone(UTC)
                closes = datetime.combine(day, self.closes, self.tz).astimezone(UTC)
                if closes >= moment:
                    yield opens, closes
            day += _ONE_DAY

    def counts_as_received_at(self, moment: datetime) -> datetime:
        """Return the moment itself if open then, else the next opening.

        Raises ``ValueError`` for a moment without a time zone.
        """
        at = _in_utc(moment)
        opens = next(max(opens, at) for opens, closes in self.sessions_from(at) if at < closes)
        return opens.astimezone(self.tz)


OFFICE_HOURS = WorkingHours()
"""Nine to five, Monday to Friday, in England."""


def add_working_hours(
    start: datetime,
    amount: Decimal | int | timedelta,
    hours: WorkingHours = OFFICE_HOURS,
) -> datetime:
    """Count working hours on from a moment, only while the team is open.

    Hours are real ones, so a stretch across a change of the clocks is as long
    as it was. Time outside the hours does not count: four hours from six on a
    Friday evening end at one on Monday. What ends exactly at closing time is
    due at closing time, not at the next opening. The answer is in ``hours.tz``.

    Raises ``ValueError`` for a moment without a time zone or a negative amount,
    ``TypeError`` for a float.
    """
    at = _in_utc(start)
    left = _length(amount)
    for opens, closes in hours.sessions_from(at):
        begins = max(opens, at)
        if begins + left <= closes:
            return (begins + left).astimezone(hours.tz)
        left -= closes - begins
    raise AssertionError("the calendar has no end")  # pragma: no cover


class ClockKind(StrEnum):
    """What a rating clock counts."""

    WORKING_DAYS = "WORKING_DAYS"
    WORKING_HOURS = "WORKING_HOURS"
    CLOCK_HOURS = "CLOCK_HOURS"
    NONE = "NONE"


_UNITS = {
    ClockKind.WORKING_DAYS: "working day",
    ClockKind.WORKING_HOURS: "working hour",
    ClockKind.CLOCK_HOURS: "hour",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a rating allows: four working hours, one working day, or no limit.

    Partnerships set their own. Surrey gives Red 4 and Amber 24 working hours;
    *Working Together to Safeguard Children* (2023) asks for a decision within
    one working day. Raises ``ValueError`` for a negative amount or part of a
    working day.
    """

    kind: ClockKind
    amount: Decimal | int = 0

    def __post_init__(self) -> None:
        """Refuse an amount that cannot be counted."""
        if isinstance(self.amount, float):
            raise TypeError("A clock's amount is a whole number or a decimal.")
        if self.amount < 0:
            raise ValueError("A clock cannot run backwards.")
        if self.kind is ClockKind.WORKING_DAYS and self.amount != int(self.amount):
            raise ValueError("A clock counts whole working days.")

    def __str__(self) -> str:
        """Write it in words: ``4 working hours``, ``no time limit``."""
        if self.kind is ClockKind.NONE:
            return "no time limit"
        return f"{self.amount} {_UNITS[self.kind]}{'' if self.amount == 1 else 's'}"


ONE_WORKING_DAY = Clock(ClockKind.WORKING_DAYS, 1)


def due_by(
    received_at: datetime,
    clock: Clock = ONE_WORKING_DAY,
    working_hours: WorkingHours = OFFICE_HOURS,
) -> datetime | None:
    """Return the moment by which something received must be answered, or ``None``.

    * ``WORKING_DAYS`` *n*: by closing time on the *n*th working day after the
      day of receipt. What arrives outside hours or on a day that is not worked
      counts as received at the next opening: one working day from Friday 16:59
      is Monday 17:00, and from Friday 17:00 (which counts as Monday 9:00) it is
      Tuesday 17:00. Nought means by the close of the day it counts as received.
    * ``WORKING_HOURS``: as ``add_working_hours``.
    * ``CLOCK_HOURS``: real hours, round the clock, across changes of the clocks.
    * ``NONE``: no time limit, so ``None``.

    Raises ``ValueError`` for a moment without a time zone.
    """
    received = _in_utc(received_at)
    if clock.kind is ClockKind.NONE:
        return None
    if clock.kind is ClockKind.CLOCK_HOURS:
        return (received + _length(clock.amount)).astimezone(working_hours.tz)
    if clock.kind is ClockKind.WORKING_HOURS:
        return add_working_hours(received, clock.amount, working_hours)
    counts_from = working_hours.counts_as_received_at(received).date()
    due_on = add_working_days(
        counts_from,
        int(clock.amount),
        closures=working_hours.closures,
        weekdays=working_hours.weekdays,
    )
    return datetime.combine(due_on, working_hours.closes, working_hours.tz)


def _in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC, where sums are safe; refuse one without a zone."""
    if moment.utcoffset() is None:
        raise ValueError("This needs a moment with a time zone.")
    return moment.astimezone(UTC)


def _length(amount: Decimal | int | timedelta) -> timedelta:
    """Return a length given in hours, exact to the microsecond."""
    if isinstance(amount, timedelta):
        length = amount
    elif isinstance(amount, Decimal | int):
        length = timedelta(microseconds=int(amount * 3_600_000_000))
    else:
        raise TypeError("Hours are a whole number, a decimal or a timedelta.")
    if length < timedelta(0):
        raise ValueError("Hours cannot be counted backwards.")
    return length
