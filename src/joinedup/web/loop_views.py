"""The whole loop in one picture, and what is behind each of its numbers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.access.middleware import ViewerRequest
from joinedup.core.documents import attachment
from joinedup.web.loop import loop_page, period_of, station_page
from joinedup.web.loop_picture import loop_picture


@login_required
@require_safe
def loop(request: ViewerRequest) -> HttpResponse:
    """The picture, and the same as a table whose numbers lead to their evidence."""
    period = period_of(request.viewer, request.GET.get("year", ""), request.GET.get("quarter", ""))
    page = loop_page(request.viewer, period)
    title = f"From contact to decision: {page.period.words.lower() if not period.quarter else page.period.words}"
    picture = loop_picture(
        title,
        [(each.title, each.headline, each.words) for each in page.stations],
        [each.before for each in page.stations],
    )
    if request.GET.get("as") == "csv":
        return attachment(picture.csv, "text/csv; charset=utf-8", f"loop-{period.year}-{period.quarter}.csv")
    return render(request, "web/loop.jinja", {"page": page, "picture": picture})


@login_required
@require_safe
def station(request: ViewerRequest, loop_station: str) -> HttpResponse:
    """What is behind one number."""
    period = period_of(request.viewer, request.GET.get("year", ""), request.GET.get("quarter", ""))
    return render(request, "web/loop_station.jinja", {"page": station_page(request.viewer, loop_station, period)})
