"""The inboxes beside the worklists: hand-overs, allegations, notices to cases, duty and replies owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class HandoverRow:
    """One hand-over in the statutory inbox."""

    id: UUID
    receipt: str
    sent_at: datetime
    child: str
    rating: str
    status: str
    status_label: str
    worker: str
    next_date: date | None
    next_date_means: str


@dataclass(frozen=True)
class HandoverRecord:
    """One hand-over with the content that was sent."""

    id: UUID
    version: int
    receipt: str
    sent_at: datetime
    sent_by: str
    referral_reference: str
    content: dict[str, Any]
    status: str
    status_label: str
    statutory_reference: str
    worker: str
    received_at: datetime | None
    updated_at: datetime | None
    next_date: date | None
    next_date_means: str


@dataclass(frozen=True)
class AllegationRow:
    """One allegation in the designated officer's queue."""

    id: UUID
    reference: str
    received_at: datetime
    acknowledge_by: datetime
    is_overdue: bool
    state: str
    state_label: str
    taken_by: str


@dataclass(frozen=True)
class AllegationRecord:
    """One allegation with what was said, as (question, answer) pairs."""

    id: UUID
    reference: str
    received_at: datetime
    acknowledge_by: datetime
    is_overdue: bool
    state: str
    state_label: str
    taken_at: datetime | None
    taken_by: str
    closed_at: datetime | None
    closing_reason: str
    referrer: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NoticeRow:
    """A referral about one of the viewer's open cases."""

    id: UUID
    referral_id: UUID
    reference: str
    case_id: UUID
    case_reference: str
    family: str
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    is_overdue: bool
    rating: str
    worry: str


@dataclass(frozen=True)
class DutyRow:
    """Somebody's turn on duty. `is_now` while it runs."""

    post_id: UUID
    name: str
    title: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    order: int
    is_now: bool


@dataclass(frozen=True)
class PageRow:
    """A red referral nobody has accepted yet."""

    id: UUID
    referral_id: UUID
    reference: str
    paged: str
    paged_at: datetime
    first_paged_at: datetime
    repeat_at: datetime
    times: int


@dataclass(frozen=True)
class DutyBoard:
    """Who is on duty now and next, and the pages that wait."""

    now: tuple[DutyRow, ...]
    coming: tuple[DutyRow, ...]
    waiting: tuple[PageRow, ...]
    duty_phone: str


@dataclass(frozen=True)
class ReplyOwedRow:
    """A referrer who has not been told yet."""

    referral_id: UUID
    reference: str
    referrer: str
    organisation: str
    outcome_label: str
    due_by: datetime
    is_overdue: bool
    may_be_told: str


def handovers(viewer: Actor) -> list[HandoverRow]:
    """The statutory inbox: what is not closed, newest first."""
    raise NotImplementedError


def handover(viewer: Actor, handover_id: UUID) -> HandoverRecord:
    """One hand-over; the read is audited."""
    raise NotImplementedError


def allegations(viewer: Actor) -> list[AllegationRow]:
    """The designated officer's queue: open first, oldest first."""
    raise NotImplementedError


def allegation(viewer: Actor, allegation_id: UUID) -> AllegationRecord:
    """One allegation; the read is audited."""
    raise NotImplementedError


def notices(viewer: Actor) -> list[NoticeRow]:
    """Referrals about the viewer's open cases, those waiting first."""
    raise NotImplementedError


def duty_board(viewer: Actor) -> DutyBoard:
    """Who is on duty, and which red referrals wait to be accepted."""
    raise NotImplementedError


def replies_owed(viewer: Actor) -> list[ReplyOwedRow]:
    """Referrers who have not been told, soonest due first."""
    raise NotImplementedError
