"""Pages of what activity cost beside what a fund spent: a year, a quarter, what is behind a number, kept reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits import costing, costing_document
from joinedup.benefits.costing_picture import PARTS, waterfall
from joinedup.benefits.forms.costing import PlanForm, RolesForm
from joinedup.benefits.permissions import KEEP_ACTIVITY_REPORT, PLAN_ACTIVITY
from joinedup.benefits.queries import activity_costs as queries
from joinedup.benefits.queries import activity_reports as kept
from joinedup.benefits.queries import programmes as of_programmes
from joinedup.benefits.queries.costing import has_invented_prices
from joinedup.benefits.services import activity_costs as services
from joinedup.benefits.views.costing import costing_sections
from joinedup.benefits.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of
from joinedup.core.documents import attachment, download
from joinedup.core.forms import Form
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.organisations.queries import localities

if TYPE_CHECKING:
    from joinedup.access.actor import Actor

_YEARS = range(2000, 2201)


@login_required
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """The funds whose activity can be looked at."""
    rows = queries.costed_funds(viewer_of(request))
    return show(
        request, "benefits/costing_funds.jinja", rows=rows, sections=costing_sections("activity_funds"),
        quarter_words=queries.quarter_words,
    )  # fmt: skip


@login_required
@require_safe
def of_programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The funds of a programme's agreement, or of its partners where it has none."""
    viewer = viewer_of(request)
    programme = of_programmes.programme_seen(viewer, programme_id)
    return show(
        request, "benefits/costing_programme.jinja", programme=programme, here="programme_activity",
        rows=queries.funds_of_programme(viewer, programme_id), quarter_words=queries.quarter_words,
    )  # fmt: skip


def _when(request: HttpRequest, fund_year: int, viewer: Actor) -> tuple[int, int]:
    """The year and quarter in the address; otherwise the last that is over, of the fund's year."""
    year, _, quarter = request.GET.get("when", "").partition("-")
    if year.isascii() and year.isdigit() and len(year) == 4 and int(year) in _YEARS and quarter in {"1", "2", "3", "4"}:
        return int(year), int(quarter)
    now = costing.quarter_on(timezone.localdate(viewer.at))
    if now[0] > fund_year:
        return fund_year, 4
    if now[0] < fund_year:
        return fund_year, 1
    return fund_year, max(now[1] - 1, 1)


@login_required
@require_safe
def activity(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """A fund's year, locality by quarter, and one quarter in full."""
    viewer = viewer_of(request)
    fund = queries.fund_for_costing(viewer, fund_id)
    year, quarter = _when(request, fund.year, viewer)
    found = queries.activity_year(viewer, fund, year=year)
    seen = found.quarters[quarter - 1]
    quarters = [
        {"text": f"Quarter {each}", "href": f"?when={year}-{each}", "active": each == quarter} for each in (1, 2, 3, 4)
    ]
    return show(
        request, "benefits/costing_activity.jinja", fund=fund, found=found, seen=seen, quarters=quarters, parts=PARTS,
        figure=waterfall(seen.total.row, "From what was planned to what was spent") if seen.rows else None,
        year_words=f"{year}/{(year + 1) % 100:02d}", may_plan=can(viewer, PLAN_ACTIVITY, fund),
        may_keep=seen.is_over and bool(seen.rows) and can(viewer, KEEP_ACTIVITY_REPORT, fund),
        sections=costing_sections("activity_funds"), rule=costing.SOURCE, name_of=costing.name_of,
        prices=queries.content_prices(viewer, seen),
    )  # fmt: skip


def _checked(year: int, quarter: int = 1) -> None:
    if year not in _YEARS or quarter not in (1, 2, 3, 4):
        raise Http404


@login_required
@require_safe
def activity_file(request: HttpRequest, fund_id: UUID, year: int, quarter: int, file_kind: str) -> HttpResponse:
    """A quarter as it is now, as PDF, Word, workbook or CSV."""
    viewer = viewer_of(request)
    _checked(year, quarter)
    fund = queries.fund_for_costing(viewer, fund_id)
    content = queries.content_of(viewer, queries.activity_year(viewer, fund, year=year), quarter)
    return _file(content, "", file_kind, viewer)


def _file(content: Mapping[str, Any], digest: str, file_kind: str, viewer: Actor) -> HttpResponse:
    name = f"activity-{content['fund']['code']}-{content['year']}-Q{content['quarter']}"
    if file_kind == "xlsx":
        return attachment(costing_document.workbook_of(content, digest), SPREADSHEET, f"{name}.xlsx")
    if file_kind == "csv":
        return attachment(costing_document.csv_of(content), "text/csv; charset=utf-8", f"{name}.csv")
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    made = costing_document.document_of(content, digest=digest, printed_by=viewer.name, printed_at=viewer.at)
    return download(made, file_kind, name)


@login_required
@require_safe
def counted(request: HttpRequest, fund_id: UUID, year: int, quarter: int) -> HttpResponse:
    """What is behind one number of a quarter; without a place and a kind every number there is."""
    viewer = viewer_of(request)
    _checked(year, quarter)
    fund = queries.fund_for_costing(viewer, fund_id)
    place, kind = request.GET.get("place", ""), request.GET.get("kind", "")
    page, seen = None, None
    if kind:
        page = queries.behind_number(viewer, fund, year=year, quarter=quarter, place=place, kind=kind)
    else:
        seen = queries.activity_year(viewer, fund, year=year).quarters[quarter - 1]
    return show(
        request, "benefits/costing_counted.jinja", is_invented=has_invented_prices(viewer), fund=fund, page=page, seen=seen, name_of=costing.name_of, words=queries.quarter_words(year, quarter),
        back_href=_quarter_href(fund_id, year, quarter),
    )  # fmt: skip


def _quarter_href(fund_id: UUID, year: int, quarter: int) -> str:
    return f"{reverse('activity_costs', args=[fund_id])}?when={year}-{quarter}"


@login_required
@require_safe
def set_up(request: HttpRequest, fund_id: UUID, year: int) -> HttpResponse:
    """The plan of a fund's year, and what is overhead or no part of it."""
    viewer = viewer_of(request)
    _checked(year)
    fund = queries.fund_for_costing(viewer, fund_id)
    found = queries.set_up_of(viewer, fund, year=year)
    return show(
        request, "benefits/costing_set_up.jinja", is_invented=has_invented_prices(viewer), fund=fund, found=found, year=year, may_plan=can(viewer, PLAN_ACTIVITY, fund),
        year_words=f"{year}/{(year + 1) % 100:02d}", sections=costing_sections("activity_funds"),
        back_href=_quarter_href(fund_id, year, 1),
        left_out=[costing.name_of(key) for key in found.chosen("outside") if key in (*costing.KINDS, costing.OTHER_SERVICE)],
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def plan(request: HttpRequest, fund_id: UUID, year: int) -> HttpResponse:
    """Plan one kind of activity in one place for a year."""
    viewer = viewer_of(request)
    _checked(year)
    fund = queries.fund_for_costing(viewer, fund_id)
    check(viewer, PLAN_ACTIVITY, fund)
    places = localities(viewer)
    form = PlanForm(posted(request), localities=options((each.pk, each.name) for each in places))
    back = reverse("activity_set_up", args=[fund_id, year])

    def call() -> object:
        clean = form.cleaned_data
        said = services.PlanSaid(
            year, form.kind_chosen(), clean["volume"], chosen(places, clean["locality"]), clean["price"]
        )
        return services.plan_activity(fund=fund, said=said, by=viewer, at=viewer.at)

    return _asked(request, form, call, fund, back, "It is in the plan.", "Plan activity", "Put it into the plan")


@login_required
@require_http_methods(GET_OR_POST)
def roles(request: HttpRequest, fund_id: UUID, year: int) -> HttpResponse:
    """Say what is overhead and what is no part of the comparison."""
    viewer = viewer_of(request)
    _checked(year)
    fund = queries.fund_for_costing(viewer, fund_id)
    check(viewer, PLAN_ACTIVITY, fund)
    found = queries.set_up_of(viewer, fund, year=year)
    money = [(each.id, f"{each.code} {each.name}") for each in found.lines]
    money += [(each.id, f"Heading {each.code} {each.name}") for each in found.headings]
    there = {
        "overhead": found.chosen("overhead"), "outside": found.chosen("outside"), "outside_kinds": found.chosen("outside"),
    }  # fmt: skip
    form = RolesForm(posted(request), money=options(money), initial=there)
    back = reverse("activity_set_up", args=[fund_id, year])

    def call() -> object:
        kinds = frozenset(form.cleaned_data["outside_kinds"] or ())
        said = services.RolesSaid(form.ids("overhead"), form.ids("outside"), kinds)
        return services.say_roles(fund=fund, year=year, said=said, by=viewer, at=viewer.at)

    return _asked(request, form, call, fund, back, "Saved.", "What is overhead", "Save")


@login_required
@require_http_methods(GET_OR_POST)
def keep(request: HttpRequest, fund_id: UUID, year: int, quarter: int) -> HttpResponse:
    """Keep a quarter's report, with its hash."""
    viewer = viewer_of(request)
    _checked(year, quarter)
    fund = queries.fund_for_costing(viewer, fund_id)
    check(viewer, KEEP_ACTIVITY_REPORT, fund)
    form = Form(posted(request))
    back = _quarter_href(fund_id, year, quarter)
    words = queries.quarter_words(year, quarter)
    return _asked(
        request, form,
        lambda: services.keep_activity_report(fund=fund, year=year, quarter=quarter, by=viewer, at=viewer.at),
        fund, back, "The report is kept, with its hash.", f"Keep the report of {words[0].lower()}{words[1:]}", "Keep it",
    )  # fmt: skip


def _asked(
    request: HttpRequest, form: Form, call: Any, fund: Any, back: str, done: str, title: str, submit: str
) -> HttpResponse:
    return asked(
        request, form, call, done=done, then=back, title=title, caption=fund.name, back_href=back, cancel_href=back,
        submit_text=submit, is_invented=has_invented_prices(viewer_of(request)),
    )  # fmt: skip


@login_required
@require_safe
def report(request: HttpRequest, activity_report_id: UUID) -> HttpResponse:
    """One kept report, beside what the same records come to now."""
    viewer = viewer_of(request)
    found = kept.activity_report(viewer, activity_report_id)
    content = found.report.content
    made = costing_document.document_of(
        content, digest=found.report.digest, printed_by=viewer.name, printed_at=viewer.at
    )
    fund = found.report.fund
    return show(
        request, "benefits/costing_report.jinja", found=found, doc=made, fund=fund, is_invented=content["is_invented"],
        back_href=_quarter_href(fund.pk, found.report.year, found.report.quarter),
    )  # fmt: skip


@login_required
@require_safe
def report_file(request: HttpRequest, activity_report_id: UUID, file_kind: str) -> HttpResponse:
    """A kept report as PDF, Word, workbook or CSV."""
    viewer = viewer_of(request)
    found = kept.report_for_use(viewer, activity_report_id)
    return _file(found.content, found.digest, file_kind, viewer)
