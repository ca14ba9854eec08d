"""Bringing people's derived facts and search keys up to date. Called only inside guarded services of this part."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import islice
from uuid import UUID

from django.db import connection

from joinedup.core.errors import Refused
from joinedup.person_index.keys import key_number
from joinedup.person_index.models import EarlierVersion, Person, PersonAddress, PersonName, RecordLink
from joinedup.person_index.rules import PI_17, DerivedFacts, RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.services.bulk import _update_many

_PERSON_INDEX_LOCK = 7_205_112
_AT_ONCE = 5000
_LOOK_AGAIN = 0.1  # seconds
_DERIVED = [
    "given_name", "family_name", "known_as", "birth_date", "is_birth_date_estimated", "sex", "nhs_number", "upn",
    "known", "continued_by",
]  # fmt: skip


def _lock_index(*, patience: float | None = None) -> None:
    """One writer at a time decides whose record is whose, so that two imports cannot both make the same person.

    Somebody at a page waits `patience` seconds for an import to end and is then told (PI-17), rather than left waiting.
    """
    with connection.cursor() as cursor:
        if patience is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PERSON_INDEX_LOCK])
            return
        for _ in range(max(1, round(patience / _LOOK_AGAIN))):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_PERSON_INDEX_LOCK])
            if cursor.fetchone()[0]:
                return
            time.sleep(_LOOK_AGAIN)
    raise Refused(PI_17.sentence, rule=PI_17.code)


def _stated_facts(person: Person, names: list[PersonName], addresses: list[PersonAddress]) -> StatedFacts:
    own = person.stated
    present = [name for name in names if name.kind == "usual" and name.ends_on is None]
    past = [name for name in names if name.kind == "former" or (name.kind == "usual" and name.ends_on)]
    known_as = [name for name in names if name.kind == "known_as" and name.ends_on is None]
    return StatedFacts(
        names=tuple((name.given_name, name.family_name) for name in [*reversed(present), *reversed(past)]),
        known_as=known_as[-1].given_name if known_as else "",
        birth_date=date.fromisoformat(own["birth_date"]) if own.get("birth_date") else None,
        is_birth_date_estimated=bool(own.get("is_birth_date_estimated")),
        sex=own.get("sex", "U"),
        nhs_number=own.get("nhs_number", ""),
        upn=own.get("upn", ""),
        postcodes=tuple(address.postcode for address in reversed(addresses) if address.postcode),
    )


def _derive_people(people: Collection[Person]) -> dict[UUID, tuple[DerivedFacts, bool]]:
    """Derived facts of people, and whether anything stands behind them, in four queries however many."""
    ids = [person.pk for person in people]
    names: dict[UUID, list[PersonName]] = defaultdict(list)
    for name in PersonName.objects.filter(person_id__in=ids).order_by("pk"):
        names[name.person_id].append(name)
    addresses: dict[UUID, list[PersonAddress]] = defaultdict(list)
    for address in PersonAddress.objects.filter(person_id__in=ids).order_by("pk"):
        addresses[address.person_id].append(address)
    records = _record_facts(ids)
    found = {}
    for person in people:
        stated = _stated_facts(person, names[person.pk], addresses[person.pk])
        linked = records[person.pk]
        found[person.pk] = derive_facts(stated, linked), bool(linked) or not stated.is_empty
    return found


def _record_facts(ids: Collection[UUID]) -> dict[UUID, list[RecordFacts]]:
    """What the records linked to people say, by person, in two queries."""
    live = RecordLink.objects.filter(person_id__in=ids, separated_at__isnull=True)
    names: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    postcodes: dict[UUID, list[str]] = defaultdict(list)
    earlier = EarlierVersion.objects.filter(record__in=live.values("record_id")).order_by("-pk")
    for record_id, given, family, postcode in earlier.values_list("record_id", "given_name", "family_name", "postcode"):
        names[record_id].append((given, family))
        postcodes[record_id].append(postcode)
    found: dict[UUID, list[RecordFacts]] = defaultdict(list)
    held = ("given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "postcode", "as_of", "supplied_at")
    for person_id, record_id, *said, as_of, supplied_at in live.values_list(
        "person_id", "record_id", *(f"record__{name}" for name in held)
    ):
        found[person_id].append(
            RecordFacts(
                record_id=str(record_id),
                newest_at=(as_of or supplied_at.date(), supplied_at),
                earlier_names=tuple(names[record_id]),
                earlier_postcodes=tuple(postcodes[record_id]),
                **dict(zip(held, said, strict=False)),
            )
        )
    return found


def _apply(person: Person, derived: DerivedFacts) -> None:
    """Write derived facts onto a person, unsaved."""
    person.given_name, person.family_name = derived.given_name, derived.family_name
    person.known_as = derived.known_as
    person.birth_date = derived.birth_date
    person.is_birth_date_estimated = derived.is_birth_date_estimated
    person.sex = derived.sex
    person.nhs_number, person.upn = derived.nhs_number, derived.upn
    person.known = _known(derived)


def _known(derived: DerivedFacts) -> dict[str, list[str]]:
    """Every name and postcode, as a person keeps them."""
    return {
        "forenames": list(derived.forenames),
        "surnames": list(derived.surnames),
        "postcodes": list(derived.postcodes),
    }


def _json(derived: DerivedFacts) -> str:
    """The same as the text of a document."""
    return json.dumps(_known(derived))


def _refresh_people(ids: Iterable[UUID], *, only_more: bool = False) -> None:
    """Derive people's facts and search keys afresh. Somebody without a record or a stated fact keeps the last ones on
    their page but is no longer found: every record that made them is another person's now.

    `only_more` when records came and none went: who is known by nothing new has the keys they had.
    """
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        _refresh_some(wanted[start : start + _AT_ONCE], only_more)


def _refresh_some(ids: list[UUID], only_more: bool) -> None:
    people = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    standing = {key: derived for key, (derived, is_standing) in _derive_people(people).items() if is_standing}
    changed = []
    for person in people:
        if person.pk in standing:
            before, found_by = _derived_of(person), person.facts()
            _apply(person, standing[person.pk])
            person.continued_by_id = None
            if before != _derived_of(person):
                changed.append(person)
            was_found = before[-1] is None  # not continued by somebody else
            if only_more and was_found and person.facts() == found_by and len(standing[person.pk].birth_dates) < 2:
                del standing[person.pk]
    _update_many(changed, _DERIVED)
    _replace_keys(list(standing) if only_more else ids, standing)


def _derived_of(person: Person) -> list[object]:
    return [getattr(person, "continued_by_id" if name == "continued_by" else name) for name in _DERIVED]


def _replace_keys(ids: list[UUID], derived: Mapping[UUID, DerivedFacts]) -> None:
    """Write only the keys that are new and remove only those that are gone: most people have the same as before."""
    held: dict[UUID, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, key FROM person_index_searchkey WHERE person_id = ANY(%s)", [ids])
        for person_id, key in cursor:
            held[person_id].add(key)
        wanted = {person_id: _numbers(facts) for person_id, facts in derived.items()}
        gone = [(person_id, key) for person_id in ids for key in held[person_id] - wanted.get(person_id, set())]
        if gone:
            cursor.execute(
                "DELETE FROM person_index_searchkey k USING unnest(%s::uuid[], %s::bigint[]) AS gone (person_id, key)"
                " WHERE k.person_id = gone.person_id AND k.key = gone.key",
                [[person_id for person_id, _ in gone], [key for _, key in gone]],
            )
    _copy_keys((person_id, keys - held[person_id]) for person_id, keys in wanted.items())


def _numbers(facts: DerivedFacts) -> set[int]:
    """Everything a person is found by, as the database holds it."""
    return {key_number(key) for key in facts.all_keys()}


def _insert_keys(derived: Mapping[UUID, DerivedFacts]) -> None:
    """All keys of several new people."""
    _copy_keys((person_id, _numbers(facts)) for person_id, facts in derived.items())


def _copy_keys(keys: Iterable[tuple[UUID, Collection[int]]]) -> None:
    """Keys of several people in one statement, by COPY: there are a dozen for each."""
    with connection.cursor() as cursor, cursor.copy("COPY person_index_searchkey (key, person_id) FROM STDIN") as copy:
        waiting = iter(keys)
        while batch := list(islice(waiting, _AT_ONCE)):
            ends = ((f"\t{person_id}\n", numbers) for person_id, numbers in batch)
            copy.write("".join([f"{number}{end}" for end, numbers in ends for number in numbers]))
