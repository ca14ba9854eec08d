"""Funds as finance directors read them: what there is, what was spent, what is promised, what is left, and who owes what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core import charts
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure
from joinedup.funds import contributing, moving
from joinedup.funds.codes import MODEL_SENTENCES, MODELS, PLACES, TIERS, Model, Place, Tier
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, WORKING, PartnershipState
from joinedup.funds.models import (
    AgreementPartner,
    BudgetApproval,
    BudgetLine,
    Fund,
    FundingStream,
    Scheme,
    StreamUse,
    Virement,
)
from joinedup.funds.permissions import (
    ALLOW_OVER,
    ASK_VIREMENT,
    COMMIT_BUDGET,
    HAND_BACK_BUDGET,
    HAND_ON_BUDGET,
    PASS_ON_BUDGET,
    READ_FUNDS,
    READ_HELD,
    SET_BUDGET,
    holds_above,
)
from joinedup.funds.queries.commitments import CommitmentShown, OverShown, commitments_of, over_allowed_of
from joinedup.funds.queries.contributions import instalments_of
from joinedup.funds.queries.figures import LineFigures, allowed_over, figures_of_lines
from joinedup.funds.queries.seen import fund_for_change, may_with_fund, year_words
from joinedup.funds.queries.streams import StreamMoney, money_of_streams
from joinedup.funds.queries.virements import VirementShown, virements_of

_THOUSAND = 100_000  # pence


@dataclass(frozen=True)
class LineShown:
    """A budget line with its figures; `parts` are the budgets cut from it."""

    row: BudgetLine
    id: UUID
    code: str
    name: str
    partner: str
    tier: str
    tier_label: str
    stream: str
    is_capital: bool
    place: str
    holder: str
    limit_pence: int | None
    figures: LineFigures
    whole: LineFigures  # with the budgets cut from it
    parts: tuple[LineShown, ...] = ()


@dataclass(frozen=True)
class SchemeShown:
    """A scheme with its lines."""

    id: UUID
    code: str
    name: str
    lead: str
    outputs: str
    lines: tuple[LineShown, ...]
    figures: LineFigures  # of the lines under the agreement


@dataclass(frozen=True)
class PartnerInFund:
    """What a partner puts in and how much of it has come."""

    id: UUID
    name: str
    agreed: int
    in_kind: int
    received: int
    overdue: int
    budget: int


@dataclass(frozen=True)
class FundPage:
    """A fund, to be read before a board."""

    row: Fund
    id: UUID
    code: str
    name: str
    model: str
    model_sentence: str
    year: int
    year_words: str
    host: str
    pool_manager: str
    state_label: str
    is_working: bool
    is_approved: bool
    schemes: tuple[SchemeShown, ...]
    partners: tuple[PartnerInFund, ...]
    streams: tuple[StreamUse, ...]
    total: LineFigures
    outside: LineFigures
    expected: int  # what an even year would have spent by today
    figure: Figure | None
    tiers: tuple[tuple[str, str, int], ...]
    stream_money: dict[UUID, StreamMoney]
    waiting: int
    over: tuple[OverShown, ...]
    over_lines: tuple[LineShown, ...]  # those on which more is spent and promised than there is
    may: frozenset[str]


def fund(viewer: Actor, fund_id: UUID) -> FundPage:
    """One fund in the year now open."""
    row = fund_for_change(viewer, fund_id)
    lines = _lines(row, row.year)
    schemes = _schemes(viewer, row, lines)
    inside = [each for scheme in schemes for each in scheme.lines if each.tier in {Tier.POOLED, Tier.POOLED_ALIGNED}]
    outside = [
        each for scheme in schemes for each in scheme.lines if each.tier not in {Tier.POOLED, Tier.POOLED_ALIGNED}
    ]
    total = _sum(each.whole for each in inside)
    manager = row.pool_manager
    return FundPage(
        row=row, id=row.pk, code=row.code, name=row.name, model=MODELS[Model(row.model)],
        model_sentence=MODEL_SENTENCES[Model(row.model)], year=row.year, year_words=year_words(row.year),
        host=row.host.organisation.name, pool_manager=f"{manager.account.name}, {manager.title}" if manager else "",
        state_label=PARTNERSHIP_LABELS[PartnershipState(row.agreement.state)], is_working=row.agreement.state in WORKING,
        is_approved=BudgetApproval.objects.filter(fund=row, year=row.year).exists(), schemes=schemes,
        partners=_partners_in(viewer, row, inside), streams=_streams(row), total=total,
        outside=_sum(each.whole for each in outside), expected=_expected(total.budget, row.year, timezone.localdate(viewer.at)),
        figure=_figure(schemes), tiers=_by_tier([*inside, *outside]), stream_money=money_of_streams(viewer, row, row.year),
        waiting=Virement.objects.filter(fund=row, year=row.year, state="asked").count(),
        over=tuple(over_allowed_of(viewer, row, row.year)),
        over_lines=tuple(each for each in _every(inside) if each.figures.left < 0), may=may_with_fund(viewer, row),
    )  # fmt: skip


def _every(lines: Iterable[LineShown]) -> Iterator[LineShown]:
    """Lines with the budgets cut from them."""
    for each in lines:
        yield each
        yield from _every(each.parts)


def _lines(row: Fund, year: int) -> list[BudgetLine]:
    rows = BudgetLine.objects.filter(fund=row, year=year)
    linked = rows.select_related("partner__organisation", "stream", "holder__account", "locality", "cluster", "scheme")
    return list(linked.order_by("code", "pk"))


def _sum(figures: Any) -> LineFigures:
    found = LineFigures()
    for each in figures:
        found = found + each
    return found


def _schemes(viewer: Actor, row: Fund, lines: Sequence[BudgetLine]) -> tuple[SchemeShown, ...]:
    figures = figures_of_lines(viewer, lines)
    under: dict[UUID | None, list[BudgetLine]] = {}
    for line in lines:
        under.setdefault(line.parent_id, []).append(line)
    shown = [_shown(line, under, figures) for line in under.get(None, [])]
    schemes = Scheme.objects.filter(fund=row).select_related("lead__organisation").order_by("position", "code")
    return tuple(
        SchemeShown(
            scheme.pk, scheme.code, scheme.name, scheme.lead.organisation.name, scheme.outputs,
            mine := tuple(each for each in shown if each.row.scheme_id == scheme.pk),
            _sum(each.whole for each in mine if each.tier in {Tier.POOLED, Tier.POOLED_ALIGNED}),
        )
        for scheme in schemes
    )  # fmt: skip


def _shown(line: BudgetLine, under: dict[UUID | None, list[BudgetLine]], figures: dict[UUID, LineFigures]) -> LineShown:
    parts = tuple(_shown(part, under, figures) for part in under.get(line.pk, []))
    own = figures[line.pk]
    place = line.locality or line.cluster
    return LineShown(
        row=line, id=line.pk, code=line.code, name=line.name, partner=line.partner.organisation.name, tier=line.tier,
        tier_label=TIERS[Tier(line.tier)], stream=line.stream.name if line.stream else "", is_capital=line.is_capital,
        place=place.name if place else PLACES[Place(line.place)] if line.place != Place.FUND else "",
        holder=line.holder.account.name if line.holder else "", limit_pence=line.commit_limit_pence, figures=own,
        whole=own + _sum(part.whole for part in parts), parts=parts,
    )  # fmt: skip


def _expected(budget: int, year: int, on: date) -> int:
    """What an even year would have spent by today."""
    first, after = date(year, 4, 1), date(year + 1, 4, 1)
    days = min(max((on - first).days + 1, 0), (after - first).days)
    return budget * days // (after - first).days // 100 * 100


def _figure(schemes: Sequence[SchemeShown]) -> Figure | None:
    """Budget and spending of each scheme, in thousands of pounds."""
    rows = []
    for scheme in schemes:
        if scheme.figures.budget:
            rows.append((f"{scheme.name}: budget", scheme.figures.budget // _THOUSAND))
            rows.append((f"{scheme.name}: used", (scheme.figures.spent + scheme.figures.committed) // _THOUSAND))
    return (
        charts.bars(
            "Budget and spending by scheme",
            rows,
            unit="Thousands of pounds",
            note="Used is what was spent and what is promised.",
        )
        if rows
        else None
    )


def _by_tier(lines: Sequence[LineShown]) -> tuple[tuple[str, str, int], ...]:
    """The budget by how far it is inside the fund."""
    sums = {tier: sum(each.whole.budget for each in lines if each.tier == tier) for tier in Tier}
    return tuple((tier.value, TIERS[tier], pence) for tier, pence in sums.items() if pence)


def _streams(row: Fund) -> tuple[StreamUse, ...]:
    rows = StreamUse.objects.filter(fund=row).select_related("stream").prefetch_related("permits__scheme")
    return tuple(rows.order_by("stream__code"))


def _partners_in(viewer: Actor, row: Fund, lines: Sequence[LineShown]) -> tuple[PartnerInFund, ...]:
    instalments = instalments_of(viewer, row, row.year)
    partners = AgreementPartner.objects.filter(agreement=row.agreement).select_related("organisation")
    found = []
    for partner in partners.order_by("position", "joined_on", "pk"):
        mine = [each for each in instalments if each.partner_id == partner.pk]
        cash = [each for each in mine if each.kind == "cash"]
        budget = sum(each.whole.budget for each in lines if each.row.partner_id == partner.pk)
        if mine or budget or partner.left_on is None:
            found.append(
                PartnerInFund(
                    partner.pk, partner.organisation.name, sum(each.pence for each in cash),
                    sum(each.pence for each in mine if each.kind != "cash"), sum(each.received for each in cash),
                    sum(each.pence - each.received for each in cash if each.stands == contributing.Due.OVERDUE), budget,
                )
            )  # fmt: skip
    return tuple(found)


# --- Lines, and the budgets somebody holds.


def line_for_change(viewer: Actor, line_id: UUID) -> BudgetLine:
    """A line of a fund the viewer may see, or that they hold."""
    rows = BudgetLine.objects.select_related(
        "fund__agreement", "fund__host", "scheme", "partner__organisation", "stream", "holder", "parent__parent__parent"
    )
    found = rows.filter(pk=line_id).first()
    if found is None:
        raise NotVisible
    is_shown = can(viewer, READ_FUNDS) and Fund.objects.visible_to(viewer).filter(pk=found.fund_id).exists()
    holds = found.holder_id in viewer.post_ids or holds_above(viewer, found)
    if not is_shown and not (can(viewer, READ_HELD) and holds):
        raise NotVisible
    return found


@dataclass(frozen=True)
class LinePage:
    """One budget line."""

    shown: LineShown
    fund: Fund
    scheme: str
    year_words: str
    is_approved: bool
    virements: tuple[VirementShown, ...]
    commitments: tuple[CommitmentShown, ...]
    over: tuple[OverShown, ...]
    allowed: int  # over the budget
    may: frozenset[str]


def line(viewer: Actor, line_id: UUID) -> LinePage:
    """One line with its figures, the budgets cut from it and what was moved."""
    row = line_for_change(viewer, line_id)
    lines = _lines(row.fund, row.year)
    under: dict[UUID | None, list[BudgetLine]] = {}
    for each in lines:
        under.setdefault(each.parent_id, []).append(each)
    mine = next(each for each in lines if each.pk == row.pk)
    shown = _shown(mine, under, figures_of_lines(viewer, lines))
    is_approved = BudgetApproval.objects.filter(fund=row.fund, year=row.year).exists()
    is_working = row.fund.agreement.state in WORKING
    is_read = can(viewer, READ_FUNDS)
    may = {
        "change": not is_approved and row.parent_id is None and can(viewer, SET_BUDGET, row.fund.agreement),
        "hand_on": is_approved and is_working and row.place != Place.FAMILY and can(viewer, HAND_ON_BUDGET, row),
        "commit": is_approved and is_working and can(viewer, COMMIT_BUDGET, row),
        "vire": is_approved and is_working and is_read and can(viewer, ASK_VIREMENT, row),
        "fund": is_read,
        "over": is_approved and is_working and is_read and can(viewer, ALLOW_OVER, row),
        "pass_on": is_working and row.parent_id is not None and can(viewer, PASS_ON_BUDGET, row),
        "hand_back": is_working
        and row.parent_id is not None
        and shown.figures.left > 0
        and can(viewer, HAND_BACK_BUDGET, row),
    }
    moved = [
        each
        for each in virements_of(viewer, row.fund, row.year)
        if row.pk in {each.row.from_line_id, each.row.to_line_id}
    ]
    over = [each for each in over_allowed_of(viewer, row.fund, row.year) if each.line_id == row.pk]
    return LinePage(
        shown, row.fund, row.scheme.name, year_words(row.year), is_approved, tuple(moved) if is_read else (),
        tuple(commitments_of(viewer, row)), tuple(over), allowed_over(viewer, [row]).get(row.pk, 0), frozenset(name for name, is_so in may.items() if is_so),
    )  # fmt: skip


def lines_to_choose(viewer: Actor, row: Fund) -> list[BudgetLine]:
    """The lines of a fund this year, for choosing from."""
    return _lines(row, row.year)


def streams_to_choose(viewer: Actor) -> list[FundingStream]:
    """Every stream of money, by name."""
    return list(FundingStream.objects.order_by("name"))


def scheme_for_change(viewer: Actor, fund_id: UUID, scheme_id: UUID) -> Scheme:
    """A scheme of a fund the viewer may see."""
    row = fund_for_change(viewer, fund_id)
    found = Scheme.objects.select_related("fund__agreement").filter(pk=scheme_id, fund=row).first()
    if found is None:
        raise NotVisible
    return found


def schemes_of(viewer: Actor, row: Fund) -> list[Scheme]:
    """The schemes of a fund in their order."""
    return list(Scheme.objects.filter(fund=row).order_by("position", "code"))


def partners_of(viewer: Actor, agreement_id: UUID) -> list[AgreementPartner]:
    """The partners of an agreement now, in their order."""
    there = AgreementPartner.objects.filter(agreement_id=agreement_id, left_on=None).select_related("organisation")
    return list(there.order_by("position"))


def effects(viewer: Actor, row: Fund) -> list[dict[str, Any]]:
    """What would change for each partner if an aligned fund became a pooled one."""
    pence: dict[UUID, int] = {}
    for each in BudgetLine.objects.filter(
        fund=row, year=row.year, parent=None, tier__in=[Tier.POOLED, Tier.POOLED_ALIGNED]
    ):
        pence[each.partner_id] = pence.get(each.partner_id, 0) + each.budget_pence
    parts = [
        moving.Part(each.organisation.name, each.organisation.kind, pence.get(each.pk, 0), each.pk == row.host_id)
        for each in partners_of(viewer, row.agreement_id)
    ]
    return [
        {"partner": part.name, "changes": [[each.subject, each.before, each.after] for each in moving.changes_for(part, parts)]}
        for part in parts
    ]  # fmt: skip
