"""The colours of a progress report and the bands that hold them. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

# The best first; the two-colour judgements stand between, and give a reason for each of their colours.
COLOURS: dict[str, str] = {
    "green": "Green",
    "green_amber": "Green/amber",
    "amber": "Amber",
    "amber_red": "Amber/red",
    "red": "Red",
}
SCALE: tuple[str, ...] = tuple(COLOURS)
TWO_COLOURS: dict[str, tuple[str, str]] = {"green_amber": ("green", "amber"), "amber_red": ("amber", "red")}


def banded(value: Decimal, green_from: Decimal, amber_from: Decimal, *, is_more_better: bool) -> str:
    """The colour a figure's band gives its value: both bounds belong to the better colour."""
    if not is_more_better:
        value, green_from, amber_from = -value, -green_from, -amber_from
    return "green" if value >= green_from else "amber" if value >= amber_from else "red"


def is_band(green_from: Decimal, amber_from: Decimal, *, is_more_better: bool) -> bool:
    """Whether green asks for more than amber does."""
    return green_from > amber_from if is_more_better else green_from < amber_from


def allowed(colours: Sequence[str]) -> tuple[str, ...]:
    """What a judgement may be where its figures have these colours: from the best of them to the worst, whatever lies
    between included. Nothing where there are none."""
    if not colours:
        return ()
    places = [SCALE.index(each) for each in colours]
    return SCALE[min(places) : max(places) + 1]


def words_of(colours: Sequence[str]) -> str:
    """Some colours in words: `Green`, `Green to amber`."""
    if not colours:
        return ""
    first, last = COLOURS[colours[0]], COLOURS[colours[-1]]
    return first if first == last else f"{first} to {last.lower()}"


def distance(colour: str, other: str) -> int:
    """How many steps better `colour` is than `other`; below nought where it is worse."""
    return SCALE.index(other) - SCALE.index(colour)
