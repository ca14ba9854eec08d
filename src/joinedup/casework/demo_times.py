"""When things happen in the demo: on working days and in office hours, in the order they happened. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from joinedup.engines.periods import is_working_day

_DAY = timedelta(days=1)
_OPENS, _OPEN_FOR = time(9, 30), timedelta(hours=6)
_STEP = 300  # seconds: nobody writes 2:43 into a diary


def working_day(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def next_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def _at(day: date, hour: time = time()) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class OfficeHours:
    """Turns moments between two others into office hours and keeps their order. A working day, with the days off after it,
    becomes the six hours from half past nine of that day; the days of the two ends themselves stay as they are."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        self.ends = {working_day(timezone.localdate(begin)), working_day(timezone.localdate(end))}

    def __call__(self, moment: datetime) -> datetime:
        """The moment in office hours that stands for this one."""
        day = working_day(timezone.localdate(moment))
        if day in self.ends:
            return moment
        begin, end = _at(day), _at(next_working_day(day + _DAY))
        within = (_OPEN_FOR * ((moment - begin) / (end - begin))).total_seconds()
        return _at(day, _OPENS) + timedelta(seconds=within // _STEP * _STEP)
