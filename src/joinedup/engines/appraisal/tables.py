"""The tables an appraisal stands on, as dated data: discount schedules, deflators, confidence grades.

Each says where it comes from and whether somebody has held it against its source (`verified`). None is law; what is
`verified=False` is shown as such beside every result it touches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Years = NDArray[np.float64]
"""One number for each year, t = 0 first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from: its name, what it is, who published it and when, and whether it was checked."""

    name: str
    title: str
    source: str
    dated: str
    verified: bool
    in_force: bool = True
    note: str = ""

    def as_data(self) -> dict[str, Any]:
        """As it stands beside a result."""
        return {
            "name": self.name, "title": self.title, "source": self.source, "dated": self.dated,
            "verified": self.verified, "in_force": self.in_force, "note": self.note,
        }  # fmt: skip

    def __str__(self) -> str:
        words = [self.title, f"{self.source} ({self.dated})" if self.dated else self.source]
        words += [] if self.in_force else ["PROPOSED, NOT IN FORCE"]
        words += [] if self.verified else ["not verified against its source"]
        return "; ".join(words) + (f". {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A discount schedule: from year t on, the rate at which that year is discounted against the one before."""

    origin: Origin
    bands: tuple[tuple[int, float], ...]

    def rates(self, years: int) -> Years:
        """The rate of each year; that of year 0 is not used."""
        found = np.empty(years)
        for first, rate in self.bands:
            found[first:] = rate
        return found

    def factors(self, years: int) -> Years:
        """The discount factor of each year: 1 at t = 0, then divided by 1 + the rate of each year in turn."""
        steps = 1 + self.rates(years)
        steps[0] = 1.0
        return np.asarray(1 / np.cumprod(steps))

    def shifted(self, points: float) -> Schedule:
        """The same schedule some points higher or lower (0.005 is half a point), and never below nought."""
        return replace(self, bands=tuple((first, max(0.0, rate + points)) for first, rate in self.bands))


_NOT_STANDARD = "The Green Book's schedule is 3.5 % declining."


def flat(rate: float) -> Schedule:
    """One rate for every year, as a model states it."""
    shown = f"{rate * 100:.4f}".rstrip("0").rstrip(".")
    return Schedule(
        Origin(f"flat {shown}%", f"A flat {shown} % a year", "stated in the model", "", True, note=_NOT_STANDARD),
        ((0, rate),),
    )


_GREEN_BOOK = "HM Treasury, The Green Book (2022 annex A6; 2026 chapter 6) and its guidance on discounting"
_SCHEDULES = (
    Schedule(
        Origin(
            "green-book", "Social time preference rate, 3.5 % declining", _GREEN_BOOK, "2003, unchanged 5 February 2026",
            verified=True,
        ),
        ((0, 0.035), (31, 0.03), (76, 0.025), (126, 0.02), (201, 0.015), (301, 0.01)),
    ),
    Schedule(
        Origin(
            "green-book-health", "Social time preference rate for health effects, 1.5 % declining", _GREEN_BOOK,
            "2003, unchanged 5 February 2026", verified=True,
            note="For quality-adjusted life years, not for money.",
        ),
        ((0, 0.015), (31, 0.0129), (76, 0.0107), (126, 0.0086), (201, 0.0064), (301, 0.0043)),
    ),
    Schedule(
        Origin(
            "proposed-2026", "3.0 % as the Freeman–Groom review recommends",
            "Freeman and Groom, review of the discount rate for HM Treasury", "30 June 2026",
            verified=False, in_force=False,
            note="HM Treasury has not answered: 3.5 % declining stands. The review's own long-run decline is not in this"
            " table, so the rate stays at 3.0 % throughout.",
        ),
        ((0, 0.03),),
    ),
)  # fmt: skip
SCHEDULES: Mapping[str, Schedule] = MappingProxyType({each.origin.name: each for each in _SCHEDULES})
"""The schedules that are known, by name."""
_ALSO_CALLED = {
    **dict.fromkeys(
        (
            "greenbook",
            "green-book-2022",
            "green-book-2026",
            "green-book-standard",
            "hmt",
            "hmt-green-book",
            "standard",
            "stpr",
        ),
        "green-book",
    ),
    "health": "green-book-health",
    "freeman-groom": "proposed-2026",
}


def schedule_named(name: str) -> Schedule | None:
    """The schedule of that name, in any case and with spaces, hyphens or underscores; None if there is none. What is
    not in force is only ever had by its own name."""
    plain = re.sub(r"[\s_-]+", "-", name.strip().casefold())
    return SCHEDULES.get(_ALSO_CALLED.get(plain, plain))


@dataclass(frozen=True, slots=True)
class Grade:
    """A confidence grade of evidence: what it takes off a benefit and adds to a cost, and how far its data may be out
    either way (`data_error`, a share)."""

    number: int
    optimism_bias: float
    data_error: float
    population: str
    evidence: str
    age: str


GRADES: Mapping[int, Grade] = MappingProxyType({
    1: Grade(1, 0.00, 0.02, "agencies' own data systems", "randomised trial in the UK", "under a year old"),
    2: Grade(2, 0.05, 0.05, "derived from local statistics", "randomised trial abroad", "1 to 2 years old"),
    3: Grade(3, 0.10, 0.10, "national analysis of similar areas", "independent monitoring, robust plan", "2 to 3 years old"),
    4: Grade(4, 0.15, 0.15, "generic national analysis", "practitioners' monitoring, robust plan", "3 to 4 years old"),
    5: Grade(5, 0.25, 0.20, "international analysis", "secondary evidence of a similar intervention", "4 to 5 years old"),
    6: Grade(6, 0.40, 0.25, "uncorroborated judgement", "uncorroborated judgement", "over 5 years old"),
})  # fmt: skip
GRADES_FROM = Origin(
    "confidence-grades", "Optimism bias by confidence grade",
    "HM Treasury and New Economy, cost benefit analysis guidance for local partnerships, PU1617", "April 2014",
    verified=False, note="Written down from memory: somebody with the guidance should check it.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deflator:
    """A price index by year: what cost `index[then]` then costs `index[now]` now. Years are financial (`2015/16`) or
    calendar (`2024`)."""

    origin: Origin
    values: Mapping[str, float]

    def index(self, year: str) -> float | None:
        """The index of a year, or None. A series of calendar years gives a financial year as three quarters of its first
        and one of its second."""
        if year in self.values:
            return self.values[year]
        first = year[:4]
        if re.fullmatch(r"\d{4}/\d\d", year) and first in self.values:
            after = self.values.get(str(int(first) + 1))
            return None if after is None else 0.75 * self.values[first] + 0.25 * after
        return None

    def factor(self, then: str, now: str) -> float:
        """What a price of one year is multiplied by to be a price of another. Raises ``KeyError`` for an unknown year."""
        old, new = self.index(then), self.index(now)
        if old is None or new is None:
            raise KeyError(then if old is None else now)
        return new / old


_CHANGES_2015 = (
    8.27, 5.868, 2.547, 2.452, 1.183, 2.914, 4.234, 1.781, 1.587, 1.043, 2.296, 1.516, 2.632, 2.036, 3.153, 2.794, 2.711,
    2.926, 2.51, 2.585, 2.768, 1.79, 1.614, 2.123, 1.7, 1.4, 1.2, 1.6, 2.1, 2.6,
)  # fmt: skip
_INDEX_2025 = (
    42.7537, 45.6203, 47.1096, 48.5208, 49.4168, 50.7097, 52.8097, 52.8303, 53.5326, 54.2793, 54.8102, 55.7479, 56.911,
    58.266, 59.8584, 61.5718, 63.4682, 64.7322, 66.89, 68.217, 69.1217, 70.834, 71.9294, 73.4795, 74.6524, 75.1536, 76.4554,
    77.6367, 79.1606, 81.1085, 85.2137, 85.6358, 90.5005, 96.2507, 100.0,
)  # fmt: skip


def _chained() -> dict[str, float]:
    """The index the changes of 1990/91 and after make, with 1989/90 as 100."""
    found = {"1989/90": 100.0}
    level = 100.0
    for year, change in enumerate(_CHANGES_2015, start=1990):
        level *= 1 + change / 100
        found[f"{year}/{(year + 1) % 100:02d}"] = level
    return found


_DEFLATORS = (
    Deflator(
        Origin(
            "gdp-2015", "GDP deflator by financial year, 1989/90 = 100",
            "HM Treasury, GDP deflators at market prices, Budget 2015 (Open Government Licence)", "19 March 2015",
            verified=True, note="2014/15 and after are the forecast of that day.",
        ),
        MappingProxyType(_chained()),
    ),
    Deflator(
        Origin(
            "gdp-2025", "GDP deflator by calendar year, 2024 = 100",
            "HM Treasury, GDP deflators at market prices (Open Government Licence)", "December 2025",
            verified=False, note="Read from a published copy. A financial year is three quarters of its first calendar"
            " year and one of its second.",
        ),
        MappingProxyType({str(year): value for year, value in enumerate(_INDEX_2025, start=1990)}),
    ),
)  # fmt: skip
DEFLATORS: Mapping[str, Deflator] = MappingProxyType({each.origin.name: each for each in _DEFLATORS})
"""The deflators that are known, by name."""
USUAL_DEFLATOR = "gdp-2025"
OLD_PRICE = 5
"""A price older than this many years is warned about."""


def first_year(year: str) -> int:
    """The calendar year a price year begins in: 2015 for `2015/16` and for `2015`."""
    return int(year[:4])


def price_year_of(data: str) -> str | None:
    """A price year in one spelling: `2015/16` for 2015-16 and 2015/2016, `2024` for 2024; None for anything else."""
    found = re.fullmatch(r"\s*((?:19|20)\d\d)(?:\s*[/–-]\s*((?:\d\d)?\d\d))?\s*", data)
    if found is None:
        return None
    if found[2] is None:
        return found[1]
    if len(found[2]) == 4 and found[2] != str(int(found[1]) + 1):
        return None
    return f"{found[1]}/{found[2][-2:]}" if int(found[2][-2:]) == (int(found[1]) + 1) % 100 else None
