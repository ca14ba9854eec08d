"""Whether words name somebody or lead to where somebody is. Pure: what is known of people goes in, what was found comes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+")
_LEAST_DIGITS = 9
_LEAST_LETTERS = 2


@dataclass(frozen=True)
class Traces:
    """What is known of somebody that words could give away."""

    names: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)  # addresses, as lines
    postcodes: frozenset[str] = field(default_factory=frozenset)
    numbers: frozenset[str] = field(default_factory=frozenset)  # telephone, NHS and pupil numbers
    emails: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: Traces) -> Traces:
        return Traces(
            self.names | other.names, self.places | other.places, self.postcodes | other.postcodes,
            self.numbers | other.numbers, self.emails | other.emails,
        )  # fmt: skip


def plain(text: str) -> str:
    """Words in lower case without accents, one space between and around them."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return f" {' '.join(_WORD.findall(letters))} "


def _digits(text: str) -> str:
    found = "".join(sign for sign in text if sign.isdigit())
    return found[-_LEAST_DIGITS:]


def _runs(text: str) -> list[str]:
    """The numbers in a text, spaces, brackets, dots and hyphens inside them left out."""
    return re.findall(r"\d+", re.sub(r"(?<=\d)[\s\-().+]+(?=\d)", "", text))


def _pieces(place: str) -> Iterable[str]:
    """The parts of an address that lead there: each line of three words or more, and a street without its number."""
    for line in re.split(r"[,\n]", place):
        words = plain(line).split()
        if len(words) >= 3:
            yield plain(line)
        street = [word for word in words if not any(sign.isdigit() for sign in word)]
        if len(street) >= 2:
            yield f" {' '.join(street)} "


def named_in(text: str, traces: Traces, *, allowed: Traces = Traces()) -> tuple[str, ...]:
    """What in a text gives somebody away: names, parts of addresses, postcodes, numbers, e-mail addresses. What is
    `allowed` too (a surname they share, a home they share) is not found. In the order of the alphabet."""
    said = plain(text)
    squashed = re.sub(r"[^A-Z0-9]", "", text.upper())
    runs = _runs(text)
    fine = {plain(name) for name in allowed.names}
    home = {piece for place in allowed.places for piece in _pieces(place)}
    found = {
        name for name in traces.names
        if len(plain(name).strip()) >= _LEAST_LETTERS and plain(name) not in fine and plain(name) in said
    }  # fmt: skip
    found |= {
        piece.strip() for place in traces.places for piece in _pieces(place) if piece not in home and piece in said
    }
    for code in traces.postcodes - allowed.postcodes:
        short = code.replace(" ", "").upper()
        if len(short) >= 5 and short in squashed:
            found.add(code)
    mine = {_digits(number) for number in allowed.numbers}
    for number in traces.numbers:
        tail = _digits(number)
        if len(tail) == _LEAST_DIGITS and tail not in mine and any(tail in run for run in runs):
            found.add(number)
    found |= {each for each in traces.emails - allowed.emails if "@" in each and each.casefold() in text.casefold()}
    return tuple(sorted(found))
