"""What waits for a second person, as pages ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.models import Approval
from joinedup.access.permissions import ISSUE_API_KEY, READ_APPROVALS, check
from joinedup.access.services.approvals import GOOD_FOR
from joinedup.core.errors import NotVisible


@dataclass(frozen=True)
class ApprovalPage:
    """What waits, oldest first, and what was decided lately, newest first."""

    waiting: list[Approval]
    decided: list[Approval]


def approval_page(viewer: Actor) -> ApprovalPage:
    """Everything that waits; the last fifty that were decided."""
    check(viewer, READ_APPROVALS)
    rows = Approval.objects.select_related("account", "proposed_by", "decided_by")
    return ApprovalPage(
        list(rows.filter(outcome="", proposed_at__gt=viewer.at - GOOD_FOR).order_by("proposed_at")[:200]),
        list(rows.exclude(outcome="").order_by("-decided_at")[:50]),
    )


def count_waiting(viewer: Actor) -> int:
    """How many proposals wait for this person: those that somebody else made."""
    check(viewer, READ_APPROVALS)
    rows = Approval.objects.filter(outcome="", proposed_at__gt=viewer.at - GOOD_FOR)
    return rows.exclude(proposed_by_id=viewer.account_id).count()


def proposal(viewer: Actor, approval_id: UUID) -> Approval:
    """One proposal, for whoever decides it or made it."""
    check(viewer, READ_APPROVALS)
    found = Approval.objects.select_related("account", "proposed_by", "decided_by").filter(pk=approval_id).first()
    if found is None:
        raise NotVisible()
    return found


def keys_to_collect(viewer: Actor) -> list[Approval]:
    """Keys this person proposed, somebody agreed to, and nobody has collected."""
    check(viewer, ISSUE_API_KEY)
    rows = Approval.objects.select_related("decided_by").filter(
        kind="key", proposed_by=viewer.account_id, outcome="approved", used_at=None
    )
    return list(rows.filter(decided_at__gt=viewer.at - GOOD_FOR).order_by("decided_at")[:20])
