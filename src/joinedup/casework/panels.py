"""What casework says on a person's and on a family's page: the cases they are in, how far their plans are, and help given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.panels import About, Frame, Panel, register_panel
from joinedup.casework.lifecycle import LABELS, AssessmentState, CaseState, PlanState
from joinedup.casework.models import Assessment, Case, CasePerson, Intervention, PlanAction, PlanOutcome
from joinedup.casework.permissions import READ_CASES
from joinedup.core.answers import Fact
from joinedup.core.formats import date_long

_MOST = 4


def _count(rows: QuerySet[Any], case: str) -> Coalesce:
    """How many rows there are of the case that is read, none as nought."""
    counted = rows.filter(**{case: OuterRef("pk")}).order_by().values(case).annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n")), 0)


def cases(viewer: Actor, frame: Frame) -> Iterator[Fact]:
    """The cases that these people are or were in and the viewer may see, open ones and the newest first; one statement."""
    mine = CasePerson.ever.filter(person_id__in=frame.people).exclude(left_why="error").values("case_id")
    outcomes = PlanOutcome.objects.filter(
        removed_at__isnull=True, need__removed_at__isnull=True, need__plan__state=PlanState.OPEN
    )
    actions = PlanAction.objects.filter(removed_at__isnull=True, outcome__removed_at__isnull=True)
    actions = actions.filter(outcome__need__removed_at__isnull=True, outcome__need__plan__state=PlanState.OPEN)
    signed = Assessment.objects.filter(child_id__in=frame.people).exclude(state=AssessmentState.DRAFT)
    helped = Intervention.objects.filter(taken_back_at__isnull=True, people__person_id__in=frame.people)
    rows = Case.objects.visible_to(viewer).filter(pk__in=mine)
    rows = rows.annotate(
        n_outcomes=_count(outcomes, "need__plan__case"), n_actions=_count(actions, "outcome__need__plan__case"),
        n_assessed=_count(signed, "case"), n_helped=_count(helped, "case"),
    )  # fmt: skip
    found = list(rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")[: _MOST + 1])
    for row in found[:_MOST]:
        yield from _said(row)
    if len(found) > _MOST:
        yield Fact("has earlier cases", reverse("cases"), value="More")


def _said(row: Any) -> Iterator[Fact]:
    page = {"case_id": row.pk}
    words = f"{LABELS[CaseState(row.state)].lower()}, opened {date_long(row.opened_at)}"
    if row.closed_at:
        words = f"opened {date_long(row.opened_at)}, closed {date_long(row.closed_at)}"
    due: date | None = row.review_due_on if not row.closed_at else None
    yield Fact(words, reverse("case", kwargs=page), value=row.reference,
               note=f"Next review by {date_long(due)}" if due else "")  # fmt: skip
    for n, what, url_name in (
        (row.n_outcomes, "outcome[s] in the plan", "case_plan"),
        (row.n_actions, "action[s] in the plan", "case_plan"),
        (row.n_assessed, "signed assessment[s]", "case_assessments"),
        (row.n_helped, "piece[s] of help given", "case_notes"),
    ):
        if n:
            yield Fact(what, reverse(url_name, kwargs=page), n=n)


register_panel(
    Panel(
        "casework.cases", "Help from a team", 10, frozenset(About), READ_CASES, cases,
        "No case is open to you here.",
    )
)  # fmt: skip
