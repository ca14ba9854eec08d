"""Pages of unit costs: of outcomes, from a database that was read; and of activity, from day to day."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits.costing_document import INVENTED
from joinedup.benefits.costing_file import COLUMNS, EXAMPLE
from joinedup.benefits.forms.costing import EndPriceForm, PriceForm, PricesFileForm, UnitCostsFileForm
from joinedup.benefits.permissions import KEEP_PRICES
from joinedup.benefits.queries import costing as queries
from joinedup.benefits.services import costing as services
from joinedup.benefits.views.shared import GET_OR_POST, asked, attempt, posted, show, viewer_of
from joinedup.core.documents import attachment
from joinedup.core.figures import csv_of
from joinedup.engines.appraisal.tables import OLD_PRICE

_CSV = "text/csv; charset=utf-8"


def costing_sections(here: str) -> list[dict[str, object]]:
    """The pages of what activity costs."""
    pages = (
        ("Funds", "activity_funds"), ("Prices of activity", "activity_prices"),
        ("Unit costs of outcomes", "unit_costs"),
    )  # fmt: skip
    return [{"text": text, "href": reverse(page), "active": page == here} for text, page in pages]


@login_required
@require_safe
def unit_costs(request: HttpRequest) -> HttpResponse:
    """The unit costs of the database that was read last, with what its source says of each."""
    viewer = viewer_of(request)
    search = request.GET.get("words", "").strip()[:100]
    after = _uuid(request.GET.get("after", ""))
    found = queries.unit_costs(viewer, search, after=after)
    return show(
        request, "benefits/costing_unit_costs.jinja", found=found, search=search, may_keep=can(viewer, KEEP_PRICES),
        sections=costing_sections("unit_costs"), old=OLD_PRICE,
    )  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_http_methods(GET_OR_POST)
def read_unit_costs(request: HttpRequest) -> HttpResponse:
    """Read a unit cost database."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PRICES)
    form = UnitCostsFileForm(*_sent(request))
    here = reverse("unit_costs")

    def call() -> object:
        file = form.cleaned_data["file"]
        return services.read_unit_costs(name=file.name, content=file.read(), by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The database was read. Its figures are the ones to choose from now.", then=here,
        title="Read a unit cost database", back_href=here, cancel_href=here, submit_text="Read it",
        inset="What business cases have taken from an older one stays in them.",
    )  # fmt: skip


def _sent(request: HttpRequest) -> tuple[object, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


@login_required
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """What each kind of activity costs now, and with `history` what it cost before."""
    viewer = viewer_of(request)
    on = timezone.localdate(viewer.at)
    with_history = request.GET.get("history") == "yes"
    rows = queries.activity_prices(viewer, on=on, with_history=with_history)
    return show(
        request, "benefits/costing_prices.jinja", rows=rows, with_history=with_history, may_keep=can(viewer, KEEP_PRICES),
        missing=queries.kinds_without_price(viewer, rows), sections=costing_sections("activity_prices"),
        is_invented=any(row.is_illustration for row in rows), on=on,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def new_price(request: HttpRequest) -> HttpResponse:
    """Enter a price; the one before it ends."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PRICES)
    form = PriceForm(posted(request), initial={"kind": request.GET.get("kind", "")})
    here = reverse("activity_prices")

    def call() -> object:
        clean = form.cleaned_data
        said = services.PriceSaid(
            form.kind_chosen(), clean["amount"], clean["unit"], clean["starts_on"], clean["price_year"], clean["source"],
            bool(clean["is_verified"]),
        )  # fmt: skip
        return services.enter_price(said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The price is entered.", then=here, title="Price of an activity", back_href=here,
        cancel_href=here, submit_text="Enter it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def end_price(request: HttpRequest, activity_price_id: UUID) -> HttpResponse:
    """End a price that none follows."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PRICES)
    price = queries.price_for_change(viewer, activity_price_id)
    form = EndPriceForm(posted(request))
    here = reverse("activity_prices")
    return asked(
        request, form,
        lambda: services.end_price(price=price, ends_on=form.cleaned_data["ends_on"], by=viewer, at=viewer.at),
        done="The price ends on that day.", then=here, title="End a price", caption=queries.name_of_price(viewer, price),
        back_href=here, cancel_href=here, submit_text="End it", is_invented=price.is_illustration,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def read_prices(request: HttpRequest) -> HttpResponse:
    """Take a table of prices, and say what became of each row."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PRICES)
    form = PricesFileForm(*_sent(request))
    result = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        result = attempt(form, lambda: services.import_prices(name=file.name, content=content, by=viewer, at=viewer.at))
    here = reverse("activity_prices")
    return show(
        request, "benefits/costing_prices_read.jinja", form=form, result=result, title="Read a table of prices",
        back_href=here, cancel_href=here, submit_text="Read it", columns=COLUMNS, desk=None,
    )  # fmt: skip


@login_required
@require_safe
def prices_example(request: HttpRequest) -> HttpResponse:
    """A table of prices as it is read."""
    check(viewer_of(request), KEEP_PRICES)
    return attachment(csv_of([COLUMNS, *EXAMPLE]), _CSV, "prices-of-activity-example.csv")


@login_required
@require_safe
def prices_file(request: HttpRequest) -> HttpResponse:
    """Every price there ever was, as CSV."""
    viewer = viewer_of(request)
    rows = queries.activity_prices(viewer, on=timezone.localdate(viewer.at), with_history=True)
    head = ("activity", "price", "per", "from", "until", "price year", "source", "checked", "invented")
    table = [
        (
            row.name, f"{row.pence // 100}.{row.pence % 100:02d}", row.unit, row.starts_on.isoformat(),
            row.ends_on.isoformat() if row.ends_on else "", row.price_year, row.source, "yes" if row.is_verified else "no",
            INVENTED if row.is_illustration else "no",
        )
        for row in rows
    ]  # fmt: skip
    return attachment(csv_of([head, *table]), _CSV, "prices-of-activity.csv")
