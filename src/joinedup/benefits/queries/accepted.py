"""Which rounds a board accepted, as the part above says that keeps the boards: it registers once, when the program starts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits.permissions import READ_PROGRAMMES


@dataclass(frozen=True)
class Accepted:
    """A round that was accepted: by which board, on which day, and the address of its decision."""

    board: str
    on: date
    href: str


Source = Callable[[Actor, Collection[UUID]], Mapping[UUID, Accepted]]
_source: list[Source] = []


def register_acceptances(source: Source) -> None:
    """Say who answers which rounds were accepted, as far as somebody may know it. Raises ValueError for a second one."""
    if _source and _source != [source]:
        raise ValueError("who knows which rounds were accepted is registered already")
    _source[:] = [source]


def accepted_rounds(viewer: Actor, ids: Collection[UUID]) -> Mapping[UUID, Accepted]:
    """Those of these rounds that a board accepted and whose decision the viewer may read; the caller has read the rounds."""
    check(viewer, READ_PROGRAMMES)
    return _source[0](viewer, ids) if _source and ids else {}
