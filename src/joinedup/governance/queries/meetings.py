"""Reading meetings: the agenda with what lies beside it, who was there, and what is due for the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.governance.agenda import Asking, Due, due_for
from joinedup.governance.codes import ATTENDANCE, ILLUSTRATION, SCRUTINY
from joinedup.governance.effects import invented_matters
from joinedup.governance.lifecycle import AGENDA_OPEN, MEETING_LABELS, MEETING_MOVES, MeetingState
from joinedup.governance.models import AgendaItem, BoardAction, BoardTerms, Decision, Implications, Meeting, Paper
from joinedup.governance.permissions import READ_BOARDS, RUN_MEETINGS, reads_exempt
from joinedup.governance.queries.boards import names_of_boards
from joinedup.governance.queries.decisions import DecisionLine, RecommendationSeen, lines_of, recommendations
from joinedup.governance.queries.risks import implications_of
from joinedup.governance.queries.sitting import Member, members_at, newest_interests, powers_on, terms_on
from joinedup.governance.quorum import AtTable, Quorum, quorum_of


@dataclass(frozen=True)
class ActionSeen:
    """Something somebody was asked to do."""

    id: UUID
    words: str
    owner: str
    due_on: date
    is_late: bool
    done_on: date | None
    done_words: str
    board: str = ""
    meeting_id: UUID | None = None
    may_finish: bool = False


@dataclass(frozen=True)
class ItemSeen:
    """An item as the viewer may read it: of an exempt one that is withheld there is only its place."""

    id: UUID
    number: int
    kind: str
    title: str
    words: str
    is_exempt: bool
    exempt_reason: str
    is_withheld: bool
    minute: str
    papers: tuple[tuple[UUID, str, str], ...]
    interests: tuple[tuple[str, str, bool], ...]
    actions: tuple[ActionSeen, ...]
    decision: DecisionLine | None
    recommendations: tuple[RecommendationSeen, ...]
    is_for_decision: bool
    is_illustration: bool = False
    implications: Implications | None = None


@dataclass(frozen=True)
class MeetingPage:
    """One meeting in full."""

    row: Meeting
    id: UUID
    board: str
    state: MeetingState
    terms: BoardTerms
    members: tuple[tuple[Member, str], ...]
    quorum: Quorum | None
    items: tuple[ItemSeen, ...]
    cancelled_because: str
    may_run: bool
    is_scrutiny: bool

    @property
    def state_words(self) -> str:
        """How far it has come."""
        return MEETING_LABELS[self.state]

    @property
    def may(self) -> frozenset[str]:
        """What can be done next, by name of the state it leads to; and `agenda` and `minutes` while they are open."""
        if not self.may_run:
            return frozenset()
        found = {each.value for each in MEETING_MOVES[self.state]}
        found |= {"agenda"} if self.state in AGENDA_OPEN else set()
        return frozenset(found | ({"minutes"} if self.state is MeetingState.HELD else set()))


def meeting_for(viewer: Actor, meeting_id: UUID) -> Meeting:
    """One meeting, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = Meeting.objects.select_related("board__host").filter(pk=meeting_id).first()
    if found is None:
        raise NotVisible
    return found


def times_changed(viewer: Actor, row: Meeting) -> int:
    """How often a meeting was moved on, for calendars that replace what they had."""
    return row.steps.count()


def item_for(viewer: Actor, item_id: UUID) -> AgendaItem:
    """One item the viewer may read, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = AgendaItem.objects.select_related("meeting__board__host").filter(pk=item_id, taken_off_at=None).first()
    if found is None or (found.exempt_reason and not reads_exempt(viewer, found.board_id)):
        raise NotVisible
    return found


def paper_for(viewer: Actor, paper_id: UUID) -> Paper:
    """One paper with its content, beside an item the viewer may read."""
    check(viewer, READ_BOARDS)
    found = Paper.objects.select_related("item").filter(pk=paper_id).first()
    if found is None:
        raise NotVisible
    item_for(viewer, found.item_id)
    return found


def action_for(viewer: Actor, action_id: UUID) -> BoardAction:
    """One action beside an item the viewer may read, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = BoardAction.objects.select_related("item__meeting").filter(pk=action_id).first()
    if found is None:
        raise NotVisible
    item_for(viewer, found.item_id)
    return found


def meeting_page(viewer: Actor, meeting_id: UUID) -> MeetingPage:
    """One meeting in full; as many statements however long its agenda is."""
    row = meeting_for(viewer, meeting_id)
    day = timezone.localdate(row.starts_at)
    terms = terms_on(viewer, row.board_id, day)
    state = MeetingState(row.state)
    kinds = dict(row.attendance.values_list("appointment_id", "kind"))
    members = members_at(viewer, row)
    counted = None
    if kinds:
        table = [
            AtTable(each.seat_id, each.organisation_id, each.has_vote)
            for each in members
            if kinds.get(each.id) == "present"
        ]
        counted = quorum_of(table, members_needed=terms.quorum_members, bodies_needed=terms.quorum_bodies)
    cancelled = row.steps.filter(state="cancelled").values_list("reason", flat=True).first() or ""
    return MeetingPage(
        row, row.pk, terms.name, state, terms,
        tuple((each, ATTENDANCE.get(kinds.get(each.id, ""), "")) for each in members), counted,
        tuple(_items(viewer, row)), cancelled, can(viewer, RUN_MEETINGS, row), row.board.kind == SCRUTINY,
    )  # fmt: skip


def _items(viewer: Actor, meeting: Meeting) -> list[ItemSeen]:
    papers = Prefetch("papers", Paper.objects.defer("content").order_by("added_at"))
    rows = list(
        AgendaItem.objects.filter(meeting=meeting, taken_off_at=None)
        .prefetch_related(papers, "interests__appointment", "actions")
        .order_by("position")
    )
    decided = Decision.objects.filter(item__in=rows).select_related("item", "call_in__answer", "effected")
    decisions = list(decided.prefetch_related("approvals", "bodies"))
    lines = dict(zip((each.item_id for each in decisions), lines_of(viewer, decisions), strict=True))
    said: dict[UUID, list[RecommendationSeen]] = defaultdict(list)
    for each in recommendations(viewer, item_ids=[one.pk for one in rows]):
        said[each.row.item_id].append(each)
    may = reads_exempt(viewer, meeting.board_id)
    invented = invented_matters(viewer, [(each.matter_kind, each.matter_id) for each in rows])
    meaning = implications_of(viewer, [each.pk for each in rows])
    items = [
        _item(n, each, lines.get(each.pk), said[each.pk], may, viewer.at, each.matter_id in invented)
        for n, each in enumerate(rows, 1)
    ]
    return [each if each.is_withheld else replace(each, implications=meaning.get(each.id)) for each in items]


def _item(
    number: int, row: AgendaItem, decision: DecisionLine | None, said: list[RecommendationSeen], may: bool, at: datetime,
    is_illustration: bool,
) -> ItemSeen:  # fmt: skip
    if row.exempt_reason and not may:
        return ItemSeen(
            row.pk, number, row.get_kind_display(), "An exempt item", "", True, row.exempt_reason, True, "", (), (), (),
            None, (), False,
        )  # fmt: skip
    return ItemSeen(
        row.pk, number, row.get_kind_display(), row.title, row.words, bool(row.exempt_reason), row.exempt_reason, False,
        row.minute, tuple((each.pk, each.title, each.kind) for each in row.papers.all()),
        tuple(
            (each.appointment.name, each.words, each.has_withdrawn)
            for each in newest_interests(system(at), row.interests.all()).values()
        ),
        tuple(actions_seen(row.actions.all(), timezone.localdate(at))), decision, tuple(said), row.kind == "decision",
        is_illustration,
    )  # fmt: skip


def actions_seen(rows: Iterable[BoardAction], day: date) -> list[ActionSeen]:
    """Actions as pages show them, the first due first."""
    return [
        ActionSeen(
            each.pk, each.words, each.owner, each.due_on, each.done_on is None and each.due_on < day, each.done_on,
            each.done_words,
        )
        for each in sorted(rows, key=lambda one: (one.due_on, one.pk))
    ]  # fmt: skip


def open_actions(viewer: Actor) -> list[ActionSeen]:
    """The action log: everything boards asked for that is not done, the longest overdue first; actions under exempt items are
    shown to whoever may read them."""
    check(viewer, READ_BOARDS)
    names, day = names_of_boards(viewer), timezone.localdate(viewer.at)
    rows = BoardAction.objects.filter(done_on=None).select_related("item__meeting").order_by("due_on", "pk")
    may: dict[UUID, bool] = {}
    runs: dict[UUID, bool] = {}
    found = []
    for each in rows:
        if each.board_id not in may:
            may[each.board_id] = reads_exempt(viewer, each.board_id)
        if each.item.exempt_reason and not may[each.board_id]:
            continue
        found.append(
            ActionSeen(
                each.pk, each.words, each.owner, each.due_on, each.due_on < day, None, "", names[each.board_id],
                each.item.meeting_id, _runs(viewer, each, runs),
            )
        )  # fmt: skip
    return found


def _runs(viewer: Actor, row: BoardAction, known: dict[UUID, bool]) -> bool:
    if row.board_id not in known:
        known[row.board_id] = can(viewer, RUN_MEETINGS, row)
    return known[row.board_id]


def stamp_of(viewer: Actor, item: AgendaItem) -> str:
    """The words that what an item is about is of a programme whose inputs are invented; none where it is not."""
    return ILLUSTRATION if invented_matters(viewer, [(item.matter_kind, item.matter_id)]) else ""


def due_for_meeting(viewer: Actor, meeting: Meeting) -> list[Due]:
    """What is due for a meeting’s agenda and not on it yet."""
    check(viewer, RUN_MEETINGS, meeting)
    day = timezone.localdate(meeting.starts_at)
    powers = frozenset(powers_on(viewer, meeting.board_id, day))
    rows = AgendaItem.objects.filter(meeting=meeting, taken_off_at=None, matter_id__isnull=False)
    there = set(rows.values_list("matter_kind", "matter_id"))
    found = due_for(viewer, Asking(meeting.board_id, powers, day))
    return [each for each in found if (each.matter_kind, each.matter_id) not in there]
