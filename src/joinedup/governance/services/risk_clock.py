"""What the clock does for risks: their owners are told once when a review or an action is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.notifications import owe_message
from joinedup.governance.models import Risk, RiskAction
from joinedup.governance.permissions import KEEP_RISK

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


def look_after_risks(*, at: datetime) -> int:
    """Tell whoever owns a risk whose review is due, and whoever was to act by now, each once for the day it was due on;
    returns how many were told. For the keeper: safe to repeat and in two keepers at once."""
    day, by, told = timezone.localdate(at), system(at), 0
    due = Risk.objects.filter(closed_on=None, next_review_on__lte=day).filter(
        Q(review_told_on=None) | ~Q(review_told_on=F("next_review_on"))
    )
    for risk in due.order_by("next_review_on"):
        told += _tell_review(risk=risk, by=by, at=at)
    late = RiskAction.objects.filter(told_on=None, done_on=None, due_on__lt=day, risk__closed_on=None)
    for action in late.select_related("risk").order_by("due_on"):
        told += _tell_action(risk=action.risk, action=action, by=by, at=at)
    return told


@service(KEEP_RISK, on="risk")
def _tell_review(*, risk: Risk, by: Actor, at: datetime) -> int:
    locked = Risk.objects.select_for_update(of=("self",)).select_related("owner__account").get(pk=risk.pk)
    if locked.review_told_on == locked.next_review_on or locked.closed_on is not None:
        return 0
    locked.review_told_on = locked.next_review_on
    locked.save(update_fields=["review_told_on"])
    note(changed=("review_told_on",))
    words = f"{locked.title}. Its review was due on {date_long(locked.next_review_on)}."
    return _send(locked.owner, locked, "A risk is due to be reviewed", words, at)


@service(KEEP_RISK, on="risk")
def _tell_action(*, risk: Risk, action: RiskAction, by: Actor, at: datetime) -> int:
    locked = RiskAction.objects.select_for_update(of=("self",)).select_related("owner__account").get(pk=action.pk)
    if locked.told_on is not None or locked.done_on is not None:
        return 0
    locked.told_on = timezone.localdate(at)
    locked.save(update_fields=["told_on"])
    note(changed=("told_on",))
    words = f"{locked.words} It was to be done by {date_long(locked.due_on)}."
    return _send(locked.owner, risk, "An action on a risk is overdue", words, at)


def _send(post: Post, risk: Risk, subject: str, words: str, at: datetime) -> int:
    if not post.is_held_at(at):
        return 0
    owe_message(
        to=post.account.email, subject=f"{subject} ({risk.reference})", body=words,
        about=("governance.risk", str(risk.pk)), at=at,
    )  # fmt: skip
    return 1
