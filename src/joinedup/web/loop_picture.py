"""The loop drawn: its stations in three lines, one after the other, and the way back from decisions to the next contact. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from joinedup.core.drawing import DEEP, PALE, QUIET, Drawing, shortened, width_of, wrapped
from joinedup.core.figures import Figure, Table

_WIDTH, _BOX, _HIGH, _GAP, _TOP, _LEFT = 760, 158, 92, 22, 44, 14
_IN_A_LINE = 4


def loop_picture(title: str, stations: Sequence[tuple[str, str, str]], before: Sequence[str]) -> Figure:
    """`stations` are title, number in words, and what it is a number of; `before` the number of the period before, or
    nothing."""
    drawing = Drawing(_WIDTH)
    places = [_place(n) for n in range(len(stations))]
    for n, ((name, number, words), (x, y)) in enumerate(zip(stations, places, strict=True)):
        drawing.box(x, y, _BOX, _HIGH, fill=PALE if n < len(stations) - 1 else "#ffffff", stroke=DEEP, corner=6)
        drawing.text(x + 10, y + 20, f"{n + 1}. {name}", size=13, is_bold=True)
        size = next((each for each in (21, 17, 14) if width_of(number, each, is_bold=True) <= _BOX - 20), 12)
        drawing.text(x + 10, y + 47, shortened(number, size, _BOX - 20), size=size, is_bold=True, fill=DEEP)
        for row, line in enumerate(wrapped(words, 12, _BOX - 18, most=2)):
            drawing.text(x + 10, y + 66 + row * 15, line, size=12)
    for one, other in pairwise(places):
        _between(drawing, one, other)
    _way_back(drawing, places)
    table = Table(
        ("Station", "Number", "Of what", "Period before"),
        tuple((name, number, words, then or "–") for (name, number, words), then in zip(stations, before, strict=True)),
        title,
    )
    said = "; ".join(f"{name}: {number} {words}" for name, number, words in stations)
    description = f"The stations of the loop in their order, each with its number. {said}. Decisions lead back to the next contacts."
    svg = drawing.svg(title, description)
    return Figure(svg, title, description, table, table.as_csv(), _WIDTH, math.ceil(drawing.height + 6))


def _place(n: int) -> tuple[float, float]:
    """Where a station stands: the second line runs back, so that each stands beside the one before."""
    line, along = divmod(n, _IN_A_LINE)
    if line % 2:
        along = _IN_A_LINE - 1 - along
    return _LEFT + along * (_BOX + _GAP), _TOP + line * (_HIGH + _GAP + 6)


def _between(drawing: Drawing, one: tuple[float, float], other: tuple[float, float]) -> None:
    (x1, y1), (x2, y2) = one, other
    if y1 == y2:
        step = 1 if x2 > x1 else -1
        start, end = (x1 + _BOX, x2) if step > 0 else (x1, x2 + _BOX)
        _arrow(drawing, [(start, y1 + _HIGH / 2), (end, y1 + _HIGH / 2)], (step, 0))
    else:
        _arrow(drawing, [(x1 + _BOX / 2, y1 + _HIGH), (x2 + _BOX / 2, y2)], (0, 1))


def _arrow(drawing: Drawing, points: list[tuple[float, float]], way: tuple[int, int], *, dash: str = "") -> None:
    drawing.path(points, stroke=QUIET, width=2, dash=dash)
    x, y = points[-1]
    dx, dy = way
    head = [(x, y), (x - 9 * dx - 5 * dy, y - 9 * dy - 5 * dx), (x - 9 * dx + 5 * dy, y - 9 * dy + 5 * dx)]
    drawing.path(head, is_closed=True, stroke=QUIET, width=1, fill=QUIET)


def _way_back(drawing: Drawing, places: list[tuple[float, float]]) -> None:
    """From the last station up the right side to the first."""
    (x, y), (first, top) = places[-1], places[0]
    side = _WIDTH - 10
    points = [
        (x + _BOX, y + _HIGH / 2), (side, y + _HIGH / 2), (side, 18), (first + _BOX / 2, 18), (first + _BOX / 2, top),
    ]  # fmt: skip
    _arrow(drawing, points, (0, 1), dash="6 5")
    drawing.text(_WIDTH / 2, 13, "what is decided changes what the next family is offered", size=12, anchor="middle")
