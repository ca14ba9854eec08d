"""What is still missing before an agreement can open: the rows behind the task list."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Sum

from joinedup.access.actor import Actor
from joinedup.engines.money import Money
from joinedup.funds.agreement_items import Standing, Task, tasks
from joinedup.funds.codes import SHARED_TIERS, Model
from joinedup.funds.models import (
    AgreementItem,
    AgreementPartner,
    Authorisation,
    BudgetLine,
    BudgetSheet,
    Contribution,
    Fund,
    PartnershipAgreement,
    StreamUse,
)
from joinedup.funds.powers import kinds_missing, power

# Funds that partners pay into by instalments: in a joint one they are invoiced, in an aligned one nothing moves.
PAID_INTO = frozenset({Model.POOLED, Model.GRANT})


def standing_of(viewer: Actor, agreement: PartnershipAgreement) -> Standing:
    """Where an agreement stands before its gate: eight statements however much it holds. The caller has looked whether the
    viewer may see it."""
    there = AgreementPartner.objects.filter(agreement=agreement, left_on=None).select_related("organisation")
    partners = list(there.order_by("position"))
    names = {each.pk: each.organisation.name for each in partners}
    sheets = BudgetSheet.objects.filter(partner__in=names).values_list("partner_id", flat=True)
    authorised = Authorisation.objects.filter(agreement=agreement, variation=None, lapsed_at=None)
    items = AgreementItem.objects.filter(agreement=agreement).values_list("code", flat=True)
    chosen = power(agreement.power)
    funds = list(Fund.objects.filter(agreement=agreement))
    return Standing(
        filled=frozenset(items), partners=tuple(names.values()),
        kinds_missing=tuple(kinds_missing(chosen, [each.organisation.kind for each in partners]) if chosen else ()),
        host=names.get(agreement.host_id, "") if agreement.host_id else "",
        pool_manager="named" if agreement.pool_manager_id else "",
        starts=agreement.starts_on is not None, review=agreement.review_on is not None,
        virement_scheme=bool(agreement.virement_scheme),
        sheets=frozenset(names[each] for each in sheets),
        authorised=frozenset(names[each] for each in authorised.values_list("partner_id", flat=True) if each in names),
        funds=BudgetLine.objects.filter(fund__in=funds).values("fund").distinct().count(),
        unbalanced=tuple(names[each] for each in unbalanced_partners(viewer, funds) if each in names),
        unconsented=_unconsented(funds),
    )  # fmt: skip


def tasks_of(viewer: Actor, agreement: PartnershipAgreement) -> tuple[Task, ...]:
    """The task list."""
    return tasks(standing_of(viewer, agreement))


def _unconsented(funds: list[Fund]) -> tuple[str, ...]:
    """Ring-fenced streams on lines of these funds that nobody has consented to."""
    used = BudgetLine.objects.filter(fund__in=funds, stream__is_ring_fenced=True)
    pairs = set(used.values_list("fund_id", "stream_id", "stream__name"))
    agreed = StreamUse.objects.filter(fund__in=funds, consented_on__isnull=False).values_list("fund_id", "stream_id")
    there = set(agreed)
    return tuple(sorted({name for fund, stream, name in pairs if (fund, stream) not in there}))


def balance_of_contributions(
    viewer: Actor, fund: Fund, year: int, *, as_pooled: bool = False
) -> dict[UUID, tuple[Money, Money]]:
    """By partner: what its contributions in cash come to and what its pooled lines do (R-2); `as_pooled` counts aligned lines
    as if they were pooled already. A ring-fenced stream that does not come out even counts as much as the whole."""
    heirs = heirs_of(viewer, fund.agreement_id)
    tiers = {each.value for each in SHARED_TIERS} | ({"pooled_aligned"} if as_pooled else set())
    paid: dict[tuple[UUID, UUID | None], int] = defaultdict(int)
    budget: dict[tuple[UUID, UUID | None], int] = defaultdict(int)
    contributed = Contribution.objects.filter(fund=fund, year=year, kind="cash")
    for partner, stream, fenced, pence in contributed.values_list(
        "partner_id", "stream_id", "stream__is_ring_fenced", "agreed_pence"
    ):
        paid[heirs.get(partner, partner), stream if fenced else None] += pence
    lines = BudgetLine.objects.filter(fund=fund, year=year, tier__in=tiers, parent=None)
    budgeted = lines.values_list("partner_id", "stream_id", "stream__is_ring_fenced").annotate(
        pence=Sum("budget_pence")
    )
    for owner, source, is_fenced, amount in budgeted:
        budget[heirs.get(owner, owner), source if is_fenced else None] += amount
    found: dict[UUID, tuple[Money, Money]] = {}
    for key in sorted({*paid, *budget}, key=lambda key: (str(key[0]), key[1] is None, str(key[1]))):
        if key[0] not in found or found[key[0]][0] == found[key[0]][1]:
            found[key[0]] = (Money(paid[key]), Money(budget[key]))
    return found


def heirs_of(viewer: Actor, agreement_id: UUID) -> dict[UUID, UUID]:
    """For each partner that has left to a successor body: who stands in its place now."""
    rows = AgreementPartner.objects.filter(agreement_id=agreement_id, succeeds__isnull=False)
    next_of: dict[UUID, UUID] = {old: new for old, new in rows.values_list("succeeds_id", "pk") if old is not None}
    found = {}
    for old in next_of:
        heir = next_of[old]
        while heir in next_of:
            heir = next_of[heir]
        found[old] = heir
    return found


def unbalanced_partners(viewer: Actor, funds: list[Fund]) -> list[UUID]:
    """The partners whose contributions do not come to the budget they pay for, in funds that partners pay into."""
    return [
        partner
        for fund in funds
        if fund.model in PAID_INTO
        for partner, (paid, budget) in balance_of_contributions(viewer, fund, fund.year).items()
        if paid != budget
    ]
