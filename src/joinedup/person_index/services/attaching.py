"""New records find their person by the model as they arrive: the same keys and the same scorer as the search and the
bulk run. Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.engines.linkage.keys import Said, question_keys
from joinedup.engines.linkage.lookup import standard_of
from joinedup.engines.linkage.scoring import Scorer
from joinedup.person_index.entries import said_in
from joinedup.person_index.judging import APART, LINKED, Judged, is_twin_of, judge
from joinedup.person_index.keys import key_number
from joinedup.person_index.models import AgencyRecord, LinkageRun, LinkProposal, Person, RecordLink, Restriction
from joinedup.person_index.queries.lookup import read_weighing
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.sealing import closed_among, sealed_among
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.services.facts import _refresh_people
from joinedup.person_index.services.keeping_apart import _are_kept_apart, _barred_from
from joinedup.person_index.services.linking import _loose_links
from joinedup.person_index.services.settling import _settle_proposals

_MOST = 40
_RUNNER_UP = 6.0  # bits by which the best has to lead where somebody else would fit, too
_NEAR = """
WITH hit AS MATERIALIZED (
  SELECT asked.key, held.person_id FROM unnest(%s::bigint[]) AS asked (key)
  CROSS JOIN LATERAL (
    SELECT k.person_id FROM person_index_searchkey k WHERE k.key = asked.key ORDER BY k.person_id LIMIT 500
  ) held
), rare AS (SELECT key, 24 - log(2, count(*)) AS bits FROM hit GROUP BY key),
likely AS (
  SELECT hit.person_id, sum(rare.bits) AS weight FROM hit JOIN rare USING (key)
  WHERE hit.person_id <> %s GROUP BY hit.person_id ORDER BY weight DESC, hit.person_id LIMIT %s
)
SELECT entry.person_id, entry.said FROM likely JOIN person_index_entry entry USING (person_id)
ORDER BY likely.weight DESC, entry.person_id, entry.number
"""
LINKED_BY_MODEL = "LK"


@dataclass
class Attached:
    """What became of records the model was asked about."""

    linked: int = 0
    proposed: int = 0
    apart: int = 0

    def add(self, other: Attached) -> None:
        """Count another part with this one."""
        self.linked += other.linked
        self.proposed += other.proposed
        self.apart += other.apart


@dataclass(frozen=True)
class _Found:
    person_id: UUID
    judged: Judged


def _attach_by_model(
    record_ids: Collection[UUID],
    *,
    import_run: UUID | None,
    fresh: Collection[UUID] = (),
    by: Actor,
    at: datetime,
    run: LinkageRun | None = None,
) -> tuple[Attached, set[UUID]]:
    """Ask the model about records that no exact rule placed: each stays alone, is linked to the one person it is by the
    model and every rule of evidence, or becomes a question. `fresh` were stored in this transaction. Never where a person decided, never one whose entry
    somebody works with. Returns the counts and everybody touched."""
    scorer = read_weighing(model=scorer_in_use().model).scorer
    loose = _loose_links(list(record_ids))
    records = AgencyRecord.objects.filter(pk__in=record_ids).order_by("pk")
    linked = RecordLink.objects.filter(record_id__in=record_ids, separated_at__isnull=True)
    owners = dict(linked.values_list("record_id", "person_id"))
    barred = _barred_from(record_ids)
    counts, touched = Attached(), set[UUID]()
    for record in records:
        own = owners[record.pk]
        found = _judged_near(record, own, scorer, but=barred.get(record.pk, set()))
        best = found[0] if found else None
        is_alone = loose.get(record.pk) == own and own not in touched
        if best is not None and is_alone and _may_link(found, own):
            _move_by_model(record, own, best, import_run, record.pk in fresh, by, at)
            counts.linked += 1
            touched |= {own, best.person_id}
            continue
        asked = [_ask(own, each, at, run) for each in found[:3] if each.judged.outcome != APART]
        counts.proposed += sum(asked)
        counts.apart += not any(asked)
    return counts, touched


def _said(record: AgencyRecord) -> Said:
    return Said(
        record.given_name, "", record.family_name, record.birth_date, "" if record.sex == "U" else record.sex,
        record.address, record.postcode, record.nhs_number, record.upn,
    )  # fmt: skip


def _judged_near(record: AgencyRecord, own: UUID, scorer: Scorer, *, but: set[UUID]) -> list[_Found]:
    """Everybody near enough to be worth a look, the best first. Two identities that are never joined stand in each
    other's way: where both are near, neither is here, and nothing is ever near an entry that is closed."""
    said = _said(record)
    near: dict[UUID, list[Said]] = defaultdict(list)
    with connection.cursor() as cursor:
        keys = [key_number(key) for key in question_keys(said)]
        cursor.execute(_NEAR, [keys, own, _MOST])
        for person_id, text in cursor.fetchall():
            near[person_id].append(said_in(text))
    hidden = closed_among(near) | {each for pair in sealed_among([*near]) for each in pair} | but
    # Whose record is restricted takes nothing by the model: what looks like them is shielded, and their guardian asked.
    kept = Restriction.objects.filter(person_id__in=list(near), ended_at__isnull=True)
    hidden |= set(kept.values_list("person_id", flat=True))
    found = [
        _Found(person_id, judge([said], entries, scorer, twins=_has_twin(said, person_id, near)))
        for person_id, entries in near.items()
        if person_id not in hidden
    ]
    found = [each for each in found if each.judged.outcome != APART]
    return sorted(found, key=lambda each: (-each.judged.bits, each.person_id))


def _has_twin(said: Said, person_id: UUID, near: dict[UUID, list[Said]]) -> bool:
    """Whether somebody else near is of one birth with the record or with this person."""
    mine = [standard_of(said), *(standard_of(each) for each in near[person_id])]
    others = [standard_of(each) for other, entries in near.items() if other != person_id for each in entries]
    return any(is_twin_of(one, other) for other in others for one in mine)


def _may_link(found: list[_Found], own: UUID) -> bool:
    """Only the one person who fits by every rule, well before anybody else who might."""
    best = found[0].judged
    if best.outcome != LINKED:
        return False
    if any(best.bits - each.judged.bits < _RUNNER_UP for each in found[1:]):
        return False
    return not _are_kept_apart(own, found[0].person_id)


def _move_by_model(
    record: AgencyRecord, own: UUID, best: _Found, import_run: UUID | None, is_fresh: bool, by: Actor, at: datetime
) -> None:
    live = RecordLink.objects.get(record=record, separated_at__isnull=True)
    sentences = [each.sentence for each in best.judged.evidence if each.bits >= 1]
    reason = f"{'. '.join(sentences) or 'The details agree'}."[:300]
    link = {"rule": LINKED_BY_MODEL, "reason": reason, "match_weight": round(best.judged.bits)}
    asked = LinkProposal.objects.filter(Q(left_id=own) | Q(right_id=own)).exists()
    if is_fresh and not asked:  # made a moment ago in this transaction: nobody has seen the entry
        RecordLink.objects.filter(pk=live.pk).update(person_id=best.person_id, **link)
        _refresh_people([own, best.person_id])
        _forget(own)
        return
    live.separated_at, live.separated_by = at, by.account_id
    live.separation_reason = "The model found who this is."
    live.save(update_fields=["separated_at", "separated_by", "separation_reason"])
    RecordLink.objects.create(
        record=record, person_id=best.person_id, linked_at=at, linked_by=by.account_id, by_run=import_run, **link
    )
    _refresh_people([own, best.person_id])
    Person.objects.filter(pk=own).update(continued_by=best.person_id)
    _settle_proposals({own: best.person_id}, at=at)


def _forget(person_id: UUID) -> None:
    """An entry that was made for a record in this same transaction and is nobody's now; nothing points at it yet."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_person WHERE id = %s", [person_id])


def _ask(own: UUID, found: _Found, at: datetime, run: LinkageRun | None) -> bool:
    kind = "conflict" if set(found.judged.flags) - {"twins"} else "possible"
    reasons = found.judged.reasons or ("Somebody else fits nearly as well, or the records contradict each other",)
    return _propose(Asked(kind, own, found.person_id, found.judged, reasons=reasons), at=at, run=run) is not None


def _records_waiting(record_ids: Iterable[UUID]) -> list[UUID]:
    """Those of some records that stand alone by no decision: what the model is worth being asked about."""
    rows = RecordLink.objects.filter(record_id__in=list(record_ids), separated_at__isnull=True, rule="new")
    return list(rows.order_by("record_id").values_list("record_id", flat=True))
