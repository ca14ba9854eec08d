"""Charts: radar, distance travelled, line, bars, timeline and family tree, each with the same data as a table and as CSV.

    fig = charts.distance("Distance travelled", [charts.Distance("General health", 4, 7)])

On a page ``{% from "core/document.jinja" import figure %}`` and ``{{ figure(fig, csv_href=…) }}``; in a document a figure
is a block. Series differ by line and mark as well as by colour, so a copy in grey says the same. Nothing reads a clock.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.core.drawing import DEEP, GRID, INK, PALE, QUIET, Drawing, shortened, width_of, wrapped
from joinedup.core.family_layout import Bond, Relative, Tie
from joinedup.core.family_tree import family_tree
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long

__all__ = [
    "Bond",
    "Distance",
    "Figure",
    "Line",
    "Mark",
    "Relative",
    "Series",
    "Table",
    "Tie",
    "bars",
    "distance",
    "family_tree",
    "line",
    "radar",
    "timeline",
]

WIDTH = 340.0
_EDGE = 10.0
# How one series is told from the next without colour: the line's colour, its dashes and the mark on it.
_LOOKS = (
    (DEEP, "", "circle"),
    ("#8a4b08", "7 4", "square"),
    ("#4c2c92", "2 4", "diamond"),
    (INK, "10 3 2 3", "hollow"),
)


@dataclass(frozen=True)
class Series:
    """Values in the order of the axes; None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Distance:
    """Where somebody began and where they are now, on one scale; `latest` None where nobody has scored again."""

    name: str
    baseline: float | None
    latest: float | None


@dataclass(frozen=True)
class Line:
    """Values on days."""

    name: str
    points: Sequence[tuple[date, float]]


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day (or from a day to a day), in a lane of the timeline."""

    on: date
    words: str
    lane: str
    is_significant: bool = False
    until: date | None = None


def radar(
    title: str, axes: Sequence[str], series: Sequence[Series], *, low: float = 1, high: float = 10, note: str = ""
) -> Figure:
    """Scores round a circle, at most four series (newest last). Spokes carry numbers; the key below says them in words
    with the scores. `note` is added to the description, for what the ends of the scale mean."""
    drawing = Drawing(WIDTH)
    top = _key(drawing, [each.name for each in series])
    middle, reach = (WIDTH / 2, top + 128.0), 108.0
    for step in range(1, 5):
        drawing.circle(*middle, reach * step / 4, fill="none", stroke=GRID, width=1)
    for place in range(len(axes)):
        x, y = _spoke(middle, reach, place, len(axes))
        drawing.line(*middle, x, y, stroke=GRID, width=1)
        x, y = _spoke(middle, reach + 12, place, len(axes))
        drawing.text(x, y + 4, str(place + 1), size=12, anchor="middle", is_bold=True)
    for order, each in enumerate(series):
        colour, dash, mark = _LOOKS[order % len(_LOOKS)]
        places = [
            _spoke(middle, reach * _part(value, low, high), place, len(axes))
            for place, value in enumerate(each.values)
            if value is not None
        ]
        if len(places) > 2:
            is_last = order == len(series) - 1
            drawing.path(
                places, is_closed=True, stroke=colour, dash=dash, fill=colour if is_last else "none", opacity=0.12
            )
        for x, y in places:
            _mark(drawing, x, y, mark, colour)
    below = top + 268.0
    for place, axis in enumerate(axes):
        scores = ", ".join(_plain(each.values[place]) for each in series)
        room = WIDTH - 2 * _EDGE - 24 - width_of(scores, 13, is_bold=True) - 8
        drawing.text(_EDGE + 16, below, f"{place + 1}", size=13, anchor="end", is_bold=True)
        drawing.text(_EDGE + 24, below, shortened(axis, 13, room))
        drawing.text(WIDTH - _EDGE, below, scores, anchor="end", is_bold=True)
        below += 19
    rows = tuple((axis, *(_plain(each.values[at]) for each in series)) for at, axis in enumerate(axes))
    said = f"Scores from {_plain(low)} to {_plain(high)} for {_joined([each.name for each in series])}."
    return _figure(drawing, title, f"{said} {note}".strip(), Table(("", *(each.name for each in series)), rows, title))


def distance(
    title: str,
    rows: Sequence[Distance],
    *,
    low: float = 1,
    high: float = 10,
    first: str = "At the start",
    last: str = "Now",
    is_more_better: bool = True,
    note: str = "",
) -> Figure:
    """Distance travelled: for each row a scale with where it began (a ring) and where it is now (a dot)."""
    drawing = Drawing(WIDTH)
    drawing.circle(_EDGE + 8, 12, 6, stroke=INK)
    drawing.text(_EDGE + 20, 16, first)
    after = _EDGE + 20 + width_of(first, 13) + 18
    drawing.circle(after, 12, 6, fill=DEEP, stroke=DEEP)
    drawing.text(after + 12, 16, last)
    y = 30.0
    left, right = _EDGE + 8, WIDTH - _EDGE - 8
    table: list[tuple[str, ...]] = []
    for row in rows:
        said = _moved(row, is_more_better)
        room = WIDTH - 2 * _EDGE - width_of(said, 13, is_bold=True) - 10
        for words in wrapped(row.name, 13, room, most=2):
            y += 16
            drawing.text(_EDGE, y, words)
        drawing.text(WIDTH - _EDGE, y, said, anchor="end", is_bold=True)
        y += 14
        drawing.line(left, y, right, y, stroke=GRID, width=3)
        start = _between(row.baseline, low, high, left, right)
        end = _between(row.latest, low, high, left, right)
        if start is not None and end is not None:
            drawing.line(start, y, end, y, stroke=DEEP, width=4)
        if start is not None:
            drawing.circle(start, y, 6.5, stroke=INK)
        if end is not None:
            drawing.circle(end, y, 5.5 if end == start else 6.5, fill=DEEP, stroke=DEEP)
        y += 12
        table.append((row.name, _plain(row.baseline), _plain(row.latest), _change(row)))
    drawing.text(left, y + 10, _plain(low), size=12, anchor="middle", fill=QUIET)
    drawing.text(right, y + 10, _plain(high), size=12, anchor="middle", fill=QUIET)
    better = sum(1 for row in rows if _direction(row, is_more_better) > 0)
    worse = sum(1 for row in rows if _direction(row, is_more_better) < 0)
    same = sum(1 for row in rows if row.baseline is not None and row.baseline == row.latest)
    said = f"Of {len(rows)}, {better} better, {same} the same and {worse} worse than at the start."
    return _figure(drawing, title, f"{said} {note}".strip(), Table(("", first, last, "Change"), tuple(table), title))


def line(title: str, lines: Sequence[Line], *, unit: str = "", low: float = 0, note: str = "") -> Figure:
    """Values over time, at most four lines."""
    drawing = Drawing(WIDTH)
    top = _key(drawing, [each.name for each in lines]) + 8
    days = sorted({on for each in lines for on, _ in each.points})
    values = [value for each in lines for _, value in each.points]
    high = _rounded_up(max([*values, low + 1]))
    steps = [_plain(low + (high - low) * step / 4) for step in range(5)]
    left = _EDGE + max(width_of(each, 12) for each in steps) + 6
    right, bottom = WIDTH - _EDGE - 8, top + 180
    for step in range(5):
        y = bottom - (bottom - top) * step / 4
        drawing.line(left, y, right, y, stroke=GRID, width=1)
        drawing.text(left - 6, y + 4, steps[step], size=12, anchor="end", fill=QUIET)
    if days:
        _days(drawing, days[0], days[-1], left, right, bottom + 16)
    for order, each in enumerate(lines):
        colour, dash, mark = _LOOKS[order % len(_LOOKS)]
        places = [
            (_on_axis(on, days[0], days[-1], left, right), bottom - (bottom - top) * _part(value, low, high))
            for on, value in sorted(each.points)
        ]
        drawing.path(places, stroke=colour, dash=dash)
        for x, y in places:
            _mark(drawing, x, y, mark, colour)
    known = [dict(each.points) for each in lines]
    rows = tuple((date_long(on), *(_plain(points.get(on)) for points in known)) for on in days)
    columns = ("Date", *(f"{each.name} ({unit})" if unit else each.name for each in lines))
    said = f"{_joined([each.name for each in lines])} over time." if lines else "Nothing recorded yet."
    return _figure(drawing, title, f"{said} {note}".strip(), Table(columns, rows, title))


def bars(title: str, rows: Sequence[tuple[str, float]], *, unit: str = "", note: str = "") -> Figure:
    """One bar for each row, its words above it and its number at its end."""
    drawing = Drawing(WIDTH)
    most = max([value for _, value in rows] + [1])
    y = 4.0
    room = WIDTH - 2 * _EDGE - max([width_of(_plain(value), 13, is_bold=True) for _, value in rows] + [20]) - 8
    for words, value in rows:
        y += 14
        drawing.text(_EDGE, y, shortened(words, 13, WIDTH - 2 * _EDGE))
        long = max(room * value / most, 1)
        drawing.box(_EDGE, y + 6, long, 14, fill=DEEP, stroke=DEEP, line=1)
        drawing.text(_EDGE + long + 6, y + 18, _plain(value), is_bold=True)
        y += 28
    table = Table(("", unit or "Number"), tuple((words, _plain(value)) for words, value in rows), title)
    largest = max(rows, key=lambda row: row[1], default=None)
    said = f"The most is {largest[0]} with {_plain(largest[1])}." if largest else "Nothing to count yet."
    return _figure(drawing, title, f"{said} {note}".strip(), table)


def timeline(title: str, marks: Sequence[Mark], *, starts: date, ends: date, note: str = "") -> Figure:
    """What happened between two days, a lane for each sort of thing. What matters most is a numbered diamond, the other
    things are dots; the table says all of it in words."""
    drawing = Drawing(WIDTH)
    left, right = _EDGE + 10, WIDTH - _EDGE - 10
    shown = sorted((mark for mark in marks if starts <= mark.on <= ends), key=lambda mark: (mark.on, mark.words))
    numbers = {id(mark): place + 1 for place, mark in enumerate(mark for mark in shown if mark.is_significant)}
    y = 8.0
    for lane in sorted({mark.lane for mark in shown}):
        here = [mark for mark in shown if mark.lane == lane]
        y += 16
        drawing.text(_EDGE, y, shortened(lane, 13, WIDTH - 2 * _EDGE))
        y += 18
        rows = _lane(drawing, here, numbers, (starts, ends, left, right), y)
        y += (rows - 1) * 24 + 14
    _days(drawing, starts, ends, left, right, y + 18)
    table = tuple(
        (
            date_long(mark.on) + (f" to {date_long(mark.until)}" if mark.until else ""),
            mark.lane,
            mark.words,
            f"Significant ({numbers[id(mark)]})" if mark.is_significant else "",
        )
        for mark in shown
    )
    counted = f"{len(shown)} {'event' if len(shown) == 1 else 'events'}, {len(numbers)} of them significant,"
    said = f"{counted} from {date_long(starts)} to {date_long(ends)}."
    return _figure(
        drawing, title, f"{said} {note}".strip(), Table(("Date", "What", "What happened", "Significant"), table, title)
    )


def _lane(
    drawing: Drawing, marks: Sequence[Mark], numbers: dict[int, int], axis: tuple[date, date, float, float], y: float
) -> int:
    """Draw one lane; numbered diamonds that would lie on each other go to rows below. Returns how many rows."""
    starts, ends, left, right = axis
    drawing.line(left, y, right, y, stroke=GRID, width=1)
    for mark in marks:
        x = _on_axis(mark.on, starts, ends, left, right)
        if mark.until:
            drawing.line(x, y, _on_axis(min(mark.until, ends), starts, ends, left, right), y, stroke=DEEP, width=5)
        if not mark.is_significant:
            drawing.circle(x, y, 4, fill=PALE, stroke=DEEP)
    taken: list[float] = []
    for mark in (mark for mark in marks if mark.is_significant):
        x = _on_axis(mark.on, starts, ends, left, right)
        row = next((place for place, last in enumerate(taken) if x - last >= 26), len(taken))
        taken[row : row + 1] = [x]
        down = y + row * 24
        if row:
            drawing.line(x, y, x, down, stroke=GRID, width=1)
        drawing.diamond(x, down, 12, fill="#ffffff", stroke=INK)
        drawing.text(x, down + 4, str(numbers[id(mark)]), size=11, anchor="middle", is_bold=True)
    return max(len(taken), 1)


def _figure(drawing: Drawing, title: str, description: str, table: Table) -> Figure:
    svg = drawing.svg(title, description)
    return Figure(svg, title, description, table, table.as_csv(), int(drawing.width), math.ceil(drawing.height + 6))


def _key(drawing: Drawing, names: Sequence[str]) -> float:
    """What each line is called; returns where the drawing under it may begin."""
    y = 2.0
    for order, name in enumerate(names):
        colour, dash, mark = _LOOKS[order % len(_LOOKS)]
        y += 18
        drawing.line(_EDGE, y - 4, _EDGE + 34, y - 4, stroke=colour, width=2, dash=dash)
        _mark(drawing, _EDGE + 17, y - 4, mark, colour)
        drawing.text(_EDGE + 42, y, shortened(name, 13, WIDTH - 2 * _EDGE - 42))
    return y + 8


def _mark(drawing: Drawing, x: float, y: float, mark: str, colour: str) -> None:
    if mark == "square":
        drawing.box(x - 3.5, y - 3.5, 7, 7, fill=colour, stroke=colour, line=1)
    elif mark == "diamond":
        drawing.diamond(x, y, 4.5, fill=colour, stroke=colour)
    else:
        drawing.circle(x, y, 4, fill=colour if mark == "circle" else "#ffffff", stroke=colour)


def _spoke(middle: tuple[float, float], reach: float, place: int, of: int) -> tuple[float, float]:
    turn = 2 * math.pi * place / max(of, 1) - math.pi / 2
    return middle[0] + reach * math.cos(turn), middle[1] + reach * math.sin(turn)


def _part(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0), 1) if high > low else 0


def _between(value: float | None, low: float, high: float, left: float, right: float) -> float | None:
    return None if value is None else left + (right - left) * _part(value, low, high)


def _on_axis(on: date, starts: date, ends: date, left: float, right: float) -> float:
    days = (ends - starts).days
    return left + (right - left) * ((on - starts).days / days if days else 0.5)


def _days(drawing: Drawing, starts: date, ends: date, left: float, right: float, y: float) -> None:
    """The first and the last day under an axis, and the years between where there is room."""
    first, last = f"{starts:%b %Y}", f"{ends:%b %Y}"
    drawing.text(left, y, first, size=12, fill=QUIET)
    if (ends - starts).days > 27:
        drawing.text(right, y, last, size=12, anchor="end", fill=QUIET)
    free = left + width_of(first, 12) + 6, right - width_of(last, 12) - 6
    for year in range(starts.year + 1, ends.year + 1):
        x = _on_axis(date(year, 1, 1), starts, ends, left, right)
        if x - 16 >= free[0] and x + 16 <= free[1]:
            drawing.text(x, y, str(year), size=12, anchor="middle", fill=QUIET)
            free = x + 22, free[1]


def _plain(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def _direction(row: Distance, is_more_better: bool) -> float:
    if row.baseline is None or row.latest is None:
        return 0
    return (row.latest - row.baseline) * (1 if is_more_better else -1)


def _change(row: Distance) -> str:
    if row.baseline is None or row.latest is None:
        return "–"
    change = row.latest - row.baseline
    return "0" if change == 0 else f"{'+' if change > 0 else '−'}{_plain(abs(change))}"


def _moved(row: Distance, is_more_better: bool) -> str:
    if row.baseline is None and row.latest is None:
        return "not scored"
    if row.latest is None:
        return f"{_plain(row.baseline)}, not again yet"
    if row.baseline is None:
        return f"{_plain(row.latest)}, new"
    word = {1: "better", 0: "the same", -1: "worse"}[
        int(math.copysign(1, d)) if (d := _direction(row, is_more_better)) else 0
    ]
    return f"{_plain(row.baseline)} to {_plain(row.latest)}, {word}"


def _rounded_up(value: float) -> float:
    step = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * times for times in (1, 2, 4, 5, 8, 10, 20) if step * times >= value)


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
