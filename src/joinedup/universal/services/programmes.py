"""Programmes and the days on which they meet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.universal import rules
from joinedup.universal.codes import PROGRAMME_KINDS
from joinedup.universal.models import Attendance, Programme, Session, SessionStaff
from joinedup.universal.permissions import CANCEL_SESSION, CHANGE_PROGRAMME, OPEN_PROGRAMME, PLAN_SESSIONS
from joinedup.universal.settings import terms

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_FIELDS = ("name", "kind", "place", "youngest", "oldest", "is_targeted", "service", "team_id", "locality_id")


@dataclass(frozen=True)
class ProgrammeSaid:
    """What is said of a programme. `service` is what a plan's action calls it, where that is not its name."""

    name: str
    kind: str
    place: str
    youngest: int | None = None
    oldest: int | None = None
    is_targeted: bool = False
    service: str = ""
    team_id: UUID | None = None
    locality_id: UUID | None = None


@dataclass(frozen=True)
class Weekly:
    """When sessions are: once, or on the same weekday every week until a day, in term only where `in_term`."""

    first_on: date
    starts: time
    ends: time
    until: date | None = None
    in_term: bool = True
    place: str = ""


@service(OPEN_PROGRAMME, on="organisation")
def open_programme(*, organisation: Organisation, said: ProgrammeSaid, by: Actor, at: datetime) -> Programme:
    """Begin a programme of an organisation. Raises Refused (UN-1 to UN-4)."""
    _check(said, by)
    row = Programme.objects.create(organisation=organisation, opened_at=at, opened_by=by.account_id, **_values(said))
    note(subject=row, changed=("programme",))
    return row


@service(CHANGE_PROGRAMME, on="programme")
def change_programme(*, programme: Programme, said: ProgrammeSaid, version: int, by: Actor, at: datetime) -> Programme:
    """Say otherwise what a programme is. Raises Refused (UN-1 to UN-5)."""
    _check(said, by)
    _refuse_ended(programme, timezone.localdate(at))
    claim_version(programme, version)
    for name, value in _values(said).items():
        setattr(programme, name, value)
    programme.save(update_fields=list(_FIELDS))
    note(changed=_FIELDS)
    return programme


@service(CHANGE_PROGRAMME, on="programme")
def end_programme(*, programme: Programme, ends_on: date, version: int, by: Actor, at: datetime) -> Programme:
    """It meets no more from a day on; what was planned after it is cancelled. Registers stay."""
    _refuse_ended(programme, timezone.localdate(at))
    claim_version(programme, version)
    programme.ended_on = ends_on
    programme.save(update_fields=["ended_on"])
    after = Session.objects.filter(programme=programme, state="planned", held_on__gte=ends_on)
    after.exclude(pk__in=Attendance.objects.listed().values("session_id")).update(
        state="cancelled", reason="The programme has ended."
    )
    note(changed=("ended_on",))
    return programme


def _values(said: ProgrammeSaid) -> dict[str, object]:
    return {name: getattr(said, name) for name in _FIELDS} | {
        "name": said.name.strip()[:120], "place": said.place.strip()[:160], "service": said.service.strip()[:120]
    }  # fmt: skip


def _check(said: ProgrammeSaid, by: Actor) -> None:
    if not said.name.strip():
        raise rules.NAME_NEEDED.refused()
    if said.kind not in PROGRAMME_KINDS:
        raise rules.KIND_KNOWN.refused()
    if said.youngest is not None and said.oldest is not None and said.oldest < said.youngest:
        raise rules.AGES_RUN_UP.refused()
    if said.team_id is not None and not by.is_system and said.team_id not in by.team_ids:
        raise rules.OWN_PROGRAMME.refused()


def _refuse_ended(programme: Programme, on: date) -> None:
    if programme.ended_on is not None and programme.ended_on <= on:
        raise rules.PROGRAMME_ENDED.refused()


@service(PLAN_SESSIONS, on="programme")
def plan_sessions(
    *, programme: Programme, when: Weekly, staff: Collection[UUID] = (), by: Actor, at: datetime
) -> list[Session]:
    """Plan one session, or one every week in term and on no bank holiday; `staff` are the posts that run them. Days that
    have a session at that time already are passed over. Raises Refused (UN-5 to UN-9)."""
    _refuse_ended(programme, when.first_on)
    if when.ends <= when.starts:
        raise rules.ENDS_AFTER.refused()
    days = _days(when)
    rows = []
    for day in days:
        row = Session(
            programme=programme, held_on=day, starts_time=when.starts, ends_time=when.ends,
            place=when.place.strip()[:160], planned_by=by.account_id,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue  # there already
        rows.append(row)
    if not rows:
        raise rules.SESSION_THERE.refused()
    SessionStaff.objects.bulk_create(
        [SessionStaff(session=row, post_id=post) for row in rows for post in dict.fromkeys(staff)]
    )
    note(changed=("sessions",), words={"sessions": len(rows)})
    return rows


def _days(when: Weekly) -> list[date]:
    if when.until is None or when.until <= when.first_on:
        return [when.first_on]
    if when.until - when.first_on > timedelta(weeks=rules.MOST_SESSIONS):
        raise rules.NOT_TOO_MANY.refused(most=rules.MOST_SESSIONS)
    days = rules.weekly(when.first_on, when.until, terms(when.first_on) if when.in_term else [])
    if not days:
        raise rules.NO_DAY_LEFT.refused()
    return days


@service(CANCEL_SESSION, on="session")
def cancel_session(*, session: Session, reason: str, version: int, by: Actor, at: datetime) -> Session:
    """A session does not take place. Raises Refused (UN-10, UN-11, and UN-21 where somebody is in its register)."""
    if session.state == "cancelled":
        raise rules.SESSION_CANCELLED.refused()
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(session, version)
    if session.adults or session.children or Attendance.objects.filter(session=session).listed().exists():
        raise rules.HAS_REGISTER.refused()
    session.state, session.reason = "cancelled", reason.strip()[:200]
    session.finished_at = session.finished_by = None
    session.save(update_fields=["state", "reason", "finished_at", "finished_by"])
    note(changed=("state",))
    return session
