"""What somebody asked the program to do in the background: the list, how far one piece of it is, and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from joinedup.access.middleware import ViewerRequest
from joinedup.access.queries import background_job, background_work
from joinedup.access.services import cancel_background_work
from joinedup.core.errors import Refused

if TYPE_CHECKING:
    from joinedup.core.models import Job

_UNDER_WAY = ("waiting", "running")


@login_required
@require_GET
def work(request: ViewerRequest) -> HttpResponse:
    """Everything the viewer asked for, newest first."""
    page = background_work(request.viewer, before=_id(request.GET.get("before", "")))
    rows = [(job, _result_of(job)) for job in page.jobs]
    return render(request, "web/work.jinja", {"rows": rows, "next_before": page.next_before})


@login_required
@require_GET
def work_progress(request: ViewerRequest, job_id: UUID) -> HttpResponse:
    """How far a job is; once it is done, straight to what came of it."""
    job = background_job(request.viewer, job_id)
    result = _result_of(job)
    if job.state == "done" and result:
        return redirect(result)
    return render(request, "web/work_progress.jinja", {"job": job, "is_under_way": job.state in _UNDER_WAY})


@login_required
@require_GET
def work_state(request: ViewerRequest, job_id: UUID) -> JsonResponse:
    """How far a job is, for the page that shows it."""
    job = background_job(request.viewer, job_id)
    return JsonResponse(
        {
            "is_under_way": job.state in _UNDER_WAY,
            "state": job.get_state_display(),
            "done": job.done,
            "total": job.total,
            "message": job.message,
        }
    )


@login_required
@require_POST
def work_cancel(request: ViewerRequest, job_id: UUID) -> HttpResponse:
    """Stop a job before it lands."""
    try:
        cancel_background_work(job=background_job(request.viewer, job_id), by=request.viewer, at=request.viewer.at)
    except Refused as refusal:
        if refusal.status != Refused.status:
            raise
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "Cancelled. Nothing was changed.")
    return redirect("work_progress", job_id=job_id)


def _result_of(job: Job) -> str:
    """The page that shows what came of a job, where this installation has it."""
    if job.state != "done" or not job.result_page:
        return ""
    try:
        return reverse(job.result_page, args=[job.result_id] if job.result_id else [])
    except NoReverseMatch:
        return ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
