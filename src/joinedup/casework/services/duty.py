"""What happens when somebody leaves: the team manager holds the duty, in the transaction in which the post or the account
ends, and by the clock where it ends on a day set before. What happens when a review is not held by its day, and while statutory social
work is open and no registered social worker leads."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.casework.answering import comes_to_you
from joinedup.casework.events import DUTY_WITH_MANAGER, MEMBER_REMOVED
from joinedup.casework.lifecycle import CaseState, HandoverState
from joinedup.casework.models import Case, CaseMember, CasePerson, LeadHandover, QualifiedLeadChased, ReviewChased
from joinedup.casework.permissions import CHASE_QUALIFIED_LEAD, CHASE_REVIEW, PASS_DUTY_TO_MANAGER, SET_REVIEW_CLOCK
from joinedup.casework.queries.duty import answering_for
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.queries.social_work import clock_of, leads_to_chase
from joinedup.casework.services.steps import chronicle, lock, lock_open, move, tell
from joinedup.casework.services.team_steps import count_from_review, end_lead, withdraw_offers
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version

_AT_ONCE = 100


def _end_places(post_ids: frozenset[UUID], at: datetime, reason: str) -> None:
    """Registered in access.grounds: called inside the service that ends a post or closes an account."""
    by = system(at)
    led = Case.objects.open().filter(lead_professional_id__in=post_ids)
    held = CaseMember.objects.filter(post_id__in=post_ids, left_at__isnull=True)
    asked = LeadHandover.objects.filter(to_post_id__in=post_ids, state=HandoverState.PROPOSED)
    theirs = Q(pk__in=led.values("pk")) | Q(pk__in=held.values("case_id")) | Q(pk__in=asked.values("case_id"))
    for case in Case.objects.filter(theirs).order_by("pk"):
        end_places_of_leaver(case=case, post_ids=post_ids, reason=reason, since=at, by=by, at=at)


@service(PASS_DUTY_TO_MANAGER)
def end_places_of_leaver(
    *, case: Case, post_ids: frozenset[UUID], reason: str, since: datetime, by: Actor, at: datetime
) -> Case:
    """End the places of posts that are held no more in one team around a child. Where one of them led, the duty is the team
    manager's from the moment `since` on, and the managers are told; where one of them was offered the duty, so are they that
    the offer lapsed. Doing it again changes nothing."""
    lock(case)
    if CaseState(case.state) == CaseState.CLOSED:
        return case
    if case.deputy_id in post_ids:
        case.deputy = None
        case.save(update_fields=["deputy"])
    for place in CaseMember.objects.filter(
        case=case, post_id__in=post_ids, left_at__isnull=True, part="member"
    ).select_related("post__account"):
        place.left_at = max(place.joined_at, since)
        place.save(update_fields=["left_at"])
        words = {"who": place.post.account.name, "reason": reason}
        chronicle(MEMBER_REMOVED, case, by=by, at=since, words=words)
    _let_offers_lapse(case, post_ids, reason, by=by, at=at)
    if case.lead_professional_id in post_ids:
        _pass_to_manager(case, reason, since=since, by=by, at=at)
    note(changed=("members",), subject=case)
    return case


def _let_offers_lapse(case: Case, post_ids: frozenset[UUID], reason: str, *, by: Actor, at: datetime) -> None:
    """Nobody who has left can answer an offer of the duty: it would stand in the way of the next one."""
    offers = LeadHandover.objects.filter(case=case, to_post_id__in=post_ids, state=HandoverState.PROPOSED)
    lapsed = offers.update(
        state=HandoverState.WITHDRAWN, answer=reason[:300], answered_at=at, answered_by=by.account_id
    )  # fmt: skip
    if lapsed:
        _write_to_managers(
            case,
            f"Nobody answered your offer for {case.reference}",
            f"Whoever was offered {case.reference} has left. {reason} The duty is where it was. Sign in to Joinedup to offer "
            "it to somebody else.",
            by=by, at=at,
        )  # fmt: skip


def _pass_to_manager(case: Case, reason: str, *, since: datetime, by: Actor, at: datetime) -> None:
    claim_version(case, case.version)
    who = case.lead_professional.account.name if case.lead_professional else ""
    end_lead(case, at=since)
    case.lead_professional = None
    move(case, CaseState.WAITING_FOR_LEAD, by=by, at=since, reason=reason)
    case.save(update_fields=["lead_professional", "state"])
    withdraw_offers(case, by=by, at=at)
    chronicle(DUTY_WITH_MANAGER, case, by=by, at=since, words={"before": who, "reason": reason})
    lead = pathway_of(case.pathway, timezone.localdate(at)).words.lead_inside
    _write_to_managers(
        case,
        f"You hold the duty for {case.reference}",
        f"{case.reference} has no {lead} now. {reason} Until you name another, the duty is yours. Sign in to Joinedup "
        f"to name the next {lead}.",
        by=by, at=at,
    )  # fmt: skip
    note(changed=("lead_professional", "state"))


def _write_to_managers(case: Case, subject: str, body: str, *, by: Actor, at: datetime) -> bool:
    """To whoever answers for the case's team; False where nobody in the whole partnership can be told."""
    rung, posts = answering_for(by, case.team)
    return tell(posts, case, subject, body + comes_to_you(rung, case.team.name), at)


def write_down_leavers(*, at: datetime) -> int:
    """The keeper writes down whose post ended by the clock: who holds the duty was right without it, from the very minute.
    Returns in how many teams around a child somebody's place ended."""
    ended = Q(post__ends_at__lte=at) | Q(post__account__is_active=False)
    places = CaseMember.objects.filter(ended, left_at__isnull=True).exclude(case__state=CaseState.CLOSED)
    found = [
        (place.case, place.post)
        for place in places.select_related("case", "post__account").order_by("pk")[:_AT_ONCE]
    ]  # fmt: skip
    gone = Q(to_post__ends_at__lte=at) | Q(to_post__account__is_active=False)
    offers = LeadHandover.objects.filter(gone, state=HandoverState.PROPOSED).exclude(case__state=CaseState.CLOSED)
    asked = offers.select_related("case", "to_post__account").order_by("pk")[:_AT_ONCE]
    by = system(at)
    for case, post in [*found, *((offer.case, offer.to_post) for offer in asked)]:
        over = post.ends_at is not None and post.ends_at <= at
        since = post.ends_at if over and post.ends_at else at
        said = "The post of {} ended." if over else "The account of {} was closed."
        reason = said.format(post.account.name)
        end_places_of_leaver(case=case, post_ids=frozenset({post.pk}), reason=reason, since=since, by=by, at=at)
    return len(found)


# --- The clock of the next review.


@service(SET_REVIEW_CLOCK, on="case")
def set_next_review(
    *, case: Case, reviewed_on: date, next_review_on: date | None = None, by: Actor, at: datetime
) -> Case:
    """After a review on a day: the next is by the day chosen, or as late as the partnership allows. Refuses (CW-227) a later
    one. Whatever part keeps reviews calls this inside its own service."""
    lock_open(case)
    count_from_review(case, reviewed_on, next_review_on, on=timezone.localdate(at))
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people, changed=("review_due_on",), words={"review_due_on": str(case.review_due_on)})
    return case


def chase_case_reviews(*, at: datetime) -> int:
    """The keeper tells a team's managers, once, of each review that was not held by its day. Returns how many."""
    on = timezone.localdate(at)
    told = ReviewChased.objects.filter(case=OuterRef("pk"), due_on=OuterRef("review_due_on"))
    late = Case.objects.open().filter(review_due_on__lt=on).annotate(told=Subquery(told.values("pk")[:1]))
    by = system(at)
    found = list(late.filter(told__isnull=True).order_by(F("review_due_on"), "pk")[:_AT_ONCE])
    return sum(chase_review(case=case, by=by, at=at) for case in found)


@service(CHASE_REVIEW)
def chase_review(*, case: Case, by: Actor, at: datetime) -> bool:
    """Tell the managers of one overdue review; False where somebody has told them meanwhile."""
    lock(case)
    due = case.review_due_on
    if due is None or due >= timezone.localdate(at):
        return False
    _, is_new = ReviewChased.objects.get_or_create(case=case, due_on=due, defaults={"chased_at": at})
    if is_new:
        late = date_long(due)
        is_told = _write_to_managers(
            case,
            f"Overdue review: {case.reference}",
            f"The review of {case.reference} was due by {late} and has not been held. Sign in to Joinedup to see the case.",
            by=by, at=at,
        )  # fmt: skip
        if not is_told:  # it is told as soon as there is somebody
            ReviewChased.objects.filter(case=case, due_on=due).delete()
            return False
        people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
        note(people=people, changed=("review_chased",), subject=case)
    return is_new


# --- The clock of a qualified lead.


def chase_qualified_leads(*, at: datetime) -> int:
    """The keeper tells a team's managers, once when the clock starts and once when it has run out, of each case with statutory
    social work open for a child that no registered social worker leads (CW-202). Returns how many times it told somebody."""
    by = system(at)
    return sum(chase_qualified_lead(case=case, by=by, at=at) for case in leads_to_chase(at)[:_AT_ONCE])


@service(CHASE_QUALIFIED_LEAD)
def chase_qualified_lead(*, case: Case, by: Actor, at: datetime) -> bool:
    """Tell the managers of one case that a registered social worker is to lead; False where they were told of that already,
    it is settled meanwhile, or there is nobody to tell yet. The message names nobody."""
    clock = clock_of(lock(case), at)
    if clock is None:
        return False
    stage = "late" if clock.is_late else "opened"
    which = {"case": case, "since": clock.since, "stage": stage}
    if QualifiedLeadChased.objects.filter(**which).exists():
        return False
    due_by = date_long(timezone.localdate(clock.due_at))
    subject = "Overdue: a social worker is to lead" if clock.is_late else "A social worker is to lead"
    ought = "was to lead it" if clock.is_late else "is to lead it"
    is_told = _write_to_managers(
        case,
        f"{subject} {case.reference}",
        f"Statutory social work is open in {case.reference}. A registered social worker {ought} by {due_by}, and none "
        "leads. Sign in to Joinedup to hand the case over.",
        by=by, at=at,
    )  # fmt: skip
    if not is_told:  # it is told as soon as there is somebody
        return False
    QualifiedLeadChased.objects.create(**which, chased_at=at)
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people, changed=("qualified_lead_chased",), words={"stage": stage}, subject=case)
    return True
