"""The duty to tell the referrer: what they may be told, by a way that is safe, within its own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import OutboxMessage, claim_version
from joinedup.core.notifications import owe_message
from joinedup.front_door import rules
from joinedup.front_door.codes import SAFE_WAYS, Channel, MayBeTold
from joinedup.front_door.events import REFERRER_NOT_TOLD, REFERRER_TOLD
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import Decision, Referral, ReferralPerson, ReferrerReply
from joinedup.front_door.permissions import TELL_REFERRER
from joinedup.front_door.queries.replies import can_be_reached, reach_now, reach_of, suggested_words
from joinedup.front_door.services.steps import _chronicle, _lock, _said
from joinedup.front_door.settings import REPLY_CLOCK, due_after
from joinedup.front_door.telling import Reach, address_for, names_said, receipt_words, ways_to_tell, what_may_be_told


@service(TELL_REFERRER, on="referral")
def tell_referrer(*, referral: Referral, how: str, text: str, by: Actor, at: datetime) -> ReferrerReply:
    """Tell the referrer. `how` is one of codes.WAYS_TO_TELL; an e-mail goes to the outbox in the same transaction, to
    the safe address only where the family asked for help themselves. An empty `text` sends the suggested words."""
    _lock(referral)
    reply = ReferrerReply.objects.select_for_update().filter(referral=referral).first()
    if reply is not None and reply.may_be_told == MayBeTold.NOTHING:
        raise rules.NOTHING_OWED.refused(reason=reply.why_nothing)
    if reply is not None and reply.told_at is not None:
        raise (rules.TOLD_ALREADY if reply.may_be_told == MayBeTold.DECISION else rules.RECEIPT_ONLY).refused()
    if reply is None or State(referral.state) in UNDECIDED:
        raise rules.NOTHING_TO_TELL_YET.refused()
    reach = reach_now(referral)
    _refuse_unsafe_way(how, reach)
    claim_version(reply, reply.version)
    subject, suggested = suggested_words(referral, _agency_of(referral))
    reply.subject, reply.text = subject, text.strip() or suggested
    if how == "email" and reply.text != suggested:
        _refuse_named_child(referral, reply.text)
    reply.message = _write(referral, reach, reply, at) if how == "email" else None
    reply.told_at, reply.told_by, reply.how = at, by.account_id, how
    reply.save()
    _chronicle(REFERRER_TOLD, referral, by=by, at=at, code=how)
    note(changed=("told_at",), words={"text": reply.text})
    return reply


@service(TELL_REFERRER, on="referral")
def excuse_reply(*, referral: Referral, reason: str, by: Actor, at: datetime) -> ReferrerReply:
    """Settle what is owed to a referrer who cannot be told, with the reason (they moved, or asked us not to contact
    them since). A later decision owes an answer anew."""
    _lock(referral)
    reply = ReferrerReply.objects.select_for_update().filter(referral=referral).first()
    if reply is None or State(referral.state) in UNDECIDED:
        raise rules.NOTHING_TO_TELL_YET.refused()
    if reply.told_at is not None:
        raise rules.TOLD_ALREADY.refused()
    if reply.may_be_told == MayBeTold.NOTHING:
        raise rules.NOTHING_OWED.refused(reason=reply.why_nothing)
    why = _said(reason, rules.WHY_NOT_TOLD)
    claim_version(reply, reply.version)
    reply.may_be_told, reply.why_nothing = MayBeTold.NOTHING, why[:300]
    reply.save()
    _chronicle(REFERRER_NOT_TOLD, referral, by=by, at=at, words={"reason": why})
    note(changed=("why_nothing",), words={"reason": why})
    return reply


def _refuse_named_child(referral: Referral, text: str) -> None:
    """An e-mail may be read by anybody in the house (FD-58)."""
    children = ReferralPerson.objects.filter(referral=referral, part="child").select_related("contact_person", "person")
    names = [name for each in children for who in (each.contact_person, each.person) if who for name in _names_of(who)]
    said = names_said(text, names)
    if said:
        raise rules.NAMES_NO_CHILD.refused(name=said[0])


def _names_of(who: Any) -> tuple[str, ...]:
    return who.given_name.strip(), f"{who.given_name} {who.family_name}".strip()


def _agency_of(referral: Referral) -> str:
    decided = Decision.objects.filter(referral=referral, decided_at__isnull=False, agency__isnull=False)
    newest = decided.select_related("agency").order_by("-decided_at").first()
    return newest.agency.name if newest and newest.agency else ""


def _refuse_unsafe_way(how: str, reach: Reach) -> None:
    ways = ways_to_tell(reach)
    if how not in ways:
        if reach.safe_how and reach.kind != "professional":
            raise rules.SAFE_WAY_ONLY.refused(way=_WAYS[reach.safe_how])
        raise (rules.NO_ADDRESS if how == "email" else rules.CODE_KNOWN).refused("how")
    if how == "email" and not address_for(reach):
        raise rules.NO_ADDRESS.refused()


_WAYS = {way: f"by {label.lower()}" for way, label in SAFE_WAYS.items()} | {
    "in_person": "in person",
    "through": "through somebody they trust",
    "none": "by nobody",
}


def _write(referral: Referral, reach: Reach, reply: ReferrerReply, at: datetime) -> OutboxMessage:
    return owe_message(
        to=address_for(reach),
        subject=reply.subject,
        body=reply.text,
        about=(Referral._meta.label_lower, str(referral.pk)),
        at=at,
    )


def _acknowledge_receipt(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Discharge at once what is owed to those who may be told only that we have it: they have just been told, on the
    page or on the phone, and by e-mail where that is safe. Who cannot be reached is owed nothing, with the reason."""
    contact = referral.contact
    reach = reach_of(contact)
    may, sentence = what_may_be_told(reach.kind, can_be_reached=can_be_reached(reach))
    if may == MayBeTold.DECISION:
        return
    reply = ReferrerReply(referral=referral, may_be_told=may, due_by=at)
    if may == MayBeTold.NOTHING:
        reply.why_nothing = sentence
    else:
        reply.subject, reply.text = receipt_words(referral.reference, referral.received_at)
        reply.told_at, reply.told_by = at, by.account_id
        reply.how = "phone" if contact.channel == Channel.PHONE else "on_screen"
        if "email" in ways_to_tell(reach) and address_for(reach):
            reply.message = _write(referral, reach, reply, at)
    reply.save(force_insert=True)


def _owe_reply(referral: Referral, *, by: Actor, at: datetime) -> None:
    """From a decision on, the referrer is owed an answer within its own clock; what was told of an earlier decision is
    owed anew."""
    reach = reach_now(referral)
    may, _ = what_may_be_told(reach.kind, can_be_reached=can_be_reached(reach))
    if may != MayBeTold.DECISION:
        return
    reply = ReferrerReply.objects.select_for_update().filter(referral=referral).first()
    reply = reply or ReferrerReply(referral=referral, may_be_told=may)
    reply.due_by = due_after(at, REPLY_CLOCK)
    reply.told_at, reply.told_by, reply.how, reply.message = None, None, "", None
    reply.may_be_told, reply.why_nothing = may, ""
    if not ways_to_tell(reach):
        reply.may_be_told, reply.why_nothing = MayBeTold.NOTHING, "no safe way to reach them was given."
    reply.save()
