"""What the front door is reminded of when somebody rings about a person in the index, instead of asking again.

Not their school: who sent a record may be many schools at once, and says nothing of which one is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import Person
from joinedup.person_index.permissions import SEARCH_PEOPLE
from joinedup.person_index.queries.contact import SafeContactAdvice, safe_contact_for
from joinedup.person_index.queries.families import household_of
from joinedup.person_index.queries.known import Known, KnownRecord, known_of
from joinedup.person_index.queries.restrictions import unseen_among

_ADULTS, _MOST_ADULTS = {"parent", "carer"}, 4
_IDENTITY = ("given_name", "family_name", "birth_date", "sex")
_TALKING = ("interpreter_language", "communication_needs")
_ENTRY = "what was entered about them"


@dataclass(frozen=True)
class RecalledFact:
    """One fact, the source that said it last, and its day; the day of the entry where nobody said when."""

    value: Any
    source: str
    said_on: date


@dataclass(frozen=True)
class Recalled:
    """What is known of a person. `facts` by field; `carers` the adults of the household; `safe` how they are reached,
    by whoever of them it was recorded for; `cautions` those of them who are not to be reached in the usual ways."""

    person_id: UUID
    name: str
    facts: dict[str, RecalledFact]
    carers: tuple[dict[str, RecalledFact], ...] = ()
    safe: SafeContactAdvice | None = None
    cautions: tuple[tuple[str, SafeContactAdvice], ...] = field(default=())


def recalled(viewer: Actor, person_id: UUID, *, purpose: str) -> Recalled:
    """For those who may search for anybody. Whoever their search would not show does not exist here either, and is in
    nobody's household. The read is audited with everybody in it."""
    check(viewer, SEARCH_PEOPLE)
    row = Person.objects.select_related("continued_by").filter(pk=person_id).first()
    if row is None:
        raise NotVisible
    row = row.continued_by or row
    mates = household_of([row.pk])[row.pk]
    hidden = unseen_among(viewer, {person_id, row.pk, *(mate.person_id for mate in mates)})
    if {person_id, row.pk} & hidden:
        raise NotVisible
    adult_ids = [mate.person_id for mate in mates if mate.part in _ADULTS and mate.person_id not in hidden]
    adult_ids = list(dict.fromkeys(adult_ids))[:_MOST_ADULTS]
    adults = _in_order(adult_ids)
    known = known_of([row.pk, *adult_ids])
    audit.record_read(
        viewer, subject=("person_index.person", str(row.pk)), people={row.pk, *adult_ids}, purpose=purpose
    )
    advice = [(str(each), safe_contact_for(each.pk)) for each in (row, *adults)]
    recorded = [(name, said) for name, said in advice if said.is_recorded]
    return Recalled(
        person_id=row.pk,
        name=str(row),
        facts=_facts(row, known[row.pk]) | _phone([known[each] for each in (*adult_ids, row.pk)]),
        carers=tuple(_said_as(each, known[each.pk], ("given_name", "family_name")) for each in adults),
        safe=next((said for _, said in recorded if said.how not in {"none", "in_person"}), None),
        cautions=tuple((name, said) for name, said in recorded if said.how in {"none", "in_person"}),
    )


def _in_order(ids: list[UUID]) -> list[Person]:
    rows = Person.objects.in_bulk(ids)
    return [rows[each] for each in ids if each in rows]


def _facts(row: Person, known: Known) -> dict[str, RecalledFact]:
    names = (*_IDENTITY, "nhs_number" if row.nhs_number else "upn", *_TALKING)
    return _said_as(row, known, names) | _home(row, known)


def _said_as(row: Person, known: Known, names: Iterable[str]) -> dict[str, RecalledFact]:
    """What the index holds of somebody, each fact with the newest record that says the same."""
    found = {}
    for name in names:
        value = getattr(row, name)
        if value and value != "U":
            said = next((each for each in known.records if getattr(each, name, None) == value), None)
            source, on = (said.agency, _day(said)) if said else (_ENTRY, timezone.localdate(row.created_at))
            found[name] = RecalledFact(value, source, on)
    return found


def _home(row: Person, known: Known) -> dict[str, RecalledFact]:
    """Where they live: the first of their homes, as the triage page shows them."""
    home = next(iter(known.present_addresses), None)
    if home is None:
        return {}
    on = home.as_of or home.starts_on or timezone.localdate(row.created_at)
    lines = "no fixed address" if home.is_no_fixed_address else home.lines
    said = {"address": lines, "postcode": "" if home.is_no_fixed_address else home.postcode}
    return {name: RecalledFact(value, home.source, on) for name, value in said.items() if value}


def _phone(household: Iterable[Known]) -> dict[str, RecalledFact]:
    """The family's phone: an adult's before the child's."""
    for known in household:
        for record in known.records:
            if record.phone:
                return {"phone": RecalledFact(record.phone, record.agency, _day(record))}
    return {}


def _day(record: KnownRecord) -> date:
    return record.as_of or timezone.localdate(record.supplied_at)
