"""Services that may be one: found, decided by people, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.directory import rules
from joinedup.directory.matching import pairs_of
from joinedup.directory.models import DuplicatePair, Entry
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.queries.duplicates import sides


@service(ASSURE_RECORDS)
def look_for_duplicates(*, by: Actor, at: datetime) -> int:
    """Compare every service with those it might be. What somebody decided stands and is not asked again; what nobody decided yet is
    worked out anew. Returns how many pairs wait for somebody."""
    decided = set(DuplicatePair.objects.exclude(state="suspected").values_list("first", "second"))
    found = [
        DuplicatePair(first_id=first.id, second_id=second.id, score=like.score, reasons=list(like.reasons), found_at=at)
        for first, second, like in pairs_of(sides())
        if (first.id, second.id) not in decided
    ]
    DuplicatePair.objects.filter(state="suspected").delete()
    DuplicatePair.objects.bulk_create(found, batch_size=1000)
    note(words={"suspected": len(found)})
    return len(found)


@service(ASSURE_RECORDS, on="pair")
def decide_same(*, pair: DuplicatePair, kept: Entry, by: Actor, at: datetime) -> DuplicatePair:
    """The two are one service: one is kept, the other disappears from the feed and from searches, and its address leads to the one
    that is kept. Raises Refused (DR-602, DR-603)."""
    _claimed(pair)
    other = _other(pair, kept)
    if kept.approved_id is None and other.approved_id is not None:
        raise rules.KEPT_NOT_PUBLIC.refused()
    claim_version(other, other.version)
    claim_version(kept, kept.version)
    other.same_as, other.changed_at, kept.changed_at = kept, at, at
    other.save(update_fields=["same_as", "changed_at"])
    kept.save(update_fields=["changed_at"])
    return _decided(pair, "same", kept, by, at)


@service(ASSURE_RECORDS, on="pair")
def decide_different(*, pair: DuplicatePair, by: Actor, at: datetime) -> DuplicatePair:
    """The two are two services; nobody is asked again. Raises Refused (DR-602)."""
    _claimed(pair)
    return _decided(pair, "different", None, by, at)


@service(ASSURE_RECORDS, on="pair")
def undo_duplicate(*, pair: DuplicatePair, by: Actor, at: datetime) -> DuplicatePair:
    """Take a decision back: the pair waits again, and what had disappeared is there again. Raises Refused (DR-604)."""
    claim_version(pair, pair.version)
    if pair.state == "suspected":
        raise rules.NOTHING_DECIDED.refused()
    if pair.kept is not None:
        other = _other(pair, pair.kept)
        claim_version(other, other.version)
        other.same_as, other.changed_at = None, at
        other.save(update_fields=["same_as", "changed_at"])
    return _decided(pair, "suspected", None, by, at)


def _claimed(pair: DuplicatePair) -> None:
    claim_version(pair, pair.version)
    gone: Sequence[object] = (pair.first.same_as_id, pair.second.same_as_id)
    if pair.state != "suspected" or any(gone):
        raise rules.PAIR_DECIDED.refused()


def _other(pair: DuplicatePair, kept: Entry) -> Entry:
    if kept.pk not in {pair.first_id, pair.second_id}:
        raise rules.NOT_OF_PAIR.refused()
    return pair.second if kept.pk == pair.first_id else pair.first


def _decided(pair: DuplicatePair, state: str, kept: Entry | None, by: Actor, at: datetime) -> DuplicatePair:
    pair.state, pair.kept = state, kept
    pair.decided_at, pair.decided_by = (None, None) if state == "suspected" else (at, by.account_id)
    pair.save(update_fields=["state", "kept", "decided_at", "decided_by"])
    note(subject=pair, changed=("state", "kept"), words={"decided": state})
    return pair
