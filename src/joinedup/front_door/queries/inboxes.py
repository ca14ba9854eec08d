"""The inboxes beside the worklists: hand-overs, allegations, notices to cases, duty and replies owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.front_door.codes import (
    ALLEGATION_LABELS,
    HANDOVER_LABELS,
    OUTCOME_LABELS,
    AllegationState,
    HandoverStatus,
    MayBeTold,
    Outcome,
)
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import (
    CaseNotice,
    ContactPerson,
    DutyPage,
    DutyPeriod,
    ReferralPerson,
    ReferrerReply,
    StaffAllegation,
    withheld_referrals,
)
from joinedup.front_door.permissions import (
    READ_ALLEGATIONS,
    READ_DUTY_BOARD,
    READ_HANDOVERS,
    READ_NOTICES,
    READ_REPLIES_OWED,
)
from joinedup.front_door.queries.changes import (
    allegation_for_change,
    handover_for_change,
    handovers_seen,
    visible_referrals,
)
from joinedup.front_door.queries.sent import answers_of
from joinedup.front_door.queries.worklist import first_name_of

_MOST = 200


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
    registered: str  # who registered an assessment with it and waits for what comes of it
    has_lead: bool


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


def _may(viewer: Actor, permission: Permission) -> None:
    if not can(viewer, permission):
        raise NotVisible


# --- Hand-overs.


def handovers(viewer: Actor) -> list[HandoverRow]:
    """The statutory inbox: what is not closed, newest first."""
    _may(viewer, READ_HANDOVERS)
    open_ones = handovers_seen(viewer).exclude(status=HandoverStatus.CLOSED).select_related("referral")
    rows = list(open_ones.order_by("-sent_at", "-pk")[:_MOST])
    children: dict[UUID, list[ReferralPerson]] = {}
    places = ReferralPerson.objects.filter(referral_id__in=[row.referral_id for row in rows], part="child")
    for place in places.select_related("person", "contact_person").order_by("contact_person__position"):
        children.setdefault(place.referral_id, []).append(place)
    people = {place.person_id for several in children.values() for place in several if place.person_id}
    audit.record_read(viewer, subject=("front_door.handover", "inbox"), people=people, purpose="inbox", search=True)
    return [
        HandoverRow(
            id=row.pk,
            receipt=row.receipt,
            sent_at=row.sent_at,
            child=first_name_of(children.get(row.referral_id, [])),
            rating=row.referral.rating,
            status=row.status,
            status_label=HANDOVER_LABELS[HandoverStatus(row.status)],
            worker=row.worker,
            next_date=row.next_date,
            next_date_means=row.next_date_means,
        )
        for row in rows
    ]


def handover(viewer: Actor, handover_id: UUID) -> HandoverRecord:
    """One hand-over; the read is audited."""
    row = handover_for_change(viewer, handover_id)
    places = ReferralPerson.objects.filter(referral=row.referral_id, person__isnull=False)
    people = {person_id for person_id in places.values_list("person_id", flat=True) if person_id}
    audit.record_read(viewer, subject=("front_door.handover", str(row.pk)), people=people, purpose="hand-over")
    names = names_of_accounts(viewer, {row.sent_by} if row.sent_by else set())
    return HandoverRecord(
        id=row.pk,
        version=row.version,
        receipt=row.receipt,
        sent_at=row.sent_at,
        sent_by=names.get(row.sent_by, "") if row.sent_by else "",
        referral_reference=row.referral.reference,
        content=row.content,
        status=row.status,
        status_label=HANDOVER_LABELS[HandoverStatus(row.status)],
        statutory_reference=row.statutory_reference,
        worker=row.worker,
        received_at=row.received_at,
        updated_at=row.updated_at,
        next_date=row.next_date,
        next_date_means=row.next_date_means,
    )


# --- Allegations against staff.


def allegations(viewer: Actor) -> list[AllegationRow]:
    """The designated officer's queue: open first, oldest first."""
    _may(viewer, READ_ALLEGATIONS)
    rows = list(
        StaffAllegation.objects.select_related("contact").order_by(
            F("closed_at").asc(nulls_first=True), "received_at", "pk"
        )[:_MOST]
    )
    audit.record_read(viewer, subject=("front_door.staffallegation", "queue"), people=(), purpose="queue", search=True)
    names = names_of_accounts(viewer, {row.taken_by for row in rows if row.taken_by})
    return [
        AllegationRow(
            id=row.pk,
            reference=row.contact.reference,
            received_at=row.received_at,
            acknowledge_by=row.acknowledge_by,
            is_overdue=_is_late(row, viewer.at),
            state=row.state,
            state_label=ALLEGATION_LABELS[AllegationState(row.state)],
            taken_by=names.get(row.taken_by, "") if row.taken_by else "",
        )
        for row in rows
    ]


def _is_late(row: StaffAllegation, at: datetime) -> bool:
    return row.state == AllegationState.RECEIVED and row.acknowledge_by < at


def allegation(viewer: Actor, allegation_id: UUID) -> AllegationRecord:
    """One allegation; the read is audited."""
    row = allegation_for_change(viewer, allegation_id)
    audit.record_read(viewer, subject=("front_door.staffallegation", str(row.pk)), people=(), purpose="allegation")
    contact = row.contact
    names = names_of_accounts(viewer, {row.taken_by} if row.taken_by else set())
    said_by = (contact.referrer_name, contact.referrer_role, contact.referrer_phone, contact.referrer_email)
    return AllegationRecord(
        id=row.pk,
        reference=contact.reference,
        received_at=row.received_at,
        acknowledge_by=row.acknowledge_by,
        is_overdue=_is_late(row, viewer.at),
        state=row.state,
        state_label=ALLEGATION_LABELS[AllegationState(row.state)],
        taken_at=row.taken_at,
        taken_by=names.get(row.taken_by, "") if row.taken_by else "",
        closed_at=row.closed_at,
        closing_reason=row.closing_reason,
        referrer=", ".join(part for part in said_by if part) or "Not given",
        answers=(*_named_in(contact.people.order_by("position")), *answers_of(contact)),
    )


def _named_in(people: Iterable[ContactPerson]) -> Iterable[tuple[str, str]]:
    """Who was named, as typed; nobody is looked up."""
    for each in people:
        yield "Somebody named", ", ".join(part for part in (str(each), each.relationship, each.school) if part)


# --- Notices to cases.


def notices_seen(viewer: Actor) -> QuerySet[CaseNotice]:
    """Notices that were not given back, of referrals the viewer sees."""
    return CaseNotice.objects.filter(referral__in=visible_referrals(viewer), returned_at__isnull=True)


def notices(viewer: Actor) -> list[NoticeRow]:
    """Referrals about the viewer's open cases, those waiting first."""
    _may(viewer, READ_NOTICES)
    rows = list(
        notices_seen(viewer)
        .select_related("referral__contact__lead_offer__post__account", "case__family")
        .order_by(F("acknowledged_at").desc(nulls_first=True), "acknowledge_by", "pk")[:_MOST]
    )
    places = ReferralPerson.objects.filter(referral_id__in=[row.referral_id for row in rows], person__isnull=False)
    people = {person_id for person_id in places.values_list("person_id", flat=True) if person_id}
    audit.record_read(viewer, subject=("front_door.casenotice", "inbox"), people=people, purpose="inbox", search=True)
    return [
        NoticeRow(
            id=row.pk,
            referral_id=row.referral_id,
            reference=row.referral.reference,
            case_id=row.case_id,
            case_reference=row.case.reference,
            family=row.case.family.name,
            sent_at=row.sent_at,
            acknowledge_by=row.acknowledge_by,
            acknowledged_at=row.acknowledged_at,
            is_overdue=row.acknowledged_at is None and row.acknowledge_by < viewer.at,
            rating=row.referral.rating,
            worry=row.referral.contact.worry,
            registered=_registered(row),
            has_lead=row.case.lead_professional_id is not None,
        )
        for row in rows
    ]


def _registered(row: CaseNotice) -> str:
    offer = getattr(row.referral.contact, "lead_offer", None)
    return f"{offer.post.account.name}, {offer.post.title}," if offer and not offer.taken_as else ""


# --- Duty.


def duty_board(viewer: Actor) -> DutyBoard:
    """Who is on duty, and which red referrals wait to be accepted."""
    _may(viewer, READ_DUTY_BOARD)
    turns = DutyPeriod.objects.filter(ends_at__gt=viewer.at).select_related("post__account")
    rows = [
        DutyRow(
            post_id=turn.post_id,
            name=turn.post.account.name,
            title=turn.post.title,
            phone=turn.post.phone,
            starts_at=turn.starts_at,
            ends_at=turn.ends_at,
            order=turn.order,
            is_now=turn.starts_at <= viewer.at,
        )
        for turn in turns.order_by("starts_at", "order", "pk")[:_MOST]
    ]
    return DutyBoard(
        now=tuple(sorted((row for row in rows if row.is_now), key=lambda row: row.order)),
        coming=tuple(row for row in rows if not row.is_now),
        waiting=_waiting_pages(viewer),
    )


def pages_waiting(viewer: Actor) -> QuerySet[DutyPage]:
    """The newest page of each referral nobody has accepted, without those that name somebody withheld."""
    waiting = DutyPage.objects.filter(accepted_at__isnull=True, superseded_at__isnull=True)
    return waiting.exclude(referral_id__in=withheld_referrals(viewer))


def _waiting_pages(viewer: Actor) -> tuple[PageRow, ...]:
    of_same = DutyPage.objects.filter(referral=OuterRef("referral"), accepted_at__isnull=True).order_by()
    grouped = of_same.values("referral")
    waiting = pages_waiting(viewer).annotate(
        first=Subquery(grouped.annotate(first=Min("paged_at")).values("first")),
        times=Subquery(grouped.annotate(times=Count("pk")).values("times")),
    )
    return tuple(
        PageRow(
            id=page.pk,
            referral_id=page.referral_id,
            reference=page.referral.reference,
            paged=page.post.account.name if page.post else "The duty address",
            paged_at=page.paged_at,
            first_paged_at=page.first,
            repeat_at=page.repeat_at,
            times=page.times,
        )
        for page in waiting.select_related("referral", "post__account").order_by("paged_at", "pk")[:_MOST]
    )


# --- Replies.


def replies_owed(viewer: Actor) -> list[ReplyOwedRow]:
    """Referrers who have not been told, soonest due first."""
    _may(viewer, READ_REPLIES_OWED)
    undecided = Q(referral__state__in=[State(state).value for state in UNDECIDED])
    owed = ReferrerReply.objects.filter(told_at__isnull=True, may_be_told=MayBeTold.DECISION).exclude(undecided)
    owed = owed.exclude(referral_id__in=withheld_referrals(viewer))
    rows = owed.select_related("referral__contact__organisation").order_by("due_by", "pk")[:_MOST]
    return [
        ReplyOwedRow(
            referral_id=row.referral_id,
            reference=row.referral.reference,
            referrer=row.referral.contact.referrer_name or "Name not given",
            organisation=row.referral.contact.organisation.name if row.referral.contact.organisation else "",
            outcome_label=OUTCOME_LABELS[Outcome(row.referral.outcome)]
            if row.referral.outcome
            else "Passed to the case",
            due_by=row.due_by,
            is_overdue=row.due_by < viewer.at,
            may_be_told=row.may_be_told,
        )
        for row in rows
    ]
