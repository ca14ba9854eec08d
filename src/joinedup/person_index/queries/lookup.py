"""Who is likely to be meant: from what was typed to graded people, in a few milliseconds among a million.

One statement finds at most 20 people who share a key with the question, those first who share the rarest; their entries
are scored with the trained weights (engines.linkage.lookup). Where that convinces nobody, names or dates one slip away from
what was typed are looked up too, and some more people compared. The search page, the API and `joinedup linkage lookup` all end here. Nothing is checked and
nothing audited: whoever calls it does both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakSet

from django.db import connection
from rapidfuzz.distance import OSA

from joinedup.engines.linkage.comparing import Comparison
from joinedup.engines.linkage.keys import (
    OF_ONE_PLACE,
    Key,
    Said,
    cuts,
    lacks_a_name,
    question_keys,
    question_words,
    twin_keys,
    wider_keys,
)
from joinedup.engines.linkage.kin import homes_of_kin
from joinedup.engines.linkage.levels import Address, Birth, Forename, Surname
from joinedup.engines.linkage.lookup import Asked, Candidate, Likely, beside, rank
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Frequencies, Scorer
from joinedup.person_index.entries import said_by, said_in
from joinedup.person_index.keys import cut_number, key_number
from joinedup.person_index.queries.models import scorer_in_use

_MOST_AT_FIRST, MOST_COMPARED = 20, 30
# How many more are compared the second time. Of those found only then nine in ten are among the first ten.
_MORE = 14
_MORE_OF_THE_UNNAMED = 30  # who share a day or a postcode and no name are many
_MORE_OF_A_NAME = 26  # and so are they who share a name and no day
_MOST_OF_A_KEY = 400
_LEAST_OF_BEST = 0.2  # who shares less than this part of what the best one shares is not worth comparing
_CONVINCING = 5.0  # bits
_SHORTEST = 3
_WITH_TWINS = 3  # of those met first, whose twins are looked up too
_SEVERAL = 5  # of one name, after whom nobody looks on
_STALE = timedelta(minutes=10)
_LATELY = timedelta(days=730)
# People in the order of what they share with the question, a rare key counting for more: thousandths of a bit, so that the
# sum does not depend on the order. Of keys that all say where somebody lives the rarest counts, and the others a quarter: or
# the neighbours in one large house come before the bearer of the name. The work of planning is done once for each connection.
_CANDIDATES = """
WITH hit AS MATERIALIZED (
  SELECT held.people, asked.is_of_place, round(1000 * (24 - ln(cardinality(held.people)::float8) / 0.6931471805599453))::int AS bits
  FROM unnest($1, $2) AS asked (key, is_of_place) CROSS JOIN LATERAL (
    SELECT array(
      SELECT k.person_id FROM person_index_searchkey k WHERE k.key = asked.key ORDER BY k.person_id LIMIT $3
    ) AS people OFFSET 0
  ) held
  WHERE held.people <> '{}'
), likely AS MATERIALIZED (
  SELECT person.id AS person_id, coalesce(sum(hit.bits) FILTER (WHERE NOT hit.is_of_place), 0)
    + coalesce((sum(hit.bits) FILTER (WHERE hit.is_of_place) + 3 * max(hit.bits) FILTER (WHERE hit.is_of_place)) / 4, 0)
    AS weight
  FROM hit CROSS JOIN LATERAL unnest(hit.people) AS person (id)
  GROUP BY person.id ORDER BY weight DESC, person.id LIMIT $4
)
SELECT fresh.person_id, entry.number, entry.record_id, entry.until, fresh.weight::float8 / 1000, entry.said
FROM (
  SELECT person_id, weight FROM likely WHERE person_id <> ALL ($5) ORDER BY weight DESC, person_id LIMIT $6
) fresh CROSS JOIN LATERAL (
  SELECT e.number, e.record_id, e.until, e.said FROM person_index_entry e WHERE e.person_id = fresh.person_id
) entry
ORDER BY fresh.weight DESC, fresh.person_id, entry.number
"""
_NEAR = "SELECT DISTINCT name FROM person_index_spelling WHERE cut = ANY($1)"
_PREPARE = (
    f"PREPARE joinedup_candidates (bigint[], boolean[], bigint, bigint, uuid[], bigint) AS {_CANDIDATES}",
    f"PREPARE joinedup_near_names (bigint[]) AS {_NEAR}",
)
_PREPARED: WeakSet[object] = WeakSet()  # the connections to the database that know these statements


class EntryFound(NamedTuple):
    """Which entry of somebody fits: its place among theirs, the agency's record that says it, and when it ended; with the
    weight of the keys that the person shares with the question."""

    number: int
    record_id: UUID | None
    until: date | None
    weight: float


LikelyPerson = Likely[UUID, EntryFound]


@dataclass(frozen=True)
class Weighing:
    """What candidates are weighed with: the trained model, how common names are, how many people there are."""

    scorer: Scorer
    people: int
    until: datetime | None = None

    def rank(
        self,
        asked: Asked,
        candidates: Iterable[Candidate[UUID, EntryFound]],
        limit: int,
        compared: Comparison | None = None,
    ) -> list[LikelyPerson]:
        """The likely people among some candidates, the best first."""
        several = sorted(candidates, key=_by_weight)
        most = several[0].entry.weight if several else 0.0
        least = _LEAST_OF_BEST * most
        worth_it = [
            Candidate(person, entry, said, entry.weight / most)
            for person, entry, said, _ in several
            if entry.weight >= least
        ]
        return rank(asked, worth_it, scorer=self.scorer, people=self.people, limit=limit, compared=compared)


def _by_weight(candidate: Candidate[UUID, EntryFound]) -> tuple[float, int, int]:
    return -candidate.entry.weight, candidate.person.int, candidate.entry.number


class _Shares(dict[str, float]):
    """How common names are; one that was not counted is rare."""

    def __init__(self, shares: Mapping[str, float], rarest: float) -> None:
        super().__init__(shares)
        self._rarest = rarest

    def get(self, name: str, default: float | None = None) -> float | None:  # type: ignore[override]
        """The share of a name."""
        return super().get(name, self._rarest)


@dataclass
class _Kept:
    """This process's weighing, read again when it is some minutes old."""

    weighing: Weighing | None = field(default=None)


_KEPT = _Kept()


def weighing_at(at: datetime) -> Weighing:
    """What to weigh with, at most ten minutes old."""
    held = _KEPT.weighing
    if held is None or held.until is None or at > held.until or at < held.until - _STALE:
        held = read_weighing(model=scorer_in_use().model, until=at + _STALE)
        _KEPT.weighing = held
    return held


def read_weighing(*, model: Model | None = None, until: datetime | None = None) -> Weighing:
    """What to weigh with, as counted last; a name nobody counted weighs as an average one before the first count."""
    shares: dict[str, dict[str, float]] = {"f": {}, "s": {}, "n": {}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, name, share::float8 FROM person_index_nameshare")
        for part, name, share in cursor:
            shares[part][name] = share
        people = round(shares["n"].get("", 0))
        if not people:
            cursor.execute("SELECT count(*) FROM (SELECT 1 FROM person_index_person LIMIT 1000000) counted")
            people = int(cursor.fetchone()[0])
            return Weighing(Scorer(model or Model.default()), max(people, 1), until)
    rarest = 1 / people
    names = Frequencies(_Shares(shares["f"], rarest), _Shares(shares["s"], rarest))
    return Weighing(Scorer(model or Model.default(), names), people, until)


def question_of_fields(fields: Sequence[str | None], on: date | None = None) -> Asked:
    """What a row of a file asks on a day: forename, middle, surname, dob, sex, address1, postcode, nhs_number, upn."""
    return Asked(said_by(fields), on=on)


def look_up(asked: Asked, weighing: Weighing, *, limit: int = 10) -> list[LikelyPerson]:
    """The likely people, the best first; nobody where there is too little to search on. One statement, two or three."""
    keys = question_keys(asked.said)
    if not keys:
        return []
    compared = beside(asked, weighing.scorer, weighing.people)
    met = _candidates(keys, _MOST_AT_FIRST)
    found = weighing.rank(asked, met, limit, compared)
    if _convinces(found):
        return found
    kin = _kin(asked, met)
    wider = kin | _twins(found, met)
    if not _is_named(asked, found):
        wider |= _wider(asked, _near_spellings(asked.said))
    if wider <= keys:
        return found
    again = met if kin else _of(found, met)
    before = {each.person for each in met}
    more = _candidates(keys | wider, _more(asked, is_cut=len(before) >= _MOST_AT_FIRST), without=before)
    return weighing.rank(asked, again + more, limit, compared)


def _kin(asked: Asked, met: Iterable[Candidate[UUID, EntryFound]]) -> frozenset[Key]:
    return homes_of_kin(asked.said, ((each.person, each.said) for each in met))


def _twins(found: list[LikelyPerson], met: Iterable[Candidate[UUID, EntryFound]]) -> frozenset[Key]:
    """Where a twin of the first few would be: whoever gave the other's name or home meant one of the two."""
    first = {each.person for each in found[:_WITH_TWINS]}
    return frozenset(key for each in met if each.person in first for key in twin_keys(each.said))


@dataclass(frozen=True)
class Found:
    """Who is likely to be meant, for somebody from whom people are withheld. `withheld` are those they may not see; `said`
    is everything said of each of all these, by person."""

    seen: list[LikelyPerson]
    withheld: list[LikelyPerson]
    said: dict[UUID, list[Said]]


def look_up_steadily(
    asked: Asked, weighing: Weighing, hidden_among: Callable[[Iterable[UUID]], set[UUID]], *, limit: int = 10
) -> Found:
    """As `look_up`; those who are seen are ranked as if the others did not exist, and the statements are the same whoever
    is found. Who is withheld takes a place among the people first read, so that the time taken tells nothing; the places are
    many more than are shown."""
    keys = question_keys(asked.said)
    near = _near_spellings(asked.said)
    met = _candidates(keys, _MOST_AT_FIRST)
    hidden = hidden_among(sorted({each.person for each in met}))
    first = [each for each in met if each.person not in hidden]
    compared = beside(asked, weighing.scorer, weighing.people)
    seen = weighing.rank(asked, first, limit, compared)
    kin = _kin(asked, first)  # the homes of nobody who is withheld
    fresh = _more(asked, is_cut=True)
    wider = keys | _wider(asked, near) | kin | _twins(seen, first) if keys else keys
    more = _candidates(wider, _MOST_AT_FIRST + fresh)
    hidden = hidden | hidden_among(sorted({each.person for each in more}))
    if not _convinces(seen):
        visible = [each for each in more if each.person not in hidden]
        again = first if kin else _of(seen, first)
        seen = weighing.rank(asked, again + _fresh(first, visible, fresh), limit, compared)
    withheld = weighing.rank(asked, [each for each in {*met, *more} if each.person in hidden], limit)
    said: dict[UUID, list[Said]] = {each.person: [] for each in (*seen, *withheld)}
    for each in {(each.person, each.said) for each in (*met, *more)}:
        if each[0] in said:
            said[each[0]].append(each[1])
    return Found(seen, withheld, said)


def candidate_people(asked: Asked) -> list[UUID]:
    """Everybody who shares a key with a question, those who share most first; one statement."""
    return list(dict.fromkeys(each.person for each in _candidates(question_keys(asked.said))))


_Met = list[Candidate[UUID, EntryFound]]


def _of(found: list[LikelyPerson], met: _Met) -> _Met:
    """The entries of those found: whoever was compared and came nowhere is not compared again."""
    best = {each.person for each in found}
    return [each for each in met if each.person in best]


def _fresh(met: _Met, more: _Met, most: int) -> _Met:
    """The entries of the first few of some people who were not met before."""
    before = {each.person for each in met}
    chosen = set(islice(dict.fromkeys(each.person for each in more if each.person not in before), most))
    return [each for each in more if each.person in chosen]


def _convinces(found: list[LikelyPerson]) -> bool:
    """Whether the best of them is worth stopping for: much speaks for them, or all that was given does."""
    if not found:
        return False
    levels = found[0].score.levels
    named = levels.forename >= Forename.SPELLING and levels.surname >= Surname.FAMILY
    placed = levels.address >= Address.POSTCODE or levels.birth >= Birth.SWAPPED
    is_another = levels.birth in (Birth.DIFFERS, Birth.YEAR)  # a father of the name, at the home
    return found[0].bits >= _CONVINCING or (named and placed and not is_another)


def _is_named(asked: Asked, found: list[LikelyPerson]) -> bool:
    """Whether several people bear the very name, and no date of birth was given to choose by: whoever is spelt otherwise
    would come after them, or shares the home that was asked for and has been met."""
    if asked.said.birth_date is not None:
        return False
    names = [(each.score.levels.forename, each.score.levels.surname) for each in found]
    return names.count((Forename.SAME, Surname.SAME)) >= _SEVERAL


def _wider(asked: Asked, near: dict[str, frozenset[str]]) -> frozenset[Key]:
    return wider_keys(asked.said, near, is_lately_born=_is_lately_born(asked))


def _is_lately_born(asked: Asked) -> bool:
    """Whether the child may be on file without a name yet."""
    born = asked.said.birth_date
    return born is not None and asked.on is not None and timedelta(0) <= asked.on - born < _LATELY


def _more(asked: Asked, *, is_cut: bool) -> int:
    """How many more to compare the second time: most where the first round was cut, as many share a name, and no date of
    birth tells them apart."""
    if lacks_a_name(asked.said) or _is_lately_born(asked):
        return _MORE_OF_THE_UNNAMED
    return _MORE_OF_A_NAME if is_cut and asked.said.birth_date is None else _MORE


def _candidates(
    keys: Iterable[Key], most: int = MOST_COMPARED, without: Collection[UUID] = ()
) -> list[Candidate[UUID, EntryFound]]:
    """The entries of as many as share most with some keys, save those met already, `without` reading them again."""
    said = sorted((key_number(key), key.kind in OF_ONE_PLACE) for key in keys)
    arrays = [_array(number for number, _ in said), _array("ft"[is_of_place] for _, is_of_place in said)]
    values = [*arrays, _MOST_OF_A_KEY, most + len(without), _array(str(each) for each in without), most]
    rows = _execute("EXECUTE joinedup_candidates (%s, %s, %s, %s, %s, %s)", values)
    return [Candidate(person_id, EntryFound(*entry), said_in(said)) for person_id, *entry, said in rows]


def _array(values: Iterable[int | str]) -> str:
    """Plain values as the database reads an array of them in one text, which is quicker than one by one."""
    return f"{{{','.join(map(str, values))}}}"


def _near_spellings(asked: Said) -> dict[str, frozenset[str]]:
    """For each name in a question, the names in the index that are one slip away. None where both names and a date of
    birth were given: whoever has a slip in one of them is found by the two others."""
    if asked.birth_date is not None and not lacks_a_name(asked):
        return {}
    long = [word for word in sorted(question_words(asked)) if len(word) >= _SHORTEST]
    numbers = sorted({cut_number(cut) for word in long for cut in cuts(word)})
    names = [name for (name,) in _execute("EXECUTE joinedup_near_names (%s)", [_array(numbers)])]
    return {
        word: frozenset(name for name in names if name != word and OSA.distance(name, word, score_cutoff=1) <= 1)
        for word in long
    }


def _execute(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Run a prepared statement, preparing it where this connection does not know it yet."""
    with connection.cursor() as cursor:
        held = connection.connection
        if held not in _PREPARED:
            for each in _PREPARE:
                held.execute(each)
            _PREPARED.add(held)
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
