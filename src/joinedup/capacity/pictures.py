"""The pictures of capacity: the process map, the flow from contact to exit, the cliff of a station, and a fan. Pure. What they are
given has had everything of fewer than six families taken out already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.capacity.codes import ACTIVITY_WORDS, activity_words
from joinedup.core.drawing import DEEP, GRID, INK, PALE, QUIET, Drawing, shortened, wrapped
from joinedup.core.figures import Figure, Table

_WIDTH = 700.0
_ORDER = [
    "contact", "triage_decision", "referral", "allocation", "assessment_start", "assessment_complete", "plan_agreed", "tac_meeting",
    "review", "step_up", "step_down", "transfer", "closure",
]  # fmt: skip
_BANDS = ((PALE, "5 % to 95 %"), ("#8fb9bd", "25 % to 75 %"))


def _figure(drawing: Drawing, title: str, said: str, table: Table) -> Figure:
    drawing.height += 12
    return Figure(
        drawing.svg(title, said), title, said, table, table.as_csv(), width=int(drawing.width), height=int(drawing.height)
    )  # fmt: skip


def process_map(edges: Sequence[Mapping[str, Any]], *, is_partial: bool) -> Figure:
    """What directly follows what: activities from the top down in the order of the work, an arrow for each edge, as thick as it is
    frequent; forward on the left and back on the right."""
    names = {each[side] for each in edges for side in ("before", "after")}
    there = [name for name in _ORDER if name in names] + sorted(names - set(_ORDER))
    drawing = Drawing(_WIDTH)
    place = {name: 26.0 + 58 * number for number, name in enumerate(there)}
    most = max((each["times"] for each in edges), default=1)
    left, right = 250.0, 430.0
    for order, each in enumerate(sorted(edges, key=lambda one: one["times"])):
        top, bottom = place[each["before"]], place[each["after"]]
        thick = 1 + 5 * each["times"] / most
        span = abs(bottom - top) / 58
        if each["before"] == each["after"]:
            points = [(right, top - 6), (right + 22, top - 6), (right + 22, top + 6), (right, top + 6)]
        elif span == 1 and bottom > top:
            points = [((left + right) / 2, top + 16), ((left + right) / 2, bottom - 18)]
        elif bottom > top:
            out = left - 14 - 13 * span - 2 * (order % 4)
            points = [(left, top + 5), (out, top + 13), (out, bottom - 11), (left - 2, bottom - 4)]
        else:
            out = right + 14 + 13 * span + 2 * (order % 4)
            points = [(right, top - 5), (out, top - 13), (out, bottom + 11), (right + 2, bottom + 4)]
        drawing.path(points, stroke=DEEP, width=thick, dash="6 4" if bottom < top else "")
        _head(drawing, points, thick)
    for name in there:
        y = place[name]
        drawing.box(left, y - 16, right - left, 32, fill="#ffffff", stroke=INK, line=1.5, corner=4)
        drawing.text((left + right) / 2, y + 5, activity_words(name), anchor="middle", is_bold=True)
    for each in edges:  # numbers last, so that no line runs over them
        top, bottom = place[each["before"]], place[each["after"]]
        if bottom - top == 58:
            drawing.text((left + right) / 2 + 10, (top + bottom) / 2 + 4, f"{each['times']:,}", size=12)
    rows = tuple(
        (activity_words(each["before"]), activity_words(each["after"]), f"{each['times']:,}", f"{each['days']:g}")
        for each in edges
    )
    said = f"{len(edges)} steps between {len(there)} activities; dashed lines lead back."
    said += " Steps of fewer than six families are left out." if is_partial else ""
    table = Table(("From", "To", "Times", "Days between, in the middle"), rows, "What directly follows what")
    return _figure(drawing, "Process map: what directly follows what", said, table)


def _head(drawing: Drawing, points: Sequence[tuple[float, float]], thick: float) -> None:
    """The head of an arrow, along its last stretch."""
    (x0, y0), (x, y) = points[-2], points[-1]
    length = max(0.01, ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5)
    ux, uy, size = (x - x0) / length, (y - y0) / length, 5 + thick
    drawing.path(
        [(x + ux * 3, y + uy * 3), (x - ux * size - uy * size / 2, y - uy * size + ux * size / 2), (x - ux * size + uy * size / 2, y - uy * size - ux * size / 2)],
        is_closed=True, stroke=DEEP, width=1, fill=DEEP,
    )  # fmt: skip


_STEPS = ("Contact", "Triage", "Team", "Level of need", "Now")


def flow(links: Sequence[Mapping[str, Any]]) -> Figure:
    """From contact by triage, team and level to exit: bands between the columns, as thick as they are frequent. A way that ends early
    goes straight to its end."""
    columns, size = _columns(links)
    places, scale = _stacked(columns, size)
    drawing = Drawing(_WIDTH)
    gap = (_WIDTH - 120) / (len(_STEPS) - 1)
    for number, words in enumerate(_STEPS):
        drawing.text(10 + gap * number, 14, words, size=12, fill=QUIET)
    used_out, used_in = dict(places), dict(places)
    for each in sorted(links, key=lambda one: (one["step"], places[one["from"]], places[one["to"]])):
        thick = each["cases"] * scale
        x1, x2 = 10 + gap * columns[each["from"]] + 14, 10 + gap * columns[each["to"]]
        y1, y2 = used_out[each["from"]], used_in[each["to"]]
        used_out[each["from"]] += thick
        used_in[each["to"]] += thick
        bend = min(50.0, (x2 - x1) / 2)
        drawing.path(
            [(x1, y1), (x1 + 8, y1), (x2 - bend, y2), (x2, y2), (x2, y2 + thick), (x2 - bend, y2 + thick), (x1 + 8, y1 + thick), (x1, y1 + thick)],
            is_closed=True, stroke="#8fb9bd", width=0.5, fill="#8fb9bd", opacity=0.55,
        )  # fmt: skip
    for name, column in columns.items():
        x, y = 10 + gap * column, places[name]
        drawing.box(x, y, 14, max(2.0, size[name] * scale), fill=DEEP, stroke=DEEP, line=1)
        for number, words in enumerate(wrapped(name, 12, gap - 26, most=2)):
            drawing.text(x + 18, y + 12 + 13 * number, words, size=12)
    rows = tuple((each["from"], each["to"], f"{each['cases']:,}") for each in links)
    said = "From contact by triage, team and level of need to where cases are now. Ways of fewer than six families are left out."
    return _figure(drawing, "From contact to exit", said, Table(("From", "To", "Cases"), rows, "From contact to exit"))


def _columns(links: Sequence[Mapping[str, Any]]) -> tuple[dict[str, int], dict[str, float]]:
    """The column each place stands in, and how many cases pass it."""
    columns: dict[str, int] = {}
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for each in links:
        columns.setdefault(each["from"], each["step"])
        columns.setdefault(each["to"], each["step"] + 1)
        out[each["from"]] += each["cases"]
        into[each["to"]] += each["cases"]
    columns |= {name: len(_STEPS) - 1 for name in ("Closed", "Still open") if name in columns}
    return columns, {name: max(into[name], out[name]) for name in columns}


def _stacked(columns: Mapping[str, int], size: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Where each place begins from the top, its column's largest first, and the height of one case."""
    by_column: dict[int, list[str]] = defaultdict(list)
    for name, column in columns.items():
        by_column[column].append(name)
    fullest = max((sum(size[name] for name in names) for names in by_column.values()), default=1.0)
    scale = 230.0 / max(fullest, 1.0)
    places: dict[str, float] = {}
    for names in by_column.values():
        y = 26.0
        for name in sorted(names, key=lambda each: (-size[each], each)):
            places[name] = y
            y += max(size[name] * scale, 2.0) + max(12.0, 30.0 - size[name] * scale)
    return places, scale


def cliff(name: str, curve: Sequence[Sequence[float | None]], now: int, least: int, share: float) -> Figure:
    """The share within the target for each number of workers: today's and the fewest that do are marked."""
    drawing = Drawing(340.0)
    left, right, top, bottom = 46.0, 326.0, 16.0, 150.0
    counts = [int(each[0] or 0) for each in curve]
    low, high = min(counts), max(counts)
    for step in range(5):
        y = bottom - (bottom - top) * step / 4
        drawing.line(left, y, right, y, stroke=GRID, width=1)
        drawing.text(left - 6, y + 4, f"{25 * step}%", size=12, anchor="end", fill=QUIET)
    aim = bottom - (bottom - top) * share
    drawing.line(left, aim, right, aim, stroke="#8a4b08", width=1.5, dash="6 4")
    drawing.text(right, aim - 4 if share < 0.93 else aim + 14, f"wanted {share:.0%}", size=12, anchor="end")
    points = []
    for count, within in curve:
        x = left + (right - left) * ((count or 0) - low) / max(1, high - low)
        y = bottom - (bottom - top) * max(0.0, within or 0.0)
        points.append((x, y))
        if count in {now, least}:
            drawing.circle(x, y, 5.5, fill=DEEP if count == least else "#ffffff", stroke=DEEP)
        drawing.text(x, bottom + 16, str(count), size=11, anchor="middle", is_bold=count in {now, least})
    drawing.path(points, stroke=DEEP)
    drawing.text(
        left, bottom + 34, f"Workers. Ring: now ({now}). Dot: the fewest that do ({least}).", size=12, fill=QUIET
    )
    rows = tuple((str(count), "too much work" if within is None else f"{within:.1%}") for count, within in curve)
    said = (
        f"With {least} workers {share:.0%} are within the target; each point is the long run by formula, approximate."
    )
    return _figure(drawing, f"{name}: how many workers", said, Table(("Workers", "Within the target"), rows, name))


def fan(title: str, weeks: Sequence[int], bands: Sequence[Sequence[float]], actual: Sequence[float | None]) -> Figure:
    """What was predicted as bands (5, 25, 50, 75 and 95 %) week by week, and what happened as a line with marks."""
    drawing = Drawing(340.0)
    left, right, top, bottom = 40.0, 326.0, 16.0, 176.0
    high = max([each[4] for each in bands] + [each for each in actual if each is not None] + [1.0]) * 1.05
    last = max([*weeks, 1])

    def spot(week: float, value: float) -> tuple[float, float]:
        return left + (right - left) * week / last, bottom - (bottom - top) * value / high

    for step in range(5):
        y = bottom - (bottom - top) * step / 4
        drawing.line(left, y, right, y, stroke=GRID, width=1)
        drawing.text(left - 6, y + 4, f"{high * step / 4:.0f}", size=12, anchor="end", fill=QUIET)
    for (low, up), (shade, _) in zip(((0, 4), (1, 3)), _BANDS, strict=True):
        there = [spot(week, band[low]) for week, band in zip(weeks, bands, strict=True)]
        back = [spot(week, band[up]) for week, band in zip(weeks, bands, strict=True)][::-1]
        drawing.path([*there, *back], is_closed=True, stroke=shade, width=0.5, fill=shade)
    drawing.path([spot(week, band[2]) for week, band in zip(weeks, bands, strict=True)], stroke=DEEP, dash="7 4")
    happened = [spot(week, value) for week, value in zip(weeks, actual, strict=False) if value is not None]
    drawing.path(happened, stroke=INK, width=2.5)
    for x, y in happened:
        drawing.circle(x, y, 3.5, fill=INK)
    drawing.text(
        left, bottom + 16, "Weeks from the start. Dashed: the middle of what was predicted;", size=12, fill=QUIET
    )
    drawing.text(left, bottom + 32, "bands: 50 % and 90 % of futures; dots: what happened.", size=12, fill=QUIET)
    known = [*actual, *[None] * (len(weeks) - len(actual))]
    rows = tuple(
        (str(week), f"{band[0]:.0f} to {band[4]:.0f}", f"{band[2]:.0f}", "–" if value is None else f"{value:.0f}")
        for week, band, value in zip(weeks, bands, known, strict=True)
    )
    table = Table(("Week", "Predicted, 90 %", "In the middle", "Actual"), rows, title)
    return _figure(drawing, title, "What was predicted as bands and what happened as a line, week by week.", table)


def stock(weeks: Sequence[Mapping[str, Any]]) -> Figure:
    """Week by week, how many cases were open at the end, and how many came and left; numbers of fewer than six are not drawn."""
    drawing = Drawing(340.0)
    left, right, top, bottom = 44.0, 326.0, 22.0, 170.0
    looks = (("open", "Open", DEEP, ""), ("came", "Came", "#8a4b08", "7 4"), ("left", "Left", "#4c2c92", "2 4"))
    high = max([each[key] or 0 for each in weeks for key, *_ in looks] + [1]) * 1.05
    for number, (_, words, colour, dash) in enumerate(looks):
        drawing.line(left + 90 * number, 8, left + 90 * number + 28, 8, stroke=colour, width=2.5, dash=dash)
        drawing.text(left + 90 * number + 34, 12, words, size=12)
    for step in range(5):
        y = bottom - (bottom - top) * step / 4
        drawing.line(left, y, right, y, stroke=GRID, width=1)
        drawing.text(left - 6, y + 4, f"{high * step / 4:.0f}", size=12, anchor="end", fill=QUIET)
    for key, _, colour, dash in looks:
        run: list[tuple[float, float]] = []
        for number, each in enumerate(weeks):
            if each[key] is None:  # a gap, so that nothing is guessed across it
                drawing.path(run, stroke=colour, dash=dash)
                run = []
                continue
            run.append(
                (left + (right - left) * number / max(1, len(weeks) - 1), bottom - (bottom - top) * each[key] / high)
            )
        drawing.path(run, stroke=colour, dash=dash)
    drawing.text(left, bottom + 16, f"The last {len(weeks)} working weeks", size=12, fill=QUIET)
    rows = tuple(
        (str(each["week"] + 1), *("fewer than 6" if each[key] is None else f"{each[key]:,}" for key, *_ in looks))
        for each in weeks
    )
    said = "How many cases were open at the end of each week, and how many came and left in it."
    return _figure(
        drawing, "Open, came and left", said, Table(("Week", "Open", "Came", "Left"), rows, "Open, came and left")
    )


def names_of(path: Sequence[str]) -> str:
    """A path as one line."""
    return " → ".join(shortened(each, 13, 400) for each in path)


assert set(_ORDER) <= set(ACTIVITY_WORDS)  # noqa: S101 - every activity has its words
