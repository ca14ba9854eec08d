"""What a viewer could do next with a referral, in the order it makes sense, and why not where it cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.front_door import permissions as may
from joinedup.front_door import rules
from joinedup.front_door.codes import MayBeTold, Outcome
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Decision, Referral, ReferrerReply
from joinedup.front_door.queries.records import Move

_TO_ACCEPT = ("accept_page", "Accept this red referral", may.ACCEPT_PAGE)


@dataclass(frozen=True)
class Situation:
    """What the moves depend on beside the referral itself."""

    page_waits: bool
    proposal: Decision | None
    reply: ReferrerReply | None
    has_unsearched: bool
    has_child: bool
    has_open_case: bool
    is_passed: bool


def moves_for(viewer: Actor, referral: Referral, now: Situation) -> tuple[Move, ...]:
    """The front door's moves; others answer notices and hand-overs from their own inboxes."""
    if not viewer.has_role(*FRONT_DOOR):
        return ()
    by_state = {
        State.RECEIVED: _when_received,
        State.IN_TRIAGE: _in_triage,
        State.PROPOSED: _when_proposed,
        State.DECIDED: _when_decided,
    }
    state = State(referral.state)
    found: list[Move] = []
    if now.page_waits:
        found.append(_move(viewer, *_TO_ACCEPT))
    if state in by_state:
        found += by_state[state](viewer, referral, now)
    return (*found, *_telling(viewer, referral, now))


def _move(viewer: Actor, code: str, label: str, permission: Permission, why_not: str = "") -> Move:
    if not can(viewer, permission):
        why_not = f"Only a {permission.who} may."
    return Move(code, label, not why_not, why_not)


def _when_received(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    yield _move(viewer, "take_referral", "Start triage", may.TAKE_REFERRAL)
    yield from _knowing_who(viewer, referral, now)
    yield _move(viewer, "rate_referral", "Rate the referral", may.RATE_REFERRAL)
    yield _move(viewer, "record_agreement", "Record what the family knows", may.RECORD_AGREEMENT)


def _in_triage(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    if not referral.rating:
        yield _move(viewer, "rate_referral", "Rate the referral", may.RATE_REFERRAL)
    yield from _knowing_who(viewer, referral, now)
    yield _move(viewer, "record_agreement", "Record what the family knows", may.RECORD_AGREEMENT)
    yield _move(viewer, "decide", "Decide", may.DECIDE)
    yield _move(viewer, "propose_decision", "Propose a decision", may.PROPOSE_DECISION)
    if referral.rating:
        yield _move(viewer, "rate_referral", "Change the rating", may.RATE_REFERRAL)
    if now.has_open_case and not now.is_passed:
        yield _move(viewer, "pass_to_case", "Pass to the open case", may.PASS_TO_CASE)
    if referral.held_by_id not in viewer.post_ids:
        yield _move(viewer, "take_referral", "Take it over", may.TAKE_REFERRAL, _held_by_another(viewer, referral))


def _held_by_another(viewer: Actor, referral: Referral) -> str:
    holder = referral.held_by
    if holder is None or not holder.is_held_at(viewer.at) or viewer.has_role(Role.FRONT_DOOR_MANAGER):
        return ""
    return rules.HELD_BY_ANOTHER.sentence.format(name=holder.account.name)


def _knowing_who(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    if now.has_unsearched:
        yield _move(viewer, "search_for", "Search for everybody named", may.SEARCH_FOR)
    if referral.family_id is None:
        why_not = "" if now.has_child else rules.NOBODY_IDENTIFIED.sentence
        yield _move(viewer, "choose_family", "Say which family it is", may.CHOOSE_FAMILY, why_not)


def _when_proposed(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    own = now.proposal is not None and now.proposal.proposed_by == viewer.account_id
    why_not = rules.ANOTHER_PERSON.sentence if own else ""
    yield _move(viewer, "confirm_decision", "Decide what was proposed", may.CONFIRM_DECISION, why_not)
    yield _move(viewer, "send_back_decision", "Send it back to triage", may.SEND_BACK_DECISION)
    yield _move(viewer, "rate_referral", "Change the rating", may.RATE_REFERRAL)


def _when_decided(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    if referral.outcome in rules.CASE_WORK:
        yield from _knowing_who(viewer, referral, now)
        why_not = "" if referral.family_id else rules.FAMILY_KNOWN.sentence
        yield _move(viewer, "allocate_referral", "Allocate to a team", may.ALLOCATE_REFERRAL, why_not)
    elif referral.outcome == Outcome.STATUTORY:
        yield _move(viewer, "hand_over", "Hand over to statutory social care", may.HAND_OVER)
    else:
        yield _move(viewer, "close_referral", "Close the referral", may.CLOSE_REFERRAL)


def _telling(viewer: Actor, referral: Referral, now: Situation) -> Iterator[Move]:
    if is_owed(now.reply):
        yield _move(viewer, "tell_referrer", "Tell the referrer", may.TELL_REFERRER)


def is_owed(reply: ReferrerReply | None) -> bool:
    """The referrer has an answer to come."""
    return reply is not None and reply.told_at is None and reply.may_be_told != MayBeTold.NOTHING


def is_reply_overdue(reply: ReferrerReply, at: datetime) -> bool:
    """Still owed after its clock has run out."""
    return is_owed(reply) and reply.due_by < at
