"""The registry of navigation entries: each part says what it offers whom; the page shell draws what the viewer may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class Entry:
    """`url_name` is reversed without arguments; `shown_to` decides whose pages carry it; lower `order` comes first."""

    text: str
    url_name: str
    order: int
    shown_to: Callable[[Actor], bool]


_entries: list[Entry] = []


def register_entry(entry: Entry) -> None:
    """Called from a part's `apps.py`."""
    _entries.append(entry)


def entries_for(viewer: Actor) -> list[Entry]:
    """What this viewer's navigation holds, in order."""
    return sorted((entry for entry in _entries if entry.shown_to(viewer)), key=lambda entry: entry.order)
