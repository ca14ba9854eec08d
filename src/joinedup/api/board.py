"""What a lead professional and a team's manager work from: the board, and what is due."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from joinedup.access.middleware import viewer_of
from joinedup.api.writes import Addresses, Answers
from joinedup.casework import queries


class BoardCountOut(Schema):
    """A number, and the `list` of `/cases` that holds what it counts."""

    list: str
    title: str
    sentence: str
    n: int
    is_urgent: bool


class CaseloadOut(Schema):
    """How many open cases one worker leads, beside the most they should."""

    post_id: UUID
    name: str
    title: str
    leads: int
    cap: int
    is_over: bool


class BoardOut(Schema):
    """One team as its manager sees it. `continuity` is the share (per cent) who came to a meeting and had come to the one
    before; `effectiveness` what audits of the last year found, in per cent."""

    team_id: UUID
    team: str
    open_cases: int
    cap: int | None
    counts: list[BoardCountOut]
    caseloads: list[CaseloadOut]
    continuity: int | None
    effectiveness: int | None
    supervisions_overdue: int


class DueOut(Schema):
    """Something to do: `kind` is review, meeting, minutes, action, plan (an action of the plan) or offer; `record_id` is
    what it is about."""

    kind: str
    on: date
    words: str
    case_id: UUID | None
    record_id: UUID
    child: str
    reference: str
    is_overdue: bool


class DueReviewOut(Schema):
    """A case whose next review, closing or check afterwards is due."""

    case_id: UUID
    reference: str
    family: str
    due_on: date
    is_late: bool


class DueDutiesOut(Schema):
    """What of plans, reviews, steps and closings waits for this account and its team. `steps` are read under `/steps`."""

    steps: list[UUID]
    reviews: list[DueReviewOut]
    closings: list[DueReviewOut]
    checks: list[DueReviewOut]


def router(answers: Answers) -> Router:
    """The addresses under /my-work."""
    found = Router(tags=["Board and what is due"])
    at = Addresses(found, answers)
    at.reads("/board", list[BoardOut], _board, "The board of each team this account manages")
    at.reads("/due", list[DueOut], _due, "What is due until this day next week")
    at.reads("/duties", DueDutiesOut, _duties, "What waits for this account and its team")
    return found


def _board(request: HttpRequest) -> list[dict[str, Any]]:
    """Numbers only: the lists behind them name people, and are audited."""
    return [
        each.__dict__ | {
            "counts": [one.__dict__ | {"list": one.name} for one in each.counts],
            "caseloads": [one.__dict__ | {"is_over": one.is_over} for one in each.caseloads],
            "continuity": each.continuity.percent,
        }
        for each in queries.board(viewer_of(request))
    ]  # fmt: skip


def _due(request: HttpRequest) -> list[dict[str, Any]]:
    """Reviews, meetings, minutes, actions and offers that are overdue or due within seven days; what is overdue first."""
    return [each.__dict__ for each in queries.this_week(viewer_of(request)).items]


def _duties(request: HttpRequest) -> dict[str, Any]:
    """Steps to answer, reviews due within a fortnight, closings to confirm, changes to ask about."""
    found = queries.duties(viewer_of(request))
    rows = {name: [each.__dict__ for each in getattr(found, name)] for name in ("reviews", "closings", "checks")}
    return rows | {"steps": [each.id for each in found.steps]}
