"""What was found: which buildings are kept, who sits where, what it costs and saves, who travels how far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.engines.colocation.model import Building, Estate, Team


@dataclass(frozen=True, slots=True)
class Placement:
    """A team, or a part of one, in a building: `desks` of it, `share` of the team."""

    team: str
    building: str
    desks: int
    share: float


@dataclass(frozen=True, slots=True)
class Exit:
    """A building that is left: in how many years it can be, what leaving costs, what a year without it saves (pence)."""

    building: str
    after_years: float
    exit_cost: int
    annual_saving: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What an arrangement comes to. Money in pence, travel in minutes."""

    annual_cost: int
    one_off: int
    worth: int
    buildings: int
    area_m2: float
    desks: int
    desks_used: int
    staff_minutes_a_year: float
    family_minutes_a_year: float
    longest_journey: float
    carbon_kg: float


@dataclass(frozen=True)
class Arrangement:
    """An answer with its proof: no arrangement costs less than `bound` (pence, over the years compared), and this one costs
    `worth`; `gap` is the share between them. `in_time` is False where the time ended before the gap was reached."""

    kept: tuple[str, ...]
    placements: tuple[Placement, ...]
    exits: tuple[Exit, ...]
    sums: Sums
    bound: int
    gap: float
    in_time: bool
    rooms_short: int = 0

    def of(self, team: str) -> tuple[Placement, ...]:
        """Where one team sits."""
        return tuple(each for each in self.placements if each.team == team)

    def moved(self, estate: Estate) -> tuple[Placement, ...]:
        """The placements of teams that sit elsewhere today, or are new."""
        now = {each.name: each.now for each in estate.teams}
        return tuple(each for each in self.placements if now[each.team] != each.building)


def exit_of(building: Building, estate: Estate) -> Exit:
    """What leaving a building comes to."""
    return Exit(building.name, building.free_after, building.exit_cost, building.annual_cost)


def sums_of(estate: Estate, kept: frozenset[str], placements: tuple[Placement, ...]) -> Sums:
    """The sums of any arrangement, whoever made it: the same figures before and after."""
    terms, places, rows = estate.terms, estate.places, estate.rows
    staff, families = estate.yearly_travel(), estate.yearly_family_travel()
    teams = {each.name: each for each in estate.teams}
    cells = [(rows[each.team], places[each.building], each) for each in placements]
    staff_minutes = float(sum(staff[row, place] * each.share for row, place, each in cells))
    family_minutes = float(sum(families[row, place] * each.share for row, place, each in cells))
    open_now = [each for each in estate.buildings if each.name in kept]
    left = [each for each in estate.buildings if each.used_today and each.name not in kept]
    taken = [each for each in open_now if not each.used_today]
    moves = sum(_move_cost(teams[each.team], each) for each in placements)
    one_off = sum(each.exit_cost for each in left) + sum(each.opening_cost for each in taken) + moves
    travel = terms.worth(terms.years) * (staff_minutes * terms.minute_cost + family_minutes * terms.family_minute_cost)
    return Sums(
        annual_cost=sum(each.annual_cost for each in open_now),
        one_off=one_off,
        worth=round(
            sum(_kept_worth(each, estate) for each in open_now) + sum(_left_worth(each, estate) for each in left)
        )
        + moves
        + round(travel),
        buildings=len(open_now),
        area_m2=sum(each.area_m2 for each in open_now),
        desks=sum(each.desks for each in open_now),
        desks_used=sum(each.desks for each in placements),
        staff_minutes_a_year=staff_minutes,
        family_minutes_a_year=family_minutes,
        longest_journey=max((float(estate.minutes[row, place]) for row, place, _ in cells), default=0.0),
        carbon_kg=sum(each.carbon_kg for each in open_now) + terms.carbon_per_minute * (staff_minutes + family_minutes),
    )


def _move_cost(team: Team, placement: Placement) -> int:
    return 0 if team.now == placement.building else round(team.move_cost * placement.share)


def _kept_worth(building: Building, estate: Estate) -> float:
    terms = estate.terms
    return building.annual_cost * terms.worth(terms.years) + (0 if building.used_today else building.opening_cost)


def _left_worth(building: Building, estate: Estate) -> float:
    """A building that is left is paid for until it can be left; one nobody uses costs nothing while it stays so."""
    terms = estate.terms
    if not building.used_today:
        return 0.0
    paid = min(building.free_after, terms.years)
    return building.annual_cost * terms.worth(paid) + building.exit_cost * terms.later(building.free_after)


def building_weights(estate: Estate) -> tuple[np.ndarray, np.ndarray]:
    """What each building costs over the years compared if it is kept, and if it is not (pence)."""
    kept = np.array([_kept_worth(each, estate) for each in estate.buildings])
    left = np.array([_left_worth(each, estate) for each in estate.buildings])
    return kept, left


def team_weights(estate: Estate) -> np.ndarray:
    """What each team costs in travel and moving over the years compared, if all of it sits there (pence)."""
    terms = estate.terms
    yearly = estate.yearly_travel() * terms.minute_cost + estate.yearly_family_travel() * terms.family_minute_cost
    moving = np.array(
        [[0 if team.now == each.name else team.move_cost for each in estate.buildings] for team in estate.teams]
    )
    return np.asarray(yearly * terms.worth(terms.years) + moving.reshape(yearly.shape), dtype=float)


def today(estate: Estate) -> tuple[frozenset[str], tuple[Placement, ...]]:
    """The buildings used today and where the teams sit in them, to compare with."""
    used = frozenset(each.name for each in estate.buildings if each.used_today)
    sits = tuple(Placement(each.name, each.now, each.desks, 1.0) for each in estate.teams if each.now is not None)
    return used, sits
