"""What partners bring beside money: how their own budgets work, and the people they second."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.funds import rules
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import AgreementPartner, AgreementSecondment, BudgetSheet, PartnershipAgreement
from joinedup.funds.permissions import ATTACH_SECONDMENT, PUBLISH_SHEET
from joinedup.funds.services.steps import _state_words

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class SheetSaid:
    """One page on how a partner's own budget works (`sheet` in docs/funds.md)."""

    total_pence: int
    set_how: str
    decided_by: str
    pressures: str
    savings: str
    carried: str
    ring_fences: str
    ask: str


@service(PUBLISH_SHEET, on="partner")
def publish_sheet(*, partner: AgreementPartner, year: int, said: SheetSaid, by: Actor, at: datetime) -> BudgetSheet:
    """Tell the other partners how one's own budget works; a later sheet of the year takes the earlier one's place. Raises
    Refused (FU-114 for one that has left, FU-115)."""
    if partner.left_on is not None:
        raise rules.SHEET_OF_PARTNER.refused(organisation=partner.organisation.name)
    words = {each.name: getattr(said, each.name) for each in fields(said)}
    empty = next((name for name, value in words.items() if isinstance(value, str) and not value.strip()), None)
    if empty is not None or said.total_pence <= 0:
        raise rules.SHEET_SAYS.refused(empty or "total")
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in words.items()}
    sheet, _ = BudgetSheet.objects.update_or_create(
        partner=partner, year=year, defaults=clean | {"published_at": at, "published_by": by.account_id}
    )
    note(changed=("sheet",), words={"organisation": partner.organisation.code})
    return sheet


@service(ATTACH_SECONDMENT, on="agreement")
def attach_secondment(*, agreement: PartnershipAgreement, post: Post, by: Actor, at: datetime) -> AgreementSecondment:
    """A secondment between two partners stands under this agreement. Raises Refused (FU-107, FU-125, FU-126)."""
    if agreement.state == PartnershipState.ENDED:
        raise rules.MOVE_FORBIDDEN.refused(state=_state_words(agreement))
    there = AgreementPartner.objects.filter(agreement=agreement, left_on=None)
    bodies = set(there.values_list("organisation_id", flat=True))
    if not post.is_secondment or not post.is_held_at(at) or not {post.employer_id, post.host_id} <= bodies:
        raise rules.STAFF_SECONDED.refused()
    try:
        with transaction.atomic():
            row = AgreementSecondment.objects.create(
                agreement=agreement, post=post, attached_at=at, attached_by=by.account_id
            )
    except IntegrityError as error:
        raise rules.STAFF_ONCE.refused() from error
    note(changed=("secondments",))
    return row


@service(ATTACH_SECONDMENT, on="agreement")
def detach_secondment(
    *, agreement: PartnershipAgreement, secondment: AgreementSecondment, by: Actor, at: datetime
) -> None:
    """It stands under this agreement no longer."""
    AgreementSecondment.objects.filter(pk=secondment.pk, agreement=agreement, detached_at=None).update(detached_at=at)
    note(changed=("secondments",))
