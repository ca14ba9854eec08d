"""Preparing next year's budget lines from this year's, and making them once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.engines.money import format_pounds
from joinedup.funds import rules
from joinedup.funds.models import BudgetApproval, BudgetLine, Fund, NextYearMade, NextYearSaid, NextYearStep
from joinedup.funds.next_year import Said, Worked, digest_of_plan
from joinedup.funds.permissions import PREPARE_NEXT_YEAR
from joinedup.funds.queries.next_year import _plan
from joinedup.funds.queries.seen import year_words
from joinedup.funds.services.budgets import LineSaid, _require_line, _require_unapproved, _unique
from joinedup.funds.services.steps import _lock, _require_working, _said


@service(PREPARE_NEXT_YEAR, on="fund")
def say_next_year(*, fund: Fund, line: BudgetLine, said: Said, version: int, by: Actor, at: datetime) -> NextYearSaid:
    """Say how one of this year's lines goes on: uplift, efficiency (hundredths of a per cent) and a planned change in pence
    with its reason. `version` is that of what was said before, nought where nothing was. Raises Refused (FU-119, FU-128,
    FU-461, FU-462, FU-464, FU-466)."""
    _require_preparing(fund, fund.year + 1)
    _require_whole(fund, line)
    why = _said(said.why, rules.REASON_NEEDED, 300) if said.planned_pence else said.why.strip()[:300]
    row = _keep(line, Said(said.uplift, said.efficiency, said.planned_pence, why), version, by, at)
    _require_not_below(_plan(fund), {line.pk})
    note(changed=("next_year",), words={"fund": fund.code, "line": line.code}, subject=line)
    return row


@service(PREPARE_NEXT_YEAR, on="fund")
def say_next_year_of_all(*, fund: Fund, uplift: int, efficiency: int, by: Actor, at: datetime) -> int:
    """The same uplift and efficiency (hundredths of a per cent) for every line that goes on; planned changes stay. Returns
    how many lines. Raises Refused (FU-128, FU-461, FU-462, FU-464)."""
    _require_preparing(fund, fund.year + 1)
    plan = [(row, each) for row, each in _plan(fund) if each.base_pence]
    there = {each.line_id: each for each in NextYearSaid.objects.filter(line__in=[row.pk for row, _ in plan])}
    for row, each in plan:
        known = there.get(row.pk)
        told = Said(uplift, efficiency, each.planned_pence, each.said.why)
        _keep(row, told, known.version if known else 0, by, at)
    _require_not_below(_plan(fund), {row.pk for row, _ in plan})
    note(changed=("next_year",), words={"fund": fund.code, "lines": len(plan)}, subject=fund)
    return len(plan)


@service(PREPARE_NEXT_YEAR, on="fund")
def make_next_year(*, fund: Fund, year: int, digest: str, by: Actor, at: datetime) -> NextYearMade:
    """Make the lines of the next year as they were read, `digest` being that of what was read; each keeps its partner, tier,
    stream and holder. Sent again with the same digest it gives what was made. Raises Refused (FU-128, FU-133, FU-137 to
    FU-139, FU-144, FU-460 to FU-465)."""
    _lock(fund)
    if year != fund.year + 1:
        raise rules.NEXT_YEAR_AFTER.refused(open=year_words(fund.year), next=year_words(fund.year + 1))
    there = NextYearMade.objects.filter(fund=fund, year=year).first()
    if there is not None and digest and there.digest == digest:
        return there
    _require_preparing(fund, year)
    plan = _plan(fund)
    if digest_of_plan(year, [each for _, each in plan]) != digest:
        raise rules.NEXT_YEAR_READ.refused()
    _require_not_below(plan, {row.pk for row, _ in plan})
    _require_free(fund, year)
    whole = NextYearMade.objects.create(
        fund=fund, year=year, digest=digest, before_pence=sum(each.before_pence for _, each in plan),
        total_pence=sum(each.pence for _, each in plan), at=at, by=by.account_id,
    )  # fmt: skip
    made = sum(_make(whole, row, each) for row, each in plan)
    note(changed=("lines",), words={"fund": fund.code, "year": year, "lines": made}, subject=whole)
    return whole


def _make(whole: NextYearMade, row: BudgetLine, each: Worked) -> int:
    """One line of the next year, where anything of it goes on; returns how many."""
    said = LineSaid(
        row.code, row.name, row.partner, each.pence, row.tier, row.stream, row.is_capital, holder=row.holder,
        planned_kind=row.planned_kind,
    )  # fmt: skip
    line = None
    if each.pence:
        _require_line(row.fund, row.scheme, said)
        with _unique(rules.LINE_NAMED):
            line = BudgetLine.objects.create(
                fund=row.fund, scheme=row.scheme, partner=row.partner, year=whole.year, code=row.code, name=row.name,
                tier=row.tier, stream=row.stream, is_capital=row.is_capital, is_recurrent=bool(each.base_pence),
                budget_pence=each.pence, holder=row.holder, planned_kind=row.planned_kind,
            )  # fmt: skip
    NextYearStep.objects.create(
        whole=whole, before=row, made=line, before_pence=each.before_pence, once_pence=each.once_pence,
        recurrent_pence=each.recurrent_pence, uplift=each.said.uplift, uplift_pence=each.uplift_pence,
        planned_pence=each.planned_pence, efficiency=each.said.efficiency, efficiency_pence=each.efficiency_pence,
        pence=each.pence, why=each.said.why,
    )  # fmt: skip
    return int(line is not None)


# --- What is asked before.


def _require_preparing(fund: Fund, year: int) -> None:
    _lock(fund)
    _require_working(fund.agreement)
    if not BudgetApproval.objects.filter(fund=fund, year=fund.year).exists():
        raise rules.NEXT_YEAR_FROM_APPROVED.refused(year=year_words(fund.year))
    if NextYearMade.objects.filter(fund=fund, year=year).exists():
        raise rules.NEXT_YEAR_ONCE.refused(year=year_words(year))
    _require_unapproved(fund, year)


def _require_whole(fund: Fund, line: BudgetLine) -> None:
    why = ""
    if line.fund_id != fund.pk:
        why = "it is of another fund"
    elif line.year != fund.year:
        why = f"it is of {year_words(line.year)}"
    elif line.parent_id is not None:
        why = "it is cut from a wider one, and is cut again next year"
    if why:
        raise rules.NEXT_YEAR_LINE.refused(why=why)


def _require_not_below(plan: Sequence[tuple[BudgetLine, Worked]], asked: set[object]) -> None:
    for row, each in plan:
        if row.pk in asked and each.pence < 0:
            raise rules.NEXT_YEAR_NOT_BELOW.refused(line=str(row), amount=format_pounds(each.pence))


def _require_free(fund: Fund, year: int) -> None:
    there = BudgetLine.objects.filter(fund=fund, year=year).order_by("code").values_list("code", flat=True)
    if there:
        raise rules.NEXT_YEAR_FREE.refused(year=year_words(year), lines=", ".join(there[:10]))


def _keep(line: BudgetLine, said: Said, version: int, by: Actor, at: datetime) -> NextYearSaid:
    facts = {
        "uplift": said.uplift, "efficiency": said.efficiency, "planned_pence": said.planned_pence, "why": said.why,
        "said_at": at, "said_by": by.account_id,
    }  # fmt: skip
    row = NextYearSaid.objects.filter(line=line).first()
    if row is None:
        return NextYearSaid.objects.create(line=line, **facts)
    claim_version(row, version)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    return row
