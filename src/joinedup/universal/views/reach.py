"""Pages that count universal support."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from joinedup.core.documents import attachment
from joinedup.core.figures import csv_of
from joinedup.universal import queries
from joinedup.universal.views.shared import day_of, viewer_of


def _between(request: HttpRequest) -> tuple[date, date]:
    """The days in the address; the twelve months to today unless it names others."""
    today = timezone.localdate(viewer_of(request).at)
    ends = day_of(request.GET.get("ends", "")) or today
    starts = day_of(request.GET.get("starts", "")) or ends.replace(day=1) - timedelta(days=334)
    return (min(starts, ends), max(starts, ends))


def _is_whole(request: HttpRequest) -> bool:
    return request.GET.get("scope") == "all"


def _link(starts: date, ends: date, **more: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"starts": starts.isoformat(), "ends": ends.isoformat(), **{k: v for k, v in more.items() if v}})
    return f"?{query.urlencode()}"


@login_required
@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """How many children universal support reaches; every number leads to what it counts."""
    starts, ends = _between(request)
    found = queries.reach(viewer_of(request), starts=starts, ends=ends, is_whole=_is_whole(request))
    scope = "all" if found.is_whole else ""
    more = {
        "reach": found, "figures": found.figures(), "own_href": _link(starts, ends), "all_href": _link(starts, ends, scope="all"),
        "query": _link(starts, ends, scope=scope), "link": lambda **narrow: _link(starts, ends, **narrow),
    }  # fmt: skip
    return render(request, "universal/reach.jinja", more)


@login_required
@require_safe
def as_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One of its tables."""
    starts, ends = _between(request)
    tables = queries.reach(viewer_of(request), starts=starts, ends=ends, is_whole=_is_whole(request)).tables()
    if table not in tables:
        raise Http404
    found = tables[table]
    return attachment(csv_of([found.columns, *found.rows]), "text/csv; charset=utf-8", f"reach-{table}-{ends}.csv")


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who is behind a number, in what the viewer's own organisation runs."""
    starts, ends = _between(request)
    month = request.GET.get("month", "")
    narrow = {
        "area": request.GET.get("area", ""),
        "band": request.GET.get("band", ""),
        "month": month if day_of(f"{month}-01") else "",
    }
    found = queries.people_reached(viewer_of(request), starts=starts, ends=ends, **narrow)
    more = {"people": found, "starts": starts, "ends": ends, "back_href": _link(starts, ends)}
    return render(request, "universal/reach_people.jinja", more)


@login_required
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """What a number of the whole partnership counts: each programme."""
    starts, ends = _between(request)
    rows = queries.programmes_reached(viewer_of(request), starts=starts, ends=ends)
    more = {"rows": rows, "starts": starts, "ends": ends, "back_href": _link(starts, ends, scope="all")}
    return render(request, "universal/reach_programmes.jinja", more)
