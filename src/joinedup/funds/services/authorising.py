"""Chief finance officers' authorisations, variations, and an agreement's move to a successor body."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.funds import rules
from joinedup.funds.codes import Model, Tier
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import (
    AgreementPartner,
    Authorisation,
    BudgetLine,
    Contribution,
    Fund,
    Instalment,
    Novation,
    PartnershipAgreement,
    Scheme,
    Variation,
)
from joinedup.funds.permissions import AUTHORISE_AGREEMENT, NOVATE_AGREEMENT, VARY_AGREEMENT
from joinedup.funds.powers import KIND_WORDS, power
from joinedup.funds.queries.figures import open_with_partner
from joinedup.funds.queries.funds import effects
from joinedup.funds.queries.gate import balance_of_contributions
from joinedup.funds.services import booking
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _move_partnership, _require_working, _said
from joinedup.organisations.queries import took_over_on

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@service(AUTHORISE_AGREEMENT, on="partner")
def authorise(
    *, partner: AgreementPartner, authorised_on: date | None = None, by: Actor, at: datetime
) -> Authorisation:
    """The partner's chief finance officer authorises the agreement as it is ready to be opened; the day is that of the row.
    Raises Refused (FU-116, FU-117, FU-118)."""
    agreement = _lock(partner.agreement)
    if agreement.state != PartnershipState.READY:
        raise rules.READY_FIRST.refused()
    return _authorise(agreement, partner, None, authorised_on, by, at)


@service(AUTHORISE_AGREEMENT, on="partner")
def authorise_variation(
    *, partner: AgreementPartner, variation: Variation, authorised_on: date | None = None, by: Actor, at: datetime
) -> Variation:
    """The partner's chief finance officer authorises a variation; with the last of them it takes effect, however the fund's
    money is meant to move. Raises Refused (FU-117, FU-121)."""
    agreement = _lock(partner.agreement)
    _lock(variation)
    _require_waiting(variation)
    _authorise(agreement, partner, variation, authorised_on, by, at)
    partners = set(_partners(agreement).values_list("pk", flat=True))
    done = set(Authorisation.objects.filter(variation=variation).values_list("partner_id", flat=True))
    if partners <= done:
        _take_effect(agreement, variation, by, at)
    return variation


def _authorise(
    agreement: PartnershipAgreement, partner: AgreementPartner, variation: Variation | None, on: date | None, by: Actor, at: datetime
) -> Authorisation:  # fmt: skip
    if partner.left_on is not None:
        raise rules.CHIEF_AUTHORISES.refused(organisation=partner.organisation.name)
    there = Authorisation.objects.filter(agreement=agreement, variation=variation, partner=partner, lapsed_at=None)
    if there.exists():
        raise rules.AUTHORISED_ONCE.refused(organisation=partner.organisation.name)
    standing = next(
        (each for each in by.standings if each.role == Role.CHIEF_FINANCE_OFFICER
         and each.organisation_id == partner.organisation_id), None,
    )  # fmt: skip
    note(changed=("authorisations",), words={"organisation": partner.organisation.code})
    return Authorisation.objects.create(
        agreement=agreement, variation=variation, partner=partner, post_id=standing.source_id if standing else None,
        authorised_on=on or timezone.localdate(at), recorded_at=at, by=by.account_id,
    )  # fmt: skip


def _partners(agreement: PartnershipAgreement) -> Any:
    return AgreementPartner.objects.filter(agreement=agreement, left_on=None)


# --- Variations.


@service(VARY_AGREEMENT, on="agreement")
def propose_variation(
    *, agreement: PartnershipAgreement, words: str, effective_on: date, by: Actor, at: datetime
) -> Variation:
    """Say what is to change from which day on. Nothing does until every partner's chief finance officer has authorised it.
    Raises Refused (FU-119, FU-120, FU-128)."""
    _lock(agreement)
    _require_working(agreement)
    return _propose(agreement, _said(words, rules.REASON_NEEDED, 4000), effective_on, by, at)


@service(VARY_AGREEMENT, on="agreement")
def propose_pooling(
    *, agreement: PartnershipAgreement, fund: Fund, words: str, effective_on: date, by: Actor, at: datetime
) -> Variation:
    """Propose that an aligned fund becomes a pooled one. What changes for each partner is worked out and kept with the
    proposal. Raises Refused (FU-120, FU-128, FU-130 where the power knows no pooled fund, FU-145; R-2 where contributions
    would not come to the budget)."""
    _lock(agreement)
    _require_working(agreement)
    if fund.model != Model.ALIGNED or fund.agreement_id != agreement.pk:
        raise rules.POOLED_ALREADY.refused()
    chosen = power(fund.power)
    if chosen is None or Model.POOLED not in chosen.models:
        raise rules.POWER_ALLOWS_MODEL.refused(power=chosen.name if chosen else fund.power, model="pooled")
    _require_contributions(fund, by)
    why = _said(words, rules.REASON_NEEDED, 4000)
    return _propose(agreement, why, effective_on, by, at, fund=fund, said=effects(by, fund))


@service(VARY_AGREEMENT, on="agreement")
def withdraw_variation(*, agreement: PartnershipAgreement, variation: Variation, by: Actor, at: datetime) -> Variation:
    """It is not to be after all. Raises Refused (FU-121)."""
    _lock(variation)
    _require_waiting(variation)
    variation.withdrawn_at = at
    variation.save(update_fields=["withdrawn_at"])
    note(changed=("variations",))
    return variation


def _propose(
    agreement: PartnershipAgreement, words: str, effective_on: date, by: Actor, at: datetime, *, fund: Fund | None = None,
    said: list[dict[str, Any]] | None = None,
) -> Variation:  # fmt: skip
    there = Variation.objects.filter(agreement=agreement)
    if there.filter(effected_at=None, withdrawn_at=None).exists():
        raise rules.VARIATION_WAITS.refused()
    number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
    note(changed=("variations",))
    return Variation.objects.create(
        agreement=agreement, number=number, words=words, effective_on=effective_on, fund=fund, effects=said or [],
        proposed_at=at, proposed_by=by.account_id,
    )  # fmt: skip


def _require_waiting(variation: Variation) -> None:
    if not variation.waits:
        raise rules.VARIATION_SETTLED.refused(state="in effect" if variation.effected_at else "withdrawn")


def _take_effect(agreement: PartnershipAgreement, variation: Variation, by: Actor, at: datetime) -> None:
    variation.effected_at = at
    variation.save(update_fields=["effected_at"])
    if variation.fund is not None:
        fund = _lock(variation.fund)
        _require_contributions(fund, by)
        fund.model = Model.POOLED
        fund.save(update_fields=["model"])
        BudgetLine.objects.filter(fund=fund, year__gte=fund.year, tier=Tier.POOLED_ALIGNED).update(tier=Tier.POOLED)
    _move_partnership(agreement, PartnershipState.VARIED, by=by, at=at, reason=f"Variation {variation.number}")


def _require_contributions(fund: Fund, by: Actor) -> None:
    """R-2, as if the aligned lines were pooled already."""
    names = dict(AgreementPartner.objects.filter(agreement=fund.agreement_id).values_list("pk", "organisation__name"))
    for partner, (paid, budget) in balance_of_contributions(by, fund, fund.year, as_pooled=True).items():
        if paid != budget:
            raise rules.contributions_do_not_add_up(names[partner], paid, budget)


# --- Novation.


@service(NOVATE_AGREEMENT, on="agreement")
def novate_agreement(
    *, agreement: PartnershipAgreement, predecessor: AgreementPartner, successor: Organisation, on: date, decision: str, by: Actor, at: datetime
) -> Novation:  # fmt: skip
    """A partner's successor body takes its place by one decision: the agreement, its funds and lines, contributions still to
    be paid and whatever is open between it and each fund. What was posted stays under the partner it was posted for. Raises
    Refused (FU-103, FU-104, FU-123 where no such succession is recorded, FU-124)."""
    _lock(agreement)
    named = _said(decision, rules.DECISION_NAMED, 300)
    _require_successor(agreement, predecessor, successor, on, by)
    heir = AgreementPartner.objects.create(
        agreement=agreement, organisation=successor, position=predecessor.position, joined_on=on, succeeds=predecessor
    )
    predecessor.left_on = on
    predecessor.save(update_fields=["left_on"])
    moved = {}
    row = Novation(
        agreement=agreement, predecessor=predecessor, successor=heir, on=on, decision=named, at=at, by=by.account_id
    )
    for fund in Fund.objects.filter(agreement=agreement).order_by("code"):
        moved[fund.code] = _hand_over(fund, predecessor, heir, on, by, at)
    if agreement.host_id == predecessor.pk:
        agreement.host = heir
        agreement.save(update_fields=["host"])
    row.moved = moved
    row.save()
    note(changed=("partners",), words={"from": predecessor.organisation.code, "to": successor.code})
    return row


def _require_successor(
    agreement: PartnershipAgreement, predecessor: AgreementPartner, successor: Organisation, on: date, by: Actor
) -> None:
    words = {"successor": successor.name, "predecessor": predecessor.organisation.name}
    took_over = took_over_on(by, predecessor.organisation_id, successor.pk)
    if predecessor.left_on is not None or took_over is None or took_over > on:
        raise rules.SUCCESSOR_FITS.refused(**words)
    if AgreementPartner.objects.filter(agreement=agreement, organisation=successor).exists():
        raise rules.PARTNER_ONCE.refused("successor", organisation=successor.name)
    chosen = power(agreement.power)
    if chosen is None or not chosen.takes(successor.kind):
        kind = KIND_WORDS.get(successor.kind, successor.kind)
        raise rules.PARTNER_ELIGIBLE.refused(
            "successor", organisation=successor.name, power=chosen.name if chosen else agreement.power, kind=kind,
            why=chosen.why_not if chosen else "",
        )  # fmt: skip


def _hand_over(
    fund: Fund, predecessor: AgreementPartner, heir: AgreementPartner, on: date, by: Actor, at: datetime
) -> dict[str, int]:
    """From the day on the heir hosts what the predecessor hosted, leads its schemes, owns its lines of the years to come and
    owes what is not paid; what is open in the ledger moves by one entry."""
    Scheme.objects.filter(fund=fund, lead=predecessor).update(lead=heir)
    year = on.year if on.month >= 4 else on.year - 1
    BudgetLine.objects.filter(fund=fund, partner=predecessor, year__gte=year).update(partner=heir)
    unpaid = Instalment.objects.filter(Q(entry_id=None), contribution__fund=fund, contribution__partner=predecessor)
    Contribution.objects.filter(pk__in=unpaid.values("contribution")).exclude(
        instalments__entry_id__isnull=False
    ).update(partner=heir)
    if fund.host_id == predecessor.pk:
        fund.host = heir
        fund.save(update_fields=["host"])
    owed = open_with_partner(by, fund, predecessor.pk)
    if owed:
        key = f"novation {predecessor.pk}"
        draft = booking.moved_to(str(predecessor.pk), str(heir.pk), list(owed.items()), on=on, key=key)
        put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    return dict(owed)
