"""The pictures of a business case: what it hangs on, how it comes out when drawn, how its rounds moved. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.core.drawing import DEEP, GRID, INK, PALE, QUIET, Drawing, shortened
from joinedup.core.figures import Figure, Table
from joinedup.engines.appraisal import pounds

_WIDTH, _EDGE = 340.0, 10.0
_LOSS = "#8a4b08"


class _Axis:
    """Pounds across the width of a drawing."""

    def __init__(self, low: float, high: float) -> None:
        spread = high - low or 1.0
        self.low, self.high = low - spread * 0.02, high + spread * 0.02

    def at(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return _EDGE + (_WIDTH - 2 * _EDGE) * min(max(part, 0.0), 1.0)


def in_short(sum_of_money: float) -> str:
    """£1.2m, £350k, £900, a loss with a minus sign before the pound sign."""
    size, sign = abs(sum_of_money), "-" if sum_of_money < 0 else ""
    if size >= 999_500:
        return f"{sign}£{size / 1e6:.1f}m"
    return f"{sign}£{size / 1e3:.0f}k" if size >= 999.5 else f"{sign}£{size:.0f}"


def tornado_picture(results: Mapping[str, Any]) -> Figure | None:
    """A bar for each input: the net present value with it at its lowest and at its highest. None where there is none."""
    swings = [each for each in results["tornado"] if each["npv_fiscal_low"] != each["npv_fiscal_high"]][:10]
    if not swings:
        return None
    base = results["npv_fiscal"]
    ends = [value for each in swings for value in (each["npv_fiscal_low"], each["npv_fiscal_high"])]
    axis = _Axis(min([0.0, base, *ends]), max([0.0, base, *ends]))
    drawing = Drawing(_WIDTH)
    y = 4.0
    for each in swings:
        y += 16
        drawing.text(_EDGE, y, shortened(_input_first(each["label"]), 13, _WIDTH - 2 * _EDGE))
        low, high = sorted((each["npv_fiscal_low"], each["npv_fiscal_high"]))
        drawing.box(axis.at(low), y + 5, max(axis.at(high) - axis.at(low), 1.5), 12, fill=PALE, stroke=DEEP, line=1)
        _rule(drawing, axis.at(base), y + 4, y + 18, INK, "")
        _rule(drawing, axis.at(0.0), y + 3, y + 19, QUIET, "4 3")
        y += 20
    for value, stroke, dash in ((base, INK, ""), (0.0, QUIET, "4 3")):
        _rule(drawing, axis.at(value), y, y + 8, stroke, dash)
    _ends(drawing, axis, y + 20, (("net now", base), ("nought", 0.0)))
    rows = tuple(
        (
            each["label"], _number(each["low"]), _number(each["high"]), pounds(each["npv_fiscal_low"]),
            pounds(each["npv_fiscal_high"]), "–" if each["breaks_even_at"] is None else _number(each["breaks_even_at"]),
        )
        for each in swings
    )  # fmt: skip
    columns = ("Input", "Lowest", "Highest", "Net at its lowest", "Net at its highest", "Just pays at")
    title = "What the answer hangs on"
    said = (
        f"Each input is off by what its grade allows, one at a time. It hangs most on {swings[0]['label']}:"
        f" the net fiscal value moves between {in_short(min(ends[:2]))} and {in_short(max(ends[:2]))}."
    )
    return _figure(drawing, title, said, Table(columns, rows, title))


def draws_picture(results: Mapping[str, Any]) -> Figure:
    """How often the net fiscal value came out where, with P10, P50 and P90."""
    drawn, shape = results["monte_carlo"], results["shape"]
    spread = drawn["npv_fiscal"]
    high = shape["low"] + shape["step"] * len(shape["counts"])
    axis = _Axis(min(shape["low"], 0.0), max(high, 0.0))
    drawing = Drawing(_WIDTH)
    top, foot = 30.0, 170.0
    most = max(shape["counts"]) or 1
    for place, count in enumerate(shape["counts"]):
        left = shape["low"] + shape["step"] * place
        x, width = axis.at(left), axis.at(left + shape["step"]) - axis.at(left)
        tall = (foot - top) * count / most
        is_loss = left + shape["step"] / 2 < 0
        if tall:
            drawing.box(
                x,
                foot - tall,
                max(width, 1),
                tall,
                fill="#ffffff" if is_loss else PALE,
                stroke=_LOSS if is_loss else DEEP,
                line=1,
            )
    drawing.line(_EDGE, foot, _WIDTH - _EDGE, foot, stroke=GRID)
    for place, (words, key) in enumerate((("P10", "p10"), ("P50", "p50"), ("P90", "p90"))):
        x = axis.at(spread[key])
        drawing.line(x, top - 4, x, foot, stroke=INK, width=1.5, dash="" if key == "p50" else "2 3")
        drawing.text(min(max(x, 24), _WIDTH - 24), 12 + 12 * (place % 2), words, size=12, anchor="middle", is_bold=True)
    _rule(drawing, axis.at(0.0), top, foot + 4, QUIET, "4 3")
    _ends(drawing, axis, foot + 18, (("nought", 0.0),))
    rows = (
        ("One in ten is below (P10)", pounds(spread["p10"]), pounds(drawn["npv_public"]["p10"])),
        ("Half are below (P50)", pounds(spread["p50"]), pounds(drawn["npv_public"]["p50"])),
        ("One in ten is above (P90)", pounds(spread["p90"]), pounds(drawn["npv_public"]["p90"])),
        ("Mean", pounds(spread["mean"]), pounds(drawn["npv_public"]["mean"])),
        ("Chance that it pays", chance(spread["chance_positive"]), chance(drawn["npv_public"]["chance_positive"])),
    )
    title = "How it may come out"
    said = (
        f"Of {drawn['draws']:,} draws of all inputs at once (seed {drawn['seed']}), {chance(spread['chance_positive'])} pay"
        f" for public purses. Half of them bring a net {in_short(spread['p50'])} or less; one in ten is below"
        f" {in_short(spread['p10'])}, one in ten above {in_short(spread['p90'])}."
    )
    return _figure(
        drawing, title, said, Table(("Of all draws", "Public purses, net", "Public value, net"), rows, title)
    )


def rounds_picture(rounds: Sequence[tuple[str, Mapping[str, Any]]]) -> Figure:
    """What each round said: cost and benefit to public purses as two bars, the first round first."""
    drawing = Drawing(_WIDTH)
    most = max((value for _, each in rounds for value in (each["pv_cost"], each["pv_fiscal"])), default=0) or 1
    room = _WIDTH - 2 * _EDGE - 60
    y = 0.0
    for label, each in rounds:
        y += 18
        drawing.text(_EDGE, y, shortened(label, 13, _WIDTH - 2 * _EDGE), is_bold=True)
        for words, value, fill in (("costs", each["pv_cost"], "#ffffff"), ("brings", each["pv_fiscal"], PALE)):
            y += 5
            width = max(room * value / most, 1.5)
            drawing.box(_EDGE, y, width, 14, fill=fill, stroke=DEEP, line=1)
            if width > 60:
                drawing.text(_EDGE + 6, y + 11, words, size=12)
            drawing.text(_EDGE + width + 6, y + 11, in_short(value), size=12)
            y += 14
        y += 4
    rows = tuple(
        (
            label,
            pounds(each["pv_cost"]),
            pounds(each["pv_fiscal"]),
            pounds(each["npv_fiscal"]),
            ratio(each["bcr_fiscal"]),
        )
        for label, each in rounds
    )
    title = "What each round said"
    said = "; ".join(
        f"{label}: costs {in_short(each['pv_cost'])}, brings {in_short(each['pv_fiscal'])}" for label, each in rounds
    )
    columns = ("Round", "Cost", "Benefit to public purses", "Net", "Back for £1")
    return _figure(drawing, title, f"{said}.", Table(columns, rows, title))


def _input_first(label: str) -> str:
    """`Engagement: children who…` for `children who…: engagement`, because the end of a long one is cut off."""
    line, _, name = label.rpartition(": ")
    return f"{name[:1].upper()}{name[1:]}: {line}" if line else label


def ratio(value: float | None) -> str:
    """£1.42, or a dash where there is none."""
    return "–" if value is None else f"£{value:.2f}"


def chance(part: float) -> str:
    """A share of draws as a per cent that never claims to be all or none of them."""
    if part >= 0.995:
        return "over 99 %"
    return "under 1 %" if part < 0.005 else f"{part * 100:.0f} %"


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def _rule(drawing: Drawing, x: float, top: float, foot: float, stroke: str, dash: str) -> None:
    drawing.line(x, top, x, foot, stroke=stroke, width=1.5, dash=dash)


def _ends(drawing: Drawing, axis: _Axis, y: float, marks: Sequence[tuple[str, float]]) -> None:
    """What the rules mean, below each other so that they never lie on one another."""
    for place, (words, value) in enumerate(marks):
        x = axis.at(value)
        anchor = "start" if x < _WIDTH / 2 else "end"
        drawing.text(
            x, y + 15 * place, f"{words}: {in_short(value)}" if value else words, size=12, anchor=anchor, fill=INK
        )


def _figure(drawing: Drawing, title: str, said: str, table: Table) -> Figure:
    svg = drawing.svg(title, said)
    return Figure(svg, title, said, table, table.as_csv(), int(drawing.width), math.ceil(drawing.height + 6))
