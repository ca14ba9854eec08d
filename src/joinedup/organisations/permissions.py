"""Who may see the partnership's organisations, teams and posts, and who keeps them."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import Role

_ADMINISTRATOR = {Role.SYSTEM_ADMINISTRATOR}

SEE_PARTNERSHIP = declare(
    "organisations.see_partnership", "see the partnership's organisations, teams and posts", roles=set(Role)
)
OPEN_ORGANISATION = declare("organisations.open_organisation", "enter an organisation", roles=_ADMINISTRATOR)
CLOSE_ORGANISATION = declare("organisations.close_organisation", "close an organisation", roles=_ADMINISTRATOR)
SUCCEED_ORGANISATION = declare(
    "organisations.succeed_organisation", "record that one organisation takes over from another", roles=_ADMINISTRATOR
)
KEEP_PLACES = declare(
    "organisations.keep_places", "keep localities, their postcodes and school clusters", roles=_ADMINISTRATOR
)
KEEP_TEAMS = declare("organisations.keep_teams", "keep teams and the localities they serve", roles=_ADMINISTRATOR)
APPOINT_TO_POST = declare("organisations.appoint_to_post", "appoint somebody to a post", roles=_ADMINISTRATOR)
APPROVE_APPOINTMENT = declare(
    "organisations.approve_appointment",
    "agree to a post with much power that another person proposed",
    roles={Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE},
)
END_POST = declare("organisations.end_post", "end a post", roles=_ADMINISTRATOR)
EXTEND_POST = declare("organisations.extend_post", "extend a post", roles=_ADMINISTRATOR)
