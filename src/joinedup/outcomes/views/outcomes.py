"""Pages of outcomes, measures and the series of a measure side by side."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.outcomes.codes import ILLUSTRATION, SHARE
from joinedup.outcomes.forms import CohortForm, MeasureForm, OutcomeForm, SeriesForm
from joinedup.outcomes.permissions import KEEP_SERIES
from joinedup.outcomes.queries import pages as reading
from joinedup.outcomes.queries.pages import Offers
from joinedup.outcomes.services import series as writing
from joinedup.outcomes.subjects import groups_offered
from joinedup.outcomes.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    pressed,
    table_file,
    viewer_of,
)


@login_required
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """Every outcome with its measures and how each stands."""
    return render(request, "outcomes/outcomes.jinja", {"page": reading.outcome_list(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def outcome_new(request: HttpRequest) -> HttpResponse:
    """Add an outcome."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SERIES)
    entries = [("", "None"), *((each.code, each.name) for each in reading.offers(viewer).entries)]
    form = OutcomeForm(posted(request), offers={"entry": options(entries)})

    def save() -> object:
        clean = form.cleaned_data
        return writing.add_outcome(
            code=clean["code"],
            name=clean["name"],
            words=clean["words"] or "",
            entry=clean["entry"] or "",
            by=viewer,
            at=viewer.at,
        )

    back = reverse("outcomes")
    return asked(
        request, form, save, done="The outcome is added. Add what measures it.", then=back, title="Add an outcome",
        back_href=back, cancel_href=back, submit_text="Add it",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def measure_new(request: HttpRequest, partnership_outcome_id: UUID) -> HttpResponse:
    """Add a measure of an outcome."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SERIES)
    outcome = reading.partnership_outcome(viewer, partnership_outcome_id)
    form = MeasureForm(posted(request))
    made: list[UUID] = []

    def save() -> object:
        clean = form.cleaned_data
        said = writing.NewPartnershipMeasure(
            code=clean["code"], name=clean["name"], definition=clean["definition"], form=clean["form"] or SHARE,
            unit="per cent" if clean["form"] == SHARE else clean["unit"] or "", direction=clean["direction"] or "up",
            source=clean["source"], frequency=clean["frequency"], counter=clean["counter"] or "",
            places=0 if clean["form"] == "count" else 1, stamp=ILLUSTRATION if clean["invented"] else "",
        )  # fmt: skip
        made.append(writing.add_partnership_measure(outcome=outcome, measure=said, by=viewer, at=viewer.at).pk)
        return made

    back = reverse("outcomes")
    return asked(
        request, form, save, done="The measure is added. Say in which areas it is read.",
        then=lambda: reverse("outcome_series_new", args=[made[0]]), title="Add a measure", caption=outcome.name,
        back_href=back, cancel_href=back, submit_text="Add it",
    )  # fmt: skip


@login_required
@require_safe
def measure(request: HttpRequest, partnership_measure_id: UUID) -> HttpResponse:
    """One measure, its areas side by side."""
    page = reading.measure_page(viewer_of(request), partnership_measure_id)
    return render(request, "outcomes/measure.jinja", {"page": page, "measure": page.measure})


@login_required
@require_safe
def measure_file(request: HttpRequest, partnership_measure_id: UUID, table_kind: str) -> HttpResponse:
    """Every reading of a measure as CSV or as a workbook."""
    page = reading.measure_page(viewer_of(request), partnership_measure_id)
    return table_file(page.table(), table_kind, f"outcome-{page.measure.code.lower()}")


@login_required
@require_http_methods(GET_OR_POST)
def series_new(request: HttpRequest, partnership_measure_id: UUID) -> HttpResponse:
    """Read a measure in some areas."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SERIES)
    row = reading.partnership_measure(viewer, partnership_measure_id)
    found = reading.offers(viewer)
    areas = _areas(found, is_counted=bool(row.counter))
    everybody = next((each for each in found.cohorts if each.code == "ALL"), None)
    form = SeriesForm(
        posted(request), initial={"cohort": str(everybody.pk) if everybody else ""},
        offers={"areas": options(areas), "cohort": options((each.pk, each.name) for each in found.cohorts)},
    )  # fmt: skip
    back = reverse("outcome_measure", args=[row.pk])

    def save() -> object:
        clean = form.cleaned_data
        places = [*found.localities, *found.clusters]
        return writing.add_series(
            measure=row, cohort=chosen(found.cohorts, clean["cohort"]), areas=[chosen(places, key) for key in clean["areas"]],
            starts_on=clean["starts_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, done="It is read there from now on.", then=back, title="Where and of whom it is read",
        caption=row.name, back_href=back, cancel_href=back, submit_text="Save", stamp=row.stamp,
    )  # fmt: skip


def _areas(found: Offers, *, is_counted: bool) -> list[tuple[object, str]]:
    areas: list[tuple[object, str]] = [("whole", "The whole partnership")]
    areas += [(each.pk, each.name) for each in found.localities]
    areas += [] if is_counted else [(each.pk, f"{each.name} (cluster)") for each in found.clusters]
    return areas


@login_required
@require_POST
def measure_end(request: HttpRequest, partnership_measure_id: UUID) -> HttpResponse:
    """Read a measure no more."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SERIES)
    row = reading.partnership_measure(viewer, partnership_measure_id)
    return pressed(
        request, lambda: writing.end_partnership_measure(measure=row, by=viewer, at=viewer.at),
        "It is read no more. What was read stays.", reverse("outcome_measure", args=[row.pk]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def cohort_new(request: HttpRequest) -> HttpResponse:
    """Add a group of people a measure may be read for."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SERIES)
    groups = groups_offered(viewer)
    form = CohortForm(posted(request), offers={"group": options((each.key, each.name) for each in groups)})

    def save() -> object:
        clean = form.cleaned_data
        return writing.add_cohort(
            code=clean["code"], name=clean["name"], definition=clean["definition"] or "", youngest=clean["youngest"],
            oldest=clean["oldest"], group=clean["group"] or "", by=viewer, at=viewer.at,
        )  # fmt: skip

    back = reverse("outcomes")
    return asked(
        request, form, save, done="The group is added. A measure can be read for it.", then=back, title="Add a group of people",
        back_href=back, cancel_href=back, submit_text="Add it",
    )  # fmt: skip
