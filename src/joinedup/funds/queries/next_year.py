"""Next year's budget lines as they would be made from this year's, or as they were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.engines.money import Money
from joinedup.funds.codes import INSIDE_TIERS, TIERS, Tier
from joinedup.funds.models import BudgetApproval, BudgetLine, Fund, NextYearMade, NextYearSaid, NextYearStep, Virement
from joinedup.funds.next_year import Begun, Said, Worked, digest_of_plan, next_year, recurrent_by_line
from joinedup.funds.permissions import PREPARE_NEXT_YEAR, SET_BUDGET
from joinedup.funds.queries.seen import fund_for_change, year_words


@dataclass(frozen=True)
class NextLine:
    """One line with the sum; `made` is the line of the next year, once it is made. `version` is that of what was said."""

    row: BudgetLine
    id: UUID
    code: str
    name: str
    scheme: str
    partner: str
    tier: str
    tier_label: str
    stream: str
    is_capital: bool
    is_inside: bool
    worked: Worked
    version: int
    made: BudgetLine | None


@dataclass(frozen=True)
class NextSums:
    """What lines come to together: each the sum of its column."""

    before: int
    once: int
    recurrent: int
    uplift: int
    planned: int
    efficiency: int
    pence: int

    @property
    def change(self) -> int:
        """Against this year."""
        return self.pence - self.before


@dataclass(frozen=True)
class OfPartner:
    """One partner's lines inside the fund, this year and next."""

    id: UUID
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class NextYearPage:
    """What would be made, or what was. `late` is what recurrent virements have changed since the lines were made."""

    fund: Fund
    year: int
    year_words: str
    next_words: str
    lines: tuple[NextLine, ...]
    inside: NextSums
    outside: NextSums | None
    partners: tuple[OfPartner, ...]
    recurrent: tuple[Virement, ...]
    digest: str
    made: NextYearMade | None
    late: tuple[tuple[str, int], ...]
    is_approved: bool
    is_next_approved: bool
    may: frozenset[str]


def _whole_lines(fund: Fund) -> list[BudgetLine]:
    """The lines of the open year that are cut from no other, in the order of the services."""
    rows = BudgetLine.objects.filter(fund=fund, year=fund.year, parent=None)
    linked = rows.select_related("scheme__fund", "partner__organisation", "stream", "holder", "fund")
    return list(linked.order_by("scheme__position", "code", "pk"))


def _begun(fund: Fund, whole: Sequence[BudgetLine]) -> list[Begun]:
    """The whole lines, then those cut from them, each with the whole line it belongs to."""
    parents = dict(
        BudgetLine.objects.filter(fund=fund, year=fund.year).exclude(parent=None).values_list("pk", "parent_id")
    )

    def root(line: UUID) -> UUID:
        while line in parents:
            line = parents[line]
        return line

    found = [Begun(each.pk, each.pk, each.code, each.budget_pence, each.is_recurrent) for each in whole]
    return found + [Begun(part, root(part), "", 0, True) for part in parents]


def _recurrent(fund: Fund) -> list[Virement]:
    rows = Virement.objects.filter(fund=fund, year=fund.year, state="approved", is_recurrent=True)
    return list(rows.select_related("from_line", "to_line").order_by("decided_at", "pk"))


def _moved(rows: Iterable[Virement]) -> list[tuple[UUID, UUID, int]]:
    return [(each.from_line_id, each.to_line_id, each.pence) for each in rows]


def _said_of(lines: Iterable[BudgetLine]) -> dict[UUID, NextYearSaid]:
    rows = NextYearSaid.objects.filter(line__in=[each.pk for each in lines])
    return {each.line_id: each for each in rows}


def _plan(fund: Fund) -> list[tuple[BudgetLine, Worked]]:
    """Every line of this year with what it comes to next year. For services, which hold the fund."""
    whole = _whole_lines(fund)
    said = {
        key: Said(each.uplift, each.efficiency, each.planned_pence, each.why) for key, each in _said_of(whole).items()
    }
    sums = next_year(_begun(fund, whole), _moved(_recurrent(fund)), said)
    return list(zip(whole, sums, strict=True))


def next_year_page(viewer: Actor, fund_id: UUID) -> NextYearPage:
    """What this year's lines come to next year; once they are made, as they were made."""
    fund = fund_for_change(viewer, fund_id)
    year = fund.year + 1
    made = NextYearMade.objects.filter(fund=fund, year=year).first()
    recurrent = _recurrent(fund)
    whole = _whole_lines(fund)
    said = _said_of(whole)
    begun = _begun(fund, whole)
    if made is None:
        told = {key: Said(each.uplift, each.efficiency, each.planned_pence, each.why) for key, each in said.items()}
        sums = next_year(begun, _moved(recurrent), told)
        lines = [_shown(row, each, said.get(row.pk), None) for row, each in zip(whole, sums, strict=True)]
    else:
        lines = _made_lines(made)
    inside = [each for each in lines if each.is_inside]
    outside = [each for each in lines if not each.is_inside]
    is_approved = BudgetApproval.objects.filter(fund=fund, year=fund.year).exists()
    is_next_approved = made is not None and BudgetApproval.objects.filter(fund=fund, year=year).exists()
    may = {
        "prepare": made is None and is_approved and can(viewer, PREPARE_NEXT_YEAR, fund),
        "approve": made is not None and not is_next_approved and can(viewer, SET_BUDGET, fund.agreement),
    }
    return NextYearPage(
        fund=fund, year=year, year_words=year_words(fund.year), next_words=year_words(year), lines=tuple(lines),
        inside=_sums(inside), outside=_sums(outside) if outside else None, partners=_by_partner(inside),
        recurrent=tuple(recurrent), digest=digest_of_plan(year, [each.worked for each in lines]), made=made,
        late=_late(lines, begun, recurrent) if made else (), is_approved=is_approved, is_next_approved=is_next_approved,
        may=frozenset(name for name, is_so in may.items() if is_so),
    )  # fmt: skip


def _made_lines(made: NextYearMade) -> list[NextLine]:
    rows = NextYearStep.objects.filter(whole=made).select_related(
        "before__scheme", "before__partner__organisation", "before__stream", "made"
    )
    return [
        _shown(
            each.before,
            Worked(
                each.before_id, each.before_pence, each.once_pence, each.recurrent_pence, each.uplift_pence,
                each.planned_pence, each.efficiency_pence, Money(each.pence),
                Said(each.uplift, each.efficiency, each.planned_pence, each.why),
            ),
            None,
            each.made,
        )
        for each in rows.order_by("before__scheme__position", "before__code", "before_id")
    ]  # fmt: skip


def _shown(row: BudgetLine, worked: Worked, said: NextYearSaid | None, made: BudgetLine | None) -> NextLine:
    return NextLine(
        row=row, id=row.pk, code=row.code, name=row.name, scheme=row.scheme.name, partner=row.partner.organisation.name,
        tier=row.tier, tier_label=TIERS[Tier(row.tier)], stream=row.stream.name if row.stream else "",
        is_capital=row.is_capital, is_inside=row.tier in INSIDE_TIERS, worked=worked,
        version=said.version if said else 0, made=made,
    )  # fmt: skip


def _sums(lines: Sequence[NextLine]) -> NextSums:
    all_of = [each.worked for each in lines]
    return NextSums(
        sum(each.before_pence for each in all_of), sum(each.once_pence for each in all_of),
        sum(each.recurrent_pence for each in all_of), sum(each.uplift_pence for each in all_of),
        sum(each.planned_pence for each in all_of), sum(each.efficiency_pence for each in all_of),
        sum(each.pence for each in all_of),
    )  # fmt: skip


def _by_partner(lines: Sequence[NextLine]) -> tuple[OfPartner, ...]:
    found: dict[UUID, OfPartner] = {}
    for each in lines:
        key = each.row.partner_id
        so_far = found.get(key, OfPartner(key, each.partner, 0, 0))
        before, after = so_far.before + each.worked.before_pence, so_far.after + each.worked.pence
        found[key] = OfPartner(key, each.partner, before, after)
    return tuple(found.values())


def _late(
    lines: Sequence[NextLine], begun: Sequence[Begun], recurrent: Sequence[Virement]
) -> tuple[tuple[str, int], ...]:
    now = recurrent_by_line(begun, _moved(recurrent))
    changed = [(str(each.row), now.get(each.id, 0) - each.worked.recurrent_pence) for each in lines]
    return tuple((name, pence) for name, pence in changed if pence)


def next_line(viewer: Actor, fund_id: UUID, line_id: UUID) -> tuple[NextYearPage, NextLine]:
    """One line of the page."""
    page = next_year_page(viewer, fund_id)
    found = next((each for each in page.lines if each.id == line_id), None)
    if found is None:
        raise NotVisible
    return page, found


@dataclass(frozen=True)
class MovedForGood:
    """A virement for good as one line sees it: below nought where money left it."""

    row: Virement
    pence: int


def moved_on(viewer: Actor, page: NextYearPage, line: NextLine) -> list[MovedForGood]:
    """What recurrent virements moved onto a line and off it, budgets cut from it included. What moved between two of those is
    no change of the line and is left out. The caller has the page."""
    root = {each.id: each.root for each in _begun(page.fund, [line.row])}
    found = []
    for each in page.recurrent:
        start, end = root.get(each.from_line_id) == line.id, root.get(each.to_line_id) == line.id
        if start != end:
            found.append(MovedForGood(each, each.pence if end else -each.pence))
    return found
