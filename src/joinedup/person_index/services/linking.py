"""Deciding whose record it is by rule (PI-1, PI-2, PI-3). Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.core.models import new_id
from joinedup.engines.linkage.keys import PersonFacts, Said, linking_keys, stored_keys
from joinedup.person_index.entries import key_numbers
from joinedup.person_index.exact import Link, exact_link
from joinedup.person_index.keys import key_number
from joinedup.person_index.models import AgencyRecord, Person, RecordLink
from joinedup.person_index.rules import DerivedFacts, RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.sealing import closed_among, is_anything_sealed, sealed_among
from joinedup.person_index.services.bulk import _copy_rows
from joinedup.person_index.services.entries import _copy_entries, _copy_keys
from joinedup.person_index.services.facts import _json, _refresh_people
from joinedup.person_index.services.keeping_apart import _barred_from
from joinedup.person_index.services.settling import _settle_proposals
from joinedup.person_index.services.standing import _people_in_use

T = TypeVar("T")
Told = Callable[[str, int, int], None]
_BATCH = 2000
_NOBODY = "Nobody in the index was known to be this person."


def in_batches(rows: Iterable[T], size: int = _BATCH) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


@dataclass(slots=True)
class _Keyed:
    """What a record says, ready to be compared: `keys` is everything it is found by, `linking` those keys that two
    records of one person share whenever PI-1 or PI-2 would link them."""

    facts: PersonFacts
    keys: tuple[int, ...]
    linking: tuple[int, ...]


def _keyed(said: Any) -> _Keyed:
    """The keys of what a record or a row of a file says. Most of the work of an import, and needs no database."""
    facts = PersonFacts(
        forenames=(said.given_name,) if said.given_name else (),
        surnames=(said.family_name,) if said.family_name else (),
        birth_date=said.birth_date,
        postcodes=(said.postcode,) if said.postcode else (),
        nhs_number=said.nhs_number or None,
        upn=said.upn or None,
    )
    entry = Said(
        said.given_name,
        "",
        said.family_name,
        said.birth_date,
        "",
        said.address,
        said.postcode,
        said.nhs_number,
        said.upn,
    )
    return _Keyed(facts, tuple(map(key_number, stored_keys(entry))), tuple(map(key_number, linking_keys(entry))))


@dataclass(slots=True)
class _Incoming:
    """A record that somebody is to be found for."""

    record_id: UUID
    said: RecordFacts
    keyed: _Keyed


@dataclass(slots=True)
class _Choice:
    """The one person a record may be linked to by itself, and by which rule."""

    person_id: UUID
    link: Link


class _Index:
    """The people some records could belong to, read in one go and kept up to date while records are attached."""

    def __init__(self, records: list[_Incoming]) -> None:
        self._people: dict[int, set[UUID]] = defaultdict(set)
        self._facts: dict[UUID, PersonFacts] = {}
        keys = {key for record in records for key in record.keyed.linking}
        for batch in in_batches(keys, 20_000):
            with connection.cursor() as cursor:
                cursor.execute("SELECT key, person_id FROM person_index_searchkey WHERE key = ANY(%s)", [batch])
                for key, person_id in cursor:
                    self._people[key].add(person_id)
        known = {person for several in self._people.values() for person in several}
        columns = ("birth_date", "nhs_number", "upn", "known")
        for ids in in_batches(known, 5000):
            for person in Person.objects.filter(pk__in=ids).only(*columns):
                self._facts[person.pk] = person.facts()
        self._apart: dict[UUID, set[UUID]] = defaultdict(set)
        for ids in in_batches((record.record_id for record in records), 20_000):
            self._apart.update(_barred_from(ids))
        self._is_anything_sealed = is_anything_sealed()
        self._closed: set[UUID] = set()
        if self._is_anything_sealed:
            for ids in in_batches(known, 5000):
                self._closed |= closed_among(ids)

    def choose(self, record: _Incoming, *, but: UUID | None = None) -> _Choice | None:
        """The only person who qualifies and is not kept apart; None when nobody or more than one does (PI-3)."""
        near = {person for key in record.keyed.linking for person in self._people.get(key, ())}
        found: list[_Choice] = []
        for person_id in near - self._apart.get(record.record_id, set()) - {but}:
            if person_id in self._closed:
                return None  # an identity that is sealed takes nothing more by itself, and shows nobody the way
            link = exact_link(record.keyed.facts, self._facts[person_id])
            if link is not None:
                found.append(_Choice(person_id, link))
        if len(found) != 1:
            return None
        if self._is_anything_sealed and sealed_among(near):
            return None
        return found[0]

    def add(self, person_id: UUID, keyed: _Keyed) -> None:
        """The record is this person's now, so the next one is compared with it, too."""
        held = self._facts.get(person_id)
        self._facts[person_id] = keyed.facts if held is None else _both(held, keyed.facts)
        for key in keyed.linking:
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


def _attach_records(
    records: list[_Incoming], *, run_id: UUID | None, by: Actor, at: datetime, tell: Told | None = None
) -> set[UUID]:
    """Link each new record to the one person who qualifies, or to a new person made of it. Returns everybody touched."""
    index = _Index(records)
    made: dict[UUID, list[_Incoming]] = {}
    links: list[tuple[Any, ...]] = []
    touched: set[UUID] = set()
    for place, record in enumerate(records):
        if tell and place % 5000 == 0:
            tell("Finding whose records they are", place, len(records))
        choice = index.choose(record)
        person_id = choice.person_id if choice else new_id()
        if choice is None:
            made[person_id] = [record]
        elif person_id in made:
            made[person_id].append(record)
        links.append(_link(record, person_id, choice, run_id, by, at))
        touched.add(person_id)
        index.add(person_id, record.keyed)
    if tell:
        tell("Keeping people and links", 0, len(records))
    _make_people(made, at)
    _copy_rows(RecordLink, _LINK, links)
    _refresh_people(touched - made.keys(), only_more=True)
    return touched


_LINK = (
    "id", "version", "record_id", "person_id", "rule", "match_weight", "reason", "linked_at", "linked_by",
    "separation_reason", "by_run",
)  # fmt: skip


def _link(
    record: _Incoming, person_id: UUID, choice: _Choice | None, run_id: UUID | None, by: Actor, at: datetime
) -> tuple[Any, ...]:
    """What an exact rule linked has no weight: nothing was weighed."""
    rule, reason = (choice.link.rule, choice.link.sentence) if choice else ("new", _NOBODY)
    return (new_id(), 1, record.record_id, person_id, rule, None, reason, at, by.account_id, "", run_id)


_PERSON = (
    "id", "version", "given_name", "family_name", "known_as", "birth_date", "is_birth_date_estimated", "sex",
    "nhs_number", "upn", "interpreter_language", "communication_needs", "stated", "known", "created_at",
)  # fmt: skip


def _make_people(made: Mapping[UUID, list[_Incoming]], at: datetime) -> None:
    """New people, derived from their records alone, with what they are found by."""
    if not made:
        return
    derived = {
        person_id: derive_facts(StatedFacts(), [record.said for record in records])
        for person_id, records in made.items()
    }
    _copy_rows(Person, _PERSON, (_person(person_id, facts, at) for person_id, facts in derived.items()))
    _copy_entries({person_id: facts.entries for person_id, facts in derived.items()})
    _copy_keys(
        (person_id, records[0].keyed.keys if len(records) == 1 else key_numbers(derived[person_id].entries))
        for person_id, records in made.items()
    )


def _person(person_id: UUID, facts: DerivedFacts, at: datetime) -> tuple[Any, ...]:
    return (
        person_id, 1, facts.given_name, facts.family_name, facts.known_as, facts.birth_date,
        facts.is_birth_date_estimated, facts.sex, facts.nhs_number, facts.upn, "", "", "{}", _json(facts), at,
    )  # fmt: skip


def _match_again(records: list[_Incoming], *, run_id: UUID | None, by: Actor, at: datetime) -> set[UUID]:
    """Records that say something new of who they are may turn out to be somebody already known: each is linked to the
    one person who qualifies now. Only where no person decided about it, and where it is all that is known of the entry
    it is linked to and nobody works with that entry; anything else stays and is for a person to decide (PI-3)."""
    loose = _loose_links([record.record_id for record in records])
    records = [record for record in records if record.record_id in loose]
    if not records:
        return set()
    index = _Index(records)
    moved: dict[UUID, UUID] = {}
    links: list[tuple[Any, ...]] = []
    for record in records:
        own = loose[record.record_id]
        choice = index.choose(record, but=own)
        if choice is not None and choice.person_id not in moved:
            links.append(_link(record, choice.person_id, choice, run_id, by, at))
            moved[own] = choice.person_id
            index.add(choice.person_id, record.keyed)
    if not moved:
        return set()
    reason = "The agency's record says more now, and is somebody who was known already."
    old = RecordLink.objects.filter(record_id__in=[link[2] for link in links], separated_at__isnull=True)
    old.update(separated_at=at, separated_by=by.account_id, separation_reason=reason)
    _copy_rows(RecordLink, _LINK, links)
    _refresh_people({*moved, *moved.values()})
    for before, now in moved.items():
        Person.objects.filter(pk=before).update(continued_by=now)
    _settle_proposals(moved, at=at)
    return {*moved, *moved.values()}


def _loose_links(record_ids: list[UUID]) -> dict[UUID, UUID]:
    """The records among these that a rule linked and that are all there is behind their person, with that person."""
    found: dict[UUID, UUID] = {}
    for ids in in_batches(record_ids, 5000):
        decided = set(
            RecordLink.objects.filter(record_id__in=ids, rule__in=("person", "separated")).values_list(
                "record_id", flat=True
            )
        )
        live = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
        mine = {
            record: person for record, person in live.values_list("record_id", "person_id") if record not in decided
        }
        shared = RecordLink.objects.filter(person_id__in=mine.values(), separated_at__isnull=True)
        crowded = set(shared.exclude(record_id__in=ids).values_list("person_id", flat=True))
        within: dict[UUID, int] = defaultdict(int)
        for person in mine.values():
            within[person] += 1
        alone = {person for person, number in within.items() if number == 1} - crowded
        alone -= _people_in_use(alone)
        found |= {record: person for record, person in mine.items() if person in alone}
    return found


def _make_person_of(record: AgencyRecord, at: datetime) -> Person:
    """One new person for a record that has been separated; the caller links the record and refreshes."""
    return Person.objects.create(id=new_id(), created_at=at)
