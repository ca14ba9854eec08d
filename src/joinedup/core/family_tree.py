"""The family tree (genogram): men as squares, women as circles, not known as a diamond, a cross for who has died, partners
joined, children below by age, twins from one point, and a broken outline round who lives together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from joinedup.core.drawing import DEEP, INK, PALE, QUIET, Drawing, shortened, wrapped
from joinedup.core.family_layout import COLUMN, Bond, Layout, Pairs, Relative, Tie, Union, arranged
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long

_HALF = 18.0  # half a symbol
_LABEL = 112.0  # room for a name
_SIZE = 13.0
_ROW = 172.0
_TOP = 30.0
_KEY = (
    ("M", "Male"),
    ("F", "Female"),
    ("U", "Sex not known"),
    ("died", "Has died"),
    ("focus", "Who this is about"),
    ("home", "Live together"),
)


def family_tree(
    title: str,
    people: Sequence[Relative],
    ties: Sequence[Tie] = (),
    bonds: Sequence[Bond] = (),
    *,
    pairs: Pairs = (),
    note: str = "",
) -> Figure:
    """The family as a drawing, and as a table of who is whose. `pairs` are brothers and sisters whose parents are not
    in the tree."""
    pairs = list(pairs)
    layout = arranged(people, ties, bonds, pairs)
    margin = COLUMN / 2 + 4
    width = max(max(layout.x.values(), default=0.0) + 2 * margin, 340.0)
    shift = (width - max(layout.x.values(), default=0.0)) / 2
    at = {each.id: (layout.x[each.id] + shift, _TOP + layout.row[each.id] * _ROW) for each in people}
    drawing = Drawing(width)
    _households(drawing, people, layout, at)
    _bonds(drawing, layout, bonds, at)
    _children(drawing, layout, {each.id: each for each in people}, ties, at)
    _siblings(drawing, layout, pairs, at)
    for each in people:
        _person(drawing, each, *at[each.id])
    _key(drawing, max(_TOP + layout.rows * _ROW - 34, 20), width)
    table = _table(title, people, ties, bonds, pairs)
    said = f"{len(people)} {'person' if len(people) == 1 else 'people'} in {layout.rows} generations."
    if layout.rows == 1:
        said = said.replace("generations", "generation").replace("in 1", "of one")
    description = f"{said} {note}".strip()
    svg = drawing.svg(title, description)
    return Figure(svg, title, description, table, table.as_csv(), int(width), int(drawing.height) + 6)


def _person(drawing: Drawing, person: Relative, x: float, y: float) -> None:
    _symbol(drawing, person.sex, x, y, is_focus=person.is_focus)
    if person.has_died:
        drawing.line(x - _HALF, y - _HALF, x + _HALF, y + _HALF, width=1.5)
        drawing.line(x - _HALF, y + _HALF, x + _HALF, y - _HALF, width=1.5)
    down = y + _HALF + 16
    for words in wrapped(person.name, _SIZE, _LABEL, most=2):
        drawing.text(x, down, words, size=_SIZE, anchor="middle", is_bold=False)
        down += 15
    if person.note:
        drawing.text(x, down, shortened(person.note, 12, _LABEL), size=12, anchor="middle", fill=QUIET)


def _symbol(drawing: Drawing, sex: str, x: float, y: float, *, is_focus: bool = False, half: float = _HALF) -> None:
    for reach in (half, half - 5) if is_focus else (half,):
        fill = PALE if is_focus and reach != half else "#ffffff"
        if sex == "M":
            drawing.box(x - reach, y - reach, 2 * reach, 2 * reach, fill=fill)
        elif sex == "F":
            drawing.circle(x, y, reach, fill=fill)
        else:
            drawing.diamond(x, y, reach, fill=fill)


def _households(
    drawing: Drawing, people: Sequence[Relative], layout: Layout, at: dict[str, tuple[float, float]]
) -> None:
    """One outline where it would hold nobody else, else one for each run of neighbours in a row."""
    home = [each.id for each in people if each.is_in_household]
    if not home:
        return
    left, right = min(at[each][0] for each in home), max(at[each][0] for each in home)
    top, bottom = min(at[each][1] for each in home), max(at[each][1] for each in home)
    others = [at[each.id] for each in people if each.id not in home]
    if not any(left - COLUMN < x < right + COLUMN and top <= y <= bottom for x, y in others):
        _outline(drawing, left, right, top, bottom)
        return
    for y in sorted({at[each][1] for each in home}):
        inside = sorted((at[each.id][0], each.id in home) for each in people if at[each.id][1] == y)
        for is_home, run in groupby(inside, key=lambda place: place[1]):
            if is_home:
                across = [x for x, _ in run]
                _outline(drawing, across[0], across[-1], y, y)


def _outline(drawing: Drawing, left: float, right: float, top: float, bottom: float) -> None:
    drawing.box(
        left - COLUMN / 2 + 1, top - 26, right - left + COLUMN - 2, bottom - top + 116,
        fill="none", stroke=DEEP, line=1.5, dash="6 4", corner=14,
    )  # fmt: skip


def _bonds(drawing: Drawing, layout: Layout, bonds: Sequence[Bond], at: dict[str, tuple[float, float]]) -> None:
    """Lines between partners; those who only have a child in common are joined by a broken line. A former partnership is
    crossed by two strokes. Partners with somebody between them are joined above."""
    drawn: set[frozenset[str]] = set()
    for bond in bonds:
        pair = frozenset((bond.one, bond.other))
        if bond.one not in at or bond.other not in at or pair in drawn or len(pair) < 2:
            continue
        drawn.add(pair)
        _joined(drawing, at[bond.one], at[bond.other], dash="", is_over=bond.is_over)
    for union in layout.unions:
        if len(union.parents) == 2 and frozenset(union.parents) not in drawn:
            _joined(drawing, at[union.parents[0]], at[union.parents[1]], dash="5 4", is_over=False)


def _joined(
    drawing: Drawing, one: tuple[float, float], other: tuple[float, float], *, dash: str, is_over: bool
) -> None:
    (x1, y), (x2, _) = sorted((one, other))
    if abs(x2 - x1) <= COLUMN * 1.5:
        drawing.line(x1 + _HALF, y, x2 - _HALF, y, width=2, dash=dash)
        middle, height = (x1 + x2) / 2, y
    else:
        height = y - _HALF - 8
        drawing.path([(x1, y - _HALF), (x1, height), (x2, height), (x2, y - _HALF)], dash=dash)
        middle = (x1 + x2) / 2
    if is_over:
        drawing.line(middle - 26, height + 7, middle - 19, height - 7)
        drawing.line(middle - 20, height + 7, middle - 13, height - 7)


def _children(
    drawing: Drawing,
    layout: Layout,
    known: dict[str, Relative],
    ties: Sequence[Tie],
    at: dict[str, tuple[float, float]],
) -> None:
    """From each couple a stem down to a bar, and from the bar to each child; bars of several unions lie at heights of
    their own. Who is a parent otherwise than by birth has a broken line."""
    how = {(tie.parent, tie.child): tie.how for tie in ties}
    by_row: dict[int, list[Union]] = defaultdict(list)
    for union in layout.unions:
        by_row[max(layout.row[parent] for parent in union.parents)].append(union)
    for unions in by_row.values():
        ordered = sorted(unions, key=lambda union: sum(at[parent][0] for parent in union.parents) / len(union.parents))
        for place, union in enumerate(ordered):
            _union(drawing, union, known, how, at, lower=(place % 4) * 7.0)


def _union(
    drawing: Drawing,
    union: Union,
    known: dict[str, Relative],
    how: dict[tuple[str, str], str],
    at: dict[str, tuple[float, float]],
    *,
    lower: float,
) -> None:
    places = sorted(at[parent] for parent in union.parents)
    x = sum(place[0] for place in places) / len(places)
    is_far = len(places) == 2 and places[1][0] - places[0][0] > COLUMN * 1.5
    start = places[0][1] if len(places) == 2 else places[0][1] + _HALF
    dash = "5 4" if any(how.get((parent, child)) for parent in union.parents for child in union.children) else ""
    child_y = min(at[child][1] for child in union.children)
    bar = child_y - 44 + lower
    if is_far:
        start = places[0][1] - _HALF - 8
    if len(places) == 1 or is_far:
        # Down beside the name, not through it.
        side = x + COLUMN / 2 - 1 if len(places) == 1 else x
        top = start - _HALF if len(places) == 1 else start
        near = x + _HALF if len(places) == 1 else x
        drawing.path([(near, top), (side, top), (side, bar)], dash=dash, width=1.5)
        x = side
    else:
        drawing.line(x, start, x, bar, dash=dash)
    tops = [
        (sum(at[child][0] for child in twins) / len(twins), twins)
        for _, group in groupby(union.children, key=lambda child: known[child].born or child)
        for twins in [list(group)]
    ]
    across = [x, *(top for top, _ in tops)]
    if max(across) > min(across):
        drawing.line(min(across), bar, max(across), bar, dash=dash)
    for top, twins in tops:
        for child in twins:
            drawing.line(top, bar, at[child][0], at[child][1] - _HALF, dash=dash)


def _siblings(
    drawing: Drawing, layout: Layout, pairs: Sequence[tuple[str, str]], at: dict[str, tuple[float, float]]
) -> None:
    """Brothers and sisters without parents in the tree: a bar above them."""
    for one, other in pairs:
        if one in at and other in at:
            (x1, y), (x2, _) = sorted((at[one], at[other]))
            drawing.path([(x1, y - _HALF), (x1, y - 28), (x2, y - 28), (x2, y - _HALF)], width=1.5)


def _key(drawing: Drawing, y: float, width: float) -> None:
    """What the signs mean, in as many columns as there is room for."""
    columns = max(int(width // 165), 2)
    for place, (sign, words) in enumerate(_KEY):
        x, down = 20 + (place % columns) * (width - 20) / columns, y + (place // columns) * 26
        if sign == "home":
            drawing.box(x - 9, down - 9, 18, 18, fill="none", stroke=DEEP, line=1.5, dash="6 4", corner=4)
        else:
            _symbol(drawing, "M" if sign in ("died", "focus") else sign, x, down, is_focus=sign == "focus", half=9)
        if sign == "died":
            drawing.line(x - 9, down - 9, x + 9, down + 9, stroke=INK)
            drawing.line(x - 9, down + 9, x + 9, down - 9, stroke=INK)
        drawing.text(x + 16, down + 4, words, size=12)


def _table(
    title: str,
    people: Sequence[Relative],
    ties: Sequence[Tie],
    bonds: Sequence[Bond],
    pairs: Sequence[tuple[str, str]],
) -> Table:
    named = {each.id: each.name for each in people}
    said: dict[str, list[str]] = defaultdict(list)
    for tie in ties:
        if tie.parent in named and tie.child in named:
            how = tie.how or "Parent"
            said[tie.parent].append(f"{how[0].upper()}{how[1:]} of {named[tie.child]}")
    for bond in bonds:
        if bond.one in named and bond.other in named:
            word = "Former partner" if bond.is_over else "Partner"
            said[bond.one].append(f"{word} of {named[bond.other]}")
            said[bond.other].append(f"{word} of {named[bond.one]}")
    for one, other in pairs:
        if one in named and other in named:
            said[one].append(f"Brother or sister of {named[other]}")
            said[other].append(f"Brother or sister of {named[one]}")
    sexes = {"M": "Male", "F": "Female"}
    rows = tuple(
        (
            each.name,
            (date_long(each.born) or "Not known") + (", has died" if each.has_died else ""),
            sexes.get(each.sex, "Not known"),
            ". ".join(said[each.id]) or "Nothing recorded",
            "Yes" if each.is_in_household else "",
        )
        for each in people
    )
    return Table(("Name", "Born", "Sex", "Who they are", "In the household"), rows, title)
