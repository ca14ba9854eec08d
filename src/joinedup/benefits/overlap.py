"""Families in two or more strands: how many there are in which, how many professionals visit each, and whether two strands
had better be one. Pure.

Two strands are advised to merge when more than a part (a quarter) of the smaller one's families are in both, and the
median family in both meets so many professionals or more (three). What a merger saves is counted, not estimated: of the
visits to a family in both, those beyond the ones by the few who visited it most (two) are visits one shared plan would not
have needed; each at the cost of a visit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import median
from typing import TypeVar

Family = TypeVar("Family")


@dataclass(frozen=True)
class Limits:
    """What the partnership set: a per cent, a number of professionals, how many a shared plan needs, pence for a visit."""

    percent: int = 25
    professionals: int = 3
    enough: int = 2
    visit_pence: int = 0


@dataclass(frozen=True)
class Intersection:
    """Families that are in exactly these strands and in no other."""

    strands: tuple[str, ...]
    families: int


@dataclass(frozen=True)
class Pair:
    """Two strands beside each other. `into` stays where they are merged; `merged` is the smaller one, whose sponsor would
    lose it. `professionals` is the median over the families in both."""

    into: str
    merged: str
    smaller: int
    both: int
    professionals: Fraction
    visits: int
    duplicated: int
    saving_pence: int
    is_advised: bool

    @property
    def percent(self) -> Fraction:
        """How much of the smaller strand is in both, in per cent."""
        return Fraction(100 * self.both, self.smaller) if self.smaller else Fraction(0)


@dataclass(frozen=True)
class Spread:
    """So many of the families in two or more strands meet so many professionals."""

    professionals: int
    families: int


def intersections(strands: Mapping[str, Set[Family]]) -> list[Intersection]:
    """How many families are in exactly which strands, the most families first; only what there is."""
    of_family: dict[Family, list[str]] = {}
    for code, families in strands.items():
        for each in families:
            of_family.setdefault(each, []).append(code)
    counted = Counter(tuple(codes) for codes in of_family.values())
    order = {code: place for place, code in enumerate(strands)}
    keyed = sorted(counted.items(), key=lambda each: (-each[1], len(each[0]), [order[code] for code in each[0]]))
    return [Intersection(codes, number) for codes, number in keyed]


def in_several(strands: Mapping[str, Set[Family]]) -> set[Family]:
    """The families in two or more strands."""
    counted = Counter(each for families in strands.values() for each in families)
    return {each for each, number in counted.items() if number > 1}


def spread(families: Set[Family], visits: Mapping[Family, Mapping[str, int]]) -> list[Spread]:
    """How many professionals are around how many of these families, fewest first."""
    counted = Counter(len(visits.get(each, {})) for each in families)
    return [Spread(number, counted[number]) for number in sorted(counted)]


def duplicated(visits: Sequence[int], enough: int) -> int:
    """Visits beyond those of the `enough` professionals who visited most."""
    return sum(sorted(visits, reverse=True)[enough:])


def pair_of(
    one: tuple[str, Set[Family]],
    other: tuple[str, Set[Family]],
    visits: Mapping[Family, Mapping[str, int]],
    limits: Limits,
) -> Pair:
    """Two strands; where they are of one size the later one is merged into the earlier. `visits` counts, of each family
    and each professional around it, the visits in the time looked back; nought for who is around it and did not visit."""
    (into, larger), (merged, smaller) = (one, other) if len(one[1]) >= len(other[1]) else (other, one)
    both = larger & smaller
    around = [visits.get(each, {}) for each in both]
    middle = Fraction(median([Fraction(len(each)) for each in around])) if around else Fraction(0)
    extra = sum(duplicated(list(each.values()), limits.enough) for each in around)
    is_much = 100 * len(both) > limits.percent * len(smaller)
    return Pair(
        into=into, merged=merged, smaller=len(smaller), both=len(both), professionals=middle,
        visits=sum(sum(each.values()) for each in around), duplicated=extra, saving_pence=extra * limits.visit_pence,
        is_advised=bool(both) and is_much and middle >= limits.professionals,
    )  # fmt: skip


def pairs(strands: Mapping[str, Set[Family]], visits: Mapping[Family, Mapping[str, int]], limits: Limits) -> list[Pair]:
    """Every two strands that share a family: those advised to merge first, then by how much they share."""
    found = [pair_of(one, other, visits, limits) for one, other in combinations(strands.items(), 2)]
    shared = [each for each in found if each.both]
    return sorted(shared, key=lambda each: (not each.is_advised, -each.percent, each.into, each.merged))
