"""Who else lives or lived where somebody does or did: the same house and postcode in anybody's entries, now or before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import Key, Said, home_of
from joinedup.person_index.entries import said_in
from joinedup.person_index.keys import key_number

# More people than this at one address are no household: a hostel, a hotel, a block without flat numbers.
MOST_AT_HOME = 12
_AT_HOME = """
SELECT entry.person_id, entry.said, entry.until, person.given_name, person.family_name, person.birth_date
FROM unnest(%s::bigint[]) AS home (key)
CROSS JOIN LATERAL (
  SELECT k.person_id FROM person_index_searchkey k WHERE k.key = home.key ORDER BY k.person_id LIMIT 40
) held
JOIN person_index_entry entry ON entry.person_id = held.person_id
JOIN person_index_person person ON person.id = held.person_id
ORDER BY person.birth_date DESC NULLS LAST, entry.person_id, entry.number
"""


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the same address. `until` is set where they no longer live there."""

    person_id: UUID
    name: str
    birth_date: date | None
    until: date | None


def lived_with(said: Mapping[UUID, Iterable[Said]]) -> dict[UUID, tuple[Neighbour, ...]]:
    """Who else is or was at any address that was said of these people, by person; one statement. Not at addresses where
    very many people live. The caller leaves out whoever is withheld, and audits whom it shows."""
    homes = {person_id: {home for each in several if (home := home_of(each))} for person_id, several in said.items()}
    there = _at(sorted({home for several in homes.values() for home in several}))
    found: dict[UUID, tuple[Neighbour, ...]] = {}
    for person_id in said:
        mates: dict[UUID, Neighbour] = {}
        for home in sorted(homes[person_id]):
            if len(there[home]) <= MOST_AT_HOME:
                mates |= {mate: each for mate, each in there[home].items() if mate != person_id}
        found[person_id] = tuple(mates.values())
    return found


def _at(homes: list[str]) -> dict[str, dict[UUID, Neighbour]]:
    """Who is or was at each of these addresses, the youngest first."""
    there: dict[str, dict[UUID, Neighbour]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_AT_HOME, [[key_number(Key("home", home)) for home in homes]])
        rows = cursor.fetchall()
    for person_id, said, until, given_name, family_name, birth_date in rows:
        home = home_of(said_in(said))
        if home is None:
            continue
        held = there[home].get(person_id)
        if held is None or (held.until is not None and (until is None or until > held.until)):
            name = f"{given_name} {family_name}".strip() or "Name not known"
            there[home][person_id] = Neighbour(person_id, name, birth_date, until)
    return there
