"""Answering a team that sends a new family back: it stays, another team has it, or the front door looks at it anew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.lifecycle import SentBackState
from joinedup.casework.services import settle_sent_back
from joinedup.front_door import rules
from joinedup.front_door.events import REFERRAL_ALLOCATED, REFERRAL_TAKEN_BACK
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Allocation, Referral
from joinedup.front_door.permissions import ANSWER_TEAM
from joinedup.front_door.services.steps import _chronicle, _claim, _move, _post_id
from joinedup.front_door.settings import decide_by

if TYPE_CHECKING:
    from joinedup.casework.models import SentBack
    from joinedup.organisations.models import Team


@service(ANSWER_TEAM)
def answer_team(
    *, sent_back: SentBack, end: SentBackState, words: str, team: Team | None = None, by: Actor, at: datetime
) -> SentBack:
    """Answer a team, with why. Where another `team` has the family, its referrals go with it; where it is taken back, the case
    ends and its referrals are in triage again, in the hands of whoever answered and with the clock of their rating from now.
    Refused (FD-98) where no referral stands behind the case: there is nothing to decide anew."""
    referrals = list(
        Referral.objects.select_for_update(of=("self",))
        .select_related("contact")
        .filter(case_id=sent_back.case_id, state=State.ALLOCATED)
        .order_by("pk")
    )
    if end is SentBackState.TAKEN_BACK and not referrals:
        raise rules.NOTHING_TO_DECIDE_ANEW.refused()
    settled = settle_sent_back(sent_back=sent_back, end=end, words=words, team=team, by=by, at=at)
    for referral in referrals:
        if end is SentBackState.TAKEN_BACK:
            _take_back(referral, words, by=by, at=at)
        elif end is SentBackState.MOVED and team is not None:
            _give(referral, team, words, by=by, at=at)
    note(words={"referrals": len(referrals)}, subject=settled)
    return settled


def _take_back(referral: Referral, words: str, *, by: Actor, at: datetime) -> None:
    _claim(referral)
    _move(referral, State.IN_TRIAGE, by=by, at=at, reason=words.strip())
    referral.outcome, referral.level, referral.decided_at = "", None, None
    referral.team, referral.case, referral.held_by_id = None, None, _post_id(by)
    referral.decide_by = decide_by(at, referral.rating)
    referral.save(update_fields=["state", "outcome", "level", "decided_at", "team", "case", "held_by", "decide_by"])
    _chronicle(REFERRAL_TAKEN_BACK, referral, by=by, at=at, words={"reason": words.strip()})


def _give(referral: Referral, team: Team, words: str, *, by: Actor, at: datetime) -> None:
    _claim(referral)
    referral.team = team
    referral.save(update_fields=["team"])
    said = {"team": team, "rule": rules.LOOKED_AT_AGAIN.code, "reason": words.strip(), "at": at, "by": by.account_id}
    Allocation.objects.filter(referral=referral).update(**said)
    _chronicle(
        REFERRAL_ALLOCATED, referral, by=by, at=at, code=rules.LOOKED_AT_AGAIN.code,
        words={"reason": words.strip(), "team": team.name},
    )  # fmt: skip
