"""Bringing people's derived facts and search keys up to date. Called only inside guarded services of this part."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from joinedup.core.errors import Refused
from joinedup.person_index.models import EarlierVersion, Entry, Person, PersonAddress, PersonName, RecordLink
from joinedup.person_index.rules import PI_17, DerivedFacts, RecordFacts, StatedFacts, derive_facts
from joinedup.person_index.services.bulk import _update_many
from joinedup.person_index.services.entries import _replace_entries, count_names

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
        name_ends=tuple(name.ends_on for name in [*reversed(present), *reversed(past)]),
        homes=tuple(
            (each.lines, each.postcode, each.ends_on)
            for each in sorted(addresses, key=lambda each: (each.ends_on is not None, -each.pk))
        ),
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
    homes: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    earlier = EarlierVersion.objects.filter(record__in=live.values("record_id")).order_by("-pk")
    before = ("record_id", "given_name", "family_name", "postcode", "address", "replaced_at")
    for record_id, given, family, postcode, address, replaced_at in earlier.values_list(*before):
        names[record_id].append((given, family))
        postcodes[record_id].append(postcode)
        homes[record_id].append((address, replaced_at.date()))
    found: dict[UUID, list[RecordFacts]] = defaultdict(list)
    held = (
        "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "postcode", "address", "as_of",
        "supplied_at",
    )  # fmt: skip
    for person_id, record_id, *said, as_of, supplied_at in live.values_list(
        "person_id", "record_id", *(f"record__{name}" for name in held)
    ):
        found[person_id].append(
            RecordFacts(
                record_id=str(record_id),
                newest_at=(as_of or supplied_at.date(), supplied_at),
                earlier_names=tuple(names[record_id]),
                earlier_postcodes=tuple(postcodes[record_id]),
                earlier_homes=tuple(homes[record_id]),
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
    """Derive people's facts, entries and search keys afresh. Somebody without a record or a stated fact keeps the last
    facts on their page but is no longer found: every record that made them is another person's now.

    `only_more` when records came and none went: nobody can have ceased to stand.
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
            before = _derived_of(person)
            _apply(person, standing[person.pk])
            person.continued_by_id = None
            if before != _derived_of(person):
                changed.append(person)
    _update_many(changed, _DERIVED)
    entries = {person_id: derived.entries for person_id, derived in standing.items()}
    _replace_entries(list(standing) if only_more else ids, entries)


def _derived_of(person: Person) -> list[object]:
    return [getattr(person, "continued_by_id" if name == "continued_by" else name) for name in _DERIVED]


def work_out_entries(*, at: datetime) -> int:
    """Work out afresh what everybody is found by, where an index that holds people has nothing of it: after an update that
    changed what is kept. Returns how many people. Run when the database is brought up to date; not a person's act, so
    unguarded.
    """
    with transaction.atomic():
        if Entry.objects.exists():
            return 0
        ids = list(Person.objects.filter(continued_by__isnull=True).values_list("pk", flat=True))
        _refresh_people(ids)
    count_names(at=at)
    return len(ids)
