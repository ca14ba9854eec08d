"""Pages of one series: its chart and readings, writing and correcting them, its trajectory, and what a change is due to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.figures import Table
from joinedup.outcomes import queries
from joinedup.outcomes.forms import ComparisonForm, TakeBackForm, TrajectoryForm, ValueForm
from joinedup.outcomes.permissions import COMPARE_SERIES, SET_TARGET, WRITE_READING
from joinedup.outcomes.queries import counted as counting
from joinedup.outcomes.queries import pages as reading
from joinedup.outcomes.queries.series import PointSeen
from joinedup.outcomes.services import readings as writing
from joinedup.outcomes.views.shared import GET_OR_POST, asked, options, posted, table_file, viewer_of


def _here(series_id: UUID) -> str:
    return reverse("outcome_series", args=[series_id])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


@login_required
@require_safe
def series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """One series in full."""
    page = reading.series_page(viewer_of(request), series_id)
    return render(request, "outcomes/series.jinja", {"page": page, "series": page.series})


@login_required
@require_safe
def series_file(request: HttpRequest, series_id: UUID, table_kind: str) -> HttpResponse:
    """Its readings as CSV or as a workbook."""
    seen = queries.series_seen(viewer_of(request), series_id)
    columns = ("Measure", "Area", "Cohort", "From", "To", "Value", "How many", "Of how many", "Unit", "Source", "Way")
    table = Table(columns, tuple(reading.lines_of(seen)), reading.stamped(seen.stamp, seen.name))
    return table_file(table, table_kind, f"outcome-{seen.code.lower()}-{seen.area.lower().replace(' ', '-')}")


@login_required
@require_safe
def history(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Everything ever written of its readings."""
    viewer = viewer_of(request)
    seen = queries.series_seen(viewer, series_id)
    return render(request, "outcomes/history.jinja", {"series": seen, "rows": reading.history(viewer, series_id)})


@login_required
@require_safe
def counted(request: HttpRequest, series_id: UUID, period_end: str) -> HttpResponse:
    """What one reading counts."""
    page = counting.counted(viewer_of(request), series_id, _day(period_end))
    return render(request, "outcomes/counted.jinja", {"page": page, "series": page.series, "point": page.point})


def _first(point: PointSeen | None, source: str) -> dict[str, Any]:
    if point is None:
        return {"source": source}
    return {
        "starts_on": point.starts_on, "ends_on": point.ends_on, "value": point.value, "source": point.source,
        "numerator": point.numerator, "denominator": point.denominator,
    }  # fmt: skip


def _plain(first: dict[str, Any]) -> dict[str, Any]:
    """Numbers as one would type them."""
    return {
        name: f"{value.normalize():f}" if hasattr(value, "normalize") else value
        for name, value in first.items()
        if value is not None
    }


def _value_page(
    request: HttpRequest, series_id: UUID, first: dict[str, Any], save: Callable[[Any, ValueForm], object], **page: Any
) -> HttpResponse:
    viewer = viewer_of(request)
    check(viewer, WRITE_READING)
    row = queries.series_for_change(viewer, series_id)
    form = ValueForm(posted(request), initial=_plain(first))
    here = _here(series_id)
    return asked(
        request, form, lambda: save(row, form), then=here, back_href=here, cancel_href=here, caption=str(row), stamp=row.measure.stamp,
        submit_text="Save", **page,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def reading_new(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Write down a reading."""
    viewer = viewer_of(request)
    seen = queries.series_seen(viewer, series_id)

    def save(row: Any, form: ValueForm) -> object:
        return writing.write_reading(
            series=row, said=form.said(), reason=form.cleaned_data["reason"] or "", by=viewer, at=viewer.at
        )

    return _value_page(
        request,
        series_id,
        _first(None, seen.source),
        save,
        title="Write a reading",
        done="The reading is written down.",
    )


@login_required
@require_http_methods(GET_OR_POST)
def reading_correct(request: HttpRequest, series_id: UUID, period_end: str) -> HttpResponse:
    """Correct a reading."""
    viewer = viewer_of(request)
    point = _point(request, series_id, period_end)

    def save(row: Any, form: ValueForm) -> object:
        return writing.write_reading(
            series=row, said=form.said(), reason=form.cleaned_data["reason"] or "", by=viewer, at=viewer.at
        )

    return _value_page(
        request, series_id, _first(point, ""), save, title="Correct a reading", done="The reading is corrected.",
        template="outcomes/correct.jinja", of_series=series_id, period_end=period_end,
    )  # fmt: skip


def _point(request: HttpRequest, series_id: UUID, period_end: str) -> PointSeen:
    day = _day(period_end)
    seen = queries.series_seen(viewer_of(request), series_id)
    found = next((each for each in seen.readings if each.ends_on == day), None)
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(GET_OR_POST)
def reading_take_back(request: HttpRequest, series_id: UUID, period_end: str) -> HttpResponse:
    """Take a reading back."""
    viewer = viewer_of(request)
    check(viewer, WRITE_READING)
    point = _point(request, series_id, period_end)
    row = queries.series_for_change(viewer, series_id)
    form = TakeBackForm(posted(request))
    here = _here(series_id)
    return asked(
        request, form,
        lambda: writing.take_back_reading(
            series=row, ends_on=point.ends_on, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
        ),
        done="The reading is taken back.", then=here, back_href=here, cancel_href=here, caption=str(row), stamp=row.measure.stamp,
        title="Take a reading back", submit_text="Take it back",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def baseline(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Say where a series stood."""
    viewer = viewer_of(request)
    seen = queries.series_seen(viewer, series_id)

    def save(row: Any, form: ValueForm) -> object:
        return writing.set_baseline(
            series=row, said=form.said(), reason=form.cleaned_data["reason"] or "", by=viewer, at=viewer.at
        )

    return _value_page(
        request, series_id, _first(seen.baseline, seen.source), save, title="Where it stood before",
        done="The baseline is set.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def trajectory(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Say what a series shall come to, and by when."""
    viewer = viewer_of(request)
    check(viewer, SET_TARGET)
    seen = queries.series_seen(viewer, series_id)
    row = queries.series_for_change(viewer, series_id)
    first: dict[str, Any] = {"starts_on": seen.starts_on}
    for place, each in enumerate(seen.targets):
        first |= {f"on_{place}": each.on, f"value_{place}": each.value}
    form = TrajectoryForm(posted(request), initial=_plain(first))
    here = _here(series_id)
    return asked(
        request, form,
        lambda: writing.set_trajectory(
            series=row, starts_on=form.cleaned_data["starts_on"], targets=form.targets(),
            reason=form.cleaned_data["reason"] or "", by=viewer, at=viewer.at,
        ),
        done="The trajectory is set.", then=here, back_href=here, cancel_href=here, caption=str(row), stamp=row.measure.stamp,
        title="What it shall come to", submit_text="Save",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def comparison(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Say how far a change is the work's doing."""
    viewer = viewer_of(request)
    check(viewer, COMPARE_SERIES)
    row = queries.series_for_change(viewer, series_id)
    others = reading.comparable(viewer, series_id)
    form = ComparisonForm(
        posted(request),
        offers={"other": options([("", "No group"), *((each.id, f"{each.area}, {each.cohort}") for each in others)])},
    )
    here = _here(series_id)

    def save() -> object:
        clean = form.cleaned_data
        other = queries.series_for_change(viewer, UUID(clean["other"])) if clean["other"] else None
        return writing.record_comparison(
            series=row, level=int(clean["level"]), words=clean["words"], other=other, before_on=clean["before_on"],
            after_on=clean["after_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="It is written down.", then=here, back_href=here, cancel_href=here, caption=str(row), stamp=row.measure.stamp,
        title="How far is the change the work’s doing?", submit_text="Save",
    )  # fmt: skip
