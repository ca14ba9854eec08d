"""Pages of testing phases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.capacity import pictures, queries, services
from joinedup.capacity.forms import IncidentForm, PhaseForm, ReasonForm
from joinedup.capacity.kept import END, INCIDENT, PHASE, RESUME
from joinedup.capacity.lifecycle import PHASE_LABELS, PhaseState
from joinedup.capacity.permissions import KEEP_PHASE, RECORD_INCIDENT
from joinedup.capacity.services import PhaseSaid
from joinedup.capacity.views.shared import GET_OR_POST, asked, pressed, show, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.forms import Option
from joinedup.organisations.queries import teams_of_kind


@login_required
@require_safe
def phases(request: HttpRequest) -> HttpResponse:
    """Every testing phase."""
    viewer = viewer_of(request)
    rows = [(each, PHASE_LABELS[PhaseState(each.state)]) for each in queries.phases_list(viewer)]
    return show(request, "capacity/phases.jinja", here="testing_phases", rows=rows, may_keep=can(viewer, KEEP_PHASE))


@login_required
@require_safe
def phase(request: HttpRequest, testing_phase_id: UUID) -> HttpResponse:
    """One phase."""
    viewer = viewer_of(request)
    page = queries.phase_seen(viewer, testing_phase_id)
    picture = None
    if page.bands:
        weeks = list(range(len(page.bands)))
        picture = pictures.fan("Open families of the cohort", weeks, page.bands, page.actual)
    return show(
        request, "capacity/phase.jinja", page=page, picture=picture, labels={each.value: PHASE_LABELS[each] for each in PhaseState},
        may_keep=can(viewer, KEEP_PHASE), may_record=can(viewer, RECORD_INCIDENT),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Set a phase up."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PHASE)
    teams = {str(each.pk): each for each in teams_of_kind(viewer, "case_management")}
    kept = {str(each.pk): each for each in queries.scenarios_list(viewer)}
    desk = Desk(request, PHASE)
    form = PhaseForm(
        **desk.answers(), initial={"cohort_limit": "50", "continuity_percent": "80"},
        teams=[Option(key, each.name) for key, each in teams.items()],
        scenarios=[Option("", "None"), *(Option(key, each.name) for key, each in kept.items())],
    )  # fmt: skip
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        said = PhaseSaid(
            clean["name"], clean["cohort_limit"], clean["starts_on"], clean["comparison"], clean["must_hold"],
            clean["continuity_percent"],
        )  # fmt: skip
        row = services.set_up_phase(
            said=said, team=teams[clean["team"]], scenario=kept.get(clean["scenario"]), by=viewer, at=viewer.at
        )
        made.append(row.pk)

    return asked(
        request, form, save, desk=desk, done="The testing phase is set up.", then=lambda: _page(made[0]),
        title="Set up a testing phase", submit_text="Set up", cancel_href=reverse("testing_phases"),
    )  # fmt: skip


def _page(phase_id: object) -> str:
    return reverse("testing_phase", args=[phase_id])


@login_required
@require_POST
def begin(request: HttpRequest, testing_phase_id: UUID) -> HttpResponse:
    """Take families on from now."""
    viewer = viewer_of(request)
    row = queries.phase_for_change(viewer, testing_phase_id)
    return pressed(
        request,
        lambda: services.begin_phase(phase=row, by=viewer, at=viewer.at),
        "The phase has begun.",
        _page(testing_phase_id),
    )


@login_required
@require_http_methods(GET_OR_POST)
def incident(request: HttpRequest, testing_phase_id: UUID) -> HttpResponse:
    """Record a serious incident; intake halts."""
    viewer = viewer_of(request)
    check(viewer, RECORD_INCIDENT)
    row = queries.phase_for_change(viewer, testing_phase_id)
    desk = Desk(request, INCIDENT, str(testing_phase_id))
    form = IncidentForm(**desk.answers())

    def save() -> None:
        clean = form.cleaned_data
        services.record_incident(
            phase=row, happened_on=clean["happened_on"], words=clean["words"], by=viewer, at=viewer.at
        )

    return _of_phase(request, form, desk, save, row, "Record a serious incident", "It is recorded. Intake is halted.")


def _reasoned(
    request: HttpRequest, phase_id: UUID, kind: Any, call: Callable[..., object], title: str, done: str
) -> HttpResponse:
    viewer = viewer_of(request)
    check(viewer, KEEP_PHASE)
    row = queries.phase_for_change(viewer, phase_id)
    desk = Desk(request, kind, str(phase_id))
    form = ReasonForm(**desk.answers())

    def save() -> None:
        call(phase=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    return _of_phase(request, form, desk, save, row, title, done)


def _of_phase(
    request: HttpRequest, form: Any, desk: Desk, save: Callable[[], object], row: Any, title: str, done: str
) -> HttpResponse:
    then = _page(row.pk)
    return asked(
        request,
        form,
        save,
        desk=desk,
        done=done,
        then=then,
        title=title,
        caption=row.name,
        submit_text="Save",
        cancel_href=then,
    )


@login_required
@require_http_methods(GET_OR_POST)
def resume(request: HttpRequest, testing_phase_id: UUID) -> HttpResponse:
    """Take families on again."""
    return _reasoned(
        request, testing_phase_id, RESUME, services.resume_phase, "Why may families be taken on again?", "Families are taken on again."
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, testing_phase_id: UUID) -> HttpResponse:
    """End it."""
    return _reasoned(
        request, testing_phase_id, END, services.end_phase, "Why does the phase end?", "The phase has ended."
    )
