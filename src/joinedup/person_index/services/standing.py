"""Who and what is in use: people, families and records that somebody works with and that no rule may take away.

It asks the tables themselves which others point at them, so that a part above this one needs to say nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import models

from joinedup.person_index.models import (
    AgencyRecord,
    Entry,
    Family,
    FamilyMember,
    LinkProposal,
    Person,
    RecordLink,
    SearchKey,
)

# What a rule itself writes about people: looked at by those who ask, and no sign that anybody works with them.
_OWN: set[type[models.Model]] = {RecordLink, Entry, SearchKey, FamilyMember, LinkProposal}
_AT_ONCE = 5000


def _people_in_use(ids: Collection[UUID], *, and_not: Collection[type[models.Model]] = ()) -> set[UUID]:
    """Those people that anything but links, keys and families points at, or of whom somebody stated something."""
    found = _pointed_at(Person, ids, {*_OWN, *and_not})
    for batch in _batches(ids):
        found.update(Person.objects.filter(pk__in=batch).exclude(stated={}).values_list("pk", flat=True))
    return found


def _families_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those families that anything but their members points at: a case, a referral."""
    return _pointed_at(Family, ids, {FamilyMember})


def _records_in_use(ids: Collection[UUID], but: set[type[models.Model]]) -> set[UUID]:
    """Those records that anything but these tables points at."""
    return _pointed_at(AgencyRecord, ids, but)


def _pointed_at(model: type[models.Model], ids: Collection[UUID], but: set[type[models.Model]]) -> set[UUID]:
    found: set[UUID] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and not relation.many_to_many:
            other = relation.related_model
            if isinstance(other, type) and other not in but and issubclass(other, models.Model):
                name = relation.field.attname
                for batch in _batches(ids):
                    rows = other._base_manager.filter(**{f"{name}__in": batch})
                    found.update(rows.values_list(name, flat=True))
    return found


def _batches(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
