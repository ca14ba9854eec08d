"""Families in several strands as an UpSet picture: a column for each combination of strands, as high as it has families,
and below it dots in the rows of the strands it is of. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.benefits.cohort import shown
from joinedup.benefits.overlap import Intersection
from joinedup.core.drawing import DEEP, GRID, INK, PALE, Drawing, shortened
from joinedup.core.figures import Figure, Table

_LEFT, _STEP, _ROW, _HIGH, _TOP = 176.0, 30.0, 24.0, 120.0, 22.0
MOST = 18


def upset(
    title: str, strands: Sequence[tuple[str, str, int]], found: Sequence[Intersection], *, least: int = 0
) -> Figure:
    """`strands` are code, name and number of families; `found` their intersections. A number below `least` is drawn as a
    hatched stump and not said."""
    columns = list(found[:MOST])
    width = _LEFT + _STEP * max(len(columns), 4) + 16
    drawing = Drawing(width)
    most = max((each.families for each in columns), default=1)
    for place, each in enumerate(columns):
        _column(drawing, place, each, most, least)
    top = _TOP + _HIGH + 18
    for place, (code, name, number) in enumerate(strands):
        _strand(drawing, top + place * _ROW, width, (name, shown(number, least)), place % 2 == 0)
        for at, each in enumerate(columns):
            drawing.circle(
                _middle(at), top + place * _ROW, 6, fill=INK if code in each.strands else GRID,
                stroke=INK if code in each.strands else GRID, width=1,
            )  # fmt: skip
    rows = {code: place for place, (code, _, _) in enumerate(strands)}
    for at, each in enumerate(columns):
        places = sorted(rows[code] for code in each.strands)
        if len(places) > 1:
            drawing.line(_middle(at), top + places[0] * _ROW, _middle(at), top + places[-1] * _ROW, width=3)
    names = {code: name for code, name, _ in strands}
    table = Table(
        ("Strands", "How many strands", "Families in exactly these"),
        tuple(
            (" and ".join(names[c] for c in e.strands), str(len(e.strands)), shown(e.families, least)) for e in found
        ),
        title,
    )
    svg = drawing.svg(title, _said(columns, names, least))
    return Figure(
        svg,
        title,
        _said(columns, names, least),
        table,
        table.as_csv(),
        width=int(width),
        height=int(drawing.height + 6),
    )


def _middle(place: int) -> float:
    return _LEFT + _STEP * place + _STEP / 2


def _column(drawing: Drawing, place: int, each: Intersection, most: int, least: int) -> None:
    hidden = 0 < each.families < least
    tall = 5.0 if hidden else max(2.0, _HIGH * each.families / most)
    bottom = _TOP + _HIGH
    drawing.box(
        _middle(place) - 9, bottom - tall, 18, tall, fill=PALE if hidden or len(each.strands) == 1 else DEEP,
        stroke=DEEP, line=1, dash="3 2" if hidden else "",
    )  # fmt: skip
    words = f"<{least}" if hidden else f"{each.families:,}"
    drawing.text(_middle(place), bottom - tall - 5, words, size=11, anchor="middle", is_bold=len(each.strands) > 1)


def _strand(drawing: Drawing, y: float, width: float, words: tuple[str, str], is_shaded: bool) -> None:
    if is_shaded:
        drawing.box(4, y - _ROW / 2, width - 8, _ROW, fill="#f3f2f1", stroke="#f3f2f1", line=0)
    drawing.text(10, y + 4, shortened(f"{words[0]} ({words[1]})", 12, _LEFT - 16), size=12)


def _said(columns: Sequence[Intersection], names: dict[str, str], least: int) -> str:
    several = [each for each in columns if len(each.strands) > 1]
    if not several:
        return "No family is in two strands."
    most = several[0]
    words = " and ".join(names[code] for code in most.strands)
    return (
        f"Each column is a combination of strands, as high as it has families; dark ones are of two or more strands. "
        f"The largest of those is {words}: {shown(most.families, least)} families."
    )
