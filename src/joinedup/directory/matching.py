"""Whether two records of a directory are one service: a score of a hundred, and why in words. Pure.

Name counts 40, provider 20, place 25, contact 15; what one of the two does not say counts for neither, and the rest is taken as the
whole. The score only puts pairs before people: nothing is ever joined by it (DR-601).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

SUSPECTED_FROM = 70  # of a hundred
_LEAST_NAME = 70
_LARGEST_GROUP = 150  # more that share one thing say nothing by it
_COMMON = {"the", "and", "of", "for", "a", "at", "in", "group", "service", "services", "club", "ltd", "cic", "limited"}


@dataclass(frozen=True)
class Side:
    """What is compared of a service. `points` are eastings and northings in metres; `reached_at` its e-mail addresses, pages and
    telephone numbers as they are written."""

    id: UUID
    name: str
    provider: str = ""
    postcodes: frozenset[str] = frozenset()
    points: tuple[tuple[int, int], ...] = ()
    reached_at: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How much two services look like one, and why."""

    score: int
    reasons: tuple[str, ...]


def contact_of(text: str) -> str:
    """A contact as it can be compared: without capitals, the beginning of a web address, and what stands between numbers."""
    found = re.sub(r"^https?://(www\.)?", "", text.strip().lower()).rstrip("/")
    digits = re.sub(r"[\s()+-]", "", found)
    return re.sub(r"^(44|0044)", "0", digits) if digits.isdigit() and len(digits) >= 9 else found


def likeness(first: Side, second: Side) -> Likeness:
    """Compare two services."""
    name = fuzz.token_sort_ratio(first.name, second.name, processor=default_process)
    parts = [(40, name / 100)]
    reasons = [_said("The names", name, "are the same", "are much alike", "are a little alike", "differ")]
    if first.provider and second.provider:
        provider = fuzz.token_set_ratio(first.provider, second.provider, processor=default_process)
        parts.append((20, provider / 100 if provider >= 60 else 0))
        reasons.append(
            _said("The providers", provider, "are the same", "are much alike", "are a little alike", "differ")
        )
    place = _place(first, second)
    if place is not None:
        parts.append((25, place[0]))
        reasons.append(place[1])
    if first.reached_at and second.reached_at:
        shared = sorted(first.reached_at & second.reached_at)
        parts.append((15, 1.0 if shared else 0.0))
        reasons.append(f"Both give {shared[0]}" if shared else "They give different contacts")
    # One strong likeness alone is not enough: with nothing but a name to go by, two things may well be called the same.
    score = round(100 * sum(weight * part for weight, part in parts) / max(60, sum(weight for weight, _ in parts)))
    return Likeness(score if name >= _LEAST_NAME else min(score, SUSPECTED_FROM - 1), tuple(reasons))


def _said(what: str, ratio: float, same: str, alike: str, little: str, differ: str) -> str:
    words = same if ratio >= 99.5 else alike if ratio >= 80 else little if ratio >= 60 else differ
    return f"{what} {words}"


def _place(first: Side, second: Side) -> tuple[float, str] | None:
    shared = sorted(first.postcodes & second.postcodes)
    if shared:
        return 1.0, f"Both are at {shared[0]}"
    if first.points and second.points:
        metres = min(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 for ax, ay in first.points for bx, by in second.points)
        near = 0.9 if metres <= 150 else 0.5 if metres <= 500 else 0.0
        return near, f"Their places are {_distance(metres)} apart"
    if first.postcodes and second.postcodes:
        return 0.0, "They are at different postcodes"
    return None


def _distance(metres: float) -> str:
    return f"{round(metres, -1):.0f} metres" if metres < 1000 else f"{metres / 1609.344:.1f} miles"


def pairs_of(sides: Sequence[Side]) -> Iterator[tuple[Side, Side, Likeness]]:
    """Every pair worth showing to somebody. Only services that share a word of the name at one postcode, a whole name, or a contact
    are compared at all."""
    seen: set[tuple[UUID, UUID]] = set()
    for group in _groups(sides).values():
        if len(group) > _LARGEST_GROUP:
            continue
        for one, other in combinations(group, 2):
            first, second = (one, other) if one.id < other.id else (other, one)
            if first.id == second.id or (first.id, second.id) in seen:
                continue
            seen.add((first.id, second.id))
            found = likeness(first, second)
            if found.score >= SUSPECTED_FROM:
                yield first, second, found


def _groups(sides: Iterable[Side]) -> dict[tuple[str, ...], list[Side]]:
    found: dict[tuple[str, ...], list[Side]] = defaultdict(list)
    for side in sides:
        words = sorted(set(default_process(side.name).split()) - _COMMON)
        found["name", *words].append(side)
        for contact in side.reached_at:
            found["contact", contact].append(side)
        for postcode in side.postcodes:
            for word in words:
                found["place", postcode, word].append(side)
        for word in words:
            found["provider", default_process(side.provider), word].append(side)
    return found
