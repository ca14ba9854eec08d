"""What of partners' ledger extracts is the same as what is posted here, and what is left on either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.formats import date_long
from joinedup.engines.money import format_pounds
from joinedup.engines.periods import financial_year
from joinedup.funds import rules
from joinedup.funds.models import (
    AgreementPartner,
    BudgetLine,
    ExtractRow,
    Fund,
    LedgerExtract,
    PermittedKind,
    Posting,
)
from joinedup.funds.permissions import READ_LEDGER
from joinedup.funds.queries.figures import room_of_lines
from joinedup.funds.queries.matching import free_lines, free_rows
from joinedup.funds.reconciling import plain
from joinedup.funds.spending_kinds import Permitted, kind_words, permitted_on

_MOST = 200


@dataclass(frozen=True)
class ExtractPage:
    """An extract with its counts, and what is left: rows that are not here, lines that are not in it, rows nobody could
    read. At most two hundred of each are named; the counts are of all."""

    extract: LedgerExtract
    rows: int
    matched: int
    not_here: tuple[ExtractRow, ...]
    not_here_count: int
    not_here_pence: int
    not_there: tuple[Posting, ...]
    not_there_count: int
    not_there_pence: int
    waits: dict[UUID, str] = field(default_factory=dict)  # by row that is not here: why it cannot be posted

    @property
    def rejected(self) -> list[dict[str, Any]]:
        """Rows that could not be read, each with its reason."""
        return list(self.extract.rejected)


@dataclass(frozen=True)
class Purse:
    """What an extract can be posted against: the budget lines of a fund by partner, year and code, the pence that may still
    be spent on each, and the kinds of spending its agreement permits."""

    lines: dict[tuple[UUID, int, str], BudgetLine]
    room: dict[UUID, int]
    permitted: tuple[Permitted, ...]


@dataclass(frozen=True)
class Settling:
    """What becomes of rows that are not here: those that are posted, each with the budget line that pays, and by row the
    sentence that says why another waits."""

    posted: tuple[tuple[ExtractRow, BudgetLine], ...]
    waits: dict[UUID, str]


def purse_of(viewer: Actor, fund: Fund) -> Purse:
    """As the ledger stands; five statements. Inside the part: the caller has looked whether the viewer may see the fund."""
    lines = list(BudgetLine.objects.filter(fund=fund).select_related("scheme"))
    kinds = PermittedKind.objects.filter(agreement=fund.agreement_id)
    return Purse(
        {(line.partner_id, line.year, plain(line.code)): line for line in lines},
        {key: int(room) for key, room in room_of_lines(viewer, lines).items()},
        tuple(Permitted(each.kind, each.starts_on, each.ends_on) for each in kinds),
    )


def settle(purse: Purse, partner_id: UUID, rows: Iterable[ExtractRow], kind: str = "") -> Settling:
    """Row by row in the order of the file: what fits into what is left of its line, and what is allowed over it, is posted
    (R-3); a kind that is named is one the agreement permits on the row's day (FU-337). A credit always fits, and makes room
    for what comes after it."""
    room = dict(purse.room)
    posted: list[tuple[ExtractRow, BudgetLine]] = []
    waits: dict[UUID, str] = {}
    for row in rows:
        line = purse.lines.get((partner_id, financial_year(row.dated_on).starts_on.year, plain(row.line_code)))
        why = _why_it_waits(row, line, room, _not_permitted(purse, kind, row.dated_on) if kind else "")
        if why or line is None:
            waits[row.pk] = why
        else:
            room[line.pk] -= row.pence
            posted.append((row, line))
    return Settling(tuple(posted), waits)


def _why_it_waits(row: ExtractRow, line: BudgetLine | None, room: dict[UUID, int], not_permitted: str) -> str:
    if line is None:
        code = row.line_code.strip()
        return f"No budget line of this partner in that year is “{code}”." if code else "It names no budget line."
    if not_permitted:
        return not_permitted
    if row.pence > max(room[line.pk], 0):
        return rules.SPENT_FROM_BUDGET.refused(
            available=format_pounds(room[line.pk]), amount=format_pounds(row.pence)
        ).sentence
    return ""


def _not_permitted(purse: Purse, kind: str, day: date) -> str:
    permitted = permitted_on(purse.permitted, day)
    if kind in permitted:
        return ""
    words = ", ".join(f"“{kind_words(each)}”" for each in permitted) or "no kind of spending yet"
    return rules.KIND_PERMITTED.refused(kind=kind_words(kind), day=date_long(day), permitted=words).sentence


def extracts_of(viewer: Actor, fund: Fund, kind: str = "") -> list[ExtractPage]:
    """The latest extract of each partner, with what is left of it and why a row of it could not be posted; `kind` where it
    is known which kind of spending the rows are."""
    check(viewer, READ_LEDGER)
    latest = (
        LedgerExtract.objects.filter(fund=fund)
        .select_related("partner__organisation")
        .order_by("partner_id", "-imported_at", "-pk")
        .distinct("partner_id")
    )
    found = sorted(latest, key=lambda each: each.partner.position)
    purse = purse_of(viewer, fund) if found else Purse({}, {}, ())
    return [_page(each, purse, kind) for each in found]


def _page(extract: LedgerExtract, purse: Purse, kind: str) -> ExtractPage:
    rows, there = free_rows(extract), free_lines(extract)
    whole = ExtractRow.objects.filter(extract=extract).count()
    left = rows.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    summed = there.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    named = tuple(rows.order_by("number")[:_MOST])
    return ExtractPage(
        extract, whole, whole - left["count"], named, left["count"], int(left["pence"]),
        tuple(there.select_related("entry", "line").order_by("pk")[:_MOST]), summed["count"], int(summed["pence"]),
        settle(purse, extract.partner_id, named, kind).waits,
    )  # fmt: skip


def extract_to_settle(viewer: Actor, fund: Fund, extract_id: UUID) -> LedgerExtract | None:
    """One extract of a fund."""
    check(viewer, READ_LEDGER)
    return LedgerExtract.objects.filter(fund=fund, pk=extract_id).first()


def partners_to_import(viewer: Actor, fund: Fund) -> list[AgreementPartner]:
    """The partners whose extract may be brought in."""
    check(viewer, READ_LEDGER)
    there = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None)
    return list(there.select_related("organisation").order_by("position"))
