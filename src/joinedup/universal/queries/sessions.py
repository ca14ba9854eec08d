"""Programmes and sessions, for those who run them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import open_organisations, posts_of_organisations
from joinedup.universal.codes import CAME, PROGRAMME_KINDS, STATES
from joinedup.universal.models import Programme, Session, SessionStaff
from joinedup.universal.permissions import CHANGE_PROGRAMME, PLAN_SESSIONS, READ_SESSIONS

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_AHEAD = timedelta(days=28)
_BACK = timedelta(days=28)
_MOST = 100


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme in a list."""

    id: UUID
    name: str
    kind: str
    organisation: str
    place: str
    ages: str
    is_targeted: bool
    has_ended: bool


@dataclass(frozen=True)
class SessionRow:
    """A session in a list: how many are in its register and how many more were counted. `is_due` where it has begun and
    nobody has finished its register."""

    id: UUID
    programme_id: UUID
    name: str
    held_on: date
    starts_time: time
    ends_time: time
    place: str
    state: str
    state_label: str
    reason: str
    came: int
    counted: int
    staff: tuple[str, ...]
    is_due: bool
    is_today: bool


@dataclass(frozen=True)
class ProgrammePage:
    """One programme with its sessions."""

    row: Programme
    id: UUID
    version: int
    name: str
    kind: str
    organisation: str
    team: str
    place: str
    ages: str
    is_targeted: bool
    service: str
    ended_on: date | None
    coming: tuple[SessionRow, ...]
    past: tuple[SessionRow, ...]
    may_plan: bool
    may_change: bool


def programmes(viewer: Actor) -> list[ProgrammeRow]:
    """The programmes the viewer's organisations and teams run, those that have ended last."""
    check(viewer, READ_SESSIONS)
    on = timezone.localdate(viewer.at)
    rows = Programme.objects.visible_to(viewer).select_related("organisation").order_by("name", "pk")
    found = [_programme(row, on) for row in rows[:_MOST]]
    return sorted(found, key=lambda each: each.has_ended)


def _programme(row: Programme, on: date) -> ProgrammeRow:
    return ProgrammeRow(
        id=row.pk, name=row.name, kind=PROGRAMME_KINDS[row.kind], organisation=row.organisation.name, place=row.place,
        ages=ages_in_words(row.youngest, row.oldest), is_targeted=row.is_targeted,
        has_ended=row.ended_on is not None and row.ended_on <= on,
    )  # fmt: skip


def ages_in_words(youngest: int | None, oldest: int | None) -> str:
    """`5 to 11`, `11 and over`, `up to 4`, `All ages`."""
    if youngest is None and oldest is None:
        return "All ages"
    if oldest is None:
        return f"{youngest} and over"
    return f"{youngest} to {oldest}" if youngest else f"Up to {oldest}"


def sessions(viewer: Actor, *, programme_id: UUID | None = None) -> list[SessionRow]:
    """Four weeks of the viewer's sessions back and ahead, in the order of the day; three statements. No read row: it
    counts people and names none."""
    check(viewer, READ_SESSIONS)
    on = timezone.localdate(viewer.at)
    rows = Session.objects.filter(programme__in=Programme.objects.visible_to(viewer))
    rows = rows.filter(held_on__gte=on - _BACK, held_on__lte=on + _AHEAD)
    if programme_id is not None:
        rows = rows.filter(programme_id=programme_id)
    return _rows(viewer, rows)


def _rows(viewer: Actor, rows: QuerySet[Session]) -> list[SessionRow]:
    came = Count("attendances", filter=Q(attendances__mark__in=[mark.value for mark in CAME]))
    found = list(
        rows.select_related("programme").annotate(came=came).order_by("held_on", "starts_time", "pk")[: 3 * _MOST]
    )
    staff: dict[UUID, list[str]] = {}
    run_by = SessionStaff.objects.filter(session_id__in=[row.pk for row in found]).select_related("post__account")
    for each in run_by.order_by("pk"):
        staff.setdefault(each.session_id, []).append(each.post.account.name)
    return [_session(row, tuple(staff.get(row.pk, ())), viewer) for row in found]


def _session(row: Session, staff: tuple[str, ...], viewer: Actor) -> SessionRow:
    here = timezone.localtime(viewer.at)
    has_begun = (row.held_on, row.starts_time) <= (here.date(), here.time())
    return SessionRow(
        id=row.pk, programme_id=row.programme_id, name=row.programme.name, held_on=row.held_on,
        starts_time=row.starts_time, ends_time=row.ends_time, place=row.place or row.programme.place, state=row.state,
        state_label=STATES[row.state], reason=row.reason, came=getattr(row, "came", 0),
        counted=row.adults + row.children, staff=staff, is_due=row.state == "planned" and has_begun,
        is_today=row.held_on == here.date(),
    )  # fmt: skip


def programme(viewer: Actor, programme_id: UUID) -> ProgrammePage:
    """One programme with what is to come and what was."""
    row = programme_for_change(viewer, programme_id)
    on = timezone.localdate(viewer.at)
    found = sessions(viewer, programme_id=row.pk)
    return ProgrammePage(
        row=row, id=row.pk, version=row.version, name=row.name, kind=PROGRAMME_KINDS[row.kind],
        organisation=row.organisation.name, team=row.team.name if row.team else "", place=row.place,
        ages=ages_in_words(row.youngest, row.oldest), is_targeted=row.is_targeted, service=row.service,
        ended_on=row.ended_on,
        coming=tuple(each for each in found if each.held_on >= on and each.state == "planned"),
        past=tuple(sorted((each for each in found if each.held_on < on or each.state != "planned"),
                          key=lambda each: each.held_on, reverse=True)),
        may_plan=row.ended_on is None and can(viewer, PLAN_SESSIONS, row),
        may_change=row.ended_on is None and can(viewer, CHANGE_PROGRAMME, row),
    )  # fmt: skip


def programme_for_change(viewer: Actor, programme_id: UUID) -> Programme:
    """A programme, to hand to a service."""
    rows = Programme.objects.visible_to(viewer) if can(viewer, READ_SESSIONS) else Programme.objects.none()
    found = rows.select_related("organisation", "team").filter(pk=programme_id).first()
    if found is None:
        raise NotVisible
    return found


def session_for_change(viewer: Actor, session_id: UUID) -> Session:
    """A session the viewer runs, to hand to a service."""
    if not can(viewer, READ_SESSIONS):
        raise NotVisible
    rows = Session.objects.filter(programme__in=Programme.objects.visible_to(viewer), pk=session_id)
    found = rows.select_related("programme__organisation", "programme__team").first()
    if found is None:
        raise NotVisible
    return found


def organisations_to_run_for(viewer: Actor) -> list[Organisation]:
    """The organisations the viewer could begin a programme for."""
    check(viewer, READ_SESSIONS)
    return list(open_organisations(viewer).filter(pk__in=viewer.organisation_ids))


def staff_to_choose(viewer: Actor, organisation_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Who could run a session: everybody with a post at the organisation now, by name."""
    found = {
        post.pk: f"{post.account.name}, {post.title}" for _, post in posts_of_organisations(viewer, organisation_ids)
    }
    return list(found.items())[:200]
