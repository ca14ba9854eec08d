"""Where services lie around a home, drawn: rings for miles, north at the top, a number for each. Nothing is loaded from anywhere
and nothing leaves the page. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from joinedup.core.drawing import DEEP, GRID, INK, QUIET, Drawing
from joinedup.core.figures import Figure, Table

_MILE = 1609.344
_WIDTH, _MIDDLE, _REACH = 340.0, 170.0, 142.0
_RINGS = (0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500)
_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True)
class Spot:
    """A service at its place: the number it has in the list, and metres east and north of home."""

    number: int
    name: str
    place: str
    east: float
    north: float


def direction(east: float, north: float) -> str:
    """The point of the compass, of eight; "here" within a hundred metres."""
    if math.hypot(east, north) < 100:
        return "here"
    return _POINTS[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def rings(farthest: float) -> tuple[float, float]:
    """Miles of the inner and the outer ring, so that the farthest service lies inside the outer one."""
    outer = next((each for each in _RINGS if each >= farthest), float(math.ceil(farthest)))
    return outer / 2, outer


def plotted(spots: Sequence[Spot]) -> Figure:
    """The drawing with its table. Services at one place share a dot, with their numbers beside each other."""
    miles = {each.number: math.hypot(each.east, each.north) / _MILE for each in spots}
    inner, outer = rings(max(miles.values(), default=1))
    drawing = Drawing(_WIDTH)
    for ring in (outer, inner):
        drawing.circle(_MIDDLE, _MIDDLE, _REACH * ring / outer, fill="none", stroke=GRID, width=1.5)
        drawing.text(_MIDDLE, _MIDDLE + _REACH * ring / outer - 5, _miles(ring), size=12, anchor="middle", fill=QUIET)
    drawing.text(_MIDDLE, 18, "North", size=13, anchor="middle", is_bold=True)
    drawing.box(_MIDDLE - 5, _MIDDLE - 5, 10, 10, fill=INK, stroke=INK, line=1)
    for where, numbers in _together(spots, outer * _MILE).items():
        x, y = where
        words = ", ".join(str(each) for each in numbers[:3]) + (" …" if len(numbers) > 3 else "")
        wide = max(24.0, 9.0 * len(words) + 8)
        drawing.box(x - wide / 2, y - 12, wide, 24, fill="#ffffff", stroke=DEEP, line=2, corner=12)
        drawing.text(x, y + 5, words, size=13, anchor="middle", is_bold=True, fill=DEEP)
    rows = tuple(
        (f"{each.number}. {each.name}", each.place, f"{miles[each.number]:.1f}", direction(each.east, each.north))
        for each in spots
    )
    title = "Where they are"
    said = (
        f"Your postcode is the square in the middle. The rings are {_miles(inner)} and {_miles(outer)} away, in a straight"
        " line. The numbers are those of the list."
    )
    table = Table(("Service", "Place", "Miles", "Which way"), rows, title)
    return Figure(drawing.svg(title, said), title, said, table, table.as_csv(), int(_WIDTH), int(_MIDDLE + _REACH + 24))


def _miles(number: float) -> str:
    return "half a mile" if number == 0.5 else "a quarter of a mile" if number == 0.25 else f"{number:g} {'mile' if number == 1 else 'miles'}"  # fmt: skip


def _together(spots: Sequence[Spot], outer: float) -> dict[tuple[float, float], list[int]]:
    """Where each dot is drawn, and the numbers it stands for; what would lie on another dot joins it."""
    found: dict[tuple[float, float], list[int]] = {}
    for each in spots:
        x, y = _MIDDLE + _REACH * each.east / outer, _MIDDLE - _REACH * each.north / outer
        near = next((where for where in found if math.hypot(where[0] - x, where[1] - y) < 26), None)
        found.setdefault(near or (x, y), []).append(each.number)
    return found
