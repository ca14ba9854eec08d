"""Recording that a named lawyer checked the power an agreement is made under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.funds import rules
from joinedup.funds.models import PartnershipAgreement, PowerCheck
from joinedup.funds.permissions import CHECK_POWER
from joinedup.funds.services.steps import _said


@dataclass(frozen=True)
class CheckSaid:
    """Who checked, when, what was found, and where that is written."""

    lawyer: str
    lawyer_of: str
    checked_on: date
    is_right: bool
    written: str
    words: str = ""


@service(CHECK_POWER, on="agreement")
def record_power_check(*, agreement: PartnershipAgreement, said: CheckSaid, by: Actor, at: datetime) -> PowerCheck:
    """Record a check; the latest counts. Raises Refused (FU-390 to FU-392)."""
    if said.checked_on > timezone.localdate(at):
        raise rules.POWER_CHECK_DAY.refused()
    words = said.words.strip() if not said.is_right else ""
    if not said.is_right and not words:
        raise rules.POWER_CHECK_FOUND.refused()
    check = PowerCheck.objects.create(
        agreement=agreement, power=agreement.power, lawyer=_said(said.lawyer, rules.POWER_CHECK_NAMES, 120),
        lawyer_of=_said(said.lawyer_of, rules.POWER_CHECK_NAMES, 160), checked_on=said.checked_on, is_right=said.is_right,
        words=words[:4000], written=_said(said.written, rules.POWER_CHECK_NAMES, 300), recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(subject=check, changed=("power",), words={"power": agreement.power, "is_right": said.is_right})
    return check
