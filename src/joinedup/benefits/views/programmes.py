"""Pages of programmes: the list, one at a glance, setting one up and changing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can, check
from joinedup.benefits import services
from joinedup.benefits.forms.strands import ProgrammeForm
from joinedup.benefits.kept import PROGRAMME
from joinedup.benefits.permissions import RUN_PROGRAMME, SET_UP_PROGRAMME
from joinedup.benefits.queries import home as home_queries
from joinedup.benefits.queries import programmes as queries
from joinedup.benefits.services import ProgrammeSaid
from joinedup.benefits.views.shared import GET_OR_POST, asked, chosen, options, show, viewer_of, whole
from joinedup.core.desk import Desk


@login_required
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme of the viewer's organisations."""
    viewer = viewer_of(request)
    rows = queries.programmes_of(viewer)
    return show(request, "benefits/programmes.jinja", rows=rows, may_set_up=can(viewer, SET_UP_PROGRAMME))


@login_required
@require_safe
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """One programme at a glance."""
    viewer = viewer_of(request)
    found = home_queries.home(viewer, programme_id)
    may_run = can(viewer, RUN_PROGRAMME, queries.programme_for(viewer, programme_id))
    return show(
        request, "benefits/programme.jinja", programme=found.programme, here="programme", home=found, may_run=may_run
    )


@login_required
@require_http_methods(GET_OR_POST)
def set_up(request: HttpRequest) -> HttpResponse:
    """Set a programme up."""
    viewer = viewer_of(request)
    check(viewer, SET_UP_PROGRAMME)
    found = queries.programme_choices(viewer)
    desk = Desk(request, PROGRAMME)
    form = _form(desk.answers(), found, {"years": 5})
    made: list[UUID] = []

    def save() -> None:
        made.append(services.set_up_programme(**_said(form, found), by=viewer, at=viewer.at).pk)

    return asked(
        request, form, save, desk=desk, done="The programme is set up. Add its strands.",
        then=lambda: reverse("programme", args=[made[0]]), title="Set up a programme", submit_text="Set up",
        cancel_href=reverse("programmes"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Change a programme."""
    viewer = viewer_of(request)
    row = queries.programme_for(viewer, programme_id)
    check(viewer, RUN_PROGRAMME, row)
    found = queries.programme_choices(viewer)
    here = reverse("programme", args=[programme_id])
    desk = Desk(request, PROGRAMME, str(programme_id))
    first = {
        "version": row.version, "title": row.title, "purpose": row.purpose, "starts_on": row.starts_on, "years": row.years,
        "partners": [str(each.pk) for each in queries.partners_of(viewer, row)],
        "manager": str(row.manager_id or ""), "agreement": str(row.agreement_id or ""),
    }  # fmt: skip
    form = _form(desk.answers(), found, first)

    def save() -> None:
        version = whole(form.cleaned_data["version"])
        said = _said(form, found, is_illustration=row.is_illustration)
        services.change_programme(programme=row, **said, version=version, by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="The programme is changed.", then=here, title="Change the programme",
        caption=row.title, programme=row, submit_text="Save", cancel_href=here,
    )  # fmt: skip


def _form(answers: dict[str, Any], found: queries.ProgrammeChoices, first: dict[str, Any]) -> ProgrammeForm:
    return ProgrammeForm(
        **answers, initial=first, partners=options((each.pk, each.name) for each in found.organisations),
        managers=options((each.pk, f"{each.account.name}, {each.title}") for each in found.managers),
        agreements=options((each.pk, each.title) for each in found.agreements),
    )  # fmt: skip


def _said(form: ProgrammeForm, found: queries.ProgrammeChoices, *, is_illustration: bool = False) -> dict[str, Any]:
    clean = form.cleaned_data
    said = ProgrammeSaid(clean["title"], clean["purpose"], clean["starts_on"], clean["years"], is_illustration)
    picked = set(clean["partners"])
    return {
        "said": said,
        "partners": [each for each in found.organisations if str(each.pk) in picked],
        "manager": chosen(found.managers, clean["manager"]),
        "agreement": chosen(found.agreements, clean["agreement"]),
    }
