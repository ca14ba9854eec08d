"""Pages of who joins a case that is open, and who leaves it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from joinedup.casework import queries, services
from joinedup.casework.forms.joining import BabyForm, JoinForm, LeavingForm, WhoForm
from joinedup.casework.forms.plans import PlanForm
from joinedup.casework.joining_permissions import JOIN_CASE, LEAVE_CASE
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, frame_to, posted, question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.formats import date_long
from joinedup.core.forms import Option

_CASES = all_at_once(queries.cases_shown)
BABY = "baby"


def _address(page: str, *names: str) -> Any:
    return lambda about: reverse(page, kwargs=dict(zip(names, ids_in(about), strict=True)))


JOINING = declare_form(
    "casework.join_case", "Somebody joins a case", _address("case_join_person", "case_id", "joining_id"), shown=_CASES
)
NEWBORN = declare_form(
    "casework.join_baby", "A newborn joins a case", _address("case_join_baby", "case_id"), shown=_CASES
)
LEAVING = declare_form(
    "casework.leave_case", "Somebody leaves a case", _address("case_leave", "case_id", "leaving_id"), shown=_CASES
)


@login_required
@require_http_methods(GET_OR_POST)
def join(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who of the family joins the case: those in its record who are not in the case, or a baby."""
    frame = frame_to(request, case_id, JOIN_CASE)
    found = queries.could_join(viewer_of(request), frame)
    people = [Option(str(each.person_id), each.name, _hint(each)) for each in found]
    baby = Option(BABY, "A baby who was born in the last year", "And is not in this list")
    form = WhoForm(posted(request), people=[*people, baby])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["person"]
        if chosen == BABY:
            return redirect("case_join_baby", case_id=case_id)
        return redirect("case_join_person", case_id=case_id, joining_id=chosen)
    return question(
        request, frame, form, "Somebody joins this case", submit_text="Continue",
        intro=("" if people else "Everybody in the family’s record is in the case. ")
        + "Anybody who is not listed is put into the family’s record first: ask the front door.",
    )  # fmt: skip


def _hint(each: queries.Joinable) -> str:
    born = f", born {date_long(each.birth_date)}" if each.birth_date else ""
    return f"{each.part_in_words}{born}" + (". Was in this case before" if each.was_here else "")


@login_required
@require_http_methods(GET_OR_POST)
def join_person(request: HttpRequest, case_id: UUID, joining_id: UUID) -> HttpResponse:
    """Whoever was chosen: their part, why, and who will see what; then they are in the case."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, JOIN_CASE)
    seen = queries.one_to_join(viewer, frame, joining_id)
    desk = Desk(request, JOINING, about_of(case_id, joining_id))
    form = JoinForm(**desk.answers(), initial={"version": frame.version, "part": seen.part})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        call = lambda: services.join_case(  # noqa: E731
            case=frame.row, person_id=joining_id, part=clean["part"], reason=clean["reason"], version=form.seen_version,
            by=viewer, at=viewer.at,
        )  # fmt: skip
        if attempt(form, call) is not None:
            desk.done()
            return done(request, _then(clean["part"]), f"{seen.name} is in this case now.", case_id=case_id)
    return _ask(request, frame, form, desk, f"Add {seen.name} to this case", seen)


def _then(part: str) -> str:
    return "case_plan" if part == "child" else "case"


@login_required
@require_http_methods(GET_OR_POST)
def join_baby(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A newborn whom no record of the family names yet."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, JOIN_CASE)
    desk = Desk(request, NEWBORN, str(case_id))
    form = BabyForm(**desk.answers(), initial={"version": frame.version})
    if request.method == "POST" and form.is_valid():
        baby, agency = form.baby, queries.agency_that_writes(viewer, frame)
        call = lambda: services.join_baby(  # noqa: E731
            case=frame.row, baby=baby, reason=form.cleaned_data["reason"], agency=agency, version=form.seen_version,
            by=viewer, at=viewer.at,
        )  # fmt: skip
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "case_plan", f"{baby.given_name} is in this case now.", case_id=case_id)
    return _ask(request, frame, form, desk, "Add a baby to this case", None)


def _ask(
    request: HttpRequest,
    frame: queries.CaseFrame,
    form: PlanForm,
    desk: Desk,
    title: str,
    person: queries.Joinable | None,
) -> HttpResponse:
    """With who will see them from then on."""
    context = {
        "frame": frame, "form": form, "desk": desk, "title": title, "person": person, "submit_text": "Add to this case",
        "sees": queries.who_sees_case(viewer_of(request), frame), "back_href": reverse("case_join", args=[frame.id]),
        "back_text": "Choose somebody else",
    }  # fmt: skip
    return render(request, "casework/join.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def leave(request: HttpRequest, case_id: UUID, leaving_id: UUID) -> HttpResponse:
    """Somebody leaves the case, with the reason and the day; what was written stays."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, LEAVE_CASE)
    person = frame.person(leaving_id)
    if person is None:
        raise Http404
    needs = queries.needs_of_child(viewer, frame, leaving_id)
    desk = Desk(request, LEAVING, about_of(case_id, leaving_id))
    form = LeavingForm(**desk.answers(), needs=needs, initial={"version": frame.version})
    if request.method == "POST" and form.is_valid():
        call = lambda: services.leave_case(  # noqa: E731
            case=frame.row, person_id=leaving_id, said=form.said, version=form.seen_version, by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "case", f"{person.name} is in this case no more.", case_id=case_id)
    return question(
        request, frame, form, f"{person.name} leaves this case", submit_text="Save", desk=desk,
        intro="What was written about them stays in the case. From this moment the team around the child sees their own record no "
        "more, they are asked to no meeting, and what was still to be done for them stops.",
    )  # fmt: skip
