"""Lists written as text."""

from __future__ import annotations


def words(text: str) -> list[str]:
    """Return the words of a list, in its order."""
    return text.split()
