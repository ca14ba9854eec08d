"""Partners' ledger extracts: brought in, held against what is posted here, and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import count_noun
from joinedup.funds import queries
from joinedup.funds.forms.ledger import ExtractForm, SettleForm
from joinedup.funds.permissions import IMPORT_EXTRACT, SETTLE_EXTRACT
from joinedup.funds.services import extracts as writing
from joinedup.funds.spending_kinds import SpendingKind
from joinedup.funds.views.shared import GET_OR_POST, attempt, chosen, show, uuid_or_missing, viewer_of

if TYPE_CHECKING:
    from joinedup.funds.models import Fund, LedgerExtract


@login_required
@require_http_methods(GET_OR_POST)
def extracts(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Each partner’s latest extract, what is left of it and why; the button posts the rows that are not here."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    sent: SettleForm | None = None
    if request.method == "POST":
        extract = queries.extract_to_settle(viewer, fund, uuid_or_missing(request.POST.get("extract", "")))
        if extract is None:
            raise NotVisible()
        check(viewer, SETTLE_EXTRACT, fund)
        sent = SettleForm(request.POST, prefix=str(extract.pk))
        if sent.is_valid():
            return _posted(request, fund, extract, sent.cleaned_data["kind"])
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(SpendingKind) else ""
    pages = queries.extracts_of(viewer, fund, kind)
    forms = {each.extract.pk: SettleForm(prefix=str(each.extract.pk), initial={"kind": kind}) for each in pages}
    if sent is not None:
        forms[UUID(str(sent.prefix))] = sent
    return show(
        request, "funds/ledger_extracts.jinja", fund=fund, pages=pages, forms=forms, sent=sent,
        may_import=can(viewer, IMPORT_EXTRACT, fund), may_settle=can(viewer, SETTLE_EXTRACT, fund),
    )  # fmt: skip


def _posted(request: HttpRequest, fund: Fund, extract: LedgerExtract, kind: str) -> HttpResponse:
    """Post what fits and go back to the list, where each row that waits says why."""
    viewer = viewer_of(request)
    try:
        settled = writing.post_unmatched(fund=fund, extract=extract, kind=kind, by=viewer, at=viewer.at)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, refusal.sentence)
    else:
        count = len(settled.waits)
        rest = f" {count_noun(count, 'row')} could not be posted: the list says why." if count else ""
        done = f"Posted: {count_noun(len(settled.posted), 'row')}.{rest}"
        (messages.success if settled.posted else messages.warning)(request, done)
    return redirect(f"{reverse('fund_extracts', kwargs={'fund_id': fund.pk})}?{urlencode({'kind': kind})}")


@login_required
@require_http_methods(GET_OR_POST)
def extract_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Bring in a file."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    check(viewer, IMPORT_EXTRACT, fund)
    partners = queries.partners_to_import(viewer, fund)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExtractForm(*data, partners=[(each.pk, each.organisation.name) for each in partners])
    here = reverse("fund_extracts", kwargs={"fund_id": fund_id})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        partner = chosen(partners, form.cleaned_data["partner"])
        done = attempt(
            form,
            lambda: writing.import_extract(
                fund=fund, partner=partner, name=file.name, content=file.read(), by=viewer, at=viewer.at
            ),
        )
        if done is not None:
            return redirect(here)
    return show(
        request, "core/question.jinja", form=form, title="Bring in a partner’s ledger extract", caption=fund.name,
        back_href=here, submit_text="Bring it in",
    )  # fmt: skip
