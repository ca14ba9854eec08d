"""What the clock takes higher: to the chair of the board that asked or that owns the risk, and to the officer who answers for a
strand (GV-701 to GV-703). Each person is told once for as long as it stays so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.benefits.queries import lost_benefits
from joinedup.core.formats import date_long
from joinedup.core.notifications import owe_message
from joinedup.engines.money import format_pounds
from joinedup.governance import rules
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.models import Appointment, BoardAction, Escalation, RiskReview
from joinedup.governance.models.escalation import ESCALATED
from joinedup.governance.permissions import ESCALATE
from joinedup.governance.queries.risks import risk_lines
from joinedup.governance.settings import escalate_after

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class ToTell:
    """Something to take higher: what, since which day, to whom, in which words, under which rule."""

    kind: str
    matter_id: UUID
    since: date
    post: Post
    words: str
    rule: str


def look_after_escalations(*, at: datetime) -> int:
    """Tell whoever answers for it what is long overdue, over what is accepted, or lost; returns how many were told. For the
    keeper: safe to repeat and in two keepers at once."""
    by = system(at)
    known = set(Escalation.objects.values_list("kind", "matter_id", "since", "post_id"))
    told = 0
    for each in _to_tell(by, at):
        if (each.kind, each.matter_id, each.since, each.post.pk) not in known and each.post.is_held_at(at):
            told += tell_higher(matter=each, by=by, at=at)
    return told


@service(ESCALATE)
def tell_higher(*, matter: ToTell, by: Actor, at: datetime) -> int:
    """Write down that somebody is told, and owe them the message, in one transaction; nought where another keeper did."""
    row, is_new = Escalation.objects.get_or_create(
        kind=matter.kind, matter_id=matter.matter_id, since=matter.since, post=matter.post, defaults={"told_at": at}
    )
    if not is_new:
        return 0
    owe_message(
        to=matter.post.account.email, subject=ESCALATED[matter.kind], body=f"{matter.words} ({matter.rule})",
        about=("governance.escalation", str(row.pk)), at=at,
    )  # fmt: skip
    note(subject=row, changed=("told",))
    return 1


def _to_tell(by: Actor, at: datetime) -> list[ToTell]:
    day = timezone.localdate(at)
    chairs = _chairs(day)
    found = []
    late = BoardAction.objects.filter(done_on=None, due_on__lt=day - timedelta(days=escalate_after(day)))
    for action in late.select_related("item__meeting").order_by("due_on", "pk"):
        if (chair := chairs.get(action.board_id)) is not None:
            words = f"{action.words} {action.owner} was to do it by {date_long(action.due_on)}, and it is not done."
            if action.item.exempt_reason:
                words = (
                    f"An action under an exempt item was to be done by {date_long(action.due_on)}, and it is not done."
                )
            found.append(ToTell("action", action.pk, action.due_on, chair, words, rules.ESCALATE_ACTION.code))
    reviewed = dict(RiskReview.objects.values_list("risk_id").annotate(on=Max("reviewed_on")).order_by())
    for risk in risk_lines(by):
        if risk.is_over and (chair := chairs.get(risk.board_id)) is not None:
            words = f"{risk.title} ({risk.reference}) is scored {risk.current.value}; the board accepts {risk.appetite}. {risk.owner} owns it."
            found.append(ToTell("risk", risk.id, reviewed[risk.id], chair, words, rules.ESCALATE_RISK.code))
    for lost in lost_benefits(by):
        if lost.officer is not None:
            stamp = f"{ILLUSTRATION}. " if lost.is_illustration else ""
            words = f"{stamp}{lost.title}, {format_pounds(lost.forecast_pence)} forecast for {lost.partner} in {lost.strand}, is lost. You answer for that strand."
            found.append(ToTell("benefit", lost.id, lost.since, lost.officer, words, rules.ESCALATE_BENEFIT.code))
    return found


def _chairs(day: date) -> dict[UUID, Post]:
    """Who chairs each board today, where they hold a post here."""
    rows = Appointment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, seat__is_chair=True, post__isnull=False
    ).select_related("seat", "post__account")
    return {each.seat.board_id: each.post for each in rows if each.post is not None}
