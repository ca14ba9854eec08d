"""What lawyers have said of the power an agreement is made under."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.funds.models import PartnershipAgreement, PowerCheck
from joinedup.funds.permissions import CHECK_POWER
from joinedup.funds.powers import KIND_WORDS, LegalPower, power
from joinedup.funds.queries.agreements import agreement_for_change


@dataclass(frozen=True)
class PowerPage:
    """A power as the program knows it, and every check of it under this agreement, the newest first."""

    agreement: PartnershipAgreement
    power: LegalPower | None
    kinds: tuple[str, ...]
    checks: tuple[PowerCheck, ...]
    may_record: bool

    @property
    def latest(self) -> PowerCheck | None:
        """The one that counts."""
        return self.checks[0] if self.checks else None

    @property
    def is_verified(self) -> bool:
        """A named lawyer found that it stands as it is here, or nothing in it was in doubt."""
        if self.latest is not None:
            return self.latest.is_right
        return self.power is not None and not self.power.unverified


def power_page(viewer: Actor, fund_agreement_id: UUID) -> PowerPage:
    """The power of an agreement the viewer may see."""
    agreement = agreement_for_change(viewer, fund_agreement_id)
    chosen = power(agreement.power)
    checks = PowerCheck.objects.filter(agreement=agreement, power=agreement.power).order_by(
        "-checked_on", "-recorded_at", "-pk"
    )
    kinds = tuple(KIND_WORDS[kind] for kind in KIND_WORDS if chosen is not None and kind in chosen.kinds)
    return PowerPage(agreement, chosen, kinds, tuple(checks), can(viewer, CHECK_POWER, agreement))
