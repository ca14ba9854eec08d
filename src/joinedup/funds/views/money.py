"""Pages of contributions and virements."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.funds import services
from joinedup.funds.contributing import RollForward
from joinedup.funds.forms.by_hand import ReceiptBackForm
from joinedup.funds.forms.funds import ContributionForm, DecisionForm, ReceiptForm, VirementForm
from joinedup.funds.kept import RECEIPT_BACK
from joinedup.funds.permissions import ASK_VIREMENT, DECIDE_VIREMENT, RECORD_RECEIPT, SET_BUDGET, SET_CONTRIBUTION
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import contributions as contribution_queries
from joinedup.funds.queries import funds as fund_queries
from joinedup.funds.queries import virements as queries
from joinedup.funds.queries.seen import fund_for_change, may_with_fund
from joinedup.funds.services import ContributionSaid
from joinedup.funds.views.shared import GET_OR_POST, asked, attempt, chosen, options, posted, pressed, show, viewer_of


@login_required
@require_safe
def contributions(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What partners put in, and what has come."""
    return show(
        request, "funds/contributions.jinja", page=contribution_queries.contributions(viewer_of(request), fund_id)
    )


@login_required
@require_http_methods(GET_OR_POST)
def contribution_set(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Set what a partner puts in."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    check(viewer, SET_CONTRIBUTION, row)
    partners, streams = fund_queries.partners_of(viewer, row.agreement_id), fund_queries.streams_to_choose(viewer)
    offers = {
        "partner": options((each.pk, each.organisation.name) for each in partners),
        "stream": options((each.pk, each.name) for each in streams),
    }
    form = ContributionForm(posted(request), offers=offers, initial={"kind": "cash"})

    def save() -> None:
        clean = form.cleaned_data
        said = RollForward(
            clean["base"], clean["recurrent"] or 0, clean["uplift"] or 0, clean["planned"] or 0, clean["efficiency"] or 0,
            clean["charges"] or 0,
        )  # fmt: skip
        whole = ContributionSaid(
            chosen(partners, clean["partner"]), chosen(streams, clean["stream"]), row.year, said, clean["kind"],
            clean["what"] or "", clean["detriment"] or "",
        )  # fmt: skip
        services.set_contribution(fund=row, said=whole, by=viewer, at=viewer.at)

    back = reverse("fund_contributions", args=[row.pk])
    return asked(
        request, form, save, done="The contribution is set.", then=back, title="What a partner puts in", caption=row.name,
        submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def received(request: HttpRequest, instalment_id: UUID) -> HttpResponse:
    """Record what came in of an instalment."""
    viewer = viewer_of(request)
    row = contribution_queries.instalment_for_change(viewer, instalment_id)
    fund = row.contribution.fund
    check(viewer, RECORD_RECEIPT, fund)
    first = {"amount": f"{row.pence // 100:,}.{row.pence % 100:02d}"}
    form = ReceiptForm(posted(request), initial=first)

    def save() -> None:
        clean = form.cleaned_data
        services.record_receipt(
            fund=fund, instalment=row, pence=clean["amount"], received_on=clean["received_on"], reference=clean["reference"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    back = reverse("fund_contributions", args=[fund.pk])
    return asked(
        request, form, save, done="The receipt is in the ledger.", then=back, title="Money that came in",
        caption=f"{row.contribution.partner.organisation.name}, instalment {row.number}", submit_text="Record it", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def received_back(request: HttpRequest, instalment_id: UUID, receipt_id: int) -> HttpResponse:
    """What was recorded did not come in so: it is taken back by a receipt that names it."""
    viewer = viewer_of(request)
    row = contribution_queries.receipt_for_change(viewer, instalment_id, receipt_id)
    contribution = row.instalment.contribution
    check(viewer, RECORD_RECEIPT, contribution.fund)
    desk = Desk(request, RECEIPT_BACK, about=f"{instalment_id} {receipt_id}")
    form = ReceiptBackForm(**desk.answers())

    def take_back() -> object:
        return services.correct_receipt(
            fund=contribution.fund, receipt=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        )

    back = reverse("fund_contributions", args=[contribution.fund_id])
    named = f"{contribution.partner.organisation.name}, instalment {row.instalment.number}, {row.reference}"
    return asked(
        request, form, take_back, desk=desk, done="It is taken back. What was posted stays as it was.", then=back,
        title=f"Take back {in_pounds(abs(row.pence))}", caption=named, submit_text="Take it back", back_href=back,
        cancel_href=back, template="funds/receipt_back.jinja", receipt=row,
    )  # fmt: skip


@login_required
@require_POST
def remind(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Write to partners whose instalments are overdue."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    return pressed(
        request, lambda: services.remind_of_contributions(fund=row, by=viewer, at=viewer.at),
        "Partners are reminded of what is overdue, once for each instalment.", reverse("fund_contributions", args=[row.pk]),
    )  # fmt: skip


@login_required
@require_safe
def virements(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What was moved between lines this year, and what waits."""
    fund, rows = queries.virements(viewer_of(request), fund_id)
    may_ask = "vire" in may_with_fund(viewer_of(request), fund)
    return show(request, "funds/virements.jinja", fund=fund, rows=rows, may_ask=may_ask)


@login_required
@require_http_methods(GET_OR_POST)
def virement_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Ask to move money from one line to another."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    lines = fund_queries.lines_to_choose(viewer, row)
    mine = (
        lines
        if can(viewer, SET_BUDGET, row.agreement)
        else [each for each in lines if each.holder_id in viewer.post_ids]
    )
    if not mine:
        check(viewer, ASK_VIREMENT, lines[0] if lines else None)
    offers = {
        "from_line": options((each.pk, f"{each.code} {each.name}") for each in mine),
        "to_line": options((each.pk, f"{each.code} {each.name}") for each in lines),
    }
    form = VirementForm(posted(request), offers=offers, initial={"from_line": request.GET.get("from", "")})
    made: list[UUID] = []

    def ask() -> None:
        clean = form.cleaned_data
        start = fund_queries.line_for_change(viewer, chosen(lines, clean["from_line"]).pk)
        end = fund_queries.line_for_change(viewer, chosen(lines, clean["to_line"]).pk)
        made.append(
            services.ask_virement(
                from_line=start, to_line=end, pence=clean["amount"], reason=clean["reason"],
                is_recurrent=clean["is_recurrent"], by=viewer, at=viewer.at,
            ).pk
        )  # fmt: skip

    return asked(
        request, form, ask, done="The virement is asked for.", then=lambda: reverse("fund_virement", args=[made[0]]),
        title="Move money between lines", caption=row.name, submit_text="Ask",
        cancel_href=reverse("fund_virements", args=[row.pk]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def virement(request: HttpRequest, virement_id: UUID) -> HttpResponse:
    """One virement; whoever has the authority decides it here."""
    viewer = viewer_of(request)
    page = queries.virement(viewer, virement_id)
    form = DecisionForm(posted(request))
    if request.method == "POST":
        row = queries.virement_for_change(viewer, virement_id)
        check(viewer, DECIDE_VIREMENT, row)
        if form.is_valid():
            clean = form.cleaned_data

            def decide() -> object:
                if clean["answer"] == "approve":
                    return services.approve_virement(virement=row, decision=clean["decision"], by=viewer, at=viewer.at)
                return services.decline_virement(virement=row, reason=clean["decision"], by=viewer, at=viewer.at)

            if attempt(form, decide) is not None:
                return pressed(
                    request, lambda: None, "The decision is recorded.", reverse("fund_virement", args=[virement_id])
                )
    return show(request, "funds/virement.jinja", page=page, form=form)


@login_required
@require_POST
def virement_withdraw(request: HttpRequest, virement_id: UUID) -> HttpResponse:
    """Whoever asked takes it back."""
    viewer = viewer_of(request)
    row = queries.virement_for_change(viewer, virement_id)
    return pressed(
        request, lambda: services.withdraw_virement(virement=row, by=viewer, at=viewer.at), "The virement is withdrawn.",
        reverse("fund_virements", args=[row.fund_id]),
    )  # fmt: skip


@login_required
@require_POST
def virement_agree(request: HttpRequest, virement_id: UUID, partner_id: UUID) -> HttpResponse:
    """A partner agrees to a virement between capital and revenue."""
    viewer = viewer_of(request)
    row = queries.virement_for_change(viewer, virement_id)
    partner = queries.partner_of_virement(viewer, virement_id, partner_id)
    return pressed(
        request, lambda: services.agree_to_virement(partner=partner, virement=row, by=viewer, at=viewer.at),
        f"Agreed for {partner.organisation.name}.", reverse("fund_virement", args=[row.pk]),
    )  # fmt: skip
