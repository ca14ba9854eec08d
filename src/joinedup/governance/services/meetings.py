"""Meetings: planned, called, held, their minutes agreed; what is on the agenda, and what lies beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.noting import type_of
from joinedup.core.formats import date_time
from joinedup.core.models import new_reference
from joinedup.governance import rules
from joinedup.governance.lifecycle import AGENDA_OPEN, MEETING_LABELS, MEETING_MOVES, MeetingState
from joinedup.governance.models import AgendaItem, Attendance, Board, Decision, Meeting, MeetingStep, Paper
from joinedup.governance.permissions import RUN_MEETINGS
from joinedup.governance.queries.sitting import members_on

MOST_PAPER = 10 * 1024 * 1024
PAPER_KINDS = frozenset({"pdf", "docx", "txt"})


@dataclass(frozen=True)
class ItemSaid:
    """What is said of an item. A matter is what waits to be decided or done, by its kind and id."""

    kind: str
    title: str
    words: str = ""
    exempt_reason: str = ""
    is_exempt: bool = False
    matter_kind: str = ""
    matter_id: UUID | None = None


@service(RUN_MEETINGS, on="board")
def plan_meeting(
    *, board: Board, starts_at: datetime, minutes_long: int = 120, place: str = "", by: Actor, at: datetime
) -> Meeting:
    """Plan a meeting. Refuses one that is over (GV-202)."""
    if starts_at.date() < at.date():
        raise rules.MEETING_PAST.refused()
    made = Meeting.objects.create(
        board=board, reference=new_reference("BM"), starts_at=starts_at, minutes_long=minutes_long,
        place=place.strip()[:200], planned_at=at, planned_by=by.account_id,
    )  # fmt: skip
    _step(made, MeetingState.PLANNED, "", by, at)
    note(subject=made, changed=("meeting",))
    return made


@service(RUN_MEETINGS, on="meeting")
def call_meeting(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """Call it: its agenda goes out and, but for exempt items, is published. Refuses an empty agenda (GV-203)."""
    locked = _moving(meeting, MeetingState.CALLED)
    if not locked.items.filter(taken_off_at=None).exists():
        raise rules.MEETING_EMPTY.refused()
    return _moved(locked, MeetingState.CALLED, "", by, at)


@service(RUN_MEETINGS, on="meeting")
def hold_meeting(*, meeting: Meeting, attendance: Mapping[UUID, str], by: Actor, at: datetime) -> Meeting:
    """The meeting is held, with who is there, by appointment; whoever is not named is absent. Refuses before it begins
    (GV-204), and somebody who is no member on that day (GV-212)."""
    locked = _moving(meeting, MeetingState.HELD)
    if at < locked.starts_at:
        raise rules.MEETING_EARLY.refused(moment=date_time(locked.starts_at))
    members = {each.id: each for each in members_on(by, locked.board_id, locked.starts_at)}
    stranger = next((each for each in attendance if each not in members), None)
    if stranger is not None:
        raise rules.NOT_MEMBER.refused(name="Somebody on the list")
    Attendance.objects.bulk_create(
        [Attendance(meeting=locked, appointment_id=each, kind=attendance.get(each, "absent")) for each in members]
    )
    note(changed=("attendance",))
    return _moved(locked, MeetingState.HELD, "", by, at)


@service(RUN_MEETINGS, on="meeting")
def cancel_meeting(*, meeting: Meeting, reason: str, by: Actor, at: datetime) -> Meeting:
    """The meeting will not be held. Refuses without a reason (GV-119)."""
    locked = _moving(meeting, MeetingState.CANCELLED)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    return _moved(locked, MeetingState.CANCELLED, reason.strip()[:400], by, at)


@service(RUN_MEETINGS, on="meeting")
def agree_minutes(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """The minutes are agreed and no longer changed. Refuses while an item has none (GV-211)."""
    locked = _moving(meeting, MeetingState.MINUTES_AGREED)
    bare = list(locked.items.filter(taken_off_at=None, minute="").order_by("position").values_list("title", flat=True))
    if bare:
        raise rules.MINUTES_MISSING.refused(items=", ".join(f"“{each}”" for each in bare))
    return _moved(locked, MeetingState.MINUTES_AGREED, "", by, at)


@service(RUN_MEETINGS, on="meeting")
def add_item(*, meeting: Meeting, said: ItemSaid, by: Actor, at: datetime) -> AgendaItem:
    """Put something on the agenda, at its end. Refuses once the meeting is held (GV-205), without a title (GV-206), a matter
    that is on it (GV-207), and one withheld without saying why (GV-208)."""
    locked = _locked(meeting)
    _require_agenda(locked)
    if not said.title.strip():
        raise rules.ITEM_TITLE.refused()
    if said.is_exempt and not said.exempt_reason.strip():
        raise rules.EXEMPT_REASON.refused()
    there = locked.items.filter(taken_off_at=None)
    if said.matter_id is not None and there.filter(matter_kind=said.matter_kind, matter_id=said.matter_id).exists():
        raise rules.ITEM_TWICE.refused()
    last = locked.items.aggregate(last=Max("position"))["last"] or 0
    made = AgendaItem.objects.create(
        meeting=locked, position=last + 1, kind=said.kind, title=said.title.strip()[:200], words=said.words.strip(),
        exempt_reason=said.exempt_reason.strip()[:300] if said.is_exempt else "", matter_kind=said.matter_kind,
        matter_id=said.matter_id, added_at=at, added_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("agenda",))
    return made


@service(RUN_MEETINGS, on="item")
def take_off_item(*, item: AgendaItem, by: Actor, at: datetime) -> AgendaItem:
    """Take something off the agenda again. Refuses GV-205, and what was decided (GV-218)."""
    _require_agenda(_locked(item.meeting))
    if Decision.objects.filter(item=item).exists():
        raise rules.ITEM_DECIDED.refused()
    item.taken_off_at = at
    item.save(update_fields=["taken_off_at"])
    note(changed=("agenda",))
    return item


@service(RUN_MEETINGS, on="item")
def attach_paper(*, item: AgendaItem, title: str, content: bytes, by: Actor, at: datetime) -> Paper:
    """Lay a paper beside an item. Its name is not believed: what it is is found in it. Refuses GV-205, and anything else than
    PDF, Word or text, or larger than 10MB (GV-209)."""
    _require_agenda(_locked(item.meeting))
    kind = type_of(content)
    if kind not in PAPER_KINDS or len(content) > MOST_PAPER:
        raise rules.PAPER_KIND.refused()
    made = Paper.objects.create(
        item=item, title=title.strip()[:200] or item.title, kind=kind, size=len(content),
        digest=hashlib.sha256(content).hexdigest(), content=content, added_at=at, added_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("papers",))
    return made


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _require_agenda(meeting: Meeting) -> None:
    if meeting.state not in AGENDA_OPEN:
        raise rules.AGENDA_SHUT.refused(state=MEETING_LABELS[MeetingState(meeting.state)].lower())


def _moving(meeting: Meeting, end: MeetingState) -> Meeting:
    locked = _locked(meeting)
    start = MeetingState(locked.state)
    if end not in MEETING_MOVES[start]:
        raise rules.MEETING_MOVE.refused(start=MEETING_LABELS[start].lower(), end=MEETING_LABELS[end].lower())
    return locked


def _moved(meeting: Meeting, end: MeetingState, reason: str, by: Actor, at: datetime) -> Meeting:
    meeting.state = end
    meeting.save(update_fields=["state"])
    _step(meeting, end, reason, by, at)
    note(changed=("state",))
    return meeting


def _step(meeting: Meeting, state: MeetingState, reason: str, by: Actor, at: datetime) -> None:
    MeetingStep.objects.create(meeting=meeting, state=state, reason=reason, at=at, by=by.account_id)
