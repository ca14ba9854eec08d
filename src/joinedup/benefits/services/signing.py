"""Signing a version of an investment agreement: each partner for itself, by its finance director or chief finance officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.models import InvestmentAgreement, Programme, SettlementSignature
from joinedup.benefits.permissions import SIGN_SETTLEMENT, bodies_signed_for, post_that_signs
from joinedup.benefits.queries.signing import settlement_seen
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import date_long


@dataclass(frozen=True)
class SignatureSaid:
    """For which body, on which day it was decided, and where that is minuted. `signatory` is for what the program itself
    brings over from paper; a person signs with their own name and post."""

    organisation_id: UUID
    signed_on: date
    minute: str
    signatory: str = ""


@service(SIGN_SETTLEMENT, on="settlement")
def sign_settlement(
    *, settlement: InvestmentAgreement, said: SignatureSaid, by: Actor, at: datetime
) -> SettlementSignature:
    """Sign a version for one's own body. Once every partner with a stake in it has signed, it is what they agreed. Raises
    NotPermitted for another's body, Refused (BN-446 to BN-449)."""
    Programme.objects.select_for_update().get(pk=settlement.programme_id)
    newest = InvestmentAgreement.objects.filter(programme=settlement.programme_id).order_by("-number")[0]
    if newest.pk != settlement.pk:
        raise rules.SIGN_NEWEST.refused(number=newest.number)
    seen = settlement_seen(settlement)
    party = next((each for each in seen.parties if each.id == said.organisation_id), None)
    if party is None or not (by.is_system or party.id in bodies_signed_for(by)):
        raise NotPermitted(rules.SIGN_OWN.sentence, rule=rules.SIGN_OWN.code)
    if party not in seen.unsigned:
        raise rules.SIGN_ONCE.refused(partner=party.name)
    if not said.minute.strip():
        raise rules.SIGN_MINUTE.refused()
    first = timezone.localdate(settlement.decided_at)
    if not first <= said.signed_on <= timezone.localdate(at):
        raise rules.SIGN_DAY.refused(first=date_long(first))
    post = post_that_signs(by, party.id)
    name, title = (by.name, post.title) if post else (said.signatory or by.name, "Brought over from paper")
    made = SettlementSignature.objects.create(
        agreement=settlement, organisation_id=party.id, name=name[:200], authority=title[:200],
        minute=said.minute.strip()[:500], signed_on=said.signed_on, at=at, by=by.account_id,
    )  # fmt: skip
    is_last = len(seen.unsigned) == 1
    note(
        subject=settlement,
        changed=("signature",),
        words={"body": party.code, "number": settlement.number, "agreed": is_last},
    )
    return made
