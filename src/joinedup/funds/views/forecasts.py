"""Pages of a forecast: every line by every method, keeping one, and what drives a line."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.documents import attachment
from joinedup.core.figures import Table
from joinedup.engines.money import format_pounds
from joinedup.funds.case_flow import measures
from joinedup.funds.contributing import percent
from joinedup.funds.forecasting import METHOD_NAMES, METHODS, Method
from joinedup.funds.forms.forecasts import DriverForm, KeepForm, MethodForm
from joinedup.funds.permissions import FORECAST_FUND
from joinedup.funds.queries import forecasts as queries
from joinedup.funds.queries.forecasts import ForecastPage
from joinedup.funds.queries.funds import line_for_change
from joinedup.funds.services import forecasts as writing
from joinedup.funds.views.shared import GET_OR_POST, asked, options, posted, show, viewer_of


def _method(request: HttpRequest) -> Method | None:
    said = request.GET.get("method", "")
    return Method(said) if said in set(Method) else None


@login_required
@require_safe
def forecast(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What the year is expected to come to, line by line; looking keeps nothing."""
    page = queries.forecast_page(viewer_of(request), fund_id, method=_method(request))
    form = MethodForm(None, initial={"method": page.method.value if page.method else ""})
    return show(
        request, "funds/forecast.jinja", page=page, form=form, methods=list(Method), names=METHOD_NAMES, sentences=METHODS,
        percent=percent, chosen=f"?method={page.method.value}" if page.method else "",
    )  # fmt: skip


@login_required
@require_safe
def forecast_csv(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    page = queries.forecast_page(viewer_of(request), fund_id, method=_method(request))
    columns = ("Line", "Service", "Partner", "Budget", "Spent", "Promised", *(METHOD_NAMES[each] for each in Method), "Method", "Expected", "Over or under", "Shared")  # fmt: skip
    rows = tuple(
        (
            f"{each.code} {each.name}", each.scheme, each.partner, _plain(each.budget), _plain(each.spent), _plain(each.committed),
            *("" if (pence := each.by_method[method]) is None else _plain(pence) for method in Method),
            METHOD_NAMES[each.chosen.method], _plain(each.chosen.pence), _plain(each.variance), "yes" if each.is_shared else "no",
        )
        for each in page.lines
    )  # fmt: skip
    table = Table(columns, rows, "Forecast")
    return attachment(table.as_csv(), "text/csv; charset=utf-8", f"forecast-{page.fund.code}-{page.year.year}.csv")


def _plain(pence: int) -> str:
    return format_pounds(pence).replace("£", "").replace(",", "")


@login_required
@require_http_methods(GET_OR_POST)
def keep(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Keep a forecast, with a method for each line."""
    viewer = viewer_of(request)
    page = queries.forecast_page(viewer, fund_id, method=_method(request))
    check(viewer, FORECAST_FUND, page.fund)
    form = KeepForm(posted(request), lines=_lines_of(page))
    back = reverse("fund_forecast", args=[page.fund.pk])

    def save() -> object:
        by_line = {UUID(key): method for key, method in form.methods().items()}
        words = form.cleaned_data["words"] or ""
        return writing.keep_forecast(fund=page.fund, by_line=by_line, words=words, by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="The forecast is kept, with the method of every line.", then=back, back_href=back,
        cancel_href=back, title="Keep this forecast", caption=f"{page.fund.name}, to the end of {page.month_words}",
        submit_text="Keep it",
    )  # fmt: skip


def _lines_of(page: ForecastPage) -> list[tuple[str, str, Method, bool]]:
    return [
        (
            str(each.id), f"{each.name} ({each.code})", each.chosen.method, each.by_method[Method.CASE_FLOW] is not None,
        )
        for each in page.lines
    ]  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def driver(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """What drives a line."""
    viewer = viewer_of(request)
    row = line_for_change(viewer, line_id)
    check(viewer, FORECAST_FUND, row.fund)
    there, months = queries.flow_of(viewer, row)
    pence = there.unit_pence if there else 0
    first = {
        "measure": there.measure if there else "", "source": there.source if there else "",
        "unit": f"{pence // 100:,}.{pence % 100:02d}" if there else "",
    }  # fmt: skip
    form = DriverForm(
        posted(request), offers={"measure": options((each.code, each.name) for each in measures(viewer))}, initial=first
    )
    back = reverse("fund_forecast", args=[row.fund_id])

    def save() -> object:
        clean = form.cleaned_data
        return writing.set_line_driver(
            fund=row.fund, line=row, measure_code=clean["measure"], unit_pence=clean["unit"], source=clean["source"],
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="The forecast can go by it now.", then=back, template="funds/driver.jinja", row=row,
        months=months, back_href=back, cancel_href=back, title="What drives this line", caption=f"{row.name} ({row.code})",
        submit_text="Save",
    )  # fmt: skip
