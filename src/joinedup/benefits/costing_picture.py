"""The picture of a difference: from what was planned to what was spent, a bar for each part, with the same as a table. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from joinedup.benefits.costing import PlaceRow
from joinedup.benefits.pounds import in_pounds
from joinedup.core.drawing import DEEP, GRID, INK, PALE, QUIET, Drawing, shortened, width_of
from joinedup.core.figures import Figure, Table

_WIDTH, _EDGE, _STEP, _HIGH = 340.0, 10.0, 46.0, 16.0
PARTS = (
    ("Volume", "volume", "more or less was done than planned"),
    ("Price", "price", "it cost more or less a time than planned"),
    ("Unrecorded", "unrecorded", "spent, and no recorded activity explains it"),
    ("Overhead", "overhead", "booked on overhead"),
)
"""The four parts: what each is called, where it is, and what it means."""


def waterfall(row: PlaceRow, title: str) -> Figure:
    """From planned to spent in four steps. A part above nought is filled, one below nought is only outlined, and each
    bar says its sum with its sign."""
    steps = [(name, getattr(row, field)) for name, field, _ in PARTS]
    bars: list[tuple[str, int, int, bool]] = [("Planned", 0, row.planned, True)]
    at = row.planned
    for name, pence in steps:
        bars.append((name, at, at + pence, False))
        at += pence
    bars.append(("Spent", 0, row.spent, True))
    ends = [each for _, start, end, _ in bars for each in (start, end)]
    low, high = min(0, *ends), max(1, *ends)
    drawing = Drawing(_WIDTH)
    for place, (name, start, end, is_whole) in enumerate(bars):
        _bar(drawing, place * _STEP, (name, start, end, is_whole), (low, high))
    rows = [("Planned", in_pounds(row.planned)), *((name, in_pounds(pence)) for name, pence in steps)]
    table = Table(("Part", "Pounds"), (*rows, ("Spent", in_pounds(row.spent))), title)
    said = f"From {in_pounds(row.planned)} planned to {in_pounds(row.spent)} spent: " + ", ".join(
        f"{name.lower()} {_signed(pence)}" for name, pence in steps
    )
    svg = drawing.svg(title, f"{said}.")
    return Figure(svg, title, f"{said}.", table, table.as_csv(), int(_WIDTH), math.ceil(drawing.height + 6))


def _bar(drawing: Drawing, top: float, said: tuple[str, int, int, bool], scale: tuple[int, int]) -> None:
    name, start, end, is_whole = said
    words = in_pounds(end) if is_whole else _signed(end - start)
    drawing.text(_EDGE, top + 15, shortened(name, 13, _WIDTH - 2 * _EDGE - width_of(words, 13, is_bold=True) - 8))
    drawing.text(_WIDTH - _EDGE, top + 15, words, anchor="end", is_bold=True)
    left, right = sorted((_at(start, *scale), _at(end, *scale)))
    drawing.line(_EDGE, top + 22 + _HIGH, _WIDTH - _EDGE, top + 22 + _HIGH, stroke=GRID, width=1)
    nought = _at(0, *scale)
    drawing.line(nought, top + 19, nought, top + 24 + _HIGH, stroke=QUIET, width=1)
    fill = DEEP if is_whole else PALE if end >= start else "#ffffff"
    dash = "4 3" if end < start and not is_whole else ""
    drawing.box(
        left, top + 21, max(right - left, 1), _HIGH, fill=fill, stroke=DEEP if is_whole else INK, line=1, dash=dash
    )


def _at(pence: int, low: int, high: int) -> float:
    return _EDGE + (_WIDTH - 2 * _EDGE) * ((pence - low) / (high - low))


def _signed(pence: int) -> str:
    return f"+{in_pounds(pence)}" if pence > 0 else in_pounds(pence)


def parts_table(rows: Sequence[tuple[str, PlaceRow]], caption: str) -> Table:
    """Every place with its four parts, which come to the difference."""
    columns = (
        "Locality",
        "Planned",
        "Recorded",
        "Spent",
        "Difference",
        *(name for name, _, _ in PARTS),
        "Unrecorded of direct",
    )
    return Table(
        columns,
        tuple(
            (
                name, in_pounds(row.planned), in_pounds(row.recorded), in_pounds(row.spent), in_pounds(row.difference),
                *(in_pounds(getattr(row, field)) for _, field, _ in PARTS), row.unrecorded_share,
            )
            for name, row in rows
        ),
        caption,
    )  # fmt: skip
