"""What a young person does: recorded, confirmed, taken back. What stands at one time is one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.chronology.services import record_event
from joinedup.core.models import claim_version
from joinedup.universal import rules
from joinedup.universal.codes import REASONS, STATUSES, Status
from joinedup.universal.events import PARTICIPATION_RECORDED, PARTICIPATION_TAKEN_BACK
from joinedup.universal.models import Participation, ParticipationImport
from joinedup.universal.permissions import RECORD_PARTICIPATION, TAKE_BACK_PARTICIPATION
from joinedup.universal.settings import confirmed_days

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


_LOCK = 7_205


@dataclass(frozen=True)
class Doing:
    """What somebody does from a day on, and why not where they neither learn nor work."""

    person_id: UUID
    status: str
    starts_on: date
    reason: str = ""
    provider: str = ""


@service(RECORD_PARTICIPATION, on="doing")
def record_participation(*, doing: Doing, source: Organisation, by: Actor, at: datetime) -> Participation:
    """Record what somebody does from a day on; what stood before ends on that day. The same again confirms it. Raises
    Refused (UN-31 to UN-34)."""
    row, _ = _record(doing, source, by, at)
    return row


@service(TAKE_BACK_PARTICIPATION, on="row")
def take_back_participation(*, row: Participation, reason: str, version: int, by: Actor, at: datetime) -> Participation:
    """It was recorded by mistake: it counts no more and stays to be read. What stood before it stands again, unless
    something else has taken its place. Raises Refused (UN-11, UN-39)."""
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    _lock_person(row.person_id)
    claim_version(row, version)
    row.refresh_from_db()
    if row.taken_back_at is not None:
        raise rules.TAKEN_BACK_ALREADY.refused()
    row.taken_back_at, row.taken_back_by, row.taken_back_reason = at, by.account_id, reason.strip()[:200]
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    before = _standing(row.person_id).filter(ends_on=row.starts_on).first()
    if before is not None:
        before.ends_on = row.ends_on
        before.version += 1
        before.save(update_fields=["ends_on", "version"])
    _tell(PARTICIPATION_TAKEN_BACK, row, by, at)
    return row


def _record(
    doing: Doing, source: Organisation, by: Actor, at: datetime, *, brought_by: ParticipationImport | None = None
) -> tuple[Participation, bool]:
    """The row, and whether it is new. Called only inside guarded services of this part."""
    today = timezone.localdate(at)
    _check(doing, today)
    _lock_person(doing.person_id)
    later = _standing(doing.person_id).filter(starts_on__gt=doing.starts_on).order_by("starts_on").first()
    if later is not None:
        raise rules.ONE_AT_A_TIME.refused(day=f"{later.starts_on.day} {later.starts_on:%B %Y}")
    stands = _standing(doing.person_id).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=doing.starts_on)).first()
    until = today + timedelta(days=confirmed_days(doing.status, today))
    provider = " ".join(doing.provider.split())[:160]
    if stands is not None and _is_same(stands, doing, provider):
        stands.confirmed_on, stands.expires_on = today, until
        stands.version += 1
        stands.save(update_fields=["confirmed_on", "expires_on", "version"])
        note(people=[doing.person_id], changed=("confirmed_on",), subject=stands)
        return stands, False
    if stands is not None:
        _end_before(stands, doing.starts_on, by, at)
    row = Participation.objects.create(
        person_id=doing.person_id, status=doing.status, reason=doing.reason, provider=provider,
        starts_on=doing.starts_on, confirmed_on=today, expires_on=until, source=source, brought_by=brought_by,
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    _tell(PARTICIPATION_RECORDED, row, by, at)
    return row, True


def _lock_person(person_id: UUID) -> None:
    """One writer at a time says what somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(person_id)])


def _check(doing: Doing, today: date) -> None:
    if doing.status not in set(Status):
        raise rules.STATUS_KNOWN.refused()
    if doing.reason and (doing.reason not in REASONS or doing.status != Status.NEITHER):
        raise rules.REASON_OF_NEITHER.refused()
    if doing.starts_on > today:
        raise rules.STARTS_PAST.refused()


def _standing(person_id: UUID) -> Any:
    return Participation.objects.filter(person_id=person_id, taken_back_at__isnull=True)


def _is_same(row: Participation, doing: Doing, provider: str) -> bool:
    return (row.status, row.reason, row.provider.casefold()) == (doing.status, doing.reason, provider.casefold())


def _end_before(row: Participation, day: date, by: Actor, at: datetime) -> None:
    """What stood ends where the new begins; where both begin on one day, the new stands in its place."""
    if row.starts_on < day:
        row.ends_on = day
        row.version += 1
        row.save(update_fields=["ends_on", "version"])
        return
    row.taken_back_at, row.taken_back_by = at, by.account_id
    row.taken_back_reason = "Said otherwise of the same day."
    row.version += 1
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason", "version"])


def _tell(kind: Any, row: Participation, by: Actor, at: datetime) -> None:
    words = {"what": STATUSES[Status(row.status)], "where": row.provider}
    record_event(kind, source=row, by=by, at=at, people=[row.person_id], code=row.status, words=words)
    note(people=[row.person_id], changed=("participation",), subject=row)
