"""Which numbers of families the pages of a programme show: no small number is said, and none follows from those that are.

All pages of a programme ask here with the same numbers, so that one never shows what another keeps back: the size of every
strand, how many families are in exactly which strands, in both of two, in several, and in any. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

from joinedup.engines.disclosure import NOT_SHOWN as NOT_SHOWN  # handed on to the queries of this part
from joinedup.engines.disclosure import Decision, Whole, decide

Family = TypeVar("Family")
Key = tuple[str, ...]
ANY: Key = ("any",)
SEVERAL: Key = ("several",)


@dataclass(frozen=True)
class StrandPlace:
    """A strand for counting: whether it is open, and the one it was merged into."""

    code: str
    is_open: bool = True
    merged_into: str = ""


@dataclass(frozen=True)
class Numbers:
    """Every number of families of a programme, and which of them are shown."""

    counts: Mapping[Key, int]
    decision: Decision[Key]
    least: int

    def is_shown(self, key: Key) -> bool:
        """Whether pages may say it."""
        return key not in self.decision.hidden

    def words(self, key: Key) -> str:
        """As a page says it: “1,204”, “fewer than 6” or “not shown”."""
        return self.decision.words(key, self.counts.get(key, 0), self.least)

    @property
    def is_whole(self) -> bool:
        """Nothing had to be kept back."""
        return not self.decision.hidden


def strand(code: str) -> Key:
    """The families of a strand, with those of strands merged into it."""
    return ("strand", code)


def exactly(codes: Sequence[str]) -> Key:
    """Those in exactly these open strands."""
    return ("exactly", *codes)


def both(one: str, other: str) -> Key:
    """Those in both of two open strands, whatever else they are in."""
    return ("both", *sorted((one, other)))


def numbers_of(places: Sequence[StrandPlace], families: Mapping[str, Set[Family]], least: int) -> Numbers:
    """What the families of each strand come to; `families` are those of each strand itself, by code."""
    of_family: dict[Family, list[str]] = {}
    for each in places:
        for family in families.get(each.code, ()):
            of_family.setdefault(family, []).append(each.code)
    cells = Counter(tuple(codes) for codes in of_family.values())
    return _numbers(tuple(places), tuple(sorted(cells.items())), least)


@lru_cache(maxsize=128)
def _numbers(places: tuple[StrandPlace, ...], cells: tuple[tuple[tuple[str, ...], int], ...], least: int) -> Numbers:
    """`cells` say how many families are in exactly which strands, merged and closed ones too."""
    into = {each.code: each.merged_into or each.code for each in places}
    opened = [each.code for each in places if each.is_open]
    counts: dict[Key, int] = {}
    parts: dict[Key, list[Key]] = {}
    silent: set[Key] = set()
    within_of = {codes: _within(opened, {into[each] for each in codes}) for codes, _ in cells}
    alone = Counter(within_of.values())
    for codes, number in cells:
        within = within_of[codes]
        is_printed = bool(within) and alone[within] == 1  # the families of one cell, and a column of the picture
        cell: Key = exactly(within) if is_printed else ("cell", *codes)
        counts[cell] = number
        wholes = [strand(code) for code in dict.fromkeys((*codes, *(into[each] for each in codes)))]
        wholes += [both(one, other) for one, other in combinations(within, 2)]
        wholes += ([ANY] if within else []) + ([SEVERAL] if len(within) > 1 else [])
        if not is_printed:
            silent.add(cell)
            wholes += [exactly(within)] if within else []
        for whole in wholes:
            counts[whole] = counts.get(whole, 0) + number
            parts.setdefault(whole, []).append(cell)
    sums = [Whole(whole, tuple(cells_of)) for whole, cells_of in parts.items()]
    return Numbers(counts, decide(counts, sums, threshold=least, silent=silent), least)


def _within(opened: Sequence[str], codes: Set[str]) -> tuple[str, ...]:
    return tuple(code for code in opened if code in codes)


def parts_in_words(whole: int, parts: Mapping[str, int], *, is_shown: bool, least: int) -> dict[str, str]:
    """The parts of a number that is shown elsewhere, or is not: where it is not, none of them is said either. Where they
    could only be said by keeping the whole back, none is."""
    there = {key: count for key, count in parts.items() if count}
    if not is_shown:
        return {key: NOT_SHOWN if count and least > 1 else f"{count:,}" for key, count in parts.items()}
    counts: dict[Key, int] = {("part", key): count for key, count in there.items()} | {("whole",): whole}
    found = decide(counts, [Whole(("whole",), tuple(("part", key) for key in there))], threshold=least)
    if ("whole",) in found.hidden:
        return {key: NOT_SHOWN if count else "0" for key, count in parts.items()}
    return {key: found.words(("part", key), count, least) for key, count in parts.items()}


def tells_of_few(one: Set[Family], other: Set[Family], least: int) -> bool:
    """Whether the totals of two groups, both large enough to be shown, tell of fewer families than may be shown: those by
    which the groups differ. Of a total that is not shown nothing is taken away from another."""
    if min(len(one), len(other)) < least:
        return False
    return 0 < len(one ^ other) < least
