"""Finding a service, for anybody: what is looked for is sent, never written into an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import can
from joinedup.core.asking import attempt, posted
from joinedup.directory import services
from joinedup.directory.forms import FindForm, without
from joinedup.directory.permissions import ANSWER_YOUNG, KEEP_RECORDS
from joinedup.directory.queries import advising, demand, finding, narrowing, young
from joinedup.directory.queries.finding import Wanted


def _sent(request: HttpRequest) -> Any:
    """What was sent, with the one thing changed whose button was pressed: a choice left out, or the words mended."""
    data: Any = posted(request)
    if data is None:
        return None
    if data.get("without"):
        data = without(data, data["without"])
    if data.get("instead"):
        data = data.copy()
        data["words"] = data["instead"][:200]
    return data


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def wanted_of(form: FindForm, page: int = 1) -> Wanted:
    """What a valid form asks for."""
    clean = form.cleaned_data
    return Wanted(
        clean["words"] or "", clean["postcode"] or "", int(clean["miles"] or 0), clean["age"], clean["day"] or "",
        bool(clean["is_free"]), clean["when"] or "", form.need_id, form.features, clean["order"] or "", page,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The questions, and what fits the answers."""
    viewer, data, page, chips = viewer_of(request), _sent(request), None, []
    form = FindForm(data, needs=narrowing.needs_to_choose())
    if data is not None and form.is_valid():
        wanted, chips = wanted_of(form, _number(data.get("page", ""))), form.chips()
        page = attempt(form, lambda: finding.services_found(viewer, wanted))
        if page is not None and not any(data.get(name) for name in ("page", "without", "instead")):
            services.count_search(
                topics=page.topics, postcode=wanted.postcode, outcome=page.outcome, by=viewer, at=viewer.at
            )
    staff = {"answers": can(viewer, ANSWER_YOUNG), "keeps": can(viewer, KEEP_RECORDS)}
    context = {"form": form, "page": page, "chips": chips, "staff": staff, "help_phone": demand.help_phone(viewer)}
    return render(request, "directory/find.jinja", context)


@require_safe
def service(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One service."""
    page = finding.service_page(viewer_of(request), entry_id)
    return render(request, "directory/service.jinja", {"page": page, "entry_id": entry_id})


@require_safe
def advice(request: HttpRequest, advice_id: UUID) -> HttpResponse:
    """One page of advice; for young people in the frame of their own site, with its way out and its help lines."""
    viewer = viewer_of(request)
    page = advising.advice_page(viewer, advice_id)
    if page.is_for_young:
        return render(request, "directory/young/advice.jinja", {"page": page, "site": young.young_site(viewer)})
    return render(request, "directory/advice.jinja", {"page": page})


@login_required
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """What was looked for, for commissioners."""
    return render(request, "directory/searches.jinja", {"page": demand.searches_page(viewer_of(request))})


@login_required
@require_safe
def searches_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    page = demand.searches_page(viewer_of(request))
    response = HttpResponse(page.csv, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="searches.csv"'
    return response
