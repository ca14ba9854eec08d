"""The families somebody in a referral belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.person_index.queries import families_of


@dataclass(frozen=True)
class FamilyAbout:
    """A present family of somebody asked for: who of them is in it, and the members the viewer may see."""

    family_id: UUID
    name: str
    people: frozenset[UUID]
    members: tuple[str, ...]
    shown: frozenset[UUID]


def families_about(viewer: Actor, person_ids: Iterable[UUID]) -> list[FamilyAbout]:
    """The present families of several people, by name. The caller audits whom it shows."""
    ids = set(person_ids)
    if not ids:
        return []
    found = []
    for record in families_of(viewer, ids):
        members = {member.person_id: member.name for member in record.members}
        if ids & set(members):
            found.append(
                FamilyAbout(
                    record.id,
                    record.name,
                    frozenset(ids & set(members)),
                    tuple(members.values()),
                    frozenset(members),
                )
            )
    return found
