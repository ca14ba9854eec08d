"""What outcomes learns of families from parts above it, which register here: groups of families a series may be read for,
and whose family a record is that a baseline belongs to.

A group is known by a key of its kind (`benefits.strand:` and an id). Whoever registers a kind says which groups somebody may
choose, and which families were in each from which day to which; nothing else of them is asked. Registered once, when the
program starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class Group:
    """A group of families somebody may choose."""

    key: str
    name: str
    definition: str


@dataclass(frozen=True)
class Belonging:
    """A family in a group from a day to a day, both included; None for no last day yet."""

    family_id: UUID
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the family was in the group on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class GroupKind:
    """A kind of group: `offered` are those somebody may choose, `families` who was in each of some keys. The second is for
    counting only; whoever reads the number sees nobody."""

    code: str
    title: str
    offered: Callable[[Actor], Sequence[Group]]
    families: Callable[[Actor, Collection[str]], Mapping[str, Sequence[Belonging]]]


_KINDS: dict[str, GroupKind] = {}
_FAMILIES: dict[str, Callable[[Actor, Collection[str]], Mapping[str, UUID]]] = {}


def register_groups(kind: GroupKind) -> None:
    """Make a kind of group known. Raises ValueError where another has its code."""
    if _KINDS.get(kind.code, kind) != kind:
        raise ValueError(f"a kind of group {kind.code} is registered already")
    _KINDS[kind.code] = kind


def register_families(subject_kind: str, families: Callable[[Actor, Collection[str]], Mapping[str, UUID]]) -> None:
    """Say whose family the records of a kind are about, by their ids: for outcomes of a whole family."""
    _FAMILIES[subject_kind] = families


def groups_offered(viewer: Actor) -> list[Group]:
    """Every group somebody may choose, kind by kind."""
    return [group for kind in _KINDS.values() for group in kind.offered(viewer)]


def families_in(viewer: Actor, keys: Iterable[str]) -> dict[str, list[Belonging]]:
    """Who was in each of these groups; a key of a kind nobody registered has nobody."""
    found: dict[str, list[Belonging]] = {key: [] for key in keys}
    for kind in _KINDS.values():
        mine = [key for key in found if key.partition(":")[0] == kind.code]
        if mine:
            for key, rows in kind.families(viewer, mine).items():
                found[key] = list(rows)
    return found


def families_of_subjects(viewer: Actor, subjects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """The family of each of these records (kind and id), where a part said so; a call for each kind."""
    by_kind: dict[str, set[str]] = {}
    for kind, subject_id in subjects:
        by_kind.setdefault(kind, set()).add(subject_id)
    found: dict[tuple[str, str], UUID] = {}
    for kind, ids in by_kind.items():
        if kind in _FAMILIES:
            found |= {(kind, subject_id): family for subject_id, family in _FAMILIES[kind](viewer, ids).items()}
    return found
