"""Supervision, for a partner's own system: whom one supervises, what was said, whether the worker agrees, and its actions as
tasks. A supervision is between the two of them; what was said of a family stands in its case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.queries import supervision as reading

_ID = "0192f0c4-0000-7000-8000-000000000001"
Text5000 = Annotated[schemas.Text20000, Field(max_length=5000)]


class SuperviseeOut(Schema):
    """Somebody this account supervises, and by when they meet next; no day until the clock begins."""

    post_id: UUID
    name: str
    title: str
    leads: int
    last_on: date | None
    due_on: date | None
    is_overdue: bool
    is_waiting_for_answer: bool


class SupervisionRowOut(Schema):
    """One supervision in a list. `answer` is empty, agreed or differs."""

    id: UUID
    held_on: date
    worker: str
    manager: str
    next_on: date
    answer: str
    is_own: bool


class SupervisionsOut(Schema):
    """Whom this account supervises, who is overdue first; those for whom the clock has not begun; the supervisions it may
    read; and how many weeks may lie between two."""

    people: list[SuperviseeOut]
    idle: list[SuperviseeOut]
    rows: list[SupervisionRowOut]
    weeks: int


class TalkedOut(Schema):
    """What was said about one family, and what came of it."""

    id: UUID
    supervision_id: UUID
    case_id: UUID
    reference: str
    family: str
    held_on: date
    worker: str
    manager: str
    reflection: str
    decision: str
    action: str
    owner: str
    due_on: date | None
    is_task: bool
    task_done: bool


class SupervisionAdditionOut(Schema):
    """What was put right beside a supervision."""

    words: str
    by: str
    at: datetime


class SupervisionOut(Schema):
    """One supervision. `unseen` is how many families were talked about whose cases this account does not see. Send
    `version` back to answer it."""

    id: UUID
    version: int
    worker: str
    worker_title: str
    manager: str
    held_on: date
    next_on: date
    discussed: str
    wellbeing: str
    development: str
    written_at: datetime
    answer: str
    answer_words: str
    answered_at: datetime | None
    cases: list[TalkedOut]
    unseen: int
    additions: list[SupervisionAdditionOut]
    may_answer: bool
    may_add: bool


class ToDiscussOut(Schema):
    """A case to talk about, in words."""

    case_id: UUID
    words: str


class SupervisionMadeOut(Schema):
    """What was written: read it at its own address."""

    id: UUID


class TalkedIn(Schema):
    """What was said about one family; an action has its owner of the two and its day."""

    model_config = taken(
        case_id=_ID, reflection="She is quieter since March.", decision="See her at school.", action="Ring the school.",
        owner="worker", due_on="2026-12-05",
    )  # fmt: skip

    case_id: UUID
    reflection: Annotated[Text5000, Field(min_length=1)]
    decision: Annotated[schemas.Text4000, Field(min_length=1, max_length=3000)]
    action: schemas.Text300 = ""
    owner: Literal["", "worker", "manager"] = ""
    due_on: schemas.Day | None = None


class SupervisionIn(Schema):
    """What a supervision was about. Wellbeing and development are between the two of them."""

    model_config = taken(held_on="2026-11-18", discussed="Workload.", wellbeing="", development="", cases=[])

    held_on: schemas.Day
    discussed: Annotated[schemas.Text20000, Field(min_length=1, max_length=10_000)]
    wellbeing: Text5000 = ""
    development: Text5000 = ""
    next_on: schemas.Day | None = None
    cases: Annotated[list[TalkedIn], Field(max_length=20)] = []


class SupervisionAnswerIn(Schema):
    """Whether the worker agrees; where they see it differently, how."""

    model_config = taken(version=1, agrees=True, words="")

    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    agrees: StrictBool
    words: Text5000 = ""


class SupervisionAdditionIn(Schema):
    """What was wrong, and what is right."""

    model_config = taken(words="It was the course in May.")

    words: Text5000


def router(answers: Answers) -> Router:
    """The address under /cases of what was said of it in supervision."""
    found = Router(tags=["Supervision"])
    Addresses(found, answers).reads(
        "/{uuid:case_id}/supervision", list[TalkedOut], _of_case, "What was said of a case in supervision"
    )
    return found


def supervisions_router(answers: Answers) -> Router:
    """The addresses under /supervisions."""
    found = Router(tags=["Supervision"])
    at = Addresses(found, answers)
    worker, one = "/with/{uuid:worker_id}", "/{uuid:supervision_id}"
    at.reads("", SupervisionsOut, _supervisions, "Supervisions")
    at.reads(worker, list[ToDiscussOut], _to_discuss, "The cases to talk about with somebody")
    at.writes(worker, SupervisionMadeOut, _write, "Write down a supervision")
    at.reads(one, SupervisionOut, _supervision, "One supervision")
    at.writes(f"{one}/answer", SupervisionOut, _answer, "The worker agrees, or sees it differently")
    at.writes(f"{one}/additions", SupervisionOut, _add, "Put something right beside it")
    at.writes(f"{one}/families/{{uuid:part_id}}/task", SupervisionOut, _task, "Make an action a task of the case")
    return found


def _of_case(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """What was said of the case in supervision, the newest first, for whoever sees the case."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: supervision")
    return [each.__dict__ for each in reading.supervised_of_case(viewer, frame)]


def _supervisions(request: HttpRequest) -> dict[str, Any]:
    """Whom this account supervises, and the supervisions it may read. Nobody's words."""
    seen = reading.supervisions(viewer_of(request))
    return seen.__dict__ | {
        name: [each.__dict__ for each in getattr(seen, name)] for name in ("people", "idle", "rows")
    }


def _to_discuss(request: HttpRequest, worker_id: UUID) -> list[dict[str, Any]]:
    """The open cases that somebody this account supervises works on, and that it sees."""
    viewer = viewer_of(request)
    worker = reading.worker_to_supervise(viewer, worker_id)
    return [each.__dict__ for each in reading.cases_offered(viewer, worker)]


def _write(request: HttpRequest, worker_id: UUID, sent: SupervisionIn) -> dict[str, Any]:
    """Write down a supervision. From then on nothing in it changes; the worker says whether they agree."""
    viewer = viewer_of(request)
    worker = reading.worker_to_supervise(viewer, worker_id)
    cases = [services.CaseTalkedAbout(**each.model_dump()) for each in sent.cases]
    said = services.SupervisionSaid(**sent.model_dump(exclude={"cases"}), cases=cases)
    return {"id": services.write_supervision(worker=worker, said=said, by=viewer, at=viewer.at).pk}


def _shown(viewer: Actor, supervision_id: UUID) -> dict[str, Any]:
    seen = reading.supervision(viewer, supervision_id)
    return seen.__dict__ | {name: [each.__dict__ for each in getattr(seen, name)] for name in ("cases", "additions")}


def _supervision(request: HttpRequest, supervision_id: UUID) -> dict[str, Any]:
    """For the two of them and whoever supervises the manager; of families only those whose cases they see."""
    return _shown(viewer_of(request), supervision_id)


def _answer(request: HttpRequest, supervision_id: UUID, sent: SupervisionAnswerIn) -> dict[str, Any]:
    """The worker agrees, or says in their own words where they see it differently; once."""
    viewer = viewer_of(request)
    row = reading.supervision_for_change(viewer, supervision_id)
    services.answer_supervision(supervision=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, supervision_id)


def _add(request: HttpRequest, supervision_id: UUID, sent: SupervisionAdditionIn) -> dict[str, Any]:
    """Either of the two puts something right beside it. What was written stays."""
    viewer = viewer_of(request)
    row = reading.supervision_for_change(viewer, supervision_id)
    services.add_to_supervision(supervision=row, words=sent.words, by=viewer, at=viewer.at)
    return _shown(viewer, supervision_id)


def _task(request: HttpRequest, supervision_id: UUID, part_id: UUID) -> dict[str, Any]:
    """What was to be done for a family becomes a task of its case; once."""
    viewer = viewer_of(request)
    reading.supervision_for_change(viewer, supervision_id)
    part = reading.supervision_part_for_change(viewer, supervision_id, part_id)
    services.make_task_of_supervision(case=part.case, part=part, by=viewer, at=viewer.at)
    return _shown(viewer, supervision_id)
