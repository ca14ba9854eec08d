"""Boards: set up, their terms changed, seats added, members appointed, powers given and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import new_reference
from joinedup.governance import rules
from joinedup.governance.codes import BOARD_KINDS, NEVER_DECIDES
from joinedup.governance.models import Appointment, Attendance, Board, BoardTerms, Delegation, Seat
from joinedup.governance.permissions import KEEP_BOARDS

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class TermsSaid:
    """What the terms of reference say. `call_in_days` are working days, nought where there is no call-in."""

    name: str
    duties: str
    legal_basis: str = ""
    quorum_members: int = 3
    quorum_bodies: int = 2
    months_between: int = 3
    call_in_days: int = 0


@dataclass(frozen=True)
class SeatSaid:
    """What is said of a seat."""

    title: str
    kind: str
    has_vote: bool = True
    is_chair: bool = False


@service(KEEP_BOARDS)
def set_up_board(
    *, kind: str, host: Organisation, said: TermsSaid, starts_on: date, parent: Board | None = None, by: Actor, at: datetime
) -> Board:  # fmt: skip
    """Set up a board, hosted by an organisation, with its first terms of reference. Refuses GV-101 to GV-104, and a part of
    what is itself a part (GV-108)."""
    _judge(said)
    if parent is not None and parent.parent_id is not None:
        raise rules.PARENT_OPEN.refused()
    made = Board.objects.create(
        reference=new_reference("BD"), kind=kind, host=host, parent=parent, set_up_at=at, set_up_by=by.account_id
    )
    _write(made, 1, said, starts_on, "", by, at)
    note(subject=made, changed=("board",))
    return made


@service(KEEP_BOARDS)
def change_terms(
    *, board: Board, said: TermsSaid, starts_on: date, why: str, number: int, by: Actor, at: datetime
) -> BoardTerms:
    """New terms of reference from a day on; `number` is that of the terms they were written over. What was in force before
    stays as it was. Refuses GV-101 to GV-106, and when somebody else wrote new ones meanwhile (GV-109)."""
    _judge(said)
    Board.objects.select_for_update().get(pk=board.pk)
    latest = board.terms.order_by("-number")[0]
    if latest.number != number:
        raise rules.TERMS_MOVED.refused()
    if starts_on <= latest.starts_on:
        raise rules.TERMS_DAY.refused(day=date_long(latest.starts_on))
    if not why.strip():
        raise rules.TERMS_WHY.refused()
    made = _write(board, number + 1, said, starts_on, why.strip()[:400], by, at)
    note(subject=board, changed=("terms",), words={"number": made.number})
    return made


@service(KEEP_BOARDS)
def add_seat(
    *, board: Board, said: SeatSaid, organisation: Organisation | None = None, starts_on: date, by: Actor, at: datetime
) -> Seat:
    """A place at the table, for a body or for nobody’s in particular, to be filled from a day on. Refuses GV-110, and a second
    chair (GV-111)."""
    if not said.title.strip():
        raise rules.SEAT_TITLE.refused()
    Board.objects.select_for_update().get(pk=board.pk)
    chair = board.seats.filter(is_chair=True).first() if said.is_chair else None
    if chair is not None:
        raise rules.ONE_CHAIR.refused(seat=chair.title)
    last = board.seats.aggregate(last=Max("position"))["last"]
    made = Seat.objects.create(
        board=board, title=said.title.strip()[:120], kind=said.kind, organisation=organisation,
        has_vote=said.has_vote or said.is_chair, is_chair=said.is_chair, position=0 if last is None else last + 1,
        starts_on=starts_on,
    )  # fmt: skip
    note(subject=board, changed=("seats",), words={"seat": made.title})
    return made


@service(KEEP_BOARDS)
def appoint_member(
    *, seat: Seat, post: Post | None = None, name: str = "", how: str, starts_on: date, by: Actor, at: datetime
) -> Appointment:
    """Appoint somebody in post, or somebody by name alone, from a day on. Refuses a seat that is held (GV-112) or was until
    after that day (GV-116), nobody (GV-113), somebody of another body (GV-114), and one whose appointment is written nowhere
    (GV-115)."""
    locked = Seat.objects.select_for_update().select_related(None).get(pk=seat.pk)
    holder = locked.appointments.filter(ends_on__isnull=True).first()
    if holder is not None:
        raise rules.SEAT_TAKEN.refused(name=holder.name, day=date_long(holder.starts_on))
    last = locked.appointments.order_by("-ends_on").first()
    if last is not None and last.ends_on is not None and starts_on <= last.ends_on:
        raise rules.SEAT_DAY.refused("starts_on", day=date_long(last.ends_on))
    who = post.account.name if post else name.strip()[:160]
    if not who:
        raise rules.SEAT_NAME.refused()
    if post is not None and locked.organisation_id not in {None, post.host_id, post.employer_id}:
        organisation = seat.organisation.name if seat.organisation else ""
        raise rules.SEAT_BODY.refused(name=who, organisation=organisation)
    if not how.strip():
        raise rules.SEAT_HOW.refused()
    made = Appointment.objects.create(
        seat=locked, post=post, name=who, how=how.strip()[:300], starts_on=starts_on, made_at=at, made_by=by.account_id
    )
    note(subject=made, changed=("appointments",))
    return made


@service(KEEP_BOARDS)
def end_appointment(*, appointment: Appointment, ends_on: date, reason: str, by: Actor, at: datetime) -> Appointment:
    """A member leaves the seat; the day is the last on which they sit. Refuses GV-117 to GV-119, GV-124, and a day before a
    meeting they were at (GV-125)."""
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if locked.ends_on is not None:
        raise rules.APPOINTMENT_ENDED.refused()
    if ends_on < locked.starts_on:
        raise rules.APPOINTMENT_DAY.refused(day=date_long(locked.starts_on))
    if ends_on > timezone.localdate(at):
        raise rules.TODAY_OR_BEFORE.refused()
    present = Attendance.objects.filter(appointment=locked, kind="present")
    last = present.aggregate(last=Max("meeting__starts_at"))["last"]
    if last is not None and ends_on < timezone.localdate(last):
        raise rules.SAT_LATER.refused(name=locked.name, day=date_long(last))
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    locked.ends_on, locked.end_reason = ends_on, reason.strip()[:300]
    locked.save(update_fields=["ends_on", "end_reason"])
    note(changed=("appointments",))
    return locked


@service(KEEP_BOARDS)
def give_power(
    *, board: Board, kind: str, limit_pence: int | None, source: str, starts_on: date, by: Actor, at: datetime
) -> Delegation:
    """The board may decide things of a kind up to a limit, from a day on. Refuses a power that is written nowhere (GV-120), one
    it holds (GV-121), and any for a board that only recommends or prepares (GV-122)."""
    Board.objects.select_for_update().get(pk=board.pk)
    if board.kind in NEVER_DECIDES:
        raise rules.POWER_NEVER.refused(kind=BOARD_KINDS[board.kind].lower())
    held = board.delegations.filter(kind=kind, ends_on__isnull=True).first()
    if held is not None:
        raise rules.POWER_HELD.refused(day=date_long(held.starts_on))
    if not source.strip():
        raise rules.POWER_SOURCE.refused()
    made = Delegation.objects.create(
        board=board, kind=kind, limit_pence=limit_pence, source=source.strip()[:300], starts_on=starts_on, given_at=at,
        given_by=by.account_id,
    )  # fmt: skip
    note(subject=board, changed=("powers",), words={"kind": kind, "limit_pence": limit_pence})
    return made


@service(KEEP_BOARDS)
def end_power(*, delegation: Delegation, by: Actor, at: datetime) -> Delegation:
    """The board holds the power no longer, from tomorrow on. Refuses GV-123."""
    locked = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if locked.ends_on is not None:
        raise rules.POWER_ENDED.refused()
    locked.ends_on = timezone.localdate(at)
    locked.save(update_fields=["ends_on"])
    note(changed=("powers",), words={"kind": locked.kind})
    return locked


def _judge(said: TermsSaid) -> None:
    if not said.name.strip():
        raise rules.BOARD_NAME.refused()
    if not said.duties.strip():
        raise rules.BOARD_DUTIES.refused()
    if said.quorum_members < 2:
        raise rules.BOARD_QUORUM.refused()
    if said.quorum_bodies > said.quorum_members:
        raise rules.BOARD_BODIES.refused()


def _write(
    board: Board, number: int, said: TermsSaid, starts_on: date, why: str, by: Actor, at: datetime
) -> BoardTerms:
    return BoardTerms.objects.create(
        board=board, number=number, name=said.name.strip()[:160], duties=said.duties.strip(),
        legal_basis=said.legal_basis.strip()[:300], quorum_members=said.quorum_members, quorum_bodies=said.quorum_bodies,
        months_between=said.months_between, call_in_days=said.call_in_days, starts_on=starts_on, why=why, written_at=at,
        written_by=by.account_id,
    )  # fmt: skip
