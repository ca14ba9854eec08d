"""Pages on which finance directors sign their balances each quarter, and reports are frozen, read and downloaded."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.formats import date_long
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.funds import report_document, report_figures
from joinedup.funds.forms.reporting import FreezeForm
from joinedup.funds.forms.sharing import SignForm
from joinedup.funds.permissions import FREEZE_REPORT, SIGN_BALANCE
from joinedup.funds.queries import reports as reading
from joinedup.funds.queries import statements as signing
from joinedup.funds.queries.year import fund_to_read, funds_shown, year_words
from joinedup.funds.services import reporting as writing
from joinedup.funds.services.sharing import sign_balance
from joinedup.funds.settling import quarter_ends_on
from joinedup.funds.views.shared import GET_OR_POST, asked, show, viewer_of

_SHOWN = all_at_once(funds_shown)


def _when(year: int, quarter: int) -> UUID:
    """A quarter of a year as part of what a form is about; 0 is the year itself."""
    return UUID(int=year * 10 + quarter)


def _sign_href(about: str) -> str:
    fund_id, partner_id, when = ids_in(about)
    said = {"fund_id": fund_id, "fund_partner_id": partner_id, "year": when.int // 10, "quarter": when.int % 10}
    return reverse("fund_balance_sign", kwargs=said)


def _freeze_href(about: str) -> str:
    fund_id, when = ids_in(about)
    said = {"fund_id": fund_id, "year": when.int // 10, "quarter": when.int % 10}
    return reverse("fund_report_freeze", kwargs=said)


SIGN = declare_form("funds.balance_sign", "Balances to agree", _sign_href, shown=_SHOWN)
FREEZE = declare_form("funds.report_freeze", "Report on a fund", _freeze_href, shown=_SHOWN)


def _ended(year: int, on: date) -> list[int]:
    return [quarter for quarter in (1, 2, 3, 4) if quarter_ends_on(year, quarter) < on]


def _chosen(request: HttpRequest, open_year: int, on: date) -> tuple[int, int]:
    """The year and quarter in the address, the latest that is over otherwise."""
    said = request.GET.get("when", "")
    year, _, quarter = said.partition("-")
    if year.isascii() and year.isdigit() and len(year) == 4 and quarter in {"1", "2", "3", "4"}:
        return int(year), int(quarter)
    for each in (open_year, open_year - 1):
        if ended := _ended(each, on):
            return each, ended[-1]
    return open_year, 1


@login_required
@require_safe
def balances(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Every partner's balances at the end of a quarter, and who has agreed them."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    on = timezone.localdate(viewer.at)
    year, quarter = _chosen(request, fund.year, on)
    found = signing.statements(viewer, fund, year=year, quarter=quarter)
    is_over = quarter_ends_on(year, quarter) < on
    return show(
        request, "funds/balances.jinja", fund=fund, statements=found, is_over=is_over, year_words=year_words(year),
        when=signing.quarter_words(year, quarter), year=year, quarter=quarter, quarters=_quarters(fund.year, year, quarter),
        disputed=sum(each.dispute is not None and each.dispute.is_open for each in found),
        unsigned=sum(not each.is_signed_as_it_stands for each in found),
        mine={each.partner.place.pk for each in found if is_over and can(viewer, SIGN_BALANCE, each.partner.place)},
    )  # fmt: skip


def _quarters(open_year: int, year: int, quarter: int) -> list[dict[str, object]]:
    years = sorted({open_year, year})
    return [
        {
            "text": signing.quarter_words(each, one),
            "href": f"?when={each}-{one}",
            "active": (each, one) == (year, quarter),
        }
        for each in years
        for one in (1, 2, 3, 4)
    ]


@login_required
@require_http_methods(GET_OR_POST)
def sign(request: HttpRequest, fund_id: UUID, fund_partner_id: UUID, year: int, quarter: int) -> HttpResponse:
    """A finance director agrees or disputes the partner's balances."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    if quarter not in (1, 2, 3, 4) or not 2000 <= year <= 2200:
        raise Http404
    found = signing.statement(viewer, fund, fund_partner_id, year=year, quarter=quarter)
    check(viewer, SIGN_BALANCE, found.partner.place)
    desk = Desk(request, SIGN, about=about_of(fund.pk, fund_partner_id, _when(year, quarter)))
    form = SignForm(**desk.answers(), lines=[(each.code, each.words) for each in found.lines])
    back = f"{reverse('fund_balances', kwargs={'fund_id': fund.pk})}?when={year}-{quarter}"

    def call() -> object:
        clean = form.cleaned_data
        return sign_balance(
            partner=found.partner.place, fund=fund, year=year, quarter=quarter, by=viewer, at=viewer.at,
            digest=request.POST.get("statement", ""), disputed=clean["disputed"] or [], words=clean["words"] or "",
            stands=found,
        )  # fmt: skip

    return asked(
        request, form, call, done="Signed.", then=back, desk=desk, template="funds/balance_sign.jinja", statement=found,
        title=f"Balances of {found.partner.name}", caption=f"{fund.name}, {signing.quarter_words(year, quarter)}",
        back_href=back, cancel_href=back, submit_text="Sign",
    )  # fmt: skip


@login_required
@require_safe
def reports(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The reports of a year: due, frozen, and what can be frozen now."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    year = fund.year
    said = request.GET.get("year", "")
    if said.isascii() and said.isdigit() and len(said) == 4:
        year = int(said)
    on = timezone.localdate(viewer.at)
    rows = reading.reports_of(viewer, fund, year=year)
    return show(
        request, "funds/reports.jinja", fund=fund, year=year, year_words=year_words(year), on=on, rows=rows,
        says=_says(rows, on), may_freeze=can(viewer, FREEZE_REPORT, fund),
        words_of=year_words,
    )  # fmt: skip


def _says(rows: list[reading.ReportDue], on: date) -> str:
    """What is to be done now, in a sentence."""
    late = [each.words for each in rows if each.report is None and each.due_on < on]
    waiting = [each for each in rows if each.report is None and each.ends_on < on <= each.due_on]
    if late:
        return f"Overdue: {' and '.join(words[0].lower() + words[1:] for words in late)}."
    if waiting:
        return f"The next report is due by {date_long(waiting[0].due_on)}."
    return (
        "Every report of a quarter that is over is frozen."
        if rows and rows[0].ends_on < on
        else "No quarter of this year is over yet."
    )


@login_required
@require_http_methods(GET_OR_POST)
def freeze(request: HttpRequest, fund_id: UUID, year: int, quarter: int) -> HttpResponse:
    """Freeze the report of a quarter, or with quarter 0 the annual return."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, FREEZE_REPORT, fund)
    if quarter > 4 or not 2000 <= year <= 2200:
        raise Http404
    desk = Desk(request, FREEZE, about=about_of(fund.pk, _when(year, quarter)))
    form = FreezeForm(**desk.answers())
    back = f"{reverse('fund_reports', kwargs={'fund_id': fund.pk})}?year={year}"
    which = quarter or None

    def call() -> object:
        return writing.freeze_report(
            fund=fund,
            year=year,
            quarter=which,
            words=form.cleaned_data["words"] or "",
            no_risks=form.cleaned_data["no_risks"] or "",
            by=viewer,
            at=viewer.at,
        )

    return asked(
        request, form, call, done="The report is frozen, with its hash.", then=back, desk=desk, back_href=back,
        cancel_href=back, title=signing.quarter_words(year, which), submit_text="Freeze it",
        caption=f"{fund.name}: {'quarterly report' if which else 'annual return'}",
    )  # fmt: skip


@login_required
@require_safe
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One frozen report."""
    viewer = viewer_of(request)
    found = reading.report(viewer, report_id)
    made = report_document.document_of(found.content, digest=found.digest, printed_by=viewer.name, printed_at=viewer.at)
    return show(
        request, "funds/report.jinja", report=found, doc=made, is_unchanged=reading.is_unchanged(found),
        linked=report_figures.linked_tables(found.content), balance=report_figures.balance_of(found.content),
    )  # fmt: skip


@login_required
@require_safe
def report_file(request: HttpRequest, report_id: UUID, file_kind: str) -> HttpResponse:
    """A frozen report as PDF, Word, workbook or CSV."""
    viewer = viewer_of(request)
    found = reading.report(viewer, report_id)
    name = f"{found.fund.code}-{found.year}-{f'Q{found.quarter}' if found.quarter else 'annual-return'}"
    if file_kind == "xlsx":
        return attachment(report_document.workbook_of_report(found.content, found.digest), SPREADSHEET, f"{name}.xlsx")
    if file_kind == "csv":
        return attachment(report_document.csv_of_report(found.content), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    made = report_document.document_of(found.content, digest=found.digest, printed_by=viewer.name, printed_at=viewer.at)
    return download(made, file_kind, name)
