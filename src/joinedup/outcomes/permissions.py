"""Who may do what with measures and readings."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role

_WORK_WITH_FAMILIES = {Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER}
_KEEP = {Role.INFORMATION_GOVERNANCE, Role.SYSTEM_ADMINISTRATOR}

READ_MEASURES = declare("outcomes.read_measures", "see what outcomes are measured by", roles=set(Role))
ADD_MEASURE = declare("outcomes.add_measure", "add a measure of outcomes", roles=_KEEP)
END_MEASURE = declare("outcomes.end_measure", "end a measure of outcomes", roles=_KEEP)
# Whose outcome it is, and who may write there, the part that holds the plan decides.
RECORD_BASELINE = declare("outcomes.record_baseline", "record where somebody started", roles=_WORK_WITH_FAMILIES)
RECORD_READING = declare("outcomes.record_reading", "record how far somebody has come", roles=_WORK_WITH_FAMILIES)

# --- What the whole partnership is measured by: numbers of many people, and of nobody.
_KEEP_SERIES = frozenset({Role.PROGRAMME_MANAGER, Role.COMMISSIONER})
_MANAGERS = frozenset({Role.TEAM_MANAGER, Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE})
_BOARDS = frozenset({Role.DIRECTOR, Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.GOVERNANCE_OFFICER})
READ_SERIES = declare(
    "outcomes.read_series",
    "see what the whole partnership’s outcomes come to",
    roles=_KEEP_SERIES | FINANCE | _MANAGERS | _BOARDS,
)
KEEP_SERIES = declare(
    "outcomes.keep_series",
    "say what the partnership’s outcomes are and how they are measured",
    roles=_KEEP_SERIES,
)
SET_TARGET = declare("outcomes.set_target", "set what an outcome shall have come to and when", roles=_KEEP_SERIES)
WRITE_READING = declare(
    "outcomes.write_reading", "write down or correct a reading of the partnership", roles=_KEEP_SERIES
)
IMPORT_READINGS = declare(
    "outcomes.import_readings", "bring in a file of readings of the partnership", roles=_KEEP_SERIES
)
COMPARE_SERIES = declare("outcomes.compare_series", "say how far a change is the work’s doing", roles=_KEEP_SERIES)
COUNT_READINGS = declare("outcomes.count_readings", "count readings from the work itself", roles=())
