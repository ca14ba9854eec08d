"""Disputed balances: begun by a signature, answered, taken to the next step, settled by a decision; and what of them stops a
year from closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import new_reference
from joinedup.engines.periods import add_working_days
from joinedup.funds import rules
from joinedup.funds.models import BalanceSignature, Dispute, DisputeMove, Fund
from joinedup.funds.permissions import ANSWER_DISPUTE, SETTLE_DISPUTE
from joinedup.funds.queries.disputes import answers_for_another, open_disputes, undisclosed
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.settings import dispute_answer_days, dispute_steps, may_close_disputed
from joinedup.funds.settling import step_ends_on, steps_of


def _follow_signature(signature: BalanceSignature, *, by: Actor, at: datetime) -> Dispute | None:
    """What a signature means for a dispute: disputed, it begins one or says more in the one that is open; agreed, it ends
    it."""
    open_one = Dispute.objects.filter(
        fund=signature.fund, partner=signature.partner, year=signature.year, quarter=signature.quarter, settled_at=None
    ).first()
    if signature.decision == "agreed":
        if open_one is not None:
            _settle(open_one, "The partner has agreed the balances.", by=by, at=at)
        return open_one
    named = {code: (code, words, pence) for code, words, pence in signature.statement["lines"]}
    lines = [list(named[code]) for code in signature.disputed]
    if open_one is None:
        open_one = _begin(signature, lines, at)
    else:
        open_one.lines, open_one.words, open_one.signature = lines, signature.words, signature
        open_one.save(update_fields=["lines", "words", "signature"])
    _moved(open_one, "raised", signature.words, by=by, at=at)
    return open_one


def _begin(signature: BalanceSignature, lines: Sequence[object], at: datetime) -> Dispute:
    today = timezone.localdate(at)
    steps = dispute_steps(today)
    return Dispute.objects.create(
        fund=signature.fund, partner=signature.partner, signature=signature, reference=new_reference("DI"),
        year=signature.year, quarter=signature.quarter, lines=lines, words=signature.words,
        steps=[[each.code, each.name, each.days] for each in steps], step_ends_on=step_ends_on(today, steps[0]),
        answer_by=add_working_days(today, dispute_answer_days(today)), raised_at=at, raised_by=signature.signed_by,
    )  # fmt: skip


def _moved(dispute: Dispute, kind: str, words: str, *, by: Actor, at: datetime) -> None:
    DisputeMove.objects.create(
        dispute=dispute, kind=kind, step=dispute.step, words=words, at=at, by=by.account_id,
        ends_on=None if kind == "settled" else dispute.step_ends_on,
    )  # fmt: skip


def _require_open(dispute: Dispute) -> None:
    """FU-360."""
    _lock(dispute)
    if not dispute.is_open:
        raise rules.DISPUTE_OPEN.refused()


@service(ANSWER_DISPUTE, on="dispute")
def answer_dispute(*, dispute: Dispute, words: str, by: Actor, at: datetime) -> Dispute:
    """Another partner answers. The step goes on: an answer settles nothing by itself. Raises Refused (FU-360, FU-361,
    FU-364)."""
    _require_open(dispute)
    if not answers_for_another(by, dispute):
        raise rules.NOT_OWN_ANSWER.refused()
    said = _said(words, rules.ANSWER_SAYS, 4000)
    if dispute.answered_at is None:
        dispute.answered_at = at
        dispute.save(update_fields=["answered_at"])
    _moved(dispute, "answered", said, by=by, at=at)
    note(changed=("dispute",), words={"reference": dispute.reference})
    return dispute


@service(SETTLE_DISPUTE, on="dispute")
def escalate_dispute(*, dispute: Dispute, words: str, by: Actor, at: datetime) -> Dispute:
    """Take a dispute to its next step, whose days begin now. Raises Refused (FU-119, FU-360, FU-362)."""
    _require_open(dispute)
    steps = steps_of(dispute.steps)
    if dispute.step + 1 >= len(steps):
        raise rules.LAST_STEP.refused()
    said = _said(words, rules.REASON_NEEDED, 4000)
    dispute.step += 1
    dispute.step_ends_on = step_ends_on(timezone.localdate(at), steps[dispute.step])
    dispute.save(update_fields=["step", "step_ends_on"])
    _moved(dispute, "escalated", said, by=by, at=at)
    note(changed=("step",), words={"reference": dispute.reference, "step": steps[dispute.step].code})
    return dispute


@service(SETTLE_DISPUTE, on="dispute")
def settle_dispute(*, dispute: Dispute, decision: str, by: Actor, at: datetime) -> Dispute:
    """Settle a dispute by a decision: what it is, whose and when. Money that follows is posted by its own service. Raises
    Refused (FU-360, FU-363)."""
    _require_open(dispute)
    _settle(dispute, _said(decision, rules.SETTLED_BY, 4000), by=by, at=at)
    note(changed=("dispute",), words={"reference": dispute.reference})
    return dispute


def _settle(dispute: Dispute, decision: str, *, by: Actor, at: datetime) -> None:
    dispute.settled_at, dispute.settled_by, dispute.decision = at, by.account_id, decision
    dispute.save(update_fields=["settled_at", "settled_by", "decision"])
    _moved(dispute, "settled", decision, by=by, at=at)


def _require_closable(fund: Fund, year: int, on: date) -> None:
    """FU-365: a year closes with a dispute that its annual return names, or with none, as the partnership has set it."""
    if may_close_disputed(on):
        why = [
            f"the dispute of {name} is not disclosed in the annual return. Freeze the return again, and it is"
            for name in undisclosed(fund, year)
        ]
    else:
        why = [f"the dispute of {each.partner.organisation.name} is not settled" for each in open_disputes(fund, year)]
    if why:
        raise rules.DISPUTE_STOPS_CLOSING.refused(why="; ".join(why))
