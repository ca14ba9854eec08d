"""Registers of sessions and what young people do, for a partner's own system: the same reads, rules and refusals as the
pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.universal import queries, services

Count = Annotated[StrictInt, Field(ge=0, le=2000)]
Mark = Literal["present", "late", "left_early", "absent"]


class SessionOut(Schema):
    """One session in the list of those the account's organisation runs: how many came, nobody's name."""

    id: UUID
    programme_id: UUID
    name: str
    held_on: date
    starts_time: time
    ends_time: time
    place: str
    state: str
    came: int
    counted: int


class SessionsOut(Schema):
    """Four weeks back and ahead."""

    sessions: list[SessionOut]


class LineOut(Schema):
    """Somebody on the list, as the organisation's own record has them. Without a `mark` they came lately and nobody has
    said anything of them yet."""

    record_id: UUID
    name: str
    birth_date: date | None
    age: int | None
    mark: str
    is_newcomer: bool


class RegisterOut(Schema):
    """A register: who is on it, and how many more were counted."""

    id: UUID
    name: str
    held_on: date
    state: str
    lines: list[LineOut]
    adults: int
    children: int
    came: int
    total: int
    finished_at: datetime | None


class MarkIn(Schema):
    """What is said of one record; an empty mark takes it off the list."""

    model_config = taken(record_id="01890a5d-ac96-774b-bcce-b302099a8057", mark="present")

    record_id: UUID
    mark: Mark | Literal[""]


class RegisterIn(Schema):
    """A register or a part of it: only what is said is changed."""

    model_config = taken(marks=[], children=4, adults=3)

    marks: Annotated[list[MarkIn], Field(max_length=300)] = []
    adults: Count | None = None
    children: Count | None = None


class NewcomerIn(Schema):
    """Somebody who is in none of the organisation's records. An age will do where no date of birth is known."""

    model_config = taken(given_name="Quill", family_name="Testnewcomer", age=12)

    given_name: Annotated[str, Field(max_length=100)]
    family_name: Annotated[str, Field(max_length=100)] = ""
    birth_date: date | None = None
    age: Annotated[StrictInt, Field(ge=0, le=110)] | None = None
    postcode: Annotated[str, Field(max_length=8)] = ""
    mark: Mark = "present"


class FinishIn(Schema):
    """That the register is complete."""

    model_config = taken()


class SpellOut(Schema):
    """What somebody did from a day to a day. After `expires_on` it counts as not known."""

    id: UUID
    status: str
    reason: str
    provider: str
    starts_on: date
    ends_on: date | None
    confirmed_on: date
    expires_on: date
    source: str
    is_now: bool
    has_expired: bool
    taken_back_reason: str


class YoungPersonOut(Schema):
    """What a young person does and did, for those who follow them."""

    person_id: UUID
    name: str
    age: int
    area: str
    spells: list[SpellOut]


class DoingIn(Schema):
    """What a young person does from a day on; `reason` only where they neither learn nor work."""

    model_config = taken(status="education", starts_on="2026-09-03", provider="Elder Inventon College")

    status: Literal["education", "employment", "training", "neither", "unknown"]
    starts_on: date
    reason: Annotated[str, Field(max_length=12)] = ""
    provider: Annotated[str, Field(max_length=160)] = ""


class ShareOut(Schema):
    """A share with what it is of: `unknown` are part of `of`."""

    count: int
    of: int
    unknown: int
    share: float | None
    at_most: float | None
    known: float | None


class FiguresOut(Schema):
    """Who neither learns nor works, of everybody of these ages who lives here, on a day. What is too
    small to be shown is null."""

    on: date
    youngest: int
    oldest: int
    whole: ShareOut | None
    counts: dict[str, int | None]


def sessions_router(answers: Answers) -> Router:
    """The addresses under /sessions."""
    at = Addresses(Router(tags=["Sessions"]), answers)
    one = "/{uuid:session_id}"
    at.router.get("", response=answers(200, SessionsOut), summary="The sessions this account's organisation runs")(
        _sessions
    )
    at.reads(one, RegisterOut, _register, "The register of a session")
    at.writes(f"{one}/attendance", RegisterOut, _take, "Save a register, or a part of it")
    at.writes(f"{one}/newcomers", RegisterOut, _newcomer, "Put somebody new on the register")
    at.writes(f"{one}/finish", RegisterOut, _finish, "Say that the register is complete")
    return at.router


def participation_router(answers: Answers) -> Router:
    """The addresses under /participation."""
    at = Addresses(Router(tags=["Young people"]), answers)
    at.router.get("", response=answers(200, FiguresOut), summary="How many neither learn nor work today")(_figures)
    at.reads("/{uuid:young_id}", YoungPersonOut, _young, "What a young person does and did")
    at.writes("/{uuid:young_id}", YoungPersonOut, _record, "Record what a young person does")
    return at.router


def _sessions(request: HttpRequest) -> dict[str, Any]:
    """Four weeks back and ahead, in the order of the day."""
    return {"sessions": [asdict(row) for row in queries.sessions(viewer_of(request))]}


def _register(request: HttpRequest, session_id: UUID) -> dict[str, Any]:
    """Who is on the list, and who came lately; in the organisation's own records and nobody else's."""
    return _shown(viewer_of(request), session_id)


def _shown(viewer: Actor, session_id: UUID) -> dict[str, Any]:
    found = queries.register(viewer, session_id, purpose="API: register")
    return found.__dict__ | {"lines": [asdict(line) for line in found.lines], "came": found.came, "total": found.total}


def _take(request: HttpRequest, session_id: UUID, sent: RegisterIn) -> dict[str, Any]:
    """Save marks and numbers. Two who save at once lose nothing of each other's."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    said = services.Taken({each.record_id: each.mark for each in sent.marks}, sent.adults, sent.children)
    services.take_register(session=row, taken=said, by=viewer, at=viewer.at)
    return _shown(viewer, session_id)


def _newcomer(request: HttpRequest, session_id: UUID, sent: NewcomerIn) -> dict[str, Any]:
    """They are in the organisation's own records from now on. Whether anybody else knows them is not said."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    services.add_newcomer(session=row, newcomer=services.Newcomer(**sent.model_dump()), by=viewer, at=viewer.at)
    return _shown(viewer, session_id)


def _finish(request: HttpRequest, session_id: UUID, sent: FinishIn) -> dict[str, Any]:
    """It can still be corrected."""
    viewer = viewer_of(request)
    services.finish_register(session=queries.session_for_change(viewer, session_id), by=viewer, at=viewer.at)
    return _shown(viewer, session_id)


def _figures(request: HttpRequest) -> dict[str, Any]:
    """The whole partnership, today; by area, age and group on the page."""
    found = queries.participation_figures(viewer_of(request))
    whole = found.whole
    shares = {"share": whole.share, "at_most": whole.at_most, "known": whole.known}
    return found.__dict__ | {"whole": None if found.is_small else whole.__dict__ | shares, "counts": found.shown}


def _young(request: HttpRequest, young_id: UUID) -> dict[str, Any]:
    """For the team that serves the area, and for those who work with them."""
    found = queries.young_person(viewer_of(request), young_id)
    return found.__dict__ | {"spells": [asdict(spell) for spell in found.spells]}


def _record(request: HttpRequest, young_id: UUID, sent: DoingIn) -> dict[str, Any]:
    """What stood before ends on that day; the same again confirms it."""
    viewer = viewer_of(request)
    young = queries.young_person(viewer, young_id)
    doing = services.Doing(young.person_id, sent.status, sent.starts_on, sent.reason, sent.provider)
    services.record_participation(doing=doing, source=queries.own_source(viewer), by=viewer, at=viewer.at)
    return _young(request, young_id)
