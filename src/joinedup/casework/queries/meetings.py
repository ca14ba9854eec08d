"""Meetings of the team around the child, what was undertaken at them, and whether the same people come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.access.queries import names_of_accounts
from joinedup.casework.lifecycle import MEETING_LABELS, MeetingState
from joinedup.casework.meeting import NO_CONTINUITY, Continuity, Presence, Purpose, continuity
from joinedup.casework.models import Case, Meeting, MeetingAction, MeetingDecision, MeetingPlace
from joinedup.casework.permissions import CHANGE_MEETING, END_ACTION, MINUTE_MEETING, SEND_APOLOGIES
from joinedup.casework.queries.frame import CaseFrame, case_frame
from joinedup.core.errors import NotVisible
from joinedup.core.formats import london
from joinedup.person_index.queries import safe_contact_for

HELD = (MeetingState.HELD, MeetingState.AGREED)


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list. `came` and `asked` are numbers of people; `continuity` is of the meeting before it."""

    id: UUID
    reference: str
    purpose: str
    starts_at: datetime
    place: str
    state: str
    label: str
    asked: int
    came: int
    continuity: Continuity
    is_past: bool


@dataclass(frozen=True)
class Seat:
    """Somebody asked to a meeting."""

    id: UUID
    post_id: UUID | None
    person_id: UUID | None
    name: str
    what: str  # post and organisation, or their part in the family
    told_by: str
    told_at: datetime | None
    presence: str
    words: str
    was_there_before: bool | None

    @property
    def presence_words(self) -> str:
        """Whether they came, as it is said."""
        return Presence(self.presence).words if self.presence else ""


@dataclass(frozen=True)
class ActionSeen:
    """Something undertaken at a meeting."""

    id: UUID
    case_id: UUID
    words: str
    owner: str
    due_on: date
    state: str
    ended_words: str
    is_overdue: bool
    may_end: bool


@dataclass(frozen=True)
class DecisionSeen:
    """A decision of a meeting."""

    words: str
    at: datetime


@dataclass(frozen=True)
class MeetingSeen:
    """Everything the page of a meeting shows besides the head. `row` is for a service and for `can`."""

    row: Meeting
    id: UUID
    version: int
    reference: str
    purpose: Purpose
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    note: str
    state: str
    label: str
    seats: tuple[Seat, ...]
    minutes: str
    minuted_by: str
    minuted_at: datetime | None
    has_changed_the_work: bool | None
    ended_reason: str
    decisions: tuple[DecisionSeen, ...]
    actions: tuple[ActionSeen, ...]
    continuity: Continuity
    may: frozenset[str]
    own_place_id: UUID | None

    @property
    def has_begun(self) -> bool:
        """At the viewer's moment."""
        return "minute" in self.may or self.state in HELD


def meetings_of(viewer: Actor, frame: CaseFrame) -> tuple[MeetingRow, ...]:
    """The meetings of a case whose head the viewer has been shown, the latest first; two statements."""
    rows = list(Meeting.objects.filter(case=frame.row).order_by("starts_at", "pk"))
    places: dict[UUID, list[MeetingPlace]] = defaultdict(list)
    for place in MeetingPlace.objects.filter(meeting__in=[row.pk for row in rows]).select_related("post"):
        places[place.meeting_id].append(place)
    found, before = [], frozenset[str]()
    for row in rows:
        present = _present(places[row.pk])
        is_held, is_panel = row.state in HELD and bool(present), row.purpose == Purpose.PANEL  # whose people are others
        found.append(
            MeetingRow(
                id=row.pk,
                reference=row.reference,
                purpose=Purpose(row.purpose).words,
                starts_at=row.starts_at,
                place=row.place or "By video",
                state=row.state,
                label=MEETING_LABELS[MeetingState(row.state)],
                asked=len(places[row.pk]),
                came=len(present) if is_held else 0,
                continuity=continuity(before, present) if before and is_held and not is_panel else NO_CONTINUITY,
                is_past=row.starts_at <= viewer.at,
            )
        )
        before = present if is_held and not is_panel else before
    return tuple(reversed(found))


def _present(places: Iterable[MeetingPlace]) -> frozenset[str]:
    return frozenset(_face(place) for place in places if place.presence == Presence.PRESENT)


def _face(place: MeetingPlace) -> str:
    """Who it is: whoever comes again in another post is still the same person to the family."""
    return str(place.post.account_id if place.post else place.person_id)


def continuity_of_case(viewer: Actor, frame: CaseFrame) -> Continuity:
    """Of everybody who came to a meeting of this case after its first, how many had come to the one before."""
    return continuities(viewer, [frame.id]).get(frame.id, NO_CONTINUITY)


# Who came to each meeting, whichever post they came in; whether they had come to the one held before.
_CAME_BACK = """
WITH came AS (
  SELECT DISTINCT m.case_id, m.id AS meeting, m.starts_at, coalesce(o.account_id, p.person_id) AS who
  FROM casework_meetingplace p JOIN casework_meeting m ON m.id = p.meeting_id LEFT JOIN organisations_post o ON o.id = p.post_id
  WHERE m.case_id = ANY(%s::uuid[]) AND m.state = ANY(%s) AND m.purpose <> %s AND p.presence = %s
), held AS (
  SELECT meeting, lag(meeting) OVER (PARTITION BY case_id ORDER BY starts_at, meeting) AS before
  FROM (SELECT DISTINCT case_id, meeting, starts_at FROM came) AS each
)
SELECT came.case_id, count(there.who), count(*) FROM held JOIN came USING (meeting)
LEFT JOIN came AS there ON there.meeting = held.before AND there.who = came.who
WHERE held.before IS NOT NULL GROUP BY came.case_id
"""


def continuities(viewer: Actor, case_ids: Iterable[UUID]) -> dict[UUID, Continuity]:
    """The continuity of each of these cases, which the caller has let the viewer in to; one statement, which counts as
    `continuity_of` does."""
    held = [state.value for state in HELD]
    with connection.cursor() as cursor:
        cursor.execute(_CAME_BACK, [list(case_ids), held, Purpose.PANEL.value, Presence.PRESENT.value])
        return {case_id: Continuity(came_back, came) for case_id, came_back, came in cursor.fetchall()}


def meeting(viewer: Actor, case_id: UUID, meeting_id: UUID, *, purpose: str) -> tuple[CaseFrame, MeetingSeen]:
    """One meeting with the head of its case; the read is audited with the people in the case."""
    frame = case_frame(viewer, case_id, purpose=purpose)
    row = meeting_for_change(viewer, case_id, meeting_id)
    places = list(
        MeetingPlace.objects.filter(meeting=row)
        .select_related("post__account", "post__host", "person")
        .order_by("person_id", "pk")
    )
    before = _before(row) if row.purpose != Purpose.PANEL else frozenset()
    present = _present(places)
    mine = next((place for place in places if place.post_id in viewer.post_ids), None)
    return frame, MeetingSeen(
        row=row,
        id=row.pk,
        version=row.version,
        reference=row.reference,
        purpose=Purpose(row.purpose),
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(minutes=row.minutes_long),
        place=row.place,
        link=row.link,
        note=row.note,
        state=row.state,
        label=MEETING_LABELS[MeetingState(row.state)],
        seats=tuple(_seat(place, frame, before) for place in places),
        minutes=row.minutes,
        minuted_by=names_of_accounts(viewer, {row.minuted_by}).get(row.minuted_by, "") if row.minuted_by else "",
        minuted_at=row.minuted_at,
        has_changed_the_work=row.has_changed_the_work,
        ended_reason=row.ended_reason,
        decisions=tuple(
            DecisionSeen(each.words, each.decided_at)
            for each in MeetingDecision.objects.filter(meeting=row).order_by("pk")
        ),
        actions=_actions(viewer, MeetingAction.objects.filter(meeting=row), frame),
        continuity=continuity(before, present) if before and present else NO_CONTINUITY,
        may=_may(viewer, row, mine),
        own_place_id=mine.pk if mine else None,
    )


def _before(row: Meeting) -> frozenset[str]:
    """Who was at the meeting held before this one."""
    earlier = Meeting.objects.filter(case_id=row.case_id, state__in=HELD, starts_at__lt=row.starts_at)
    last = earlier.exclude(purpose=Purpose.PANEL).order_by("-starts_at", "-pk").first()
    return _present(MeetingPlace.objects.filter(meeting=last).select_related("post")) if last else frozenset()


def _seat(place: MeetingPlace, frame: CaseFrame, before: frozenset[str]) -> Seat:
    if place.post is not None:
        name, what = place.post.account.name, f"{place.post.title}, {place.post.host.name}"
    else:
        person = frame.person(place.person_id) if place.person_id else None
        name = person.name if person else ""
        what = "Child or young person" if person and person.part == "child" else "Family"
    return Seat(
        id=place.pk,
        post_id=place.post_id,
        person_id=place.person_id,
        name=name,
        what=what,
        told_by=place.told_by,
        told_at=place.told_at,
        presence=place.presence,
        words=place.words,
        was_there_before=_face(place) in before if before else None,
    )


def _may(viewer: Actor, row: Meeting, mine: MeetingPlace | None) -> frozenset[str]:
    if row.case.state == "closed":
        return frozenset()
    asked: dict[str, tuple[Permission, object, bool]] = {
        "change": (CHANGE_MEETING, row, row.state == MeetingState.PLANNED),
        "minute": (MINUTE_MEETING, row, row.state in {MeetingState.PLANNED, MeetingState.HELD} and row.starts_at <= viewer.at),
        "apologise": (SEND_APOLOGIES, mine, mine is not None and row.state == MeetingState.PLANNED and not mine.presence),
    }  # fmt: skip
    return frozenset(
        name for name, (permission, record, is_now) in asked.items() if is_now and can(viewer, permission, record)
    )


def actions_due(viewer: Actor, frame: CaseFrame, *, most: int = 20) -> tuple[ActionSeen, ...]:
    """What is still to be done of what was undertaken at the case's meetings, the most urgent first; one statement."""
    still = MeetingAction.objects.filter(case=frame.row, state="open").order_by("due_on", "pk")
    return _actions(viewer, still[:most], frame)


def _actions(viewer: Actor, rows: Iterable[MeetingAction], frame: CaseFrame) -> tuple[ActionSeen, ...]:
    on = london(viewer.at).date()
    found = rows.select_related("post__account", "case") if hasattr(rows, "select_related") else rows
    names: Mapping[UUID, str] = {each.person_id: each.name for each in frame.people}
    return tuple(
        ActionSeen(
            id=each.pk,
            case_id=each.case_id,
            words=each.words,
            owner=each.post.account.name if each.post else names.get(each.person_id, "") if each.person_id else "",
            due_on=each.due_on,
            state=each.state,
            ended_words=each.ended_words,
            is_overdue=each.state == "open" and each.due_on < on,
            may_end=each.state == "open" and frame.is_open and can(viewer, END_ACTION, each),
        )
        for each in found
    )


def meeting_for_change(viewer: Actor, case_id: UUID, meeting_id: UUID) -> Meeting:
    """A meeting of a case that the viewer sees, to hand to a service."""
    seen = Meeting.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=meeting_id)
    found = seen.select_related("case__team", "case__family").first()
    if found is None:
        raise NotVisible
    return found


def action_of(viewer: Actor, case_id: UUID, action_id: UUID) -> ActionSeen:
    """One action of a case that the viewer sees; the read is audited."""
    frame = case_frame(viewer, case_id, purpose="action of a meeting")
    found = _actions(viewer, MeetingAction.objects.filter(case=frame.row, pk=action_id), frame)
    if not found:
        raise NotVisible
    return found[0]


def action_for_change(viewer: Actor, case_id: UUID, action_id: UUID) -> MeetingAction:
    """An action of a case that the viewer sees, to hand to a service."""
    seen = MeetingAction.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=action_id)
    found = seen.select_related("case").first()
    if found is None:
        raise NotVisible
    return found


def place_for_change(viewer: Actor, case_id: UUID, meeting_id: UUID, place_id: UUID) -> MeetingPlace:
    """Somebody's invitation, to hand to a service."""
    seen = MeetingPlace.objects.filter(
        meeting__case__in=Case.objects.visible_to(viewer), meeting__case_id=case_id, meeting_id=meeting_id, pk=place_id
    )
    found = seen.select_related("meeting__case").first()
    if found is None:
        raise NotVisible
    return found


def meetings_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these meetings whose case the viewer may see. No read row: only ids are looked at."""
    seen = Meeting.objects.filter(case__in=Case.objects.visible_to(viewer), pk__in=ids)
    return set(seen.values_list("pk", flat=True))


def letter_readers(viewer: Actor, seen: MeetingSeen) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The family asked to a meeting whom a letter may go to, and of the others, each with how they are to be told. Only what
    somebody recorded as safe is; the caller has shown the viewer the meeting."""
    written, otherwise = [], []
    for seat in seen.seats:
        if seat.person_id is None:
            continue
        advice = safe_contact_for(seat.person_id)
        if advice.allows("letter"):
            written.append(seat.name)
        else:
            otherwise.append((seat.name, advice.sentence))
    return tuple(written), tuple(otherwise)
