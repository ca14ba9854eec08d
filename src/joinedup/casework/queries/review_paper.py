"""A review as it is written on paper: what was looked at that day, beside the start and the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import STEP_LABELS, StepState
from joinedup.casework.models import PlanOutcome, Review, Step
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.plans import OUTCOME_KIND
from joinedup.casework.queries.reviews import ReviewSeen, review_of
from joinedup.outcomes.measuring import VERDICT_LABELS, verdict
from joinedup.outcomes.queries import Course, ReadingSeen, courses


@dataclass(frozen=True)
class OutcomeAtReview:
    """An outcome as a review found it: at the start, the time before (where there was one), and then."""

    words: str
    measure: str
    unit: str
    start: Decimal
    before: Decimal | None
    now: Decimal | None
    target: Decimal
    verdict: str
    said: str


@dataclass(frozen=True)
class StepOfReview:
    """A step up or down that a review asked for."""

    title: str
    team: str
    state: str
    asked_at: datetime
    reason: str


@dataclass(frozen=True)
class ReviewOnPaper:
    """A review with every outcome it looked at, and the steps that came of it."""

    review: ReviewSeen
    plan_reference: str
    outcomes: tuple[OutcomeAtReview, ...]
    steps: tuple[StepOfReview, ...]


def review_on_paper(viewer: Actor, frame: CaseFrame, review_id: UUID) -> ReviewOnPaper:
    """One review of a case the viewer has been let in to; the frame's read is its audit row."""
    seen = review_of(viewer, frame, review_id)
    row = Review.objects.select_related("plan").get(pk=review_id)
    outcomes = list(PlanOutcome.objects.filter(need__plan_id=row.plan_id).order_by("pk"))
    measured = courses(viewer, OUTCOME_KIND, [str(each.pk) for each in outcomes])
    steps = Step.objects.filter(review_id=review_id).select_related("to_team").order_by("asked_at", "pk")
    return ReviewOnPaper(
        review=seen,
        plan_reference=row.plan.reference,
        outcomes=tuple(
            found
            for each in outcomes
            if (course := measured.get(str(each.pk))) and (found := _at_review(each, course, row, is_begun=seen.is_begun))
        ),
        steps=tuple(
            StepOfReview(
                f"Step {'up' if step.to_level > step.from_level else 'down'} from level {step.from_level} to {step.to_level}",
                step.to_team.name, STEP_LABELS[StepState(step.state)], step.asked_at, step.reason,
            )
            for step in steps
        ),
    )  # fmt: skip


def _at_review(outcome: PlanOutcome, course: Course, review: Review, *, is_begun: bool) -> OutcomeAtReview | None:
    """What the review found of one outcome; None where it was not looked at, unless it is still to be."""
    place = next((n for n, each in enumerate(course.readings) if each.source_id == str(review.pk)), None)
    if place is None and (outcome.removed_at is not None or not is_begun):
        return None
    then: ReadingSeen | None = course.readings[place] if place is not None else None
    until = course.readings[: place + 1] if place is not None else ()
    earlier = course.readings[:place] if place is not None else course.readings
    points = [each.point for each in until]
    return OutcomeAtReview(
        words=outcome.words, measure=course.measure.name, unit=course.measure.unit, start=course.value,
        before=earlier[-1].value if earlier else None, now=then.value if then else None, target=outcome.target,
        verdict=VERDICT_LABELS[verdict(course.measure, course.value, points, outcome.target)],
        said=then.words if then else "",
    )  # fmt: skip
