"""Placing a family in a locality and with a team: by home, and by load. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from joinedup.front_door.rules import (
    ALL_FULL,
    LIGHTEST_LOAD,
    NEXT_LIGHTEST,
    NO_FIXED_ADDRESS,
    OUTSIDE_AREA,
    TWO_HOMES,
    Rule,
    listed,
)


@dataclass(frozen=True)
class Home:
    """One place a child lives in. `locality` is its code, "" outside the area or unknown."""

    lines: str
    locality: str
    locality_name: str
    is_no_fixed_address: bool = False
    has_postcode: bool = True

    def __str__(self) -> str:
        return (
            "no fixed address"
            if self.is_no_fixed_address
            else f"{self.lines} ({self.locality_name or 'outside the area'})"
        )


@dataclass(frozen=True)
class Placed:
    """The locality a family belongs to, by which rule and why. `locality` is "" when it lies outside the area."""

    locality: str
    rule: Rule
    reason: str


def place(homes: Sequence[Home], *, school: tuple[str, str] | None, duty: tuple[str, str]) -> Placed:
    """Where a child's homes (the main one first) put the family. `school` and `duty` are (code, name) of the locality
    of the child's school cluster, if known, and of the locality that takes those without an address."""
    main = homes[0] if homes else None
    if main is None or main.is_no_fixed_address or not main.has_postcode:
        where = (
            "has no fixed address" if main is None or main.is_no_fixed_address else "gave an address without a postcode"
        )
        if school is not None:
            return Placed(school[0], NO_FIXED_ADDRESS, f"The child {where}: the school is in {school[1]}.")
        return Placed(duty[0], NO_FIXED_ADDRESS, f"The child {where}: {duty[1]} takes those whose home is not known.")
    if not main.locality:
        return Placed("", OUTSIDE_AREA, f"The home at {main.lines} is outside the area.")
    others = [home for home in homes[1:] if str(home) != str(main)]
    if others:
        shown = listed([str(home) for home in others])
        return Placed(main.locality, TWO_HOMES, f"The main home is {main}; the child also lives at {shown}.")
    return Placed(main.locality, LIGHTEST_LOAD, f"The home is in {main.locality_name}.")


@dataclass(frozen=True)
class TeamLoad:
    """A case-management team: how many cases it has open, the most it takes, and whether it serves the locality."""

    team_id: UUID
    name: str
    open_cases: int
    cap: int
    serves: bool

    @property
    def share(self) -> float:
        """Open cases relative to the cap: 1 is full."""
        return self.open_cases / self.cap if self.cap else float(self.open_cases + 1)

    @property
    def is_full(self) -> bool:
        """One more would go over its cap."""
        return self.open_cases >= self.cap

    def __str__(self) -> str:
        return f"{self.name} has {self.open_cases} of {self.cap} cases"


@dataclass(frozen=True)
class Advised:
    """The team the rules advise, by which rule and why. `team_id` is None where a person must choose."""

    team_id: UUID | None
    rule: Rule
    reason: str
    needs_reason: bool = False


def advise(placed: Placed, teams: Sequence[TeamLoad]) -> Advised:
    """Which team takes a family (FD-42 to FD-47): the lightest load relative to the cap among those that serve the
    locality; where they are full the next lightest; where all are full the least over its cap, confirmed by a person.
    """
    if not placed.locality:
        return Advised(None, OUTSIDE_AREA, f"{placed.reason} {OUTSIDE_AREA.sentence}", needs_reason=True)
    by_load = sorted(teams, key=lambda team: (team.share, not team.serves, team.name))
    if not by_load:
        return Advised(None, ALL_FULL, f"{placed.reason} No team takes cases.", needs_reason=True)
    free = [team for team in by_load if not team.is_full]
    serving = next((team for team in free if team.serves), None)
    if serving is not None:
        return Advised(
            serving.team_id, placed.rule, f"{placed.reason} {serving}, the lightest load of those serving it."
        )
    full = listed([str(team) for team in by_load if team.serves]) or "no team serves the locality"
    if free:
        return Advised(
            free[0].team_id, NEXT_LIGHTEST, f"{placed.reason} {full}, so the next lightest takes it: {free[0]}."
        )
    least = by_load[0]
    return Advised(
        least.team_id,
        ALL_FULL,
        f"{placed.reason} Every team is full; {least}, the least over its limit.",
        needs_reason=True,
    )
