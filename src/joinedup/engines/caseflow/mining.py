"""The paths that cases took: what directly follows what, variants, what was out of order. Nothing is told of fewer than six families:
an edge or a path with fewer is left out before anybody draws it, and only that some were left out is said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joinedup.engines.caseflow.event_log import Log

FEWEST_FAMILIES = 6


@dataclass(frozen=True, slots=True)
class Edge:
    """One activity directly after another, in so many families; the days between, in the middle."""

    before: str
    after: str
    times: int
    families: int
    median_days: float


@dataclass(frozen=True, slots=True)
class Graph:
    """What directly follows what, the most frequent first; `is_partial` where edges of few families were left out."""

    edges: tuple[Edge, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """A path from beginning to end, how many cases took it, and how long it took in the middle."""

    path: tuple[str, ...]
    cases: int
    families: int
    median_days: float


def directly_follows(log: Log, *, fewest_families: int = FEWEST_FAMILIES) -> Graph:
    """What directly follows what within a case."""
    if not len(log.at):
        return Graph((), False)
    same = log.case[1:] == log.case[:-1]
    size = len(log.activities)
    pair = (log.activity[:-1] * size + log.activity[1:])[same]
    family, gap = log.family[1:][same], (log.at[1:] - log.at[:-1])[same]
    order = np.lexsort((family, pair))
    pair, family, gap = pair[order], family[order], gap[order]
    edges: list[Edge] = []
    few: list[tuple[str, str, int]] = []
    begins = (
        np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1]))) if pair.size else np.array([], dtype=np.int64)
    )
    for begin, end in zip(begins, [*begins[1:], pair.size], strict=True):
        families = 1 + int((family[begin + 1 : end] != family[begin : end - 1]).sum())
        before, after = divmod(int(pair[begin]), size)
        if families < fewest_families:
            few.append((log.activities[before], log.activities[after], families))
            continue
        middle = float(np.median(gap[begin:end]))
        edges.append(Edge(log.activities[before], log.activities[after], int(end - begin), families, middle))
    edges = _without_given_away(edges, few)
    edges.sort(key=lambda edge: (-edge.times, edge.before, edge.after))
    return Graph(tuple(edges), bool(few))


def _without_given_away(edges: list[Edge], few: list[tuple[str, str, int]]) -> list[Edge]:
    """Without those that would give away, by subtraction from all that goes into or out of an activity, how few families an edge
    left out had: where those left out there are fewer than six together, the smallest shown goes with them."""
    hidden = [(before, after, families) for before, after, families in few]
    while True:
        gone: set[tuple[str, str]] = set()
        for side in (0, 1):
            for name in {each[side] for each in hidden}:
                together = sum(each[2] for each in hidden if each[side] == name)
                beside = [each for each in edges if (each.before, each.after)[side] == name]
                if together < FEWEST_FAMILIES and beside:
                    least = min(beside, key=lambda each: (each.families, each.before, each.after))
                    gone.add((least.before, least.after))
        if not gone:
            return edges
        hidden += [(each.before, each.after, each.families) for each in edges if (each.before, each.after) in gone]
        edges = [each for each in edges if (each.before, each.after) not in gone]


def variants(log: Log, *, fewest_families: int = FEWEST_FAMILIES) -> tuple[tuple[Variant, ...], float]:
    """The paths that at least six families took, the most frequent first, and the share of cases on paths left out."""
    counts: Counter[tuple[int, ...]] = Counter()
    families: dict[tuple[int, ...], set[int]] = defaultdict(set)
    lasted: dict[tuple[int, ...], list[float]] = defaultdict(list)
    begins = _begins(log)
    activity = log.activity.tolist()
    for begin, end in zip(begins, [*begins[1:], len(log.at)], strict=True):
        path = tuple(activity[begin:end])
        counts[path] += 1
        families[path].add(int(log.family[begin]))
        lasted[path].append(float(log.at[end - 1] - log.at[begin]))
    kept = [
        Variant(
            tuple(log.activities[each] for each in path), count, len(families[path]), float(np.median(lasted[path]))
        )
        for path, count in counts.items()
        if len(families[path]) >= fewest_families
    ]
    kept.sort(key=lambda each: (-each.cases, each.path))
    left = sum(len(homes) for homes in families.values() if len(homes) < fewest_families)
    while kept and 0 < left < fewest_families:  # so few left out would be told by all less those shown
        left += kept.pop().families
    total = sum(counts.values())
    return tuple(kept), 1 - sum(each.cases for each in kept) / total if total else 0.0


def out_of_order(log: Log, rules: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float | None]:
    """For each pair (first, then): the share of the cases that had the second which had it without the first before it; None
    where fewer than six families had it, or were on either side."""
    found: dict[tuple[str, str], float | None] = {}
    home = np.zeros(len(log.cases), dtype=np.int64)
    home[log.case] = log.family
    for before, after in rules:
        first, then = log.first(before), log.first(after)
        had = ~np.isnan(then)
        wrong = np.isnan(first[had]) | (first[had] > then[had])
        sides = [len(np.unique(home[had][each])) for each in (wrong, ~wrong)]
        few = len(np.unique(home[had])) < FEWEST_FAMILIES or any(0 < side < FEWEST_FAMILIES for side in sides)
        found[(before, after)] = None if few else float(wrong.mean())
    return found


def _begins(log: Log) -> list[int]:
    if not len(log.at):
        return []
    return [int(each) for each in np.flatnonzero(np.concatenate(([True], log.case[1:] != log.case[:-1])))]
