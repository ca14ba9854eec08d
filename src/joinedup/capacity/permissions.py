"""Who may see how cases flow, try and keep scenarios, and run a testing phase."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import Role

_PLAN = frozenset({Role.PROGRAMME_MANAGER, Role.COMMISSIONER, Role.FRONT_DOOR_MANAGER, Role.DIRECTOR})
_READ = _PLAN | {
    Role.TEAM_MANAGER, Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR, Role.POOL_MANAGER, Role.GOVERNANCE_OFFICER,
    Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.AUDITOR,
}  # fmt: skip

READ_FLOW = declare("capacity.read_flow", "see how cases flow, scenarios and testing phases", roles=_READ)
TAKE_READING = declare("capacity.take_reading", "have the flow of cases read, or read it from a file", roles=_PLAN)
KEEP_SCENARIO = declare("capacity.keep_scenario", "keep a scenario and have it worked out", roles=_PLAN)
OFFER_SCENARIO = declare("capacity.offer_scenario", "put a scenario forward for a board’s agenda", roles=_PLAN)
KEEP_PHASE = declare(
    "capacity.keep_phase", "set up a testing phase, begin it, take it up again and end it",
    roles={Role.PROGRAMME_MANAGER, Role.DIRECTOR},
)  # fmt: skip
RECORD_INCIDENT = declare(
    "capacity.record_incident", "record a serious incident in a testing phase",
    roles=_PLAN | {Role.TEAM_MANAGER, Role.GOVERNANCE_OFFICER},
)  # fmt: skip
WATCH_PHASE = declare("capacity.watch_phase", "halt a testing phase (the program itself does)", roles=())
OPEN_GATE = declare("capacity.open_gate", "open the gate of a testing phase (a board’s decision does)", roles=())
