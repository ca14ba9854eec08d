"""Requests for information, for a partner's own system: what waits for this account, opening, answering, refusing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StrictInt

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.codes import Involvement, RefusalReason

Level = Annotated[StrictInt, Field(ge=1, le=4)]
Answers = Callable[..., dict[Any, Any]]


class RequestRow(Schema):
    """One request that a post of this account is named to answer. The name is blank until somebody has opened it."""

    id: UUID
    reference: str
    organisation: str
    asked_by: str
    purpose: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    is_waiting: bool
    state: str
    name: str


class RequestList(Schema):
    """What waits, the first due first, and what was answered and is still open."""

    waiting: list[RequestRow]
    settled: list[RequestRow]


class ItemOut(Schema):
    """One thing the agreement names. With `why_not` it may not be shared about this person."""

    code: str
    name: str
    justification: str
    rule: str
    why_not: str


class BasisOut(Schema):
    """A lawful basis of the agreement. `is_verified` is false until somebody has checked it against the law."""

    code: str
    name: str
    is_verified: bool


class WhoOut(Schema):
    """No more than it takes to find somebody in your own system. `references` are those of your own records."""

    name: str
    other_names: list[str]
    birth_date: date | None
    sex: str
    number_label: str
    number: str
    references: list[str]


class RequestOpened(Schema):
    """One request, opened: whom it is about, what is asked and why, and what may be shared."""

    id: UUID
    reference: str
    state: str
    purpose: str
    reason: str
    level: int
    due_at: datetime
    who: WhoOut
    items: list[ItemOut]
    bases: list[BasisOut]


class ItemIn(Schema):
    """One item, as your organisation says it."""

    model_config = ConfigDict(extra="forbid")

    code: schemas.Code
    words: Annotated[schemas.Text4000, Field(min_length=1)]
    happened_on: schemas.Day | None = None


class ItemRefusedIn(Schema):
    """One item you hold and do not share, and why."""

    model_config = ConfigDict(extra="forbid")

    code: schemas.Code
    reason_code: Annotated[str, schemas.OneOf(RefusalReason)]
    words: schemas.Text2000 = ""


class SharingAnswerIn(Schema):
    """An answer. `basis` is the code of one of the agreement's lawful bases; `as_of` the day your records say this."""

    model_config = ConfigDict(extra="forbid")

    involvement: Annotated[str, schemas.OneOf(Involvement)]
    as_of: schemas.Day
    basis: schemas.Code
    proportionality: schemas.Text2000
    service: schemas.Text160 = ""
    worker: schemas.Text120 = ""
    worker_role: schemas.Text120 = ""
    phone: schemas.Text30 = ""
    email: schemas.Text254 = ""
    started_on: schemas.Day | None = None
    last_contact_on: schemas.Day | None = None
    coverage_from: schemas.Day | None = None
    coverage_to: schemas.Day | None = None
    coverage_area: schemas.Text160 = ""
    level_of_need: Level | None = None
    judgement: schemas.Text4000 = ""
    items: Annotated[list[ItemIn], Field(max_length=40)] = []
    refused: Annotated[list[ItemRefusedIn], Field(max_length=40)] = []


class RefusalIn(Schema):
    """A refusal to share anything."""

    model_config = ConfigDict(extra="forbid")

    reason_code: Annotated[str, schemas.OneOf(RefusalReason)]
    words: schemas.Text2000 = ""


class Done(Schema):
    """Where the request stands now."""

    id: UUID
    reference: str
    state: str


def router(answers: Answers) -> Router:
    """The addresses under /information-requests. `answers` says which refusals each may give."""
    found = Router(tags=["Information requests"])
    found.get("", response=answers(200, RequestList), summary="Requests that wait for this account")(_waiting)
    one = "/{uuid:request_id}"
    found.post(f"{one}/open", response=answers(200, RequestOpened, 404, 409), summary="Open a request")(_open)
    found.post(f"{one}/answer", response=answers(201, Done, 404, 409), summary="Answer a request")(_answer)
    found.post(f"{one}/refuse", response=answers(201, Done, 404, 409), summary="Refuse to share")(_refuse)
    return found


def _waiting(request: HttpRequest) -> dict[str, Any]:
    """The requests that posts of this account are named to answer, under agreements in force."""
    found = queries.requests_to_answer(viewer_of(request))
    return {"waiting": [row.__dict__ for row in found.waiting], "settled": [row.__dict__ for row in found.settled]}


def _open(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """Say who a request is about. Opening is recorded; opening again changes nothing."""
    viewer = viewer_of(request)
    asked = queries.request_to_answer_for_change(viewer, request_id)
    services.open_request(request=asked, by=viewer, at=viewer.at)
    screen = queries.request_to_answer(viewer, request_id, purpose="answering through the partner’s own system")
    seen, who = screen.request, screen.identity
    return {
        "id": seen.id, "reference": seen.reference, "state": seen.state, "purpose": seen.purpose,
        "reason": seen.reason, "level": seen.level, "due_at": seen.due_at,
        "who": who.__dict__ | {"references": [record.reference for record in who.records]} if who else None,
        "items": [item.__dict__ for item in screen.items],
        "bases": [basis.__dict__ for basis in screen.bases],
    }  # fmt: skip


def _answer(request: HttpRequest, request_id: UUID, answer: SharingAnswerIn) -> Status[dict[str, Any]]:
    """Answer a request, as on the screen: only what the agreement allows about this person is taken."""
    viewer = viewer_of(request)
    asked = queries.request_to_answer_for_change(viewer, request_id)
    told = answer.model_dump(exclude={"items", "refused"})
    new = services.NewAnswer(
        items=tuple(services.ItemSaid(**item.model_dump()) for item in answer.items),
        refused=tuple(services.ItemRefused(**item.model_dump()) for item in answer.refused),
        **told,
    )
    services.answer_request(request=asked, answer=new, by=viewer, at=viewer.at)
    return Status(201, {"id": asked.pk, "reference": asked.reference, "state": asked.state})


def _refuse(request: HttpRequest, request_id: UUID, refusal: RefusalIn) -> Status[dict[str, Any]]:
    """Refuse to share anything, with a reason; it is counted by reason and organisation."""
    viewer = viewer_of(request)
    asked = queries.request_to_answer_for_change(viewer, request_id)
    services.refuse_request(
        request=asked, reason_code=refusal.reason_code, words=refusal.words, by=viewer, at=viewer.at
    )
    return Status(201, {"id": asked.pk, "reference": asked.reference, "state": asked.state})
