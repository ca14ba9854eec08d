"""Entries that are one person: while all records of an entry are linked to another, what hangs on it is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_ENTRIES = """
WITH RECURSIVE entry (id, person) AS (
  SELECT id, id FROM person_index_person WHERE id = ANY(%s)
  UNION
  SELECT before.id, entry.person FROM person_index_person before JOIN entry ON before.continued_by_id = entry.id
)
SELECT id, person FROM entry
"""


def owners_of_entries(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each entry of these people, with the person it belongs to; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(ids)])
        return dict(cursor.fetchall())


def entries_of(ids: Iterable[UUID]) -> list[UUID]:
    """These people and the entries they continue."""
    return list(owners_of_entries(ids))
