"""Cases and their plans for a partner's own system: the same reads, rules and refusals as the pages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid
from joinedup.core.errors import NotVisible
from joinedup.outcomes import queries as outcomes

Line = Annotated[schemas.Text300, Field(min_length=1)]
_ID = "0192f0c4-0000-7000-8000-000000000001"
Number = Annotated[Decimal, Field(max_digits=12, decimal_places=4)]


class CaseRowOut(Schema):
    """One case in the viewer's list."""

    id: UUID
    reference: str
    family: str
    level: int
    state: str
    team: str
    lead_professional: str
    opened_at: datetime


class CasesPage(Schema):
    """A page of cases; `next` is the cursor of the following one, empty at the end."""

    counts: dict[str, int]
    cases: list[CaseRowOut]
    next: str


class CasesQuery(Schema):
    """Which cases: in one state, after a cursor."""

    state: Annotated[str, Field(max_length=20)] = ""
    after: Annotated[str, Field(max_length=200)] = ""


class PersonOut(Schema):
    """Somebody a case is about."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str


class CaseOut(CaseRowOut):
    """One case: who it is about and whom to turn to."""

    locality: str
    closed_at: datetime | None
    lead_title: str
    lead_phone: str
    people: list[PersonOut]


class MeasureOut(Schema):
    """What an outcome can be measured by. `direction` says which way is better."""

    id: UUID
    code: str
    name: str
    question: str
    unit: str
    direction: str
    least: Decimal | None
    most: Decimal | None


class ActionOut(Schema):
    """An action, who does it by when, and where it stands."""

    id: UUID
    version: int
    words: str
    owner: str
    agency: str
    service: str
    due_on: date
    status: str
    evidence: str


class OutcomeOut(Schema):
    """What will be different: from a baseline on a day to a target by a day, and the newest value."""

    id: UUID
    version: int
    words: str
    measure: str
    baseline: Decimal
    baseline_on: date
    latest: Decimal
    target: Decimal
    target_on: date
    actions: list[ActionOut]


class NeedOut(Schema):
    """A need in its standard code and in words; without `child_id` it is the whole family's."""

    id: UUID
    version: int
    child_id: UUID | None
    code: str
    words: str
    ended_as: str
    outcomes: list[OutcomeOut]


class PlanOut(Schema):
    """The family's one plan."""

    id: UUID
    version: int
    reference: str
    state: str
    family_words: str
    contingency: str
    opened_at: datetime
    closed_at: datetime | None
    needs: list[NeedOut]


class PlanIn(Schema):
    """What the family wants to be different, and what happens if it does not go as planned."""

    model_config = taken(family_words="We want quiet mornings.", contingency="Gran comes.")

    family_words: schemas.Text4000
    contingency: schemas.Text4000 = ""


class NeedIn(Schema):
    """A need; `child_id` where it is one child's."""

    model_config = taken(code="N4", words="Late for school", child_id=_ID)

    code: schemas.Code
    words: Line
    child_id: UUID | None = None


class OutcomeIn(Schema):
    """What will be different, by which measure."""

    model_config = taken(
        words="At school on time", measure_id=_ID, baseline="71", baseline_on="2026-11-18", target="92",
        target_on="2027-01-31",
    )  # fmt: skip

    words: Line
    measure_id: UUID
    baseline: Number
    baseline_on: schemas.Day
    target: Number
    target_on: schemas.Day


class ActionIn(Schema):
    """What is to be done and by whom: a post, or a member of the family."""

    model_config = taken(words="Walk together", due_on="2026-11-25", post_id=_ID)

    words: Line
    due_on: schemas.Day
    post_id: UUID | None = None
    person_id: UUID | None = None
    service: schemas.Text120 = ""


def router(answers: Answers) -> Router:
    """The addresses under /cases of lists, one case and its plan. `answers` says which refusals each may give."""
    found = Router(tags=["Cases and plans"])
    one = "/{uuid:case_id}"
    at = Addresses(found, answers)
    found.get("", response=answers(200, CasesPage), summary="The cases this account sees")(_cases)
    found.get(one, response=answers(200, CaseOut, 404), summary="One case")(_case)
    found.get(f"{one}/plan", response=answers(200, PlanOut, 404), summary="The family’s plan")(_plan)
    at.writes(f"{one}/plan", PlanOut, _begin, "Begin the plan")
    at.writes(f"{one}/plan/needs", PlanOut, _add_need, "Add a need")
    at.writes(f"{one}/plan/needs/{{uuid:need_id}}/outcomes", PlanOut, _add_outcome, "Add an outcome")
    at.writes(f"{one}/plan/outcomes/{{uuid:outcome_id}}/actions", PlanOut, _add_action, "Add an action")
    return found


def measures(viewer: Actor) -> list[dict[str, Any]]:
    """Every measure in use."""
    return [each.__dict__ for each in outcomes.measures(viewer)]


def _cases(request: HttpRequest, wanted: Query[CasesQuery]) -> dict[str, Any]:
    """The cases of the teams around children the account is in, and of the teams it manages, newest first."""
    page = queries.cases(viewer_of(request), wanted.after or None, state=wanted.state)
    return {"counts": page.counts, "cases": [row.__dict__ for row in page.rows], "next": page.next_cursor}


def _case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Who the case is about, who leads and how to reach them."""
    frame = queries.case_frame(viewer_of(request), case_id, purpose="API: case")
    return frame.__dict__ | {"people": [person.__dict__ for person in frame.people]}


def _plan(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """The plan with its needs, outcomes and actions; nothing of another household's."""
    return _shown(viewer_of(request), case_id)


def _begin(request: HttpRequest, case_id: UUID, sent: PlanIn) -> dict[str, Any]:
    """Begin the family's plan. A family has one open plan."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.open_plan(case=case, family_words=sent.family_words, contingency=sent.contingency, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _add_need(request: HttpRequest, case_id: UUID, sent: NeedIn) -> dict[str, Any]:
    """Add a need, in a standard code and in words."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    said = NeedSaid(sent.code, sent.words, _section_of(viewer, case_id, sent.child_id))
    services.add_need(plan=plan, said=said, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _add_outcome(request: HttpRequest, case_id: UUID, need_id: UUID, sent: OutcomeIn) -> dict[str, Any]:
    """Add a measured outcome of a need."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    said = OutcomeSaid(sent.words, sent.measure_id, sent.baseline, sent.baseline_on, sent.target, sent.target_on)
    services.add_outcome(plan=plan, need_id=need_id, said=said, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _add_action(request: HttpRequest, case_id: UUID, outcome_id: UUID, sent: ActionIn) -> dict[str, Any]:
    """Add an action towards an outcome."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    said = ActionSaid(sent.words, sent.due_on, sent.post_id, sent.person_id, service=sent.service)
    services.add_action(plan=plan, outcome_id=outcome_id, said=said, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _section_of(viewer: Actor, case_id: UUID, child_id: UUID | None) -> UUID | None:
    """The plan's section of a child; a child who has none is not visible here."""
    if child_id is None:
        return None
    frame = queries.case_frame(viewer, case_id, purpose="API: plan")
    plan = queries.plan_of(viewer, frame, with_changes=False)
    section = next((each for each in plan.sections if each.person_id == child_id), None) if plan else None
    if section is None:
        raise NotVisible
    return section.id


def _shown(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    frame = queries.case_frame(viewer, case_id, purpose="API: plan")
    plan = queries.plan_of(viewer, frame, with_changes=False)
    if plan is None:
        raise NotVisible
    children = {section.id: section.person_id for section in plan.sections}
    return plan.__dict__ | {"needs": [_need(need, children) for need in plan.needs]}


def _need(need: queries.NeedSeen, children: dict[UUID, UUID]) -> dict[str, Any]:
    child = children[need.section_id] if need.section_id else None
    return need.__dict__ | {
        "child_id": child, "ended_as": need.end_code, "outcomes": [_outcome(each) for each in need.outcomes]
    }  # fmt: skip


def _outcome(outcome: queries.OutcomeSeen) -> dict[str, Any]:
    course = outcome.course
    return outcome.__dict__ | {
        "measure": course.measure.code, "baseline": course.value, "baseline_on": course.on, "latest": course.latest,
        "actions": [each.__dict__ for each in outcome.actions],
    }  # fmt: skip
