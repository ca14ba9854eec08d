"""Observations, for the agency's own system that makes them: sending and reading back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.core.errors import Refused
from joinedup.person_index import queries, services
from joinedup.person_index.observing import KINDS

Answers = Callable[..., dict[Any, Any]]
MOST = 1000


class ObservationIn(Schema):
    """One observation, as a row of a file would say it."""

    model_config = ConfigDict(extra="forbid")

    reference: schemas.Text100 = Field(description="Your own reference of the person, as in the record you have sent.")
    kind: Annotated[str, schemas.OneOf(KINDS)]
    happened_on: schemas.Day
    ended_on: schemas.Day | None = None
    value: Annotated[Decimal, Field(max_digits=7, decimal_places=2)] | None = Field(
        None, description="Per cent, days or weeks, for the kinds that have one."
    )
    detail: schemas.Text200 = ""


class ObservationsIn(Schema):
    """Several at once; those that can be used land together."""

    model_config = ConfigDict(extra="forbid")

    agency: schemas.Code = Field(description="The code of your organisation.")
    observations: Annotated[list[ObservationIn], Field(min_length=1, max_length=MOST)]


class FaultOut(Schema):
    """One observation that was not taken: which (the first is 1), what of it, and why."""

    number: int
    field: str
    value: str
    reason: str


class TakenOut(Schema):
    """The receipt: how many were new, changed, the same as before, rejected; and why those."""

    id: UUID
    counts: dict[str, int]
    rejected: list[FaultOut]


class FindQuery(Schema):
    """Which of your own observations; the page after `before`."""

    reference: schemas.Text100 = ""
    kind: schemas.Code = ""
    before: schemas.Text60 = ""


class ObservationOut(Schema):
    """One observation of your own organisation that counts now."""

    id: UUID
    reference: str
    kind: str
    happened_on: date
    ended_on: date | None
    value: Decimal | None
    detail: str
    supplied_at: datetime


class ObservationsOut(Schema):
    """Those sent last first. `next` is the `before` of the following page, empty at the end."""

    observations: list[ObservationOut]
    next: str


def router(answers: Answers) -> Router:
    """The addresses under /observations. `answers` says which refusals each may give."""
    found = Router(tags=["Observations"])
    found.get("", response=answers(200, ObservationsOut), summary="What this account's organisation observed")(_own)
    found.post("", response=answers(200, TakenOut, 409), summary="Send what your organisation observed")(_take)
    return found


def _own(request: HttpRequest, wanted: Query[FindQuery]) -> dict[str, Any]:
    """What the organisation of this account sent and has not withdrawn or replaced. The reference of a person is yours
    alone; it is no name."""
    try:
        before = UUID(wanted.before) if wanted.before else None
    except ValueError:
        raise Refused("This is no page of the list.", rule="API-422", field="before") from None
    page = queries.observations_of_own(viewer_of(request), reference=wanted.reference, kind=wanted.kind, before=before)
    rows = [row.__dict__ | {"reference": row.agency_reference} for row in page.rows]
    return {"observations": rows, "next": page.next_before}


def _take(request: HttpRequest, sent: ObservationsIn) -> Status[dict[str, Any]]:
    """Observations by the rules of a file: those that can be used land together, the others come back with why. Sent
    again they change nothing."""
    viewer = viewer_of(request)
    given = [_as_typed(each) for each in sent.observations]
    result = services.record_observations(agency_code=sent.agency, given=given, by=viewer, at=viewer.at)
    rejected = [
        {"number": each.row, "field": each.field, "value": each.value, "reason": each.reason}
        for each in result.rejected
    ]
    return Status(200, {"id": result.run_id, "counts": result.counts, "rejected": rejected})


def _as_typed(each: ObservationIn) -> dict[str, str]:
    said = {
        "agency_reference": each.reference, "kind": each.kind, "happened_on": each.happened_on.isoformat(),
        "ended_on": each.ended_on.isoformat() if each.ended_on else "", "detail": each.detail,
        "value": "" if each.value is None else f"{each.value:f}",
    }  # fmt: skip
    return {name: text.strip() for name, text in said.items()}
