"""Finding a service, for anybody: what is looked for is sent, never written into an address."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.core.asking import attempt, posted
from joinedup.directory.forms import FindForm
from joinedup.directory.queries import finding
from joinedup.directory.queries.finding import Wanted


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The questions, and what fits the answers."""
    form, page = FindForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        wanted = Wanted(
            clean["words"] or "", clean["postcode"] or "", int(clean["miles"] or 0), clean["age"], clean["day"] or "",
            bool(clean["is_free"]),
        )  # fmt: skip
        page = attempt(form, lambda: finding.services_found(viewer_of(request), wanted))
    return render(request, "directory/find.jinja", {"form": form, "page": page})


@require_safe
def service(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One service."""
    return render(request, "directory/service.jinja", {"page": finding.service_page(viewer_of(request), entry_id)})
