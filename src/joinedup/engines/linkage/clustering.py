"""Join linked pairs into people, and refuse a join that would contradict itself.

Pairs are taken in the order of their certainty. A join is refused, and reported,
if the person would then have two NHS numbers, two pupil numbers, too many dates
of birth or forenames, or two records that are known to be apart. What people
have decided comes first: what they linked is joined before anything else, and
what they kept apart is never joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from joinedup.engines.linkage.levels import Birth, birth_level
from joinedup.engines.linkage.standard import birth_forms

MOST_BIRTHDAYS = 3
MOST_FORENAMES = 5
MOST_RECORDS = 60
GUESSED_YEARS = 2


class Refusal(StrEnum):
    """Why two clusters were not joined."""

    DECIDED = "People decided to keep them apart"
    NHS = "They would have two NHS numbers"
    UPN = "They would have two unique pupil numbers"
    APART = "Two of their records are of different people"
    AGES = "An agency that knows only children, or only adults, would have a record of another age"
    BIRTHDAYS = "They would have dates of birth that no slip explains"
    FORENAMES = "They would have too many forenames"
    SIZE = "They would have too many records"


class Refused(NamedTuple):
    """A pair that was certain enough to link and was not, and why."""

    left: int
    right: int
    why: Refusal


@dataclass(slots=True)
class Facts:
    """What must not contradict itself in a cluster, for each record by its number.

    A fact that is not known is ``None``. Temporary pupil numbers are not facts.
    ``years``, where a record has no birthday: the first and last year in which its
    agency's people are born.
    """

    nhs: Sequence[object]
    upn: Sequence[object]
    birthday: Sequence[date | None]
    forename: Sequence[object]
    years: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Clusters:
    """Clusters of records as they are joined."""

    facts: Facts
    size: int
    _parent: list[int] = field(init=False)
    _members: dict[int, list[int]] = field(init=False)
    _apart: dict[int, set[int]] = field(init=False)
    _decided: dict[int, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._parent = list(range(self.size))
        self._members = {}
        self._apart = {}
        self._decided = {}

    def root(self, record: int) -> int:
        """Return the record that stands for a record's cluster: its least."""
        parent = self._parent
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    def members(self, record: int) -> list[int]:
        """Return every record of a record's cluster."""
        root = self.root(record)
        return self._members.get(root, [root])

    def keep_apart(self, pairs: Iterable[tuple[int, int]], *, decided: bool = False) -> None:
        """Never join these records, not by way of others either. ``decided``: people said so."""
        kept = self._decided if decided else self._apart
        for left, right in pairs:
            kept.setdefault(left, set()).add(right)
            kept.setdefault(right, set()).add(left)

    def join(self, left: int, right: int) -> Refusal | None:
        """Join two records' clusters unless that would contradict something; say what."""
        one, other = self.root(left), self.root(right)
        if one == other:
            return None
        refusal = self._contradiction(one, other)
        if refusal is None:
            self._unite(one, other)
        return refusal

    def join_decided(self, left: int, right: int) -> Refusal | None:
        """Join two records because people decided it; only their own decision to keep apart prevents it."""
        one, other = self.root(left), self.root(right)
        if one == other:
            return None
        if self._meet(self._decided, one, other):
            return Refusal.DECIDED
        self._unite(one, other)
        return None

    def roots(self) -> list[int]:
        """Return each record's cluster, by the record's number."""
        return [self.root(record) for record in range(self.size)]

    def _unite(self, one: int, other: int) -> None:
        keep, lose = (one, other) if one < other else (other, one)
        mine, theirs = self._members.pop(keep, [keep]), self._members.pop(lose, [lose])
        self._members[keep] = mine + theirs
        self._parent[lose] = keep

    def _contradiction(self, one: int, other: int) -> Refusal | None:
        """Say what a join would contradict, the gravest first."""
        if self._meet(self._decided, one, other):
            return Refusal.DECIDED
        records = [*self._members.get(one, [one]), *self._members.get(other, [other])]
        limits = (
            (self.facts.nhs, 1, Refusal.NHS),
            (self.facts.upn, 1, Refusal.UPN),
            (self.facts.forename, MOST_FORENAMES, Refusal.FORENAMES),
        )
        for known, most, refusal in limits:
            if len({known[record] for record in records} - {None}) > most:
                return refusal
        if self._meet(self._apart, one, other):
            return Refusal.APART
        birthdays = {self.facts.birthday[record] for record in records} - {None}
        if _birthdays_contradict(birthdays):
            return Refusal.BIRTHDAYS
        if self._is_of_another_age(records, birthdays):
            return Refusal.AGES
        return Refusal.SIZE if len(records) > MOST_RECORDS else None

    def _is_of_another_age(self, records: Sequence[int], birthdays: set[date | None]) -> bool:
        """Say whether a record without a birthday is of an agency that knows nobody as old, or as young, as the rest.

        A health visitor's record is not the father's, nor a home's for the old his son's.
        """
        spans = [self.facts.years[record] for record in records if record in self.facts.years]
        return any(not first <= day.year <= last for first, last in spans for day in birthdays if day is not None)

    def _meet(self, kept: dict[int, set[int]], one: int, other: int) -> bool:
        """Say whether records of two clusters are kept apart."""
        if not kept:
            return False
        mine, theirs = self._members.get(one, [one]), self._members.get(other, [other])
        fewer, more = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
        others = set(more)
        return any(not kept[record].isdisjoint(others) for record in fewer if record in kept)


def _birthdays_contradict(known: set[date | None]) -> bool:
    """Say whether a person would have too many dates of birth, or two that no slip explains."""
    if len(known) > MOST_BIRTHDAYS:
        return True
    return len(known) > 1 and any(_far_apart(one, other) for one, other in combinations(known, 2))


@lru_cache(maxsize=65_536)
def _far_apart(one: date, other: date) -> bool:
    """Say whether two dates of birth differ by more than a slip, or than a guess of the year."""
    mine, theirs = birth_forms(one), birth_forms(other)
    if (mine.is_default or theirs.is_default) and abs(one.year - other.year) <= GUESSED_YEARS:
        return False
    return birth_level(mine, theirs) <= Birth.YEAR


def join_all(clusters: Clusters, links: Iterable[tuple[int, int]]) -> list[Refused]:
    """Join pairs in the order given; return those refused."""
    refused = []
    for left, right in links:
        why = clusters.join(left, right)
        if why is not None:
            refused.append(Refused(left, right, why))
    return refused
