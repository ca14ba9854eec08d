"""Importing an agency's file, a step a page: the file, its columns, a look ahead, the receipt, undoing it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.organisations.queries import open_organisations
from joinedup.person_index import queries, services
from joinedup.person_index.agency_file_mapping import FIELDS
from joinedup.person_index.forms.imports import ColumnsForm, SheetForm, UndoForm, UploadForm
from joinedup.person_index.kept import UNDO_IMPORT
from joinedup.person_index.permissions import IMPORT_RECORDS

_A_PAGE = 25


@login_required
@require_GET
def import_list(request: ViewerRequest) -> HttpResponse:
    """Earlier imports, newest first, and the viewer's files that wait."""
    runs = queries.import_runs(request.viewer, before=_id(request.GET.get("before", "")), limit=_A_PAGE + 1)
    context = {
        "runs": runs[:_A_PAGE],
        "next_before": runs[_A_PAGE - 1].id if len(runs) > _A_PAGE else None,
        "waiting": queries.uploads_waiting(request.viewer),
    }
    return render(request, "person_index/import_list.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_new(request: ViewerRequest) -> HttpResponse:
    """Choose an agency and its file. What cannot be read is refused here, before anything is kept."""
    viewer = request.viewer
    check(viewer, IMPORT_RECORDS)
    agencies = [(one.code, one.name) for one in open_organisations(viewer)]
    form = UploadForm(
        request.POST or None, request.FILES or None, agencies=agencies, most_megabytes=settings.IMPORT_MEGABYTES
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = services.keep_upload(
                agency_code=form.cleaned_data["agency"],
                file_name=file.name,
                content=file.read(),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("import_columns", upload_id=upload.pk)
    context = {"title": "Import an agency’s file", "caption": "Step 1 of 3", "back_href": reverse("import_list")}
    return render(request, "core/question.jinja", context | {"form": form, "cancel_href": reverse("import_list")})


@login_required
@require_http_methods(["GET", "POST"])
def import_columns(request: ViewerRequest, upload_id: UUID) -> HttpResponse:
    """Which column holds what: guessed or remembered, to correct."""
    viewer = request.viewer
    upload = queries.upload(viewer, upload_id)
    ahead = queries.look_ahead(viewer, upload)
    form = ColumnsForm(request.POST or None, first=ahead.first)
    if form.is_valid():
        try:
            services.say_columns(
                upload=upload,
                columns=form.said,
                date_order=form.cleaned_data["date_order"],
                sheet=ahead.first.sheet if len(ahead.first.sheets) > 1 else "",
                is_remembered=form.cleaned_data["is_remembered"],
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("import_check", upload_id=upload.pk)
    context = {"upload": upload, "ahead": ahead, "form": form}
    return render(request, "person_index/import_columns.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_sheet(request: ViewerRequest, upload_id: UUID) -> HttpResponse:
    """Which sheet of a workbook holds the records. What was said of the columns of another sheet is forgotten."""
    viewer = request.viewer
    upload = queries.upload(viewer, upload_id)
    first = queries.look_ahead(viewer, upload).first
    form = SheetForm(request.POST or None, sheets=first.sheets, initial={"sheet": first.sheet})
    if form.is_valid():
        services.say_columns(
            upload=upload,
            columns={},
            date_order=first.mapping.date_order,
            sheet=form.cleaned_data["sheet"],
            is_remembered=upload.is_remembered,
            by=viewer,
            at=viewer.at,
        )
        return redirect("import_columns", upload_id=upload.pk)
    back = reverse("import_columns", kwargs={"upload_id": upload.pk})
    context = {"title": "Which sheet holds the records?", "form": form, "back_href": back, "cancel_href": back}
    return render(request, "core/question.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def import_check(request: ViewerRequest, upload_id: UUID) -> HttpResponse:
    """The first rows as they would land, and what would be rejected; then start."""
    viewer = request.viewer
    upload = queries.upload(viewer, upload_id)
    problem = ""
    if request.method == "POST":
        try:
            job = services.start_import(upload=upload, by=viewer, at=viewer.at)
        except Refused as refusal:
            if refusal.status != Refused.status:
                raise
            problem = refusal.sentence
        else:
            return redirect("work_progress", job_id=job.pk)
    ahead = queries.look_ahead(viewer, upload)
    used = {name for row in ahead.first.rows for name in row.values}
    rows = [(row, {name: _said(name, value) for name, value in row.values.items()}) for row in ahead.first.rows]
    context = {
        "upload": upload,
        "ahead": ahead,
        "problem": problem or ahead.first.problem,
        "page_has_errors": bool(problem),
        "columns": [{"key": name, "text": text} for name, text in FIELDS.items() if name in used],
        "names": FIELDS,
        "rows": rows,
        "faulty": sum(1 for row in ahead.first.rows if row.faults),
    }
    return render(request, "person_index/import_check.jinja", context)


@login_required
@require_POST
def import_discard(request: ViewerRequest, upload_id: UUID) -> HttpResponse:
    """Remove a file that waits."""
    viewer = request.viewer
    try:
        services.discard_upload(upload=queries.upload(viewer, upload_id), by=viewer, at=viewer.at)
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "The file is removed. Nothing was imported from it.")
    return redirect("import_list")


@login_required
@require_GET
def import_receipt(request: ViewerRequest, run_id: UUID) -> HttpResponse:
    """What an import did, who started it and when, and the way to undo it."""
    report = queries.import_run(request.viewer, run_id)
    return render(request, "person_index/import_receipt.jinja", {"report": report, "line": report.line})


@login_required
@require_GET
def import_records_of(request: ViewerRequest, run_id: UUID, which: str) -> HttpResponse:
    """The records behind a count of the receipt."""
    page = queries.records_of_import(request.viewer, run_id, which=which, after=_id(request.GET.get("after", "")))
    return render(request, "person_index/import_records.jinja", {"page": page})


@login_required
@require_GET
def import_rejected(request: ViewerRequest, run_id: UUID) -> HttpResponse:
    """Every value an import could not use, a page at a time."""
    report = queries.import_run(request.viewer, run_id)
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    shown = report.rejected[start : start + 100]
    more = start + 100 if start + 100 < len(report.rejected) else 0
    context = {"report": report, "line": report.line, "shown": shown, "start": start, "more": more, "names": FIELDS}
    return render(request, "person_index/import_rejected.jinja", context)


@login_required
@require_GET
def import_rejected_csv(request: ViewerRequest, run_id: UUID) -> HttpResponse:
    """What an import rejected, to send back to the agency."""
    text = queries.rejected_as_csv(request.viewer, run_id)
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rejected-rows-{run_id}.csv"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def import_undo(request: ViewerRequest, run_id: UUID) -> HttpResponse:
    """Why an import is undone; it is taken back in the background."""
    viewer = request.viewer
    report = queries.import_run(viewer, run_id)
    if not report.can_be_undone:
        messages.warning(request, "This import can no longer be undone.")
        return redirect("import_receipt", run_id=run_id)
    desk = Desk(request, UNDO_IMPORT, str(run_id))
    form = UndoForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            job = services.start_undo(run=report.run, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            return redirect("work_progress", job_id=job.pk)
    back = reverse("import_receipt", kwargs={"run_id": run_id})
    context: dict[str, Any] = {"report": report, "line": report.line, "form": form, "title": "Undo this import"}
    context |= {"back_href": back, "cancel_href": back, "submit_text": "Undo the import", "desk": desk}
    return render(request, "person_index/import_undo.jinja", context)


def _said(name: str, value: str) -> str:
    """A value as a page shows it: a date in words."""
    return date_long(date.fromisoformat(value)) if name in ("birth_date", "as_of") else value


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
