"""Why a service fits, in a few words: ages, distance, cost, the next time it is open. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.features import ACCESS, DELIVERIES, LANGUAGES, LOCAL_OFFER

DAYS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
TIMES: dict[str, str] = {"morning": "In the morning", "afternoon": "In the afternoon", "evening": "In the evening"}
_NOON, _FIVE = time(12), time(17)
Opened = tuple[str, time | None, time | None]


def is_at(which: str, opens: time | None, closes: time | None) -> bool:
    """Whether some of an opening lies in the morning (before noon), the afternoon (noon to five) or the evening."""
    if opens is None:
        return False
    ends = closes or opens
    if which == "morning":
        return opens < _NOON
    if which == "afternoon":
        return opens < _FIVE and (ends > _NOON or opens >= _NOON)
    return opens >= _FIVE or ends > _FIVE


def clock_words(at: time) -> str:
    """A time as people say it: 4 pm, 9.30 am, noon."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    hour, half = (at.hour % 12) or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}{f'.{at.minute:02}' if at.minute else ''} {half}"


def opening_words(openings: Iterable[Opened], *, day: str = "", when: str = "", from_day: int = 0) -> str:
    """The opening that fits what was asked, else the first from a day of the week on (Monday is 0): “Tuesday 4 pm”."""
    rows = [row for row in openings if row[0] in WEEKDAYS]
    fit = [row for row in rows if (not day or row[0] == day) and (not when or is_at(when, row[1], row[2]))]
    ordered = sorted(fit, key=lambda row: ((WEEKDAYS.index(row[0]) - from_day) % 7, row[1] or time()))
    if not ordered:
        return ""
    weekday, opens, _ = ordered[0]
    return f"{DAYS[weekday]} {clock_words(opens)}" if opens else DAYS[weekday]


def miles_words(miles: float | None) -> str:
    """A distance in a straight line."""
    if miles is None:
        return ""
    return "less than a mile away" if miles < 1 else f"{miles:g} {'mile' if miles == 1 else 'miles'} away"


def reasons(
    *, ages: str, miles: float | None, cost: str, opening: str, features: Sequence[str] = ()
) -> tuple[str, ...]:
    """Why a service fits, in the order in which people ask. `features` are the codes that were asked for."""
    whom = "for all ages" if ages == "All ages" else f"for ages {ages[:1].lower()}{ages[1:]}"
    said = [
        whom,
        miles_words(miles),
        "free" if cost == "Free" else "",
        opening,
        *(feature_words(each) for each in features),
    ]
    return tuple(each for each in said if each)


def feature_words(code: str) -> str:
    """A code of a feature in words."""
    if code.startswith("lang:"):
        return f"in {LANGUAGES.get(code[5:], code[5:])}"
    if code == LOCAL_OFFER:
        return "part of the local offer"
    words = DELIVERIES.get(code) or ACCESS.get(code) or code
    return f"{words[:1].lower()}{words[1:]}"
