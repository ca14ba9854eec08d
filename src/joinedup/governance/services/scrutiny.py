"""Scrutiny: what it recommends, and what the body answers. It has no effect of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.governance import rules
from joinedup.governance.codes import SCRUTINY
from joinedup.governance.lifecycle import MEETING_LABELS, MINUTES_OPEN, MeetingState
from joinedup.governance.models import AgendaItem, Meeting, Recommendation
from joinedup.governance.permissions import REPLY_TO_SCRUTINY, RUN_MEETINGS

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@service(RUN_MEETINGS, on="item")
def recommend(
    *, item: AgendaItem, organisation: Organisation | None, words: str, reply_due_on: date, by: Actor, at: datetime
) -> Recommendation:
    """The committee recommends something to a body, which owes a reply by a day. Refuses any other board (GV-353), outside a
    held meeting (GV-210), and nothing or nobody (GV-350)."""
    meeting = Meeting.objects.select_for_update().select_related("board").get(pk=item.meeting_id)
    if meeting.board.kind != SCRUTINY:
        raise rules.RECOMMEND_SCRUTINY.refused()
    if meeting.state not in MINUTES_OPEN:
        raise rules.MINUTES_SHUT.refused(state=MEETING_LABELS[MeetingState(meeting.state)].lower())
    if organisation is None or not words.strip():
        raise rules.RECOMMEND_WORDS.refused()
    made = Recommendation.objects.create(
        item=item, organisation=organisation, words=words.strip(), reply_due_on=reply_due_on, made_at=at,
        made_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("recommendations",))
    return made


@service(REPLY_TO_SCRUTINY, on="organisation")
def reply_to_scrutiny(
    *,
    organisation: Organisation,
    recommendation: Recommendation,
    is_accepted: bool,
    reply: str,
    by: Actor,
    at: datetime,
) -> Recommendation:
    """The body says what it will do about it, or why not. Refuses for another body (GV-350), twice (GV-352), and without words
    (GV-351)."""
    locked = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if locked.organisation_id != organisation.pk:
        raise rules.RECOMMEND_WORDS.refused()
    if locked.replied_at is not None:
        raise rules.REPLY_ONCE.refused(day=date_long(locked.replied_at))
    if not reply.strip():
        raise rules.REPLY_WORDS.refused()
    locked.is_accepted, locked.reply, locked.replied_at, locked.replied_by = (
        is_accepted,
        reply.strip(),
        at,
        by.account_id,
    )
    locked.save(update_fields=["is_accepted", "reply", "replied_at", "replied_by"])
    note(changed=("reply",))
    return locked
