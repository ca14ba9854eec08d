"""Who is in a strand: what is asked of case work to find its families, and what a refresh changes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Criteria:
    """A family is found when its case is open and every kind of thing that is asked is there; of one kind, any will do.
    `teams` and `localities` are ids as text."""

    levels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    statutory: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()

    @property
    def asks_anything(self) -> bool:
        """Without a single thing asked nobody is found: a strand is not everybody."""
        return any(getattr(self, each.name) for each in fields(self))

    def as_data(self) -> dict[str, list[str]]:
        """As it is stored."""
        return {each.name: list(getattr(self, each.name)) for each in fields(self) if getattr(self, each.name)}


KINDS: dict[str, str] = {
    "levels": "Level of need",
    "needs": "Need in the family plan",
    "factors": "Factor in a signed assessment",
    "statutory": "Statutory plan in force",
    "teams": "Team",
    "localities": "Locality",
}


def criteria_of(data: Mapping[str, Any]) -> Criteria:
    """As it was stored."""
    return Criteria(**{name: tuple(str(each) for each in data.get(name, ())) for name in KINDS})


def in_words(criteria: Criteria, labels: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """What is asked, kind by kind, for a page. `labels` names the codes of each kind."""
    return [
        (title, " or ".join(labels.get(kind, {}).get(code, code) for code in getattr(criteria, kind)))
        for kind, title in KINDS.items()
        if getattr(criteria, kind)
    ]


@dataclass(frozen=True)
class Change(Generic[Key]):
    """What a refresh does: who comes in, and who of those found by rule before is found no more."""

    enter: frozenset[Key]
    leave: frozenset[Key]


def change_to(found: Collection[Key], present: Mapping[Key, str]) -> Change[Key]:
    """`present` says of each family that is in the strand how it came in. Those put in by hand or from a list stay until
    somebody takes them out."""
    now = frozenset(found)
    by_rule = {key for key, source in present.items() if source == "rule"}
    return Change(enter=now - frozenset(present), leave=frozenset(by_rule - now))
