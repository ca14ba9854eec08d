"""What every write on a referral does: lock it, take its version, move it along its lifecycle, write its chronology.

Called only inside guarded services, so none of these carries a permission of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.access.roles import FRONT_DOOR
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.errors import Stale
from joinedup.core.models import VersionMoved, claim_version
from joinedup.front_door import rules
from joinedup.front_door.events import REFERRAL_RECEIVED
from joinedup.front_door.lifecycle import LABELS, State, may_move
from joinedup.front_door.models import Referral, ReferralPerson, ReferralTransition

AnyModel = TypeVar("AnyModel", bound=Model)


def _lock(record: AnyModel) -> AnyModel:
    """Read the record afresh and keep others from changing it until this transaction ends."""
    manager = type(record)._default_manager
    record.refresh_from_db(from_queryset=manager.select_for_update(of=("self",)))
    return record


def _require(referral: Referral, *states: State) -> None:
    """Refuse (FD-14) unless the referral stands in one of the states."""
    if State(referral.state) not in states:
        raise rules.STATE_FORBIDS.refused(state=LABELS[State(referral.state)])


def _claim(referral: Referral, version: int | None = None, yours: Mapping[str, Any] | None = None) -> None:
    """Take the next version of a locked referral. A stale `version` is refused with both texts."""
    try:
        claim_version(referral, referral.version if version is None else version)
    except VersionMoved:
        raise Stale(theirs=_as_it_is(referral), yours=yours or {}) from None


def _as_it_is(referral: Referral) -> dict[str, Any]:
    """What somebody else made of it meanwhile, for the page that shows both."""
    newest = referral.decisions.order_by("-proposed_at").first()
    return {
        "state": LABELS[State(referral.state)],
        "rating": referral.rating,
        "family_agrees": referral.family_agrees,
        "agreement_reason": referral.agreement_reason,
        "outcome": newest.outcome if newest else "",
        "level": newest.level if newest else None,
        "reason": newest.reason if newest else "",
    }


def _move(referral: Referral, end: State, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take the referral to another state where the lifecycle allows it, and keep the move as a row."""
    start = State(referral.state)
    if not may_move(start, end):
        raise rules.STATE_FORBIDS.refused(state=LABELS[start])
    referral.state = end
    _write_transition(referral, start.value, end, by=by, at=at, reason=reason)


def _write_transition(referral: Referral, start: str, end: State, *, by: Actor, at: datetime, reason: str = "") -> None:
    ReferralTransition.objects.create(
        referral=referral, start=start, end=end, at=at, by=by.account_id, reason=reason[:1000]
    )


def _people_of(referral: Referral) -> list[UUID]:
    """The people identified in a referral."""
    found = ReferralPerson.objects.filter(referral=referral, person__isnull=False)
    return [person_id for person_id in found.values_list("person_id", flat=True) if person_id]


def _chronicle(
    kind: EventKind,
    referral: Referral,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    words: Mapping[str, Any] | None = None,
    person_id: UUID | None = None,
) -> None:
    """One event in the family's journey, and the same people on the audit row. It is about everybody identified so
    far, or about one person only, where it says who that one is."""
    people = [person_id] if person_id else _people_of(referral)
    note(people=people)
    record_event(
        kind,
        source=referral,
        by=by,
        at=at,
        people=people,
        family_id=referral.family_id,
        organisation_id=referral.contact.organisation_id if kind is REFERRAL_RECEIVED else None,
        team_id=referral.team_id,
        code=code,
        words=words,
    )


def _post_id(by: Actor) -> UUID | None:
    """The front door post somebody works from; None for the program itself."""
    standing = by.standing_as(FRONT_DOOR)
    return standing.source_id if standing else None


def _said(text: str, rule: rules.Rule = rules.REASON_NEEDED) -> str:
    """A text that must say something, without stray spaces."""
    if not text.strip():
        raise rule.refused()
    return text.strip()
