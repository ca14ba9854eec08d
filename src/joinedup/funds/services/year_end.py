"""What becomes of promises when a year closes. A promise goes on under the line of the next year with the same code; where
there is none, as for most budgets of families, whoever closes the year says what happens to it.

Called only inside `close_year`, so nothing here carries a permission of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.engines.ledger import EntryKind
from joinedup.engines.money import format_pounds
from joinedup.funds import rules
from joinedup.funds.models import BudgetLine, Commitment, Fund
from joinedup.funds.queries.figures import figures_of, room_of
from joinedup.funds.queries.seen import year_words
from joinedup.funds.queries.year_end import _above, _is_approved, _lines_of, _open_on_lines_that_end, _why_not
from joinedup.funds.services import booking
from joinedup.funds.services.commitments import _book, _end
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.services.steps import _lock, _said


class Onward(StrEnum):
    """What happens to a promise whose budget does not go on."""

    MAKE = "make"  # a budget like the old one is cut for it from the wider one of the next year
    CARRY = "carry"  # a line of the next year takes it on as it is
    RELEASE = "release"  # it is not needed


@dataclass(frozen=True)
class PromiseSaid:
    """What happens to one promise; `line` is the one that takes it on, `reason` why it is not needed."""

    how: Onward
    line: BudgetLine | None = None
    reason: str = ""


def _settle_promises(fund: Fund, year: int, said: Mapping[UUID, PromiseSaid], by: Actor, at: datetime) -> None:
    """Every promise on a budget that ends goes where it was said. Raises Refused (FU-119, FU-136, FU-414, FU-415, R-3)."""
    rows = _open_on_lines_that_end(fund, year)
    unsaid = [each for each in rows if each.pk not in said]
    if unsaid:
        named = ", ".join(f"{format_pounds(each.pence)} on {each.line}" for each in unsaid[:5])
        more = f" and {len(unsaid) - 5} more" if len(unsaid) > 5 else ""
        raise rules.PROMISES_GO_ON.refused("promises", year=year_words(year + 1), which=f"{named}{more}")
    if rows and not _is_approved(fund, year + 1) and any(said[row.pk].how != Onward.RELEASE for row in rows):
        raise rules.PROMISE_FITS.refused(
            "promises", line=year_words(year + 1), why="the budget of that year is not approved yet"
        )
    to_make: dict[UUID, list[Commitment]] = {}
    for row in rows:
        _lock(row)
        chosen = said[row.pk]
        if chosen.how == Onward.MAKE:
            to_make.setdefault(row.line_id, []).append(row)
        elif chosen.how == Onward.CARRY:
            _carry_to(row, chosen.line, year, by, at)
        else:
            why = _said(chosen.reason, rules.REASON_NEEDED, 200)
            _book(row, -row.pence, key=f"commitment {row.pk} released", by=by, at=at)
            _end(row, "released", why, by, at)
    for group in to_make.values():
        _make_line(group[0].line, group, year, by, at)


def _carry_to(row: Commitment, line: BudgetLine | None, year: int, by: Actor, at: datetime) -> None:
    """Out of the year that ends, into the next under another line."""
    if line is None or line.fund_id != row.fund_id or line.year != year + 1:
        raise rules.PROMISE_FITS.refused("promises", line="That line", why="it is none of the next year")
    if why := _why_not(row.line, line):
        raise rules.PROMISE_FITS.refused("promises", line=str(line), why=why)
    room = room_of(by, line)
    if row.pence > room:
        raise rules.SPENT_FROM_BUDGET.refused(
            "promises", available=format_pounds(room), amount=format_pounds(row.pence)
        )
    words, source = row.what, ("funds.commitment", str(row.pk))
    out = booking.commitment(
        row.line, -row.pence, on=date(year + 1, 3, 31), key=f"commitment {row.pk} out of {year}", memo=words, source=source
    )  # fmt: skip
    into = booking.commitment(
        line, row.pence, on=booking.first_day(year + 1), key=f"commitment {row.pk} into {year + 1}", memo=words, source=source
    )  # fmt: skip
    drafts = [replace(out, kind=EntryKind.CLOSING), replace(into, kind=EntryKind.OPENING)]
    put_into_ledger(fund=row.fund, drafts=drafts, by=by, at=at)
    _stand_on(row, line)
    note(changed=("commitments",), words={"line": line.code, "pence": row.pence})


def _make_line(line: BudgetLine, promises: Sequence[Commitment], year: int, by: Actor, at: datetime) -> BudgetLine:
    """A line of the next year like this one, with just what is promised on it, cut from the wider budget."""
    above, pence = _above(line, _lines_of(line.fund, year + 1)), sum(each.pence for each in promises)
    if above is None:
        raise rules.PROMISE_FITS.refused("promises", line=str(line), why="no wider budget of it goes on to cut it from")
    left = figures_of(by, above).left
    if pence > left:
        raise rules.PARENT_COVERS.refused(
            "promises", parent=above.name, left=format_pounds(left), amount=format_pounds(pence)
        )
    part = BudgetLine.objects.create(
        fund=line.fund, scheme_id=above.scheme_id, partner_id=above.partner_id, year=year + 1, code=line.code, name=line.name,
        tier=above.tier, stream_id=above.stream_id, is_capital=above.is_capital, planned_kind=above.planned_kind,
        is_recurrent=False, budget_pence=pence,
        place=line.place, parent=above, locality_id=line.locality_id, cluster_id=line.cluster_id, family_id=line.family_id,
        holder_id=line.holder_id, commit_limit_pence=line.commit_limit_pence,
    )  # fmt: skip
    draft = booking.budget_moved(
        above, part, pence, on=booking.first_day(year + 1), key=f"handed on {part.pk}",
        memo="Cut for what was promised the year before", source=part,
    )  # fmt: skip
    put_into_ledger(fund=line.fund, drafts=[draft], by=by, at=at)
    note(changed=("lines",), words={"fund": line.fund.code, "line": part.code, "pence": pence})
    return part


def _move_promises(fund: Fund, year: int) -> None:
    """Once their money is carried, promises stand on the lines of the next year, where their holders see them."""
    following = {each.code: each for each in BudgetLine.objects.filter(fund=fund, year=year + 1)}
    rows = Commitment.objects.filter(fund=fund, state="open", line__year__lte=year).select_related("line")
    for row in rows.order_by("pk"):
        if row.line.code in following:
            _stand_on(row, following[row.line.code])


def _stand_on(row: Commitment, line: BudgetLine) -> None:
    row.line = line
    row.version += 1
    row.save(update_fields=["line", "version"])
