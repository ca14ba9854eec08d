"""Postings that lowered a budget line: what a benefit is banked from. For parts above this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, EntryKind, Kind
from joinedup.funds.models import BudgetLine, Fund, Posting
from joinedup.funds.permissions import READ_LEDGER

_MOST = 100
OPENING_KEY = "budget of "  # how the entry of an approved budget is keyed


@dataclass(frozen=True)
class Reduction:
    """A line of an entry of the budget book that lowered a partner's budget line, by so many pence."""

    posting_id: int
    entry_id: UUID
    line_id: UUID
    fund_id: UUID
    organisation_id: UUID
    fund: str
    line: str
    pence: int
    dated_on: date
    memo: str

    @property
    def words(self) -> str:
        """`Commissioning pool, DIS-01 Short breaks: 17 November 2026, fewer placements`."""
        return f"{self.fund}, {self.line}: {self.dated_on:%-d %B %Y}{f', {self.memo}' if self.memo else ''}"


def reductions_of(viewer: Actor, organisation_id: UUID) -> list[Reduction]:
    """The newest reductions of an organisation's lines in funds the viewer may see; what was reversed is not one."""
    check(viewer, READ_LEDGER)
    rows = _rows(viewer).filter(partner__organisation=organisation_id).order_by("-entry__dated_on", "-pk")[:_MOST]
    return [_seen(row) for row in rows]


def reduction(viewer: Actor, posting_id: int) -> Reduction | None:
    """One of them; None where it is no reduction, was reversed, or is of a fund the viewer does not see."""
    check(viewer, READ_LEDGER)
    found = _rows(viewer).filter(pk=posting_id).first()
    return _seen(found) if found else None


def _rows(viewer: Actor) -> QuerySet[Posting]:
    """Budget that was only handed on to a locality, a cluster or a family is still a budget."""
    funds = Fund.objects.all() if viewer.is_system else Fund.objects.visible_to(viewer)
    return Posting.objects.filter(
        fund__in=funds, book=Book.BUDGET, account__kind=Kind.EXPENDITURE, line__isnull=False, pence__lt=0,
        entry__reversed_by__isnull=True, entry__kind=EntryKind.ORDINARY,
    ).exclude(entry__source_kind="funds.budgetline").select_related("entry", "line", "fund", "partner")  # fmt: skip


def _seen(row: Posting) -> Reduction:
    if row.line is None or row.partner is None:
        raise ValueError("a reduction has a line and a partner")
    return Reduction(
        row.pk, row.entry_id, row.line.pk, row.fund_id, row.partner.organisation_id, row.fund.name, str(row.line), -row.pence,
        row.entry.dated_on, row.entry.memo,
    )  # fmt: skip


@dataclass(frozen=True)
class LineFall:
    """A budget line that postings lowered: by how much it is lower than its opening base, net of everything put back to it
    since; below nought where it was raised."""

    line_id: UUID
    name: str
    pence: int


def falls_of_lines(viewer: Actor, line_ids: Iterable[UUID], *, until: datetime | None = None) -> dict[UUID, LineFall]:
    """How far each of these lines has fallen over its year since its budget was approved, or handed to it, in pence: what
    virements and their reversals made of it, nothing of what was handed on to others, nor of an approval that was taken back:
    a budget that never was has not fallen. `until`: as it stood then. For whoever stands a claim on them, whatever funds they
    see."""
    wanted = list(line_ids)
    moved = Posting.objects.filter(
        line__in=wanted, book=Book.BUDGET, account__kind=Kind.EXPENDITURE, entry__kind__in=[EntryKind.ORDINARY, EntryKind.REVERSAL]
    ).exclude(entry__source_kind="funds.budgetline").exclude(
        Q(entry__key__startswith=OPENING_KEY) | Q(entry__reverses__key__startswith=OPENING_KEY)
    )  # fmt: skip
    if until is not None:
        moved = moved.filter(entry__posted_at__lte=until)
    sums = dict(moved.values("line_id").annotate(came=Sum("pence")).values_list("line_id", "came"))
    return {
        line.pk: LineFall(line.pk, str(line), -int(sums.get(line.pk, 0)))
        for line in BudgetLine.objects.filter(pk__in=wanted).select_related("scheme")
    }


def reversed_among(viewer: Actor, posting_ids: Iterable[int], *, until: datetime | None = None) -> set[int]:
    """Those of these postings that were reversed (until a moment)."""
    rows = Posting.objects.filter(pk__in=list(posting_ids), entry__reversed_by__isnull=False)
    if until is not None:
        rows = rows.filter(entry__reversed_by__posted_at__lte=until)
    return set(rows.values_list("pk", flat=True))
