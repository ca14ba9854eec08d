"""What a family agreed to, on what basis something is shared about somebody, what was declined, and what waits for a
manager after a withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.information_sharing.codes import (
    AFTER_LABELS,
    CAPACITY_LABELS,
    EVIDENCE_LABELS,
    INFORMATION_LABELS,
    AfterWithdrawal,
    Capacity,
    Evidence,
    Information,
)
from joinedup.information_sharing.models import HelpAgreed, SharingBasis, SharingDeclined, Withdrawal
from joinedup.information_sharing.permissions import DECIDE_WITHDRAWAL, READ_CONSENT
from joinedup.organisations.queries import open_organisations


@dataclass(frozen=True)
class ConsentSaid:
    """Who spoke, in words, and who wrote it down."""

    given_by: str
    capacity: str
    reasons: str
    evidence: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class HelpSeen:
    """One agreement to help. `state` is in_force, run_out or withdrawn."""

    id: UUID
    person_id: UUID
    said: ConsentSaid
    given_on: date
    expires_on: date | None
    state: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True)
class SharingSeen:
    """One basis for sharing. `basis` is blank where it rests on agreement; `state` is in_force, run_out or ended."""

    id: UUID
    person_id: UUID
    said: ConsentSaid
    organisations: tuple[str, ...]
    information: tuple[str, ...]
    basis: str
    is_verified: bool
    reason: str
    starts_on: date
    expires_on: date
    state: str
    ended_at: datetime | None
    ended_reason: str


@dataclass(frozen=True)
class DeclinedSeen:
    """One no to sharing."""

    id: UUID
    person_id: UUID
    said: ConsentSaid
    organisations: tuple[str, ...]
    information: tuple[str, ...]
    declined_on: date
    words: str


@dataclass(frozen=True)
class WithdrawalSeen:
    """One withdrawal, what it ended, and what was decided."""

    id: UUID
    person_id: UUID
    said: ConsentSaid
    withdrew_help: bool
    withdrew_sharing: bool
    words: str
    ended: dict[str, int]
    due_at: datetime
    is_overdue: bool
    decided_at: datetime | None
    decided_by: str
    decision: str
    decision_reason: str
    may_decide: bool


@dataclass(frozen=True)
class Consents:
    """Everything recorded for a matter, the newest first."""

    help: tuple[HelpSeen, ...]
    sharing: tuple[SharingSeen, ...]
    declined: tuple[DeclinedSeen, ...]
    withdrawals: tuple[WithdrawalSeen, ...]

    @property
    def waiting(self) -> tuple[WithdrawalSeen, ...]:
        """Withdrawals a manager has still to decide on."""
        return tuple(each for each in self.withdrawals if each.decided_at is None)


def consents_of(viewer: Actor, subject: tuple[str, str], people: Collection[UUID]) -> Consents:
    """What is recorded for a matter about these people, whom the viewer has been let in to; the caller audits. Five
    statements."""
    check(viewer, READ_CONSENT)
    mine = Q(subject_kind=subject[0], subject_id=subject[1], person_id__in=list(people))
    on = timezone.localdate(viewer.at)
    with_post = ("recorded_by__account",)
    bases = list(SharingBasis.objects.filter(mine).select_related("basis", *with_post).order_by("-recorded_at", "-pk"))
    declined = list(SharingDeclined.objects.filter(mine).select_related(*with_post).order_by("-recorded_at", "-pk"))
    wanted = {each for row in bases for each in row.organisations}
    wanted |= {each for row in declined for each in row.organisations}
    names = dict(open_organisations(viewer).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    helped = HelpAgreed.objects.filter(mine).select_related(*with_post).order_by("-recorded_at", "-pk")
    withdrawn = Withdrawal.objects.filter(mine).select_related("decided_by__account", *with_post)
    return Consents(
        tuple(_help(row, on) for row in helped),
        tuple(_sharing(row, names, on) for row in bases),
        tuple(_declined(row, names) for row in declined),
        tuple(_withdrawal(viewer, row) for row in withdrawn.order_by("-recorded_at", "-pk")),
    )


def withdrawals_waiting(
    viewer: Actor, subject: tuple[str, str], people: Collection[UUID]
) -> tuple[WithdrawalSeen, ...]:
    """Withdrawals in a matter that a manager has still to decide on, the first due first; none for whoever may not see what
    a family agreed to. The caller has let the viewer in, and audits. One statement, and one for each withdrawal."""
    if not can(viewer, READ_CONSENT):
        return ()
    mine = Q(subject_kind=subject[0], subject_id=subject[1], person_id__in=list(people), decided_at__isnull=True)
    rows = Withdrawal.objects.filter(mine).select_related("decided_by__account", "recorded_by__account")
    return tuple(_withdrawal(viewer, row) for row in rows.order_by("due_at", "pk"))


def _said(row: Any) -> ConsentSaid:
    return ConsentSaid(
        given_by=row.given_by,
        capacity=CAPACITY_LABELS[Capacity(row.capacity)] if row.capacity else "",
        reasons=row.reasons,
        evidence=EVIDENCE_LABELS[Evidence(row.evidence)] if row.evidence else "",
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by.account.name if row.recorded_by else "Joinedup",
    )


def _help(row: HelpAgreed, on: date) -> HelpSeen:
    state = "withdrawn" if row.withdrawn_at else "run_out" if row.expires_on and row.expires_on < on else "in_force"
    return HelpSeen(
        row.pk, row.person_id, _said(row), row.given_on, row.expires_on, state, row.withdrawn_at, row.withdrawn_reason
    )


def _sharing(row: SharingBasis, names: dict[UUID, str], on: date) -> SharingSeen:
    state = "ended" if row.ended_at else "run_out" if row.expires_on < on else "in_force"
    return SharingSeen(
        id=row.pk,
        person_id=row.person_id,
        said=_said(row),
        organisations=tuple(sorted(names.get(each, "") for each in row.organisations)),
        information=_information(row.information),
        basis=row.basis.name if row.basis else "",
        is_verified=bool(row.basis and row.basis.is_verified),
        reason=row.reason,
        starts_on=row.starts_on,
        expires_on=row.expires_on,
        state=state,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
    )


def _information(codes: list[str]) -> tuple[str, ...]:
    return tuple(INFORMATION_LABELS[Information(each)] for each in codes)


def _declined(row: SharingDeclined, names: dict[UUID, str]) -> DeclinedSeen:
    organisations = tuple(sorted(names.get(each, "") for each in row.organisations))
    return DeclinedSeen(
        row.pk, row.person_id, _said(row), organisations, _information(row.information), row.declined_on, row.words
    )


def _withdrawal(viewer: Actor, row: Withdrawal) -> WithdrawalSeen:
    return WithdrawalSeen(
        id=row.pk,
        person_id=row.person_id,
        said=_said(row),
        withdrew_help=row.withdrew_help,
        withdrew_sharing=row.withdrew_sharing,
        words=row.words,
        ended=row.ended,
        due_at=row.due_at,
        is_overdue=row.decided_at is None and row.due_at < viewer.at,
        decided_at=row.decided_at,
        decided_by=row.decided_by.account.name if row.decided_by else "",
        decision=AFTER_LABELS[AfterWithdrawal(row.decision)] if row.decision else "",
        decision_reason=row.decision_reason,
        may_decide=row.decided_at is None and can(viewer, DECIDE_WITHDRAWAL, row),
    )


def is_service_agreed(viewer: Actor, subject: tuple[str, str], *people: UUID, on: date) -> bool:
    """Whether somebody who may agreed to this help for a person, or for any of several, and it is still so. One statement."""
    agreed = HelpAgreed.objects.filter(HelpAgreed.is_in_force(on), person_id__in=people)
    return agreed.filter(subject_kind=subject[0], subject_id=subject[1]).exists()


def bases_to_share(
    viewer: Actor, person_id: UUID, organisation_id: UUID, information: str, *, on: date
) -> tuple[SharingSeen, ...]:
    """Every basis that lets something be shared about a person with an agency on a day; nothing when it may not."""
    check(viewer, READ_CONSENT)
    rows = SharingBasis.objects.filter(
        SharingBasis.is_in_force(on), person_id=person_id, organisations__contains=[organisation_id],
        information__contains=[information],
    )  # fmt: skip
    return tuple(_sharing(row, {}, on) for row in rows.select_related("basis", "recorded_by__account").order_by("pk"))


def matters_to_decide(viewer: Actor, subject_kind: str) -> dict[str, datetime]:
    """The matters of a kind in which agreement was withdrawn and a manager has still to decide, each with the moment it is
    due. Ids only; the caller narrows them to what the viewer sees. One statement."""
    if not can(viewer, READ_CONSENT):
        return {}
    rows = Withdrawal.objects.filter(subject_kind=subject_kind, decided_at__isnull=True).order_by("-due_at")
    return dict(rows.values_list("subject_id", "due_at"))


def late_decisions(viewer: Actor, subject_kind: str) -> list[tuple[UUID, str, datetime]]:
    """Withdrawals in the matters of a kind that no manager has decided on in time, the longest late first: the id of each, its
    matter's, and when it was due. Ids only, for whoever is reminded of them. One statement."""
    check(viewer, READ_CONSENT)
    rows = Withdrawal.objects.filter(subject_kind=subject_kind, decided_at__isnull=True, due_at__lt=viewer.at)
    return list(rows.order_by("due_at", "pk").values_list("pk", "subject_id", "due_at"))


def withdrawal_for_change(viewer: Actor, withdrawal_id: UUID, subject: tuple[str, str]) -> Withdrawal:
    """One withdrawal of a matter the viewer has been let in to, to hand to a service."""
    check(viewer, READ_CONSENT)
    row = Withdrawal.objects.filter(pk=withdrawal_id, subject_kind=subject[0], subject_id=subject[1]).first()
    if row is None:
        raise NotVisible
    return row
