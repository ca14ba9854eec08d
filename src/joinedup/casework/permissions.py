"""Who may do what with a case."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR, Role


def _manages_the_team(viewer: Actor, case: Any) -> bool:
    return any(standing.role == Role.TEAM_MANAGER and standing.team_id == case.team_id for standing in viewer.standings)


def _leads_or_manages(viewer: Actor, case: Any) -> bool:
    return case.lead_professional_id in viewer.post_ids or _manages_the_team(viewer, case)


_OWN_TEAM = "for a case of their own team"
_LEADS = "for a case they lead or whose team they manage"

# Whoever is in a team around a child, of whichever partner; which cases is a matter of rows, not of roles.
READ_CASES = declare(
    "casework.read_cases",
    "see cases",
    roles={Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
)
READ_TEAM_LOADS = declare(
    "casework.read_team_loads", "see how many open cases each team has", roles=FRONT_DOOR | {Role.TEAM_MANAGER}
)
FIND_OPEN_CASE = declare("casework.find_open_case", "see whether a family has an open case", roles=FRONT_DOOR)
OPEN_CASE = declare("casework.open_case", "open a case", roles=FRONT_DOOR)
NAME_LEAD_PROFESSIONAL = declare(
    "casework.name_lead_professional",
    "name the lead professional of a case",
    roles={Role.TEAM_MANAGER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
ADD_MEMBER = declare(
    "casework.add_member",
    "add somebody to the team around the child",
    roles={Role.TEAM_MANAGER, Role.KEY_WORKER},
    within=_leads_or_manages,
    within_sentence=_LEADS,
)
REMOVE_MEMBER = declare(
    "casework.remove_member",
    "end somebody's place in the team around the child",
    roles={Role.TEAM_MANAGER, Role.KEY_WORKER},
    within=lambda viewer, member: _leads_or_manages(viewer, member.case),
    within_sentence=_LEADS,
)
CLOSE_CASE = declare(
    "casework.close_case",
    "close a case",
    roles={Role.TEAM_MANAGER},
    within=_manages_the_team,
    within_sentence=_OWN_TEAM,
)
BRING_CASES_OVER = declare(
    "casework.bring_cases_over", "bring open cases over from an old system", roles=()
)  # at go-live, from the command line
RECONCILE_CASES = declare("casework.reconcile_cases", "reconcile cases with an old system's", roles=())
