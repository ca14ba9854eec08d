"""Keeping small numbers to ourselves: fewer than six people of an area could be known by whoever knows the area. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from joinedup.outcomes.codes import COUNT, SHARE

Key = TypeVar("Key", bound=Hashable)


def is_small(
    form: str, value: Decimal | None, numerator: Decimal | None, denominator: int | None, *, smallest: int
) -> bool:
    """Whether a value tells of fewer than `smallest` people: a count between nought and it; a share or a mean of fewer; or
    a share that so few are in, or so few are not in. Nought out of many, and all out of many, tell of nobody in
    particular and are shown."""
    if value is None:
        return False
    if form == COUNT:
        return 0 < value < smallest
    if denominator is not None and 0 < denominator < smallest:
        return True
    if form == SHARE and numerator is not None and denominator is not None:
        return 0 < numerator < smallest or 0 < denominator - numerator < smallest
    return False


def hidden_parts(parts: Mapping[Key, tuple[Decimal, bool]]) -> set[Key]:
    """Of the parts of one whole, given with their size and whether each is small: those to be hidden. Where just one is
    small it could be worked out from the whole and the others, so the next smallest goes with it."""
    small = {key for key, (_, is_few) in parts.items() if is_few}
    others = sorted((size, str(key), key) for key, (size, is_few) in parts.items() if not is_few and size > 0)
    if len(small) == 1 and others:
        small.add(others[0][2])
    return small
