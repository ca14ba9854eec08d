"""What of partners' ledger extracts is the same as what is posted here, and what is left on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.ledger import Book, Kind
from joinedup.funds.models import AgreementPartner, ExtractRow, Fund, LedgerExtract, Posting
from joinedup.funds.permissions import READ_LEDGER

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

    @property
    def rejected(self) -> list[dict[str, Any]]:
        """Rows that could not be read, each with its reason."""
        return list(self.extract.rejected)


def extracts_of(viewer: Actor, fund: Fund) -> list[ExtractPage]:
    """The latest extract of each partner, with what is left of it."""
    check(viewer, READ_LEDGER)
    latest = (
        LedgerExtract.objects.filter(fund=fund)
        .select_related("partner__organisation")
        .order_by("partner_id", "-imported_at", "-pk")
        .distinct("partner_id")
    )
    return [_page(each) for each in sorted(latest, key=lambda each: each.partner.position)]


def _page(extract: LedgerExtract) -> ExtractPage:
    rows = ExtractRow.objects.filter(extract=extract)
    counted = rows.aggregate(
        rows=Count("pk"), matched=Count("posting"), pence=Sum("pence", filter=Q(posting=None), default=0)
    )
    there = Posting.objects.filter(
        fund=extract.fund_id, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, partner=extract.partner_id,
        entry__dated_on__gte=extract.begins_on, entry__dated_on__lte=extract.ends_on, extract_row=None,
        entry__reversed_by=None, entry__reverses=None,
    )  # fmt: skip
    summed = there.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    return ExtractPage(
        extract, counted["rows"], counted["matched"], tuple(rows.filter(posting=None).order_by("number")[:_MOST]),
        counted["rows"] - counted["matched"], int(counted["pence"]),
        tuple(there.select_related("entry", "line").order_by("pk")[:_MOST]), summed["count"], int(summed["pence"]),
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
