"""Who sits on a board on a day, under which terms of reference, with which powers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.governance.models import Appointment, Attendance, BoardTerms, Delegation, Interest, Meeting, Seat
from joinedup.governance.quorum import AtTable

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class Member:
    """Somebody in a seat. `id` is the appointment’s."""

    id: UUID
    seat_id: UUID
    seat: str
    name: str
    organisation_id: UUID | None
    organisation: str
    has_vote: bool
    is_chair: bool

    @property
    def words(self) -> str:
        """`Dora Testdirector, director of children’s services`."""
        return f"{self.name}, {self.seat}"


def members_on(viewer: Actor, board_id: UUID, at: datetime) -> list[Member]:
    """The members of a board at a moment, in the order of their seats. Whoever holds a seat through a post leaves it with the
    post."""
    day = timezone.localdate(at)
    rows = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
    there = rows.filter(seat__board_id=board_id).select_related("seat__organisation", "post")
    return [_member(each) for each in there.order_by("seat__position") if each.post is None or each.post.is_held_at(at)]


def members_at(viewer: Actor, meeting: Meeting) -> list[Member]:
    """The members at a meeting: once it is held, those who were written down then, whatever is recorded of their
    appointments or posts later; before that, those of its day."""
    written = Appointment.objects.filter(attendance__meeting=meeting).select_related("seat__organisation")
    found = [_member(each) for each in written.order_by("seat__position")]
    return found or members_on(viewer, meeting.board_id, meeting.starts_at)


def _member(row: Appointment) -> Member:
    seat = row.seat
    return Member(
        row.pk, row.seat_id, seat.title, row.name, seat.organisation_id, seat.organisation.name if seat.organisation else "",
        seat.has_vote, seat.is_chair,
    )  # fmt: skip


def terms_on(viewer: Actor, board_id: UUID, day: date) -> BoardTerms:
    """The terms of reference in force on a day; before the first, the first."""
    rows = BoardTerms.objects.filter(board_id=board_id).order_by("-starts_on")
    return rows.filter(starts_on__lte=day).first() or rows.reverse()[0]


def powers_on(viewer: Actor, board_id: UUID, day: date) -> dict[str, Delegation]:
    """The powers a board holds on a day, by kind."""
    rows = Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), board_id=board_id, starts_on__lte=day
    )
    return {each.kind: each for each in rows.order_by("starts_on")}


def table_for(viewer: Actor, meeting: Meeting, item_id: UUID) -> tuple[list[Member], list[AtTable]]:
    """Who was there for an item: the members present, and the same as a quorum counts them."""
    present = set(Attendance.objects.filter(meeting=meeting, kind="present").values_list("appointment_id", flat=True))
    gone = {key for key, each in interests_in(viewer, item_id).items() if each.has_withdrawn}
    members = [each for each in members_at(viewer, meeting) if each.id in present]
    return members, [AtTable(each.seat_id, each.organisation_id, each.has_vote, each.id in gone) for each in members]


def interests_in(viewer: Actor, item_id: UUID) -> dict[UUID, Interest]:
    """What each member last declared of an item, by appointment."""
    return newest_interests(viewer, Interest.objects.filter(item_id=item_id))


def newest_interests(viewer: Actor, rows: Iterable[Interest]) -> dict[UUID, Interest]:
    """Of several declarations of one member the newest counts; in the order in which those were declared."""
    ordered = sorted(rows, key=lambda each: (each.declared_at, each.pk), reverse=True)
    found: dict[UUID, Interest] = {}
    for each in ordered:
        found.setdefault(each.appointment_id, each)
    return dict(reversed(found.items()))


def vacant_since(seat: Seat, appointments: list[Appointment], at: datetime) -> date | None:
    """Since which day nobody holds a seat; None where it is held or not to be filled yet. A holder whose post has ended
    left the seat on that day."""
    day = timezone.localdate(at)
    if seat.starts_on > day:
        return None
    since = seat.starts_on
    for each in sorted(appointments, key=lambda one: one.starts_on):
        if each.starts_on > day:
            break
        last = _last_day(each, at)
        if last is None or last >= day:
            return None
        since = max(since, last + timedelta(days=1))
    return since


def _last_day(appointment: Appointment, at: datetime) -> date | None:
    post: Post | None = appointment.post
    ended = post.ends_at if post is not None else None
    left = timezone.localdate(ended - timedelta(minutes=1)) if ended is not None and ended <= at else None
    days = [each for each in (appointment.ends_on, left) if each is not None]
    return min(days) if days else None


@dataclass(frozen=True)
class SeatHeld:
    """A seat that is to be filled: the kind of its board, its own kind, and whether somebody holds it."""

    board: str
    seat: str
    is_held: bool


def seats_held(viewer: Actor) -> list[SeatHeld]:
    """Every seat that is to be filled at the viewer’s moment; three statements."""
    rows = Seat.objects.filter(starts_on__lte=timezone.localdate(viewer.at)).select_related("board")
    return [
        SeatHeld(each.board.kind, each.kind, vacant_since(each, list(each.appointments.all()), viewer.at) is None)
        for each in rows.prefetch_related("appointments__post")
    ]
