"""Why no arrangement can be: what is wrong before anything is solved, said in sentences."""

from __future__ import annotations

from collections import Counter

import numpy as np

from joinedup.engines.colocation.model import Estate


class CannotBe(ValueError):
    """No arrangement keeps every condition. `reasons` are sentences; `without` names the conditions each of which, dropped
    alone, would let there be one."""

    def __init__(self, reasons: tuple[str, ...], without: tuple[str, ...] = ()) -> None:
        self.reasons = reasons
        self.without = without
        super().__init__(" ".join(reasons))


def faults(estate: Estate) -> tuple[str, ...]:
    """What is wrong with the data itself."""
    found = [
        f"The name {name} stands for more than one {kind}."
        for kind, names in (
            ("building", [each.name for each in estate.buildings]),
            ("team", [each.name for each in estate.teams]),
        )
        for name, times in Counter(names).items()
        if times > 1
    ]
    shape = (len(estate.teams), len(estate.buildings))
    if estate.minutes.shape != shape or estate.family_minutes.shape != shape:
        found.append(f"The table of journeys must have {shape[0]} rows (teams) and {shape[1]} columns (buildings).")
    elif not np.isfinite(estate.minutes).all() or (estate.minutes < 0).any():
        found.append("The table of journeys has something in it that is not a number of minutes.")
    known = {each.name for each in estate.teams}
    found += [
        f"{name} must sit with a team, and is not one."
        for pair in estate.together
        for name in pair
        if name not in known
    ]
    places = {each.name for each in estate.buildings}
    found += [
        f"{each.name} is said to sit in {each.now}, which is not among the buildings."
        for each in estate.teams
        if each.now is not None and each.now not in places
    ]
    for each in estate.buildings:
        if min(each.desks, each.rooms, each.exit_cost, each.opening_cost) < 0 or each.free_after < 0:
            found.append(f"{each.name} has desks, rooms, costs or years that are less than nought.")
        if each.must_keep and each.closed:
            found.append(f"{each.name} is both to be kept and to be left out.")
    return tuple(found)


def reasons(estate: Estate) -> tuple[str, ...]:
    """What makes an arrangement impossible whatever is chosen."""
    if found := faults(estate):
        return found
    reach = estate.within_reach()
    there = [each for each in estate.buildings if not each.closed]
    said: list[str] = []
    for kind, have, need in (
        ("desks", sum(each.desks for each in there), sum(each.desks for each in estate.teams)),
        ("rooms", sum(each.rooms for each in there), sum(each.rooms for each in estate.teams)),
    ):
        if need > have:
            said.append(f"The teams need {need:,} {kind}, and all the buildings together have {have:,}.")
    for row, team in enumerate(estate.teams):
        columns = np.flatnonzero(reach[row])
        if not len(columns):
            said.append(f"{team.name} has no building within {team.travel_cap:g} minutes.")
            continue
        roomy = max(estate.buildings[each].desks for each in columns)
        if team.desks > roomy and not estate.terms.split:
            said.append(f"{team.name} needs {team.desks} desks, and the largest building within its reach has {roomy}.")
    for one, other in estate.pairs():
        if not (reach[one] & reach[other]).any():
            said.append(
                f"{estate.teams[one].name} and {estate.teams[other].name} have no building within the reach of both."
            )
    said += [
        f"{locality} must keep a building, and has none."
        for locality in estate.present
        if not any(each.locality == locality for each in there)
    ]
    most, held = estate.terms.most_sites, sum(each.must_keep for each in there)
    if most is not None and held > most:
        said.append(f"{held} buildings must be kept, and at most {most} may be.")
    return tuple(said)
