"""Who may see the whole loop: numbers of the whole partnership, and nobody’s name."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role

READ_LOOP = declare(
    "web.read_loop",
    "see the whole loop from contact to benefit in numbers",
    roles=(FINANCE - {Role.BUDGET_HOLDER})
    | {
        Role.DIRECTOR,
        Role.BOARD_MEMBER,
        Role.SCRUTINY_MEMBER,
        Role.GOVERNANCE_OFFICER,
        Role.COMMISSIONER,
        Role.PROGRAMME_MANAGER,
        Role.FRONT_DOOR_MANAGER,
        Role.TEAM_MANAGER,
    },
)
