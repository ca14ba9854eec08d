"""Pages of indicators: the list of children, one child, what was agreed, and the review of false positives."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.tabular import inert
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.indicators import EndForm, LookForm
from joinedup.information_sharing.kept import INDICATOR_END, LOOK
from joinedup.information_sharing.permissions import END_INDICATOR, PROPOSE_INDICATOR, READ_INDICATOR_REVIEW
from joinedup.information_sharing.views.shared import GET_OR_POST, attempt, viewer_of

_PICTURE_WIDTH = 400


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The children that indicators list, for a named post, each with the reasons."""
    viewer = viewer_of(request)
    page = queries.listed_children(viewer, request.GET.get("after", ""))
    more = f"{reverse('indicators_listed')}?after={page.next_after}" if page.next_after else ""
    context = {"page": page, "next_href": more, "today": timezone.localdate(viewer.at)}
    return render(request, "information_sharing/listed.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One listed child: why, from whom, since when; and what somebody found who looked."""
    viewer = viewer_of(request)
    seen = queries.listed_child(viewer, child_id)
    desk = Desk(request, LOOK, str(child_id))
    form = LookForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        look = attempt(
            form,
            lambda: services.record_look(
                person_id=child_id, outcome=form.found, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            ),
        )
        if look is not None:
            desk.done()
            messages.success(request, "Recorded. The child is listed again when something new is observed.")
            return redirect("indicators_listed")
    return render(request, "information_sharing/listed_child.jinja", {"seen": seen, "form": form, "desk": desk})


@login_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every indicator: what it says, what it rests on, who agreed to it and under which agreement."""
    viewer = viewer_of(request)
    context = {
        "register": queries.indicator_register(viewer),
        "proposals": queries.proposals_waiting(viewer),
        "agencies": queries.observing_agencies(viewer),
        "may_see_listed": queries.may_see_listed(viewer),
        "may_review": can(viewer, READ_INDICATOR_REVIEW),
    }
    return render(request, "information_sharing/indicators.jinja", context)


@login_required
@require_safe
def indicator(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """One indicator with all its versions."""
    viewer = viewer_of(request)
    seen = queries.indicator_seen(viewer, indicator_id)
    context = {"indicator": seen, "may_change": can(viewer, PROPOSE_INDICATOR) and not seen.is_ended}
    return render(request, "information_sharing/indicator.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Stop using an indicator, with the reason."""
    viewer = viewer_of(request)
    check(viewer, END_INDICATOR)
    target = queries.indicator_for_change(viewer, indicator_id)
    desk = Desk(request, INDICATOR_END, str(indicator_id))
    form = EndForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.end_indicator(indicator=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "The indicator is used no more. What was found by it stays.")
            return redirect("indicator", indicator_id=indicator_id)
    back = reverse("indicator", kwargs={"indicator_id": indicator_id})
    context = {"form": form, "title": f"Stop using “{target.name}”", "back_href": back, "submit_text": "Stop using it"}
    context["desk"] = desk
    return render(request, "core/question.jinja", context)


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """How often indicators listed children without need, by indicator and by group: picture, table and CSV."""
    found = queries.indicator_review(viewer_of(request))
    context = {"review": found, "width": _PICTURE_WIDTH}
    return render(request, "information_sharing/indicator_review.jinja", context)


@login_required
@require_safe
def review_csv(request: HttpRequest) -> HttpResponse:
    """The review's tables as CSV, with the same numbers left out."""
    found = queries.indicator_review(viewer_of(request))
    lines = [("table", "group", "looked at", "false positives, per cent")]
    for table in found.tables:
        lines += [(table.title, rate.name, rate.looked_words, rate.rate_words) for rate in table.rates]
    text = "\r\n".join(",".join(_cell(cell) for cell in line) for line in lines) + "\r\n"
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="indicator-review.csv"'
    return response


def _cell(text: str) -> str:
    said = str(inert(text)).replace('"', '""')
    return f'"{said}"'
