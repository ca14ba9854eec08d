"""The people of the demo who sit on boards and keep them. Everybody is invented, and named so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.access.services import open_account
from joinedup.organisations.queries import organisation_with_code
from joinedup.organisations.services import appoint_to_post

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_STARTED = timedelta(days=400)


@dataclass(frozen=True)
class Part:
    """Somebody with a post at a body."""

    name: str
    title: str
    role: Role
    employer: str
    domain: str


CAST: tuple[Part, ...] = (
    Part("Gale Testminute", "Governance officer", Role.GOVERNANCE_OFFICER, "COUNCIL", "council"),
    Part("Corin Testchief", "Chief executive", Role.DIRECTOR, "COUNCIL", "council"),
    Part("Dora Testdirector", "Director of children’s services", Role.DIRECTOR, "COUNCIL", "council"),
    Part("Nolan Mockdirector", "Accountable officer", Role.DIRECTOR, "NHS", "nhs"),
    Part("Imogen Samplechief", "Chief constable", Role.DIRECTOR, "POLICE", "police"),
    Part("Petra Testprobe", "Head of probation", Role.DIRECTOR, "PROBATION", "probation"),
    Part("Jonah Testwork", "District manager", Role.DIRECTOR, "JOBCENTRE", "jobcentre"),
    Part("Homer Mockhome", "Chief executive", Role.DIRECTOR, "HOUSING", "homes"),
    Part("Bea Testmember", "Leader of the council", Role.BOARD_MEMBER, "COUNCIL", "council"),
    Part("Scott Testscrutiny", "Chair of scrutiny", Role.SCRUTINY_MEMBER, "COUNCIL", "council"),
)


def load(*, at: datetime) -> dict[str, Post]:
    """Open their accounts and appoint them; by name."""
    began = at - _STARTED
    by = system(began)
    found = {}
    for part in CAST:
        address = f"{part.name.lower().replace(' ', '.')}@{part.domain}.example"
        account = open_account(email=address, name=part.name, password=None, is_demo=True, by=by, at=began)
        found[part.name] = appoint_to_post(
            account=account, title=part.title, role=part.role, employer=organisation_with_code(by, part.employer),
            starts_at=began, by=by, at=began,
        )  # fmt: skip
    return found
