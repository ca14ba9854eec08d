"""Bringing people's derived facts and search keys up to date. Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from joinedup.person_index.keys import key_number
from joinedup.person_index.models import AgencyRecord, EarlierVersion, Person, PersonAddress, PersonName, RecordLink
from joinedup.person_index.rules import DerivedFacts, StatedFacts, derive_facts

_PERSON_INDEX_LOCK = 7_205_112
_DERIVED = [
    "given_name", "family_name", "known_as", "birth_date", "is_birth_date_estimated", "sex", "nhs_number", "upn",
    "known", "continued_by",
]  # fmt: skip


def _lock_index() -> None:
    """One writer at a time decides whose record is whose, so that two imports cannot both make the same person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PERSON_INDEX_LOCK])


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
    records: dict[UUID, list[AgencyRecord]] = defaultdict(list)
    links = RecordLink.objects.filter(person_id__in=ids, separated_at__isnull=True).select_related("record")
    for link in links:
        records[link.person_id].append(link.record)
    versions: dict[UUID, list[EarlierVersion]] = defaultdict(list)
    held = [record.pk for several in records.values() for record in several]
    for version in EarlierVersion.objects.filter(record_id__in=held).order_by("-pk"):
        versions[version.record_id].append(version)
    found = {}
    for person in people:
        stated = _stated_facts(person, names[person.pk], addresses[person.pk])
        linked = [record.facts(versions[record.pk]) for record in records[person.pk]]
        found[person.pk] = derive_facts(stated, linked), bool(linked) or not stated.is_empty
    return found


def _apply(person: Person, derived: DerivedFacts) -> None:
    """Write derived facts onto a person, unsaved."""
    person.given_name, person.family_name = derived.given_name, derived.family_name
    person.known_as = derived.known_as
    person.birth_date = derived.birth_date
    person.is_birth_date_estimated = derived.is_birth_date_estimated
    person.sex = derived.sex
    person.nhs_number, person.upn = derived.nhs_number, derived.upn
    person.known = {
        "forenames": list(derived.forenames),
        "surnames": list(derived.surnames),
        "postcodes": list(derived.postcodes),
    }


def _refresh_people(ids: Iterable[UUID]) -> None:
    """Derive people's facts and search keys afresh. Somebody without a record or a stated fact keeps the last ones on
    their page but is no longer found: every record that made them is another person's now."""
    people = list(Person.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))
    standing = {key: derived for key, (derived, is_standing) in _derive_people(people).items() if is_standing}
    changed = [person for person in people if person.pk in standing]
    for person in changed:
        _apply(person, standing[person.pk])
        person.continued_by = None
    Person.objects.bulk_update(changed, _DERIVED, batch_size=500)
    _replace_keys([person.pk for person in people], standing)


def _replace_keys(ids: list[UUID], derived: Mapping[UUID, DerivedFacts]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_searchkey WHERE person_id = ANY(%s)", [ids])
    _insert_keys(derived)


def _insert_keys(derived: Mapping[UUID, DerivedFacts]) -> None:
    """All keys of several people in one statement."""
    numbers: list[int] = []
    owners: list[UUID] = []
    for person_id, facts in derived.items():
        for number in {key_number(key) for key in facts.all_keys()}:
            numbers.append(number)
            owners.append(person_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO person_index_searchkey (key, person_id) SELECT * FROM unnest(%s::bigint[], %s::uuid[])",
            [numbers, owners],
        )
