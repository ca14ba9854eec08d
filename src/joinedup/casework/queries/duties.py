"""What of plans, reviews, steps and closings waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.lifecycle import PlanState, ReviewState
from joinedup.casework.models import (
    Case,
    CaseQuerySet,
    Plan,
    Review,
    SustainedCheck,
)
from joinedup.casework.permissions import (
    READ_STEPS,
)
from joinedup.casework.queries.duty import teams_answered_for
from joinedup.casework.queries.level_steps import StepSeen, steps_that_wait
from joinedup.core.errors import NotVisible

_SOON = timedelta(days=14)


@dataclass(frozen=True)
class ReviewDue:
    """A case whose next review is near or past."""

    case_id: UUID
    reference: str
    family: str
    due_on: date
    is_late: bool
    has_plan: bool


@dataclass(frozen=True)
class CheckDue:
    """A closed case of which it is asked whether the change has lasted."""

    case_id: UUID
    reference: str
    family: str
    due_on: date
    is_late: bool


@dataclass(frozen=True)
class Duties:
    """What of plans, reviews, steps and closings waits for the viewer and their team."""

    steps: tuple[StepSeen, ...]
    reviews: tuple[ReviewDue, ...]
    closings: tuple[ReviewDue, ...]
    checks: tuple[CheckDue, ...]

    @property
    def count(self) -> int:
        """All together."""
        return len(self.steps) + len(self.reviews) + len(self.closings) + len(self.checks)


def duties(viewer: Actor) -> Duties:
    """Steps to answer, pursue or settle; reviews due within a fortnight; closings to confirm; changes to ask about.
    One audit row names the people of the steps shown."""
    if not can(viewer, READ_STEPS):
        raise NotVisible
    on = timezone.localdate(viewer.at)
    steps = steps_that_wait(viewer)
    mine = tuple(each for each in steps if each.may)
    cases = Case.objects.visible_to(viewer).filter(_answered_for(viewer))
    found = Duties(mine, _reviews_due(cases, on), _closings(cases, viewer, on), _checks_due(cases, on))
    people = {person.person_id for step in mine for person in step.people}
    audit.record_read(viewer, subject=("casework.case", "duties"), people=people, purpose="list of duties", search=True)
    return found


def _answered_for(viewer: Actor) -> Q:
    """Cases the viewer leads, or whose team they answer for."""
    return Q(lead_professional_id__in=viewer.post_ids) | Q(team_id__in=teams_answered_for(viewer))


def _reviews_due(cases: CaseQuerySet, on: date) -> tuple[ReviewDue, ...]:
    has_plan = Exists(Plan.objects.filter(case=OuterRef("pk"), state=PlanState.OPEN))
    rows = cases.open().filter(review_due_on__lte=on + _SOON).annotate(planned=has_plan)
    return tuple(
        _due(row, on, has_plan=bool(getattr(row, "planned", False)))
        for row in rows.select_related("family").order_by("review_due_on", "pk")[:100]
    )


def _due(row: Case, on: date, *, has_plan: bool) -> ReviewDue:
    due_on = row.review_due_on or on
    return ReviewDue(row.pk, row.reference, row.family.name, due_on, due_on < on, has_plan)


def _closings(cases: CaseQuerySet, viewer: Actor, on: date) -> tuple[ReviewDue, ...]:
    """Open cases of teams the viewer answers for whose last review decided to close."""
    newer = Review.objects.filter(plan=OuterRef("plan"), decided_at__gt=OuterRef("decided_at"))
    last = Review.objects.filter(
        ~Exists(newer), state=ReviewState.DECIDED, decision="close", plan__state=PlanState.OPEN
    )
    theirs = cases.open().filter(team_id__in=teams_answered_for(viewer), plans__in=last.values("plan_id"))
    rows = theirs.select_related("family")
    return tuple(_due(row, on, has_plan=True) for row in rows.order_by("review_due_on", "pk")[:100])


def _checks_due(cases: CaseQuerySet, on: date) -> tuple[CheckDue, ...]:
    closed = cases.exclude(closed_at=None)
    rows = SustainedCheck.objects.filter(result="", due_on__lte=on + _SOON, closure__case__in=closed)
    found = rows.select_related("closure__case__family").order_by("due_on", "pk")[:100]
    return tuple(
        CheckDue(
            row.closure.case_id, row.closure.case.reference, row.closure.case.family.name, row.due_on, row.due_on < on
        )
        for row in found
    )
