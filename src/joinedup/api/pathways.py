"""A case's pathway and the money of its family, for a partner's own system."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.core.errors import NotVisible

_ID = "0192f0c4-0000-7000-8000-000000000001"
_KINDS = {"action": "casework.planaction", "help": "casework.intervention"}


class ComingOut(Schema):
    """A change that comes with a child's age, its day, and from when it is got ready."""

    name: str
    code: str
    words: str
    on: date
    from_day: date


class PathwayStepOut(Schema):
    """A step of the pathway. Nobody ticks it: the record says so."""

    words: str
    is_done: bool


class PathwayBeforeOut(Schema):
    """The pathway the case was on from a moment to a moment."""

    name: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    by: str


class PathwayChoiceOut(Schema):
    """A pathway the case could be put on."""

    code: str
    name: str
    summary: str


class PathwayOut(Schema):
    """The pathway of a case. For whoever may change it: its `history`, and the `choices`; send `version` (the case's) back."""

    version: int
    code: str
    name: str
    steps: list[PathwayStepOut]
    coming: list[ComingOut]
    missing_in_team: list[str]
    history: list[PathwayBeforeOut]
    choices: list[PathwayChoiceOut]


class PathwayIn(Schema):
    """Onto which pathway, and why."""

    model_config = taken(version=3, pathway="panel", reason="It is about feelings and behaviour.")

    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    pathway: schemas.Code
    reason: Annotated[schemas.Text1000, Field(max_length=500)]


class MoneyForOut(Schema):
    """Something money can be promised for: an action of the plan, or help that is given."""

    kind: Literal["action", "help"]
    id: UUID
    words: str


class MoneyPromiseOut(Schema):
    """Money that was promised, and what of the case it is for."""

    id: UUID
    pence: int
    what: str
    state: str
    about: str


class FamilyBudgetOut(Schema):
    """A budget cut for the family, in pence: what is left, and the most at a time."""

    line_id: UUID
    name: str
    left: int
    limit_pence: int | None
    may_commit: bool
    promises: list[MoneyPromiseOut]


class FamilyMoneyOut(Schema):
    """The family's budgets with their promises, and what more can be promised for."""

    budgets: list[FamilyBudgetOut]
    choices: list[MoneyForOut]
    may_promise: bool


class MoneyPromiseIn(Schema):
    """How much (in pence), for what, without anybody's name, and for which action of the plan or help given. `key` is the
    sender's own: sent again with it, nothing is promised twice."""

    model_config = taken(line_id=_ID, pence=4200, what="A bus pass", kind="action", record_id=_ID, key="2026-11-1")

    line_id: UUID
    pence: Annotated[StrictInt, Field(ge=1, le=100_000_000)]
    what: Annotated[schemas.Text200, Field(min_length=1)]
    kind: Literal["action", "help"]
    record_id: UUID
    key: Annotated[schemas.Code, Field(min_length=1)]


def router(answers: Answers) -> Router:
    """The addresses under /cases of the pathway and of the family's money."""
    found = Router(tags=["Pathway and money"])
    at = Addresses(found, answers)
    case = "/{uuid:case_id}"
    at.reads(f"{case}/pathway", PathwayOut, _pathway, "The pathway of a case")
    at.replaces(f"{case}/pathway", PathwayOut, _change, "Put a case on another pathway")
    at.reads(f"{case}/money", FamilyMoneyOut, _money, "The family’s money")
    at.writes(f"{case}/money/promises", FamilyMoneyOut, _promise, "Promise money")
    return found


def _pathway(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Which pathway the case is on, how far it has come, and what comes with age."""
    return _shown(viewer_of(request), case_id)


def _shown(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    frame = queries.case_frame(viewer, case_id, purpose="API: pathway")
    seen = queries.pathway_shown(viewer, frame)
    offered = queries.pathways_open(timezone.localdate(viewer.at)) if seen.may_change else []
    return {
        "version": frame.version, "code": seen.pathway.code, "name": seen.pathway.name,
        "steps": [each.__dict__ for each in seen.steps],
        "coming": [each.coming.__dict__ | {"name": each.name} for each in seen.coming],
        "missing_in_team": [each.words for each in seen.expected if not each.is_there],
        "history": [each.__dict__ for each in queries.pathway_history(viewer, frame.row)] if seen.may_change else [],
        "choices": [
            {"code": each.code, "name": each.name, "summary": each.summary}
            for each in offered
            if each.code != seen.pathway.code and frame.level in each.levels
        ],
    }  # fmt: skip


def _change(request: HttpRequest, case_id: UUID, sent: PathwayIn) -> dict[str, Any]:
    """Put the case on another pathway. Its plan, team and level stay as they are."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.change_pathway(case=case, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


# --- Money.


def _money(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """The budgets that were cut for the family, for whoever works with them; none for anybody else who sees the case."""
    return _money_of(viewer_of(request), case_id)


def _money_of(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    found = queries.family_money(viewer, queries.case_frame(viewer, case_id, purpose="API: money for the family"))
    kinds = {label: kind for kind, label in _KINDS.items()}
    return {
        "may_promise": found.may_promise,
        "choices": [{"kind": kinds[each.kind], "id": each.id, "words": each.words} for each in found.choices],
        "budgets": [
            budget.__dict__ | {
                "left": budget.figures.left,
                "promises": [each.shown.__dict__ | {"about": each.about} for each in promises],
            }
            for budget, promises in found.budgets
        ],
    }  # fmt: skip


def _promise(request: HttpRequest, case_id: UUID, sent: MoneyPromiseIn) -> dict[str, Any]:
    """The holder of the family's budget promises from it, up to their limit and never more than is left."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: money for the family")
    budget = queries.family_money(viewer, frame).budget(sent.line_id)
    if budget is None:
        raise NotVisible
    wanted = services.MoneyWanted(sent.pence, sent.what, _KINDS[sent.kind], sent.record_id, sent.key)
    services.promise_money(case=frame.row, line=budget.row, wanted=wanted, by=viewer, at=viewer.at)
    return _money_of(viewer, case_id)
