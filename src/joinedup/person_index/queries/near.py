"""Everybody who shares a key with each of many records, those who share most first: two statements for all of them. For
services that decide whose records they are; nothing is checked and nothing audited here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import Said, question_keys
from joinedup.person_index.keys import key_number
from joinedup.person_index.queries.evidence import said_of_people

MOST = 40
_MOST_OF_A_KEY = 400
_LEAST_OF_BEST = 0.1  # who shares less than this part of what the best one shares is not worth comparing
_NEAR = """
WITH hit AS MATERIALIZED (
  SELECT asked.place, asked.key, held.person_id
  FROM unnest(%(places)s::int[], %(keys)s::bigint[]) AS asked (place, key)
  CROSS JOIN LATERAL (
    SELECT k.person_id FROM person_index_searchkey k WHERE k.key = asked.key ORDER BY k.person_id LIMIT %(of_a_key)s
  ) held
), rare AS (
  SELECT key, 24 - log(2, count(*) / count(DISTINCT place)) AS bits FROM hit GROUP BY key
), likely AS (
  SELECT hit.place, hit.person_id, sum(rare.bits) AS weight FROM hit JOIN rare USING (key)
  JOIN unnest(%(owners)s::uuid[]) WITH ORDINALITY AS owner (id, place) ON owner.place = hit.place + 1
  WHERE hit.person_id <> owner.id GROUP BY hit.place, hit.person_id
), ranked AS (
  SELECT place, person_id, weight >= %(least)s * max(weight) OVER (PARTITION BY place) AS is_worth_it,
         row_number() OVER (PARTITION BY place ORDER BY weight DESC, person_id) AS rank FROM likely
)
SELECT place, person_id FROM ranked WHERE rank <= %(most)s AND is_worth_it ORDER BY place, rank
"""

Near = dict[UUID, list[Said]]


def near_each(asked: Sequence[tuple[Said, UUID]]) -> list[Near]:
    """For each (what a record says, whose it is now): everybody else near enough to be compared, with their entries."""
    pairs = [
        (place, number)
        for place, (said, _) in enumerate(asked)
        for number in sorted({key_number(key) for key in question_keys(said)})
    ]
    values: dict[str, Any] = {
        "places": [place for place, _ in pairs],
        "keys": [number for _, number in pairs],
        "owners": [own for _, own in asked],
        "of_a_key": _MOST_OF_A_KEY,
        "most": MOST,
        "least": _LEAST_OF_BEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, values)
        rows = cursor.fetchall()
    entries = said_of_people({person for _, person in rows})
    found: list[Near] = [{} for _ in asked]
    for place, person in rows:
        if person in entries:
            found[place][person] = entries[person]
    return found
