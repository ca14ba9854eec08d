"""Families in several strands as an UpSet picture: a column for each combination of strands, as high as it has families,
and below it dots in the rows of the strands it is of. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joinedup.benefits.overlap import Intersection
from joinedup.core.drawing import DEEP, GRID, INK, PALE, Drawing, shortened
from joinedup.core.figures import Figure, Table

_LEFT, _STEP, _ROW, _HIGH, _TOP = 176.0, 30.0, 24.0, 120.0, 22.0
_STUMP = 5.0
MOST = 18


def upset(
    title: str,
    strands: Sequence[tuple[str, str, str]],
    found: Sequence[Intersection],
    *,
    hidden: Mapping[tuple[str, ...], str] | None = None,
) -> Figure:
    """`strands` are code, name and number of families in words; `found` their intersections. One of `hidden` (in which words
    stand in place of its number) is drawn as a hatched stump, and stands after all others: its place tells nothing."""
    kept = hidden or {}
    order = {code: place for place, (code, _, _) in enumerate(strands)}
    unsaid = sorted(
        (each for each in found if each.strands in kept),
        key=lambda each: (len(each.strands), [order[code] for code in each.strands]),
    )
    found = [*(each for each in found if each.strands not in kept), *unsaid]
    columns = found[:MOST]
    width = _LEFT + _STEP * max(len(columns), 4) + 16
    drawing = Drawing(width)
    most = max((each.families for each in columns if each.strands not in kept), default=0)
    high = _HIGH if most else _STUMP + 8  # with no column to compare there is nothing to leave room for
    for place, each in enumerate(columns):
        _column(drawing, place, each, (most, high), kept.get(each.strands))
    top = _TOP + high + 18
    for place, (code, name, number) in enumerate(strands):
        _strand(drawing, top + place * _ROW, width, (name, number), place % 2 == 0)
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
            (" and ".join(names[c] for c in e.strands), str(len(e.strands)), kept.get(e.strands, f"{e.families:,}"))
            for e in found
        ),
        title,
    )
    words = _said(columns, names, kept)
    return Figure(
        drawing.svg(title, words),
        title,
        words,
        table,
        table.as_csv(),
        width=int(width),
        height=int(drawing.height + 6),
    )


def _middle(place: int) -> float:
    return _LEFT + _STEP * place + _STEP / 2


def _column(drawing: Drawing, place: int, each: Intersection, scale: tuple[int, float], unsaid: str | None) -> None:
    most, high = scale
    hidden = unsaid is not None
    tall = _STUMP if hidden else max(2.0, high * each.families / most)
    bottom = _TOP + high
    drawing.box(
        _middle(place) - 9, bottom - tall, 18, tall, fill=PALE if hidden or len(each.strands) == 1 else DEEP,
        stroke=DEEP, line=1, dash="3 2" if hidden else "",
    )  # fmt: skip
    words = f"{each.families:,}" if unsaid is None else _short(unsaid)
    drawing.text(_middle(place), bottom - tall - 5, words, size=11, anchor="middle", is_bold=len(each.strands) > 1)


def _strand(drawing: Drawing, y: float, width: float, words: tuple[str, str], is_shaded: bool) -> None:
    if is_shaded:
        drawing.box(4, y - _ROW / 2, width - 8, _ROW, fill="#f3f2f1", stroke="#f3f2f1", line=0)
    drawing.text(10, y + 4, shortened(f"{words[0]} ({_short(words[1])})", 12, _LEFT - 16), size=12)


def _short(words: str) -> str:
    """What stands in place of a number, where there is room for a sign only; the table beside says it in full."""
    return words.replace("fewer than ", "<").replace("not shown", "–")


def _said(columns: Sequence[Intersection], names: dict[str, str], hidden: Mapping[tuple[str, ...], str]) -> str:
    several = [each for each in columns if len(each.strands) > 1]
    if not several:
        return "No family is in two strands."
    said = "Each column is a combination of strands, as high as it has families; dark ones are of two or more strands."
    if any(each.strands in hidden for each in columns):
        said += " Those whose number is not shown are dashed stumps, at the end, with “–” or “<” above them."
    most = several[0]
    if most.strands in hidden:
        return said
    words = " and ".join(names[code] for code in most.strands)
    return f"{said} The largest of those {'shown ' if hidden else ''}is {words}: {most.families:,} families."
