"""What of partners' ledger extracts is the same as what is posted here, and what is left on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.funds.models import AgreementPartner, ExtractRow, Fund, LedgerExtract, Posting
from joinedup.funds.permissions import READ_LEDGER
from joinedup.funds.queries.matching import free_lines, free_rows

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
    rows, there = free_rows(extract), free_lines(extract)
    whole = ExtractRow.objects.filter(extract=extract).count()
    left = rows.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    summed = there.aggregate(count=Count("pk"), pence=Sum("pence", default=0))
    return ExtractPage(
        extract, whole, whole - left["count"], tuple(rows.order_by("number")[:_MOST]), left["count"], int(left["pence"]),
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
