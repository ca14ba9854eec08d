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

Line = Annotated[schemas.Text2000, Field(min_length=1)]
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
    """Which cases: in one state, on one of the lists of the board, of one team, led by one post; after a cursor."""

    state: Annotated[str, Field(max_length=20)] = ""
    list: Annotated[str, Field(max_length=20)] = ""
    team_id: UUID | None = None
    lead_id: UUID | None = None
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
    kind: str
    words: str
    owner: str
    post_id: UUID | None
    person_id: UUID | None
    agency: str
    service: str
    due_on: date
    status: str
    status_words: str
    ended_on: date | None
    evidence: str


class OutcomeOut(Schema):
    """What will be different: from a baseline on a day to a target by a day, and the newest value."""

    id: UUID
    version: int
    words: str
    measure: str
    measure_id: UUID
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
    end_words: str
    ended_at: datetime | None
    outcomes: list[OutcomeOut]


class StatutoryOut(Schema):
    """A child's statutory plan as its holder said it stood when it was read back last. It is never decided here."""

    id: UUID
    version: int
    kind: str
    reference: str
    holder: str
    worker: str
    status: str
    starts_on: date
    ends_on: date | None
    next_on: date | None
    next_means: str
    abuse: str
    conference_on: date | None
    read_at: datetime


class PlanChildOut(Schema):
    """A child's section. `leads` where this plan's lead professional is the child's; `lead` and `lead_phone` are of the one
    lead professional the child has, whatever plan they lead through."""

    id: UUID
    version: int
    child_id: UUID
    name: str
    words: str
    leads: bool
    lead: str
    lead_phone: str
    statutory: list[StatutoryOut]


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
    children: list[PlanChildOut]
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
    """What is to be done and by whom: a post, or a member of the family; `evidence` is how it will show. `kind` is one of
    the pathway's kinds of action, where it has any."""

    model_config = taken(words="Walk together", due_on="2026-11-25", post_id=_ID, evidence="She arrives by nine.")

    words: Line
    due_on: schemas.Day
    post_id: UUID | None = None
    person_id: UUID | None = None
    service: schemas.Text160 = ""
    evidence: schemas.Text2000 = ""
    kind: schemas.Code = ""


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
    viewer = viewer_of(request)
    team, lead = (str(each) if each else "" for each in (wanted.team_id, wanted.lead_id))
    chosen = queries.list_chosen(viewer, wanted.list, team, lead)
    narrow = chosen.narrow if chosen else None
    page = queries.cases(viewer, wanted.after or None, state=wanted.state, narrow=narrow)
    return {"counts": page.counts, "cases": [row.__dict__ for row in page.rows], "next": page.next_cursor}


def _case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Who the case is about, who leads and how to reach them."""
    frame = queries.case_frame(viewer_of(request), case_id, purpose="API: case")
    return frame.__dict__ | {"people": [person.__dict__ for person in frame.people]}


def _plan(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """The plan with its needs, outcomes and actions; nothing of another household's."""
    return shown(viewer_of(request), case_id)


def _begin(request: HttpRequest, case_id: UUID, sent: PlanIn) -> dict[str, Any]:
    """Begin the family's plan. A family has one open plan."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.open_plan(case=case, family_words=sent.family_words, contingency=sent.contingency, by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def _add_need(request: HttpRequest, case_id: UUID, sent: NeedIn) -> dict[str, Any]:
    """Add a need, in a standard code and in words."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    said = NeedSaid(sent.code, sent.words, section_of(viewer, case_id, sent.child_id))
    services.add_need(plan=plan, said=said, by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def _add_outcome(request: HttpRequest, case_id: UUID, need_id: UUID, sent: OutcomeIn) -> dict[str, Any]:
    """Add a measured outcome of a need."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    services.add_outcome(plan=plan, need_id=need_id, said=outcome_said(sent), by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def _add_action(request: HttpRequest, case_id: UUID, outcome_id: UUID, sent: ActionIn) -> dict[str, Any]:
    """Add an action towards an outcome."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    services.add_action(plan=plan, outcome_id=outcome_id, said=action_said(sent), by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def outcome_said(sent: OutcomeIn) -> OutcomeSaid:
    """What was sent of an outcome, for a service."""
    return OutcomeSaid(sent.words, sent.measure_id, sent.baseline, sent.baseline_on, sent.target, sent.target_on)


def action_said(sent: ActionIn) -> ActionSaid:
    """What was sent of an action, for a service."""
    return ActionSaid(
        sent.words, sent.due_on, sent.post_id, sent.person_id, service=sent.service, evidence=sent.evidence, kind=sent.kind
    )  # fmt: skip


def section_of(viewer: Actor, case_id: UUID, child_id: UUID | None) -> UUID | None:
    """The plan's section of a child; a child who has none is not visible here."""
    if child_id is None:
        return None
    frame = queries.case_frame(viewer, case_id, purpose="API: plan")
    plan = queries.plan_of(viewer, frame, with_changes=False)
    section = next((each for each in plan.sections if each.person_id == child_id), None) if plan else None
    if section is None:
        raise NotVisible
    return section.id


def shown(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    """The plan as every address of it answers."""
    frame = queries.case_frame(viewer, case_id, purpose="API: plan")
    plan = queries.plan_of(viewer, frame, with_changes=False)
    if plan is None:
        raise NotVisible
    children = {section.id: section.person_id for section in plan.sections}
    sections = [_section(each) for each in plan.sections]
    return plan.__dict__ | {"children": sections, "needs": [_need(need, children) for need in plan.needs]}


def _section(section: queries.PlanSectionSeen) -> dict[str, Any]:
    statutory = [each.__dict__ for each in section.statutory]
    return section.__dict__ | {"child_id": section.person_id, "statutory": statutory}


def _need(need: queries.NeedSeen, children: dict[UUID, UUID]) -> dict[str, Any]:
    child = children[need.section_id] if need.section_id else None
    return need.__dict__ | {
        "child_id": child, "ended_as": need.end_code, "outcomes": [_outcome(each) for each in need.outcomes]
    }  # fmt: skip


def _outcome(outcome: queries.OutcomeSeen) -> dict[str, Any]:
    course = outcome.course
    return outcome.__dict__ | {
        "measure": course.measure.code, "measure_id": course.measure.id, "baseline": course.value, "baseline_on": course.on, "latest": course.latest,
        "actions": [each.__dict__ for each in outcome.actions],
    }  # fmt: skip
