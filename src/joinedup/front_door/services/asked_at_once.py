"""What a manager makes of partners having been asked at level 4 or red, about what was then decided below it."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible
from joinedup.front_door import comparing
from joinedup.front_door.codes import ASKING_OUTCOMES
from joinedup.front_door.models import Asking, AskingReview
from joinedup.front_door.permissions import REVIEW_ASKING
from joinedup.front_door.queries.asked_at_once import is_to_be_reviewed
from joinedup.front_door.services.steps import _lock, _said


@service(REVIEW_ASKING, on="asking")
def review_asking(*, asking: Asking, outcome: str, words: str, by: Actor, at: datetime) -> AskingReview:
    """A manager who did not ask says whether it was right to ask without waiting. Refused for whoever asked (FD-145) and
    when it was reviewed already (FD-144); NotVisible where there is nothing to review."""
    _lock(asking)
    if not is_to_be_reviewed(by, asking):
        raise NotVisible
    if asking.asked_by_account is not None and asking.asked_by_account == by.account_id:
        raise comparing.REVIEW_BY_ANOTHER.refused()
    if AskingReview.objects.filter(asking=asking).exists():
        raise comparing.REVIEWED_ALREADY.refused()
    if outcome not in ASKING_OUTCOMES:
        raise comparing.REVIEW_OUTCOME.refused()
    review = AskingReview.objects.create(
        asking=asking, outcome=outcome, words=_said(words, comparing.REVIEW_WORDS), reviewed_at=at,
        reviewed_by=by.account_id,
    )  # fmt: skip
    note(people=asking.people, changed=("review",), words={"outcome": outcome})
    return review
