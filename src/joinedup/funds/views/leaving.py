"""Pages of the end of an agreement: the termination statement, what it is made from, and those that are frozen; and of the
legal power a lawyer checked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.funds import leaving_document as documents
from joinedup.funds.forms.leaving import LeavingItemForm, LeavingRuleForm, PowerCheckForm
from joinedup.funds.kept import LEAVING_RULE, POWER_CHECK
from joinedup.funds.permissions import CHECK_POWER, PREPARE_LEAVING
from joinedup.funds.queries import leaving as reading
from joinedup.funds.queries.funds import partners_of
from joinedup.funds.queries.power_checks import power_page
from joinedup.funds.queries.year import fund_to_read
from joinedup.funds.services import leaving as writing
from joinedup.funds.services.power_checks import CheckSaid, record_power_check
from joinedup.funds.settling import REDUNDANCIES
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, pressed, show, viewer_of


def _here(fund_id: UUID) -> str:
    return reverse("fund_leaving", kwargs={"fund_id": fund_id})


@login_required
@require_safe
def leaving(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What each partner would get or pay if the agreement ended today."""
    viewer = viewer_of(request)
    page = reading.leaving(viewer, fund_to_read(viewer, fund_id))
    return show(
        request, "funds/leaving.jinja", page=page, fund=page.fund, content=page.content, says=documents.says(page.content),
        parts=documents.PARTS, redundancies=REDUNDANCIES,
    )  # fmt: skip


def _file(content: dict[str, Any], digest: str, name: str, file_kind: str, request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if file_kind == "xlsx":
        return attachment(documents.workbook_of_leaving(content, digest), SPREADSHEET, f"{name}.xlsx")
    if file_kind == "csv":
        return attachment(documents.csv_of_leaving(content), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    return download(
        documents.document_of(content, digest=digest, printed_by=viewer.name, printed_at=viewer.at), file_kind, name
    )


@login_required
@require_safe
def leaving_file(request: HttpRequest, fund_id: UUID, file_kind: str) -> HttpResponse:
    """The draft as PDF, Word, CSV or workbook."""
    viewer = viewer_of(request)
    page = reading.leaving(viewer, fund_to_read(viewer, fund_id))
    return _file(page.content, "", f"termination-{page.fund.code}-draft", file_kind, request)


@login_required
@require_safe
def statement(request: HttpRequest, leaving_statement_id: UUID) -> HttpResponse:
    """A frozen termination statement."""
    viewer = viewer_of(request)
    found = reading.leaving_statement(viewer, leaving_statement_id)
    made = documents.document_of(found.content, digest=found.digest, printed_by=viewer.name, printed_at=viewer.at)
    return show(
        request, "funds/leaving_statement.jinja", found=found, doc=made, is_unchanged=reading.is_unchanged(found)
    )


@login_required
@require_safe
def statement_file(request: HttpRequest, leaving_statement_id: UUID, file_kind: str) -> HttpResponse:
    """A frozen termination statement as PDF, Word, CSV or workbook."""
    found = reading.leaving_statement(viewer_of(request), leaving_statement_id)
    return _file(found.content, found.digest, f"termination-{found.fund.code}-{found.number}", file_kind, request)


@login_required
@require_http_methods(GET_OR_POST)
def rule(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """By which rule what is left is shared."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, PREPARE_LEAVING, fund)
    partners = [(each.organisation.code, each.organisation.name) for each in partners_of(viewer, fund.agreement_id)]
    desk = Desk(request, LEAVING_RULE, about=str(fund_id))
    form = LeavingRuleForm(**desk.answers(), partners=partners, initial={"redundancy": "shared"})
    return asked(
        request, form,
        lambda: writing.set_leaving_rule(
            fund=fund, weights=form.weights(), redundancy=form.cleaned_data["redundancy"], clause=form.cleaned_data["clause"],
            by=viewer, at=viewer.at,
        ),
        done="The rule is set.", then=_here(fund_id), desk=desk, back_href=_here(fund_id), cancel_href=_here(fund_id),
        title="How what is left is shared", caption=fund.name, submit_text="Set the rule",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def item(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Put something on the list."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, PREPARE_LEAVING, fund)
    partners = partners_of(viewer, fund.agreement_id)
    form = LeavingItemForm(posted(request), partners=options((each.pk, each.organisation.name) for each in partners))

    def call() -> object:
        clean = form.cleaned_data
        return writing.add_leaving_item(
            fund=fund, kind=clean["kind"], what=clean["what"], pence=clean["pence"], by=viewer, at=viewer.at,
            partner=chosen(partners, clean["partner"]),
        )  # fmt: skip

    return asked(
        request, form, call, done="It is on the list.", then=_here(fund_id), back_href=_here(fund_id), cancel_href=_here(fund_id),
        title="Add to the statement", caption=fund.name, submit_text="Add it",
    )  # fmt: skip


@login_required
@require_POST
def item_remove(request: HttpRequest, fund_id: UUID, leaving_item_id: UUID) -> HttpResponse:
    """Take something off the list."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    row = reading.leaving_item(viewer, fund, leaving_item_id)
    call = lambda: writing.remove_leaving_item(fund=fund, item=row, by=viewer, at=viewer.at)  # noqa: E731
    return pressed(request, call, "It is off the list.", _here(fund_id))


@login_required
@require_POST
def freeze(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Freeze the statement."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    call = lambda: writing.freeze_leaving(fund=fund, by=viewer, at=viewer.at)  # noqa: E731
    return pressed(request, call, "The statement is frozen, with its hash.", _here(fund_id))


@login_required
@require_safe
def power(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """The power an agreement is made under, and who has checked what stands here of it."""
    return show(request, "funds/power.jinja", page=power_page(viewer_of(request), fund_agreement_id))


@login_required
@require_http_methods(GET_OR_POST)
def power_check(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Record that a named lawyer checked it."""
    viewer = viewer_of(request)
    page = power_page(viewer, fund_agreement_id)
    check(viewer, CHECK_POWER, page.agreement)
    desk = Desk(request, POWER_CHECK, about=str(fund_agreement_id))
    form = PowerCheckForm(**desk.answers(), on=timezone.localdate(viewer.at))
    back = reverse("fund_power", kwargs={"fund_agreement_id": fund_agreement_id})

    def call() -> object:
        clean = form.cleaned_data
        said = CheckSaid(
            clean["lawyer"], clean["lawyer_of"], clean["checked_on"], bool(clean["is_right"]), clean["written"], clean["words"] or "",
        )  # fmt: skip
        return record_power_check(agreement=page.agreement, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The check is recorded.", then=back, desk=desk, back_href=back, cancel_href=back,
        title="A lawyer checked the power", caption=page.power.name if page.power else page.agreement.title, submit_text="Record it",
    )  # fmt: skip
