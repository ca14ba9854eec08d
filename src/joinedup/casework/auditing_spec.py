"""What a version of the quality audit tool is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class AuditItem:
    """One thing an auditor looks for; `look` says where."""

    code: str
    words: str
    look: str = ""


@dataclass(frozen=True)
class AuditGroup:
    """Items under one heading."""

    code: str
    title: str
    items: tuple[AuditItem, ...]


@dataclass(frozen=True)
class AuditSpec:
    """A version of the tool. `source` says where it comes from, and `is_verified` whether somebody has compared it."""

    version: int
    groups: tuple[AuditGroup, ...]
    source: str
    is_verified: bool

    @property
    def items(self) -> Iterator[AuditItem]:
        """Every item in its order."""
        return (item for group in self.groups for item in group.items)
