"""What agencies observed: finding and withdrawing it for the agency that made it, and importing a file of it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from joinedup.access.middleware import ViewerRequest
from joinedup.core.desk import Desk
from joinedup.core.errors import Refused
from joinedup.person_index import queries, services
from joinedup.person_index.forms.imports import UndoForm
from joinedup.person_index.forms.observations import ColumnsForm, FindForm, UploadForm, WithdrawForm
from joinedup.person_index.kept import UNDO_OBSERVATIONS, WITHDRAW_OBSERVATION
from joinedup.person_index.observing import FIELDS, in_words

_A_PAGE = 25


@login_required
@require_http_methods(["GET", "POST"])
def observations(request: ViewerRequest) -> HttpResponse:
    """What the viewer's own organisation observed, newest first. A reference is looked for by POST, never by address."""
    form = FindForm(request.POST or None)
    told = form.cleaned_data if form.is_valid() else {}
    page = queries.observations_of_own(
        request.viewer, reference=told.get("reference") or "", kind=told.get("kind") or "",
        before=_id(request.POST.get("before", "")),
    )  # fmt: skip
    context = {"page": page, "form": form, "looked_for": bool(told.get("reference") or told.get("kind"))}
    return render(request, "person_index/observations.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: ViewerRequest, observation_id: UUID) -> HttpResponse:
    """Say that an observation was wrong, and why."""
    viewer = request.viewer
    line = queries.observation_line(viewer, observation_id)
    desk = Desk(request, WITHDRAW_OBSERVATION, str(observation_id))
    form = WithdrawForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.observation_for_change(viewer, observation_id)
        try:
            services.withdraw_observation(
                observation=target, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "Withdrawn. Nothing looks at it any more, and the same is not taken again.")
            return redirect("observations")
    context = {"line": line, "form": form, "title": "Withdraw an observation", "back_href": reverse("observations")}
    context |= {"submit_text": "Withdraw it", "desk": desk, "cancel_href": reverse("observations")}
    return render(request, "person_index/observation_withdraw.jinja", context)


@login_required
@require_GET
def files(request: ViewerRequest) -> HttpResponse:
    """Earlier imports, newest first, and the viewer's files that wait."""
    runs = queries.observation_runs(request.viewer, before=_id(request.GET.get("before", "")), limit=_A_PAGE + 1)
    context = {
        "runs": runs[:_A_PAGE],
        "next_before": runs[_A_PAGE - 1].id if len(runs) > _A_PAGE else None,
        "waiting": queries.observation_uploads(request.viewer),
    }
    return render(request, "person_index/observation_files.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Choose an agency and its file. What cannot be read is refused here, before anything is kept."""
    viewer = request.viewer
    form = UploadForm(
        request.POST or None, request.FILES or None, agencies=queries.agencies_to_import(viewer),
        most_megabytes=settings.IMPORT_MEGABYTES,
    )  # fmt: skip
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = services.keep_observation_upload(
                agency_code=form.cleaned_data["agency"],
                file_name=file.name,
                content=file.read(),
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("observation_columns", waiting_id=upload.pk)
    back = reverse("observation_files")
    context = {"title": "Import observations", "caption": "Step 1 of 3", "back_href": back, "cancel_href": back}
    return render(request, "core/question.jinja", context | {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def columns(request: ViewerRequest, waiting_id: UUID) -> HttpResponse:
    """Which column holds what: guessed or remembered, to correct."""
    viewer = request.viewer
    upload = queries.observation_upload(viewer, waiting_id)
    ahead = queries.look_ahead_at_observations(viewer, upload)
    form = ColumnsForm(request.POST or None, ahead=ahead)
    if form.is_valid():
        try:
            services.say_observation_columns(
                upload=upload,
                columns=form.said,
                is_remembered=form.cleaned_data["is_remembered"],
                by=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("observation_check", waiting_id=upload.pk)
    context = {"upload": upload, "ahead": ahead, "form": form}
    return render(request, "person_index/observation_columns.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: ViewerRequest, waiting_id: UUID) -> HttpResponse:
    """The first rows as they would land, and what would be rejected; then start."""
    viewer = request.viewer
    upload = queries.observation_upload(viewer, waiting_id)
    problem = ""
    if request.method == "POST":
        try:
            job = services.start_observation_import(upload=upload, by=viewer, at=viewer.at)
        except Refused as refusal:
            if refusal.status != Refused.status:
                raise
            problem = refusal.sentence
        else:
            return redirect("work_progress", job_id=job.pk)
    ahead = queries.look_ahead_at_observations(viewer, upload)
    context = {
        "upload": upload, "ahead": ahead, "problem": problem or ahead.problem, "page_has_errors": bool(problem),
        "rows": [(row, in_words(row.kind, row.value)) for row in ahead.rows], "names": FIELDS,
        "faulty": len({each.row for each in ahead.rejected}),
    }  # fmt: skip
    return render(request, "person_index/observation_check.jinja", context)


@login_required
@require_POST
def discard(request: ViewerRequest, waiting_id: UUID) -> HttpResponse:
    """Remove a file that waits."""
    viewer = request.viewer
    upload = queries.observation_upload(viewer, waiting_id)
    try:
        services.discard_observation_upload(upload=upload, by=viewer, at=viewer.at)
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "The file is removed. Nothing was imported from it.")
    return redirect("observation_files")


@login_required
@require_GET
def receipt(request: ViewerRequest, brought_id: UUID) -> HttpResponse:
    """What an import did, what it rejected and why, and the way to undo it."""
    report = queries.observation_run(request.viewer, brought_id)
    context = {"report": report, "line": report.line, "names": FIELDS, "shown": report.rejected[:100]}
    return render(request, "person_index/observation_receipt.jinja", context)


@login_required
@require_GET
def rejected_csv(request: ViewerRequest, brought_id: UUID) -> HttpResponse:
    """What an import rejected, to send back to the agency."""
    text = queries.rejected_observations_csv(request.viewer, brought_id)
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rejected-observations-{brought_id}.csv"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def undo(request: ViewerRequest, brought_id: UUID) -> HttpResponse:
    """Why an import is undone; it is taken back in the background."""
    viewer = request.viewer
    report = queries.observation_run(viewer, brought_id)
    if not report.can_be_undone:
        messages.warning(request, "This import can no longer be undone.")
        return redirect("observation_receipt", brought_id=brought_id)
    desk = Desk(request, UNDO_OBSERVATIONS, str(brought_id))
    form = UndoForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            job = services.start_observation_undo(
                run=report.run, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            return redirect("work_progress", job_id=job.pk)
    back = reverse("observation_receipt", kwargs={"brought_id": brought_id})
    context = {"form": form, "title": "Undo this import", "caption": report.line.file_name, "back_href": back}
    context |= {"cancel_href": back, "submit_text": "Undo the import", "desk": desk}
    return render(request, "core/question.jinja", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
