"""What of shared money waits for a board: agreements to be signed, and virements whose level is a body’s."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import AgreementPartner, Fund, PartnershipAgreement, Virement
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.virement_schemes import SCHEMES, level_words

Awaiting = TypeVar("Awaiting")


@dataclass(frozen=True)
class AgreementAwaiting:
    """An agreement that is complete and waits to be opened, with its partners; `unsigned` are those whose chief finance
    officer has not authorised it. `digest` is the SHA-256 of every item of it."""

    row: PartnershipAgreement
    partners: tuple[AgreementPartner, ...]
    unsigned: frozenset[UUID]
    digest: str


@dataclass(frozen=True)
class VirementAwaiting:
    """A virement that waits for a body: the partners whose power it uses are the host, and every partner where it goes between
    capital and revenue. `cumulative_pence` is what its level was found on."""

    row: Virement
    level: str
    bodies: tuple[tuple[UUID, str], ...]
    partners: tuple[AgreementPartner, ...]


def agreements_awaiting(viewer: Actor) -> list[AgreementAwaiting]:
    """Every agreement the viewer may see that waits to be opened, by title."""
    check(viewer, READ_FUNDS)
    rows = PartnershipAgreement.objects.visible_to(viewer).filter(state=PartnershipState.READY)
    whole = rows.prefetch_related("partners__organisation", "items", "authorisations").order_by("title", "pk")
    return [_agreement(each) for each in whole]


def agreement_awaiting(viewer: Actor, agreement_id: UUID) -> AgreementAwaiting:
    """One of them; NotVisible when it waits no more."""
    return _one([each for each in agreements_awaiting(viewer) if each.row.pk == agreement_id])


def _agreement(row: PartnershipAgreement) -> AgreementAwaiting:
    partners = sorted((each for each in row.partners.all() if each.left_on is None), key=lambda each: each.position)
    signed = {
        each.partner_id for each in row.authorisations.all() if each.lapsed_at is None and each.variation_id is None
    }
    said = "\n".join(f"{each.code} {each.words}" for each in sorted(row.items.all(), key=lambda one: one.code))
    digest = hashlib.sha256(said.encode()).hexdigest()
    return AgreementAwaiting(row, tuple(partners), frozenset({each.pk for each in partners} - signed), digest)


def virements_awaiting_body(viewer: Actor) -> list[VirementAwaiting]:
    """Every virement the viewer may see that an officer alone cannot approve, the longest waiting first."""
    check(viewer, READ_FUNDS)
    rows = Virement.objects.filter(fund__in=Fund.objects.visible_to(viewer), state="asked")
    whole = rows.select_related("fund__host__organisation", "from_line", "to_line").prefetch_related(
        "fund__agreement__partners__organisation"
    )
    return [_virement(each) for each in whole.order_by("asked_at", "pk") if _is_for_body(each)]


def virement_awaiting_body(viewer: Actor, virement_id: UUID) -> VirementAwaiting:
    """One of them; NotVisible when it waits no more."""
    return _one([each for each in virements_awaiting_body(viewer) if each.row.pk == virement_id])


def _is_for_body(row: Virement) -> bool:
    scheme = SCHEMES.get(row.scheme)
    return scheme is not None and any(each.is_body and each.level == row.level for each in scheme.bands)


def _virement(row: Virement) -> VirementAwaiting:
    there = [each for each in row.fund.agreement.partners.all() if each.left_on is None]
    partners = tuple(sorted(there, key=lambda each: each.position))
    crosses = row.from_line.is_capital != row.to_line.is_capital
    asked = partners if crosses else (row.fund.host,)
    bodies = tuple((each.organisation_id, each.organisation.name) for each in asked)
    return VirementAwaiting(row, level_words(row.scheme, row.level), bodies, partners if crosses else ())


def _one(found: list[Awaiting]) -> Awaiting:
    if not found:
        raise NotVisible
    return found[0]
