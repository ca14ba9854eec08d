"""What everybody may read: which meetings come when, what was decided, and nothing that is exempt. And the forward plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.governance.effects import invented_matters
from joinedup.governance.lifecycle import MEETING_LABELS, MeetingState
from joinedup.governance.models import AgendaItem, BoardTerms, Meeting, Paper
from joinedup.governance.permissions import READ_BOARDS, READ_PUBLISHED
from joinedup.governance.queries.boards import names_of_boards

_PUBLISHED = (MeetingState.CALLED, MeetingState.HELD, MeetingState.MINUTES_AGREED, MeetingState.CANCELLED)


@dataclass(frozen=True)
class PublishedMeeting:
    """A meeting in the public list."""

    id: UUID
    board: str
    starts_at: datetime
    place: str
    state: str
    is_cancelled: bool
    is_over: bool


@dataclass(frozen=True)
class PublishedItem:
    """An item the public may read. Of an exempt one there is the heading it is withheld under, and nothing else; minutes and
    decisions are public once the minutes are agreed."""

    number: int
    title: str
    words: str
    withheld: str
    papers: tuple[str, ...]
    minute: str
    decision: str
    decided: str
    is_illustration: bool = False


@dataclass(frozen=True)
class PublishedPage:
    """One meeting as the public may read it."""

    meeting: PublishedMeeting
    items: tuple[PublishedItem, ...]
    are_minutes_out: bool


def published_meetings(viewer: Actor) -> list[PublishedMeeting]:
    """Meetings that were called, the latest first; a year back."""
    check(viewer, READ_PUBLISHED)
    rows = Meeting.objects.filter(state__in=_PUBLISHED, starts_at__gte=viewer.at - timedelta(days=366))
    names = names_of_boards(viewer)
    return [_meeting(each, names, viewer.at) for each in rows.order_by("-starts_at")]


def _meeting(row: Meeting, names: dict[UUID, str], at: datetime) -> PublishedMeeting:
    return PublishedMeeting(
        row.pk, names[row.board_id], row.starts_at, row.place, MEETING_LABELS[MeetingState(row.state)],
        row.state == MeetingState.CANCELLED, row.starts_at <= at,
    )  # fmt: skip


def published_meeting(viewer: Actor, meeting_id: UUID) -> PublishedPage:
    """One meeting; NotVisible before it is called."""
    check(viewer, READ_PUBLISHED)
    row = Meeting.objects.filter(pk=meeting_id, state__in=_PUBLISHED).first()
    if row is None:
        raise NotVisible
    rows = AgendaItem.objects.filter(meeting=row, taken_off_at=None).select_related("decision")
    is_out = row.state == MeetingState.MINUTES_AGREED
    whole = list(rows.prefetch_related(Prefetch("papers", Paper.objects.defer("content"))).order_by("position"))
    invented = invented_matters(viewer, [(each.matter_kind, each.matter_id) for each in whole])
    items = tuple(_item(n, each, is_out, each.matter_id in invented) for n, each in enumerate(whole, 1))
    return PublishedPage(_meeting(row, names_of_boards(viewer), viewer.at), items, is_out)


def _item(number: int, row: AgendaItem, is_out: bool, is_illustration: bool) -> PublishedItem:
    if row.exempt_reason:
        return PublishedItem(number, "", "", row.exempt_reason, (), "", "", "")
    decision = getattr(row, "decision", None) if is_out else None
    return PublishedItem(
        number, row.title, row.words, "", tuple(each.title for each in row.papers.all()), row.minute if is_out else "",
        decision.what if decision else "", decision.vote_words if decision else "", is_illustration,
    )  # fmt: skip


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting to come, with what it is to decide as the viewer may read it; or one that should be planned by now."""

    id: UUID | None
    board_id: UUID
    board: str
    starts_at: datetime | None
    should_be_by: date | None
    decides: tuple[str, ...]
    exempt: int
    is_illustration: bool = False
    is_late: bool = False


def forward_plan(viewer: Actor) -> list[PlannedMeeting]:
    """Every meeting to come with what it decides, the next first; boards whose cycle asks for one that nobody has planned come
    before. Six statements at most."""
    check(viewer, READ_BOARDS)
    names, day = names_of_boards(viewer), timezone.localdate(viewer.at)
    items = Prefetch("items", AgendaItem.objects.filter(kind="decision", taken_off_at=None).order_by("position"))
    rows = Meeting.objects.exclude(state=MeetingState.CANCELLED).prefetch_related(items).order_by("starts_at")
    by_board: dict[UUID, list[Meeting]] = defaultdict(list)
    for each in rows:
        by_board[each.board_id].append(each)
    terms: dict[UUID, BoardTerms] = {}
    for one in BoardTerms.objects.filter(starts_on__lte=day).order_by("starts_on"):
        terms[one.board_id] = one
    missing = []
    for board_id, current in terms.items():
        held = by_board[board_id]
        last = max((timezone.localdate(each.starts_at) for each in held), default=current.starts_on)
        by = last + timedelta(days=31 * current.months_between)
        if last < day:
            missing.append(PlannedMeeting(None, board_id, names[board_id], None, by, (), 0, is_late=by < day))
    coming = [each for held in by_board.values() for each in held if each.starts_at >= viewer.at]
    matters = [(one.matter_kind, one.matter_id) for each in coming for one in each.items.all() if not one.exempt_reason]
    invented = invented_matters(viewer, matters)
    planned = [_planned(each, names, invented) for each in sorted(coming, key=lambda each: each.starts_at)]
    return [*sorted(missing, key=lambda each: each.should_be_by or day), *planned]


def _planned(row: Meeting, names: dict[UUID, str], invented: frozenset[UUID]) -> PlannedMeeting:
    items = list(row.items.all())
    shown = [each for each in items if not each.exempt_reason]
    return PlannedMeeting(
        row.pk, row.board_id, names[row.board_id], row.starts_at, None, tuple(each.title for each in shown),
        len(items) - len(shown), any(each.matter_id in invented for each in shown),
    )  # fmt: skip
