"""Deciding whose record it is by rule (PI-1, PI-2, PI-3). Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.core.models import new_id
from joinedup.engines.linkage.keys import PersonFacts, search_keys
from joinedup.engines.linkage.matching import Link, compare, may_link_automatically
from joinedup.person_index.keys import key_number
from joinedup.person_index.models import AgencyRecord, KeepApart, Person, RecordLink, SearchKey
from joinedup.person_index.rules import DerivedFacts, RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.services.bulk import _insert_many
from joinedup.person_index.services.facts import _apply, _insert_keys, _refresh_people

T = TypeVar("T")
_BATCH = 2000
_LINKING_KINDS = {"nhs", "name_dob"}


def in_batches(rows: Iterable[T], size: int = _BATCH) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def _linking_keys(facts: PersonFacts) -> set[int]:
    """The keys that two records of one person share whenever PI-1 or PI-2 would link them."""
    return {key_number(key) for key in search_keys(facts) if key.kind in _LINKING_KINDS}


@dataclass
class _Choice:
    """The one person a record may be linked to by itself, by which rule, and how much they agree."""

    person_id: UUID
    link: Link
    weight: int


class _Index:
    """The people some records could belong to, read in one go and kept up to date while records are attached."""

    def __init__(self, keys: Iterable[int], records: list[AgencyRecord]) -> None:
        self._people: dict[int, set[UUID]] = defaultdict(set)
        self._facts: dict[UUID, PersonFacts] = {}
        for batch in in_batches(keys, 5000):
            for key, person_id in SearchKey.objects.filter(key__in=batch).values_list("key", "person_id"):
                self._people[key].add(person_id)
        for ids in in_batches({person for several in self._people.values() for person in several}, 5000):
            for person in Person.objects.filter(pk__in=ids):
                self._facts[person.pk] = person.facts()
        self._apart: dict[UUID, set[UUID]] = defaultdict(set)
        for ids in in_batches((record.pk for record in records), 5000):
            kept = KeepApart.objects.filter(record_id__in=ids, lifted_at__isnull=True)
            for record_id, person_id in kept.values_list("record_id", "person_id"):
                self._apart[record_id].add(person_id)

    def choose(self, record: AgencyRecord, facts: PersonFacts, keys: set[int]) -> _Choice | None:
        """The only person who qualifies and is not kept apart; None when nobody or more than one does (PI-3)."""
        found: list[_Choice] = []
        for person_id in {person for key in keys for person in self._people.get(key, ())} - self._apart[record.pk]:
            link = may_link_automatically(facts, self._facts[person_id])
            if link is not None:
                found.append(_Choice(person_id, link, 0))
        if len(found) != 1:
            return None
        found[0].weight = compare(facts, self._facts[found[0].person_id]).score
        return found[0]

    def add(self, person_id: UUID, facts: PersonFacts, keys: set[int]) -> None:
        """The record is this person's now, so the next one is compared with it, too."""
        held = self._facts.get(person_id)
        self._facts[person_id] = facts if held is None else _both(held, facts)
        for key in keys:
            self._people[key].add(person_id)


def _both(held: PersonFacts, more: PersonFacts) -> PersonFacts:
    return replace(
        held,
        forenames=tuple(dict.fromkeys((*held.forenames, *more.forenames))),
        surnames=tuple(dict.fromkeys((*held.surnames, *more.surnames))),
        postcodes=tuple(dict.fromkeys((*held.postcodes, *more.postcodes))),
        birth_date=held.birth_date or more.birth_date,
        nhs_number=held.nhs_number or more.nhs_number,
        upn=held.upn or more.upn,
    )


def _attach_records(records: list[AgencyRecord], *, by: Actor, at: datetime) -> set[UUID]:
    """Link each new record to the one person who qualifies, or to a new person made of it. Returns everybody touched."""
    read = [(record, record.facts()) for record in records]
    keyed = [(record, said, said.facts(), _linking_keys(said.facts())) for record, said in read]
    index = _Index({key for *_, keys in keyed for key in keys}, records)
    made: dict[UUID, list[RecordFacts]] = {}
    links: list[RecordLink] = []
    for record, said, facts, keys in keyed:
        choice = index.choose(record, facts, keys)
        person_id = choice.person_id if choice else new_id()
        if choice is None:
            made[person_id] = [said]
        elif person_id in made:
            made[person_id].append(said)
        links.append(_link(record, person_id, choice, by=by, at=at))
        index.add(person_id, facts, keys)
    _make_people(made, at)
    _insert_many(links)
    touched = {link.person_id for link in links}
    _refresh_people(touched - made.keys())
    return touched


def _link(record: AgencyRecord, person_id: UUID, choice: _Choice | None, *, by: Actor, at: datetime) -> RecordLink:
    reason = choice.link.sentence if choice else "Nobody in the index was known to be this person."
    return RecordLink(
        record=record,
        person_id=person_id,
        rule=choice.link.rule if choice else "new",
        match_weight=choice.weight if choice else None,
        reason=reason,
        linked_at=at,
        linked_by=by.account_id,
    )


def _make_people(made: dict[UUID, list[RecordFacts]], at: datetime) -> None:
    """New people, derived from their records alone, with their search keys."""
    people: list[Person] = []
    derived: dict[UUID, DerivedFacts] = {}
    for person_id, said in made.items():
        person = Person(id=person_id, created_at=at)
        derived[person_id] = derive_facts(StatedFacts(), said)
        _apply(person, derived[person_id])
        people.append(person)
    _insert_many(people)
    if derived:
        _insert_keys(derived)


def _make_person_of(record: AgencyRecord, at: datetime) -> Person:
    """One new person for a record that has been separated; the caller links the record and refreshes."""
    return Person.objects.create(id=new_id(), created_at=at)
