"""Funds, their schemes and budget lines, ring-fenced streams, and budgets cut for a locality, a cluster or a family."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.engines.money import format_pounds
from joinedup.funds import rules
from joinedup.funds.codes import INSIDE_TIERS, MODELS, PLACES, TIERS, WIDER, Model, Place, Tier
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import (
    AgreementPartner,
    BudgetApproval,
    BudgetLine,
    Fund,
    FundingStream,
    PartnershipAgreement,
    Scheme,
    StreamPermit,
    StreamUse,
)
from joinedup.funds.permissions import CONSENT_TO_STREAM, HAND_ON_BUDGET, SET_BUDGET
from joinedup.funds.powers import power
from joinedup.funds.queries.figures import figures_of
from joinedup.funds.queries.gate import PAID_INTO, balance_of_contributions
from joinedup.funds.services import booking
from joinedup.funds.services.ledger import open_year
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working
from joinedup.funds.spending_kinds import SpendingKind

if TYPE_CHECKING:
    from joinedup.organisations.models import Cluster, Locality, Post

# Which tiers a line of each model may have: what is pooled is in a common fund or it is not pooled.
_TIERS_OF: dict[Model, frozenset[Tier]] = {
    Model.POOLED: frozenset(Tier),
    Model.ALIGNED: frozenset({Tier.POOLED_ALIGNED, Tier.IN_VIEW, Tier.OUTSIDE}),
    Model.JOINT: frozenset({Tier.POOLED, Tier.IN_VIEW, Tier.OUTSIDE}),
    Model.GRANT: frozenset({Tier.POOLED, Tier.IN_VIEW, Tier.OUTSIDE}),
}


@dataclass(frozen=True)
class LineSaid:
    """What is said of a budget line."""

    code: str
    name: str
    partner: AgreementPartner
    pence: int
    tier: str = Tier.POOLED
    stream: FundingStream | None = None
    is_capital: bool = False
    is_recurrent: bool = True
    holder: Post | None = None
    planned_kind: str = ""


@dataclass(frozen=True)
class PartSaid:
    """A budget cut from a wider one: for a locality or a cluster, or for one family with its lead professional's limit."""

    code: str
    name: str
    pence: int
    place: str
    locality: Locality | None = None
    cluster: Cluster | None = None
    family_id: UUID | None = None
    holder: Post | None = None
    limit_pence: int | None = None


@service(SET_BUDGET, on="agreement")
def open_fund(
    *, agreement: PartnershipAgreement, code: str, name: str, model: str, host: AgreementPartner, year: int, by: Actor, at: datetime
) -> Fund:  # fmt: skip
    """A fund under the agreement, held as its model says. Raises Refused (FU-107, FU-112, FU-130, FU-131)."""
    _lock(agreement)
    if agreement.state == PartnershipState.ENDED:
        raise rules.OPEN_FOR_MONEY.refused(state="ended")
    chosen = power(agreement.power)
    if chosen is None or model not in {each.value for each in chosen.models}:
        words = MODELS.get(Model(model), model).lower() if model in set(Model) else model
        raise rules.POWER_ALLOWS_MODEL.refused(power=chosen.name if chosen else agreement.power, model=words)
    if host.agreement_id != agreement.pk or host.left_on is not None:
        raise rules.HOST_IS_PARTNER.refused()
    if not code.strip() or not name.strip():
        raise rules.FUND_NAMED.refused("code" if name.strip() else "name")
    with _unique(rules.FUND_NAMED):
        fund = Fund.objects.create(
            agreement=agreement, code=code.strip().upper()[:20], name=name.strip()[:160], model=model, host=host,
            pool_manager=agreement.pool_manager, power=agreement.power, year=year,
        )  # fmt: skip
    note(subject=fund, changed=("fund",))
    return fund


@service(SET_BUDGET, on="agreement")
def add_scheme(
    *, agreement: PartnershipAgreement, fund: Fund, code: str, name: str, lead: AgreementPartner, outputs: str = "", by: Actor, at: datetime
) -> Scheme:  # fmt: skip
    """A service the fund pays for, with what it is to deliver. Raises Refused (FU-112, FU-133)."""
    _require_of(agreement, fund)
    if lead.agreement_id != agreement.pk:
        raise rules.HOST_IS_PARTNER.refused("lead")
    if not code.strip() or not name.strip():
        raise rules.LINE_NAMED.refused("code" if name.strip() else "name")
    with _unique(rules.LINE_NAMED):
        scheme = Scheme.objects.create(
            fund=fund, code=code.strip().upper()[:20], name=name.strip()[:160], lead=lead, outputs=outputs.strip(),
            position=Scheme.objects.filter(fund=fund).count(),
        )  # fmt: skip
    note(changed=("schemes",), words={"fund": fund.code})
    return scheme


@service(SET_BUDGET, on="agreement")
def add_line(
    *, agreement: PartnershipAgreement, scheme: Scheme, year: int, said: LineSaid, by: Actor, at: datetime
) -> BudgetLine:
    """One partner's money in a scheme for a year. Raises Refused (FU-133, FU-134, FU-137, FU-138, FU-139, FU-144,
    FU-336)."""
    fund = scheme.fund
    _require_of(agreement, fund)
    _require_unapproved(fund, year)
    _require_line(fund, scheme, said)
    with _unique(rules.LINE_NAMED):
        line = BudgetLine.objects.create(
            fund=fund, scheme=scheme, partner=said.partner, year=year, code=said.code.strip().upper()[:20],
            name=said.name.strip()[:160], tier=said.tier, stream=said.stream, is_capital=said.is_capital,
            is_recurrent=said.is_recurrent, budget_pence=said.pence, holder=said.holder, planned_kind=said.planned_kind,
        )  # fmt: skip
    note(changed=("lines",), words={"fund": fund.code})
    return line


@service(SET_BUDGET, on="agreement")
def change_line(
    *, agreement: PartnershipAgreement, line: BudgetLine, said: LineSaid, version: int, by: Actor, at: datetime
) -> BudgetLine:
    """Say otherwise what a line is, while its budget is not approved. Raises Refused (as `add_line`)."""
    _require_of(agreement, line.fund)
    _require_unapproved(line.fund, line.year)
    _require_line(line.fund, line.scheme, said)
    claim_version(line, version)
    line.code, line.name = said.code.strip().upper()[:20], said.name.strip()[:160]
    line.partner, line.tier, line.stream, line.holder = said.partner, said.tier, said.stream, said.holder
    line.is_capital, line.is_recurrent, line.budget_pence = said.is_capital, said.is_recurrent, said.pence
    line.planned_kind = said.planned_kind
    with _unique(rules.LINE_NAMED):
        line.save()
    note(changed=("lines",), words={"fund": line.fund.code})
    return line


@service(SET_BUDGET, on="agreement")
def approve_budget(
    *, agreement: PartnershipAgreement, fund: Fund, year: int, decision: str = "", by: Actor, at: datetime
) -> BudgetApproval:
    """The budget of a year is approved under an agreement that is open: it goes into the ledger, and from then on changes by
    virements. Raises Refused (R-2, FU-128, FU-144)."""
    _lock(agreement)
    _require_of(agreement, fund)
    _require_working(agreement)
    _require_unapproved(fund, year)
    if fund.model in PAID_INTO:
        names = dict(AgreementPartner.objects.filter(agreement=agreement).values_list("pk", "organisation__name"))
        for partner, (paid, budget) in balance_of_contributions(by, fund, year).items():
            if paid != budget:
                raise rules.contributions_do_not_add_up(names[partner], paid, budget)
    inside = BudgetLine.objects.filter(fund=fund, year=year, parent=None, tier__in=INSIDE_TIERS)
    lines = list(inside.order_by("code"))
    total = sum(line.budget_pence for line in lines)
    if not total:
        raise rules.AMOUNT_POSITIVE.refused()
    open_year(fund=fund, year=year, by=by, at=at)
    draft = booking.approved_budget(lines, year, f"budget of {year}")
    put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    note(changed=("budget",), words={"fund": fund.code, "year": year}, subject=fund)
    return BudgetApproval.objects.create(
        fund=fund, year=year, total_pence=total, decision=decision.strip()[:300], at=at, by=by.account_id
    )


# --- Ring-fenced money.


@service(CONSENT_TO_STREAM, on="fund")
def record_consent(
    *, fund: Fund, stream: FundingStream, schemes: dict[Scheme, str], consented_by: str, consented_on: date, written: str, by: Actor, at: datetime
) -> StreamUse:  # fmt: skip
    """Whoever answers for ring-fenced money consented to its use in this fund, for these schemes, each for a reason that its
    conditions allow. Raises Refused (FU-132, FU-140)."""
    if not consented_by.strip() or not written.strip() or consented_on > timezone.localdate(at) or not schemes:
        raise rules.CONSENT_NAMED.refused("" if consented_by.strip() else "consented_by")
    if any(scheme.fund_id != fund.pk for scheme in schemes):
        raise rules.SCHEME_OF_FUND.refused()
    said = {
        "consented_by": consented_by.strip()[:160], "consented_on": consented_on, "consent_written": written.strip()[:300],
        "recorded_at": at, "recorded_by": by.account_id,
    }  # fmt: skip
    use, _ = StreamUse.objects.update_or_create(fund=fund, stream=stream, defaults=said)
    for scheme, why in schemes.items():
        StreamPermit.objects.update_or_create(use=use, scheme=scheme, defaults={"why": why.strip()[:300]})
    note(changed=("streams",), words={"stream": stream.code})
    return use


# --- Budgets for a place, and for one family.


@service(HAND_ON_BUDGET, on="line")
def hand_on_budget(*, line: BudgetLine, said: PartSaid, by: Actor, at: datetime) -> BudgetLine:
    """Cut a budget for a locality, a cluster or a family from a wider one. Raises Refused (FU-133 to FU-136, FU-143)."""
    _lock(line.fund)
    _require_working(line.fund.agreement)
    if said.place not in set(Place) or line.place not in WIDER[Place(said.place)]:
        raise rules.PARENT_WIDER.refused(place=PLACES.get(Place(said.place), said.place).lower())
    if said.pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if not said.code.strip() or not said.name.strip():
        raise rules.LINE_NAMED.refused("code" if said.name.strip() else "name")
    if said.place == Place.FAMILY and (said.holder is None or not said.limit_pence or said.family_id is None):
        raise rules.LIMIT_NEEDED.refused()
    left = figures_of(by, line).left
    if said.pence > left:
        raise rules.PARENT_COVERS.refused(parent=line.name, left=format_pounds(left), amount=format_pounds(said.pence))
    with _unique(rules.LINE_NAMED):
        part = BudgetLine.objects.create(
            fund=line.fund, scheme=line.scheme, partner=line.partner, year=line.year, code=said.code.strip().upper()[:20],
            name=said.name.strip()[:160], tier=line.tier, stream=line.stream, is_capital=line.is_capital,
            planned_kind=line.planned_kind, is_recurrent=False, budget_pence=said.pence, place=said.place, parent=line, locality=said.locality,
            cluster=said.cluster, family_id=said.family_id, holder=said.holder, commit_limit_pence=said.limit_pence,
        )  # fmt: skip
    on = timezone.localdate(at)
    draft = booking.budget_moved(
        line, part, said.pence, on=on, key=f"handed on {part.pk}", memo="Handed on", source=part
    )
    put_into_ledger(fund=line.fund, drafts=[draft], by=by, at=at)
    note(changed=("lines",), words={"fund": line.fund.code, "line": part.code}, subject=part)
    return part


# --- What is asked before a line is written.


def _require_of(agreement: PartnershipAgreement, fund: Fund) -> None:
    if fund.agreement_id != agreement.pk:
        raise rules.SCHEME_OF_FUND.refused()


def _require_unapproved(fund: Fund, year: int) -> None:
    if BudgetApproval.objects.filter(fund=fund, year=year).exists():
        raise rules.BUDGET_BEFORE_OPENING.refused()


def _require_line(fund: Fund, scheme: Scheme, said: LineSaid) -> None:
    if not said.code.strip() or not said.name.strip():
        raise rules.LINE_NAMED.refused("code" if said.name.strip() else "name")
    if said.pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if said.partner.agreement_id != fund.agreement_id:
        raise rules.HOST_IS_PARTNER.refused("partner")
    if said.planned_kind and said.planned_kind not in set(SpendingKind):
        raise rules.KIND_NAMED.refused("planned_kind")
    if said.tier not in {each.value for each in _TIERS_OF[Model(fund.model)]}:
        tier = TIERS[Tier(said.tier)] if said.tier in set(Tier) else said.tier
        raise rules.TIER_FITS_MODEL.refused(model=MODELS[Model(fund.model)].lower(), tier=tier)
    if said.stream is not None and said.stream.is_ring_fenced:
        _require_permitted(fund, scheme, said.stream)


def _require_permitted(fund: Fund, scheme: Scheme, stream: FundingStream) -> None:
    """FU-138 and FU-139: consented to, and for this scheme."""
    use = StreamUse.objects.filter(fund=fund, stream=stream, consented_on__isnull=False).first()
    if use is None:
        raise rules.RING_FENCE_CONSENTED.refused(stream=stream.name, whose=stream.consent_of or "whoever grants it")
    if not StreamPermit.objects.filter(use=use, scheme=scheme).exists():
        raise rules.RING_FENCE_PERMITTED.refused("scheme", stream=stream.name, scheme=scheme.name)


@contextmanager
def _unique(rule: rules.Rule) -> Iterator[None]:
    """Turns the database’s “there is one already” into a refusal."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise rule.refused() from error
