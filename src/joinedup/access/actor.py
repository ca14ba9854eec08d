"""Who is acting, and on what standing, at one moment. Built once per request, never kept longer (ASVS 8.3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from joinedup.access.roles import Role


@dataclass(frozen=True)
class Standing:
    """One post as it gives rights: a role, in a team, for an organisation. `source_id` is the post's id."""

    role: Role
    source_id: UUID
    title: str
    organisation_id: UUID
    organisation_name: str
    team_id: UUID | None = None
    is_registered_social_worker: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Actor:
    """A person, a system, or the public at work. `via` is web, api, cli, public or system.

    A viewer is the same thing when it only reads.
    """

    account_id: UUID | None
    name: str
    at: datetime
    via: str = "web"
    standings: tuple[Standing, ...] = field(default=())

    @property
    def is_signed_in(self) -> bool:
        """True for an account; false for the public and for the program itself."""
        return self.account_id is not None

    @property
    def is_system(self) -> bool:
        """The program itself: imports, the keeper, the demo loader."""
        return self.via in {"cli", "system"} and self.account_id is None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held at this moment."""
        return frozenset(standing.role for standing in self.standings)

    @property
    def team_ids(self) -> frozenset[UUID]:
        """Every team the person works in at this moment."""
        return frozenset(standing.team_id for standing in self.standings if standing.team_id)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """Every organisation the person stands for at this moment."""
        return frozenset(standing.organisation_id for standing in self.standings)

    @property
    def post_ids(self) -> frozenset[UUID]:
        """Every post held at this moment."""
        return frozenset(standing.source_id for standing in self.standings)

    def has_role(self, *roles: Role) -> bool:
        """True when any of the roles is held."""
        return not self.roles.isdisjoint(roles)

    def standing_as(self, roles: Iterable[Role]) -> Standing | None:
        """The first standing with one of the roles, or None."""
        wanted = set(roles)
        return next((standing for standing in self.standings if standing.role in wanted), None)


def public(at: datetime) -> Actor:
    """Somebody who is not signed in, on a public page."""
    return Actor(account_id=None, name="Member of the public", at=at, via="public")


def system(at: datetime, name: str = "Joinedup") -> Actor:
    """The program itself, for work nobody asked for by hand."""
    return Actor(account_id=None, name=name, at=at, via="system")
