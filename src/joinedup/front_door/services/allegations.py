"""Allegations against people who work with children: the designated officer's queue and nobody else's (FD-90)."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.front_door.codes import ALLEGATION_LABELS, AllegationState
from joinedup.front_door.models import Contact, StaffAllegation
from joinedup.front_door.permissions import CLOSE_ALLEGATION, TAKE_ALLEGATION
from joinedup.front_door.rules import ALLEGATION_TAKEN
from joinedup.front_door.services.steps import _lock, _said
from joinedup.front_door.settings import ALLEGATION_CLOCK, decide_by, due_after
from joinedup.organisations.queries import posts_with_role


@service(TAKE_ALLEGATION, on="allegation")
def take_allegation(*, allegation: StaffAllegation, by: Actor, at: datetime) -> StaffAllegation:
    """The designated officer takes it up. Refuses when it was taken already."""
    _require(_lock(allegation), AllegationState.RECEIVED)
    claim_version(allegation, allegation.version)
    allegation.state = AllegationState.TAKEN
    allegation.taken_at, allegation.taken_by = at, by.account_id
    allegation.save(update_fields=["state", "taken_at", "taken_by"])
    note(changed=("state",))
    return allegation


@service(CLOSE_ALLEGATION, on="allegation")
def close_allegation(*, allegation: StaffAllegation, reason: str, by: Actor, at: datetime) -> StaffAllegation:
    """Close it with the reason."""
    _require(_lock(allegation), AllegationState.RECEIVED, AllegationState.TAKEN)
    allegation.closing_reason = _said(reason)
    claim_version(allegation, allegation.version)
    allegation.state, allegation.closed_at = AllegationState.CLOSED, at
    allegation.save(update_fields=["state", "closed_at", "closing_reason"])
    note(changed=("state",))
    return allegation


def _require(allegation: StaffAllegation, *states: AllegationState) -> None:
    state = AllegationState(allegation.state)
    if state not in states:
        raise ALLEGATION_TAKEN.refused(state=ALLEGATION_LABELS[state].lower())


def _set_apart(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Put a contact about a member of staff into the designated officer's queue, with a message that says nothing of
    it. No referral, no link to a person and no event in a child's chronology comes of it."""
    due = decide_by(at, "red") if contact.is_immediate_danger else due_after(at, ALLEGATION_CLOCK)
    allegation = StaffAllegation.objects.create(contact=contact, received_at=at, acknowledge_by=due)
    for post in posts_with_role(by, Role.DESIGNATED_OFFICER):
        owe_message(
            to=post.account.email,
            subject=f"A new contact for the designated officer: {contact.reference}",
            body="A contact has arrived in your queue. Sign in to Joinedup to read it.",
            about=(StaffAllegation._meta.label_lower, str(allegation.pk)),
            at=at,
        )
