"""Which locality a postcode sector lies in, and an area as the beginnings of postcodes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar
from uuid import UUID

Place = TypeVar("Place")


def place_of(sector: str, places: Mapping[str, Place]) -> Place | None:
    """What the longest known beginning of a sector ("ZZ6 9") or postcode says."""
    for end in range(len(sector), 0, -1):
        found = places.get(sector[:end].rstrip())
        if found is not None and (end == len(sector) or not _goes_on(sector, end)):
            return found
    return None


def _goes_on(sector: str, end: int) -> bool:
    """A district is not cut within its number: ZZ1 is no beginning of ZZ11 1."""
    return sector[end - 1].isdigit() and sector[end].isdigit() and " " not in sector[:end]


def beginnings(localities: Collection[UUID], places: Mapping[str, UUID]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Some localities as beginnings of whole postcodes, and what lies below one of them in another locality. A district
    ends with a space, so that ZZ1 does not take ZZ11 along."""
    mine = tuple(sorted(_written(prefix) for prefix, place in places.items() if place in localities))
    less = tuple(
        sorted(
            _written(prefix)
            for prefix, place in places.items()
            if place not in localities and any(_written(prefix).startswith(each) for each in mine)
        )
    )
    return mine, less


def _written(prefix: str) -> str:
    return prefix if " " in prefix or not prefix[-1:].isdigit() else f"{prefix} "
