"""Reviews: who came, how each child was heard, how far each outcome has come, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.codes import DECISIONS, LEAD_NAMED, VOICES
from joinedup.casework.events import REVIEW_HELD
from joinedup.casework.lifecycle import REVIEW_MOVES, ReviewState
from joinedup.casework.models import (
    CaseMember,
    CasePerson,
    Plan,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    Review,
    ReviewPlace,
    ReviewVoice,
)
from joinedup.casework.permissions import DECIDE_REVIEW, REVIEW_PLAN
from joinedup.casework.queries.reviews import unread_outcomes
from joinedup.casework.services.duty import set_next_review
from joinedup.casework.services.level_steps import ask_step
from joinedup.casework.services.plan_steps import OUTCOME_KIND, item_of, lock_plan
from joinedup.casework.services.steps import chronicle, lock
from joinedup.core.models import claim_version
from joinedup.outcomes.queries import baseline_of
from joinedup.outcomes.services import record_reading

if TYPE_CHECKING:
    from joinedup.organisations.models import Team
    from joinedup.outcomes.models import Reading


@dataclass(frozen=True)
class Voice:
    """How a child was heard, and what they said; or why they were not."""

    section_id: UUID
    how: str
    words: str


@dataclass(frozen=True)
class Attendance:
    """Who was asked and came: posts of the team around the child and people of the family."""

    posts: Mapping[UUID, bool] = field(default_factory=dict)
    people: Mapping[UUID, bool] = field(default_factory=dict)

    @property
    def somebody_came(self) -> bool:
        """At least one."""
        return any(self.posts.values()) or any(self.people.values())


@dataclass(frozen=True)
class Decision:
    """What a review decides. A step names its level and team; without a day the next review is as late as it may be."""

    code: str
    reason: str
    next_review_on: date | None = None
    to_level: int = 0
    to_team: Team | None = None
    is_immediate: bool = False


@service(REVIEW_PLAN, on="plan")
def begin_review(
    *,
    plan: Plan,
    held_on: date,
    attendance: Attendance,
    voices: Sequence[Voice],
    named_lead: str = "",
    by: Actor,
    at: datetime,
) -> Review:
    """Begin a review with who came and how every child was heard (CW-335), and whether the family could name who leads for
    them when asked (CW-351; empty where nobody says). One at a time (CW-332)."""
    lock_plan(plan)
    if named_lead and named_lead not in LEAD_NAMED:
        raise rules.LEAD_NAMED_KNOWN.refused()
    if held_on > timezone.localdate(at):
        raise rules.REVIEW_IS_PAST.refused()
    if not PlanNeed.objects.filter(plan=plan, removed_at__isnull=True).exists():
        raise rules.PLAN_HAS_A_NEED.refused()
    if not attendance.somebody_came:
        raise rules.SOMEBODY_CAME_TO_IT.refused()
    review = Review(
        plan=plan, state=ReviewState.BEGUN, held_on=held_on, named_lead=named_lead, begun_at=at, begun_by=by.account_id
    )
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise rules.ONE_REVIEW.refused() from None
    _write_who_came(review, attendance)
    _write_voices(review, voices)
    people = list(CasePerson.objects.filter(case_id=plan.case_id).values_list("person_id", flat=True))
    note(people=people, changed=("state",), subject=review)
    return review


def _write_who_came(review: Review, attendance: Attendance) -> None:
    """Only the team around the child and people of the case are written down."""
    case_id = review.plan.case_id
    posts = set(CaseMember.objects.filter(case_id=case_id).values_list("post_id", flat=True))
    people = set(CasePerson.objects.filter(case_id=case_id).values_list("person_id", flat=True))
    rows = [
        ReviewPlace(review=review, post_id=key, came=came) for key, came in attendance.posts.items() if key in posts
    ]
    rows += [
        ReviewPlace(review=review, person_id=key, came=came) for key, came in attendance.people.items() if key in people
    ]
    ReviewPlace.objects.bulk_create(rows)


def _write_voices(review: Review, voices: Sequence[Voice]) -> None:
    sections = set(PlanChild.objects.filter(plan=review.plan, ended_at__isnull=True).values_list("pk", flat=True))
    said = {voice.section_id: voice for voice in voices if voice.how in VOICES and voice.words.strip()}
    if sections - set(said):
        raise rules.CHILD_HEARD.refused()
    ReviewVoice.objects.bulk_create(
        [
            ReviewVoice(review=review, section_id=key, how=said[key].how, words=said[key].words.strip())
            for key in sections
        ]
    )


def _lock_begun(review: Review) -> Plan:
    plan = lock_plan(review.plan)
    if ReviewState.DECIDED not in REVIEW_MOVES[ReviewState(lock(review).state)]:
        raise rules.REVIEW_DECIDED.refused()
    return plan


@service(REVIEW_PLAN, on="plan")
def record_progress(
    *, plan: Plan, review: Review, outcome_id: UUID, value: Decimal, words: str, by: Actor, at: datetime
) -> Reading:
    """How far an outcome has come by the day of the review: its score again, and what was said. Said twice, the later
    counts."""
    _lock_begun(review)
    outcome = item_of(plan, PlanOutcome, outcome_id)
    if outcome.removed_at is not None:
        raise rules.ITEM_GONE.refused()
    person = outcome.need.section.person_id if outcome.need.section else None
    baseline = baseline_of(by, OUTCOME_KIND, str(outcome.pk))
    return record_reading(
        baseline=baseline, value=value, on=review.held_on, words=words, source=review,
        people=[person] if person else [], by=by, at=at,
    )  # fmt: skip


@service(DECIDE_REVIEW, on="review")
def decide_review(*, review: Review, decision: Decision, version: int, by: Actor, at: datetime) -> Review:
    """Decide what happens next. Every outcome has been looked at (CW-336). Whatever is decided, there is a next review;
    a step up or down is asked for in the same transaction; closing is the manager's, who says what became of each need."""
    plan = _lock_begun(review)
    if decision.code not in DECISIONS:
        raise rules.DECISION_KNOWN.refused()
    if not decision.reason.strip():
        raise rules.REASON_NEEDED.refused()
    unread = unread_outcomes(by, review)
    if unread:
        raise rules.OUTCOMES_READ.refused(names="; ".join(str(each) for each in unread[:3]))
    claim_version(review, version)
    case = set_next_review(
        case=plan.case, reviewed_on=review.held_on, next_review_on=decision.next_review_on, by=by, at=at
    )
    review.state, review.decision, review.reason = ReviewState.DECIDED, decision.code, decision.reason.strip()
    review.decided_at, review.decided_by, review.next_review_on = at, by.account_id, case.review_due_on
    review.save()
    said = {"decision": DECISIONS[decision.code], "reason": decision.reason.strip()}
    chronicle(REVIEW_HELD, case, by=by, at=at, code=decision.code, words=said)
    if decision.code in {
        "step_up",
        "step_down",
    }:  # last: where it takes effect at once, it is another team's case from here
        _step(review, decision, by=by, at=at)
    note(changed=("state", "decision"), subject=review)
    return review


def _step(review: Review, decision: Decision, *, by: Actor, at: datetime) -> None:
    level = review.plan.case.level
    wanted = "step_up" if decision.to_level > level else "step_down"
    if decision.to_team is None or wanted != decision.code:
        raise rules.STEP_WITH_DECISION.refused()
    ask_step(
        case=review.plan.case, to_level=decision.to_level, to_team=decision.to_team, reason=decision.reason,
        is_immediate=decision.is_immediate, review=review, by=by, at=at,
    )  # fmt: skip
