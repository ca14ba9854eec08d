"""Pages of the invoices of joint budgets: what was invoiced and where it stands, one invoice, and what may be done with it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.funds import recharge_document as documents
from joinedup.funds.forms.recharges import CreditForm, IssueForm, PaidForm, SentForm, TermsForm
from joinedup.funds.kept import RECHARGE_CREDIT, RECHARGE_TERMS
from joinedup.funds.permissions import ISSUE_RECHARGE, SET_RECHARGE
from joinedup.funds.queries import recharges as reading
from joinedup.funds.queries.year import fund_to_read, year_words
from joinedup.funds.services import recharges as writing
from joinedup.funds.services.recharges import TermsSaid
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, show, viewer_of


def _list(fund_id: UUID) -> str:
    return reverse("fund_recharges", kwargs={"fund_id": fund_id})


def _here(recharge_id: UUID) -> str:
    return reverse("fund_recharge", kwargs={"recharge_id": recharge_id})


@login_required
@require_safe
def recharges(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What the host invoiced this year, and what is still to come in."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    said = request.GET.get("year", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else fund.year
    page = reading.recharges(viewer, fund, year=year)
    return show(
        request, "funds/recharges.jinja", page=page, fund=fund, year_words=year_words(year), words_of=year_words,
        states=reading.STATES,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def terms(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Say how the budget is invoiced from a day on."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, SET_RECHARGE, fund)
    desk = Desk(request, RECHARGE_TERMS, about=str(fund_id))
    form = TermsForm(
        **desk.answers(),
        partners=reading.partners_to_charge(viewer, fund),
        initial={"basis": "cost_share", "mode": "pooled"},
    )

    def call() -> object:
        clean = form.cleaned_data
        said = TermsSaid(
            clean["basis"], clean["mode"], form.weights(), form.fixed(), clean["clause"], clean["starts_on"], clean["reason"] or "",
        )  # fmt: skip
        return writing.set_recharge_terms(fund=fund, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The terms are set.", then=_list(fund_id), desk=desk, back_href=_list(fund_id),
        cancel_href=_list(fund_id), title="How this budget is invoiced", caption=fund.name, submit_text="Set the terms",
    )  # fmt: skip


def _months(year: int, on: date) -> list[date]:
    """The last days of the months of a year that are over, the latest first."""
    ends = [date(year + (month > 12), (month - 1) % 12 + 1, 1) - timedelta(days=1) for month in range(5, 17)]
    return [each for each in reversed(ends) if each < on]


@login_required
@require_http_methods(GET_OR_POST)
def issue(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Invoice every partner up to the end of a month."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, ISSUE_RECHARGE, fund)
    page = reading.recharges(viewer, fund, year=fund.year)
    form = IssueForm(
        posted(request), months=_months(fund.year, timezone.localdate(viewer.at)),
        has_fixed=page.terms is not None and page.terms.basis == "fixed_sum",
    )  # fmt: skip

    def call() -> object:
        day = date.fromisoformat(form.cleaned_data["ends_on"])
        return writing.issue_recharges(
            fund=fund, ends_on=day, trues_up=bool(form.cleaned_data.get("trues_up")), by=viewer, at=viewer.at
        )

    return asked(
        request, form, call, done="The invoices are made and posted. Send them, and say so here.", then=_list(fund_id),
        back_href=_list(fund_id), cancel_href=_list(fund_id), title="Invoice the partners", caption=fund.name,
        submit_text="Make the invoices",
    )  # fmt: skip


@login_required
@require_safe
def recharge(request: HttpRequest, recharge_id: UUID) -> HttpResponse:
    """One invoice or credit note."""
    viewer = viewer_of(request)
    page = reading.recharge(viewer, recharge_id)
    return show(
        request, "funds/recharge.jinja", page=page, row=page.row, title=documents.title_of(page.row), states=reading.STATES,
        facts=documents.facts_of(page.row), sums=documents.sums_of(page.row), vat=documents.vat_words(page.row),
    )  # fmt: skip


@login_required
@require_safe
def recharge_file(request: HttpRequest, recharge_id: UUID, file_kind: str) -> HttpResponse:
    """An invoice as PDF, Word, CSV or workbook."""
    viewer = viewer_of(request)
    row = reading.recharge_for_change(viewer, recharge_id)
    if file_kind == "xlsx":
        return attachment(documents.workbook_of_recharge(row), SPREADSHEET, f"{row.reference}.xlsx")
    if file_kind == "csv":
        return attachment(documents.csv_of_recharge(row), "text/csv; charset=utf-8", f"{row.reference}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    made = documents.document_of(row, printed_by=viewer.name, printed_at=viewer.at)
    return download(made, file_kind, row.reference)


@login_required
@require_http_methods(GET_OR_POST)
def sent(request: HttpRequest, recharge_id: UUID) -> HttpResponse:
    """Say that an invoice was sent."""
    viewer = viewer_of(request)
    row = reading.recharge_for_change(viewer, recharge_id)
    check(viewer, ISSUE_RECHARGE, row)
    form = SentForm(posted(request), initial={"on": timezone.localdate(viewer.at)})
    return asked(
        request, form,
        lambda: writing.mark_recharge_sent(recharge=row, sent_on=form.cleaned_data["on"], by=viewer, at=viewer.at),
        done="Noted.", then=_here(recharge_id), back_href=_here(recharge_id), cancel_href=_here(recharge_id),
        title="When was it sent?", caption=documents.title_of(row), submit_text="Save",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def paid(request: HttpRequest, recharge_id: UUID) -> HttpResponse:
    """Record that the partner paid."""
    viewer = viewer_of(request)
    row = reading.recharge_for_change(viewer, recharge_id)
    check(viewer, ISSUE_RECHARGE, row)
    form = PaidForm(posted(request))
    return asked(
        request, form,
        lambda: writing.record_recharge_paid(
            recharge=row, paid_on=form.cleaned_data["on"], reference=form.cleaned_data["reference"], by=viewer, at=viewer.at
        ),
        done="It is paid, and in the ledger.", then=_here(recharge_id), back_href=_here(recharge_id),
        cancel_href=_here(recharge_id), title="Paid", caption=documents.title_of(row), submit_text="Record it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def credit(request: HttpRequest, recharge_id: UUID) -> HttpResponse:
    """Take an invoice back by a credit note."""
    viewer = viewer_of(request)
    row = reading.recharge_for_change(viewer, recharge_id)
    check(viewer, ISSUE_RECHARGE, row)
    desk = Desk(request, RECHARGE_CREDIT, about=str(recharge_id))
    form = CreditForm(**desk.answers())
    made: list[UUID] = []

    def call() -> object:
        made.append(
            writing.credit_recharge(recharge=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at).pk
        )
        return made

    return asked(
        request, form, call, done="The credit note is made and posted.", then=lambda: _here(made[0]), desk=desk,
        back_href=_here(recharge_id), cancel_href=_here(recharge_id), title="Take it back", caption=documents.title_of(row),
        submit_text="Make the credit note",
    )  # fmt: skip
