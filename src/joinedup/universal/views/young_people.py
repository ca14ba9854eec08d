"""Pages about what young people do, and, apart from them, youth justice."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.documents import attachment
from joinedup.core.figures import csv_of
from joinedup.core.forms import Option
from joinedup.universal import queries, services
from joinedup.universal.forms.young_people import DoingFileForm, DoingForm, JusticeEndForm, JusticeForm, TakeBackForm
from joinedup.universal.permissions import READ_PARTICIPATION_IMPORTS, RECORD_JUSTICE
from joinedup.universal.queries.following import LISTS
from joinedup.universal.services import Doing
from joinedup.universal.views.shared import GET_OR_POST, attempt, day_of, done, options, viewer_of, whole


@login_required
@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    """The share neither learning nor working, and the share not known, of a day."""
    figures = queries.participation_figures(viewer_of(request), on=day_of(request.GET.get("on", "")))
    more = {"figures": figures, "chart": figures.chart(), "lists": LISTS}
    return render(request, "universal/participation.jinja", more)


@login_required
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    figures = queries.participation_figures(viewer_of(request), on=day_of(request.GET.get("on", "")))
    table = figures.table()
    name = f"participation-{figures.on}.csv"
    return attachment(csv_of([table.columns, *table.rows]), "text/csv; charset=utf-8", name)


@login_required
@require_safe
def follow_up(request: HttpRequest, doing: str) -> HttpResponse:
    """Whom to ask, in the area the viewer's team serves."""
    if doing not in LISTS:
        raise Http404
    page = queries.follow_up(viewer_of(request), doing, request.GET.get("after", ""))
    tabs = [
        {"text": words, "href": reverse("follow_up", args=[code]), "active": code == doing}
        for code, words in LISTS.items()
    ]
    more = f"?after={page.next_cursor}" if page.next_cursor else ""
    return render(request, "universal/follow_up.jinja", {"page": page, "tabs": tabs, "next_href": more})


@login_required
@require_safe
def young_person(request: HttpRequest, young_id: UUID) -> HttpResponse:
    """What one young person does and did."""
    viewer = viewer_of(request)
    return render(
        request, "universal/young_person.jinja", {"young": queries.young_person(viewer, young_id), "at": viewer.at}
    )


@login_required
@require_http_methods(GET_OR_POST)
def record(request: HttpRequest, young_id: UUID) -> HttpResponse:
    """Record what a young person does."""
    viewer = viewer_of(request)
    young = queries.young_person(viewer, young_id)
    now, today = young.now, timezone.localdate(viewer.at)
    shown = {
        "starts_on": now.starts_on if now else today,
        "status": now.status if now else "",
        "provider": now.provider if now else "",
    }
    form = DoingForm(request.POST if request.method == "POST" else None, on=today, initial=shown)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        said = Doing(young.person_id, clean["status"], clean["starts_on"], clean["reason"], clean["provider"])
        source = queries.own_source(viewer)
        if attempt(form, lambda: services.record_participation(doing=said, source=source, by=viewer, at=viewer.at)):
            return done(request, "young_person", "It is recorded.", young_id=young.person_id)
    more = {
        "form": form, "title": "What are they doing?", "caption": young.name, "submit_text": "Save",
        "back_href": reverse("young_person", args=[young.person_id]),
    }  # fmt: skip
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def take_back(request: HttpRequest, spell_id: UUID) -> HttpResponse:
    """What was recorded was a mistake."""
    viewer = viewer_of(request)
    row = queries.participation_for_change(viewer, spell_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        version = whole(clean["version"]) or 0
        if attempt(
            form,
            lambda: services.take_back_participation(
                row=row, reason=clean["reason"], version=version, by=viewer, at=viewer.at
            ),
        ):
            return done(request, "young_person", "It is taken back.", young_id=row.person_id)
    more = {
        "form": form, "title": "Take this back", "caption": "What they do", "submit_text": "Take it back",
        "back_href": reverse("young_person", args=[row.person_id]),
    }  # fmt: skip
    return render(request, "core/question.jinja", more)


# --- Files of schools and colleges.


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The files of the organisations whose records the viewer answers for."""
    found = queries.participation_imports(viewer_of(request))
    return render(request, "universal/participation_imports.jinja", {"imports": found})


@login_required
@require_safe
def import_seen(request: HttpRequest, participation_import_id: UUID) -> HttpResponse:
    """What became of one file."""
    found = queries.participation_import(viewer_of(request), participation_import_id)
    return render(request, "universal/participation_import.jinja", {"seen": found})


@login_required
@require_http_methods(GET_OR_POST)
def import_new(request: HttpRequest) -> HttpResponse:
    """Bring in a file."""
    viewer = viewer_of(request)
    check(viewer, READ_PARTICIPATION_IMPORTS)
    mine = queries.organisations_to_import_for(viewer)
    choices = [Option(str(each.pk), each.name) for each in mine]
    first = {"organisation": choices[0].value} if len(choices) == 1 else {}
    form = DoingFileForm(request.POST or None, request.FILES or None, organisations=choices, initial=first)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        chosen = next(each for each in mine if str(each.pk) == clean["organisation"])
        file = clean["file"]
        run = attempt(
            form,
            lambda: services.import_participation(
                organisation=chosen, file_name=file.name, content=file.read(), by=viewer, at=viewer.at
            ),
        )
        if run is not None:
            return done(request, "participation_import", "The file is brought in.", participation_import_id=run.pk)
    more = {"form": form, "title": "Bring in what your young people do", "submit_text": "Bring it in", "cancel_href": reverse("participation_imports")}  # fmt: skip
    return render(request, "core/question.jinja", more)


# --- Youth justice.


@login_required
@require_safe
def justice(request: HttpRequest) -> HttpResponse:
    """The youth-justice involvement the viewer works with."""
    viewer = viewer_of(request)
    return render(request, "universal/justice.jinja", {"rows": queries.justice(viewer)})


@login_required
@require_http_methods(GET_OR_POST)
def justice_new(request: HttpRequest, young_id: UUID) -> HttpResponse:
    """Record youth-justice involvement of a young person the team follows."""
    viewer = viewer_of(request)
    young = queries.young_person(viewer, young_id)
    check(viewer, RECORD_JUSTICE, next(iter(queries.own_posts(viewer)), None))
    form = JusticeForm(request.POST if request.method == "POST" else None, posts=options(queries.justice_posts(viewer)))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        post = queries.post_to_name(viewer, UUID(clean["post"]))
        if attempt(
            form,
            lambda: services.record_justice(
                person_id=young.person_id, kind=clean["kind"], post=post, starts_on=clean["starts_on"], by=viewer, at=viewer.at
            ),
        ):  # fmt: skip
            return done(request, "justice", "It is recorded. Only the worker and the team’s managers see it.")
    more = {
        "form": form, "title": "Youth-justice involvement", "caption": young.name, "submit_text": "Save",
        "back_href": reverse("young_person", args=[young.person_id]),
    }  # fmt: skip
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def justice_end(request: HttpRequest, justice_id: UUID) -> HttpResponse:
    """It is over."""
    viewer = viewer_of(request)
    row = queries.justice_for_change(viewer, justice_id)
    form = JusticeEndForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        version = whole(clean["version"]) or 0
        if attempt(
            form,
            lambda: services.end_justice(row=row, ends_on=clean["ends_on"], version=version, by=viewer, at=viewer.at),
        ):
            return done(request, "justice", "It is over.")
    more = {"form": form, "title": "When did it end?", "submit_text": "Save", "back_href": reverse("justice")}
    return render(request, "core/question.jinja", more)
