"""Who may do what with measures and readings."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import Role

_WORK_WITH_FAMILIES = {Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER}
_KEEP = {Role.INFORMATION_GOVERNANCE, Role.SYSTEM_ADMINISTRATOR}

READ_MEASURES = declare("outcomes.read_measures", "see what outcomes are measured by", roles=set(Role))
ADD_MEASURE = declare("outcomes.add_measure", "add a measure of outcomes", roles=_KEEP)
END_MEASURE = declare("outcomes.end_measure", "end a measure of outcomes", roles=_KEEP)
# Whose outcome it is, and who may write there, the part that holds the plan decides.
RECORD_BASELINE = declare("outcomes.record_baseline", "record where somebody started", roles=_WORK_WITH_FAMILIES)
RECORD_READING = declare("outcomes.record_reading", "record how far somebody has come", roles=_WORK_WITH_FAMILIES)
