"""Who answers for a team's cases now, and so whom every clock of casework tells. Pure: the one definition of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Protocol, TypeVar
from uuid import UUID

from joinedup.access.roles import Role

# Whoever manages a team; a statutory team's officers answer for it as a manager does for theirs.
ANSWER_FOR_TEAM = frozenset({Role.TEAM_MANAGER, Role.STATUTORY_OFFICER})
_OFFICERS = frozenset({Role.STATUTORY_OFFICER, Role.DESIGNATED_OFFICER})
MAY_ANSWER = ANSWER_FOR_TEAM | _OFFICERS | {Role.DIRECTOR, Role.SYSTEM_ADMINISTRATOR}


class Rung(IntEnum):
    """How far up somebody was found: each is asked only where the one before it holds nobody."""

    TEAM = 1  # manages the team, or is an officer of it
    OFFICER = 2  # a statutory or designated officer, of the team's host before any other
    DIRECTOR = 3  # the last resort, of the team's host before any other
    KEEPER = 4  # there is not even a director: whoever keeps posts and accounts can name one; holds no duty


class Held(Protocol):
    """A post held now, as far as this needs it."""

    @property
    def role(self) -> str:
        """What the post carries."""

    @property
    def team_id(self) -> UUID | None:
        """In which team, if any."""

    @property
    def host_id(self) -> UUID:
        """At which organisation."""


AnyPost = TypeVar("AnyPost", bound=Held)


def who_answers(
    posts: Iterable[AnyPost], team_id: UUID, host_id: UUID, *, statutory: bool = False
) -> tuple[Rung | None, tuple[AnyPost, ...]]:
    """Who answers for a team hosted by an organisation, of the posts held now, in the order given: its managers and
    statutory officers together, officers first where `statutory` social work is open; where there is none, the officers of
    its host, then any; then the directors of its host, then any; then whoever keeps accounts. Who comes first holds the
    duty. None, and nobody, only where nobody holds any of these posts."""
    held = list(posts)
    of_team = [each for each in held if each.role in ANSWER_FOR_TEAM and each.team_id == team_id]
    if of_team:
        first = Role.STATUTORY_OFFICER if statutory else Role.TEAM_MANAGER
        return Rung.TEAM, tuple(sorted(of_team, key=lambda each: each.role != first))
    for rung, roles in (
        (Rung.OFFICER, _OFFICERS),
        (Rung.DIRECTOR, frozenset({Role.DIRECTOR})),
        (Rung.KEEPER, frozenset({Role.SYSTEM_ADMINISTRATOR})),
    ):
        fit = [each for each in held if each.role in roles]
        near = [each for each in fit if each.host_id == host_id] or fit
        if near:
            return rung, tuple(sorted(near, key=lambda each: each.role != Role.STATUTORY_OFFICER))
    return None, ()


def comes_to_you(rung: Rung | None, team: str) -> str:
    """What a message says besides to somebody outside the team: they may see nothing of the case, and have to see to it that
    somebody does."""
    if rung in {None, Rung.TEAM}:
        return ""
    return f" Nobody manages {team} now, so this comes to you: see to it that somebody does."
