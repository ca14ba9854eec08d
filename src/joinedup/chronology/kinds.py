"""Event kinds, declared by the parts that write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EventKind:
    """`code` is `part.what_happened`; `title` is what the timeline says; `quantity_means` names the unit if any.

    `places` says what the event decides about its source (a referral, say) for the timelines it belongs to:
    "joins" puts the whole source on the timelines of the people named, from before they were known too; "parts" takes
    it off again, because it turned out to be somebody else; "family" puts it on one family's and no other's.

    `says` are the sentences its words make, in their order: "{came} came". One whose words are missing is left out; words
    that none of them names follow.
    """

    code: str
    title: str
    quantity_means: str = ""
    places: str = ""
    says: tuple[str, ...] = ()


_declared: dict[str, EventKind] = {}


def declare_event(
    code: str, title: str, *, quantity_means: str = "", places: str = "", says: Sequence[str] = ()
) -> EventKind:
    """Called once at import time by the part that records such events."""
    if code in _declared:
        raise ValueError(f"event kind {code} is declared twice")
    _declared[code] = EventKind(code, title, quantity_means, places, tuple(says))
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


def said_in(code: str, words: Mapping[str, Any]) -> str:
    """The words of an event as sentences, each ending once: as its kind puts them, or one after the other."""
    given = {name: str(value).strip() for name, value in words.items() if value is not None and str(value).strip()}
    kind = _declared.get(code)
    parts, named = [], set[str]()
    for sentence in kind.says if kind else ():
        wanted = set(_NAMES.findall(sentence))
        named |= wanted
        if wanted <= set(given):
            parts.append(_NAMES.sub(lambda found: given[found[1]], sentence))
    parts += [said for name, said in given.items() if name not in named]
    return " ".join(part if part.endswith(_ENDS) else f"{part}." for part in parts)


_NAMES = re.compile(r"\{(\w+)\}")
_ENDS = (".", "!", "?", "…", ".”", "?”", "!”", '."', '?"', '!"')

# Why an entry is taken out of a timeline.
TAKEN_OUT_BECAUSE: dict[str, str] = {
    "wrong_person": "It is about somebody else",
    "wrong": "It is not right",
    "twice": "It is there twice",
    "not_ours": "It should not have been shared with us",
}
