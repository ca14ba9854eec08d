"""Promising money from a budget, and what becomes of the promise; budgets passed on and handed back; more than is left.

For other parts: a family's budget is a line of a fund with a holder (its lead professional) and a limit. Find it with
`queries.commitments.budgets_of_family`; promise from it with `commit_from_budget`; then `release_commitment` or
`buy_committed`. When another lead professional takes over, `pass_on_budget`; when help ends, `hand_back_budget`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import new_id
from joinedup.engines.money import format_pounds
from joinedup.engines.periods import financial_year
from joinedup.funds import rules
from joinedup.funds.models import BudgetLine, Commitment, Fund, HolderChange, OverAllowed, Purchase, VirementAuthority
from joinedup.funds.models.commitments import COMMITMENT_STATES
from joinedup.funds.permissions import (
    ALLOW_OVER,
    BUY_COMMITTED,
    COMMIT_BUDGET,
    HAND_BACK_BUDGET,
    HOLDERS,
    PASS_ON_BUDGET,
    RELEASE_COMMITMENT,
)
from joinedup.funds.queries.figures import allowed_over, figures_of, room_of
from joinedup.funds.queries.seen import year_words
from joinedup.funds.services import booking
from joinedup.funds.services.buying import Bought, _record
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _require_working, _said
from joinedup.funds.virement_schemes import SCHEMES, Band, band_for, level_words, reaches

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@service(COMMIT_BUDGET, on="line")
def commit_from_budget(
    *, line: BudgetLine, pence: int, what: str, key: str, by: Actor, at: datetime, source: tuple[str, str] = ("", "")
) -> Commitment:
    """The holder of a budget (of a family, a cluster, a locality or a whole line) promises `pence` from it for `what`, said
    without a name, up to their limit at a time and never more than may be spent on it.

    `key` is the caller's own for this promise, one in the whole fund: sent again with the same line, amount and words it
    gives the promise that is there; with others it is refused. `source` is (kind, id) of the record that asked for it, such
    as ("casework.plansteps", its id). Raises Refused (R-3 over the budget, FU-141 over the limit, FU-142 for anybody but the
    holder, FU-119, FU-128, FU-134, FU-208, FU-405)."""
    fund = _lock_fund(line, at)
    why = _said(what, rules.REASON_NEEDED, 200)
    if pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    if not by.is_system and line.holder_id not in by.post_ids:
        raise rules.HOLDER_ONLY.refused()
    there = Commitment.objects.filter(fund=fund, key=key).first()
    if there is not None:
        if (there.line_id, there.pence, there.what) != (line.pk, pence, why):
            raise rules.KEY_ONCE.refused()
        return there
    if line.commit_limit_pence is not None and pence > line.commit_limit_pence:
        raise rules.HOLDER_LIMITED.refused(limit=format_pounds(line.commit_limit_pence))
    room = room_of(by, line)
    if pence > room:
        raise rules.SPENT_FROM_BUDGET.refused(available=format_pounds(room), amount=format_pounds(pence))
    row = Commitment(
        fund=fund, line=line, key=key[:100], pence=pence, what=why, about_kind=source[0][:60], about_id=source[1][:80],
        committed_at=at, committed_by=by.account_id,
    )  # fmt: skip
    _book(row, pence, key=f"commitment {row.pk}", by=by, at=at)
    row.save()
    note(changed=("commitments",), words={"line": line.code, "pence": pence}, subject=row)
    return row


@service(RELEASE_COMMITMENT, on="commitment")
def release_commitment(*, commitment: Commitment, reason: str, by: Actor, at: datetime) -> Commitment:
    """What was promised is not needed after all: the money can be promised again. Sent again it changes nothing. Raises
    Refused (FU-119, FU-128, FU-404 where it is bought)."""
    _lock(commitment)
    if commitment.state == "released":
        return commitment
    _require_open(commitment)
    why = _said(reason, rules.REASON_NEEDED, 200)
    commitment.line = _line_now(commitment, commitment.fund.year)
    _lock_fund(commitment.line, at)
    _book(commitment, -commitment.pence, key=f"commitment {commitment.pk} released", by=by, at=at)
    return _end(commitment, "released", why, by, at)


@service(BUY_COMMITTED, on="commitment")
def buy_committed(*, commitment: Commitment, said: Bought, by: Actor, at: datetime) -> Purchase:
    """What was promised is bought: the invoice or receipt is recorded and posted with its VAT, and the whole promise ends,
    however much of it was used. It may cost more only as far as the budget reaches, and the holder's limit. Raises Refused
    (R-3, FU-128, FU-141, FU-330 to FU-333, FU-404)."""
    _lock(commitment)
    _require_open(commitment)
    commitment.line = line = _line_now(commitment, commitment.fund.year)
    fund = _lock_fund(line, at)
    holds = not by.is_system and line.holder_id in by.post_ids
    most = max(line.commit_limit_pence or 0, commitment.pence)
    if holds and line.commit_limit_pence is not None and said.net_pence > most:
        raise rules.HOLDER_LIMITED.refused("net", limit=format_pounds(line.commit_limit_pence))
    purchase = _record(fund, line, said, commitment.pence, by, at)
    commitment.purchase = purchase
    _end(commitment, "bought", str(purchase)[:200], by, at)
    return purchase


@service(PASS_ON_BUDGET, on="line")
def pass_on_budget(*, line: BudgetLine, holder: Post, limit_pence: int | None, by: Actor, at: datetime) -> BudgetLine:
    """A budget cut for a place or a family goes to another holder, with the limit that holds for them; what was promised
    stays promised. Raises Refused (FU-128, FU-143, FU-405, FU-407, FU-413)."""
    _lock_fund(line, at)
    _lock(line)
    if line.parent_id is None:
        raise rules.HANDED_DOWN_ONLY.refused()
    if line.family_id is not None and not limit_pence:
        raise rules.LIMIT_NEEDED.refused()
    if holder.role not in HOLDERS or not holder.is_held_at(at):
        raise rules.HOLDER_FITS.refused()
    HolderChange.objects.create(
        line=line, before_id=line.holder_id, after=holder, limit_pence=limit_pence, at=at, by=by.account_id
    )
    line.holder, line.commit_limit_pence = holder, limit_pence
    line.version += 1
    line.save(update_fields=["holder", "commit_limit_pence", "version"])
    note(changed=("holder",), words={"line": line.code}, subject=line)
    return line


@service(HAND_BACK_BUDGET, on="line")
def hand_back_budget(*, line: BudgetLine, reason: str, by: Actor, at: datetime) -> int:
    """What is neither spent nor promised of a budget cut from a wider one goes back to it: help has ended, or the year.
    Returns the pence. Raises Refused (FU-119, FU-128, FU-405, FU-406, FU-407)."""
    fund = _lock_fund(line, at)
    why = _said(reason, rules.REASON_NEEDED, 200)
    if line.parent is None:
        raise rules.HANDED_DOWN_ONLY.refused()
    left = int(figures_of(by, line).left)
    if left <= 0:
        raise rules.HANDED_BACK_LEFT.refused()
    draft = booking.budget_moved(
        line, line.parent, left, on=_day_in_year(line, at), key=f"handed back {new_id()}",
        memo=f"Handed back: {why}"[:300], source=line,
    )  # fmt: skip
    put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    note(changed=("budget",), words={"line": line.code, "pence": left}, subject=line)
    return left


# --- More than is left.


@dataclass(frozen=True)
class OverSaid:
    """How much more than is left may be spent on a line, why, and for a committee its minute."""

    pence: int
    reason: str
    decision: str = ""


@service(ALLOW_OVER, on="line")
def allow_over_budget(*, line: BudgetLine, said: OverSaid, by: Actor, at: datetime) -> OverAllowed:
    """R-3: somebody named for that level of the agreement's scheme of delegation allows more on a line than is left of it,
    with the reason. The level is found on everything allowed on the line this year, so that splitting does not help. Raises
    Refused (FU-119, FU-124, FU-128, FU-134, FU-165, FU-401, FU-405)."""
    _lock_fund(line, at)
    why = _said(said.reason, rules.REASON_NEEDED, 500)
    if said.pence <= 0:
        raise rules.AMOUNT_POSITIVE.refused()
    left = int(figures_of(by, line).left)
    before = allowed_over(by, [line]).get(line.pk, 0)
    band = _band(line, before + said.pence)
    _require_authority(line, band, before + said.pence, by, at)
    if band.is_body and not said.decision.strip():
        raise rules.DECISION_NAMED.refused()
    row = OverAllowed.objects.create(
        line=line, pence=said.pence, reason=why, decision=said.decision.strip()[:300], level=band.level,
        cumulative_pence=before + said.pence, left_pence=left, at=at, by=by.account_id,
    )  # fmt: skip
    note(changed=("over_allowed",), words={"line": line.code, "pence": said.pence, "reason": why}, subject=row)
    return row


@service(ALLOW_OVER, on="line")
def take_back_allowance(
    *, line: BudgetLine, allowance: OverAllowed, reason: str, by: Actor, at: datetime
) -> OverAllowed:
    """What was allowed over a budget and is not used is allowed no more. Raises Refused (FU-119, FU-402, FU-412)."""
    _lock(line.fund)
    why = _said(reason, rules.REASON_NEEDED, 500)
    if allowance.line_id != line.pk or allowance.pence < 0 or OverAllowed.objects.filter(takes_back=allowance).exists():
        raise rules.OVER_SETTLED.refused()
    before = allowed_over(by, [line]).get(line.pk, 0)
    _require_authority(line, _band(line, before), before, by, at)
    room = room_of(by, line)
    if room < allowance.pence:
        raise rules.OVER_USED.refused(used=format_pounds(allowance.pence - max(int(room), 0)))
    row = OverAllowed.objects.create(
        line=line, pence=-allowance.pence, reason=why, level=allowance.level, takes_back=allowance,
        cumulative_pence=before - allowance.pence, left_pence=int(figures_of(by, line).left), at=at, by=by.account_id,
    )  # fmt: skip
    note(changed=("over_allowed",), words={"line": line.code, "pence": row.pence}, subject=row)
    return row


# --- What is asked before.


def _lock_fund(line: BudgetLine, at: datetime) -> Fund:
    """The fund, held until the end, of a line of a year that is open under an agreement in force: after March the year
    before is open until it is closed."""
    fund = _lock(line.fund)
    _require_working(fund.agreement)
    if line.year not in {fund.year, financial_year(timezone.localdate(at)).starts_on.year} or line.year < fund.year:
        raise rules.YEAR_NOW_OPEN.refused(year=year_words(line.year))
    return fund


def _line_now(commitment: Commitment, fund_year: int) -> BudgetLine:
    """The line a promise stands on now: when a year is closed, promises go on under the line of the next with that code."""
    line = commitment.line
    if line.year >= fund_year:
        return line
    then = BudgetLine.objects.filter(fund=line.fund_id, code=line.code, year=fund_year).select_related(
        "fund__agreement"
    )
    found = then.first()
    if found is None:
        raise rules.YEAR_NOW_OPEN.refused(year=year_words(line.year))
    return found


def _day_in_year(line: BudgetLine, at: datetime) -> date:
    """Today, or the last day of the line's year once that is over."""
    year = financial_year(booking.first_day(line.year))
    return min(max(timezone.localdate(at), year.starts_on), year.ends_on)


def _require_open(commitment: Commitment) -> None:
    if commitment.state != "open":
        raise rules.COMMITMENT_OPEN.refused(state=COMMITMENT_STATES[commitment.state].lower())


def _book(row: Commitment, pence: int, *, key: str, by: Actor, at: datetime) -> None:
    draft = booking.commitment(
        row.line, pence, on=_day_in_year(row.line, at), key=key, memo=row.what, source=("funds.commitment", str(row.pk))
    )
    (entry,) = put_into_ledger(fund=row.fund, drafts=[draft], by=by, at=at)
    if pence > 0:
        row.entry_id = entry.pk


def _end(row: Commitment, state: str, because: str, by: Actor, at: datetime) -> Commitment:
    row.state, row.ended_at, row.ended_by, row.ended_because = state, at, by.account_id, because
    row.version += 1
    row.save(update_fields=["state", "ended_at", "ended_by", "ended_because", "purchase", "line", "version"])
    note(changed=("commitments",), words={"line": row.line.code, "state": state}, subject=row)
    return row


def _band(line: BudgetLine, cumulative: int) -> Band:
    scheme = SCHEMES.get(line.fund.agreement.virement_scheme)
    if scheme is None:
        raise rules.VIREMENT_SCHEME_CHOSEN.refused()
    return band_for(scheme, cumulative)


def _require_authority(line: BudgetLine, band: Band, cumulative: int, by: Actor, at: datetime) -> None:
    """FU-401: a post of theirs is named for that level or a higher one."""
    if by.is_system:
        return
    agreement = line.fund.agreement
    scheme = SCHEMES[agreement.virement_scheme]
    named = VirementAuthority.objects.filter(agreement=agreement, ended_at=None, named_at__lte=at)
    able = [
        each
        for each in named.select_related("post__account").order_by("post__account__name", "pk")
        if reaches(scheme, each.level, band.level)
    ]
    if any(each.post_id in by.post_ids for each in able):
        return
    names = list(dict.fromkeys(f"{each.post.account.name}, {each.post.title}" for each in able))
    who = f"Ask {' or '.join(names)}." if names else "Nobody is named for it yet."
    level = level_words(scheme.code, band.level).lower()
    raise rules.OVER_AUTHORITY.refused(level=level, amount=format_pounds(cumulative), who=who)
