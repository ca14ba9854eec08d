"""Pages of the measures by which outcomes in families' plans are measured: which there are, another one, and ending one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.outcomes import queries, services
from joinedup.outcomes.codes import Direction
from joinedup.outcomes.permissions import ADD_MEASURE, END_MEASURE
from joinedup.outcomes.views.measures_form import PlanMeasureForm
from joinedup.outcomes.views.shared import GET_OR_POST, asked, posted, pressed, viewer_of


@login_required
@require_safe
def plan_measures(request: HttpRequest) -> HttpResponse:
    """Every measure that may be chosen in a plan."""
    viewer = viewer_of(request)
    check(viewer, ADD_MEASURE)
    return render(request, "outcomes/plan_measures.jinja", {"measures": queries.measures(viewer)})


@login_required
@require_http_methods(GET_OR_POST)
def plan_measure_new(request: HttpRequest) -> HttpResponse:
    """Add one."""
    viewer = viewer_of(request)
    check(viewer, ADD_MEASURE)
    form = PlanMeasureForm(posted(request))

    def save() -> object:
        clean = form.cleaned_data
        same = {name: clean[name] for name in ("code", "name", "question", "unit", "least", "most", "places")}
        said = services.NewMeasure(direction=Direction(clean["direction"]), **same)
        return services.add_measure(measure=said, by=viewer, at=viewer.at)

    back = reverse("plan_measures")
    return asked(
        request, form, save, done="The measure is added. It can be chosen in every plan.", then=back,
        title="Add a measure of plans", back_href=back, cancel_href=back, submit_text="Add it",
    )  # fmt: skip


@login_required
@require_POST
def plan_measure_end(request: HttpRequest, plan_measure_id: UUID) -> HttpResponse:
    """Offer one no more."""
    viewer = viewer_of(request)
    check(viewer, END_MEASURE)
    row = queries.measure_with_id(viewer, plan_measure_id)
    return pressed(
        request, lambda: services.end_measure(measure=row, by=viewer, at=viewer.at),
        "It is offered no more. What was measured with it stays.", reverse("plan_measures"),
    )  # fmt: skip
