"""Pages of training: who is trained in what, recording a course, taking a record back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import declare_form
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.forms import Form, Option
from joinedup.workforce import queries, services
from joinedup.workforce.forms import TakeBackForm, TrainingForm
from joinedup.workforce.permissions import TAKE_BACK_TRAINING

Result = TypeVar("Result")
TAKING_BACK = declare_form(
    "workforce.take_back",
    "Take back a record of training",
    lambda about: reverse("training_take_back", kwargs={"training_id": about}),
)


def _attempt(form: Form, call: Callable[[], Result]) -> Result | None:
    try:
        return call()
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return None


@login_required
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """Who is trained in what, what runs out first on top."""
    page = queries.training_page(viewer_of(request), request.GET.get("after", ""))
    more = f"{reverse('training')}?after={page.next_cursor}" if page.next_cursor else ""
    return render(request, "workforce/training.jinja", {"page": page, "next_href": more})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Record that somebody completed a course."""
    viewer = viewer_of(request)
    people = [
        Option(str(each.account_id), f"{each.name}, {each.title}, {each.organisation}")
        for each in queries.learners(viewer)
    ]
    posted = request.POST if request.method == "POST" else None
    form = TrainingForm(posted, people=people, on=timezone.localdate(viewer.at))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        said = {name: clean[name] for name in ("course", "trainer", "completed_on", "valid_until")}
        account_id = UUID(clean["account"])
        recorded = _attempt(
            form, lambda: services.record_training(account_id=account_id, **said, by=viewer, at=viewer.at)
        )
        if recorded is not None:
            messages.success(request, "The training is recorded.")
            return redirect("training")
    more = {"form": form, "title": "Record training", "submit_text": "Save", "cancel_href": reverse("training")}
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, training_id: UUID) -> HttpResponse:
    """A record was wrong."""
    viewer = viewer_of(request)
    row = queries.training_for_change(viewer, training_id)
    check(viewer, TAKE_BACK_TRAINING, row)
    desk = Desk(request, TAKING_BACK, str(training_id))
    form = TakeBackForm(**desk.answers(), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        sent = str(form.cleaned_data.get("version") or "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
        reason = form.cleaned_data["reason"]
        done = _attempt(
            form,
            lambda: services.take_back_training(training=row, reason=reason, version=version, by=viewer, at=viewer.at),
        )
        if done is not None:
            desk.done()
            messages.success(request, "The record is taken back.")
            return redirect("training")
    more = {
        "form": form, "title": f"Take back the training of {row.account.name}", "caption": "Training",
        "submit_text": "Take it back", "cancel_href": reverse("training"), "desk": desk,
    }  # fmt: skip
    return render(request, "core/question.jinja", more)
