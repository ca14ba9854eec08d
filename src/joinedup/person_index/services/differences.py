"""Where the bulk run and the links now differ, worked out in the database and read page by page, so that a million records
need no more memory than a thousand. Called only inside guarded services of this part.

What the bulk run says is copied into tables of this transaction, which go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from joinedup.engines.linkage.keys import Said
from joinedup.person_index.entries import said_in

Pair = tuple[UUID, UUID]
PAGE = 500
_TABLES = """
DROP TABLE IF EXISTS pg_temp.clustered, pg_temp.worth_a_look, pg_temp.difference;
CREATE TEMP TABLE clustered (record uuid PRIMARY KEY, cluster text NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE worth_a_look (one uuid NOT NULL, other uuid NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE difference (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, one uuid NOT NULL, other uuid NOT NULL
) ON COMMIT DROP;
"""
# People whom the bulk run puts in one cluster: the first of them beside each of the others.
_JOINED = """
INSERT INTO difference (kind, one, other)
SELECT DISTINCT 'change', first, person_id FROM (
  SELECT l.person_id, first_value(l.person_id) OVER (PARTITION BY c.cluster ORDER BY l.person_id) AS first
  FROM clustered c JOIN person_index_recordlink l ON l.record_id = c.record AND l.separated_at IS NULL
) held WHERE person_id <> first ORDER BY first, person_id
"""
_WORTH_A_LOOK = """
INSERT INTO difference (kind, one, other)
SELECT DISTINCT 'possible', least(a.person_id, b.person_id), greatest(a.person_id, b.person_id) FROM worth_a_look w
JOIN person_index_recordlink a ON a.record_id = w.one AND a.separated_at IS NULL
JOIN person_index_recordlink b ON b.record_id = w.other AND b.separated_at IS NULL
WHERE a.person_id <> b.person_id ORDER BY 2, 3
"""
# Records of one person in another cluster than most of that person's, where nobody decided about them.
_PARTS = """
INSERT INTO difference (kind, one, other)
SELECT 'broken', person_id, record FROM (
  SELECT l.person_id, c.record, c.cluster, l.rule,
         first_value(c.cluster) OVER (PARTITION BY l.person_id ORDER BY sized.number DESC, c.cluster) AS chief
  FROM clustered c JOIN person_index_recordlink l ON l.record_id = c.record AND l.separated_at IS NULL
  JOIN (
    SELECT m.person_id, d.cluster, count(*) AS number FROM clustered d
    JOIN person_index_recordlink m ON m.record_id = d.record AND m.separated_at IS NULL GROUP BY 1, 2
  ) sized ON sized.person_id = l.person_id AND sized.cluster = c.cluster
) held WHERE cluster <> chief AND rule NOT IN ('person', 'separated') ORDER BY person_id, record
"""
_READ = "SELECT place, one, other FROM difference WHERE kind = %s AND place > %s ORDER BY place LIMIT %s"
_SEVERAL = """
SELECT person_id FROM person_index_recordlink WHERE separated_at IS NULL AND (%(after)s::uuid IS NULL OR person_id > %(after)s)
GROUP BY person_id HAVING count(*) > 1 ORDER BY person_id LIMIT %(most)s
"""
# People of whom we were told and whom no record is about, by what holds of them now.
_TOLD = """
SELECT e.person_id, e.said FROM person_index_entry e
WHERE e.number = 0 AND e.record_id IS NULL AND (%(after)s::uuid IS NULL OR e.person_id > %(after)s) AND NOT EXISTS (
  SELECT 1 FROM person_index_recordlink l WHERE l.person_id = e.person_id AND l.separated_at IS NULL)
ORDER BY e.person_id LIMIT %(most)s
"""


@dataclass
class Clustered:
    """What the bulk run says: which cluster each record is in, and the pairs it would have a person look at. Both may be
    read once, a few at a time."""

    clusters: Iterable[tuple[UUID, str]] = field(default_factory=list)
    review: Iterable[Pair] = field(default_factory=list)


def _take_in(found: Clustered) -> None:
    """Copy what the bulk run says and work out where it differs from the links now."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for table, rows in (("clustered", found.clusters), ("worth_a_look", found.review)):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {table}")
        for statement in (_JOINED, _WORTH_A_LOOK, _PARTS):
            cursor.execute(statement)
        cursor.execute("ANALYZE difference")


def differences(kind: str) -> Iterator[list[Pair]]:
    """Page by page: people who may be one (`change`, `possible`), or (person, record) that may be two (`broken`)."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [kind, last, PAGE])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [(one, other) for _, one, other in rows]


def people_told_of() -> Iterator[dict[UUID, Said]]:
    """Everybody of whom we were told and whom no record is about, with what was said, page by page."""
    after: UUID | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_TOLD, {"after": after, "most": PAGE})
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield {person: said_in(said) for person, said in rows}


def people_of_several_records() -> Iterator[list[UUID]]:
    """Everybody with more than one record, page by page."""
    after: UUID | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_SEVERAL, {"after": after, "most": PAGE})
            rows = [person for (person,) in cursor.fetchall()]
        if not rows:
            return
        after = rows[-1]
        yield rows
