"""What happened at a meeting: interests, minutes, and what somebody was asked to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.governance import rules
from joinedup.governance.lifecycle import AGENDA_OPEN, MEETING_LABELS, MINUTES_OPEN, MeetingState
from joinedup.governance.models import AgendaItem, BoardAction, Decision, Interest, Meeting
from joinedup.governance.permissions import RUN_MEETINGS
from joinedup.governance.queries.sitting import interests_in, members_at

if TYPE_CHECKING:
    from collections.abc import Iterable


@service(RUN_MEETINGS, on="item")
def declare_interest(
    *, item: AgendaItem, appointment_id: UUID, words: str, has_withdrawn: bool, by: Actor, at: datetime
) -> Interest:
    """A member declares an interest in an item; who withdraws counts neither for the quorum nor in the vote. Declared again it
    is another row, and the newest counts. Refuses somebody who is no member (GV-212), an interest in nothing (GV-216), once
    it is decided (GV-219) or the minutes agreed (GV-210)."""
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    _require(meeting, AGENDA_OPEN | MINUTES_OPEN)
    if appointment_id not in {each.id for each in members_at(by, meeting)}:
        raise rules.NOT_MEMBER.refused("member", name="Whoever that is")
    if not words.strip():
        raise rules.INTEREST_WHAT.refused()
    if Decision.objects.filter(item=item).exists():
        raise rules.INTEREST_LATE.refused()
    said = words.strip()[:400]
    last = interests_in(by, item.pk).get(appointment_id)
    if last is not None and (last.words, last.has_withdrawn) == (said, has_withdrawn):
        return last  # the same sent twice
    made = Interest.objects.create(
        item=item, appointment_id=appointment_id, words=said, has_withdrawn=has_withdrawn, declared_at=at,
        declared_by=by.account_id,
    )  # fmt: skip
    note(changed=("interests",), words={"withdrawn": has_withdrawn})
    return made


@service(RUN_MEETINGS, on="item")
def write_minute(*, item: AgendaItem, minute: str, version: int, by: Actor, at: datetime) -> AgendaItem:
    """Write what was said and agreed under an item. Refuses before the meeting is held and once the minutes are agreed
    (GV-210), and over what somebody else wrote meanwhile (CO-1)."""
    _require(Meeting.objects.select_for_update().get(pk=item.meeting_id), MINUTES_OPEN)
    claim_version(item, version)
    item.minute = minute.strip()
    item.save(update_fields=["minute"])
    note(changed=("minute",))
    return item


@service(RUN_MEETINGS, on="item")
def set_action(*, item: AgendaItem, words: str, owner: str, due_on: date, by: Actor, at: datetime) -> BoardAction:
    """Somebody is asked to do something by a day. Refuses GV-210, and nothing to do or nobody to do it (GV-213)."""
    _require(Meeting.objects.select_for_update().get(pk=item.meeting_id), MINUTES_OPEN)
    if not words.strip() or not owner.strip():
        raise rules.ACTION_WHAT.refused()
    made = BoardAction.objects.create(
        item=item, words=words.strip()[:300], owner=owner.strip()[:160], due_on=due_on, set_at=at, set_by=by.account_id
    )
    note(subject=made, changed=("actions",))
    return made


@service(RUN_MEETINGS, on="action")
def finish_action(*, action: BoardAction, words: str, by: Actor, at: datetime) -> BoardAction:
    """It is done. Refuses when that was recorded (GV-214), and without saying what was done (GV-215)."""
    locked = BoardAction.objects.select_for_update().get(pk=action.pk)
    if locked.done_on is not None:
        raise rules.ACTION_DONE.refused(day=date_long(locked.done_on))
    if not words.strip():
        raise rules.ACTION_HOW.refused()
    locked.done_on, locked.done_words, locked.done_by = timezone.localdate(at), words.strip()[:300], by.account_id
    locked.save(update_fields=["done_on", "done_words", "done_by"])
    note(changed=("actions",))
    return locked


def _require(meeting: Meeting, states: Iterable[MeetingState]) -> None:
    if meeting.state not in set(states):
        raise rules.MINUTES_SHUT.refused(state=MEETING_LABELS[MeetingState(meeting.state)].lower())
