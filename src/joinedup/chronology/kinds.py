"""Event kinds, declared by the parts that write them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """`code` is `part.what_happened`; `title` is what the timeline says; `quantity_means` names the unit if any.

    `places` says what the event decides about its source (a referral, say) for the timelines it belongs to:
    "joins" puts the whole source on the timelines of the people named, from before they were known too; "parts" takes
    it off again, because it turned out to be somebody else; "family" puts it on one family's and no other's.
    """

    code: str
    title: str
    quantity_means: str = ""
    places: str = ""


_declared: dict[str, EventKind] = {}


def declare_event(code: str, title: str, *, quantity_means: str = "", places: str = "") -> EventKind:
    """Called once at import time by the part that records such events."""
    if code in _declared:
        raise ValueError(f"event kind {code} is declared twice")
    _declared[code] = EventKind(code, title, quantity_means, places)
    return _declared[code]


def event_kinds() -> list[EventKind]:
    """Every kind, in code order."""
    return [_declared[code] for code in sorted(_declared)]


def codes_that(*places: str) -> list[str]:
    """The codes of the kinds that place their source so."""
    return [kind.code for kind in event_kinds() if kind.places in places]


def title_of(code: str) -> str:
    """What the timeline calls it."""
    kind = _declared.get(code)
    return kind.title if kind else code


# Why an entry is taken out of a timeline.
TAKEN_OUT_BECAUSE: dict[str, str] = {
    "wrong_person": "It is about somebody else",
    "wrong": "It is not right",
    "twice": "It is there twice",
    "not_ours": "It should not have been shared with us",
}
