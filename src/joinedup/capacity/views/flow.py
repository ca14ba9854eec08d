"""Pages of how cases flow: the process map, readings, a file of events."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.capacity import pictures, queries, services
from joinedup.capacity.forms import EventFileForm
from joinedup.capacity.permissions import TAKE_READING
from joinedup.capacity.views.shared import GET_OR_POST, asked, posted, show, viewer_of


@login_required
@require_safe
def flow_map(request: HttpRequest) -> HttpResponse:
    """The newest reading, the partnership's own before any file."""
    viewer = viewer_of(request)
    return _reading(request, viewer, queries.newest_reading(viewer), "flow_map")


@login_required
@require_safe
def reading(request: HttpRequest, flow_reading_id: UUID) -> HttpResponse:
    """One reading."""
    viewer = viewer_of(request)
    return _reading(request, viewer, queries.reading_seen(viewer, flow_reading_id), "flow_readings")


def _reading(request: HttpRequest, viewer: Any, row: Any, here: str) -> HttpResponse:
    said = row.summary if row else {}
    return show(
        request, "capacity/flow.jinja", here=here, row=row, said=said, may_take=can(viewer, TAKE_READING),
        map=pictures.process_map(said["edges"], is_partial=said["is_partial"]) if said.get("edges") else None,
        flow=pictures.flow(said["columns"]) if said.get("columns") else None,
        stock=pictures.stock(said["stock"]) if said.get("stock") else None,
    )  # fmt: skip


@login_required
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Every reading."""
    viewer = viewer_of(request)
    return show(
        request, "capacity/readings.jinja", here="flow_readings", rows=queries.readings_list(viewer),
        may_take=can(viewer, TAKE_READING),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def take(request: HttpRequest) -> HttpResponse:
    """Read a file of events; or, by the button, have the partnership's own flow read in the background."""
    viewer = viewer_of(request)
    check(viewer, TAKE_READING)
    if request.method == "POST" and request.POST.get("source") == "partnership":
        job = services.start_reading(by=viewer, at=viewer.at)
        messages.success(request, "The partnership’s flow is being read.")
        return redirect("work_progress", job_id=job.pk)
    form = EventFileForm(posted(request), request.FILES or None)
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        row = services.read_file(name=clean["name"], content=clean["file"].read(), by=viewer, at=viewer.at)
        made.append(row.pk)

    return asked(
        request, form, save, done="The file is read. Nothing of its events was kept but the counts.",
        then=lambda: reverse("flow_reading", args=[made[0]]), title="Read a file of events", submit_text="Read the file",
        cancel_href=reverse("flow_readings"),
    )  # fmt: skip
