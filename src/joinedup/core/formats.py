"""How Joinedup writes dates, times, ages and numbers in words.

Pure functions, used as Jinja filters of the same name (``{{ case.opened_on|date_long }}``) and
from Python where a sentence is put together. None of them reads a clock: what depends on today
takes ``on`` or ``now``. Moments are shown in Europe/London. An empty value gives an empty string.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_IRREGULAR = {"child": "children", "person": "people", "day off": "days off", "lead professional": "lead professionals"}


def london(at: datetime) -> datetime:
    """Return the moment as the clock on the wall in England shows it."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(LONDON)


def _day(value: date | datetime) -> date:
    return london(value).date() if isinstance(value, datetime) else value


def date_long(value: date | datetime | None) -> str:
    """``22 November 2026``: no leading zero, the month in full."""
    if value is None or value == "":
        return ""
    day = _day(value)
    return f"{day.day} {day:%B} {day.year}"


def date_with_weekday(value: date | datetime | None) -> str:
    """``Sunday 22 November 2026``: for appointments and due dates that people plan around."""
    if value is None or value == "":
        return ""
    return f"{_day(value):%A} {date_long(value)}"


def time_short(value: datetime | time | None) -> str:
    """``3:40pm``, ``10am``, ``midday``, ``midnight``."""
    if value is None or value == "":
        return ""
    at = value if isinstance(value, time) else london(value)
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def date_time(value: datetime | None) -> str:
    """``22 November 2026 at 3:40pm``."""
    if value is None or value == "":
        return ""
    return f"{date_long(value)} at {time_short(value)}"


def day_or_moment(value: datetime | None) -> str:
    """``22 November 2026 at 3:40pm``, and for what has a day but no hour, which is kept as its midnight, ``22 November 2026``."""
    if value is None or value == "":
        return ""
    return date_long(value) if london(value).time() == time() else date_time(value)


def date_time_near(value: datetime | None, now: datetime) -> str:
    """``22 November at 3:40pm``: without the year where it is this one, for lists with little room."""
    if value is None or value == "":
        return ""
    at = london(value)
    return f"{at.day} {at:%B} at {time_short(at)}" if at.year == london(now).year else date_time(at)


def age_years(born_on: date, on: date) -> int:
    """Return whole years of age; somebody born on 29 February turns a year older on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def age(born_on: date | None, on: date) -> str:
    """``11 years``; months below two years, weeks below three months, days below two weeks."""
    if born_on is None or born_on == "":
        return ""
    days = (on - born_on).days
    if days < 0:
        return "not yet born"
    if days < 14:
        return count_noun(days, "day")
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if months < 3:
        return count_noun(days // 7, "week")
    if months < 24:
        return count_noun(months, "month")
    return count_noun(months // 12, "year")


def weeks(length: int | timedelta) -> str:
    """A number of days as ``6 weeks``, ``6 weeks 2 days`` or ``3 days``."""
    days = length.days if isinstance(length, timedelta) else length
    if days < 0:
        raise ValueError("a length of time cannot be negative")
    whole, rest = divmod(days, 7)
    parts = [count_noun(whole, "week")] if whole else []
    if rest or not whole:
        parts.append(count_noun(rest, "day"))
    return " ".join(parts)


def plural_of(noun: str) -> str:
    """Return the plural of a noun that Joinedup counts: ``child`` gives ``children``."""
    for singular, plural in _IRREGULAR.items():
        if noun == singular or noun.endswith(" " + singular):
            return noun[: len(noun) - len(singular)] + plural
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun + "s"


def count_noun(count: int, noun: str, plural: str = "") -> str:
    """``1 referral``, ``3 referrals``, ``1,204 children``."""
    return f"{count:,} {noun if count == 1 else plural or plural_of(noun)}"


def nhs(number: str | None) -> str:
    """An NHS number in its printed groups, ``943 476 5919``; anything else comes back unchanged."""
    digits = "".join((number or "").split())
    if len(digits) != 10 or not digits.isdigit():
        return number or ""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def initials(name: str | None) -> str:
    """``AK`` for Amira Khan; the first and the last name only."""
    words = (name or "").replace("-", " ").split()
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def ago(at: datetime | None, now: datetime) -> str:
    """``5 minutes ago``, ``yesterday``, ``in 3 days``; beyond four weeks the date itself."""
    if at is None or at == "":
        return ""
    days = (_day(now) - _day(at)).days
    if abs(days) >= 28:
        return date_long(at)
    if days in (1, -1):
        return "yesterday" if days == 1 else "tomorrow"
    if days:
        return f"{count_noun(days, 'day')} ago" if days > 0 else f"in {count_noun(-days, 'day')}"
    seconds = (now - at).total_seconds()
    minutes = int(abs(seconds) // 60)
    if minutes == 0:
        return "just now"
    length = count_noun(minutes // 60, "hour") if minutes >= 60 else count_noun(minutes, "minute")
    return f"{length} ago" if seconds > 0 else f"in {length}"


FILTERS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        date_long, date_with_weekday, time_short, date_time, day_or_moment, date_time_near, age, age_years, weeks, count_noun, plural_of,
        nhs, initials, ago,
    )
}  # fmt: skip
