"""The chronology of a case, for a partner's own system: reading it narrowed, and saying which entries matter or are wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.chronology.kinds import TAKEN_OUT_BECAUSE

PAGE = 50


class TakenOutOut(Schema):
    """That an entry was taken out: by whom, when and why. Its own words are not said."""

    by: str
    at: datetime
    because: str
    words: str


class EntryOut(Schema):
    """Something that happened to the family. `impact` is what it meant for the child, where somebody said it matters."""

    id: int
    kind: str
    title: str
    at: datetime
    people: list[UUID]
    by: str
    organisation: str
    said: str
    is_significant: bool
    impact: str
    taken_out: TakenOutOut | None


class ChronologyOut(Schema):
    """A page of entries, the newest first; `next` is the `after` of the following one, empty at the end. `kinds` is what it
    can be narrowed to."""

    entries: list[EntryOut]
    kinds: list[str]
    next: str


class NarrowQuery(schemas.PageQuery):
    """What is wanted."""

    kind: schemas.Text60 = ""
    organisation_id: UUID | None = None
    since: schemas.Day | None = None
    until: schemas.Day | None = None
    is_significant: bool = False


class ImpactIn(Schema):
    """What an entry meant for the child."""

    model_config = taken(impact="She stopped sleeping through.")

    impact: schemas.Text1000


class TakeOutIn(Schema):
    """Why an entry is taken out; with `people` it is recorded about them instead."""

    model_config = taken(code="wrong", words="It was another day.", people=[])

    code: Annotated[str, schemas.OneOf(TAKEN_OUT_BECAUSE)]
    words: schemas.Text300
    people: Annotated[list[UUID], Field(max_length=30)] = []


class WhyIn(Schema):
    """Why."""

    model_config = taken(words="It was right after all.")

    words: schemas.Text300


def router(answers: Answers) -> Router:
    """The addresses under /cases of the chronology."""
    found = Router(tags=["Chronology"])
    at = Addresses(found, answers)
    every, one = "/{uuid:case_id}/chronology", "/{uuid:case_id}/chronology/{int:event_id}"
    at.reads(every, ChronologyOut, _chronology, "The chronology of a case")
    at.writes(f"{one}/significant", EntryOut, _significant, "An entry is significant")
    at.writes(f"{one}/ordinary", EntryOut, _ordinary, "An entry is not significant after all")
    at.writes(f"{one}/out", EntryOut, _take_out, "Take an entry out")
    at.writes(f"{one}/back", EntryOut, _put_back, "Put an entry back")
    return found


def _chronology(request: HttpRequest, case_id: UUID, wanted: Query[NarrowQuery]) -> dict[str, Any]:
    """What happened to the family, newest first. What is about somebody withheld from this account is not in it."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: chronology")
    narrowed = queries.Narrowed(**wanted.model_dump(exclude={"after"}))
    shown = queries.chronology_of(viewer, frame, narrowed, after=wanted.after, most=PAGE)
    kinds = [kind for kind, _ in shown.kinds]
    return {"entries": [_out(each) for each in shown.rows], "kinds": kinds, "next": shown.next_cursor}


def _out(shown: queries.EntryShown) -> dict[str, Any]:
    entry = shown.entry
    gone = entry.taken_out.__dict__ if entry.taken_out else None
    said = "" if gone else shown.said
    return entry.__dict__ | {"organisation": shown.organisation, "said": said, "taken_out": gone}


def _one(request: HttpRequest, case_id: UUID, event_id: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: chronology")
    return _out(queries.entry_of(viewer, frame, event_id))


def _significant(request: HttpRequest, case_id: UUID, event_id: int, sent: ImpactIn) -> dict[str, Any]:
    """Say that an entry matters, and what it meant for the child."""
    _mark(request, case_id, event_id, impact=sent.impact)
    return _one(request, case_id, event_id)


def _ordinary(request: HttpRequest, case_id: UUID, event_id: int) -> dict[str, Any]:
    """Take back that an entry matters."""
    _mark(request, case_id, event_id)
    return _one(request, case_id, event_id)


def _mark(request: HttpRequest, case_id: UUID, event_id: int, *, impact: str | None = None) -> None:
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.mark_entry(
        case=case, event_id=event_id, is_significant=impact is not None, impact=impact or "", by=viewer, at=viewer.at
    )  # fmt: skip


def _take_out(request: HttpRequest, case_id: UUID, event_id: int, sent: TakeOutIn) -> dict[str, Any]:
    """Take an entry out, or record it about the right people. Nothing is removed: it is an entry of its own that says so."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.take_out_entry(case=case, event_id=event_id, **sent.model_dump(), by=viewer, at=viewer.at)
    return _one(request, case_id, event_id)


def _put_back(request: HttpRequest, case_id: UUID, event_id: int, sent: WhyIn) -> dict[str, Any]:
    """A manager shows an entry again that had been taken out."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.put_back_entry(case=case, event_id=event_id, words=sent.words, by=viewer, at=viewer.at)
    return _one(request, case_id, event_id)
