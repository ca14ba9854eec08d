"""Where everybody stands in a family tree: generations from top to bottom, partners side by side, brothers and sisters by
age, nobody on top of anybody. The same family always comes out the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

COLUMN = 118.0  # from one person's middle to the next
_SWEEPS = 24


@dataclass(frozen=True)
class Relative:
    """Somebody in the tree. `sex` is M, F or anything else for not known; `note` is a word or two under the name."""

    id: str
    name: str
    sex: str = "U"
    born: date | None = None
    has_died: bool = False
    note: str = ""
    is_in_household: bool = False
    is_focus: bool = False


@dataclass(frozen=True)
class Tie:
    """Who is a child's parent, and how: by birth, or as `how` says (step-parent, adoptive, foster carer)."""

    parent: str
    child: str
    how: str = ""


@dataclass(frozen=True)
class Bond:
    """Two partners; or former ones."""

    one: str
    other: str
    is_over: bool = False


@dataclass(frozen=True)
class Union:
    """One or two parents and the children they have in common, the eldest first."""

    parents: tuple[str, ...]
    children: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Each person's row (0 at the top) and place across; and the unions by row of their parents."""

    row: dict[str, int]
    x: dict[str, float]
    unions: tuple[Union, ...]
    rows: int


def arranged(people: Sequence[Relative], ties: Sequence[Tie], bonds: Sequence[Bond], pairs: Pairs = ()) -> Layout:
    """The whole family. `pairs` are brothers and sisters whose parents are not in the tree."""
    known = {each.id: each for each in people}
    ties = [tie for tie in ties if tie.parent in known and tie.child in known and tie.parent != tie.child]
    bonds = [bond for bond in bonds if bond.one in known and bond.other in known and bond.one != bond.other]
    pairs = [pair for pair in pairs if pair[0] in known and pair[1] in known]
    unions = _unions(known, ties)
    level = [(bond.one, bond.other) for bond in bonds] + list(pairs)
    level += [(union.parents[0], union.parents[1]) for union in unions if len(union.parents) > 1]
    row = _rows(known, ties, level)
    x = _places(known, row, unions, level)
    return Layout(row, x, unions, max(row.values(), default=-1) + 1)


Pairs = Iterable[tuple[str, str]]


def _unions(known: dict[str, Relative], ties: Sequence[Tie]) -> tuple[Union, ...]:
    """Children by the parents they have in common. Of more than two, those by birth come first and the rest are unions
    of their own, so that every tie is drawn."""
    parents: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.parent not in [each.parent for each in parents[tie.child]]:
            parents[tie.child].append(tie)
    children: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for child, several in parents.items():
        ranked = sorted(several, key=lambda tie: (tie.how != "", _age_key(known[tie.parent])))
        first = tuple(sorted(tie.parent for tie in ranked[:2] if tie.how == ranked[0].how))
        children[first].append(child)
        for tie in ranked:
            if tie.parent not in first:
                children[tie.parent,].append(child)
    return tuple(
        Union(key, tuple(sorted(children[key], key=lambda child: _age_key(known[child])))) for key in sorted(children)
    )


def _age_key(person: Relative) -> tuple[date, str, str]:
    return person.born or date.max, person.name, person.id


def _rows(known: dict[str, Relative], ties: Sequence[Tie], level: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Children below their parents, partners and siblings beside each other; a circle in the data ends the search."""
    row = dict.fromkeys(known, 0)
    for _ in range(len(known) + 1):
        before = dict(row)
        for tie in ties:
            row[tie.child] = max(row[tie.child], row[tie.parent] + 1)
        for one, other in level:
            row[one] = row[other] = max(row[one], row[other])
        if row == before:
            break
    else:
        row = {each: min(place, 3) for each, place in row.items()}
    _lift_lonely(known, row, ties, level)
    least = min(row.values(), default=0)
    return {each: place - least for each, place in row.items()}


def _lift_lonely(
    known: dict[str, Relative], row: dict[str, int], ties: Sequence[Tie], level: Sequence[tuple[str, str]]
) -> None:
    """Whoever only has children (a grandparent on one side) stands one above the highest of them."""
    tied = {tie.child for tie in ties} | {each for pair in level for each in pair}
    for each in known:
        below = [row[tie.child] for tie in ties if tie.parent == each]
        if below and each not in tied:
            row[each] = min(below) - 1


def _places(
    known: dict[str, Relative], row: dict[str, int], unions: Sequence[Union], level: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """An order for each row, then each person pulled towards parents and children without changing the order."""
    rows: dict[int, list[str]] = defaultdict(list)
    for each in sorted(known, key=lambda name: _age_key(known[name])):
        rows[row[each]].append(each)
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for union in unions:
        for child in union.children:
            above[child] += union.parents
        for parent in union.parents:
            below[parent] += union.children
    x: dict[str, float] = {}
    for place in sorted(rows):
        rows[place] = _ordered(rows[place], known, above, level, x)
        x.update({each: column * COLUMN for column, each in enumerate(rows[place])})
    for sweep in range(_SWEEPS):
        for place in sorted(rows, reverse=sweep % 2 == 0):
            near = below if sweep % 2 == 0 else above
            _settle(rows[place], near, x)
    left = min(x.values(), default=0.0)
    return {each: column - left for each, column in x.items()}


def _ordered(
    row: Sequence[str],
    known: dict[str, Relative],
    above: dict[str, list[str]],
    level: Sequence[tuple[str, str]],
    x: dict[str, float],
) -> list[str]:
    """One row: brothers and sisters by age under their parents, each partner beside whom they belong to."""
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other in level:
        if one in row and other in row and other not in beside[one]:
            beside[one].append(other)
            beside[other].append(one)

    def under(each: str) -> float:
        parents = [x[parent] for parent in above[each] if parent in x]
        return sum(parents) / len(parents) if parents else -1.0

    ordered: list[str] = []
    rooted = sorted(row, key=lambda each: (not above[each], under(each), _age_key(known[each])))
    # Somebody with two partners stands between them: begin a group at one who has a single partner.
    for each in (
        sorted(rooted, key=lambda name: (not above[name], under(name), len(beside[name]) > 1)) if not x else rooted
    ):
        _follow(each, beside, above, ordered)
    return ordered


def _follow(each: str, beside: dict[str, list[str]], above: dict[str, list[str]], ordered: list[str]) -> None:
    if each in ordered:
        return
    others = [other for other in beside[each] if other not in ordered]
    # A partner from outside goes before, the next one after.
    if len(others) > 1 and not above[others[0]]:
        ordered.append(others.pop(0))
    ordered.append(each)
    for other in others:
        _follow(other, beside, above, ordered)


def _settle(row: Sequence[str], near: dict[str, list[str]], x: dict[str, float]) -> None:
    """Move each person towards the middle of those they belong to, keeping order and distance. Least squares with a
    least distance: groups that would touch are merged and moved as one."""
    groups: list[tuple[float, int, int]] = []  # sum of wished left edges, weight, size
    for each in row:
        others = [x[other] for other in near[each] if other in x]
        wish, weight = (sum(others) / len(others), 4) if others else (x[each], 1)
        groups.append((wish * weight, weight, 1))
        while len(groups) > 1:
            first, second = groups[-2], groups[-1]
            if first[0] / first[1] + first[2] * COLUMN <= second[0] / second[1] + 1e-9:
                break
            moved = second[0] - second[1] * first[2] * COLUMN
            groups[-2:] = [(first[0] + moved, first[1] + second[1], first[2] + second[2])]
    place = 0
    for wished, weight, size in groups:
        for column in range(size):
            x[row[place]] = round(wished / weight + column * COLUMN, 3)
            place += 1
