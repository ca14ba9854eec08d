"""Destroying the words of a closed case when the time for keeping them is over, and holding them past it. What happened, when
and by whom stays: codes, numbers, dates and ids."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.permissions import REDACT_AUDIT
from joinedup.casework import rules
from joinedup.casework.codes import HOLDS
from joinedup.casework.models import Case, CaseNote, WordsDestroyed, WordsHold
from joinedup.casework.permissions import DESTROY_WORDS, HOLD_WORDS
from joinedup.casework.queries.keeping import CASE, waits_of
from joinedup.casework.reviewing import months_after, years_after
from joinedup.casework.services.steps import lock
from joinedup.casework.settings import hold_review_months, keep_words_years
from joinedup.chronology import services as chronology
from joinedup.core import keeping
from joinedup.core.models import claim_version


@service(DESTROY_WORDS, on="case")
def destroy_words(*, case: Case, reason: str, by: Actor, at: datetime) -> int:
    """Destroy the words of a case that closed long enough ago, all of them in one transaction: in every table that parts have
    listed (`core.keeping`), in the chronology of the family up to the day it closed, in messages, begun forms and the words of
    the trail, whose chain still verifies. Returns how many rows lost their words. Refuses (CW-425) before its time, and (CW-431)
    while something holds them, somebody in it is in an open case, or anything in it is still to be answered."""
    lock(case)
    if not reason.strip():
        raise rules.DESTROYING_SAID.refused()
    years = keep_words_years(timezone.localdate(at))
    if case.closed_at is None or years_after(case.closed_at, years) > at:
        raise rules.KEPT_LONG_ENOUGH.refused(years=years)
    waits = waits_of([case.pk], at)[case.pk]
    if waits:
        raise rules.WORDS_WAIT.refused(why=waits[0])
    counts = _destroy(case, case.closed_at, by=by, at=at, reason=reason.strip())
    gone = sum(counts.values())
    WordsDestroyed.objects.create(
        case=case, at=at, by=by.account_id, reason=reason.strip()[:300], years=years, counts=counts
    )
    note(changed=("words",), words={"rows": gone, "reason": reason.strip()[:300]})
    return gone


def _destroy(case: Case, closed_at: datetime, *, by: Actor, at: datetime, reason: str) -> dict[str, int]:
    roots = keeping.roots_of(CASE, [case.pk])
    known = [(kind, ids) for kind, ids in keeping.ids_of(roots) if ids]
    counts: dict[str, int] = {}
    for each in keeping.holdings():
        gone = each.destroy(roots)
        if gone:
            counts[each.name] = counts.get(each.name, 0) + gone
    CaseNote.objects.filter(case=case, destroyed_at__isnull=True).update(destroyed_at=at)
    counts["chronology"] = chronology.destroy_words_of_family(case.family_id, until=closed_at, at=at)
    counts |= keeping.destroy_beside([key for _, ids in known for key in ids])
    counts["trail"] = audit.redact_words_about(known, action=REDACT_AUDIT.name, by=by, at=at, reason=reason)
    return {name: n for name, n in counts.items() if n}


@service(HOLD_WORDS, on="case")
def hold_words(*, case: Case, kind: str, reason: str, review_on: date, by: Actor, at: datetime) -> WordsHold:
    """Keep the words of a case past their time, and say by when that is looked at again (CW-432, CW-433)."""
    lock(case)
    if kind not in HOLDS or not reason.strip():
        raise rules.HOLD_SAID.refused()
    on = timezone.localdate(at)
    months = hold_review_months(on)
    if not on < review_on <= months_after(on, months):
        raise rules.HOLD_REVIEWED.refused(months=months)
    if WordsHold.objects.filter(case=case, kind=kind, ended_at__isnull=True).exists():
        raise rules.HELD_ALREADY.refused()
    held = WordsHold.objects.create(
        case=case, kind=kind, reason=reason.strip()[:300], review_on=review_on, set_at=at, set_by=by.account_id
    )
    note(changed=("hold",), words={"kind": kind, "reason": held.reason}, subject=held)
    return held


@service(HOLD_WORDS, on="hold")
def review_hold(
    *, hold: WordsHold, reason: str, review_on: date | None, version: int, by: Actor, at: datetime
) -> WordsHold:
    """Look at a hold again: it goes on until another day, or, without one, it ends. Either says why."""
    lock(hold)
    if not reason.strip() or hold.ended_at is not None:
        raise rules.HOLD_SAID.refused()
    on = timezone.localdate(at)
    months = hold_review_months(on)
    if review_on is not None and not on < review_on <= months_after(on, months):
        raise rules.HOLD_REVIEWED.refused(months=months)
    claim_version(hold, version)
    if review_on is None:
        hold.ended_at, hold.ended_by, hold.ended_reason = at, by.account_id, reason.strip()[:300]
    else:
        hold.review_on, hold.reason = review_on, reason.strip()[:300]
    hold.save(update_fields=["ended_at", "ended_by", "ended_reason", "review_on", "reason"])
    note(changed=("hold",), words={"reason": reason.strip()[:300]}, subject=hold)
    return hold
