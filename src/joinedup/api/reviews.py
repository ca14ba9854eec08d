"""Reviews of a plan, for a partner's own system: begun with who came and how each child was heard, gone through outcome by
outcome, decided."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.codes import DECISIONS, LEAD_NAMED, VOICES
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import team_with_id

Number = Annotated[Decimal, Field(max_digits=12, decimal_places=4)]
_ID = "0192f0c4-0000-7000-8000-000000000001"


class VoiceOut(Schema):
    """How a child was heard, and what they said."""

    name: str
    how: str
    words: str


class ReviewOut(Schema):
    """A review. `unread` are the outcomes that nobody has looked at in it yet. Send `version` back to decide it."""

    id: UUID
    version: int
    state: str
    held_on: date
    came: list[str]
    missed: list[str]
    voices: list[VoiceOut]
    named_lead: str
    unread: list[UUID]
    decision: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    next_review_on: date | None


class CameIn(Schema):
    """Somebody who was asked: a post of the team around the child, or a person of the family; and whether they came."""

    model_config = taken(post_id=_ID, came=True)

    post_id: UUID | None = None
    person_id: UUID | None = None
    came: StrictBool


class VoiceIn(Schema):
    """How a child of the plan was heard, and what they said; or why they were not."""

    model_config = taken(child_id=_ID, how="said", words="School is better now.")

    child_id: UUID
    how: Annotated[str, schemas.OneOf(VOICES)]
    words: schemas.Text4000


class ReviewBeginIn(Schema):
    """When it was held, who came, and how every child of the plan was heard."""

    model_config = taken(
        held_on="2026-11-18", came=[{"post_id": _ID, "came": True}],
        voices=[{"child_id": _ID, "how": "said", "words": "School is better now."}], named_lead="yes",
    )  # fmt: skip

    held_on: schemas.Day
    came: Annotated[list[CameIn], Field(max_length=60)]
    voices: Annotated[list[VoiceIn], Field(max_length=30)]
    named_lead: Annotated[str, schemas.OneOf(LEAD_NAMED)] = "not_asked"


class ProgressIn(Schema):
    """How far an outcome has come by the day of the review."""

    model_config = taken(outcome_id=_ID, value="85", words="At school on time four days in five.")

    outcome_id: UUID
    value: Number
    words: schemas.Text2000 = ""


class DecisionIn(Schema):
    """What happens next. A step names its level and team; without a day the next review is as late as it may be."""

    model_config = taken(version=1, decision="continue", reason="It is working.", next_review_on="2026-12-30")

    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    decision: Annotated[str, schemas.OneOf(DECISIONS)]
    reason: schemas.Text4000
    next_review_on: schemas.Day | None = None
    to_level: Annotated[StrictInt, Field(ge=2, le=4)] | None = None
    to_team_id: UUID | None = None
    is_immediate: StrictBool = False


def router(answers: Answers) -> Router:
    """The addresses under /cases of reviews."""
    found = Router(tags=["Reviews"])
    at = Addresses(found, answers)
    every, one = "/{uuid:case_id}/reviews", "/{uuid:case_id}/reviews/{uuid:review_id}"
    at.reads(every, list[ReviewOut], _reviews, "Reviews of a case")
    at.writes(every, ReviewOut, _begin, "Begin a review")
    at.reads(one, ReviewOut, _review, "One review")
    at.writes(f"{one}/progress", ReviewOut, _progress, "How far an outcome has come")
    at.writes(f"{one}/decision", ReviewOut, _decide, "Decide a review")
    return found


def _out(seen: queries.ReviewSeen) -> dict[str, Any]:
    return seen.__dict__ | {"voices": [each.__dict__ for each in seen.voices], "unread": sorted(seen.unread)}


def _shown(viewer: Actor, case_id: UUID, review_id: UUID) -> dict[str, Any]:
    frame = queries.case_frame(viewer, case_id, purpose="API: review")
    return _out(queries.review_of(viewer, frame, review_id))


def _reviews(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Every review of a case, the newest first."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: review")
    return [_out(each) for each in queries.reviews_of(viewer, frame)]


def _review(request: HttpRequest, case_id: UUID, review_id: UUID) -> dict[str, Any]:
    """One review."""
    return _shown(viewer_of(request), case_id, review_id)


def _begin(request: HttpRequest, case_id: UUID, sent: ReviewBeginIn) -> dict[str, Any]:
    """Begin a review. One at a time is under way."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: review")
    seen = queries.plan_of(viewer, frame, with_changes=False)
    if seen is None:
        raise NotVisible
    sections = {each.person_id: each.id for each in seen.sections}
    voices = [
        services.Voice(sections[each.child_id], each.how, each.words)
        for each in sent.voices
        if each.child_id in sections
    ]
    attendance = services.Attendance(
        {each.post_id: each.came for each in sent.came if each.post_id},
        {each.person_id: each.came for each in sent.came if each.person_id},
    )
    plan = queries.plan_for_change(viewer, case_id)
    row = services.begin_review(
        plan=plan,
        held_on=sent.held_on,
        attendance=attendance,
        voices=voices,
        named_lead=sent.named_lead,
        by=viewer,
        at=viewer.at,
    )
    return _shown(viewer, case_id, row.pk)


def _progress(request: HttpRequest, case_id: UUID, review_id: UUID, sent: ProgressIn) -> dict[str, Any]:
    """Say how far one outcome has come. Said twice, the later counts."""
    viewer = viewer_of(request)
    review = queries.review_for_change(viewer, case_id, review_id)
    services.record_progress(plan=review.plan, review=review, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, case_id, review_id)


def _decide(request: HttpRequest, case_id: UUID, review_id: UUID, sent: DecisionIn) -> dict[str, Any]:
    """Decide what happens next; every outcome has been looked at."""
    viewer = viewer_of(request)
    frame = queries.case_frame(
        viewer, case_id, purpose="API: review"
    )  # after a step for danger it may be theirs no more
    review = queries.review_for_change(viewer, case_id, review_id)
    team = team_with_id(viewer, sent.to_team_id) if sent.to_team_id else None
    decision = services.Decision(
        sent.decision, sent.reason, sent.next_review_on, sent.to_level or 0, team, sent.is_immediate
    )
    services.decide_review(review=review, decision=decision, version=sent.version, by=viewer, at=viewer.at)
    return _out(queries.review_of(viewer, frame, review_id))
