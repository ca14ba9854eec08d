"""What the linkage model did, and the quality of the records agencies send."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import check
from joinedup.core.errors import Refused
from joinedup.person_index import queries, services
from joinedup.person_index.permissions import RUN_LINKAGE


@login_required
@require_GET
def linkage_runs(request: ViewerRequest) -> HttpResponse:
    """The runs of the model and the register of its versions."""
    return render(request, "person_index/linkage_runs.jinja", {"found": queries.linkage_page(request.viewer)})


@login_required
@require_GET
def linkage_run(request: ViewerRequest, linkage_run_id: UUID) -> HttpResponse:
    """One run: its receipt."""
    run = queries.linkage_run(request.viewer, linkage_run_id)
    return render(request, "person_index/linkage_run.jinja", {"run": run})


@login_required
@require_POST
def linkage_stop(request: ViewerRequest, linkage_run_id: UUID) -> HttpResponse:
    """End a run before it is through."""
    run = queries.linkage_run_for_change(request.viewer, linkage_run_id)
    check(request.viewer, RUN_LINKAGE)
    try:
        services.stop_linkage_run(run=run, by=request.viewer, at=request.viewer.at)
        messages.success(request, "It is stopped. What it linked stays and can be separated.")
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("linkage_run", linkage_run_id=linkage_run_id)


@login_required
@require_POST
def linkage_start(request: ViewerRequest) -> HttpResponse:
    """Have the whole index looked at now."""
    services.start_reevaluation(by=request.viewer, at=request.viewer.at)
    messages.success(request, "The whole index is looked at in the background. Nothing is linked by it.")
    return redirect("linkage_runs")


@login_required
@require_GET
def quality(request: ViewerRequest) -> HttpResponse:
    """The agencies whose report one may read; a data lead goes straight to their own."""
    lines = queries.agencies_with_records(request.viewer)
    if len(lines) == 1:
        return redirect("quality_of", agency_code=lines[0].code)
    return render(request, "person_index/quality_list.jinja", {"lines": lines})


@login_required
@require_GET
def quality_of(request: ViewerRequest, agency_code: str) -> HttpResponse:
    """One agency's records: what is wanting, the trend and the questions to send back."""
    report = queries.quality_report(request.viewer, agency_code)
    return render(request, "person_index/quality.jinja", {"report": report})


@login_required
@require_GET
def quality_csv(request: ViewerRequest, agency_code: str) -> HttpResponse:
    """The questions as a file to send back."""
    text = queries.questions_as_csv(request.viewer, agency_code)
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="questions-about-records.csv"'},
    )
