"""What is known of somebody the viewer works with, each fact with its source and day: what an assessment begins with."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import Person
from joinedup.person_index.queries.calls import RecalledFact, _facts, _phone
from joinedup.person_index.queries.known import known_of


def facts_worked_with(viewer: Actor, person_id: UUID) -> dict[str, RecalledFact]:
    """Name, birth date, sex, number, home, phone and how to talk with them. The viewer's grounds are asked; the caller
    audits the read."""
    row = Person.objects.visible_to(viewer).filter(pk=person_id).first()
    if row is None:
        raise NotVisible
    known = known_of([row.pk])[row.pk]
    return _facts(row, known) | _phone([known])
