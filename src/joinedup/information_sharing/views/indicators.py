"""Pages of indicators: the list of children, one child, what was agreed, and the review of false positives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.forms import Form
from joinedup.core.tabular import inert
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.indicators import EndForm, IndicatorForm, LookForm
from joinedup.information_sharing.kept import INDICATOR, INDICATOR_CHANGE, INDICATOR_END, LOOK
from joinedup.information_sharing.permissions import END_INDICATOR, READ_INDICATOR_REVIEW

Result = TypeVar("Result")
_GET_OR_POST = ["GET", "HEAD", "POST"]
_PICTURE_WIDTH = 400


def _viewer(request: HttpRequest) -> Actor:
    return cast(Actor, request.viewer)  # type: ignore[attr-defined]


def _attempt(form: Form, call: Callable[[], Result]) -> Result | None:
    """Make one call; a refusal the person can mend is shown on the form."""
    try:
        return call()
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return None


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The children that indicators list, for a named post, each with the reasons."""
    viewer = _viewer(request)
    page = queries.listed_children(viewer, request.GET.get("after", ""))
    more = f"{reverse('indicators_listed')}?after={page.next_after}" if page.next_after else ""
    context = {"page": page, "next_href": more, "today": timezone.localdate(viewer.at)}
    return render(request, "information_sharing/listed.jinja", context)


@login_required
@require_http_methods(_GET_OR_POST)
def child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One listed child: why, from whom, since when; and what somebody found who looked."""
    viewer = _viewer(request)
    seen = queries.listed_child(viewer, child_id)
    desk = Desk(request, LOOK, str(child_id))
    form = LookForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        look = _attempt(
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
    viewer = _viewer(request)
    context = {
        "register": queries.indicator_register(viewer),
        "agencies": queries.observing_agencies(viewer),
        "may_see_listed": queries.may_see_listed(viewer),
        "may_review": can(viewer, READ_INDICATOR_REVIEW),
    }
    return render(request, "information_sharing/indicators.jinja", context)


@login_required
@require_safe
def indicator(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """One indicator with all its versions."""
    viewer = _viewer(request)
    seen = queries.indicator_seen(viewer, indicator_id)
    context = {"indicator": seen, "may_change": queries.indicator_register(viewer).may_declare and not seen.is_ended}
    return render(request, "information_sharing/indicator.jinja", context)


@login_required
@require_http_methods(_GET_OR_POST)
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an indicator that people have agreed to."""
    viewer = _viewer(request)
    agreements = queries.agreements_for_indicators(viewer)
    desk = Desk(request, INDICATOR)
    form = IndicatorForm(
        **desk.answers(), agreements=agreements, is_change=False, initial={"times": 1, "window_days": 90}
    )
    if request.method == "POST" and form.is_valid():
        made = _attempt(form, lambda: services.declare_indicator(terms=form.terms(), by=viewer, at=viewer.at))
        if made is not None:
            desk.done()
            messages.success(request, "The indicator is in use from now.")
            return redirect("indicator", indicator_id=made.indicator_id)
    context = {"form": form, "title": "Declare an indicator", "has_agreements": bool(agreements), "desk": desk}
    return render(request, "information_sharing/indicator_form.jinja", context)


@login_required
@require_http_methods(_GET_OR_POST)
def change(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Declare the next version of an indicator; the one before stays on record."""
    viewer = _viewer(request)
    agreements = queries.agreements_for_indicators(viewer)
    target = queries.indicator_for_change(viewer, indicator_id)
    now = queries.version_in_force(viewer, indicator_id)
    if now is None:
        raise NotVisible
    desk = Desk(request, INDICATOR_CHANGE, str(indicator_id))
    form = IndicatorForm(**desk.answers(), agreements=agreements, is_change=True, initial=_as_it_is(now))
    if request.method == "POST" and form.is_valid():
        made = _attempt(
            form,
            lambda: services.declare_next_version(
                indicator=target, terms=form.terms(target.name), reason=form.cleaned_data["reason"], by=viewer,
                at=viewer.at,
            ),
        )  # fmt: skip
        if made is not None:
            desk.done()
            messages.success(request, f"Version {made.number} is in use from now.")
            return redirect("indicator", indicator_id=indicator_id)
    context = {"form": form, "title": f"Change “{target.name}”", "has_agreements": bool(agreements), "desk": desk}
    return render(request, "information_sharing/indicator_form.jinja", context)


def _as_it_is(version: Any) -> dict[str, Any]:
    condition = version.sign.conditions[0]
    limit = condition.below if condition.below is not None else condition.reaching
    return {
        "wording": version.wording, "kind": condition.kind, "times": condition.times, "window_days": version.window_days,
        "limit": "" if limit is None else f"{limit.normalize():f}", "minimum_age": version.minimum_age,
        "limit_means": "below" if condition.below is not None else "reaching" if limit is not None else "",
        "maximum_age": version.maximum_age, "weight": version.weight, "agreed_by": version.agreed_by,
        "ground": f"{version.agreement.reference}|{version.basis.code}",
    }  # fmt: skip


@login_required
@require_http_methods(_GET_OR_POST)
def end(request: HttpRequest, indicator_id: UUID) -> HttpResponse:
    """Stop using an indicator, with the reason."""
    viewer = _viewer(request)
    check(viewer, END_INDICATOR)
    target = queries.indicator_for_change(viewer, indicator_id)
    desk = Desk(request, INDICATOR_END, str(indicator_id))
    form = EndForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _attempt(form, lambda: services.end_indicator(indicator=target, reason=reason, by=viewer, at=viewer.at)):
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
    found = queries.indicator_review(_viewer(request))
    context = {"review": found, "width": _PICTURE_WIDTH}
    return render(request, "information_sharing/indicator_review.jinja", context)


@login_required
@require_safe
def review_csv(request: HttpRequest) -> HttpResponse:
    """The review's tables as CSV, with the same numbers left out."""
    found = queries.indicator_review(_viewer(request))
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
