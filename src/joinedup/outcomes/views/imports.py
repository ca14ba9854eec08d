"""Files of readings: bringing one in, and what became of each."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.core.asking import attempt
from joinedup.core.documents import attachment
from joinedup.core.figures import csv_of
from joinedup.core.tabular import REPORT_HEADER
from joinedup.outcomes.forms import FileForm
from joinedup.outcomes.queries import pages as reading
from joinedup.outcomes.reading_file import COLUMNS
from joinedup.outcomes.services.imports import import_readings
from joinedup.outcomes.views.shared import GET_OR_POST, viewer_of


@login_required
@require_http_methods(GET_OR_POST)
def imports(request: HttpRequest) -> HttpResponse:
    """Bring in a file; below, those that were."""
    viewer = viewer_of(request)
    rows = reading.reading_imports(viewer)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = attempt(form, lambda: import_readings(file_name=file.name, content=file.read(), by=viewer, at=viewer.at))
        if run is not None:
            return redirect("outcome_import", reading_import_id=run.pk)
    page = {
        "form": form, "rows": rows, "columns": COLUMNS, "title": "Bring in readings", "submit_text": "Bring it in",
        "back_href": reverse("outcomes"),
    }  # fmt: skip
    return render(request, "outcomes/imports.jinja", page)


@login_required
@require_safe
def one(request: HttpRequest, reading_import_id: UUID) -> HttpResponse:
    """What became of one file."""
    return render(
        request, "outcomes/import.jinja", {"run": reading.reading_import(viewer_of(request), reading_import_id)}
    )


@login_required
@require_safe
def report(request: HttpRequest, reading_import_id: UUID) -> HttpResponse:
    """What was not used of it, as CSV."""
    run = reading.reading_import(viewer_of(request), reading_import_id)
    rows = [REPORT_HEADER, *([each[name] for name in REPORT_HEADER] for each in run.rejected)]
    return attachment(csv_of(rows), "text/csv; charset=utf-8", f"rejected-{run.id}.csv")
