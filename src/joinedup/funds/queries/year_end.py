"""What closing a year asks: the promises that are open on budgets which do not go on, and where each of them may go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.money import Money
from joinedup.funds.codes import Model
from joinedup.funds.models import BudgetApproval, BudgetLine, Commitment, Fund
from joinedup.funds.permissions import READ_LEDGER
from joinedup.funds.queries.figures import allowed_over, figures_of_lines


@dataclass(frozen=True)
class PromiseLeft:
    """A promise that is open on a budget of which the next year has no line. `above` is the nearest wider budget of the next
    year from which one of its own can be cut, `onto` the lines that may take it on as they are."""

    row: Commitment
    above: BudgetLine | None
    onto: tuple[BudgetLine, ...]


@dataclass(frozen=True)
class PromisesLeft:
    """All of them, in the order of their budgets, and what may still be spent on the lines they might go to."""

    promises: tuple[PromiseLeft, ...]
    room: dict[UUID, Money]


def promises_left(viewer: Actor, fund: Fund, year: int) -> PromisesLeft:
    """The promises about which closing a year asks."""
    check(viewer, READ_LEDGER)
    rows = _open_on_lines_that_end(fund, year)
    if not rows:
        return PromisesLeft((), {})
    following = _lines_of(fund, year + 1)
    allowed = allowed_over(viewer, following)
    figures = figures_of_lines(viewer, following)
    room = {each.pk: Money(figures[each.pk].left + allowed.get(each.pk, 0)) for each in following}
    is_approved = _is_approved(fund, year + 1)
    found = [
        PromiseLeft(
            row, _above(row.line, following) if is_approved else None,
            tuple(each for each in following if not _why_not(row.line, each) and room[each.pk] >= row.pence) if is_approved else (),
        )
        for row in rows
    ]  # fmt: skip
    return PromisesLeft(tuple(found), room)


def _open_on_lines_that_end(fund: Fund, year: int) -> list[Commitment]:
    """The open promises of a year, or of an earlier one, whose line has none of its code in the next."""
    following = BudgetLine.objects.filter(fund=fund, year=year + 1).values("code")
    rows = Commitment.objects.filter(fund=fund, state="open", line__year__lte=year).exclude(line__code__in=following)
    return list(
        rows.select_related("line__fund", "line__scheme", "line__stream", "line__parent__parent__parent").order_by(
            "line__code", "committed_at", "pk"
        )
    )


def _lines_of(fund: Fund, year: int) -> list[BudgetLine]:
    """The lines of a year that a promise may go to: not those of other families."""
    rows = BudgetLine.objects.filter(fund=fund, year=year, family_id=None).select_related("scheme", "stream", "fund")
    return list(rows.order_by("scheme__position", "code"))


def _is_approved(fund: Fund, year: int) -> bool:
    return BudgetApproval.objects.filter(fund=fund, year=year).exists()


def _above(line: BudgetLine, following: Iterable[BudgetLine]) -> BudgetLine | None:
    """The line of the next year that the nearest wider budget goes on as."""
    by_code = {each.code: each for each in following}
    above = line.parent
    while above is not None:
        if above.code in by_code:
            return by_code[above.code]
        above = above.parent
    return None


def _why_not(line: BudgetLine, onto: BudgetLine) -> str:
    """Why a promise may not go on from one line to another, completing “… cannot take it on: …”; empty where it may. The
    same holds as for a virement."""
    fenced = any(each.stream is not None and each.stream.is_ring_fenced for each in (line, onto))
    if fenced and line.stream_id != onto.stream_id:
        return "ring-fenced money stays where its conditions put it"
    if line.partner_id != onto.partner_id and line.fund.model != Model.POOLED:
        return "it is another partner’s, and the fund is not pooled"
    if line.is_capital != onto.is_capital:
        return "one is capital and the other revenue"
    return ""
