"""Requests that wait for an answer, and the one screen on which they are answered."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.answers import AnswerForm, CorrectionForm, RefuseForm
from joinedup.information_sharing.kept import ANSWER, CORRECTION, REFUSAL
from joinedup.information_sharing.views.shared import GET_OR_POST, attempt, pressed, viewer_of


@login_required
@require_safe
def to_answer(request: HttpRequest) -> HttpResponse:
    """What partners ask of the viewer's posts, the first due first."""
    viewer = viewer_of(request)
    return render(
        request, "information_sharing/to_answer.jinja", {"page": queries.requests_to_answer(viewer), "now": viewer.at}
    )


@login_required
@require_POST
def open_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """See who it is about, and answer."""
    viewer = viewer_of(request)
    asked = queries.request_to_answer_for_change(viewer, request_id)
    then = reverse("request_to_answer", kwargs={"request_id": request_id})
    return pressed(request, lambda: services.open_request(request=asked, by=viewer, at=viewer.at), "", then)


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The answer screen. Before somebody has opened the request it says only who asks and what for."""
    viewer = viewer_of(request)
    today = timezone.localdate(viewer.at)
    screen = queries.request_to_answer(viewer, request_id, purpose="answering a partner’s request")
    context = {"screen": screen, "asked": screen.request, "now": viewer.at}
    if screen.identity is None or screen.request.answer is not None:
        return render(request, "information_sharing/request_to_answer.jinja", context)
    desk = Desk(request, ANSWER, str(request_id))
    form = AnswerForm(**desk.answers(), initial=AnswerForm.first(screen, today))
    form.told(screen, today)
    if request.method == "POST" and form.is_valid():
        asked = queries.request_to_answer_for_change(viewer, request_id)
        call = lambda: services.answer_request(request=asked, answer=form.answer(), by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            desk.done()
            messages.success(request, f"Your answer to {asked.reference} is with whoever asked.")
            return redirect("requests_to_answer")
    return render(request, "information_sharing/answer.jinja", context | {"form": form, "desk": desk})


@login_required
@require_http_methods(GET_OR_POST)
def correct(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Put an answer right: the earlier one stays readable beside it."""
    viewer = viewer_of(request)
    today = timezone.localdate(viewer.at)
    screen = queries.request_to_answer(viewer, request_id, purpose="putting an answer right")
    if screen.request.answer is None:
        raise NotVisible
    desk = Desk(request, CORRECTION, str(request_id))
    form = CorrectionForm(**desk.answers(), initial=CorrectionForm.first(screen, today))
    form.told(screen, today)
    if request.method == "POST" and form.is_valid():
        asked = queries.request_to_answer_for_change(viewer, request_id)
        why = form.cleaned_data["correction_reason"]
        call = lambda: services.correct_answer(  # noqa: E731
            request=asked, answer=form.answer(), reason=why, by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            messages.success(request, "Your correction is with whoever asked. The earlier answer stays readable.")
            return redirect("request_to_answer", request_id=request_id)
    context = {"screen": screen, "asked": screen.request, "now": viewer.at, "form": form, "desk": desk}
    return render(request, "information_sharing/answer.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Refuse to share anything, and say why."""
    viewer = viewer_of(request)
    asked = queries.request_to_answer_for_change(viewer, request_id)
    desk = Desk(request, REFUSAL, str(request_id))
    form = RefuseForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        call = lambda: services.refuse_request(  # noqa: E731
            request=asked, reason_code=told["reason_code"], words=told["words"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            messages.success(request, f"Your refusal of {asked.reference} and its reason are with whoever asked.")
            return redirect("requests_to_answer")
    context = {
        "form": form, "title": "Refuse to share", "caption": f"Request {asked.reference}",
        "submit_text": "Refuse this request", "cancel_href": reverse("request_to_answer", args=[request_id]), "desk": desk,
    }  # fmt: skip
    return render(request, "core/question.jinja", context)
