"""Withdrawing a sealed file that should never have been made: one person named in it asks, with the reason, another agrees.

From then on the two are two ordinary people, who may be linked like any others. Nothing is linked by it.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from itertools import product
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.person_index.models import SealedFile, SealedMark
from joinedup.person_index.permissions import WITHDRAW_SEALED
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.rules import Rule
from joinedup.person_index.sealing import contents_of, mark_of_closed, mark_of_pair
from joinedup.person_index.services.asking import records_ever_of
from joinedup.person_index.services.facts import _lock_index

_SOURCE = "local: the partnership's linkage rules"
SF_9 = Rule("SF-9", "Say in a few words why the file should never have been made. It is kept with your name.", _SOURCE)
SF_10 = Rule(
    "SF-10", "You asked for it to be withdrawn, so somebody else who is named in the file has to agree.", _SOURCE
)
SF_11 = Rule("SF-11", "This file has been withdrawn already.", _SOURCE)


def _refused(rule: Rule, field: str = "") -> Refused:
    return Refused(rule.sentence, rule=rule.code, field=field)


@service(WITHDRAW_SEALED, on="file")
def withdraw_sealed_file(*, file: SealedFile, reason: str, by: Actor, at: datetime) -> SealedFile:
    """Ask for a file to be withdrawn, or agree where somebody else has asked. Raises Refused without a reason (SF-9), to
    whoever asked (SF-10), or where it is withdrawn (SF-11). The audit row names the file and nobody in it."""
    if len(reason.split()) < 3:
        raise _refused(SF_9, "reason")
    _lock_index(patience=5)
    row = SealedFile.objects.select_for_update().get(pk=file.pk)
    if row.withdrawn_at is not None:
        raise _refused(SF_11)
    if row.withdrawal_asked_by is None:
        row.withdrawal_asked_at, row.withdrawal_asked_by = at, by.account_id
        row.save(update_fields=["withdrawal_asked_at", "withdrawal_asked_by"])
        note(changed=("withdrawal_asked_at",), words={"reason": reason.strip()})
        return row
    if row.withdrawal_asked_by == by.account_id:
        raise _refused(SF_10)
    row.withdrawn_at, row.withdrawn_by = at, by.account_id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _replace_marks(row)
    note(changed=("withdrawn_at",), words={"reason": reason.strip()})
    return row


def _replace_marks(file: SealedFile) -> None:
    """The marks of this file that no other file needs go; as many decoys come, so that their number tells nothing."""
    needed = {mark for each in SealedFile.objects.filter(withdrawn_at__isnull=True) for mark in _marks_of(each)}
    gone = SealedMark.objects.filter(mark__in=_marks_of(file) - needed)
    number = gone.count()
    gone.delete()
    SealedMark.objects.bulk_create([SealedMark(mark=secrets.token_bytes(32)) for _ in range(number)])


def _marks_of(file: SealedFile) -> set[bytes]:
    """Every mark that may have been written for a file, of whatever entries and records either side ever had."""
    said = contents_of(file)
    entries = [entries_of([UUID(said[side])]) for side in ("before", "after")]
    mine, theirs = ([*ids, *records_ever_of(ids)] for ids in entries)
    return {mark_of_pair(*pair) for pair in product(mine, theirs)} | {mark_of_closed(each) for each in entries[0]}
