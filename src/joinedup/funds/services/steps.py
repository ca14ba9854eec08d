"""What every write on an agreement does: lock it, check where it stands, move it along its lifecycle.

Called only inside guarded services, so none of these carries a permission of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.core.models import claim_version
from joinedup.funds import rules
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, WORKING, PartnershipState, may_move_partnership
from joinedup.funds.models import PartnershipAgreement, PartnershipTransition

AnyModel = TypeVar("AnyModel", bound=Model)


def _lock(record: AnyModel) -> AnyModel:
    """Read the record afresh and keep others from changing it until this transaction ends."""
    record.refresh_from_db(from_queryset=type(record)._default_manager.select_for_update(of=("self",)))
    return record


def _said(text: str, rule: rules.Rule, most: int = 500) -> str:
    """A text that must say something, without stray spaces."""
    if not text.strip():
        raise rule.refused()
    return text.strip()[:most]


def _state_words(agreement: PartnershipAgreement) -> str:
    return PARTNERSHIP_LABELS[PartnershipState(agreement.state)].lower()


def _require_draft(agreement: PartnershipAgreement) -> None:
    """FU-106: nobody has authorised it, and it is still being written."""
    _lock(agreement)
    if agreement.state != PartnershipState.DRAFT:
        raise rules.DRAFT_ONLY.refused(state=_state_words(agreement))


def _require_working(agreement: PartnershipAgreement) -> None:
    """FU-128."""
    if agreement.state not in WORKING:
        raise rules.OPEN_FOR_MONEY.refused(state=_state_words(agreement))


def _move_partnership(
    agreement: PartnershipAgreement, end: PartnershipState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Take a locked agreement to another state where the table allows it, and keep the move as a row."""
    start = PartnershipState(agreement.state)
    if not may_move_partnership(start, end):
        raise rules.MOVE_FORBIDDEN.refused(state=_state_words(agreement))
    claim_version(agreement, agreement.version)
    agreement.state = end
    agreement.save(update_fields=["state"])
    _write_move(agreement, start, end, by=by, at=at, reason=reason)
    note(changed=("state",))


def _write_move(
    agreement: PartnershipAgreement, start: str, end: str, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    PartnershipTransition.objects.create(
        agreement=agreement, start=start, end=end, at=at, by=by.account_id, reason=reason[:500]
    )
