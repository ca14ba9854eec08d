"""How often: a simple limit on what one account asks for in a minute, kept in each server process."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache

_TWO_MINUTES = 120


def is_too_fast(what: str, who: UUID | None, *, minute: int, most: int) -> bool:
    """Count one more in this minute (any number that is the same for a minute), and say whether that is too many."""
    key = f"pace:{what}:{who}:{minute}"
    cache.add(key, 0, timeout=_TWO_MINUTES)
    return bool(cache.incr(key) > most)
