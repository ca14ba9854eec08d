"""What gives much power takes two people: one proposes, another, who gains nothing by it, agrees. Both sides are told.

A powerful post is carried out by `organisations` when it is agreed to; a key is collected by whoever proposed it, so
that the person who agreed never sees its text; a reset is carried out here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.models import Account, ApiKey, Approval
from joinedup.access.permissions import APPROVE, ISSUE_API_KEY, PROPOSE, PROPOSE_RESET, WITHDRAW_PROPOSAL
from joinedup.access.services.sign_in import _reset_sign_in
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message

GOOD_FOR = timedelta(days=14)
LONGEST_KEY = timedelta(days=366)


@service(PROPOSE_RESET, on="account")
def propose_reset(*, account: Account, reason: str, by: Actor, at: datetime) -> Approval:
    """Propose that somebody's second factor and single sign-on identity are forgotten, because a phone is lost. The
    holder is told at once: somebody who wants to take over an account asks for exactly this."""
    if account.pk == by.account_id:
        raise Refused("Somebody else has to propose this for you.", rule="AC-21")
    proposed = _propose(
        "reset", account, {}, f"Put the sign-in of {account.name} back to its start", reason=reason, by=by, at=at
    )
    owe_message(
        to=account.email,
        subject="Somebody asked to put your Joinedup sign-in back to its start",
        body="It happens when a second person agrees. If you did not ask for it, tell whoever looks after information "
        "governance at once.",
        about=("access.account", str(account.pk)),
        at=at,
    )
    return proposed


@service(PROPOSE)
def propose(*, kind: str, account: Account, payload: dict[str, Any], summary: str, by: Actor, at: datetime) -> Approval:
    """Propose something that another part carries out once it is agreed to."""
    return _propose(kind, account, payload, summary, reason="", by=by, at=at)


@service(APPROVE, on="approval")
def agree_to_proposal(*, approval: Approval, by: Actor, at: datetime) -> Approval:
    """Agree to what another part then carries out, in the same transaction."""
    return _decide(approval, "approved", "", by=by, at=at)


@service(ISSUE_API_KEY, on="account")
def propose_key(*, account: Account, label: str, expires_at: datetime, by: Actor, at: datetime) -> Approval:
    """Propose a key for a partner's system; it is issued when somebody else has agreed."""
    if expires_at <= at or expires_at - at > LONGEST_KEY:
        raise Refused("A key lasts at most one year from today.", rule="AC-3", field="expires_at")
    facts = {"label": label, "expires_at": expires_at.isoformat()}
    summary = f"A key for {label} that acts for {account.name}, until {expires_at:%-d %B %Y}"
    return _propose("key", account, facts, summary, reason="", by=by, at=at)


@service(ISSUE_API_KEY, on="key")
def propose_to_keep(*, key: ApiKey, by: Actor, at: datetime) -> Approval:
    """Propose that a key from before two people had to agree goes on; it does meanwhile, and is listed until somebody
    else agrees or it is revoked."""
    _refuse_ended(key, at)
    if key.approval_id is not None:
        raise Refused("A second person has agreed to that key already.", rule="AC-23")
    summary = f"The key for {key.label} that acts for {key.account.name}, issued {key.issued_at:%-d %B %Y}, goes on"
    return _propose("keep_key", key.account, {"key_id": str(key.pk)}, summary, reason="", by=by, at=at)


@service(APPROVE, on="approval")
def approve_proposal(*, approval: Approval, by: Actor, at: datetime) -> Approval:
    """Agree to a key or a reset. Appointments are agreed to in `organisations`, which makes the post."""
    if approval.kind not in {"key", "keep_key", "reset"}:
        raise Refused("That is agreed to on its own page.", rule="AC-23")
    _decide(approval, "approved", "", by=by, at=at)
    if approval.kind == "reset":
        _reset_sign_in(approval.account, at=at)
    elif approval.kind == "keep_key":
        key = ApiKey.objects.select_for_update().get(pk=approval.payload["key_id"])
        _refuse_ended(key, at)
        key.approval = approval
        key.save(update_fields=["approval"])
    return approval


@service(APPROVE, on="approval")
def refuse_proposal(*, approval: Approval, reason: str, by: Actor, at: datetime) -> Approval:
    """Say no to what somebody proposed."""
    return _decide(approval, "refused", reason, by=by, at=at)


@service(WITHDRAW_PROPOSAL, on="approval")
def withdraw_proposal(*, approval: Approval, by: Actor, at: datetime) -> Approval:
    """Take back what one proposed oneself."""
    _lock_waiting(approval, at=at, may_be_old=True)
    approval.outcome, approval.decided_by_id, approval.decided_at = "withdrawn", by.account_id, at
    approval.save(update_fields=["outcome", "decided_by", "decided_at"])
    note(changed=("outcome",))
    return approval


# --- Steps, called only inside guarded services of this part and of `organisations`.


def _propose(
    kind: str, account: Account, payload: dict[str, Any], summary: str, *, reason: str, by: Actor, at: datetime
) -> Approval:
    if by.account_id is None:
        raise Refused("A proposal is somebody's: sign in to make it.", rule="AC-22")
    waiting = Approval.objects.filter(kind=kind, account=account, outcome="", summary=summary[:400])
    if waiting.filter(proposed_at__gt=at - GOOD_FOR).exists():
        raise Refused("That is proposed already and waits for a second person.", rule="AC-22")
    proposed = Approval.objects.create(
        kind=kind,
        account=account,
        payload=payload,
        summary=summary[:400],
        reason=reason[:300],
        proposed_by_id=by.account_id,
        proposed_at=at,
    )
    note(subject=proposed, changed=("kind",), words={"summary": proposed.summary})
    return proposed


def _decide(approval: Approval, outcome: str, reason: str, *, by: Actor, at: datetime) -> Approval:
    _lock_waiting(approval, at=at, may_be_old=outcome == "refused")
    if by.account_id is None or by.account_id in {approval.proposed_by_id, approval.account_id}:
        raise Refused("A second person decides this: not who proposed it, and not whose access it is.", rule="AC-21")
    claim_version(approval, approval.version)
    approval.outcome, approval.decided_by_id, approval.decided_at = outcome, by.account_id, at
    approval.decision_reason = reason[:300]
    approval.save(update_fields=["outcome", "decided_by", "decided_at", "decision_reason"])
    note(changed=("outcome",), words={"summary": approval.summary, "proposed_by": str(approval.proposed_by_id)})
    _tell_both(approval, outcome, by, at)
    return approval


def _lock_waiting(approval: Approval, *, at: datetime, may_be_old: bool) -> None:
    approval.refresh_from_db(from_queryset=Approval.objects.select_for_update(of=("self",)))
    if approval.outcome:
        raise Refused("That has been decided already.", rule="AC-23")
    if not may_be_old and at - approval.proposed_at > GOOD_FOR:
        raise Refused("That was proposed more than two weeks ago. Somebody has to propose it again.", rule="AC-23")


def _tell_both(approval: Approval, outcome: str, by: Actor, at: datetime) -> None:
    """Who proposed it and whose access it is hear of it from the program itself."""
    word = "agreed to" if outcome == "approved" else "refused"
    for person in {approval.proposed_by, approval.account}:
        owe_message(
            to=person.email,
            subject=f"A proposal was {word}",
            body=f"{approval.summary}.\n\n{by.name} {word} it; {approval.proposed_by.name} had proposed it. If you did "
            "not expect this, tell whoever looks after information governance at once.",
            about=("access.approval", str(approval.pk)),
            at=at,
        )


def _refuse_ended(key: ApiKey, at: datetime) -> None:
    if key.revoked_at is not None or key.expires_at <= at:
        raise Refused("That key has ended already.", rule="AC-8")


def _key_to_collect(approval_id: UUID, *, by: Actor, at: datetime) -> Approval:
    """The agreed proposal of a key that this person made and has not collected."""
    found = Approval.objects.select_for_update().filter(pk=approval_id, kind="key", proposed_by=by.account_id).first()
    if found is None or found.outcome != "approved" or found.used_at is not None:
        raise Refused("A second person has to agree to a key before it is issued, and it is shown once.", rule="AC-24")
    if found.decided_at is None or at - found.decided_at > GOOD_FOR:
        raise Refused("That was agreed to more than two weeks ago. Propose it again.", rule="AC-23")
    found.used_at = at
    found.save(update_fields=["used_at"])
    return found
