"""Pages of promises: released, bought; of budgets passed on and handed back; of more than is left; and of what is due."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.funds import services
from joinedup.funds.forms.commitments import BoughtForm, HandBackForm, OverForm, PassOnForm, ReleaseForm, TakeBackForm
from joinedup.funds.permissions import (
    ALLOW_OVER,
    BUY_COMMITTED,
    HAND_BACK_BUDGET,
    PASS_ON_BUDGET,
    READ_FUNDS,
    RELEASE_COMMITMENT,
)
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import commitments as queries
from joinedup.funds.queries.due import due_for
from joinedup.funds.queries.funds import line_for_change
from joinedup.funds.services import OverSaid
from joinedup.funds.services.buying import Bought
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of


@login_required
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is due and late in the funds somebody looks after, and for the partners they answer for."""
    viewer = viewer_of(request)
    check(viewer, READ_FUNDS)
    return show(request, "funds/due.jinja", rows=due_for(viewer))


@login_required
@require_http_methods(GET_OR_POST)
def release(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """What was promised is not needed after all."""
    viewer = viewer_of(request)
    row = queries.commitment_for_change(viewer, commitment_id)
    check(viewer, RELEASE_COMMITMENT, row)
    form = ReleaseForm(posted(request))
    back = reverse("fund_line", args=[row.line_id])
    return asked(
        request, form,
        lambda: services.release_commitment(commitment=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="The money is free again.", then=back, back_href=back, cancel_href=back, title=f"Release {in_pounds(row.pence)}",
        caption=row.what, submit_text="Release it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def bought(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """What was promised is bought."""
    viewer = viewer_of(request)
    row = queries.commitment_for_change(viewer, commitment_id)
    check(viewer, BUY_COMMITTED, row)
    form = BoughtForm(posted(request), initial={"vat_code": "standard", "kind": "third_party"})
    back = reverse("fund_line", args=[row.line_id])

    def record() -> object:
        clean = form.cleaned_data
        said = Bought(
            delivered_by=row.line.partner, supplier=clean["supplier"], invoice=clean["invoice"], what=row.what,
            bought_on=clean["bought_on"], net_pence=clean["net"], vat_code=clean["vat_code"], vat_pence=clean["vat"],
            kind=clean["kind"],
        )  # fmt: skip
        return services.buy_committed(commitment=row, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, record, done="It is recorded and posted, and the promise has ended.", then=back, back_href=back,
        cancel_href=back, title=f"{row.what}: it is bought", caption=f"{in_pounds(row.pence)} was promised", submit_text="Record it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def over(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Allow more to be spent on a line than is left of it."""
    viewer = viewer_of(request)
    row = line_for_change(viewer, line_id)
    check(viewer, ALLOW_OVER, row)
    form = OverForm(posted(request))
    back = reverse("fund_line", args=[row.pk])

    def allow() -> object:
        clean = form.cleaned_data
        said = OverSaid(clean["amount"], clean["reason"], clean["decision"] or "")
        return services.allow_over_budget(line=row, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, allow, done="It is allowed, and stands on the fund’s page with the reason.", then=back, back_href=back,
        cancel_href=back, title="Allow more than is left", caption=f"{row.name} ({row.code})", submit_text="Allow it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def over_back(request: HttpRequest, line_id: UUID, allowance_id: UUID) -> HttpResponse:
    """What was allowed over a budget and is not used is allowed no more."""
    viewer = viewer_of(request)
    row = line_for_change(viewer, line_id)
    check(viewer, ALLOW_OVER, row)
    allowance = queries.allowance_for_change(viewer, row, allowance_id)
    form = TakeBackForm(posted(request))
    back = reverse("fund_line", args=[row.pk])
    return asked(
        request, form,
        lambda: services.take_back_allowance(
            line=row, allowance=allowance, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        ),
        done="It is taken back.", then=back, back_href=back, cancel_href=back,
        title=f"Take back {in_pounds(allowance.pence)} over the budget", caption=row.name, submit_text="Take it back",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def pass_on(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """A budget goes to another holder."""
    viewer = viewer_of(request)
    row = line_for_change(viewer, line_id)
    check(viewer, PASS_ON_BUDGET, row)
    posts = [each for each in queries.possible_holders(viewer, row) if each.pk != row.holder_id]
    limit = row.commit_limit_pence
    form = PassOnForm(
        posted(request), offers={"holder": options((each.pk, f"{each.account.name}, {each.title}") for each in posts)},
        initial={"limit": f"{limit // 100:,}.{limit % 100:02d}" if limit else ""},
    )  # fmt: skip
    back = reverse("fund_line", args=[row.pk])

    def save() -> object:
        clean = form.cleaned_data
        return services.pass_on_budget(
            line=row, holder=chosen(posts, clean["holder"]), limit_pence=clean["limit"] or None, by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, done="The budget has another holder.", then=back, back_href=back, cancel_href=back,
        title="Pass this budget on", caption=row.name, submit_text="Pass it on",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def hand_back(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """What is left of a budget goes back to the one it was cut from."""
    viewer = viewer_of(request)
    row = line_for_change(viewer, line_id)
    check(viewer, HAND_BACK_BUDGET, row)
    form = HandBackForm(posted(request))
    back = reverse("fund_line", args=[row.pk])
    return asked(
        request, form, lambda: services.hand_back_budget(line=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="What was left is back in the wider budget.", then=back, back_href=back, cancel_href=back,
        title="Hand back what is left", caption=row.name, submit_text="Hand it back",
    )  # fmt: skip
