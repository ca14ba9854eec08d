"""Every write of capacity, by noun."""

from joinedup.capacity.services.reading import (
    READ,
    look_after_capacity,
    read_file,
    read_partnership,
    start_reading,
)
from joinedup.capacity.services.scenarios import (
    WORK_OUT,
    ScenarioSaid,
    keep_scenario,
    offer_scenario,
    run_again,
    start_in_full,
    work_out_in_full,
)
from joinedup.capacity.services.testing import (
    PhaseSaid,
    begin_phase,
    end_phase,
    open_gate,
    record_incident,
    resume_phase,
    set_up_phase,
    watch_phases,
)

__all__ = [
    "READ",
    "WORK_OUT",
    "PhaseSaid",
    "ScenarioSaid",
    "begin_phase",
    "end_phase",
    "keep_scenario",
    "look_after_capacity",
    "offer_scenario",
    "open_gate",
    "read_file",
    "read_partnership",
    "record_incident",
    "resume_phase",
    "run_again",
    "set_up_phase",
    "start_in_full",
    "start_reading",
    "watch_phases",
    "work_out_in_full",
]
