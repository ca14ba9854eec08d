"""Handing level 4 to the council's statutory system, with a receipt, and reading back what became of it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.formats import date_time
from joinedup.core.models import claim_version, new_reference
from joinedup.core.notifications import owe_message
from joinedup.front_door import rules
from joinedup.front_door.codes import HANDOVER_LABELS, HandoverStatus, Outcome
from joinedup.front_door.events import HANDOVER_UPDATED, REFERRAL_HANDED_OVER
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Handover, Referral
from joinedup.front_door.permissions import HAND_OVER, UPDATE_HANDOVER
from joinedup.front_door.queries.export import handover_content
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _require
from joinedup.organisations.queries import posts_with_role

_WORKED_ON = frozenset({HandoverStatus.OPEN, HandoverStatus.ASSESSMENT, HandoverStatus.PLAN})


@service(HAND_OVER, on="referral")
def hand_over(*, referral: Referral, by: Actor, at: datetime) -> Handover:
    """Send a referral decided as statutory to the council's system; `content` is the export, `receipt` its number."""
    _lock(referral)
    before = Handover.objects.filter(referral=referral).first()
    if before is not None:
        raise rules.HANDED_OVER_ALREADY.refused(receipt=before.receipt)
    _require(referral, State.DECIDED)
    if referral.outcome != Outcome.STATUTORY:
        raise rules.ONLY_STATUTORY.refused()
    _claim(referral)
    receipt = new_reference("H")
    _move(referral, State.HANDED_OVER, by=by, at=at, reason=f"Receipt {receipt}")
    referral.save(update_fields=["state"])
    handover = Handover.objects.create(
        referral=referral,
        receipt=receipt,
        sent_at=at,
        sent_by=by.account_id,
        content=handover_content(referral, receipt, sent_at=at, sent_by=by.name),
    )
    for post in posts_with_role(by, Role.STATUTORY_OFFICER):
        owe_message(
            to=post.account.email,
            subject=f"Hand-over {receipt}",
            body=f"The front door handed over {referral.reference} on {date_time(at)}. Sign in to Joinedup to receive it.",
            about=(Handover._meta.label_lower, str(handover.pk)),
            at=at,
        )
    _chronicle(REFERRAL_HANDED_OVER, referral, by=by, at=at, words={"receipt": receipt})
    note(changed=("state",), words={"receipt": receipt}, subject=handover)
    return handover


@service(UPDATE_HANDOVER, on="handover")
def receive_handover(
    *, handover: Handover, worker: str = "", statutory_reference: str = "", by: Actor, at: datetime
) -> Handover:
    """The statutory service confirms that it has it."""
    _lock(handover)
    if handover.received_at is not None:
        raise rules.ANSWERED_ALREADY.refused()
    _report(handover, HandoverStatus.RECEIVED, worker, statutory_reference, None, "", by=by, at=at)
    return handover


@service(UPDATE_HANDOVER, on="handover")
def update_handover(
    *,
    handover: Handover,
    status: HandoverStatus,
    worker: str,
    statutory_reference: str,
    next_date: date | None,
    next_date_means: str,
    by: Actor,
    at: datetime,
) -> Handover:
    """Read back the status, the worker and the next date; shown on the referral and in the family's chronology."""
    _lock(handover)
    _report(handover, status, worker, statutory_reference, next_date, next_date_means, by=by, at=at)
    return handover


def _report(
    handover: Handover,
    status: HandoverStatus,
    worker: str,
    statutory_reference: str,
    next_date: date | None,
    next_date_means: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    if not rules.may_report(handover.status, status):
        start, end = HANDOVER_LABELS[HandoverStatus(handover.status)], HANDOVER_LABELS[status]
        raise rules.STATUS_MOVES_ON.refused(start=start, end=end)
    if next_date is not None and not next_date_means.strip():
        raise rules.DATE_HAS_MEANING.refused()
    worker = worker.strip() or handover.worker
    if status in _WORKED_ON and not worker:
        raise rules.WORKER_NAMED.refused()
    claim_version(handover, handover.version)
    handover.status, handover.worker = status, worker[:120]
    handover.statutory_reference = (statutory_reference.strip() or handover.statutory_reference)[:40]
    handover.received_at = handover.received_at or at
    handover.updated_at = at
    handover.next_date, handover.next_date_means = next_date, next_date_means.strip()[:80]
    if status == HandoverStatus.CLOSED:
        handover.closed_on = timezone.localdate(at)
    handover.save()
    _chronicle(
        HANDOVER_UPDATED,
        handover.referral,
        by=by,
        at=at,
        code=status,
        words={"worker": handover.worker, "next_date": str(next_date or ""), "means": handover.next_date_means},
    )
    note(changed=("status", "worker", "next_date"))
