"""Pages of money that goes from one pooled fund to another."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from joinedup.core.forms import Option
from joinedup.funds import queries
from joinedup.funds.forms.transfers import TransferForm
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries.transfers import transfer_choices
from joinedup.funds.rules import TRANSFER_BETWEEN
from joinedup.funds.services.transfers import transfer_between_funds
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, viewer_of


@login_required
@require_http_methods(GET_OR_POST)
def transfer(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Move money to another pooled fund of the same agreement."""
    viewer = viewer_of(request)
    fund = queries.ledger_fund(viewer, fund_id)
    offered = transfer_choices(viewer, fund)
    if not offered.funds:
        raise TRANSFER_BETWEEN.refused(why="there is no other pooled fund under this agreement")
    streams = [Option("", "No"), *options((each.pk, f"Yes: {each.name}") for each in offered.streams)]
    form = TransferForm(
        posted(request), initial={"key": str(uuid4()), "dated_on": timezone.localdate(viewer.at), "stream": ""},
        offers={"to_fund": options((each.pk, each.name) for each in offered.funds), "stream": streams},
    )  # fmt: skip

    def move() -> object:
        said = form.cleaned_data
        return transfer_between_funds(
            fund=fund, to_fund=chosen(offered.funds, said["to_fund"]), key=said["key"] or str(uuid4()),
            pence=said["amount"], dated_on=said["dated_on"], decision=said["decision"],
            stream=chosen(offered.streams, said["stream"]), by=viewer, at=viewer.at,
        )  # fmt: skip

    back = reverse("fund_ledger", args=[fund_id])
    return asked(
        request, form, move, done="The money is moved. Each fund has an entry of its own.", then=back,
        title="Move money to another fund", caption=f"{fund.name}: {in_pounds(offered.at_bank)} at the bank",
        submit_text="Move it", back_href=back, cancel_href=back,
    )  # fmt: skip
