"""Event kinds, declared by the parts that write them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """`code` is `part.what_happened`; `title` is what the timeline says; `quantity_means` names the unit if any."""

    code: str
    title: str
    quantity_means: str = ""


_declared: dict[str, EventKind] = {}


def declare_event(code: str, title: str, *, quantity_means: str = "") -> EventKind:
    """Called once at import time by the part that records such events."""
    if code in _declared:
        raise ValueError(f"event kind {code} is declared twice")
    _declared[code] = EventKind(code, title, quantity_means)
    return _declared[code]


def event_kinds() -> list[EventKind]:
    """Every kind, in code order."""
    return [_declared[code] for code in sorted(_declared)]


def title_of(code: str) -> str:
    """What the timeline calls it."""
    kind = _declared.get(code)
    return kind.title if kind else code
