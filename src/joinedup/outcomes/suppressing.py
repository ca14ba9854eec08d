"""Which values of a measure are not shown: fewer than six people of an area could be known by whoever knows the area, and so
could those who follow from an area and the whole, or from a cohort and everybody. Pure.

All values of one measure and one period are judged together, in every area and cohort: a locality is part of the whole, a
cluster of its locality, ages of wider ages, and whatever Joinedup counts of a group is part of what it counts of everybody.
Whoever is in none of the parts is guarded, too: three people without a known area follow from the whole and the areas. Where
numbers that were brought in do not fit into one another (parts that come to more than the whole) they are no parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from joinedup.engines.disclosure import Whole, decide
from joinedup.outcomes.codes import CLUSTER, COUNT, LOCALITY, SHARE, WHOLE

Name = tuple[Hashable, ...]
_ANY_AGE = (-1, 1_000)


def is_small(
    form: str, value: Decimal | None, numerator: Decimal | None, denominator: int | None, *, smallest: int
) -> bool:
    """Whether a value by itself tells of fewer than `smallest` people: a count between nought and it; a share or a mean of
    fewer; or a share that so few are in, or so few are not in. Nought out of many, and all out of many, tell of nobody in
    particular and are shown."""
    if value is None:
        return False
    if form == COUNT:
        return 0 < value < smallest
    if denominator is not None and 0 < denominator < smallest:
        return True
    if form == SHARE and numerator is not None and denominator is not None:
        return 0 < numerator < smallest or 0 < denominator - numerator < smallest
    return False


@dataclass(frozen=True)
class Group:
    """Whom a value is of. `is_part`: it is part of everybody whatever its ages, because Joinedup counts both."""

    key: Hashable
    youngest: int | None = None
    oldest: int | None = None
    is_everybody: bool = False
    is_part: bool = False

    @property
    def ages(self) -> tuple[int, int] | None:
        """The ages it takes in; None where it is no matter of ages."""
        if self.is_everybody:
            return _ANY_AGE
        if self.youngest is None and self.oldest is None:
            return None
        return (
            _ANY_AGE[0] + 1 if self.youngest is None else self.youngest,
            _ANY_AGE[1] if self.oldest is None else self.oldest,
        )

    def holds(self, other: Group) -> bool:
        """Whether everybody of another group is of this one."""
        if self.key == other.key:
            return False
        if self.is_everybody and other.is_part:
            return True
        mine, theirs = self.ages, other.ages
        return (
            mine is not None and theirs is not None and mine != theirs and mine[0] <= theirs[0] and theirs[1] <= mine[1]
        )


@dataclass(frozen=True)
class Told:
    """One value of a period, with its numbers of people. `within` is the locality a cluster lies in."""

    key: Hashable
    area_kind: str
    area: Hashable
    within: Hashable
    group: Group
    numbers: tuple[tuple[str, int], ...]  # "in", "out" and "of", as far as there are such


def numbers_behind(
    form: str, value: Decimal | None, numerator: Decimal | None, denominator: int | None
) -> tuple[tuple[str, int], ...]:
    """The numbers of people behind a value: how many are in, how many are not, and of how many."""
    if value is None:
        return ()
    if form == COUNT:
        return (("in", int(value)),)
    if denominator is None:
        return ()
    if form == SHARE and numerator is not None:
        return (("in", int(numerator)), ("out", denominator - int(numerator)), ("of", denominator))
    return (("of", denominator),)


@dataclass(frozen=True)
class Hidden:
    """The values of a period that are not shown, and those of them that may be called fewer than the smallest."""

    keys: frozenset[Hashable] = frozenset()
    few: frozenset[Hashable] = frozenset()


@lru_cache(maxsize=4096)
def hidden_of(told: tuple[Told, ...], smallest: int) -> Hidden:
    """What is not shown of the values of one measure and one period."""
    if not any(0 < number < smallest for each in told for _, number in each.numbers) and len(told) < 2:
        return Hidden()
    table = _Period(told)
    table.fill()
    found = decide(
        table.counts, table.wholes, threshold=smallest, silent=table.silent,
        together=[[(kind, each.key) for kind, _ in each.numbers if kind != "out"] for each in told],
    )  # fmt: skip
    of_told = {each.key for each in told}
    return Hidden(
        frozenset(name[1] for name in found.hidden if name[1] in of_told),
        frozenset(name[1] for name in found.few if name[1] in of_told),
    )


@dataclass
class _Period:
    """The values of a period and how they are part of each other."""

    told: Sequence[Told]
    counts: dict[Name, int] = field(default_factory=dict)
    wholes: list[Whole[Name]] = field(default_factory=list)
    silent: set[Name] = field(default_factory=set)
    rests: dict[tuple[Hashable, ...], dict[Hashable, tuple[Told, dict[str, Name]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def fill(self) -> None:
        """Put every number down, then what is part of what."""
        for each in self.told:
            for kind, number in each.numbers:
                self.counts[kind, each.key] = number
                if kind == "out":
                    self.silent.add((kind, each.key))
            if len(each.numbers) == 3:
                self.wholes.append(Whole(("of", each.key), (("in", each.key), ("out", each.key))))
        for whole, parts in self._by_area():
            self._part(whole, parts)
        for area, there in self._places().items():
            for whole, parts in _by_group(there):
                rest = self._part(whole, parts)
                if rest is not None and len(parts) == 1:
                    self.rests[whole.group.key, parts[0].group.key][area] = (whole, rest)
        self._rests_by_area()

    def _places(self) -> dict[tuple[str, Hashable], list[Told]]:
        found: dict[tuple[str, Hashable], list[Told]] = defaultdict(list)
        for each in self.told:
            found[each.area_kind, each.area].append(each)
        return found

    def _by_area(self) -> Iterator[tuple[Told, list[Told]]]:
        groups: dict[Hashable, list[Told]] = defaultdict(list)
        for each in self.told:
            groups[each.group.key].append(each)
        for there in groups.values():
            yield from _nested(there)

    def _part(self, whole: Told, parts: Sequence[Told]) -> dict[str, Name] | None:
        """That some are parts of another, with whoever is in none of them; None where they cannot be."""
        kinds = [kind for kind, _ in whole.numbers if kind != "of" or len(whole.numbers) == 1]
        if not kinds or any(each.numbers == () or len(each.numbers) != len(whole.numbers) for each in parts):
            return None
        left = {
            kind: self.counts[kind, whole.key] - sum(self.counts[kind, each.key] for each in parts) for kind in kinds
        }
        if any(number < 0 for number in left.values()):
            return None
        rest: dict[str, Name] = {}
        for kind, number in left.items():
            name: Name = ("rest", kind, whole.key, *(each.key for each in parts))
            self.counts[name] = number
            self.silent.add(name)
            self.wholes.append(Whole((kind, whole.key), (*((kind, each.key) for each in parts), name)))
            rest[kind] = name
        return rest

    def _rests_by_area(self) -> None:
        """Those outside a group in all areas together are those outside it in each."""
        for by_area in self.rests.values():
            for whole, parts in _nested([told for told, _ in by_area.values()]):
                above = by_area[whole.area_kind, whole.area][1]
                below = [by_area[each.area_kind, each.area][1] for each in parts]
                for kind, name in above.items():
                    number = self.counts[name] - sum(self.counts[each[kind]] for each in below)
                    if number >= 0:
                        extra: Name = ("rest", name, len(parts))
                        self.counts[extra] = number
                        self.silent.add(extra)
                        self.wholes.append(Whole(name, (*(each[kind] for each in below), extra)))


def _nested(there: Sequence[Told]) -> Iterator[tuple[Told, list[Told]]]:
    """Of values of one group: the whole and its localities, the whole and its clusters, a locality and its clusters."""
    of_kind = {kind: [each for each in there if each.area_kind == kind] for kind in (WHOLE, LOCALITY, CLUSTER)}
    for whole in of_kind[WHOLE]:
        for parts in (of_kind[LOCALITY], of_kind[CLUSTER]):
            if parts:
                yield whole, parts
    for locality in of_kind[LOCALITY]:
        inside = [each for each in of_kind[CLUSTER] if each.within == locality.area]
        if inside:
            yield locality, inside


def _by_group(there: Sequence[Told]) -> Iterator[tuple[Told, list[Told]]]:
    """Of values of one area: every group and each it holds, and the group with those it holds that share nobody by age."""
    for whole in there:
        held = [each for each in there if whole.group.holds(each.group)]
        for each in held:
            yield whole, [each]
        apart = _apart(each for each in held if each.group.ages)
        if len(apart) > 1:
            yield whole, apart


def _apart(held: Iterable[Told]) -> list[Told]:
    """As many as do not overlap, the youngest first, the widest of those that begin together."""
    found: list[Told] = []
    reached = _ANY_AGE[0]
    for each in sorted(
        held, key=lambda each: (each.group.ages or _ANY_AGE)[0] * 2_000 - (each.group.ages or _ANY_AGE)[1]
    ):
        first, last = each.group.ages or _ANY_AGE
        if first > reached:
            found.append(each)
            reached = last
    return found
