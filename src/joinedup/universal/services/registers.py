"""Taking a register. Every change is kept; what was saved together is undone together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import new_id
from joinedup.person_index.queries import people_of_records
from joinedup.person_index.services import OwnFacts, keep_own_record
from joinedup.universal import rules
from joinedup.universal.codes import Mark
from joinedup.universal.models import Attendance, AttendanceChange, Session
from joinedup.universal.permissions import TAKE_REGISTER
from joinedup.universal.queries import own_record_for_register
from joinedup.universal.services.help_given import _post_help

_OLDEST = 110


@dataclass(frozen=True)
class Taken:
    """What a register says when it is saved: a mark for each record (empty takes somebody off the list), and how many
    came without being named. None leaves a number as it was."""

    marks: Mapping[UUID, str] = field(default_factory=dict)
    adults: int | None = None
    children: int | None = None


@dataclass(frozen=True)
class Newcomer:
    """Somebody who came for the first time. An age will do where no date of birth is given."""

    given_name: str
    family_name: str = ""
    birth_date: date | None = None
    age: int | None = None
    postcode: str = ""
    mark: str = Mark.PRESENT.value


@service(TAKE_REGISTER, on="session")
def take_register(*, session: Session, taken: Taken, by: Actor, at: datetime) -> Session:
    """Save a register, or a part of it: only what is said is changed, so that two who take it at once lose nothing of
    each other's. Raises Refused (UN-10, UN-12 to UN-14, UN-17)."""
    _open_for_taking(session, at)
    step, people = new_id(), []
    there = {each.record_id: each for each in Attendance.objects.filter(session=session, record_id__in=taken.marks)}
    for record_id, mark in taken.marks.items():
        if mark and mark not in set(Mark):
            raise rules.MARK_KNOWN.refused()
        row = there.get(record_id)
        if row is None and not mark:
            continue
        if row is None:
            own_record_for_register(by, session, record_id)
        if _mark(session, row, record_id, mark, step, by, at):
            people.append(record_id)
    _count(session, taken, step, by, at)
    _after(session, people, by, at)
    return session


@service(TAKE_REGISTER, on="session")
def add_to_register(
    *, session: Session, record_id: UUID, mark: str = Mark.PRESENT.value, by: Actor, at: datetime
) -> Attendance:
    """Put somebody of the organisation's own records on the list. Raises Refused (UN-10, UN-12 to UN-14)."""
    _open_for_taking(session, at)
    if mark not in set(Mark):
        raise rules.MARK_KNOWN.refused()
    own_record_for_register(by, session, record_id)
    row = Attendance.objects.filter(session=session, record_id=record_id).first()
    _mark(session, row, record_id, mark, new_id(), by, at)
    _after(session, [record_id], by, at)
    return Attendance.objects.get(session=session, record_id=record_id)


@service(TAKE_REGISTER, on="session")
def add_newcomer(*, session: Session, newcomer: Newcomer, by: Actor, at: datetime) -> Attendance:
    """Write down somebody who is in none of the organisation's records: they are from now on, and on this list. Raises
    Refused (UN-10, UN-12, UN-13, UN-15, UN-16)."""
    _open_for_taking(session, at)
    if not (newcomer.given_name.strip() or newcomer.family_name.strip()):
        raise rules.NAMED.refused()
    today, age = timezone.localdate(at), newcomer.age
    if newcomer.mark not in set(Mark):
        raise rules.MARK_KNOWN.refused()
    if (age is not None and not 0 <= age <= _OLDEST) or (newcomer.birth_date and newcomer.birth_date > today):
        raise rules.AGE_POSSIBLE.refused()
    facts = OwnFacts(
        f"SESSION-{new_id().hex}", newcomer.given_name, newcomer.family_name, newcomer.birth_date, newcomer.postcode
    )
    agency = session.programme.organisation
    record = keep_own_record(agency=agency, facts=facts, source=f"{session.programme.name}", by=by, at=at)
    _mark(session, None, record.pk, newcomer.mark, new_id(), by, at, is_newcomer=True, age=age)
    _after(session, [record.pk], by, at)
    return Attendance.objects.get(session=session, record=record)


@service(TAKE_REGISTER, on="session")
def undo_register(*, session: Session, by: Actor, at: datetime) -> Session:
    """Take back what the same person saved last in this register, unless somebody has changed it since. The undo is
    itself kept. Raises Refused (UN-18)."""
    _open_for_taking(session, at)
    mine = AttendanceChange.objects.filter(session=session, by=by.account_id, undone_by__isnull=True)
    last = mine.filter(undid__isnull=True).order_by("-pk").first()
    if last is None:
        raise rules.NOTHING_TO_UNDO.refused()
    step, records = new_id(), []
    for change in AttendanceChange.objects.filter(step=last.step, undone_by__isnull=True).order_by("-pk"):
        newer = AttendanceChange.objects.filter(session=session, attendance=change.attendance, pk__gt=change.pk)
        if newer.filter(undone_by__isnull=True, undid__isnull=True).exists():
            raise rules.NOTHING_TO_UNDO.refused()
        undo = _put_back(session, change, step, by, at)
        change.undone_by = undo
        change.save(update_fields=["undone_by"])
        records += [change.attendance.record_id] if change.attendance else []
    _after(session, records, by, at)
    return session


def _put_back(session: Session, change: AttendanceChange, step: UUID, by: Actor, at: datetime) -> AttendanceChange:
    if change.attendance is None:
        session.adults, session.children = change.before["adults"], change.before["children"]
        session.save(update_fields=["adults", "children"])
    else:
        row = change.attendance
        row.mark = change.before["mark"]
        row.version += 1
        row.save(update_fields=["mark", "version"])
    return AttendanceChange.objects.create(
        session=session, attendance=change.attendance, before=change.after, after=change.before, step=step, at=at,
        by=by.account_id, is_after_finish=session.state == "held",
    )  # fmt: skip


@service(TAKE_REGISTER, on="session")
def finish_register(*, session: Session, by: Actor, at: datetime) -> Session:
    """The register is complete. What it says of children whose plan names a targeted programme becomes help given, once
    (UN-22). It can still be corrected. Raises Refused (UN-10, UN-12, UN-20)."""
    _open_for_taking(session, at)
    marked = Attendance.objects.filter(session=session).listed().exists()
    if not marked and not session.adults and not session.children:
        raise rules.REGISTER_EMPTY.refused()
    if session.state != "held":
        session.state, session.finished_at, session.finished_by = "held", at, by.account_id
        session.version += 1
        session.save(update_fields=["state", "finished_at", "finished_by", "version"])
    _post_help(session, at)
    note(changed=("state",), subject=session)
    return session


# --- Steps shared by the services above, called only inside them.


def _open_for_taking(session: Session, at: datetime) -> None:
    """Lock the session; refuse where no register can be taken."""
    session.refresh_from_db(from_queryset=Session.objects.select_for_update(of=("self",)).select_related("programme"))
    if session.state == "cancelled":
        raise rules.SESSION_CANCELLED.refused()
    if session.held_on > timezone.localdate(at):
        raise rules.NOT_YET.refused()


def _mark(
    session: Session, row: Attendance | None, record_id: UUID, mark: str, step: UUID, by: Actor, at: datetime, *,
    is_newcomer: bool = False, age: int | None = None,
) -> bool:  # fmt: skip
    """Write one mark and the row of its change; whether anything changed."""
    before = row.mark if row else ""
    if row is not None and before == mark:
        return False
    if row is None:
        if age is None:  # as it was said when they first came, so that somebody is of one age in the figures
            age = (
                Attendance.objects.filter(record_id=record_id, age_said__isnull=False)
                .values_list("age_said", flat=True)
                .first()
            )
        row = Attendance(
            session=session, record_id=record_id, is_newcomer=is_newcomer, age_said=age, marked_by=by.account_id
        )
    row.mark, row.marked_at = mark, at
    if not row.is_newcomer:
        row.marked_by = by.account_id  # of a newcomer it stays whoever wrote them down
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.version += 1
        row.save(update_fields=["mark", "marked_at", "marked_by", "version"])
    AttendanceChange.objects.create(
        session=session, attendance=row, before={"mark": before}, after={"mark": mark}, step=step, at=at,
        by=by.account_id, is_after_finish=session.state == "held",
    )  # fmt: skip
    return True


def _count(session: Session, taken: Taken, step: UUID, by: Actor, at: datetime) -> None:
    adults = session.adults if taken.adults is None else taken.adults
    children = session.children if taken.children is None else taken.children
    if not all(0 <= each <= rules.MOST_COUNTED for each in (adults, children)):
        raise rules.COUNTS_POSSIBLE.refused(most=f"{rules.MOST_COUNTED:,}")
    if (adults, children) == (session.adults, session.children):
        return
    before = {"adults": session.adults, "children": session.children}
    session.adults, session.children = adults, children
    session.save(update_fields=["adults", "children"])
    AttendanceChange.objects.create(
        session=session, before=before, after={"adults": adults, "children": children}, step=step, at=at,
        by=by.account_id, is_after_finish=session.state == "held",
    )  # fmt: skip


def _after(session: Session, records: list[UUID], by: Actor, at: datetime) -> None:
    """What follows from a change: a correction of a finished register is one of the help given, too."""
    if session.state == "held":
        _post_help(session, at)
    note(people=set(people_of_records(by, records).values()), changed=("register",), subject=session)
