"""Pages of programmes and sessions, and of registers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import uuid_of
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.forms import Option
from joinedup.core.pace import is_too_fast
from joinedup.universal import queries, services
from joinedup.universal.codes import MARKS, Mark
from joinedup.universal.forms.sessions import (
    CancelForm,
    EndForm,
    FindForm,
    NewcomerForm,
    PlanSessionsForm,
    ProgrammeForm,
    SheetForm,
)
from joinedup.universal.permissions import CANCEL_SESSION, CHANGE_PROGRAMME, PLAN_SESSIONS, TAKE_REGISTER
from joinedup.universal.services import Newcomer, ProgrammeSaid, Taken, Weekly
from joinedup.universal.views.shared import GET_OR_POST, attempt, done, options, viewer_of, whole

_LIVE_PER_MINUTE = 120


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The viewer's sessions: those whose register waits first, then what is to come."""
    viewer = viewer_of(request)
    found = queries.sessions(viewer)
    on = timezone.localdate(viewer.at)
    waiting = [each for each in found if each.is_due]
    coming = [each for each in found if each.held_on >= on and each.state == "planned" and not each.is_due]
    past = [each for each in reversed(found) if each.state == "held"]
    more = {"waiting": waiting, "coming": coming[:30], "past": past[:30], "programmes": queries.programmes(viewer)}
    return render(request, "universal/sessions.jinja", more)


@login_required
@require_safe
def programme(request: HttpRequest, session_programme_id: UUID) -> HttpResponse:
    """One programme with its sessions."""
    return render(
        request, "universal/programme.jinja", {"programme": queries.programme(viewer_of(request), session_programme_id)}
    )


def _programme_form(request: HttpRequest, **initial: Any) -> ProgrammeForm:
    viewer = viewer_of(request)
    mine = queries.organisations_to_run_for(viewer)
    choices = [Option(str(each.pk), each.name) for each in mine]
    if len(mine) == 1:
        initial.setdefault("organisation", str(mine[0].pk))
    posted = request.POST if request.method == "POST" else None
    return ProgrammeForm(posted, organisations=choices, initial=initial)


def _said(clean: dict[str, Any], **kept: Any) -> ProgrammeSaid:
    names = ("name", "kind", "place", "youngest", "oldest", "is_targeted", "service")
    return ProgrammeSaid(**{name: clean[name] for name in names}, **kept)


@login_required
@require_http_methods(GET_OR_POST)
def programme_new(request: HttpRequest) -> HttpResponse:
    """Begin a programme."""
    viewer = viewer_of(request)
    form = _programme_form(request)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        chosen = next(
            each for each in queries.organisations_to_run_for(viewer) if str(each.pk) == clean["organisation"]
        )
        made = attempt(
            form, lambda: services.open_programme(organisation=chosen, said=_said(clean), by=viewer, at=viewer.at)
        )
        if made is not None:
            return done(
                request,
                "session_programme",
                "The programme is there. Now say when it meets.",
                session_programme_id=made.pk,
            )
    more = {"form": form, "title": "Begin a programme", "submit_text": "Save", "cancel_href": reverse("sessions")}
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def programme_change(request: HttpRequest, session_programme_id: UUID) -> HttpResponse:
    """Say otherwise what a programme is."""
    viewer = viewer_of(request)
    row = queries.programme_for_change(viewer, session_programme_id)
    check(viewer, CHANGE_PROGRAMME, row)
    names = ("name", "kind", "place", "youngest", "oldest", "is_targeted", "service", "version")
    form = _programme_form(
        request, organisation=str(row.organisation_id), **{name: getattr(row, name) for name in names}
    )
    form.fields.pop("organisation")
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        said = _said(clean, team_id=row.team_id, locality_id=row.locality_id)
        version = whole(clean["version"]) or 0
        changed = attempt(
            form,
            lambda: services.change_programme(programme=row, said=said, version=version, by=viewer, at=viewer.at),
        )
        if changed is not None:
            return done(request, "session_programme", "The programme is changed.", session_programme_id=row.pk)
    back = reverse("session_programme", args=[row.pk])
    more = {"form": form, "title": f"Change {row.name}", "submit_text": "Save", "cancel_href": back}
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def programme_end(request: HttpRequest, session_programme_id: UUID) -> HttpResponse:
    """A programme meets no more."""
    viewer = viewer_of(request)
    row = queries.programme_for_change(viewer, session_programme_id)
    check(viewer, CHANGE_PROGRAMME, row)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        version, ends_on = whole(clean["version"]) or 0, clean["ends_on"]
        if attempt(
            form,
            lambda: services.end_programme(programme=row, ends_on=ends_on, version=version, by=viewer, at=viewer.at),
        ):
            return done(
                request,
                "session_programme",
                "The programme has ended. Its registers stay.",
                session_programme_id=row.pk,
            )
    back = reverse("session_programme", args=[row.pk])
    more = {"form": form, "title": f"End {row.name}", "submit_text": "End it", "cancel_href": back}
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def sessions_plan(request: HttpRequest, session_programme_id: UUID) -> HttpResponse:
    """Plan sessions: one day, or every week."""
    viewer = viewer_of(request)
    row = queries.programme_for_change(viewer, session_programme_id)
    check(viewer, PLAN_SESSIONS, row)
    people = options(queries.staff_to_choose(viewer, [row.organisation_id]))
    mine = [each.value for each in people if uuid_of(each.value) in viewer.post_ids]
    posted = request.POST if request.method == "POST" else None
    form = PlanSessionsForm(posted, staff=people, initial={"staff": mine, "repeats": "once"})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        until = {"once": None, "term": clean["until_term"], "always": clean["until_always"]}[clean["repeats"]]
        when = Weekly(clean["first_on"], clean["starts"], clean["ends"], until, clean["repeats"] == "term")
        staff = [UUID(each) for each in clean["staff"]]
        planned = attempt(
            form, lambda: services.plan_sessions(programme=row, when=when, staff=staff, by=viewer, at=viewer.at)
        )
        if planned is not None:
            count = len(planned)
            words = "The session is planned." if count == 1 else f"{count} sessions are planned."
            return done(request, "session_programme", words, session_programme_id=row.pk)
    back = reverse("session_programme", args=[row.pk])
    more = {"form": form, "title": f"When does {row.name} meet?", "submit_text": "Plan", "cancel_href": back}
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def session_cancel(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """A session does not take place."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    check(viewer, CANCEL_SESSION, row)
    form = CancelForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        version = whole(clean["version"]) or 0
        if attempt(
            form,
            lambda: services.cancel_session(
                session=row, reason=clean["reason"], version=version, by=viewer, at=viewer.at
            ),
        ):
            return done(
                request, "session_programme", "The session is cancelled.", session_programme_id=row.programme_id
            )
    more = {
        "form": form, "title": "Cancel this session", "submit_text": "Cancel the session",
        "back_href": reverse("session", args=[row.pk]),
    }  # fmt: skip
    return render(request, "core/question.jinja", more)


# --- The register.


@login_required
@require_http_methods(GET_OR_POST)
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The register of a session: on a phone, in few taps, with or without scripts."""
    if request.method == "POST":
        return _save(request, session_id)
    return _register_page(request, session_id, find=FindForm(), found=None)


def _register_page(request: HttpRequest, session_id: UUID, **more: Any) -> HttpResponse:
    shown = queries.register(viewer_of(request), session_id)
    marks = [(mark.value, words) for mark, words in MARKS.items()]
    return render(request, "universal/register.jinja", {"register": shown, "marks": marks, **more})


def _save(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was ticked is saved; the button pressed says what else: everybody else here, undo, or finished."""
    viewer, does = viewer_of(request), request.POST.get("does", "save")
    row = queries.session_for_change(viewer, session_id)
    try:
        if does == "undo":
            services.undo_register(session=row, by=viewer, at=viewer.at)
            return done(request, "session", "What you saved last is taken back.", session_id=row.pk)
        services.take_register(session=row, taken=_taken(request.POST, does), by=viewer, at=viewer.at)
        if does == "finish":
            services.finish_register(session=row, by=viewer, at=viewer.at)
            return done(request, "session", "The register is finished. It can still be corrected.", session_id=row.pk)
    except NotVisible:
        raise
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("session", session_id=row.pk)
    return done(request, "session", "The register is saved.", session_id=row.pk)


def _taken(sent: QueryDict, does: str) -> Taken:
    marks: dict[UUID, str] = {}
    for name in sent:
        record_id = uuid_of(name.removeprefix("mark-")) if name.startswith("mark-") else None
        mark = str(sent[name])
        if record_id is not None and mark in {*Mark, "off"}:
            marks[record_id] = "" if mark == "off" else mark
    if does == "all":
        listed = [uuid_of(text) for text in sent.getlist("listed")]
        marks = {each: Mark.PRESENT.value for each in listed if each} | marks
    return Taken(marks, whole(sent.get("adults")), whole(sent.get("children")))


@login_required
@require_http_methods(GET_OR_POST)
def register_find(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Whom somebody means by a few letters: a fragment while they type, a page when they press the button."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return _register_page(request, session_id, find=FindForm(), found=None)
    is_typing = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    form = FindForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    if is_typing and is_too_fast(
        "register", viewer.account_id, minute=int(viewer.at.timestamp()) // 60, most=_LIVE_PER_MINUTE
    ):
        return HttpResponse("Too many searches in a minute. Press the search button.", status=429)
    found = queries.find_for_register(viewer, session_id, words, is_typing=is_typing)
    if is_typing:
        more = {"found": found, "words": words, "session_id": session_id, "is_typing": True}
        return render(request, "universal/register_found.jinja", more)
    return _register_page(request, session_id, find=form, found=found, words=words)


@login_required
@require_POST
def register_add(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Put somebody who was found on the register, as here."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    check(viewer, TAKE_REGISTER, row)
    record_id = uuid_of(request.POST.get("record", ""))
    if record_id is None:
        raise NotVisible
    try:
        services.add_to_register(session=row, record_id=record_id, by=viewer, at=viewer.at)
    except NotVisible:
        raise
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("session", session_id=row.pk)
    return done(request, "session", "They are on the register.", session_id=row.pk)


@login_required
@require_http_methods(GET_OR_POST)
def register_newcomer(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Somebody who came for the first time."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    check(viewer, TAKE_REGISTER, row)
    posted = request.POST if request.method == "POST" else None
    form = NewcomerForm(posted, on=timezone.localdate(viewer.at))
    if request.method == "POST" and form.is_valid():
        new = Newcomer(**form.cleaned_data)
        if attempt(form, lambda: services.add_newcomer(session=row, newcomer=new, by=viewer, at=viewer.at)):
            return done(request, "session", "They are on the register.", session_id=row.pk)
    more = {
        "form": form, "title": "Somebody new", "caption": row.programme.name, "submit_text": "Add as here",
        "back_href": reverse("session", args=[row.pk]),
    }  # fmt: skip
    return render(request, "core/question.jinja", more)


@login_required
@require_http_methods(GET_OR_POST)
def register_import(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Bring in a sign-in sheet that was kept elsewhere; every row says what became of it."""
    viewer = viewer_of(request)
    row = queries.session_for_change(viewer, session_id)
    check(viewer, TAKE_REGISTER, row)
    form, report = SheetForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        report = attempt(
            form,
            lambda: services.import_register(
                session=row, file_name=file.name, content=file.read(), by=viewer, at=viewer.at
            ),
        )
    more = {
        "form": form,
        "title": "Bring in a sign-in sheet",
        "report": report,
        "session_id": row.pk,
        "name": row.programme.name,
    }
    return render(request, "universal/register_import.jinja", more)


@login_required
@require_safe
def register_sheet(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """A sheet to sign in on, on paper: who is expected, and empty lines."""
    shown = queries.register(viewer_of(request), session_id, purpose="sign-in sheet")
    return render(request, "universal/register_sheet.jinja", {"register": shown, "empty": range(12)})


@login_required
@require_safe
def register_changes(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Every change of a register."""
    shown, changes = queries.register_changes(viewer_of(request), session_id)
    return render(request, "universal/register_changes.jinja", {"register": shown, "changes": changes})


@login_required
@require_safe
def case_sessions(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which sessions the people of a case came to, for those who see the case."""
    frame, rows = queries.attendances_of_case(viewer_of(request), case_id)
    return render(request, "universal/case_sessions.jinja", {"frame": frame, "rows": rows})
