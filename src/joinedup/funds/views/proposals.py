"""Pages of contributions that another part proposes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.forms import Form
from joinedup.funds.forms.proposals import ProposalAcceptForm, ProposalDeclineForm
from joinedup.funds.permissions import SET_CONTRIBUTION
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import proposals as reading
from joinedup.funds.services import proposals as writing
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, show, viewer_of


@login_required
@require_safe
def proposals(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Everything proposed for a fund."""
    page = reading.proposals_of(viewer_of(request), fund_id)
    return show(request, "funds/proposals.jinja", page=page, fund=page.fund)


@login_required
@require_http_methods(GET_OR_POST)
def proposal_accept(request: HttpRequest, contribution_proposal_id: UUID) -> HttpResponse:
    """It becomes the contribution."""
    return _decide(
        request, contribution_proposal_id, ProposalAcceptForm(posted(request)), writing.accept_proposal, "Accept a proposed contribution",
        "Accept it", "It is the contribution now. Its instalments are in four quarters.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def proposal_decline(request: HttpRequest, contribution_proposal_id: UUID) -> HttpResponse:
    """It is declined, with a reason."""
    return _decide(
        request, contribution_proposal_id, ProposalDeclineForm(posted(request)), writing.decline_proposal, "Decline a proposed contribution",
        "Decline it", "It is declined, with your reason.",
    )  # fmt: skip


def _decide(
    request: HttpRequest,
    contribution_proposal_id: UUID,
    form: Form,
    call: Callable[..., object],
    title: str,
    button: str,
    done: str,
) -> HttpResponse:
    viewer = viewer_of(request)
    row = reading.proposal_for_change(viewer, contribution_proposal_id)
    check(viewer, SET_CONTRIBUTION, row.fund)
    seen = reading.proposal_seen(viewer, row)
    back = reverse("fund_proposals", args=[row.fund_id])
    return asked(
        request, form, lambda: call(fund=row.fund, proposal=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at),
        done=done, then=back, title=title, submit_text=button, back_href=back, cancel_href=back,
        caption=f"{seen.partner}, {seen.year_words}: {in_pounds(seen.now_pence)} becomes {in_pounds(seen.then_pence)}",
    )  # fmt: skip
