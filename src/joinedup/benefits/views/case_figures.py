"""Pages on which a business case takes a figure: what activity was measured to cost, or a unit cost of a database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.benefits import case_building as building
from joinedup.benefits import case_measured
from joinedup.benefits.case_building import PART
from joinedup.benefits.forms.case_figures import MeasuredForm
from joinedup.benefits.permissions import WRITE_CASE
from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.queries import case_figures as queries
from joinedup.benefits.queries.cases import CasePage, case_page
from joinedup.benefits.services import case_figures as services
from joinedup.benefits.services.case_figures import COSTS, WORTH, MeasuredSaid
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.engines.appraisal.tables import OLD_PRICE

GET_OR_POST = ["GET", "HEAD", "POST"]


def _line(request: HttpRequest, case_id: UUID, part: str, number: int) -> tuple[Any, CasePage, int]:
    """The case, for somebody who may write it, and where the line stands; a cost may be a new one."""
    viewer = viewer_of(request)
    page = case_page(viewer, case_id)
    check(viewer, WRITE_CASE, page.row)
    there = len(page.row.model.get(PART[part].lines, [])) if part in {WORTH, COSTS} else 0
    if not 1 <= number <= there + (part == COSTS):
        raise Http404
    return viewer, page, number - 1


def _about(page: CasePage, part: str, place: int) -> dict[str, Any]:
    """What both pages show around the question."""
    lines = page.row.model.get(PART[part].lines, [])
    line = reverse("case_line", args=[page.row.pk, part, place + 1])
    label = building.label_of(lines[place], place, PART[part].lines) if place < len(lines) else "A new cost"
    return {
        "page": page, "part": PART[part], "label": label, "back_href": line, "cancel_href": line, "pounds": in_pounds,
        "is_illustration": page.is_illustration, "mark": building.mark_of(part, page.row.model, place),
    }  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def measured(request: HttpRequest, business_case_id: UUID, case_part: str, case_line: int) -> HttpResponse:
    """Take what activity was measured to cost: first the report and place, then which of its costs."""
    viewer, page, place = _line(request, business_case_id, case_part, case_line)
    about = _about(page, case_part, place)
    sent = posted(request)
    report_id, at_place = _report_in(sent or request.GET)
    if report_id is None:
        listed = {
            **about,
            "reports": queries.reports_to_take(viewer),
            "here": request.path,
            "title": "Take a measured cost",
        }
        return render(request, "benefits/case_measured.jinja", listed)
    try:
        found = queries.measured_place(viewer, report_id, at_place)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        context = {
            "sentence": refusal.sentence,
            "rule": refusal.rule,
            "extra": refusal.extra,
            "back_href": request.path,
        }
        return render(request, "core/refused.jinja", context, status=409)
    initial = {"report": str(report_id), "place": at_place, "seen": about["mark"]}
    form = MeasuredForm(sent, units=found.units, is_cost=case_part == COSTS, initial=initial)
    if sent is not None and form.is_valid():
        clean = form.cleaned_data
        said = MeasuredSaid(
            report_id, at_place, clean["kind"], bool(clean["with_overhead"]), clean.get("times") or None
        )
        call = lambda: services.take_measured_cost(  # noqa: E731
            case=page.row, part=case_part, place=place, said=said, seen=clean["seen"] or "", by=viewer, at=viewer.at
        )
        after = attempt(form, call)
        if after is not None:
            messages.success(request, "Taken, with its source. Check the line and what is left to say.")
            return redirect("case_line", business_case_id=page.row.pk, case_part=case_part, case_line=place + 1)
    _, at_other_prices = case_measured.brought(page.row.model, found.origin.price_year)
    more: dict[str, Any] = {
        "found": found, "form": form, "title": "Take a measured cost", "caption": about["label"], "back_href": request.path,
        "submit_text": "Take this figure", "at_other_prices": at_other_prices, "rule": case_measured.SOURCE,
    }  # fmt: skip
    return render(request, "benefits/case_measured_take.jinja", {**about, **more})


def _report_in(sent: Any) -> tuple[UUID | None, str]:
    try:
        return UUID(sent.get("report", "")), sent.get("place", "")
    except ValueError:
        return None, ""


@login_required
@require_http_methods(GET_OR_POST)
def unit_costs(request: HttpRequest, business_case_id: UUID, case_part: str, case_line: int) -> HttpResponse:
    """Search the unit cost database that was read, and take one of its figures."""
    if case_part != WORTH:
        raise Http404
    viewer, page, place = _line(request, business_case_id, case_part, case_line)
    about = _about(page, case_part, place)
    if request.method == "POST":
        chosen, _ = _report_in({"report": request.POST.get("unit_cost", "")})
        if chosen is None:
            raise Http404
        row = queries.unit_cost_for_use(viewer, chosen)
        seen = request.POST.get("seen", "")
        return pressed(
            request,
            lambda: services.take_unit_cost(case=page.row, place=place, unit_cost=row, seen=seen, by=viewer, at=viewer.at),
            "Taken, with its source. Check the line, then say who gains.", about["back_href"],
        )  # fmt: skip
    search = request.GET.get("words", "").strip()[:100]
    after, _ = _report_in({"report": request.GET.get("after", "")})
    found = queries.unit_costs_to_take(viewer, page, search, after)
    more = {"found": found, "search": search, "old": OLD_PRICE, "here": request.path}
    return render(request, "benefits/case_unit_costs.jinja", {**about, **more})
