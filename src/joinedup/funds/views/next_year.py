"""Pages on which next year's budget lines are prepared from this year's, checked and made."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.funds.contributing import percent
from joinedup.funds.forms.next_year import MakeForm, NextLineForm, RatesForm
from joinedup.funds.next_year import Said
from joinedup.funds.permissions import PREPARE_NEXT_YEAR
from joinedup.funds.pounds import pounds_number
from joinedup.funds.queries import next_year as reading
from joinedup.funds.services import next_year as writing
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, show, viewer_of, whole


def _here(fund_id: UUID) -> str:
    return reverse("fund_next_year", args=[fund_id])


@login_required
@require_safe
def next_year(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What this year's lines come to next year, line by line."""
    page = reading.next_year_page(viewer_of(request), fund_id)
    return show(request, "funds/next_year.jinja", page=page, fund=page.fund, percent=percent)


@login_required
@require_safe
def next_year_worked(request: HttpRequest, fund_id: UUID, next_line_id: UUID) -> HttpResponse:
    """What the figures of one line are worked out from."""
    viewer = viewer_of(request)
    page, line = reading.next_line(viewer, fund_id, next_line_id)
    moved = reading.moved_on(viewer, page, line)
    return show(request, "funds/next_year_worked.jinja", page=page, line=line, moved=moved, percent=percent)


@login_required
@require_http_methods(GET_OR_POST)
def next_year_all(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """One uplift and one efficiency for every line that goes on."""
    viewer = viewer_of(request)
    page = reading.next_year_page(viewer, fund_id)
    check(viewer, PREPARE_NEXT_YEAR, page.fund)
    form = RatesForm(posted(request))

    def say() -> object:
        clean = form.cleaned_data
        return writing.say_next_year_of_all(
            fund=page.fund, uplift=clean["uplift"] or 0, efficiency=clean["efficiency"] or 0, by=viewer, at=viewer.at
        )

    back = _here(fund_id)
    return asked(
        request, form, say, done="Every line that goes on is worked out with it.", then=back, back_href=back,
        cancel_href=back, title=f"Every line of {page.next_words}", caption=page.fund.name, submit_text="Work it out",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def next_year_line(request: HttpRequest, fund_id: UUID, next_line_id: UUID) -> HttpResponse:
    """How one line goes on."""
    viewer = viewer_of(request)
    page, line = reading.next_line(viewer, fund_id, next_line_id)
    check(viewer, PREPARE_NEXT_YEAR, page.fund)
    said = line.worked.said
    first = {
        "version": line.version, "uplift": percent(said.uplift).removesuffix("%") if said.uplift else "",
        "efficiency": percent(said.efficiency).removesuffix("%") if said.efficiency else "",
        "planned": pounds_number(said.planned_pence) if said.planned_pence else "", "why": said.why,
    }  # fmt: skip
    form = NextLineForm(posted(request), initial=first)

    def say() -> object:
        clean = form.cleaned_data
        told = Said(clean["uplift"] or 0, clean["efficiency"] or 0, clean["planned"] or 0, clean["why"] or "")
        version = whole(clean["version"])
        return writing.say_next_year(fund=page.fund, line=line.row, said=told, version=version, by=viewer, at=viewer.at)

    back = _here(fund_id)
    return asked(
        request, form, say, done="The line is worked out again.", then=back, template="funds/next_year_line.jinja",
        back_href=back, cancel_href=back, title=f"{line.name} in {page.next_words}", caption=f"{page.fund.name}, {line.code}",
        submit_text="Work it out", line=line, page=page,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def next_year_check(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Read what will be made, then make it."""
    viewer = viewer_of(request)
    page = reading.next_year_page(viewer, fund_id)
    check(viewer, PREPARE_NEXT_YEAR, page.fund)
    form = MakeForm(posted(request), initial={"digest": page.digest, "year": page.year})

    def make() -> object:
        clean = form.cleaned_data
        return writing.make_next_year(
            fund=page.fund, year=whole(clean["year"]), digest=clean["digest"] or "", by=viewer, at=viewer.at
        )

    back = _here(fund_id)
    return asked(
        request, form, make, done=f"The lines of {page.next_words} are made.", then=back,
        template="funds/next_year_check.jinja", back_href=back, cancel_href=back, title="Check before the lines are made",
        caption=f"{page.fund.name}, {page.next_words}", submit_text=f"Make the lines of {page.next_words}", page=page,
        percent=percent,
    )  # fmt: skip
