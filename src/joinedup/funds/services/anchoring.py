"""The head of a fund's chain in the audit trail, which has a chain and an anchor of its own: whoever rewrote a ledger would
have to rewrite that as well. `verify_ledger` reads it back."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.funds.models import Fund
from joinedup.funds.permissions import ANCHOR_LEDGER
from joinedup.funds.services.posting import head_of


@service(ANCHOR_LEDGER, on="fund")
def anchor_ledger(*, fund: Fund, by: Actor, at: datetime) -> int:
    """Keep the head as it is now; returns how many entries stand behind it. Done each day, and with each month closed."""
    number, digest = head_of(fund)
    note(words={"ledger_number": number, "ledger_head": digest}, subject=fund)
    return number
