"""Steps of the services of the team around the child, called only inside guarded services."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import CaseState, HandoverState, SentBackState
from joinedup.casework.meeting import next_review_by, review_in_time
from joinedup.casework.models import Case, CaseMember, CasePerson, LeadHandover, SentBack
from joinedup.casework.queries.duty import fault_of_lead
from joinedup.casework.queries.pathways import weeks_to_review
from joinedup.casework.rules import REVIEW_IN_TIME
from joinedup.casework.services.steps import move
from joinedup.core.formats import date_long

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


def check_lead(case: Case, post: Post, *, by: Actor, at: datetime) -> None:
    """Refuses (CW-3, CW-4, CW-202, CW-205) where this post may not lead this case."""
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    fault = fault_of_lead(by, case, post, people, at=at)
    if fault is not None:
        raise fault.refused()


def let_lead(case: Case, post: Post, *, by: Actor, at: datetime, reason: str) -> None:
    """The post leads from now on, and whoever led no longer does; saves the case. Whoever leaves one place and takes
    another leaves two rows behind."""
    end_lead(case, at=at)
    CaseMember.objects.filter(case=case, left_at__isnull=True, post=post).update(left_at=at)
    CaseMember.objects.create(case=case, post=post, part="lead", joined_at=at)
    case.lead_professional = post
    if case.deputy_id == post.pk:
        case.deputy = None
    move(case, CaseState.OPEN, by=by, at=at, reason=reason)
    case.save(update_fields=["lead_professional", "state", "deputy"])
    withdraw_offers(case, by=by, at=at)


def end_lead(case: Case, *, at: datetime) -> None:
    """The lead place ends: at the moment given, or when its post ended, where that was before."""
    for place in CaseMember.objects.filter(case=case, left_at__isnull=True, part="lead").select_related("post"):
        ended = place.post.ends_at
        place.left_at = max(place.joined_at, min(at, ended) if ended else at)
        place.save(update_fields=["left_at"])


def withdraw_offers(case: Case, *, by: Actor, at: datetime) -> None:
    """An offer of the duty that nobody has answered stands no longer; nor does a question whether the family belongs here."""
    SentBack.objects.filter(case=case, state=SentBackState.WAITING).update(
        state=SentBackState.WITHDRAWN, answered_at=at, answered_by=by.account_id
    )
    LeadHandover.objects.filter(case=case, state=HandoverState.PROPOSED).update(
        state=HandoverState.WITHDRAWN, answered_at=at, answered_by=by.account_id
    )


def count_from_review(case: Case, reviewed_on: date, chosen: date | None, *, on: date) -> None:
    """The next review is by the day chosen, or as late as the partnership allows; refuses (CW-227) a later one. Saves."""
    weeks = weeks_to_review(case.pathway, on)
    latest = next_review_by(reviewed_on, weeks)
    if chosen is not None and not review_in_time(reviewed_on, chosen, weeks):
        raise REVIEW_IN_TIME.refused(weeks=weeks, day=date_long(latest))
    case.review_due_on = chosen or latest
    case.save(update_fields=["review_due_on"])
