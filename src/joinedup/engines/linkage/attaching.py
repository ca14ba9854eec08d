"""A second look at what is left: a record against everything that a whole cluster knows.

A pair alone may be too thin to link: an initial for a forename, no date of birth,
an old surname at a new address. Compared with all that a cluster's records say,
little may be left in doubt. Two clusters are joined if all in all no more than one
thing speaks against it, no other cluster could be meant as well, and the names do
not look like two children's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from joinedup.engines.linkage.clustering import Clusters
from joinedup.engines.linkage.decision import (
    MORE_FOR_A_DOUBT,
    Circumstances,
    bits_forgiven,
    doubts,
    is_look_alike,
    is_sure_name,
)
from joinedup.engines.linkage.levels import KINDS, Levels, Number

RIVAL_BITS = 6.0
MOST_DOUBTS = 1
MOST_ROUNDS = 8
_LOWEST_FIRST = ("nhs", "upn", "sex")


class Held(NamedTuple):
    """A pair that was compared and not linked: its records, bits, levels and circumstances."""

    left: int
    right: int
    bits: float
    levels: tuple[int, ...]
    about: Circumstances


class _Candidate(NamedTuple):
    """Two clusters that may be one, by the best of their comparisons."""

    bits: float
    one: int
    other: int
    levels: Levels
    about: Circumstances


def attach(clusters: Clusters, held: Sequence[Held], *, least_bits: float, sources: Sequence[object]) -> int:
    """Join clusters that the pairs held back leave no more than a doubt about; return how many joins.

    Repeats while it finds any, since a joined cluster knows more.
    """
    joins = 0
    for _ in range(MOST_ROUNDS):
        held = [each for each in held if clusters.root(each.left) != clusters.root(each.right)]
        found = _candidates(clusters, held)
        rivals, akin = _rivals(found), _akin(found)
        made = 0
        grown: set[int] = set()  # what a cluster knows changed in this round, so it is looked at again in the next
        for each in found:
            one, other = clusters.root(each.one), clusters.root(each.other)
            if grown.isdisjoint((one, other)) and _join(clusters, each, rivals, akin, least_bits, sources):
                grown.add(clusters.root(one))
                made += 1
        joins += made
        if not made:
            break
    return joins


def _candidates(clusters: Clusters, held: Iterable[Held]) -> list[_Candidate]:
    """Return each two clusters with pairs between them, the most certain first."""
    between: dict[tuple[int, int], list[Held]] = defaultdict(list)
    for each in held:
        one, other = clusters.root(each.left), clusters.root(each.right)
        between[(one, other) if one < other else (other, one)].append(each)
    found = [
        _Candidate(max(each.bits for each in pairs), one, other, _best(pairs), _all_about(pairs))
        for (one, other), pairs in between.items()
    ]
    return sorted(found, key=lambda each: (-each.bits, each.one, each.other))


def _best(pairs: Sequence[Held]) -> Levels:
    """Return the best level of each field; of a number or a sex, the one that differs."""
    return _levels(pairs[0].levels) if len(pairs) == 1 else _best_of_many(pairs)


@lru_cache(maxsize=65_536)
def _levels(numbers: tuple[int, ...]) -> Levels:
    """Return the levels that a pair's numbers stand for."""
    return Levels(*(kind(number) for kind, number in zip(KINDS.values(), numbers, strict=True)))  # type: ignore[arg-type]


def _best_of_many(pairs: Sequence[Held]) -> Levels:
    best = []
    for place, name in enumerate(KINDS):
        seen = [pair.levels[place] for pair in pairs]
        known = [level for level in seen if level >= 0]
        lowest = name in _LOWEST_FIRST and Number.DIFFERS in known
        best.append(0 if lowest else max(seen))
    return _levels(tuple(best))


def _all_about(pairs: Sequence[Held]) -> Circumstances:
    if len(pairs) == 1:
        return pairs[0].about
    return Circumstances(
        unnamed=any(pair.about.unnamed for pair in pairs),
        several=any(pair.about.several for pair in pairs),
        twins=any(pair.about.twins for pair in pairs),
        grown=all(pair.about.grown for pair in pairs),
        young=any(pair.about.young for pair in pairs),
    )


def _rivals(found: Iterable[_Candidate]) -> dict[int, list[tuple[float, int]]]:
    """Return, for each cluster, the others it may belong to with their bits."""
    rivals: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for each in found:
        if doubts(each.levels, each.about) <= MOST_DOUBTS + 2:
            rivals[each.one].append((each.bits, each.other))
            rivals[each.other].append((each.bits, each.one))
    return rivals


def _join(
    clusters: Clusters,
    found: _Candidate,
    rivals: dict[int, list[tuple[float, int]]],
    akin: set[tuple[int, int]],
    least_bits: float,
    sources: Sequence[object],
) -> bool:
    """Join two clusters if nothing but a doubt speaks against it; see the module."""
    one, other = clusters.root(found.one), clusters.root(found.other)
    if one == other or found.bits < least_bits - bits_forgiven(found.levels, found.about):
        return False
    mine, theirs = clusters.members(one), clusters.members(other)
    sure_name = is_sure_name(found.levels)
    if is_look_alike(found.levels) and len(mine) > 1 and len(theirs) > 1:
        return False  # each name is on two records, so it is somebody's name
    against = doubts(found.levels, found.about)
    if not sure_name and not {sources[each] for each in mine}.isdisjoint(sources[each] for each in theirs):
        against += 1  # an agency seldom has one child twice, and has both twins
    if against > MOST_DOUBTS + (found.bits >= least_bits + MORE_FOR_A_DOUBT):
        return False
    small = found.one if len(clusters.members(found.one)) <= len(clusters.members(found.other)) else found.other
    if _has_rival(clusters, small, found, rivals, akin):
        return False
    return clusters.join(one, other) is None


def _has_rival(
    clusters: Clusters,
    small: int,
    found: _Candidate,
    rivals: dict[int, list[tuple[float, int]]],
    akin: set[tuple[int, int]],
) -> bool:
    """Say whether the smaller cluster may as well belong to a third, which is not likely the same person anyhow."""
    pair = {clusters.root(found.one), clusters.root(found.other)}
    large = found.other if small == found.one else found.one
    return any(
        bits > found.bits - RIVAL_BITS
        and clusters.root(cluster) not in pair
        and (min(cluster, large), max(cluster, large)) not in akin
        for bits, cluster in rivals.get(small, [])
    )


def _akin(found: Iterable[_Candidate]) -> set[tuple[int, int]]:
    """Return the clusters that are likely one person, though not surely enough to join."""
    return {
        (each.one, each.other)
        for each in found
        if is_sure_name(each.levels) and doubts(each.levels, each.about) <= MOST_DOUBTS + 1
    }
