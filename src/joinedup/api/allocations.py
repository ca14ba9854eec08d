"""The allocation meeting, for a partner's own system: the list that fills itself, deciding about one family after the other,
the minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import services
from joinedup.casework.allocating import DECISIONS, Candidate, Decided
from joinedup.casework.queries import allocating as reading
from joinedup.core.errors import NotPermitted

_ID = "0192f0c4-0000-7000-8000-000000000001"


class AllocatingTeamOut(Schema):
    """A team whose allocation meetings this account holds."""

    team_id: UUID
    name: str


class CandidateOut(Schema):
    """Somebody who could lead: how many cases they lead beside the most they should, and what they are qualified in."""

    post_id: UUID
    name: str
    title: str
    leads: int
    cap: int
    is_trained: bool
    is_social_worker: bool


class AllocationDecisionOut(Schema):
    """What a meeting decided about one family, and what became of it."""

    case_id: UUID
    reference: str
    decision: str
    waited_for: str
    waited_since: datetime
    to: str
    hold_until: date | None
    reason: str
    decided_at: datetime
    became: str


class WaitingOut(Schema):
    """A family that waits: why, since when and by when that should end, and what has been done about it so far.
    `asked_front_door` is by when the front door answers, `suggested` the post that is suggested to lead."""

    case_id: UUID
    reference: str
    child: str
    family: str
    level: int
    why: list[str]
    since: datetime
    due_at: datetime
    is_late: bool
    led_by: str
    offered_to: str
    held_until: date | None
    held_because: str
    asked_front_door: datetime | None
    front_door_said: str
    may_go_back: bool
    suggested: UUID | None
    decided: AllocationDecisionOut | None


class AllocationRowOut(Schema):
    """An earlier meeting."""

    id: UUID
    reference: str
    begun_at: datetime
    ended_at: datetime | None
    decisions: int
    waiting: int


class AllocationOut(Schema):
    """One meeting with what it decided. Send `version` back to end it."""

    id: UUID
    version: int
    reference: str
    team_id: UUID
    team: str
    begun_at: datetime
    ended_at: datetime | None
    present: str
    words: str
    waiting: int
    made: list[AllocationDecisionOut]


class AllocationListOut(Schema):
    """A team's list. `held`, `offered` and `back` (with the front door) need no decision now; `open` is the meeting that
    goes on, if one does; `cap` the most cases one person should lead, `days` how many working days a family may wait."""

    team_id: UUID
    team: str
    to_decide: list[WaitingOut]
    offered: list[WaitingOut]
    held: list[WaitingOut]
    back: list[WaitingOut]
    candidates: list[CandidateOut]
    cap: int
    days: int
    open: AllocationOut | None
    earlier: list[AllocationRowOut]


class AllocationMadeOut(Schema):
    """What was begun: read it at its own address."""

    id: UUID
    reference: str


class AllocationDecisionIn(Schema):
    """What the meeting decides: the lead is offered to a post, the family waits until a day, or it goes back."""

    model_config = taken(decision="offer", post_id=_ID, reason="They know the family.")

    decision: Annotated[str, schemas.OneOf(DECISIONS)]
    reason: schemas.Text2000
    post_id: UUID | None = None
    hold_until: schemas.Day | None = None


class AllocationEndIn(Schema):
    """Who was there, and what else was said."""

    model_config = taken(version=2, present="Nia, Amira", words="")

    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    present: Annotated[schemas.Text1000, Field(min_length=1, max_length=500)]
    words: Annotated[schemas.Text20000, Field(max_length=5000)] = ""


def router(answers: Answers) -> Router:
    """The addresses under /allocation."""
    found = Router(tags=["Allocation meeting"])
    at = Addresses(found, answers)
    team, one = "/teams/{uuid:managed_team_id}", "/{uuid:allocation_id}"
    family = f"{one}/families/{{uuid:waits_id}}"
    at.reads("/teams", list[AllocatingTeamOut], _teams, "Teams this account allocates for")
    at.reads(team, AllocationListOut, _list, "What waits for a team")
    at.writes(f"{team}/begin", AllocationMadeOut, _begin, "Begin a team’s allocation meeting")
    at.reads(one, AllocationOut, _meeting, "One allocation meeting")
    at.reads(f"{family}/candidates", list[CandidateOut], _candidates, "Who may lead a family that waits")
    at.writes(f"{family}/decision", AllocationOut, _decide, "Decide about a family that waits")
    at.writes(f"{one}/end", AllocationOut, _end, "End an allocation meeting")
    return found


def _candidate(each: Candidate) -> dict[str, Any]:
    return each.__dict__


def _row(row: reading.WaitingRow) -> dict[str, Any]:
    waits = row.waiting
    return waits.__dict__ | {
        "child": row.child, "is_late": row.is_late, "may_go_back": waits.may_go_back, "why": [str(each) for each in waits.why],
        "suggested": waits.suggested.post_id if waits.suggested else None,
        "decided": row.decided.__dict__ if row.decided else None,
    }  # fmt: skip


def _out(seen: reading.MeetingSeen) -> dict[str, Any]:
    return seen.__dict__ | {"made": [each.__dict__ for each in seen.made]}


def _teams(request: HttpRequest) -> list[dict[str, Any]]:
    """The teams whose lists this account reads."""
    viewer = viewer_of(request)
    teams = reading.teams_to_allocate(viewer)
    if not teams:
        raise NotPermitted(
            "Only a team manager holds an allocation meeting.", rule="permission:casework.hold_allocation"
        )
    return [{"team_id": each.pk, "name": each.name} for each in teams]


def _list(request: HttpRequest, managed_team_id: UUID) -> dict[str, Any]:
    """Every family that waits for the team, who has waited longest first."""
    page = reading.allocation_page(viewer_of(request), managed_team_id)
    rows = {name: [_row(each) for each in getattr(page, name)] for name in ("to_decide", "offered", "held", "back")}
    return page.__dict__ | rows | {
        "candidates": [_candidate(each) for each in page.candidates], "open": _out(page.open) if page.open else None,
        "earlier": [each.__dict__ for each in page.earlier],
    }  # fmt: skip


def _begin(request: HttpRequest, managed_team_id: UUID) -> dict[str, Any]:
    """Begin the team's meeting; it holds one at a time."""
    viewer = viewer_of(request)
    team = reading.team_to_allocate(viewer, managed_team_id)
    made = services.begin_allocation(team=team, by=viewer, at=viewer.at)
    return {"id": made.pk, "reference": made.reference}


def _meeting(request: HttpRequest, allocation_id: UUID) -> dict[str, Any]:
    """One meeting and what it decided."""
    return _out(reading.allocation_meeting(viewer_of(request), allocation_id))


def _going_on(viewer: Actor, allocation_id: UUID) -> reading.MeetingSeen:
    meeting = reading.allocation_meeting(viewer, allocation_id)
    if meeting.ended_at is not None:
        raise NotPermitted("This allocation meeting has ended. Its decisions stay as they are.", rule="CW-526")
    return meeting


def _candidates(request: HttpRequest, allocation_id: UUID, waits_id: UUID) -> list[dict[str, Any]]:
    """Who may lead one family: of the team, and of whoever else is in the team around the child and trained."""
    viewer = viewer_of(request)
    meeting = _going_on(viewer, allocation_id)
    _, waiting = reading.waiting_to_decide(viewer, meeting, waits_id)
    return [_candidate(each) for each in reading.candidates_for(viewer, meeting, waiting)]


def _decide(request: HttpRequest, allocation_id: UUID, waits_id: UUID, sent: AllocationDecisionIn) -> dict[str, Any]:
    """Decide about one family (`waits_id` is its case's), once in a meeting. What is decided is carried out at once."""
    viewer = viewer_of(request)
    meeting = _going_on(viewer, allocation_id)
    case, _ = reading.waiting_to_decide(viewer, meeting, waits_id)
    services.decide_allocation(
        meeting=meeting.row, case=case, said=Decided(**sent.model_dump()), by=viewer, at=viewer.at
    )
    return _out(reading.allocation_meeting(viewer, allocation_id))


def _end(request: HttpRequest, allocation_id: UUID, sent: AllocationEndIn) -> dict[str, Any]:
    """End the meeting; how many families still wait is written down."""
    viewer = viewer_of(request)
    meeting = reading.allocation_meeting(viewer, allocation_id)
    services.end_allocation(meeting=meeting.row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _out(reading.allocation_meeting(viewer, allocation_id))
