"""Who may agree, budget, pay in, move and read shared money. Which agreements is decided by partners, in `visible_to`."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FINANCE, Role
from joinedup.funds.models import AgreementPartner

_CHIEFS = {Role.CHIEF_FINANCE_OFFICER}
_DIRECTORS = _CHIEFS | {Role.FINANCE_DIRECTOR}
_MANAGERS = _DIRECTORS | {Role.POOL_MANAGER}


def stands_for_partner(viewer: Actor, agreement_id: Any, *roles: Role) -> bool:
    """A post of theirs, with one of the roles, is hosted by an organisation that is a partner there."""
    mine = {each.organisation_id for each in viewer.standings if each.role in roles}
    return AgreementPartner.objects.filter(agreement_id=agreement_id, organisation_id__in=mine, left_on=None).exists()


READ_FUNDS = declare("funds.read_funds", "see shared budgets and the agreements behind them", roles=FINANCE)
