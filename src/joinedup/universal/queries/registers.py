"""One register: who is on it, who came last time, whom somebody may mean, and every change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.core.formats import age_years
from joinedup.person_index.queries import SearchQuery, own_organisation, own_record, own_records, people_of_records
from joinedup.universal.codes import CAME, MARKS, STATES, Mark
from joinedup.universal.models import Attendance, AttendanceChange, AttendanceQuerySet, Session, SessionStaff
from joinedup.universal.permissions import TAKE_REGISTER
from joinedup.universal.queries.sessions import session_for_change

_LAST = 3  # sessions back from which the list is filled
_KNOWN_FOR = timedelta(days=730)
_MOST_FOUND = 12


@dataclass(frozen=True)
class RegisterLine:
    """Somebody on the list, as the organisation's own record has them. `mark` is empty until somebody says."""

    record_id: UUID
    name: str
    birth_date: date | None
    age: int | None
    mark: str
    label: str
    is_newcomer: bool
    came_before: int

    @property
    def came(self) -> bool:
        """Was there."""
        return self.mark in CAME


@dataclass(frozen=True)
class RegisterShown:
    """A session with its register."""

    row: Session
    id: UUID
    version: int
    name: str
    organisation: str
    programme_id: UUID
    held_on: date
    starts: str
    ends: str
    place: str
    state: str
    state_label: str
    reason: str
    is_targeted: bool
    staff: tuple[str, ...]
    lines: tuple[RegisterLine, ...]
    adults: int
    children: int
    finished_at: datetime | None
    may_take: bool
    may_undo: bool
    searches_own_records: bool

    @property
    def came(self) -> int:
        """How many of those named came."""
        return sum(line.came for line in self.lines)

    @property
    def unmarked(self) -> int:
        """How many nobody has said anything of."""
        return sum(not line.mark for line in self.lines)

    @property
    def total(self) -> int:
        """Everybody who came, named or counted."""
        return self.came + self.adults + self.children


@dataclass(frozen=True)
class Found:
    """Somebody in the organisation's own records who may be meant."""

    record_id: UUID
    name: str
    birth_date: date | None
    has_come: bool


@dataclass(frozen=True)
class ChangeShown:
    """One change of a register, the newest first."""

    what: str
    by: str
    at: datetime
    is_correction: bool
    is_undone: bool


def register(viewer: Actor, session_id: UUID, *, purpose: str = "register of a session") -> RegisterShown:
    """A session's list: who is on it already, and below them who came to the last sessions and nobody has said anything
    of yet. The read is audited with the people it shows."""
    row = session_for_change(viewer, session_id)
    marked = list(_rows(viewer).filter(session=row).select_related("record"))
    on_list = {each.record_id for each in marked}
    lines = [_line(each, row.held_on) for each in marked if each.mark]
    if row.state == "planned":
        lines += [
            _line(each, row.held_on, expected=True, times=times)
            for each, times in _expected(viewer, row)
            if each.record_id not in on_list
        ]
    lines.sort(key=lambda line: (line.name.casefold(), str(line.record_id)))
    people = people_of_records(viewer, [line.record_id for line in lines])
    audit.record_read(
        viewer, subject=(Session._meta.label_lower, str(row.pk)), people=set(people.values()), purpose=purpose
    )
    return _shown(viewer, row, lines)


def _rows(viewer: Actor) -> AttendanceQuerySet:
    return Attendance.objects.not_withheld_from(viewer)


def _shown(viewer: Actor, row: Session, lines: list[RegisterLine]) -> RegisterShown:
    staff = SessionStaff.objects.filter(session=row).select_related("post__account").order_by("pk")
    programme, may_take = row.programme, row.state != "cancelled" and can(viewer, TAKE_REGISTER, row)
    mine = AttendanceChange.objects.filter(session=row, by=viewer.account_id, undone_by__isnull=True)
    return RegisterShown(
        row=row, id=row.pk, version=row.version, name=programme.name, organisation=programme.organisation.name,
        programme_id=programme.pk, held_on=row.held_on, starts=f"{row.starts_time:%H:%M}", ends=f"{row.ends_time:%H:%M}",
        place=row.place or programme.place, state=row.state, state_label=STATES[row.state], reason=row.reason,
        is_targeted=programme.is_targeted, staff=tuple(each.post.account.name for each in staff), lines=tuple(lines),
        adults=row.adults, children=row.children, finished_at=row.finished_at,
        may_take=may_take and row.held_on <= timezone.localdate(viewer.at),
        may_undo=may_take and mine.filter(undid__isnull=True).exists(),
        searches_own_records=own_organisation(viewer) == programme.organisation_id,
    )  # fmt: skip


def _line(each: Attendance, on: date, *, expected: bool = False, times: int = 0) -> RegisterLine:
    born = each.record.birth_date
    mark = "" if expected else each.mark
    return RegisterLine(
        record_id=each.record_id, name=_name(each.record), birth_date=born,
        age=age_years(born, on) if born else each.age_said, mark=mark, label=MARKS[Mark(mark)] if mark else "",
        is_newcomer=each.is_newcomer and not expected, came_before=times,
    )  # fmt: skip


def _name(record: object) -> str:
    given, family = getattr(record, "given_name", ""), getattr(record, "family_name", "")
    return f"{given} {family}".strip() or "Name not known"


def _expected(viewer: Actor, row: Session) -> list[tuple[Attendance, int]]:
    """Who came to any of the last sessions of the programme, with how often; two statements."""
    before = Session.objects.filter(programme_id=row.programme_id, held_on__lt=row.held_on, state="held")
    last = list(before.order_by("-held_on", "-starts_time").values_list("pk", flat=True)[:_LAST])
    rows = _rows(viewer).filter(session_id__in=last).came().select_related("record").order_by("-marked_at", "pk")
    found: dict[UUID, tuple[Attendance, int]] = {}
    for each in rows:
        there = found.get(each.record_id)
        found[each.record_id] = (there[0], there[1] + 1) if there else (each, 1)
    return list(found.values())


def find_for_register(viewer: Actor, session_id: UUID, words: str, *, is_typing: bool) -> list[Found]:
    """Whom somebody may mean by a few letters. While they type: those who have come to something of this organisation
    before. When they press the button: its other records, too, by the rules of finding somebody in one's own records
    (a full name, or half of one with a date of birth; guardians are told of a restricted one). One audited search."""
    row = session_for_change(viewer, session_id)
    parts = [part for part in words.split() if part][:4]
    if not parts or len("".join(parts)) < 2:
        return []
    found = {each.record_id: each for each in _known_here(viewer, row, parts)}
    if not is_typing and len(parts) > 1 and own_organisation(viewer) == row.programme.organisation_id:
        asked = SearchQuery(given_name=parts[0], family_name=" ".join(parts[1:]))
        for each in own_records(viewer, asked):
            found.setdefault(each.id, Found(each.id, str(each), each.birth_date, False))
    shown = list(found.values())[:_MOST_FOUND]
    people = people_of_records(viewer, [each.record_id for each in shown])
    audit.record_read(
        viewer, subject=(Session._meta.label_lower, str(row.pk)), people=set(people.values()),
        purpose="find somebody for a register", search=True,
    )  # fmt: skip
    return shown


def _known_here(viewer: Actor, row: Session, parts: list[str]) -> list[Found]:
    since = row.held_on - _KNOWN_FOR
    rows = (  # whoever was taken off a list by mistake is found, too
        _rows(viewer).filter(
            session__programme__organisation_id=row.programme.organisation_id, session__held_on__gte=since
        )
    )
    for part in parts:
        rows = rows.filter(Q(record__given_name__istartswith=part) | Q(record__family_name__istartswith=part))
    listed = Attendance.objects.filter(session=row).listed().values("record_id")
    rows = rows.exclude(record_id__in=listed).select_related("record").order_by("record_id", "-marked_at")
    found = [
        Found(each.record_id, _name(each.record), each.record.birth_date, True)
        for each in rows.distinct("record_id")[:50]
    ]
    return sorted(found, key=lambda each: each.name.casefold())[:_MOST_FOUND]


def own_record_for_register(viewer: Actor, session: Session, record_id: UUID) -> UUID:
    """That a record may be put on this register by this viewer: one that has come to something of the organisation, or,
    for those who refer for it, any of its own. NotVisible otherwise, and for whoever is withheld."""
    has_come = _rows(viewer).filter(
        record_id=record_id, session__programme__organisation_id=session.programme.organisation_id
    )
    if has_come.exists():
        return record_id
    if own_organisation(viewer) == session.programme.organisation_id:
        return own_record(viewer, record_id).id
    raise NotVisible


def register_changes(viewer: Actor, session_id: UUID) -> tuple[RegisterShown, list[ChangeShown]]:
    """Every change of a register, the newest first, with its author."""
    shown = register(viewer, session_id, purpose="changes of a register")
    seen = _rows(viewer).filter(session_id=session_id).values("pk")
    rows = AttendanceChange.objects.filter(Q(attendance__in=seen) | Q(attendance__isnull=True), session_id=session_id)
    found = list(rows.select_related("attendance__record").order_by("-pk")[:300])
    names = names_of_accounts(viewer, {row.by for row in found if row.by})
    return shown, [
        ChangeShown(
            what=_what(row), by=names.get(row.by, "") if row.by else "Joinedup", at=row.at,
            is_correction=row.is_after_finish, is_undone=row.undone_by_id is not None,
        )
        for row in found
    ]  # fmt: skip


def _what(row: AttendanceChange) -> str:
    if row.attendance is None:
        return (
            f"Counted without names: {row.after.get('adults', 0)} adults and {row.after.get('children', 0)} children"
            f" (before: {row.before.get('adults', 0)} and {row.before.get('children', 0)})"
        )
    was, now = (
        MARKS[Mark(said["mark"])] if said.get("mark") else "not on the list" for said in (row.before, row.after)
    )
    return f"{_name(row.attendance.record)}: {was} → {now}"
