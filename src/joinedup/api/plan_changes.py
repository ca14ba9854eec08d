"""What is done with a family's plan once it has begun: said better, ended, marked, linked, taken out and put back. A text
that somebody saved meanwhile is not overwritten: the refusal (CO-1) holds both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.middleware import viewer_of
from joinedup.api import plans, schemas
from joinedup.api.plans import Line, PlanOut, action_said, outcome_said, section_of, shown
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.codes import NEED_ENDS
from joinedup.casework.lifecycle import ActionState
from joinedup.casework.planning import NeedEnd, NeedSaid, StatutorySaid
from joinedup.core.errors import NotVisible

_ID = "0192f0c4-0000-7000-8000-000000000001"
Version = Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
TAKEN_OUT = ("need", "outcome", "action", "statutory")


class PlanChangeOut(Schema):
    """A change of the plan. It can be undone while nothing newer stands on it."""

    id: UUID
    what: str
    at: datetime
    by: str
    is_undone: bool
    may_be_undone: bool


class PlanWordsIn(plans.PlanIn):
    """The family's words and the contingency, with the plan's version."""

    model_config = taken(version=1, family_words="We want quiet mornings.", contingency="Gran comes.")

    version: Version


class ChildWordsIn(Schema):
    """What the child says they want, with the version of their section."""

    model_config = taken(version=1, words="I want to walk with my friends.")

    version: Version
    words: schemas.Text4000


class NeedChangeIn(plans.NeedIn):
    """The need as it is to stand; with another `child_id` it moves to that child, without one it is the whole family's."""

    model_config = taken(version=1, code="N4", words="Late for school", child_id=_ID)

    version: Version


class NeedEndedIn(Schema):
    """What became of a need, and how that is known."""

    model_config = taken(version=1, code="met", words="She is at school every day.")

    version: Version
    code: Annotated[str, schemas.OneOf(NEED_ENDS)]
    words: Line


class OutcomeChangeIn(plans.OutcomeIn):
    """The outcome as it is to stand. Its measure and baseline stay once it was read at a review."""

    model_config = taken(
        version=1, words="At school on time", measure_id=_ID, baseline="71", baseline_on="2026-11-18", target="95",
        target_on="2027-01-31",
    )  # fmt: skip

    version: Version


class ActionChangeIn(plans.ActionIn):
    """The action as it is to stand, and whose it is."""

    model_config = taken(version=1, words="Walk together", due_on="2026-11-25", post_id=_ID)

    version: Version


class ActionMarkIn(Schema):
    """Where an action stands, and what happened."""

    model_config = taken(version=1, status="done", words="They walk every morning.")

    version: Version
    status: Annotated[str, schemas.OneOf(ActionState)]
    words: schemas.Text2000 = ""


class StatutoryIn(Schema):
    """A statutory plan as the service that holds it says."""

    model_config = taken(kind="child_in_need", starts_on="2026-10-05", holder="Exampleshire Council", status="In force")

    kind: schemas.Code
    starts_on: schemas.Day
    holder: schemas.Text160
    status: schemas.Text120
    ends_on: schemas.Day | None = None
    worker: schemas.Text120 = ""
    reference: Annotated[schemas.Text60, Field(max_length=40)] = ""
    next_on: schemas.Day | None = None
    next_means: schemas.Text120 = ""
    abuse: Annotated[schemas.Code, Field(max_length=3)] = ""
    conference_on: schemas.Day | None = None


class StatutoryReadIn(StatutoryIn):
    """What its holder says of it today."""

    model_config = taken(
        version=1, kind="child_in_need", starts_on="2026-10-05", holder="Exampleshire Council", status="Reviewed"
    )

    version: Version


class TakeOutOfPlanIn(Schema):
    """What is taken out of the plan, with everything that hangs on it. It can be put back by undoing the change."""

    model_config = taken(kind="action", id=_ID)

    kind: Annotated[str, schemas.OneOf(TAKEN_OUT)]
    id: UUID


class UnderOutcomeIn(Schema):
    """Under which outcome of the plan it stands from now on."""

    model_config = taken(outcome_id=_ID)

    outcome_id: UUID


def router(answers: Answers) -> Router:
    """Every address of a plan under /cases: those of `plans`, and what changes it afterwards."""
    found = plans.router(answers)
    at = Addresses(found, answers)
    plan = "/{uuid:case_id}/plan"
    child = f"{plan}/children/{{uuid:plan_child_id}}"
    at.replaces(plan, PlanOut, _words, "Change the family’s words and the contingency")
    at.reads(f"{plan}/changes", list[PlanChangeOut], _changes, "Latest changes of the plan")
    at.writes(f"{plan}/changes/{{uuid:change_id}}/undo", PlanOut, _undo, "Undo a change")
    at.writes(f"{plan}/taken-out", PlanOut, _take_out, "Take something out of the plan")
    at.replaces(child, PlanOut, _child, "Change a child’s own words")
    at.writes(f"{child}/lead", PlanOut, _lead_for, "This plan’s lead professional becomes the child’s")
    at.writes(f"{child}/statutory", PlanOut, _link, "Link a child’s statutory plan")
    at.replaces(f"{plan}/statutory/{{uuid:link_id}}", PlanOut, _read_back, "Read a statutory plan back")
    at.replaces(f"{plan}/needs/{{uuid:need_id}}", PlanOut, _need, "Change a need")
    at.writes(f"{plan}/needs/{{uuid:need_id}}/end", PlanOut, _end_need, "What became of a need")
    at.replaces(f"{plan}/outcomes/{{uuid:outcome_id}}", PlanOut, _outcome, "Change an outcome")
    at.replaces(f"{plan}/actions/{{uuid:plan_action_id}}", PlanOut, _action, "Change an action")
    at.writes(f"{plan}/actions/{{uuid:plan_action_id}}/mark", PlanOut, _mark, "Where an action stands")
    at.writes("/{uuid:case_id}/actions/{uuid:action_id}/plan", PlanOut, _put_in, "Put what was undertaken in the plan")
    return found


def _change(request: HttpRequest, case_id: UUID, service: Callable[..., object], **facts: Any) -> dict[str, Any]:
    """Change the newest plan of the case by one of the services."""
    viewer = viewer_of(request)
    plan = queries.plan_for_change(viewer, case_id)
    service(plan=plan, **facts, by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def _words(request: HttpRequest, case_id: UUID, sent: PlanWordsIn) -> dict[str, Any]:
    """What the family wants to be different, and what happens if it does not go as planned."""
    return _change(request, case_id, services.change_plan, **sent.model_dump())


def _child(request: HttpRequest, case_id: UUID, plan_child_id: UUID, sent: ChildWordsIn) -> dict[str, Any]:
    """A child's own words in their section."""
    return _change(request, case_id, services.change_child, section_id=plan_child_id, **sent.model_dump())


def _lead_for(request: HttpRequest, case_id: UUID, plan_child_id: UUID) -> dict[str, Any]:
    """A manager says that this plan's lead professional is the child's, and another household's is no more."""
    viewer = viewer_of(request)
    section = queries.plan_section_for_change(viewer, case_id, plan_child_id)
    services.lead_for_child(section=section, by=viewer, at=viewer.at)
    return shown(viewer, case_id)


def _changes(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The latest changes, the newest first."""
    viewer = viewer_of(request)
    plan = queries.plan_of(viewer, queries.case_frame(viewer, case_id, purpose="API: plan"))
    if plan is None:
        raise NotVisible
    return [each.__dict__ for each in plan.changes]


def _undo(request: HttpRequest, case_id: UUID, change_id: UUID) -> dict[str, Any]:
    """Put back what one of the latest changes replaced."""
    if str(change_id) not in {str(each["id"]) for each in _changes(request, case_id)}:
        raise NotVisible
    return _change(request, case_id, services.undo_change, change_id=change_id)


def _take_out(request: HttpRequest, case_id: UUID, sent: TakeOutOfPlanIn) -> dict[str, Any]:
    """Take a need, an outcome, an action or a linked statutory plan out."""
    return _change(request, case_id, services.remove_item, kind=sent.kind, item_id=sent.id)


def _link(request: HttpRequest, case_id: UUID, plan_child_id: UUID, sent: StatutoryIn) -> dict[str, Any]:
    """Link a child's statutory plan: it stays with the service that holds it."""
    said = StatutorySaid(**sent.model_dump())
    return _change(request, case_id, services.link_statutory_plan, section_id=plan_child_id, said=said)


def _read_back(request: HttpRequest, case_id: UUID, link_id: UUID, sent: StatutoryReadIn) -> dict[str, Any]:
    """What the holder of a linked statutory plan says of it today."""
    said = StatutorySaid(**sent.model_dump(exclude={"version"}))
    return _change(request, case_id, services.read_statutory_plan, link_id=link_id, said=said, version=sent.version)


def _need(request: HttpRequest, case_id: UUID, need_id: UUID, sent: NeedChangeIn) -> dict[str, Any]:
    """Say a need better, or move it to another child's section."""
    said = NeedSaid(sent.code, sent.words, section_of(viewer_of(request), case_id, sent.child_id))
    return _change(request, case_id, services.change_need, need_id=need_id, said=said, version=sent.version)


def _end_need(request: HttpRequest, case_id: UUID, need_id: UUID, sent: NeedEndedIn) -> dict[str, Any]:
    """Say what became of a need; it stays in the plan, and is worked on no more."""
    end = NeedEnd(sent.code, sent.words)
    return _change(request, case_id, services.end_need, need_id=need_id, end=end, version=sent.version)


def _outcome(request: HttpRequest, case_id: UUID, outcome_id: UUID, sent: OutcomeChangeIn) -> dict[str, Any]:
    """Say an outcome better."""
    facts = {"outcome_id": outcome_id, "said": outcome_said(sent), "version": sent.version}
    return _change(request, case_id, services.change_outcome, **facts)


def _action(request: HttpRequest, case_id: UUID, plan_action_id: UUID, sent: ActionChangeIn) -> dict[str, Any]:
    """Say an action better, or give it to somebody else."""
    facts = {"action_id": plan_action_id, "said": action_said(sent), "version": sent.version}
    return _change(request, case_id, services.change_action, **facts)


def _mark(request: HttpRequest, case_id: UUID, plan_action_id: UUID, sent: ActionMarkIn) -> dict[str, Any]:
    """Say where an action stands: begun, done, stopped with the reason, or to be done after all."""
    facts = {"status": ActionState(sent.status), "words": sent.words, "version": sent.version}
    return _change(request, case_id, services.mark_action, action_id=plan_action_id, **facts)


def _put_in(request: HttpRequest, case_id: UUID, action_id: UUID, sent: UnderOutcomeIn) -> dict[str, Any]:
    """What somebody undertook at a meeting becomes an action of the plan, with its owner and its day; once."""
    action = queries.action_for_change(viewer_of(request), case_id, action_id)
    return _change(request, case_id, services.put_action_in_plan, action=action, outcome_id=sent.outcome_id)
