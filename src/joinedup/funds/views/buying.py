"""Pages of purchases, of how partners reclaim VAT, and of what another host would cost."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import uuid_of
from joinedup.core.errors import NotVisible
from joinedup.funds import chart
from joinedup.funds.contributing import percent
from joinedup.funds.forms.buying import PurchaseForm, RegimeForm
from joinedup.funds.permissions import RECORD_PURCHASE, SET_VAT_REGIME
from joinedup.funds.queries import buying as reading
from joinedup.funds.queries.by_kind import spent_by_kind
from joinedup.funds.queries.year import fund_to_read, year_words
from joinedup.funds.services import buying as writing
from joinedup.funds.services.buying import Bought
from joinedup.funds.spending_kinds import SpendingKind, kind_words
from joinedup.funds.vat import REGIME_NAMES, VAT_CODES, Regime, VatCode
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of


@login_required
@require_safe
def purchases(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What the fund has bought in the year that is open."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    found = reading.purchases_of(viewer, fund, year=fund.year, after=request.GET.get("after", ""))
    return show(
        request, "funds/purchases.jinja", fund=fund, page=found, year_words=year_words(fund.year),
        may_record=can(viewer, RECORD_PURCHASE, fund), code_words=lambda code: VAT_CODES[VatCode(code)],
        kind_words=kind_words, by_kind=spent_by_kind(viewer, fund, fund.year), headings=chart,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def purchase_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Record a line of an invoice."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, RECORD_PURCHASE, fund)
    lines = reading.lines_to_buy_from(viewer, fund)
    places = [place for place, _ in reading.bodies_of(viewer, fund, timezone.localdate(viewer.at)).values()]
    form = PurchaseForm(
        posted(request), lines=options((each.pk, f"{each.scheme.name}: {each.name} ({each.code})") for each in lines),
        partners=options((each.pk, each.organisation.name) for each in places), initial={"vat_code": "standard"},
        kinds=SpendingKind,
    )  # fmt: skip
    back = reverse("fund_purchases", kwargs={"fund_id": fund.pk})

    def call() -> object:
        clean = form.cleaned_data
        said = Bought(
            delivered_by=chosen(places, clean["delivered_by"]), supplier=clean["supplier"], invoice=clean["invoice"],
            what=clean["what"], bought_on=clean["bought_on"], net_pence=clean["net"], vat_code=clean["vat_code"],
            vat_pence=clean["vat"], cos_heading=clean["cos_heading"] or "", releases=bool(clean["releases"]),
            kind=clean["kind"],
        )  # fmt: skip
        return writing.record_purchase(fund=fund, line=chosen(lines, clean["line"]), said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The purchase is recorded and posted.", then=back, back_href=back, cancel_href=back,
        title="Record a purchase", caption=fund.name, submit_text="Record it",
    )  # fmt: skip


@login_required
@require_safe
def vat(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """How each partner reclaims VAT, and what the year's purchases would cost if another delivered them."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    on = timezone.localdate(viewer.at)
    bodies = reading.bodies_of(viewer, fund, on)
    wanted = uuid_of(request.GET.get("host", ""))
    if wanted not in bodies:
        wanted = next((key for key in bodies if key != fund.host_id), fund.host_id)
    what_if = reading.if_hosted_by(viewer, fund, wanted, year=fund.year, day=on)
    rows = [
        {
            "place": place, "regime": REGIME_NAMES[body.regime] if body else "", "part": percent(body.part) if body and body.regime is Regime.PARTIAL else "",
            "may_set": can(viewer, SET_VAT_REGIME, place), "is_chosen": key == wanted,
        }
        for key, (place, body) in bodies.items()
    ]  # fmt: skip
    return show(
        request, "funds/vat.jinja", fund=fund, rows=rows, what_if=what_if, year_words=year_words(fund.year),
        chosen_name=bodies[wanted][0].organisation.name if wanted in bodies else "",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def regime(request: HttpRequest, fund_id: UUID, fund_partner_id: UUID) -> HttpResponse:
    """Say how a partner reclaims VAT."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    place, _ = reading.bodies_of(viewer, fund, timezone.localdate(viewer.at)).get(fund_partner_id, (None, None))
    if place is None:
        raise NotVisible()
    check(viewer, SET_VAT_REGIME, place)
    form = RegimeForm(posted(request))
    back = reverse("fund_vat", kwargs={"fund_id": fund.pk})

    def call() -> object:
        clean = form.cleaned_data
        return writing.set_vat_regime(
            partner=place,
            regime=clean["regime"],
            part=clean["part"] or 0,
            starts_on=clean["starts_on"],
            by=viewer,
            at=viewer.at,
        )

    return asked(
        request, form, call, done="Noted.", then=back, back_href=back, cancel_href=back,
        title=f"VAT of {place.organisation.name}", caption=fund.name, submit_text="Save",
    )  # fmt: skip
