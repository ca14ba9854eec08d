"""How much evidence there is that what somebody said means this person or that one. For services and queries of this
part that decide by it; nothing is checked and nothing audited here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import Said
from joinedup.person_index.entries import said_in
from joinedup.person_index.evidence import Evidence, evidence
from joinedup.person_index.queries.models import scorer_in_use

_SAID = "SELECT person_id, said FROM person_index_entry WHERE person_id = ANY(%s) ORDER BY person_id, number"


def said_of_people(people: Collection[UUID]) -> dict[UUID, list[Said]]:
    """Every entry of some people; one statement, also for none."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [list(people)])
        for person, text in cursor:
            found[person].append(said_in(text))
    return found


def evidence_for(said: Said, people: Collection[UUID]) -> dict[UUID, Evidence]:
    """How well what was said fits each of these people, in the order given; two statements, also for none."""
    model = scorer_in_use().model
    entries = said_of_people(people)
    return {person: evidence([said], entries[person], model) for person in people}
