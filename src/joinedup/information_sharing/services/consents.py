"""Recording what a family agrees to or declines, on what basis something is shared, and what a withdrawal ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.partnership import value
from joinedup.information_sharing import events, rules
from joinedup.information_sharing.codes import AfterWithdrawal, Information
from joinedup.information_sharing.consenting import Voice, fault_of_voice
from joinedup.information_sharing.lifecycle import LIVE
from joinedup.information_sharing.models import (
    HelpAgreed,
    InformationRequest,
    LawfulBasis,
    SharingBasis,
    SharingDeclined,
    Withdrawal,
)
from joinedup.information_sharing.permissions import (
    DECIDE_WITHDRAWAL,
    RECORD_BASIS,
    RECORD_CONSENT,
    WITHDRAW_CONSENT,
)
from joinedup.information_sharing.services.steps import _close_requests, _lock, _said
from joinedup.information_sharing.settings import (
    CONSENT_MONTHS,
    decision_after_withdrawal_due,
    last_day_of_sharing,
)
from joinedup.organisations.queries import open_organisations, post_of

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.person_index.models import Person


@dataclass(frozen=True)
class Said:
    """Who spoke, in what right, how and when. `reasons` for a child under 16 who decides this themselves."""

    given_by: str
    capacity: str
    evidence: str
    given_on: date
    reasons: str = ""


@dataclass(frozen=True)
class Scope:
    """With which agencies, which information (codes of `consenting.Information`), and until when."""

    organisations: Collection[UUID]
    information: Collection[str]
    expires_on: date | None = None


@service(RECORD_CONSENT, on="person")
def record_help_agreed(
    *, person: Person, subject: tuple[str, str], said: Said, expires_on: date | None = None, by: Actor, at: datetime
) -> HelpAgreed:
    """Somebody who may agrees to this help for a person. It lets nobody share anything. Raises Refused (IS-60 to IS-65,
    IS-67)."""
    on = timezone.localdate(at)
    voice = _voice(person, said, on)
    if expires_on is not None and not on <= expires_on:
        raise rules.EXPIRY_AHEAD.refused(months=int(value(CONSENT_MONTHS, on=on)))
    row = HelpAgreed.objects.create(
        **_about(person, subject, by, at), **voice, given_on=said.given_on, expires_on=expires_on
    )
    _chronicle(events.HELP_AGREED, row, by=by, at=at, code=said.capacity)
    return row


@service(RECORD_CONSENT, on="person")
def record_sharing_agreed(
    *, person: Person, subject: tuple[str, str], said: Said, scope: Scope, by: Actor, at: datetime
) -> SharingBasis:
    """Somebody who may agrees that something is shared about a person with some agencies. Raises Refused (IS-60 to
    IS-67)."""
    on = timezone.localdate(at)
    voice = _voice(person, said, on)
    row = SharingBasis.objects.create(
        **_about(person, subject, by, at), **voice, **_scope(by, scope, on), starts_on=said.given_on
    )
    _chronicle(events.SHARING_BASED, row, by=by, at=at, code="agreement")
    return row


@service(RECORD_BASIS, on="person")
def record_sharing_basis(
    *, person: Person, subject: tuple[str, str], basis: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> SharingBasis:
    """A manager records a lawful basis (its code) on which something is shared about a person without agreement; it stands
    by itself and outlasts a withdrawal. Raises Refused (IS-66 to IS-68)."""
    on = timezone.localdate(at)
    found = LawfulBasis.objects.filter(code=basis).first()
    if found is None:
        raise rules.BASIS_REASONED.refused()
    words = _said(reason, rules.BASIS_REASONED)
    row = SharingBasis.objects.create(
        **_about(person, subject, by, at), **_scope(by, scope, on), starts_on=on, basis=found, reason=words
    )
    _chronicle(events.SHARING_BASED, row, by=by, at=at, code=basis)
    return row


@service(RECORD_CONSENT, on="person")
def record_sharing_declined(
    *,
    person: Person,
    subject: tuple[str, str],
    said: Said,
    words: str,
    scope: Scope | None = None,
    by: Actor,
    at: datetime,
) -> SharingDeclined:
    """Somebody says no to sharing: it is written down with their words. Raises Refused (IS-60 to IS-65, IS-70)."""
    on = timezone.localdate(at)
    voice = _voice(person, said, on)
    row = SharingDeclined.objects.create(
        **_about(person, subject, by, at), **voice, declined_on=said.given_on, words=_said(words, rules.WITHDRAWAL_WORDS),
        organisations=sorted(scope.organisations) if scope else [],
        information=sorted(set(scope.information) & set(Information)) if scope else [],
    )  # fmt: skip
    _chronicle(events.SHARING_DECLINED, row, by=by, at=at)
    return row


@service(WITHDRAW_CONSENT, on="person")
def withdraw_agreement(
    *, person: Person, subject: tuple[str, str], said: Said, words: str, from_help: bool, from_sharing: bool, by: Actor,
    at: datetime,
) -> Withdrawal:  # fmt: skip
    """Agreement is withdrawn from help, from sharing, or both. At once only what rests on agreement ends: bases for
    sharing, and questions to partners that were asked because the family agreed. What stands on another recorded basis
    goes on. A manager decides within one working day. Raises Refused (IS-60 to IS-65, IS-69, IS-70)."""
    on = timezone.localdate(at)
    voice = _voice(person, said, on)
    spoken = _said(words, rules.WITHDRAWAL_WORDS)
    help_rows = HelpAgreed.objects.select_for_update().filter(_of(subject), person=person, withdrawn_at__isnull=True)
    bases = SharingBasis.objects.select_for_update().filter(_of(subject), person=person, ended_at__isnull=True)
    agreed = bases.filter(basis__isnull=True)
    asked = _asked_because_agreed(person) if from_sharing else []
    ended = {
        "help": help_rows.update(withdrawn_at=at, withdrawn_reason=spoken[:500]) if from_help else 0,
        "sharing": agreed.update(ended_at=at, ended_reason="Agreement was withdrawn.") if from_sharing else 0,
        "requests": _close_requests(asked, by=by, at=at, reason="The family withdrew its agreement."),
        "other_bases": bases.filter(basis__isnull=False).count(),
    }
    if not (ended["help"] or ended["sharing"] or ended["requests"]):
        raise rules.NOTHING_TO_WITHDRAW.refused()
    row = Withdrawal.objects.create(
        **_about(person, subject, by, at), **voice, withdrew_help=from_help, withdrew_sharing=from_sharing, words=spoken,
        ended=ended, due_at=decision_after_withdrawal_due(at),
    )  # fmt: skip
    _chronicle(events.AGREEMENT_WITHDRAWN, row, by=by, at=at)
    note(words=ended)
    return row


@service(DECIDE_WITHDRAWAL, on="withdrawal")
def decide_withdrawal(*, withdrawal: Withdrawal, decision: str, reason: str, by: Actor, at: datetime) -> Withdrawal:
    """A manager decides what follows. Raises Refused (IS-71, IS-72)."""
    _lock(withdrawal)
    if withdrawal.decided_at is not None:
        raise rules.DECIDED_ALREADY.refused()
    if decision not in set(AfterWithdrawal):
        raise rules.DECISION_REASONED.refused()
    withdrawal.decision, withdrawal.decision_reason = decision, _said(reason, rules.DECISION_REASONED)
    withdrawal.decided_at, withdrawal.decided_by = at, post_of(by, DECIDE_WITHDRAWAL.roles)
    withdrawal.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by"])
    _chronicle(events.WITHDRAWAL_DECIDED, withdrawal, by=by, at=at, code=decision)
    note(changed=("decision",))
    return withdrawal


# --- Steps.


def _of(subject: tuple[str, str]) -> Q:

    return Q(subject_kind=subject[0], subject_id=subject[1])


def _about(person: Person, subject: tuple[str, str], by: Actor, at: datetime) -> dict[str, Any]:
    post = post_of(by, RECORD_CONSENT.roles)
    return {
        "person": person, "subject_kind": subject[0], "subject_id": subject[1], "recorded_at": at, "recorded_by": post,
    }  # fmt: skip


def _voice(person: Person, said: Said, on: date) -> dict[str, str]:
    voice = Voice(said.given_by, said.capacity, said.reasons, said.evidence, said.given_on, person.birth_date)
    fault = fault_of_voice(voice, on=on)
    if fault is not None:
        raise fault[0].refused(fault[1])
    return {
        "given_by": said.given_by.strip()[:160], "capacity": said.capacity, "reasons": said.reasons.strip(),
        "evidence": said.evidence,
    }  # fmt: skip


def _scope(by: Actor, scope: Scope, on: date) -> dict[str, Any]:
    there = set(open_organisations(by, on=on).filter(pk__in=list(scope.organisations)).values_list("pk", flat=True))
    information = sorted(set(scope.information))
    if not there or there != set(scope.organisations) or not information or set(information) - set(Information):
        raise rules.SCOPE_SAID.refused()
    last = last_day_of_sharing(on)
    expires_on = scope.expires_on or last
    if not on <= expires_on <= last:
        raise rules.EXPIRY_AHEAD.refused(months=int(value(CONSENT_MONTHS, on=on)))
    return {"organisations": sorted(there), "information": information, "expires_on": expires_on}


def _asked_because_agreed(person: Person) -> list[InformationRequest]:
    """Live questions about somebody that rest on the family's agreement alone."""
    live = InformationRequest.objects.filter(person=person, state__in=sorted(LIVE), family_agrees=True)
    return list(live.filter(basis_given__isnull=True, level__lt=4).select_related("agreement").order_by("pk"))


def _chronicle(
    kind: EventKind, row: Model, *, by: Actor, at: datetime, code: str = "", words: Mapping[str, str] | None = None
) -> None:
    person_id = getattr(row, "person_id")  # noqa: B009 - every row here is about somebody
    note(people=[person_id], subject=row, changed=("agreement",))
    record_event(kind, source=row, by=by, at=at, people=[person_id], code=code, words=words)
