"""The requests somebody asked, and refusals counted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.core.desk import Desk
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.answers import ReasonForm
from joinedup.information_sharing.kept import WITHDRAWAL
from joinedup.information_sharing.views.shared import GET_OR_POST, attempt, pressed, viewer_of


@login_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What the viewer's own posts asked of partners."""
    viewer = viewer_of(request)
    with_ended = request.GET.get("show") == "all"
    rows = queries.requests_asked(viewer, with_ended=with_ended)
    return render(
        request, "information_sharing/asked.jinja", {"rows": rows, "with_ended": with_ended, "now": viewer.at}
    )


@login_required
@require_safe
def asked_one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request with its answers."""
    viewer = viewer_of(request)
    found = queries.asked_request(viewer, request_id, purpose="reading a partner’s answer")
    return render(request, "information_sharing/asked_one.jinja", {"asked": found, "now": viewer.at})


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take back a question nobody has answered."""
    viewer = viewer_of(request)
    found = queries.request_for_change(viewer, request_id)
    desk = Desk(request, WITHDRAWAL, str(request_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        call = lambda: services.withdraw_request(request=found, reason=why, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            desk.done()
            messages.success(request, f"{found.reference} is withdrawn. Nobody sees it any more who was asked.")
            return redirect("requests_asked")
    context = {
        "form": form, "title": "Why do you withdraw this request?", "caption": f"Request {found.reference}",
        "submit_text": "Withdraw", "cancel_href": reverse("asked_request", args=[request_id]), "desk": desk,
    }  # fmt: skip
    return render(request, "core/question.jinja", context)


@login_required
@require_POST
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Nothing more is wanted."""
    viewer = viewer_of(request)
    found = queries.request_for_change(viewer, request_id)
    return pressed(
        request,
        lambda: services.close_request(request=found, by=viewer, at=viewer.at),
        f"{found.reference} is closed.",
        reverse("requests_asked"),
    )


@login_required
@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """Refusals of the last twelve months by organisation and reason."""
    viewer = viewer_of(request)
    organisation = _id_of(request.GET.get("organisation", ""))
    reason = request.GET.get("reason", "")
    found = queries.refusals(viewer, organisation_id=organisation, reason_code=reason)
    return render(
        request, "information_sharing/refusals.jinja", {"found": found, "is_chosen": bool(organisation or reason)}
    )


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """Who shares what, for anybody."""
    shared = queries.privacy_notice(viewer_of(request))
    return render(request, "information_sharing/privacy_notice.jinja", {"shared": shared})
