"""One partner's statement on a page of its own and as files; the memorandum account under three treatments."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from joinedup.access.permissions import can
from joinedup.core.documents import attachment, download
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.funds import memorandum_document, statement_document
from joinedup.funds.memorandum import TREATMENTS
from joinedup.funds.permissions import SIGN_BALANCE
from joinedup.funds.queries import memorandum as booking
from joinedup.funds.queries import statements as reading
from joinedup.funds.queries.statements import Statement
from joinedup.funds.queries.year import fund_to_read, year_words
from joinedup.funds.report_document import in_groups
from joinedup.funds.settling import quarter_ends_on
from joinedup.funds.views.shared import show, viewer_of


def _statement(request: HttpRequest, fund_id: UUID, partner_id: UUID, year: int, quarter: int) -> Statement:
    if quarter not in (1, 2, 3, 4) or not 2000 <= year <= 2200:
        raise Http404
    viewer = viewer_of(request)
    return reading.statement(viewer, fund_to_read(viewer, fund_id), partner_id, year=year, quarter=quarter)


@login_required
@require_safe
def statement(request: HttpRequest, fund_id: UUID, fund_partner_id: UUID, year: int, quarter: int) -> HttpResponse:
    """A partner's statement: each balance opens to what was posted or to where it is worked out."""
    viewer = viewer_of(request)
    found = _statement(request, fund_id, fund_partner_id, year, quarter)
    is_over = quarter_ends_on(year, quarter) < timezone.localdate(viewer.at)
    signed = found.is_signed_as_it_stands and found.signature is not None and found.signature.decision == "agreed"
    return show(
        request, "funds/statement.jinja", said=found, fund=found.fund, when=reading.quarter_words(year, quarter),
        stands=statement_document.stands(found), is_over=is_over,
        digest=in_groups(found.digest),
        may_sign=is_over and not signed and can(viewer, SIGN_BALANCE, found.partner.place),
    )  # fmt: skip


@login_required
@require_safe
def statement_file(
    request: HttpRequest, fund_id: UUID, fund_partner_id: UUID, year: int, quarter: int, file_kind: str
) -> HttpResponse:
    """The statement as Word, PDF, CSV or workbook."""
    viewer = viewer_of(request)
    found = _statement(request, fund_id, fund_partner_id, year, quarter)
    when = reading.quarter_words(year, quarter)
    name = f"statement-{found.fund.code}-{found.partner.code}-{year}-Q{quarter}"
    if file_kind == "xlsx":
        return attachment(statement_document.workbook_of_statement(found, when), SPREADSHEET, f"{name}.xlsx")
    if file_kind == "csv":
        return attachment(statement_document.csv_of_statement(found, when), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    made = statement_document.document_of(found, when=when, printed_by=viewer.name, printed_at=viewer.at)
    return download(made, file_kind, name)


def _year(request: HttpRequest, open_year: int) -> int:
    said = request.GET.get("year", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) == 4 and said >= "2000" else open_year


@login_required
@require_safe
def memorandum(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What each partner books of the fund, under three treatments side by side."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    page = booking.memorandum(viewer, fund, year=_year(request, fund.year))
    return show(
        request, "funds/memorandum.jinja", page=page, fund=fund, year_words=year_words(page.year), treatments=TREATMENTS,
        means=memorandum_document.MEANS, keys=memorandum_document.KEYS, says=memorandum_document.says(page, year_words(page.year)),
        caveat=memorandum_document.CAVEAT, words_of=year_words,
    )  # fmt: skip


@login_required
@require_safe
def memorandum_file(request: HttpRequest, fund_id: UUID, year: int, file_kind: str) -> HttpResponse:
    """The memorandum account as PDF, Word, CSV or workbook."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    if not 2000 <= year <= 2200:
        raise Http404
    page = booking.memorandum(viewer, fund, year=year)
    name, words = f"memorandum-{fund.code}-{year}", year_words(year)
    if file_kind == "xlsx":
        return attachment(memorandum_document.workbook_of_memorandum(page, words), SPREADSHEET, f"{name}.xlsx")
    if file_kind == "csv":
        return attachment(memorandum_document.csv_of_memorandum(page), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    made = memorandum_document.document_of(page, year=words, printed_by=viewer.name, printed_at=viewer.at)
    return download(made, file_kind, name)


@login_required
@require_safe
def memorandum_worked(
    request: HttpRequest, fund_id: UUID, year: int, treatment: str, fund_partner_id: UUID
) -> HttpResponse:
    """One partner under one treatment: what its figures are worked out from, each open to its lines."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    if not 2000 <= year <= 2200:
        raise Http404
    found = booking.worked_out(viewer, fund, year=year, treatment=treatment, partner_id=fund_partner_id)
    return show(
        request, "funds/memorandum_worked.jinja", found=found, fund=fund, year=year, year_words=year_words(year),
        treatment=TREATMENTS[found.treatment], means=memorandum_document.MEANS[found.treatment], keys=memorandum_document.KEYS,
    )  # fmt: skip
