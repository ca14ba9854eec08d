"""The run chart of a series with its control limits and trajectory, what its signals mean in words, and the small picture
in a list. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from joinedup.core.charts import WIDTH
from joinedup.core.drawing import DEEP, GRID, INK, QUIET, Drawing, width_of
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long
from joinedup.engines.spc import FEWEST, Chart, Rules, Signal, xmr
from joinedup.outcomes.codes import COUNT, SHARE
from joinedup.outcomes.trajectory import Mark
from joinedup.outcomes.writing import number as said
from joinedup.outcomes.writing import period

_BROWN = "#8a4b08"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Shown:
    """A reading as it is drawn."""

    starts_on: date
    ends_on: date
    value: float


@dataclass(frozen=True)
class Looks:
    """What a drawing needs to know of its measure."""

    name: str
    unit: str
    places: int
    form: str
    direction: str

    def say(self, value: float) -> str:
        """A value with its unit."""
        return said(value, self.places, self.unit)


def limits_of(form: str, readings: Sequence[Shown], starts_on: date | None, rules: Rules) -> Chart | None:
    """The control limits, None for too few readings. Where enough readings are from before the work was to show, those
    alone set the limits: what changed since is then seen against what was."""
    if len(readings) < FEWEST:
        return None
    before = sum(1 for each in readings if starts_on is not None and each.ends_on <= starts_on)
    return xmr(
        [each.value for each in readings], baseline=before if before >= FEWEST else None,
        floor=0 if form in (SHARE, COUNT) else None, ceiling=100 if form == SHARE else None, rules=rules,
    )  # fmt: skip


# --- Words.


def signals_in_words(looks: Looks, readings: Sequence[Shown], chart: Chart) -> list[str]:
    """Each signal as a sentence: what it is, when, and whether it is for the better."""
    sentences = []
    beyond = {place for place, each in chart.signals if each is Signal.BEYOND_LIMITS}
    for signal in Signal:
        places = [place for place, each in chart.signals if each is signal]
        if signal is Signal.NEAR_LIMIT and beyond & set(places):
            places = []  # what lies beyond a limit has been said
        for run in _stretches(places, signal, chart):
            sentences.append(_sentence(looks, readings, chart, signal, run))
    return sentences


def _stretches(places: Sequence[int], signal: Signal, chart: Chart) -> Iterator[list[int]]:
    """Places next to one another that belong together: of a run those on one side, of a trend those one way."""
    together: list[int] = []
    for place in places:
        if together and (
            place != together[-1] + 1 or _side(place, signal, chart) != _side(together[-1], signal, chart)
        ):
            yield together
            together = []
        together.append(place)
    if together:
        yield together


def _side(place: int, signal: Signal, chart: Chart) -> int:
    values = chart.readings
    if signal is Signal.BEYOND_RANGE:
        return place  # each jump is a thing of its own
    if signal is Signal.TREND:
        return 0
    return (values[place] > chart.mean) - (values[place] < chart.mean)


def _sentence(looks: Looks, readings: Sequence[Shown], chart: Chart, signal: Signal, run: Sequence[int]) -> str:
    first, last = readings[run[0]], readings[run[-1]]
    when = period(first.starts_on, last.ends_on)
    many = _count(len(run))
    is_up = last.value > chart.mean
    if signal is Signal.BEYOND_LIMITS:
        side = "above" if is_up else "below"
        who = f"{many} readings lie" if len(run) > 1 else f"{looks.say(last.value)} lies"
        what = (
            f"{who} {side} what chance alone would give ({looks.say(chart.lower)} to {looks.say(chart.upper)}): {when}"
        )
    elif signal is Signal.RUN:
        what = f"{many} in a row {'above' if is_up else 'below'} the middle of {looks.say(chart.mean)}: {when}"
    elif signal is Signal.TREND:
        is_up = last.value > first.value
        what = f"{many} in a row that only {'rise' if is_up else 'fall'}: {when}"
    elif signal is Signal.NEAR_LIMIT:
        what = f"Two of three near the {'upper' if is_up else 'lower'} limit: {when}"
    else:
        before = chart.readings[run[0] - 1]
        is_up = last.value > before
        what = f"A jump from {looks.say(before)} to {looks.say(last.value)}: {when}"
    is_better = is_up == (looks.direction == "up")
    return f"{what}. For the {'better' if is_better else 'worse'}."


def _count(many: int) -> str:
    return _WORDS[many].capitalize() if many < len(_WORDS) else str(many)


# --- Pictures.


@dataclass
class _Plane:
    """Where a day and a value lie on the sheet."""

    first: date
    last: date
    low: float
    high: float
    left: float
    right: float
    top: float
    bottom: float

    def x(self, day: date) -> float:
        days = (self.last - self.first).days
        return self.left + (self.right - self.left) * ((day - self.first).days / days if days else 0.5)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * min(max(part, 0.0), 1.0)


def run_chart(
    looks: Looks, title: str, readings: Sequence[Shown], chart: Chart | None, trajectory: Sequence[Mark],
    baseline: Mark | None,
) -> Figure:  # fmt: skip
    """Readings as they came, the middle and the limits of chance where there are enough of them, and the trajectory. A
    reading that is more than chance is a diamond."""
    drawing = Drawing(WIDTH)
    top = _key(drawing, has_limits=chart is not None, has_trajectory=bool(trajectory))
    way = [*([baseline] if baseline and trajectory else []), *trajectory]
    days = [each.ends_on for each in readings] + [each.on for each in way]
    values = [each.value for each in readings] + [float(each.value) for each in way]
    values += [chart.lower, chart.upper] if chart else []
    low, high, step = _scale(min(values, default=0), max(values, default=1), looks.form)
    ticks = [low + step * place for place in range(round((high - low) / step) + 1)]
    decimals = 0 if step >= 1 and step == int(step) else 1 if step >= 0.1 else 2
    left = 16 + max(width_of(said(each, decimals), 12) for each in ticks)
    plane = _Plane(
        min(days, default=date(2000, 1, 1)),
        max(days, default=date(2000, 1, 2)),
        low,
        high,
        left,
        WIDTH - 18,
        top + 6,
        top + 196,
    )
    for each in ticks:
        drawing.line(left, plane.y(each), plane.right, plane.y(each), stroke=GRID, width=1)
        drawing.text(left - 6, plane.y(each) + 4, said(each, decimals), size=12, anchor="end", fill=QUIET)
    _axis(drawing, plane)
    if chart:
        drawing.line(left, plane.y(chart.mean), plane.right, plane.y(chart.mean), stroke=INK, width=1.5)
        for limit in (chart.lower, chart.upper):
            drawing.line(left, plane.y(limit), plane.right, plane.y(limit), stroke=INK, width=1.5, dash="3 4")
    if len(way) > 1 or trajectory:
        drawing.path([(plane.x(each.on), plane.y(float(each.value))) for each in way], stroke=_BROWN, dash="8 4")
        for point in trajectory:
            x, y = plane.x(point.on), plane.y(float(point.value))
            drawing.box(x - 4, y - 4, 8, 8, fill=_BROWN, stroke=_BROWN, line=1)
    _points(drawing, plane, readings, chart)
    table = _table(looks, title, readings, chart)
    words = _described(looks, readings, chart, trajectory, low)
    return Figure(
        drawing.svg(title, words), title, words, table, table.as_csv(), int(WIDTH), math.ceil(drawing.height + 6)
    )


def _points(drawing: Drawing, plane: _Plane, readings: Sequence[Shown], chart: Chart | None) -> None:
    places = [(plane.x(each.ends_on), plane.y(each.value)) for each in readings]
    special = {place for place, _ in chart.signals} if chart else set()
    if len(places) > 1:
        drawing.path(places, stroke=DEEP)
    for place, (x, y) in enumerate(places):
        if place in special:
            drawing.diamond(x, y, 6, fill="#ffffff", stroke=DEEP)
        else:
            drawing.circle(x, y, 3.5, fill=DEEP, stroke=DEEP)


def _key(drawing: Drawing, *, has_limits: bool, has_trajectory: bool) -> float:
    rows = [("reading", "What was measured")]
    if has_limits:
        rows += [("signal", "More than chance"), ("mean", "The middle"), ("limit", "Limits of chance")]
    rows += [("way", "What it should come to")] if has_trajectory else []
    y = 2.0
    for kind, words in rows:
        y += 18
        middle = 27.0
        if kind in ("reading", "signal"):
            drawing.line(10, y - 4, 44, y - 4, stroke=DEEP, width=2)
        if kind == "reading":
            drawing.circle(middle, y - 4, 3.5, fill=DEEP, stroke=DEEP)
        elif kind == "signal":
            drawing.diamond(middle, y - 4, 6, fill="#ffffff", stroke=DEEP)
        elif kind == "way":
            drawing.line(10, y - 4, 44, y - 4, stroke=_BROWN, width=2, dash="8 4")
            drawing.box(middle - 4, y - 8, 8, 8, fill=_BROWN, stroke=_BROWN, line=1)
        else:
            drawing.line(10, y - 4, 44, y - 4, stroke=INK, width=1.5, dash="3 4" if kind == "limit" else "")
        drawing.text(52, y, words)
    return y + 10


def _axis(drawing: Drawing, plane: _Plane) -> None:
    first, last = f"{plane.first:%b %Y}", f"{plane.last:%b %Y}"
    drawing.text(plane.left, plane.bottom + 18, first, size=12, fill=QUIET)
    if first != last:
        drawing.text(plane.right, plane.bottom + 18, last, size=12, anchor="end", fill=QUIET)
    free = (plane.left + width_of(first, 12) + 8, plane.right - width_of(last, 12) - 8)
    for year in range(plane.first.year + 1, plane.last.year + 1):
        x = plane.x(date(year, 1, 1))
        if x - 16 >= free[0] and x + 16 <= free[1]:
            drawing.text(x, plane.bottom + 18, str(year), size=12, anchor="middle", fill=QUIET)
            free = (x + 22, free[1])


def _scale(low: float, high: float, form: str) -> tuple[float, float, float]:
    """The ends of the axis and its step, so that four to seven lines stand at round numbers."""
    room = (high - low) * 0.08 or max(abs(high) * 0.1, 0.5)
    low, high = low - room, high + room
    if form in (SHARE, COUNT):
        low = max(low, 0.0)
    if form == SHARE:
        high = min(high, 100.0)
    rough = (high - low) / 5
    unit = 10 ** math.floor(math.log10(rough)) if rough > 0 else 1
    step = next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _described(
    looks: Looks, readings: Sequence[Shown], chart: Chart | None, trajectory: Sequence[Mark], low: float
) -> str:
    if not readings:
        words = "Nothing to show has been read yet."
    else:
        last = readings[-1]
        words = (
            f"{len(readings)} readings; the last, {period(last.starts_on, last.ends_on)}, is {looks.say(last.value)}."
        )
    if chart:
        words += f" The middle is {looks.say(chart.mean)}; chance alone would give {looks.say(chart.lower)} to {looks.say(chart.upper)}."
    elif readings:
        words += f" Limits of chance are drawn from {FEWEST} readings on."
    if trajectory:
        words += f" It should come to {looks.say(float(trajectory[-1].value))} by {date_long(trajectory[-1].on)}."
    return f"{words} The scale begins at {looks.say(low)}." if low else words


def _table(looks: Looks, title: str, readings: Sequence[Shown], chart: Chart | None) -> Table:
    why: dict[int, list[str]] = {}
    for place, signal in chart.signals if chart else ():
        why.setdefault(place, []).append(signal.value)
    rows = tuple(
        (period(each.starts_on, each.ends_on), said(each.value, looks.places), "; ".join(why.get(place, [])))
        for place, each in enumerate(readings)
    )
    return Table(("Period", looks.unit.capitalize(), "More than chance"), rows, title)


_SMALL, _TALL = 110.0, 34.0


def small_picture(name: str, readings: Sequence[Shown], target: Decimal | None, words: str) -> Figure | None:
    """A line as big as a word for a list, with its target as a dashed one; None for fewer than two readings."""
    if len(readings) < 2:
        return None
    values = [each.value for each in readings] + ([float(target)] if target is not None else [])
    low, high = min(values), max(values)
    room = (high - low) * 0.15 or 1.0
    plane = _Plane(readings[0].ends_on, readings[-1].ends_on, low - room, high + room, 5, _SMALL - 6, 3, _TALL - 3)
    drawing = Drawing(_SMALL)
    if target is not None:
        drawing.line(
            2, plane.y(float(target)), _SMALL - 2, plane.y(float(target)), stroke=_BROWN, width=1.5, dash="5 3"
        )
    drawing.path([(plane.x(each.ends_on), plane.y(each.value)) for each in readings], stroke=DEEP)
    drawing.circle(plane.x(readings[-1].ends_on), plane.y(readings[-1].value), 3, fill=DEEP, stroke=DEEP)
    drawing.height = max(drawing.height, _TALL)
    return Figure(drawing.svg(name, words, below=0), name, words, Table((), ()), "", int(_SMALL), int(_TALL))


def effect_picture(low: float, high: float, difference: float, unit: str, title: str) -> Figure:
    """The difference with its interval on one line, and nought."""
    drawing = Drawing(WIDTH)
    reach = max(abs(low), abs(high), 0.1) * 1.15
    left, right, y = 24.0, WIDTH - 24, 34.0

    def x(value: float) -> float:
        return left + (right - left) * (value + reach) / (2 * reach)

    drawing.line(left, y, right, y, stroke=GRID, width=2)
    drawing.line(x(0), y - 20, x(0), y + 20, stroke=INK, width=1.5, dash="3 4")
    drawing.line(x(low), y, x(high), y, stroke=DEEP, width=5)
    drawing.circle(x(difference), y, 6.5, fill="#ffffff", stroke=DEEP)
    drawing.text(x(0), y + 36, "0: no difference", size=12, anchor="middle", fill=QUIET)
    signed = [f"{each:+.1f}".replace("-", "−") for each in (difference, low, high)]
    rows = (("Difference", signed[0]), ("Lower end", signed[1]), ("Upper end", signed[2]))
    table = Table(("", unit.capitalize()), rows, title)
    words = f"{signed[0]} {unit}, between {signed[1]} and {signed[2]} nineteen times in twenty."
    return Figure(
        drawing.svg(title, words), title, words, table, table.as_csv(), int(WIDTH), math.ceil(drawing.height + 6)
    )
