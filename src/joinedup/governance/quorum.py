"""Who must be there for a board to decide, and what a vote comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AtTable:
    """Somebody present: the seat they hold, for which body, whether they vote, and whether they withdrew from the item."""

    seat_id: UUID
    organisation_id: UUID | None
    has_vote: bool
    has_withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """A seat without a vote never makes a quorum; whoever withdrew is not there for that item."""
        return self.has_vote and not self.has_withdrawn


@dataclass(frozen=True)
class Quorum:
    """How many voting members there were, from how many bodies, and how many the terms of reference ask for."""

    members: int
    bodies: int
    members_needed: int
    bodies_needed: int

    @property
    def is_met(self) -> bool:
        """Both are reached."""
        return self.members >= self.members_needed and self.bodies >= self.bodies_needed

    @property
    def words(self) -> str:
        """Such as “3 of the 4 voting members and 2 of the 2 bodies it needs were there”."""
        return (
            f"{self.members} voting members of {self.bodies} bodies were there; "
            f"the terms of reference ask for {self.members_needed} of {self.bodies_needed}"
        )


def quorum_of(table: Iterable[AtTable], *, members_needed: int, bodies_needed: int) -> Quorum:
    """Count who is there for an item; one person in two seats is two seats, one body in two seats one body."""
    there = [each for each in table if each.counts]
    bodies = {each.organisation_id for each in there if each.organisation_id is not None}
    return Quorum(len({each.seat_id for each in there}), len(bodies), members_needed, bodies_needed)


@dataclass(frozen=True)
class Result:
    """What a vote came to. With as many for as against the chair’s vote settles it, a second time."""

    votes_for: int
    against: int
    abstained: int
    carried: bool
    by_casting_vote: bool

    @property
    def words(self) -> str:
        """Such as “5 for, 1 against, 1 abstained; carried”."""
        parts = [f"{self.votes_for} for", f"{self.against} against"]
        if self.abstained:
            parts.append(f"{self.abstained} abstained")
        end = "carried" if self.carried else "not carried"
        return f"{', '.join(parts)}; {end}{' by the chair’s casting vote' if self.by_casting_vote else ''}"


def result_of(votes: Iterable[str], chair: str = "") -> Result:
    """Count votes (`for`, `against`, `abstained`). A tie is settled by how the chair voted; a chair who abstained or is not
    there leaves things as they are: not carried."""
    said = list(votes)
    votes_for, against = said.count("for"), said.count("against")
    is_tie = votes_for == against and votes_for > 0
    casting = is_tie and chair in {"for", "against"}
    carried = votes_for > against or (casting and chair == "for")
    return Result(votes_for, against, said.count("abstained"), carried, casting)
