"""Buildings, the teams that need room in them, and how far it is, as data.

Money is whole pence, time is minutes (of travel, one way) or years (of leases), area square metres, carbon kilogrammes of CO2
equivalent. Arrays have a row for each team and a column for each building, in the order of the estate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Building:
    """A site.

    `annual_cost` is rent, rates, services and energy less what is sublet, in pence. `exit_cost` is paid when it is left
    (dilapidations, penalties) and `free_after` is the years until it can be left: its cost runs until then. `opening_cost` is
    paid when a building that nobody uses today is taken. `must_keep` holds it open, `closed` leaves it out."""

    name: str
    locality: str
    annual_cost: int
    desks: int
    rooms: int = 0
    area_m2: float = 0.0
    exit_cost: int = 0
    free_after: float = 0.0
    opening_cost: int = 0
    carbon_kg: float = 0.0
    must_keep: bool = False
    closed: bool = False
    used_today: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team: its people (full-time equivalents), desks for each of them, rooms it meets families in, where it sits today,
    how far its people may be asked to travel, and on how many days a week they come in."""

    name: str
    people: float
    desk_ratio: float = 0.8
    rooms: int = 0
    now: str | None = None
    travel_cap: float = math.inf
    days_in: float = 3.0
    move_cost: int = 0
    families_a_week: float = 0.0

    @property
    def desks(self) -> int:
        """The desks it needs, whole. (The small subtraction: 0.8 × 10 must be eight desks, not nine.)"""
        return max(0, math.ceil(self.people * self.desk_ratio - 1e-9))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the comparison takes for granted.

    `years` is how far it looks, `discount` the rate of a year (.035: HM Treasury's Green Book, from memory and not verified),
    `minute_cost` what a minute of a worker's travel costs in pence, `family_minute_cost` what one of a family's is valued at,
    `weeks` the working weeks of a year, `carbon_per_minute` of travel in kilogrammes. `most_sites` holds the number of
    buildings, `split` allows a team two or more sites."""

    years: float = 5.0
    discount: float = 0.035
    minute_cost: int = 45
    family_minute_cost: int = 0
    weeks: float = 44.0
    carbon_per_minute: float = 0.0
    most_sites: int | None = None
    split: bool = True

    def worth(self, years: float) -> float:
        """What a pound a year is worth over so many years from today (paid through the year, discounted)."""
        if years <= 0:
            return 0.0
        if self.discount == 0:
            return years
        rate = math.log1p(self.discount)
        return (1 - math.exp(-rate * years)) / rate

    def later(self, years: float) -> float:
        """What a pound paid once, so many years from today, is worth."""
        return math.exp(-math.log1p(self.discount) * max(0.0, years))


@dataclass(frozen=True)
class Estate:
    """All of it. `minutes` is the staff's travel, teams × buildings; `family_minutes` that of the families a team sees, same
    shape (noughts where nobody knows it); `together` names pairs of teams that must sit in one building; `present` the
    localities that must keep a building."""

    buildings: tuple[Building, ...]
    teams: tuple[Team, ...]
    minutes: Array
    family_minutes: Array
    together: tuple[tuple[str, str], ...] = ()
    present: tuple[str, ...] = ()
    terms: Terms = field(default_factory=Terms)

    @property
    def places(self) -> Mapping[str, int]:
        """The column of each building."""
        return {each.name: place for place, each in enumerate(self.buildings)}

    @property
    def rows(self) -> Mapping[str, int]:
        """The row of each team."""
        return {each.name: row for row, each in enumerate(self.teams)}

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The rows of the teams that must sit together."""
        rows = self.rows
        return tuple((rows[one], rows[other]) for one, other in self.together)

    def yearly_travel(self) -> Array:
        """Minutes of staff travel in a year, there and back, if the whole team sat there: teams × buildings."""
        journeys = np.array([each.people * each.days_in * self.terms.weeks * 2 for each in self.teams])
        return np.asarray(journeys[:, None] * self.minutes, dtype=float)

    def yearly_family_travel(self) -> Array:
        """Minutes of families' travel in a year, there and back, if the whole team sat there: teams × buildings."""
        visits = np.array([each.families_a_week * self.terms.weeks * 2 for each in self.teams])
        return np.asarray(visits[:, None] * self.family_minutes, dtype=float)

    def within_reach(self) -> NDArray[np.bool_]:
        """Which building is within each team's travel cap (and not left out): teams × buildings."""
        caps = np.array([each.travel_cap for each in self.teams])
        open_to_all = np.array([not each.closed for each in self.buildings])
        return np.asarray((self.minutes <= caps[:, None]) & open_to_all[None, :])


def minutes_between(places: Array, others: Array, *, miles_an_hour: float = 20.0, winding: float = 1.35) -> Array:
    """Minutes by road between points on the national grid (metres; rows × 2 each) where nobody brought a table of journeys:
    the straight line, a third longer, at that speed. A fallback; it knows no river and no bus."""
    apart = np.hypot(places[:, None, 0] - others[None, :, 0], places[:, None, 1] - others[None, :, 1])
    return np.asarray(apart * winding / (miles_an_hour * 1609.344 / 60), dtype=float)
