"""The letter that asks a family to a meeting, in plain words, and what must never stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

STANDARD = (
    "We would like to meet with you to talk about what is going well and what would help.\n\n"
    "Your view counts as much as anybody’s. You may bring somebody with you, and you may ask for another time or place."
)
_SHORTEST = 5  # letters or figures: a shorter piece of an address says nothing by itself
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)


def address_lines(address: str, postcode: str = "") -> tuple[str, ...]:
    """An address as it is written on an envelope, the postcode last and by itself."""
    found = _POSTCODE.search(address)
    code = (postcode or (found[0] if found else "")).strip().upper()
    rest = address.replace(found[0], "") if found else address
    lines = [line.strip(" .") for line in re.split(r"[,;\n]", rest)]
    return tuple(line for line in [*lines, code] if line)


def given_away(words: str, ways: Iterable[str]) -> str:
    """The first of these ways to reach somebody (an address, a postcode, an e-mail address, a number) that stands in the
    words, however it is spaced; empty where none does."""
    said = _bare(words)
    for way in ways:
        pieces = [way, *address_lines(way)[:1], *_POSTCODE.findall(way)]
        if any(len(_bare(piece)) >= _SHORTEST and _bare(piece) in said for piece in pieces):
            return way
    return ""


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == "@")
