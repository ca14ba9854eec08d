"""Bringing people's derived facts and search keys up to date. Called only inside guarded services of this part."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from joinedup.core.models import Record
from joinedup.person_index.keys import key_number
from joinedup.person_index.models import AgencyRecord, EarlierVersion, Person, PersonAddress, PersonName, RecordLink
from joinedup.person_index.rules import DerivedFacts, StatedFacts, derive_facts

_PERSON_INDEX_LOCK = 7_205_112
_BATCH = 5000
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
    links = links.defer("record__as_supplied", "reason")
    for link in links:
        records[link.person_id].append(link.record)
    versions: dict[UUID, list[EarlierVersion]] = defaultdict(list)
    held = [record.pk for several in records.values() for record in several]
    for version in EarlierVersion.objects.filter(record_id__in=held).defer("as_supplied").order_by("-pk"):
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
    _update_many(changed, _DERIVED)
    _replace_keys([person.pk for person in people], standing)


def _update_many(rows: Sequence[Record], names: Sequence[str]) -> None:
    """Write the named fields of many rows of one table, thousands in a statement: Django's own bulk update takes
    minutes for what this does in a second. The values travel as one JSON document."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if field.name in names]
    table = connection.ops.quote_name(meta.db_table)
    columns = {connection.ops.quote_name(str(field.column)): field for field in fields}
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    shape = ", ".join(f"{column} {field.db_type(connection)}" for column, field in columns.items())
    statement = (
        f"UPDATE {table} SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS new (id uuid, {shape})"  # noqa: S608
        f" WHERE {table}.id = new.id"
    )
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        values = [
            {"id": row.pk} | {str(field.column): getattr(row, field.attname) for field in fields} for row in batch
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement, [json.dumps(values, cls=DjangoJSONEncoder)])


def _replace_keys(ids: list[UUID], derived: Mapping[UUID, DerivedFacts]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_searchkey WHERE person_id = ANY(%s)", [ids])
    _insert_keys(derived)


def _insert_keys(derived: Mapping[UUID, DerivedFacts]) -> None:
    """All keys of several people in one statement, by COPY: there are a dozen for each."""
    lines = [
        f"{number}\t{person_id}\n"
        for person_id, facts in derived.items()
        for number in {key_number(key) for key in facts.all_keys()}
    ]
    with connection.cursor() as cursor, cursor.copy("COPY person_index_searchkey (key, person_id) FROM STDIN") as copy:
        copy.write("".join(lines))
