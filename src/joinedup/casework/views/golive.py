"""Pages of going live: files of an old system, what came of each, and the reconciliation with its signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.casework import services
from joinedup.casework.forms.golive import KIND_WORDS, GoLiveForm, SignForm
from joinedup.casework.permissions import BRING_WORK_OVER
from joinedup.casework.queries.golive_work import golive_run, golive_runs, golive_runs_shown
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.drafts import all_at_once, declare_form
from joinedup.core.tabular import report_csv
from joinedup.organisations.queries import open_organisations, organisation_with_code

SIGNING = declare_form(
    "casework.sign_off", "Sign a reconciliation", lambda about: reverse("golive_run", kwargs={"golive_run_id": about}),
    shown=all_at_once(golive_runs_shown),
)  # fmt: skip


@login_required
@require_safe
def golive(request: HttpRequest) -> HttpResponse:
    """The files that were sent, what was done with each, and what is signed."""
    runs = golive_runs(viewer_of(request))
    return render(request, "casework/golive.jinja", {"runs": runs, "kinds": KIND_WORDS})


@login_required
@require_http_methods(GET_OR_POST)
def golive_new(request: HttpRequest) -> HttpResponse:
    """Send a file: a dry run first."""
    viewer = viewer_of(request)
    check(viewer, BRING_WORK_OVER)
    agencies = [(each.code, each.name) for each in open_organisations(viewer)]
    form = GoLiveForm(request.POST or None, request.FILES or None, agencies=agencies, initial={"what": "try"})
    if request.method == "POST" and form.is_valid():
        clean, file = form.cleaned_data, form.cleaned_data["file"]
        run = attempt(
            form,
            lambda: services.start_golive_run(
                agency=organisation_with_code(viewer, clean["agency"]), kind=clean["kind"], what=clean["what"],
                file_name=file.name, content=file.read(), by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if run is not None:
            return redirect("work_progress", job_id=run.job_id)
    back = reverse("golive")
    context = {"form": form, "title": "Send a file of an old system", "back_href": back, "cancel_href": back}
    return render(request, "core/question.jinja", context | {"submit_text": "Send"})


@login_required
@require_http_methods(GET_OR_POST)
def golive_one(request: HttpRequest, golive_run_id: UUID) -> HttpResponse:
    """What came of one file; a reconciliation is signed here."""
    viewer = viewer_of(request)
    run = golive_run(viewer, golive_run_id)
    desk = Desk(request, SIGNING, str(golive_run_id))
    form = SignForm(**desk.answers(), initial={"name": viewer.name}) if run.is_compared and not run.signed_at else None
    if request.method == "POST" and form is not None and form.is_valid():
        clean = form.cleaned_data
        call = lambda: services.sign_off_run(  # noqa: E731
            run=run.row, name=clean["name"], signed_as=clean["signed_as"], words=clean["words"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "golive_run", "The reconciliation is signed.", golive_run_id=golive_run_id)
    context = {"run": run, "form": form, "desk": desk, "kinds": KIND_WORDS}
    return render(request, "casework/golive_run.jinja", context)


@login_required
@require_safe
def golive_csv(request: HttpRequest, golive_run_id: UUID) -> HttpResponse:
    """The rejected rows, or the differences, for a spreadsheet."""
    run = golive_run(viewer_of(request), golive_run_id)
    rows: list[dict[str, Any]] = [dict(each) for each in run.rejected]
    if run.is_compared:  # the same four columns: what differs, which record, why
        rows = [{**each, "field": each["what"], "value": each["reference"]} for each in run.differences]
    text = report_csv(rows)
    return attachment(text, "text/csv; charset=utf-8", f"{run.kind}-{run.what}.csv")
