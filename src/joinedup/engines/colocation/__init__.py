"""Shared buildings: which to keep, who goes where, what leaving each brings, where outreach points reach most people. Useful
from a notebook; nothing here knows of a database, a clock or another engine.

    found = arrange(estate)                  # raises CannotBe with every reason
    found.exits, found.sums.worth, found.gap
    sums_of(estate, *today(estate))          # the same sums, as things are
    cost_of_access(estate, (20, 30, 45))     # what a tighter cap on travel costs
    projects(estate)                         # one building at a time, and what each unlocks
    most_reached(minutes, weights, 15, 8)    # where eight outreach points reach most people within 15 minutes
"""

from joinedup.engines.colocation.arrangement import Arrangement, Exit, Placement, Sums, sums_of, today
from joinedup.engines.colocation.comparing import Point, Project, cost_of_access, projects
from joinedup.engines.colocation.covering import NotCovered, Points, fewest_points, most_reached, nearest_points
from joinedup.engines.colocation.desks import desks_needed, desks_pooled
from joinedup.engines.colocation.model import Building, Estate, Team, Terms, minutes_between
from joinedup.engines.colocation.optimising import Stage, arrange
from joinedup.engines.colocation.refusing import CannotBe, faults, reasons

__all__ = [
    "Arrangement",
    "Building",
    "CannotBe",
    "Estate",
    "Exit",
    "NotCovered",
    "Placement",
    "Point",
    "Points",
    "Project",
    "Stage",
    "Sums",
    "Team",
    "Terms",
    "arrange",
    "cost_of_access",
    "desks_needed",
    "desks_pooled",
    "faults",
    "fewest_points",
    "minutes_between",
    "most_reached",
    "nearest_points",
    "projects",
    "reasons",
    "sums_of",
    "today",
]
