"""Budgets somebody holds or a family has, what is promised from each, and what is allowed over a budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.engines.money import Money
from joinedup.engines.periods import financial_year
from joinedup.funds.codes import Place
from joinedup.funds.lifecycle import WORKING
from joinedup.funds.models import AgreementPartner, BudgetApproval, BudgetLine, Commitment, Fund, OverAllowed
from joinedup.funds.models.commitments import COMMITMENT_STATES
from joinedup.funds.permissions import (
    BUY_COMMITTED,
    COMMIT_BUDGET,
    HAND_ON_BUDGET,
    HOLDERS,
    PASS_ON_BUDGET,
    READ_FUNDS,
    READ_HELD,
    RELEASE_COMMITMENT,
)
from joinedup.funds.queries.figures import LineFigures, allowed_over, figures_of_lines
from joinedup.funds.virement_schemes import level_words
from joinedup.organisations.queries import posts_of_organisations

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class CommitmentShown:
    """One promise: how much, for what, by whom, and what became of it."""

    row: Commitment
    id: UUID
    line_id: UUID
    line: str
    pence: int
    what: str
    state: str
    state_label: str
    by: str
    at: datetime
    ended_because: str
    ended_at: datetime | None
    cost_pence: int | None  # what it cost the fund in the end, with VAT that is not reclaimed
    may_end: bool
    may_buy: bool


@dataclass(frozen=True)
class FamilyBudget:
    """A budget cut for one family: what there is, who holds it, up to how much at a time, and what is promised from it."""

    row: BudgetLine
    line_id: UUID
    code: str
    name: str
    fund: str
    holder: str
    holder_post_id: UUID | None
    limit_pence: int | None
    figures: LineFigures
    commitments: tuple[CommitmentShown, ...]
    may_commit: bool
    may_pass_on: bool


def budgets_of_family(viewer: Actor, family_id: UUID) -> list[FamilyBudget]:
    """The budgets cut for a family in the years now open, with every promise from them, for the family's own pages. Whoever
    calls has looked whether the viewer may see the family: the fund does not know whose family it is. Empty for a viewer who
    neither works with families' budgets nor reads funds."""
    if not (can(viewer, READ_HELD) or can(viewer, READ_FUNDS)):
        return []
    rows = BudgetLine.objects.filter(family_id=family_id).select_related(
        "fund__agreement", "holder__account", "parent__parent__parent"
    )
    lines = [each for each in rows.order_by("fund__code", "code", "pk") if each.year >= each.fund.year]
    figures = figures_of_lines(viewer, lines)
    promised: dict[UUID, list[CommitmentShown]] = {}
    for each in _commitments(viewer, lines):
        promised.setdefault(each.line_id, []).append(each)
    return [
        FamilyBudget(
            row=line, line_id=line.pk, code=line.code, name=line.name, fund=line.fund.name,
            holder=line.holder.account.name if line.holder else "", holder_post_id=line.holder_id,
            limit_pence=line.commit_limit_pence, figures=figures[line.pk], commitments=tuple(promised.get(line.pk, [])),
            may_commit=line.fund.agreement.state in WORKING and can(viewer, COMMIT_BUDGET, line),
            may_pass_on=line.fund.agreement.state in WORKING and can(viewer, PASS_ON_BUDGET, line),
        )
        for line in lines
    ]  # fmt: skip


def holds_budget_of(viewer: Actor, family_id: UUID) -> bool:
    """Whether a post of the viewer's holds a budget cut for a family; for a page that leads to it."""
    return BudgetLine.objects.filter(family_id=family_id, holder_id__in=viewer.post_ids).exists()


def is_promised(viewer: Actor, line: BudgetLine, key: str) -> bool:
    """Whether the fund has a promise with this key already; for a part that writes down its own promises once."""
    return Commitment.objects.filter(fund_id=line.fund_id, key=key).exists()


@dataclass(frozen=True)
class BudgetToHandOn:
    """A budget from which the viewer may cut one for a family, with what is left of it."""

    row: BudgetLine
    line_id: UUID
    name: str
    fund: str
    left: Money


def budgets_to_hand_on(viewer: Actor) -> list[BudgetToHandOn]:
    """The budgets the viewer holds and may cut a family's budget from: those of a locality, a cluster or a whole line, of an
    approved year under an agreement in force."""
    if HAND_ON_BUDGET.roles.isdisjoint(viewer.roles):
        return []
    rows = BudgetLine.objects.filter(holder_id__in=viewer.post_ids, fund__agreement__state__in=list(WORKING))
    rows = rows.exclude(place=Place.FAMILY).select_related("fund__agreement").order_by("fund__code", "code", "pk")
    approved = set(BudgetApproval.objects.filter(fund__in=rows.values("fund")).values_list("fund_id", "year"))
    mine = [each for each in rows if each.year == each.fund.year and (each.fund_id, each.year) in approved]
    figures = figures_of_lines(viewer, mine)
    return [
        BudgetToHandOn(each, each.pk, each.name, each.fund.name, figures[each.pk].left)
        for each in mine
        if figures[each.pk].left > 0
    ]


def possible_holders(viewer: Actor, line: BudgetLine) -> list[Post]:
    """The posts of the partners that may hold a budget cut from this one."""
    bodies = AgreementPartner.objects.filter(agreement=line.fund.agreement_id, left_on=None)
    found = posts_of_organisations(viewer, list(bodies.values_list("organisation_id", flat=True)))
    return list({post.pk: post for _, post in found if post.role in HOLDERS}.values())


@dataclass(frozen=True)
class HeldBudget:
    """A budget the viewer holds, with the promises from it that are open."""

    id: UUID
    code: str
    name: str
    fund: str
    year_words: str
    place: str
    figures: LineFigures
    over: Money
    limit_pence: int | None
    open: tuple[CommitmentShown, ...]


def held_budgets(viewer: Actor) -> list[HeldBudget]:
    """The budgets the viewer's posts hold in the years now open, with the promises that are open."""
    check(viewer, READ_HELD)
    year = financial_year(timezone.localdate(viewer.at)).starts_on.year
    rows = (
        BudgetLine.objects.filter(holder_id__in=viewer.post_ids)
        .select_related("fund")
        .order_by("fund__code", "code", "pk")
    )
    mine = [each for each in rows if each.fund.year <= each.year <= max(year, each.fund.year)]
    figures, allowed = figures_of_lines(viewer, mine), allowed_over(viewer, mine)
    promised: dict[UUID, list[CommitmentShown]] = {}
    for shown in _commitments(viewer, mine, states=("open",)):
        promised.setdefault(shown.line_id, []).append(shown)
    return [
        HeldBudget(
            each.pk, each.code, each.name, each.fund.name, f"{each.year}/{(each.year + 1) % 100:02d}", each.place,
            figures[each.pk], Money(allowed.get(each.pk, 0)), each.commit_limit_pence, tuple(promised.get(each.pk, [])),
        )
        for each in mine
    ]  # fmt: skip


_MOST = 200


def commitments_of(viewer: Actor, line: BudgetLine) -> list[CommitmentShown]:
    """What was promised from a line, the open ones first, the latest two hundred; the caller has looked whether the viewer
    may see it."""
    found = _commitments(viewer, [line])
    return sorted(found, key=lambda each: each.state != "open")


def _commitments(viewer: Actor, lines: Sequence[BudgetLine], *, states: Iterable[str] = ()) -> list[CommitmentShown]:
    rows = Commitment.objects.filter(line__in=[each.pk for each in lines])
    if states:
        rows = rows.filter(state__in=list(states))
    found = list(
        rows.select_related("purchase", "line__fund__agreement", "line__fund__host").order_by("-committed_at", "-pk")[
            :_MOST
        ]
    )
    who = names_of_accounts(viewer, {each.committed_by for each in found if each.committed_by})
    allowed: dict[tuple[UUID, object], bool] = {}

    def may(permission: object, row: Commitment) -> bool:
        key = (row.line_id, permission)
        if key not in allowed:
            allowed[key] = can(viewer, permission, row)  # type: ignore[arg-type]
        return row.state == "open" and allowed[key]

    return [
        CommitmentShown(
            row=each, id=each.pk, line_id=each.line_id, line=each.line.name, pence=each.pence, what=each.what,
            state=each.state, state_label=COMMITMENT_STATES[each.state],
            by=who.get(each.committed_by, "") if each.committed_by else "", at=each.committed_at,
            ended_because=each.ended_because, ended_at=each.ended_at,
            cost_pence=each.purchase.net_pence + each.purchase.vat_pence - each.purchase.reclaimed_pence if each.purchase else None,
            may_end=may(RELEASE_COMMITMENT, each), may_buy=may(BUY_COMMITTED, each),
        )
        for each in found
    ]  # fmt: skip


def commitment_for_change(viewer: Actor, commitment_id: UUID) -> Commitment:
    """A promise from a budget the viewer holds, or of a fund they may see, to hand to a service."""
    rows = Commitment.objects.select_related(
        "line__fund__agreement", "line__fund__host", "line__scheme", "line__partner", "fund"
    )
    found = rows.filter(pk=commitment_id).first()
    if found is None:
        raise NotVisible
    is_shown = can(viewer, READ_FUNDS) and Fund.objects.visible_to(viewer).filter(pk=found.fund_id).exists()
    if not is_shown and not (can(viewer, READ_HELD) and found.line.holder_id in viewer.post_ids):
        raise NotVisible
    return found


@dataclass(frozen=True)
class OverShown:
    """What is allowed over the budget of a line: by whom, why, and at which level."""

    row: OverAllowed
    id: UUID
    line_id: UUID
    line: str
    pence: int
    reason: str
    decision: str
    level: str
    by: str
    at: datetime
    is_taken_back: bool


def over_allowed_of(viewer: Actor, fund: Fund, year: int) -> list[OverShown]:
    """Everything allowed over the budgets of a fund in a year, the latest first; the caller has looked whether the viewer
    may see the fund."""
    rows = OverAllowed.objects.filter(line__fund=fund, line__year=year).select_related("line")
    found = list(rows.order_by("-at", "-pk"))
    who = names_of_accounts(viewer, {each.by for each in found if each.by})
    scheme = fund.agreement.virement_scheme
    back = {each.takes_back_id for each in found if each.takes_back_id}
    return [
        OverShown(
            each, each.pk, each.line_id, str(each.line), each.pence, each.reason, each.decision,
            level_words(scheme, each.level), who.get(each.by, "") if each.by else "", each.at, each.pk in back,
        )
        for each in found
    ]  # fmt: skip


def allowance_for_change(viewer: Actor, line: BudgetLine, allowance_id: UUID) -> OverAllowed:
    """What was allowed over a line's budget, to be taken back."""
    found = OverAllowed.objects.filter(pk=allowance_id, line=line).first()
    if found is None:
        raise NotVisible
    return found
