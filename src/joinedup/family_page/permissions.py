"""Who may do what with a family's pages."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import Role
from joinedup.casework.permissions import ADD_FAMILY, READ_CASES


def leads_or_manages(viewer: Actor, case: Any) -> bool:
    """The lead professional of a case, or whoever manages its team."""
    managers = {Role.TEAM_MANAGER, Role.STATUTORY_OFFICER}
    return case.lead_professional_id in viewer.post_ids or any(
        each.role in managers and each.team_id == case.team_id for each in viewer.standings
    )


def covers(viewer: Actor, case: Any) -> bool:
    """Whoever leads or manages, and the deputy: what a family writes is read when the lead is away."""
    return leads_or_manages(viewer, case) or (case.deputy_id is not None and case.deputy_id in viewer.post_ids)


_LEADS = "for a case they lead or whose team they manage"
_COVERS = "for a case they lead, deputise in, or whose team they manage"
_ROLES = ADD_FAMILY.roles

READ_PAGES = declare(
    "family_page.read_pages", "see who of a family has a page and what was shared with them", roles=READ_CASES.roles
)
OPEN_PAGE = declare(
    "family_page.open_page", "open a page for a member of the family", roles=_ROLES, within=leads_or_manages,
    within_sentence=_LEADS,
)  # fmt: skip
SEND_LINK = declare(
    "family_page.send_link", "send a member of the family a new link to their page", roles=_ROLES,
    within=lambda viewer, page: leads_or_manages(viewer, page.case), within_sentence=_LEADS,
)  # fmt: skip
CLOSE_PAGE = declare(
    "family_page.close_page", "close the page of a member of the family", roles=_ROLES,
    within=lambda viewer, page: covers(viewer, page.case), within_sentence=_COVERS,
)  # fmt: skip
RELEASE = declare(
    "family_page.release", "share something with a member of the family, or take it back", roles=_ROLES,
    within=lambda viewer, page: leads_or_manages(viewer, page.case), within_sentence=_LEADS,
)  # fmt: skip
MARK_ABUSE = declare(
    "family_page.mark_abuse", "record for the family's pages that domestic abuse is a factor", roles=_ROLES,
    within=covers, within_sentence=_COVERS,
)  # fmt: skip
READ_MESSAGES = declare(
    "family_page.read_messages", "read and answer what a family writes", roles=_ROLES,
    within=lambda viewer, page: covers(viewer, page.case), within_sentence=_COVERS,
)  # fmt: skip
SEE_MESSAGES = declare("family_page.see_messages", "see which messages of families wait for them", roles=_ROLES)
USE_OWN_PAGE = declare(
    "family_page.use_own_page", "read and use their own page, with their link and a code", roles=(), public=True
)
KEEP_PAGES = declare(
    "family_page.keep_pages", "close what must be closed, and tell managers what nobody has read", roles=()
)
