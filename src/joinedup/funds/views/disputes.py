"""Pages of disputed balances: all of them with what is late, one in full, an answer, the next step, the decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.funds.forms.disputes import AnswerForm, EscalateForm, SettleForm
from joinedup.funds.kept import DISPUTE_ANSWER, DISPUTE_ESCALATE, DISPUTE_SETTLE
from joinedup.funds.permissions import ANSWER_DISPUTE, SETTLE_DISPUTE
from joinedup.funds.queries import disputes as reading
from joinedup.funds.services import disputes as writing
from joinedup.funds.views.shared import GET_OR_POST, asked, show, viewer_of


@login_required
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """Every dispute of the viewer's funds, those that wait first."""
    rows = reading.disputes(viewer_of(request))
    return show(
        request, "funds/disputes.jinja", waiting=[each for each in rows if each.is_open],
        settled=[each for each in rows if not each.is_open], late=sum(each.is_late for each in rows),
    )  # fmt: skip


@login_required
@require_safe
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute: what is disputed, where it stands, and everything said."""
    return show(request, "funds/dispute.jinja", page=reading.dispute(viewer_of(request), dispute_id))


def _here(dispute_id: UUID) -> str:
    return reverse("fund_dispute", kwargs={"dispute_id": dispute_id})


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Another partner answers."""
    viewer = viewer_of(request)
    row = reading.dispute_for_change(viewer, dispute_id)
    check(viewer, ANSWER_DISPUTE, row)
    desk = Desk(request, DISPUTE_ANSWER, about=str(dispute_id))
    form = AnswerForm(**desk.answers())
    return asked(
        request, form, lambda: writing.answer_dispute(dispute=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at),
        done="Your answer is with the dispute.", then=_here(dispute_id), desk=desk, back_href=_here(dispute_id),
        cancel_href=_here(dispute_id), title="Answer the dispute", caption=f"{row.partner.organisation.name}, {row.reference}",
        submit_text="Answer",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def escalate(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Take a dispute to its next step."""
    viewer = viewer_of(request)
    row = reading.dispute_for_change(viewer, dispute_id)
    check(viewer, SETTLE_DISPUTE, row)
    desk = Desk(request, DISPUTE_ESCALATE, about=str(dispute_id))
    form = EscalateForm(**desk.answers())
    return asked(
        request, form, lambda: writing.escalate_dispute(dispute=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at),
        done="It is taken further. The days of the next step begin today.", then=_here(dispute_id), desk=desk,
        back_href=_here(dispute_id), cancel_href=_here(dispute_id), title="Take the dispute further",
        caption=f"{row.partner.organisation.name}, {row.reference}", submit_text="Take it further",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def settle(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Record the decision that ends a dispute."""
    viewer = viewer_of(request)
    row = reading.dispute_for_change(viewer, dispute_id)
    check(viewer, SETTLE_DISPUTE, row)
    desk = Desk(request, DISPUTE_SETTLE, about=str(dispute_id))
    form = SettleForm(**desk.answers())
    return asked(
        request, form, lambda: writing.settle_dispute(dispute=row, decision=form.cleaned_data["decision"], by=viewer, at=viewer.at),
        done="The dispute is settled. Post what follows from it in the ledger.", then=_here(dispute_id), desk=desk,
        back_href=_here(dispute_id), cancel_href=_here(dispute_id), title="Settle the dispute",
        caption=f"{row.partner.organisation.name}, {row.reference}", submit_text="Settle it",
    )  # fmt: skip
