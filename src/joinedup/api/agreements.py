"""What a family agrees to, for a partner's own system: help and sharing apart, declined, withdrawn, decided upon."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictBool

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.information_sharing import queries as sharing
from joinedup.information_sharing import services as sharing_services
from joinedup.information_sharing.codes import AfterWithdrawal, Capacity, Evidence, Information
from joinedup.person_index.queries import person_for_change

_ID = "0192f0c4-0000-7000-8000-000000000001"
_SAID = {
    "person_id": _ID, "given_by": "Alex Testerfield", "capacity": "parental_responsibility", "evidence": "in_person",
    "given_on": "2026-11-18",
}  # fmt: skip
Kinds = Annotated[list[Information], Field(min_length=1, max_length=10)]
Agencies = Annotated[list[UUID], Field(min_length=1, max_length=60)]


class AgreedVoiceOut(Schema):
    """Who spoke, in what right and how, and who wrote it down."""

    given_by: str
    capacity: str
    reasons: str
    evidence: str
    recorded_at: datetime
    recorded_by: str


class AgreedHelpOut(Schema):
    """An agreement to help. `state` is in_force, run_out or withdrawn."""

    id: UUID
    person_id: UUID
    said: AgreedVoiceOut
    given_on: date
    expires_on: date | None
    state: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


class SharingOut(Schema):
    """A basis for sharing; `basis` is empty where it rests on agreement. `state` is in_force, run_out or ended."""

    id: UUID
    person_id: UUID
    said: AgreedVoiceOut
    organisations: list[str]
    information: list[str]
    basis: str
    is_verified: bool
    reason: str
    starts_on: date
    expires_on: date
    state: str
    ended_at: datetime | None
    ended_reason: str


class DeclinedOut(Schema):
    """A no to sharing, in their words."""

    id: UUID
    person_id: UUID
    said: AgreedVoiceOut
    organisations: list[str]
    information: list[str]
    declined_on: date
    words: str


class WithdrawalOut(Schema):
    """A withdrawal, what it ended, and what a manager decided."""

    id: UUID
    person_id: UUID
    said: AgreedVoiceOut
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


class AgreementOut(Schema):
    """Everything recorded for a case, the newest first. Agreement to help lets nobody share anything."""

    help: list[AgreedHelpOut]
    sharing: list[SharingOut]
    declined: list[DeclinedOut]
    withdrawals: list[WithdrawalOut]


class AgreedVoiceIn(Schema):
    """About whom, who spoke, in what right, how and when. `reasons` for a child under 16 who decides this themselves."""

    person_id: UUID
    given_by: Annotated[schemas.Text160, Field(min_length=1)]
    capacity: Annotated[str, schemas.OneOf(Capacity)]
    evidence: Annotated[str, schemas.OneOf(Evidence)]
    given_on: schemas.Day
    reasons: schemas.Text2000 = ""


class AgreedHelpIn(AgreedVoiceIn):
    """Agreement to this help; without a last day it holds for as long as help goes on."""

    model_config = taken(**_SAID)

    expires_on: schemas.Day | None = None


class SharingIn(AgreedVoiceIn):
    """Agreement that something is shared with some agencies; without a last day, for the longest time allowed."""

    model_config = taken(**_SAID, organisations=[_ID], information=["involvement", "plan"])

    organisations: Agencies
    information: Kinds
    expires_on: schemas.Day | None = None


class BasisIn(Schema):
    """A lawful basis without agreement: its code, and why sharing is needed and no more than is needed."""

    model_config = taken(
        person_id=_ID, basis="public_task", reason="The school must know.", organisations=[_ID], information=["plan"]
    )

    person_id: UUID
    basis: schemas.Code
    reason: schemas.Text2000
    organisations: Agencies
    information: Kinds
    expires_on: schemas.Day | None = None


class DeclinedIn(AgreedVoiceIn):
    """What they do not want shared, in their words."""

    model_config = taken(**_SAID, words="Not with the school.")

    words: schemas.Text2000


class WithdrawIn(AgreedVoiceIn):
    """Agreement is withdrawn from help, from sharing, or both."""

    model_config = taken(**_SAID, words="We do not want it any more.", from_help=False, from_sharing=True)

    words: schemas.Text2000
    from_help: StrictBool
    from_sharing: StrictBool


class AgreedDecisionIn(Schema):
    """What follows a withdrawal."""

    model_config = taken(decision="continue_agreed", reason="The visits go on.")

    decision: Annotated[str, schemas.OneOf(AfterWithdrawal)]
    reason: schemas.Text2000


def router(answers: Answers) -> Router:
    """The addresses under /cases of what the family agrees to."""
    found = Router(tags=["Agreement of the family"])
    at = Addresses(found, answers)
    base = "/{uuid:case_id}/agreement"
    at.reads(base, AgreementOut, _agreement, "What the family agreed to")
    at.writes(f"{base}/help", AgreementOut, _help, "Agreement to this help")
    at.writes(f"{base}/sharing", AgreementOut, _sharing, "Agreement to sharing")
    at.writes(f"{base}/basis", AgreementOut, _basis, "A lawful basis for sharing")
    at.writes(f"{base}/declined", AgreementOut, _declined, "Sharing declined")
    at.writes(f"{base}/withdrawals", AgreementOut, _withdraw, "Agreement withdrawn")
    at.writes(
        f"{base}/withdrawals/{{uuid:withdrawal_id}}/decision", AgreementOut, _decide, "What follows a withdrawal"
    )  # fmt: skip
    return found


def _shown(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    found = queries.agreement_page(viewer, case_id).consents
    names = ("help", "sharing", "declined", "withdrawals")
    return {
        name: [each.__dict__ | {"said": each.said.__dict__} for each in getattr(found, name)] for name in names
    }  # fmt: skip


def _agreement(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """What the family agreed to, on what basis something is shared, what was declined, and what waits for a manager."""
    return _shown(viewer_of(request), case_id)


def _about(viewer: Actor, case_id: UUID, person_id: UUID) -> dict[str, Any]:
    """The person and the matter; a person who is not in the case is not visible here."""
    page = queries.agreement_page_for_change(viewer, case_id, person_id)
    return {
        "person": person_for_change(viewer, person_id, purpose="API: what a family agrees to"), "subject": page.subject
    }  # fmt: skip


def _said(sent: AgreedVoiceIn) -> sharing_services.Said:
    return sharing_services.Said(sent.given_by, sent.capacity, sent.evidence, sent.given_on, sent.reasons)


def _scope(sent: SharingIn | BasisIn) -> sharing_services.Scope:
    return sharing_services.Scope(sent.organisations, [each.value for each in sent.information], sent.expires_on)


def _help(request: HttpRequest, case_id: UUID, sent: AgreedHelpIn) -> dict[str, Any]:
    """Somebody who may agrees to this help."""
    viewer = viewer_of(request)
    about = _about(viewer, case_id, sent.person_id)
    sharing_services.record_help_agreed(
        **about, said=_said(sent), expires_on=sent.expires_on, by=viewer, at=viewer.at
    )  # fmt: skip
    return _shown(viewer, case_id)


def _sharing(request: HttpRequest, case_id: UUID, sent: SharingIn) -> dict[str, Any]:
    """Somebody who may agrees that something is shared."""
    viewer = viewer_of(request)
    about = _about(viewer, case_id, sent.person_id)
    scope = _scope(sent)
    sharing_services.record_sharing_agreed(**about, said=_said(sent), scope=scope, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _basis(request: HttpRequest, case_id: UUID, sent: BasisIn) -> dict[str, Any]:
    """A manager records a basis that needs no agreement and outlasts a withdrawal."""
    viewer = viewer_of(request)
    about = _about(viewer, case_id, sent.person_id)
    scope = _scope(sent)
    sharing_services.record_sharing_basis(
        **about, basis=sent.basis, reason=sent.reason, scope=scope, by=viewer, at=viewer.at
    )
    return _shown(viewer, case_id)


def _declined(request: HttpRequest, case_id: UUID, sent: DeclinedIn) -> dict[str, Any]:
    """Somebody does not want something shared."""
    viewer = viewer_of(request)
    about = _about(viewer, case_id, sent.person_id)
    sharing_services.record_sharing_declined(**about, said=_said(sent), words=sent.words, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _withdraw(request: HttpRequest, case_id: UUID, sent: WithdrawIn) -> dict[str, Any]:
    """What rests on agreement ends at once, and nothing else; a manager decides within one working day."""
    viewer = viewer_of(request)
    case = queries.agreement_page_for_change(viewer, case_id, sent.person_id).frame.row
    services.withdraw_family_agreement(
        case=case, person_id=sent.person_id, said=_said(sent), words=sent.words, from_help=sent.from_help,
        from_sharing=sent.from_sharing, by=viewer, at=viewer.at,
    )  # fmt: skip
    return _shown(viewer, case_id)


def _decide(request: HttpRequest, case_id: UUID, withdrawal_id: UUID, sent: AgreedDecisionIn) -> dict[str, Any]:
    """A manager decides what follows."""
    viewer = viewer_of(request)
    page = queries.agreement_page(viewer, case_id)
    row = sharing.withdrawal_for_change(viewer, withdrawal_id, page.subject)
    sharing_services.decide_withdrawal(withdrawal=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, case_id)
