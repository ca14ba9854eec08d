"""The duty to tell the referrer: what they may be told, by a way that is safe, within its own clock."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.models import Referral, ReferrerReply
from joinedup.front_door.permissions import TELL_REFERRER


@service(TELL_REFERRER, on="referral")
def tell_referrer(*, referral: Referral, how: str, text: str, by: Actor, at: datetime) -> ReferrerReply:
    """Tell the referrer. `how` is one of codes.WAYS_TO_TELL; an e-mail goes to the outbox in the same transaction, to
    the safe address only where the family asked for help themselves. An empty `text` sends the suggested words."""
    raise NotImplementedError
