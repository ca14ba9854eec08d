"""Taking a contact in: one door for a professional's form, a phone call, a partner's system and the public page."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import service
from joinedup.front_door.intake import NewContact
from joinedup.front_door.models import Contact
from joinedup.front_door.permissions import ASK_FOR_HELP, SUBMIT_REFERRAL


@service(SUBMIT_REFERRAL)
def submit_referral(*, contact: NewContact, by: Actor, at: datetime) -> Contact:
    """Take a professional's contact: their own form, a call the front door writes down, or a partner's system.

    Nothing is looked up, so neither the answer nor its time says whether anybody is known. The same idempotency key
    from the same post returns the contact it made before. Refuses with `extra["faults"]`, a list of
    `{field, sentence, rule}`, when `intake.faults` finds any.
    """
    raise NotImplementedError


@service(ASK_FOR_HELP)
def ask_for_help(*, contact: NewContact, by: Actor, at: datetime) -> Contact:
    """Take what a parent, a young person or a neighbour wrote on the public page. As `submit_referral` otherwise."""
    raise NotImplementedError
