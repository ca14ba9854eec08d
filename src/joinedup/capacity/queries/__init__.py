"""Every read of capacity, by noun."""

from joinedup.capacity.queries.flow import newest_reading, reading_seen, readings_list
from joinedup.capacity.queries.scenarios import (
    offered_scenarios,
    scenario_for_change,
    scenario_seen,
    scenarios_list,
)
from joinedup.capacity.queries.testing import (
    invented_phases,
    phase_awaiting,
    phase_for_change,
    phase_seen,
    phases_awaiting,
    phases_list,
)

__all__ = [
    "invented_phases",
    "newest_reading",
    "offered_scenarios",
    "phase_awaiting",
    "phase_for_change",
    "phase_seen",
    "phases_awaiting",
    "phases_list",
    "reading_seen",
    "readings_list",
    "scenario_for_change",
    "scenario_seen",
    "scenarios_list",
]
