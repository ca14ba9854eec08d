"""Bringing people's derived facts and search keys up to date. Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from joinedup.person_index.keys import key_number
from joinedup.person_index.models import EarlierVersion, Person, PersonAddress, PersonName, RecordLink
from joinedup.person_index.rules import DerivedFacts, RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.services.bulk import _update_many

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
