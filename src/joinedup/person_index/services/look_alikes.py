"""A new or changed entry that looks like a restricted person is shielded before anybody sees it. Called only inside
guarded services of this part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from joinedup.core.formats import london
from joinedup.person_index.alerts import keep_look_alikes, pairs_to_compare
from joinedup.person_index.evidence import evidence
from joinedup.person_index.exact import exact_link
from joinedup.person_index.models import LookAlike, Person
from joinedup.person_index.queries.evidence import said_of_people
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.restriction_settings import look_alike_points
from joinedup.person_index.sealing import sealed_pairs_among


def _shield_look_alikes(people: Iterable[UUID], *, at: datetime, made_by: UUID | None = None) -> None:
    """Compare these entries with every restricted person, or with every entry where they are the restricted ones, and
    shield what may be the same person. `made_by` typed it, and goes on seeing what they typed; what an agency supplied
    is seen by nobody. The same statements run whether anything is found or not."""
    ids = list(people)
    pairs = pairs_to_compare(ids, at=at)
    asked = {person for _, restricted, other in pairs for person in (restricted, other)} or {UUID(int=0)}
    facts = {row.pk: row.facts() for row in Person.objects.filter(pk__in=asked)}
    said, model = said_of_people(asked), scorer_in_use().model
    enough = look_alike_points(london(at).date())
    alike = set()
    sealed = sealed_pairs_among((restricted, other) for _, restricted, other in pairs)
    for restriction, restricted, other in pairs:
        if (restricted, other) in sealed:
            continue  # two identities that are never joined leave no trace of each other
        found = evidence(said[restricted], said[other], model)
        if found.is_possible_twin:
            continue
        if found.points >= enough or exact_link(facts[restricted], facts[other]):
            alike.add((restriction, other))
    keep_look_alikes(sorted(alike), at=at)
    LookAlike.objects.filter(person_id__in=ids, answer="").update(made_by=made_by)
