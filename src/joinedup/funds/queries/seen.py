"""Which funds a viewer sees, and what they may do with one."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import Fund
from joinedup.funds.permissions import (
    CONSENT_TO_STREAM,
    READ_FUNDS,
    RECORD_RECEIPT,
    REMIND_OF_CONTRIBUTIONS,
    SET_BUDGET,
    SET_CONTRIBUTION,
    VARY_AGREEMENT,
)


def year_words(year: int) -> str:
    """`2026/27`."""
    return f"{year}/{(year + 1) % 100:02d}"


def fund_for_change(viewer: Actor, fund_id: UUID) -> Fund:
    """A fund the viewer may see, to hand to a service."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = Fund.objects.visible_to(viewer).select_related("agreement", "host__organisation", "pool_manager__account")
    found = rows.filter(pk=fund_id).first()
    if found is None:
        raise NotVisible
    return found


def may_with_fund(viewer: Actor, row: Fund) -> frozenset[str]:
    """What the viewer may do with a fund, by name."""
    asked = {
        "budget": can(viewer, SET_BUDGET, row.agreement), "contribute": can(viewer, SET_CONTRIBUTION, row),
        "receive": can(viewer, RECORD_RECEIPT, row), "remind": can(viewer, REMIND_OF_CONTRIBUTIONS, row),
        "consent": can(viewer, CONSENT_TO_STREAM, row), "pool": can(viewer, VARY_AGREEMENT, row.agreement),
        "vire": row.agreement.state in WORKING and can(viewer, SET_BUDGET, row.agreement),
    }  # fmt: skip
    return frozenset(name for name, is_so in asked.items() if is_so)
