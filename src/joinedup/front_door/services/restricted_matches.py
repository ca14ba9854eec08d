"""While a guardian of a restricted record is being asked: nothing closes; and what follows from the answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.notifications import owe_message
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import Referral
from joinedup.front_door.permissions import ANSWER_FOR_RECORD
from joinedup.front_door.queries.restricted_matches import is_being_checked
from joinedup.front_door.services.duty import _accept_pages
from joinedup.front_door.services.steps import _claim, _lock, _move, _write_transition
from joinedup.person_index.restricting import RP_7, RP_14
from joinedup.person_index.services import answer_restricted_match, name_party

if TYPE_CHECKING:
    from joinedup.organisations.models import Post
    from joinedup.person_index.models import RestrictedMatch

_TAKEN = "Taken over by a colleague."


def _refuse_while_checked(referral: Referral, by: Actor) -> None:
    """Nothing is decided, allocated or closed while a guardian has not answered (RP-7)."""
    if is_being_checked(by, referral):
        raise Refused(RP_7.sentence, rule=RP_7.code)


@service(ANSWER_FOR_RECORD, on="match")
def answer_guardian_match(
    *,
    match: RestrictedMatch,
    referral: Referral | None,
    answer: str,
    words: str,
    holder: Post | None = None,
    by: Actor,
    at: datetime,
) -> RestrictedMatch:
    """A guardian answers "proceed" or "I take it". Taken, the referral goes to somebody at the front door who may from
    now on see the record (RP-14), and leaves everybody else's lists. Its clocks run on."""
    if answer == "take" and referral is not None and holder is None:
        raise Refused(RP_14.sentence, rule=RP_14.code, field="holder")
    answered = answer_restricted_match(match=match, answer=answer, words=words, by=by, at=at)
    if answer == "take" and referral is not None and holder is not None:
        why = "takes over a referral"
        name_party(restriction=match.restriction, part="allowed", post=holder, reason=why, by=by, at=at)
        _take_over(referral, holder, by=by, at=at)
    return answered


def _take_over(referral: Referral, holder: Post, *, by: Actor, at: datetime) -> None:
    _lock(referral)
    _claim(referral)
    before = referral.held_by
    referral.held_by = holder
    state = State(referral.state)
    if state == State.RECEIVED:
        _move(referral, State.IN_TRIAGE, by=by, at=at, reason=_TAKEN)
    else:
        _write_transition(referral, state.value, state, by=by, at=at, reason=_TAKEN)
    referral.save(update_fields=["held_by", "state"])
    if state in UNDECIDED:
        _accept_pages(referral, by=by, at=at)
    if before is not None and before.pk != holder.pk:
        _write(before, referral, f"{referral.reference} has been taken over by a colleague", "You need do nothing more "
               "with this referral. It has left your list.", at)  # fmt: skip
    _write(holder, referral, f"{referral.reference} is yours now", "A referral was handed to you. Its clocks run on. "
           "Sign in to Joinedup and open “Mine”.", at)  # fmt: skip
    note(changed=("held_by",))


def _write(post: Post, referral: Referral, subject: str, body: str, at: datetime) -> None:
    about = ("person_index.restrictedmatch", str(referral.pk))  # kept apart: nobody else reads who took what over
    owe_message(to=post.account.email, subject=subject, body=body, about=about, at=at)
