"""Who may not be together: what people decided, followed wherever records go. Called only inside guarded services of
this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.core.errors import Refused
from joinedup.person_index.models import KeepApart, KeptBeside, RecordLink
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.rules import PI_5
from joinedup.person_index.sealing import are_sealed_apart

# A decision about a record and a person holds against that person, whoever continues them, and whoever has the records
# the person then consisted of, except those that somebody has kept from that person since.
_BARRED = """
WITH RECURSIVE asked (record) AS (SELECT unnest(%(records)s::uuid[])),
kept AS (
  SELECT k.id, k.record_id, k.person_id FROM person_index_keepapart k
  WHERE k.lifted_at IS NULL AND (k.record_id IN (SELECT record FROM asked) OR k.id IN (
    SELECT b.keep_apart_id FROM person_index_keptbeside b WHERE b.record_id IN (SELECT record FROM asked)))
),
beside AS (
  SELECT kept.record_id AS one, b.record_id AS other
  FROM kept JOIN person_index_keptbeside b ON b.keep_apart_id = kept.id
  WHERE NOT EXISTS (
    SELECT 1 FROM person_index_keepapart x
    WHERE x.record_id = b.record_id AND x.person_id = kept.person_id AND x.lifted_at IS NULL)
),
barred (record, person) AS (
  SELECT record_id, person_id FROM kept WHERE record_id IN (SELECT record FROM asked)
  UNION
  SELECT barred.record, p.continued_by_id FROM barred
  JOIN person_index_person p ON p.id = barred.person AND p.continued_by_id IS NOT NULL
)
SELECT record, person FROM barred
UNION SELECT one, l.person_id FROM beside JOIN person_index_recordlink l
  ON l.record_id = other AND l.separated_at IS NULL WHERE one IN (SELECT record FROM asked)
UNION SELECT other, l.person_id FROM beside JOIN person_index_recordlink l
  ON l.record_id = one AND l.separated_at IS NULL WHERE other IN (SELECT record FROM asked)
"""


def _barred_from(records: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each record, everybody it may not be linked to by what people decided; one query."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_BARRED, {"records": list(records)})
        for record, person in cursor.fetchall():
            found[record].add(person)
    return found


def _records_of(person_id: UUID) -> list[UUID]:
    """The records linked to somebody now."""
    rows = RecordLink.objects.filter(person_id=person_id, separated_at__isnull=True)
    return list(rows.order_by("record_id").values_list("record_id", flat=True))


def _are_kept_apart(one: UUID, other: UUID) -> bool:
    """Whether anything decided stands between two people: a record of either is kept from the other, or both are sealed
    apart."""
    mine, theirs = _records_of(one), _records_of(other)
    barred = _barred_from([*mine, *theirs])
    if any(other in barred.get(record, ()) for record in mine):
        return True
    if any(one in barred.get(record, ()) for record in theirs):
        return True
    return are_sealed_apart([one, *mine], [other, *theirs])


def _refuse_kept_apart(record_id: UUID, source: UUID, target: UUID, *, empties: bool) -> None:
    """Refuse to link a record across a decision (PI-5): its own, or, where nothing stays behind, one about the person
    it leaves and somebody among the target's records. A sealed pair is refused in the same words."""
    held = _records_of(target)
    if target in _barred_from([record_id]).get(record_id, ()):
        raise Refused(PI_5.sentence, rule=PI_5.code)
    if empties:
        kept = KeepApart.objects.filter(
            person_id__in=entries_of([source]), record_id__in=[*held, record_id], lifted_at__isnull=True
        )
        if kept.exists():
            raise Refused(PI_5.sentence, rule=PI_5.code)
    mine = [record_id, source] if empties else [record_id]
    if are_sealed_apart(mine, [target, *held]):
        raise Refused(PI_5.sentence, rule=PI_5.code)


def _keep_apart(record_id: UUID, person_id: UUID, *, reason: str, by: Actor, at: datetime) -> KeepApart | None:
    """Keep a record and a person apart from now on, and the record from what the person consists of. None where that
    was decided already."""
    if KeepApart.objects.filter(record_id=record_id, person_id=person_id, lifted_at__isnull=True).exists():
        return None
    row = KeepApart.objects.create(
        record_id=record_id, person_id=person_id, reason=reason[:300], decided_at=at, decided_by=by.account_id
    )
    beside = [KeptBeside(keep_apart=row, record_id=each) for each in _records_of(person_id) if each != record_id]
    KeptBeside.objects.bulk_create(beside)
    return row


def _keep_people_apart(
    one: UUID, other: UUID, *, reason: str, both_ways: bool, by: Actor, at: datetime
) -> list[KeepApart]:
    """Keep every record of one from the other; `both_ways` also the other's from the one."""
    pairs = [(record, other) for record in _records_of(one)]
    if both_ways or not pairs:
        pairs += [(record, one) for record in _records_of(other)]
    made = [_keep_apart(record, person, reason=reason, by=by, at=at) for record, person in pairs]
    return [row for row in made if row is not None]


def _is_anybody_barred(records: Collection[UUID], person_id: UUID) -> bool:
    """Whether any of these records is kept from somebody."""
    return any(person_id in people for people in _barred_from(records).values())
