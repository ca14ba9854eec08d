"""Meetings of the team around the child, for a partner's own system: planned, moved, told, minuted, and what was undertaken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.calendar_file import CalendarEntry, calendar_file
from joinedup.casework.meeting import Purpose
from joinedup.core.documents import attachment
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import post_with_id

_ID = "0192f0c4-0000-7000-8000-000000000001"
Version = Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
Ids = Annotated[list[UUID], Field(max_length=60)]


class MeetingRowOut(Schema):
    """One meeting in a list. `came` and `asked` are numbers of people."""

    id: UUID
    reference: str
    purpose: str
    starts_at: datetime
    place: str
    state: str
    asked: int
    came: int


class SeatOut(Schema):
    """Somebody asked: a post or a person of the family, how they were told, and whether they came."""

    id: UUID
    post_id: UUID | None
    person_id: UUID | None
    name: str
    what: str
    told_by: str
    told_at: datetime | None
    presence: str
    words: str
    was_there_before: bool | None


class DecisionOut(Schema):
    """A decision of a meeting."""

    words: str
    at: datetime


class MeetingActionOut(Schema):
    """What somebody undertook to do by a day."""

    id: UUID
    words: str
    owner: str
    due_on: date
    state: str
    ended_words: str
    is_overdue: bool


class MeetingOut(Schema):
    """One meeting. Send `version` back to move it, to write its minutes or to agree them. `continuity_percent` is how many of
    those who came had come to the meeting before."""

    id: UUID
    version: int
    reference: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    note: str
    state: str
    seats: list[SeatOut]
    minutes: str
    minuted_by: str
    minuted_at: datetime | None
    has_changed_the_work: bool | None
    ended_reason: str
    decisions: list[DecisionOut]
    actions: list[MeetingActionOut]
    continuity_percent: int | None


class WhenIn(Schema):
    """When and where; a place or a link."""

    starts_at: AwareDatetime
    minutes_long: Annotated[StrictInt, Field(ge=5, le=480)] = 60
    place: schemas.Text160 = ""
    link: Annotated[schemas.Text300, Field(pattern=r"^(https?://[^\s\x00]+)?$")] = ""
    note: schemas.Text300 = ""


class MeetingPlanIn(WhenIn):
    """A meeting and who is asked to it: posts of the team around the child and people of the family."""

    model_config = taken(
        purpose="review", starts_at="2026-12-01T14:30:00Z", minutes_long=60, place="Testerfield Children’s Centre",
        posts=[_ID], people=[_ID],
    )  # fmt: skip

    purpose: Literal["first", "review", "other"]
    posts: Ids = []
    people: Ids = []


class MoveIn(WhenIn):
    """Another time or place."""

    model_config = taken(version=1, starts_at="2026-12-02T14:30:00Z", place="Testerfield Children’s Centre")

    version: Version


class MoreIn(Schema):
    """Who is asked besides."""

    model_config = taken(posts=[_ID], people=[])

    posts: Ids = []
    people: Ids = []


class MeetingReasonIn(Schema):
    """Why."""

    model_config = taken(reason="Two of us are ill.")

    reason: schemas.Text300


class ToldIn(Schema):
    """Who of the family was told, and how."""

    model_config = taken(seat_id=_ID, told_by="in_person")

    seat_id: UUID
    told_by: Literal["in_person", "letter"]


class ApologiesIn(Schema):
    """What is to be said for whoever cannot come."""

    model_config = taken(words="Attendance is up to 92 per cent.")

    words: schemas.Text200 = ""


class UndertakingIn(Schema):
    """What a post or a person of the family undertook to do by a day."""

    model_config = taken(words="Ring the school.", due_on="2026-12-05", post_id=_ID)

    words: schemas.Text300
    due_on: schemas.Day
    post_id: UUID | None = None
    person_id: UUID | None = None


class MinutesIn(Schema):
    """Who came (ids of posts and people), what was said, decided and undertaken. Whoever saves second gets both texts."""

    model_config = taken(
        version=1, present=[_ID], apologies=[], text="We looked at mornings.", decided=["Walk together."],
        actions=[{"words": "Ring the school.", "due_on": "2026-12-05", "post_id": _ID}], has_changed_the_work=True,
    )  # fmt: skip

    version: Version
    present: Ids
    apologies: Ids = []
    text: Annotated[schemas.Text20000, Field(min_length=1)]
    decided: Annotated[list[Annotated[schemas.Text300, Field(min_length=1)]], Field(max_length=40)] = []
    actions: Annotated[list[UndertakingIn], Field(max_length=40)] = []
    has_changed_the_work: StrictBool | None = None
    next_review_on: schemas.Day | None = None


class VersionIn(Schema):
    """The version that was read."""

    model_config = taken(version=2)

    version: Version


class MeetingEndIn(Schema):
    """An action is done, or dropped with the reason."""

    model_config = taken(is_done=True, words="They will meet us on Friday.")

    is_done: StrictBool
    words: schemas.Text300 = ""


_CALENDAR = {
    "responses": {200: {"description": "iCalendar.", "content": {"text/calendar": {"schema": {"type": "string"}}}}}
}


def router(answers: Answers) -> Router:
    """The addresses under /cases of meetings."""
    found = Router(tags=["Meetings"])
    at = Addresses(found, answers)
    every, one = "/{uuid:case_id}/meetings", "/{uuid:case_id}/meetings/{uuid:meeting_id}"
    at.reads(every, list[MeetingRowOut], _meetings, "Meetings of a case")
    at.writes(every, MeetingOut, _plan, "Plan a meeting and ask people to it")
    at.reads(one, MeetingOut, _meeting, "One meeting")
    at.replaces(f"{one}/when", MeetingOut, _move, "Move a meeting")
    at.writes(f"{one}/invitations", MeetingOut, _invite, "Ask more people to a meeting")
    at.writes(f"{one}/cancel", MeetingOut, _cancel, "Cancel a meeting")
    at.writes(f"{one}/told", MeetingOut, _told, "Somebody of the family was told")
    at.writes(f"{one}/apologies", MeetingOut, _apologise, "Send one’s own apologies")
    at.replaces(f"{one}/minutes", MeetingOut, _minutes, "Write the minutes")
    at.writes(f"{one}/agree", MeetingOut, _agree, "The minutes are agreed")
    at.reads(f"{one}/calendar", None, _calendar, "A meeting as a calendar file", openapi_extra=_CALENDAR)
    at.reads(
        "/{uuid:case_id}/actions", list[MeetingActionOut], _actions, "What is still to be done of what was undertaken"
    )
    at.writes("/{uuid:case_id}/actions/{uuid:action_id}/end", MeetingActionOut, _end, "An action has ended")
    return found


def _shown(viewer: Actor, case_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    _, seen = queries.meeting(viewer, case_id, meeting_id, purpose="API: meeting")
    lists = {name: [each.__dict__ for each in getattr(seen, name)] for name in ("seats", "decisions", "actions")}
    return seen.__dict__ | lists | {"purpose": seen.purpose.value, "continuity_percent": seen.continuity.percent}


def _meetings(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The meetings of a case, the latest first."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: meetings")
    return [each.__dict__ for each in queries.meetings_of(viewer, frame)]


def _meeting(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """One meeting: when, where, who was asked and came, minutes, decisions and actions."""
    return _shown(viewer_of(request), case_id, meeting_id)


def _when(sent: WhenIn) -> services.WhenAndWhere:
    return services.WhenAndWhere(sent.starts_at, sent.minutes_long, sent.place, sent.link, sent.note)


def _plan(request: HttpRequest, case_id: UUID, sent: MeetingPlanIn) -> dict[str, Any]:
    """Plan a meeting. Posts are written to, naming nobody; family only where that is marked safe for them."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    posts = [post_with_id(viewer, each) for each in sent.posts]
    meeting = services.plan_meeting(
        case=case, purpose=Purpose(sent.purpose), when=_when(sent), posts=posts, people=sent.people, by=viewer, at=viewer.at
    )  # fmt: skip
    return _shown(viewer, case_id, meeting.pk)


def _move(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: MoveIn) -> dict[str, Any]:
    """Another time or place. Everybody who was told is told again."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    services.move_meeting(meeting=row, when=_when(sent), version=sent.version, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _invite(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: MoreIn) -> dict[str, Any]:
    """Ask more people; whoever is asked already is not asked again."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    posts = [post_with_id(viewer, each) for each in sent.posts]
    services.invite_to_meeting(meeting=row, posts=posts, people=sent.people, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _cancel(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: MeetingReasonIn) -> dict[str, Any]:
    """The meeting is not held. The clock of the next review goes on."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    services.cancel_meeting(meeting=row, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _told(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: ToldIn) -> dict[str, Any]:
    """Write down that a family member was told, in a way that is safe."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    place = queries.place_for_change(viewer, case_id, meeting_id, sent.seat_id)
    services.tell_family(meeting=row, place=place, told_by=sent.told_by, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _apologise(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: ApologiesIn) -> dict[str, Any]:
    """This account cannot come."""
    viewer = viewer_of(request)
    _, seen = queries.meeting(viewer, case_id, meeting_id, purpose="API: meeting")
    if seen.own_place_id is None:
        raise NotVisible
    place = queries.place_for_change(viewer, case_id, meeting_id, seen.own_place_id)
    services.send_apologies(place=place, words=sent.words, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _minutes(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: MinutesIn) -> dict[str, Any]:
    """Who came, what was said, decided and undertaken. Until the minutes are agreed they may be mended; somebody who saved
    meanwhile is not overwritten: the refusal holds both texts."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    said = sent.model_dump(exclude={"version", "actions"})
    actions = [services.Undertaking(**each.model_dump()) for each in sent.actions]
    minutes = services.Minutes(**said, actions=actions)
    services.write_minutes(meeting=row, minutes=minutes, version=sent.version, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _agree(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: VersionIn) -> dict[str, Any]:
    """The minutes are agreed: they change no more."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    services.agree_minutes(meeting=row, version=sent.version, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, meeting_id)


def _calendar(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """When it is, and its reference; not where, not why, and nobody's name."""
    viewer = viewer_of(request)
    _, seen = queries.meeting(viewer, case_id, meeting_id, purpose="API: calendar file")
    entry = CalendarEntry(
        uid=f"{seen.id}@joinedup", reference=seen.reference, starts_at=seen.starts_at, minutes_long=seen.row.minutes_long,
        written_at=viewer.at, sequence=seen.row.times_changed, is_cancelled=seen.state == "cancelled",
        url=request.build_absolute_uri(reverse("case_meeting", args=[case_id, meeting_id])),
    )  # fmt: skip
    return attachment(calendar_file(entry), "text/calendar; charset=utf-8", f"{seen.reference}.ics")


def _actions(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """What was undertaken at the case's meetings and is still to be done, the most urgent first; at most a hundred."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: actions")
    return [each.__dict__ for each in queries.actions_due(viewer, frame, most=100)]


def _end(request: HttpRequest, case_id: UUID, action_id: UUID, sent: MeetingEndIn) -> dict[str, Any]:
    """An action is done, or dropped with the reason."""
    viewer = viewer_of(request)
    row = queries.action_for_change(viewer, case_id, action_id)
    services.end_action(action=row, is_done=sent.is_done, words=sent.words, by=viewer, at=viewer.at)
    return queries.action_of(viewer, case_id, action_id).__dict__
