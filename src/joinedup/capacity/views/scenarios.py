"""Pages of what if: trying, keeping, working out in full, beside another, and for a board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.capacity import modelling, pictures, queries, results, services
from joinedup.capacity.description import document_of
from joinedup.capacity.forms import KeepForm, OfferForm
from joinedup.capacity.kept import OFFER, SCENARIO
from joinedup.capacity.permissions import KEEP_SCENARIO, OFFER_SCENARIO
from joinedup.capacity.services import ScenarioSaid
from joinedup.capacity.services.reading import assumed_on
from joinedup.capacity.services.scenarios import SEED
from joinedup.capacity.trying import Asked
from joinedup.capacity.trying import asked as what_is_asked
from joinedup.capacity.views.shared import GET_OR_POST, asked, pressed, show, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import download
from joinedup.engines.money import format_pounds

_MOST_QUERY = 6000


def _tried(viewer: Any, said: Mapping[str, str]) -> tuple[Any, dict[str, Any], Asked | None]:
    """The reading a what-if stands on, what it assumes, and what is asked; None where nothing was read yet."""
    named = uuid_of(said.get("reading", ""))
    row = queries.reading_seen(viewer, named) if named else queries.newest_reading(viewer)
    work = modelling.work_of(assumed_on(timezone.localdate(viewer.at)))
    if row is None:
        return None, work, None
    work["beliefs"] = results.beliefs_of(row.summary)
    return row, work, what_is_asked(row.model, said)


@login_required
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Sliders and boxes, and what comes of them."""
    viewer = viewer_of(request)
    said = request.GET.dict()
    row, work, found = _tried(viewer, said)
    if found is None:
        return show(request, "capacity/what_if.jinja", here="what_if", row=None, form=None)
    refused = [*(each for _, each in found.errors)] or modelling.cannot_cope(found.model)
    now = {} if refused else results.quick(found.model, work, SEED)
    base_pence = sum(modelling.cost_pence(row.model, work["pay"]).values())
    return show(
        request, "capacity/what_if.jinja", here="what_if", row=row, found=found, refused=refused, now=now, work=work,
        curves=_curves(now), query=request.GET.urlencode(), may_keep=can(viewer, KEEP_SCENARIO), pounds=format_pounds,
        call=_call(now.get("pence", base_pence) - base_pence), base_pence=base_pence,
    )  # fmt: skip


def _curves(now: Mapping[str, Any]) -> list[Any]:
    return [
        pictures.cliff(each["name"], each["curve"], each["servers"], each["least"], each["share"])
        for each in now.get("rows", ())
    ]


def _call(pence: int) -> str:
    """What it means for shared money, in words."""
    if pence == 0:
        return "It costs as much a year as today’s staffing."
    what = (
        "more a year than today’s staffing: a call on the pooled fund"
        if pence > 0
        else "less a year than today’s staffing: a saving"
    )
    return f"{format_pounds(abs(pence))} {what}."


@login_required
@require_http_methods(GET_OR_POST)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was tried under a name."""
    viewer = viewer_of(request)
    check(viewer, KEEP_SCENARIO)
    query = (request.POST.get("query", "") or request.GET.urlencode())[:_MOST_QUERY]
    row, work, found = _tried(viewer, QueryDict(query).dict())
    if row is None or found is None:
        return redirect("what_if")
    desk = Desk(request, SCENARIO)
    form = KeepForm(**desk.answers(), initial={"query": query})
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        said = ScenarioSaid(clean["name"], clean["words"], found.model, work)
        made.append(services.keep_scenario(said=said, reading=row, by=viewer, at=viewer.at).pk)

    return asked(
        request, form, save, desk=desk, done="The scenario is kept.", then=lambda: reverse("scenario", args=[made[0]]),
        title="Keep this scenario", submit_text="Keep", cancel_href=f"{reverse('what_if')}?{query}",
    )  # fmt: skip


@login_required
@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    """Every scenario."""
    rows = queries.scenarios_list(viewer_of(request))
    return show(request, "capacity/scenarios.jinja", here="scenarios", rows=rows)


@login_required
@require_safe
def scenario(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """One scenario and what it came to."""
    viewer = viewer_of(request)
    page = queries.scenario_seen(viewer, scenario_id)
    return show(
        request, "capacity/scenario.jinja", page=page, now=page.first.results, full=page.full.results if page.full else None,
        curves=_curves(page.first.results), may_keep=can(viewer, KEEP_SCENARIO), pounds=format_pounds,
        may_offer=page.row.offered_at is None and can(viewer, OFFER_SCENARIO),
    )  # fmt: skip


@login_required
@require_safe
def file(request: HttpRequest, scenario_id: UUID, file_kind: str) -> HttpResponse:
    """The description of a scenario, to lay beside a board's item."""
    viewer = viewer_of(request)
    page = queries.scenario_seen(viewer, scenario_id)
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    return download(document_of(page, printed_by=viewer.name, printed_at=viewer.at), file_kind, page.row.reference)


@login_required
@require_POST
def full(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Have it worked out in full."""
    viewer = viewer_of(request)
    job = services.start_in_full(scenario=queries.scenario_for_change(viewer, scenario_id), by=viewer, at=viewer.at)
    return redirect("work_progress", job_id=job.pk)


@login_required
@require_POST
def again(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Work it out again."""
    viewer = viewer_of(request)
    row = queries.scenario_for_change(viewer, scenario_id)
    then = reverse("scenario", args=[scenario_id])
    return pressed(
        request, lambda: services.run_again(scenario=row, by=viewer, at=viewer.at), "It was worked out again; the page says whether every number is the same.", then,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def offer(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Put it forward for a board's agenda."""
    viewer = viewer_of(request)
    check(viewer, OFFER_SCENARIO)
    page = queries.scenario_seen(viewer, scenario_id)
    desk = Desk(request, OFFER, str(scenario_id))
    form = OfferForm(**desk.answers())
    then = reverse("scenario", args=[scenario_id])

    def save() -> None:
        services.offer_scenario(scenario=page.row, words=form.cleaned_data["words"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="It is offered for the agenda of boards.", then=then, title="Put forward for a board",
        caption=page.row.name, submit_text="Put forward", cancel_href=then,
    )  # fmt: skip


@login_required
@require_safe
def beside(request: HttpRequest) -> HttpResponse:
    """Two scenarios with the same families' luck."""
    viewer = viewer_of(request)
    rows = queries.scenarios_list(viewer)
    first, second = (uuid_of(request.GET.get(name, "")) for name in ("first", "second"))
    pair, found = [], []
    if first and second:
        pair = [queries.scenario_seen(viewer, each) for each in (first, second)]
        found = results.beside(pair[0].row.model, pair[1].row.model, SEED)
    return show(
        request, "capacity/beside.jinja", here="scenarios", rows=rows, pair=pair, found=found, pounds=format_pounds
    )
