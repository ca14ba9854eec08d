"""Reading boards: what each is for, who sits on it, where nobody does, and what it may decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.engines.money import format_pounds
from joinedup.governance.effects import effect_kinds
from joinedup.governance.models import Appointment, Board, BoardTerms, Delegation, Meeting, Seat
from joinedup.governance.permissions import READ_BOARDS
from joinedup.governance.queries.sitting import vacant_since


@dataclass(frozen=True)
class Gap:
    """A seat nobody holds, since which day."""

    board_id: UUID
    board: str
    seat_id: UUID
    seat: str
    since: date


@dataclass(frozen=True)
class BoardLine:
    """A board in the list."""

    id: UUID
    name: str
    kind: str
    part_of: str
    seats: int
    gaps: tuple[Gap, ...]
    next_id: UUID | None
    next_at: datetime | None


@dataclass(frozen=True)
class HolderSeen:
    """Somebody who holds or held a seat."""

    id: UUID
    name: str
    post: str
    how: str
    starts_on: date
    ends_on: date | None
    end_reason: str


@dataclass(frozen=True)
class SeatSeen:
    """A seat, who holds it now, and since when nobody does."""

    id: UUID
    title: str
    kind: str
    organisation: str
    has_vote: bool
    is_chair: bool
    holder: HolderSeen | None
    since: date | None
    before: tuple[HolderSeen, ...]


@dataclass(frozen=True)
class PowerSeen:
    """A power to decide, with its limit in words."""

    id: UUID
    kind: str
    limit: str
    source: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class BoardPage:
    """One board in full."""

    row: Board
    id: UUID
    kind: str
    host: str
    part_of: tuple[UUID, str] | None
    parts: tuple[tuple[UUID, str], ...]
    terms: BoardTerms
    earlier: tuple[BoardTerms, ...]
    coming: tuple[BoardTerms, ...]
    seats: tuple[SeatSeen, ...]
    powers: tuple[PowerSeen, ...]
    meetings: tuple[Meeting, ...]

    @property
    def name(self) -> str:
        """What it is called today."""
        return self.terms.name

    @property
    def gaps(self) -> tuple[SeatSeen, ...]:
        """The seats nobody holds."""
        return tuple(each for each in self.seats if each.since is not None)


def names_of_boards(viewer: Actor) -> dict[UUID, str]:
    """What every board is called today, in one statement; one that does not exist yet, as it will be called first."""
    day = timezone.localdate(viewer.at)
    found: dict[UUID, str] = {}
    for board, name, starts_on in BoardTerms.objects.order_by("starts_on").values_list("board_id", "name", "starts_on"):
        if starts_on <= day or board not in found:
            found[board] = name
    return found


def boards(viewer: Actor) -> list[BoardLine]:
    """Every board by name, its parts after it; six statements however many there are."""
    check(viewer, READ_BOARDS)
    names = names_of_boards(viewer)
    gaps = defaultdict(list)
    for each in gaps_of(viewer, names):
        gaps[each.board_id].append(each)
    coming: dict[UUID, Meeting] = {}
    waiting = Meeting.objects.filter(starts_at__gte=viewer.at, state__in=("planned", "called"))
    for meeting in waiting.order_by("starts_at"):
        coming.setdefault(meeting.board_id, meeting)
    rows = sorted(
        Board.objects.prefetch_related("seats"),
        key=lambda each: (names[each.parent_id or each.pk], each.parent_id is not None, names[each.pk]),
    )
    return [_line(each, names, gaps[each.pk], coming.get(each.pk)) for each in rows]


def _line(row: Board, names: dict[UUID, str], gaps: list[Gap], coming: Meeting | None) -> BoardLine:
    return BoardLine(
        row.pk, names[row.pk], row.get_kind_display(), names[row.parent_id] if row.parent_id else "",
        len(row.seats.all()), tuple(gaps), coming.pk if coming else None, coming.starts_at if coming else None,
    )  # fmt: skip


def gaps_of(viewer: Actor, names: dict[UUID, str]) -> list[Gap]:
    """Every seat nobody holds, the longest empty first."""
    rows = Seat.objects.prefetch_related("appointments__post").order_by("board_id", "position")
    found = [
        Gap(each.board_id, names[each.board_id], each.pk, each.title, since)
        for each in rows
        if (since := vacant_since(each, list(each.appointments.all()), viewer.at)) is not None
    ]
    return sorted(found, key=lambda each: each.since)


def board_for(viewer: Actor, board_id: UUID) -> Board:
    """One board, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = Board.objects.select_related("host", "parent").filter(pk=board_id).first()
    if found is None:
        raise NotVisible
    return found


def whole_boards(viewer: Actor) -> list[tuple[UUID, str]]:
    """The boards that are no part of another, by name: what a part can be of."""
    check(viewer, READ_BOARDS)
    names = names_of_boards(viewer)
    rows = Board.objects.filter(parent=None).values_list("pk", flat=True)
    return sorted(((each, names[each]) for each in rows), key=lambda each: each[1])


def board_page(viewer: Actor, board_id: UUID) -> BoardPage:
    """One board in full; as many statements however much there is of it."""
    row = board_for(viewer, board_id)
    names, day = names_of_boards(viewer), timezone.localdate(viewer.at)
    terms = sorted(row.terms.all(), key=lambda each: each.starts_on)
    past = [each for each in terms if each.starts_on <= day] or terms[:1]
    seats = row.seats.select_related("organisation").prefetch_related("appointments__post").order_by("position")
    return BoardPage(
        row, row.pk, row.get_kind_display(), row.host.name,
        (row.parent_id, names[row.parent_id]) if row.parent_id else None,
        tuple((each.pk, names[each.pk]) for each in row.parts.all()), past[-1], tuple(reversed(past[:-1])),
        tuple(each for each in terms if each not in past), tuple(_seat(each, viewer.at) for each in seats),
        tuple(_powers(row.delegations.order_by("ends_on", "starts_on"))),
        tuple(row.meetings.order_by("-starts_at")[:12]),
    )  # fmt: skip


def _seat(row: Seat, at: datetime) -> SeatSeen:
    appointments = list(row.appointments.all())
    since = vacant_since(row, appointments, at)
    latest = sorted(appointments, key=lambda each: each.starts_on, reverse=True)
    holder = next((each for each in latest if each.ends_on is None), None) if since is None else None
    before = [_holder(each) for each in latest if each is not holder]
    return SeatSeen(
        row.pk, row.title, row.get_kind_display(), row.organisation.name if row.organisation else "", row.has_vote,
        row.is_chair, _holder(holder) if holder else None, since, tuple(before),
    )  # fmt: skip


def _holder(row: Appointment) -> HolderSeen:
    post = row.post.title if row.post else ""
    return HolderSeen(row.pk, row.name, post, row.how, row.starts_on, row.ends_on, row.end_reason)


def _powers(rows: Iterable[Delegation]) -> list[PowerSeen]:
    words = effect_kinds()
    return [
        PowerSeen(
            each.pk, words.get(each.kind, each.kind),
            "Without a limit" if each.limit_pence is None else f"Up to {format_pounds(each.limit_pence)}", each.source,
            each.starts_on, each.ends_on,
        )
        for each in rows
    ]  # fmt: skip


def seat_for(viewer: Actor, seat_id: UUID) -> Seat:
    """One seat, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = Seat.objects.select_related("board", "organisation").filter(pk=seat_id).first()
    if found is None:
        raise NotVisible
    return found


def appointment_for(viewer: Actor, appointment_id: UUID) -> Appointment:
    """One appointment, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = Appointment.objects.select_related("seat__board").filter(pk=appointment_id).first()
    if found is None:
        raise NotVisible
    return found


def power_for(viewer: Actor, delegation_id: UUID) -> Delegation:
    """One power, to hand to a service."""
    check(viewer, READ_BOARDS)
    found = Delegation.objects.select_related("board").filter(pk=delegation_id).first()
    if found is None:
        raise NotVisible
    return found
