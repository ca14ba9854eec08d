"""What every write on a request or an agreement does: lock it, move it along its lifecycle, write its chronology.

Called only inside guarded services, so none of these carries a permission of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.errors import NotVisible
from joinedup.core.models import claim_version
from joinedup.information_sharing import events, rules
from joinedup.information_sharing.codes import Part
from joinedup.information_sharing.lifecycle import (
    AGREEMENT_LABELS,
    LIVE,
    REQUEST_LABELS,
    AgreementState,
    RequestState,
    may_move_agreement,
    may_move_request,
)
from joinedup.information_sharing.models import (
    Agreement,
    AgreementPost,
    AgreementTransition,
    InformationRequest,
    RequestTransition,
)

AnyModel = TypeVar("AnyModel", bound=Model)
_EXPIRED = "The sharing agreement is no longer in force."


def _lock(record: AnyModel) -> AnyModel:
    """Read the record afresh and keep others from changing it until this transaction ends."""
    manager = type(record)._default_manager
    record.refresh_from_db(from_queryset=manager.select_for_update(of=("self",)))
    return record


def _answering_post(request: InformationRequest, by: Actor) -> UUID | None:
    """The actor's post that is named to answer this request at this moment; whoever has none may not see it."""
    if by.is_system:
        return None
    named = AgreementPost.objects.filter(
        AgreementPost.is_named_at(by.at),
        agreement_id=request.agreement_id,
        organisation_id=request.organisation_id,
        part=Part.ANSWERS,
        post_id__in=by.post_ids,
    )
    found = named.order_by("named_at").values_list("post_id", flat=True).first()
    if found is None:
        raise NotVisible
    return found


def _require_in_force(agreement: Agreement, at: datetime) -> None:
    """IS-2, by the day."""
    if agreement.state_on(timezone.localdate(at)) != AgreementState.IN_FORCE:
        raise rules.IN_FORCE.refused()


def _move_request(request: InformationRequest, end: RequestState, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take a locked request to another state where the table allows it, and keep the move as a row."""
    start = RequestState(request.state)
    if not may_move_request(start, end):
        raise rules.STILL_OPEN.refused(state=REQUEST_LABELS[start].lower())
    claim_version(request, request.version)
    request.state = end
    if end not in LIVE:
        request.ended_at = at
    if end == RequestState.OPENED:
        request.opened_at = at
    if end in {RequestState.ANSWERED, RequestState.REFUSED} and request.settled_at is None:
        request.settled_at = at
    request.save(update_fields=["state", "ended_at", "opened_at", "opened_by", "settled_at"])
    _write_move(request, start.value, end, by=by, at=at, reason=reason)


def _write_move(
    request: InformationRequest, start: str, end: RequestState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    RequestTransition.objects.create(
        request=request, start=start, end=end, at=at, by=by.account_id, reason=reason[:500]
    )


def _chronicle(
    kind: EventKind,
    request: InformationRequest,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    words: Mapping[str, Any] | None = None,
) -> None:
    """One event in the person's journey, and the person on the audit row."""
    note(people=[request.person_id])
    record_event(
        kind,
        source=request,
        by=by,
        at=at,
        people=[request.person_id],
        family_id=request.family_id,
        organisation_id=request.organisation_id,
        code=code,
        words=words,
    )


def _close_requests(requests: list[InformationRequest], *, by: Actor, at: datetime, reason: str) -> int:
    """Close what is live of these, each with its row and its event."""
    closed = 0
    for request in requests:
        _lock(request)
        if RequestState(request.state) not in LIVE:
            continue
        _move_request(request, RequestState.CLOSED, by=by, at=at, reason=reason)
        _chronicle(events.REQUEST_CLOSED, request, by=by, at=at)
        closed += 1
    return closed


def _close_under(agreement: Agreement, *, by: Actor, at: datetime) -> int:
    """Close what is live under an agreement that is no longer in force."""
    live = InformationRequest.objects.filter(agreement=agreement, state__in=sorted(LIVE))
    return _close_requests(list(live.order_by("pk")), by=by, at=at, reason=_EXPIRED)


def _move_agreement(agreement: Agreement, end: AgreementState, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take a locked agreement to another state where the table allows it, and keep the move as a row."""
    start = AgreementState(agreement.state)
    if not may_move_agreement(start, end):
        raise rules.MOVE_FORBIDDEN.refused(state=AGREEMENT_LABELS[start].lower())
    claim_version(agreement, agreement.version)
    agreement.state = end
    agreement.save(update_fields=["state", "ended_on"])
    AgreementTransition.objects.create(
        agreement=agreement, start=start, end=end, at=at, by=by.account_id, reason=reason[:500]
    )


def _said(text: str, rule: rules.Rule) -> str:
    """A text that must say something, without stray spaces."""
    if not text.strip():
        raise rule.refused()
    return text.strip()
