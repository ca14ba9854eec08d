"""Pages of supervision: whom one supervises, writing one down, reading it, agreeing, and its actions as tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.casework.forms.supervision import (
    AddToSupervisionForm,
    AgreeForm,
    SupervisionForm,
    TalkedAboutForm,
    let_choose,
)
from joinedup.casework.meeting import next_review_by
from joinedup.casework.queries import supervision as reading
from joinedup.casework.services.supervision import (
    CaseTalkedAbout,
    SupervisionSaid,
    add_to_supervision,
    answer_supervision,
    make_task_of_supervision,
    write_supervision,
)
from joinedup.casework.settings import supervision_weeks
from joinedup.casework.supervision_document import supervision_document
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import download
from joinedup.core.drafts import DraftForm, all_at_once, declare_form, unsaid
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import date_long, london
from joinedup.core.forms import Form, FormGroup

_SHOWN = all_at_once(reading.supervisions_shown)


def _about(name: str, argument: str) -> Any:
    return lambda about: reverse(name, kwargs={argument: about})


SUPERVISION = declare_form(
    "casework.supervision", "Supervision", _about("supervision_new", "worker_id"), says=unsaid,
    shown=all_at_once(reading.workers_shown),
)  # fmt: skip
ANSWER = declare_form(
    "casework.supervision_answer", "Answer to a supervision", _about("supervision_answer", "supervision_id"), says=unsaid,
    shown=_SHOWN,
)  # fmt: skip
ADDITION = declare_form(
    "casework.supervision_addition", "Something put right beside a supervision",
    _about("supervision_add", "supervision_id"), says=unsaid, shown=_SHOWN,
)  # fmt: skip


@login_required
@require_safe
def supervisions(request: HttpRequest) -> HttpResponse:
    """Whom the viewer supervises, and the supervisions they may read."""
    return render(request, "casework/supervisions.jinja", {"page": reading.supervisions(viewer_of(request))})


@login_required
@require_http_methods(GET_OR_POST)
def new(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """Write down a supervision: of the worker, and of as many families as they talked about."""
    viewer = viewer_of(request)
    worker = reading.worker_to_supervise(viewer, worker_id)
    today = london(viewer.at).date()
    weeks = supervision_weeks(today)
    desk = Desk(request, SUPERVISION, str(worker_id))
    answers = desk.answers()
    group = TalkedAboutForm.stack("cases", answers.get("data"), least=0, most=20, noun="family")
    cases = [(str(each.case_id), each.words) for each in reading.cases_offered(viewer, worker)]
    owners = [("worker", worker.account.name), ("manager", viewer.name)]
    for item in group:
        let_choose(item, cases, owners, today)
    answers["is_being_changed"] = answers.get("is_being_changed", False) or group.is_changing
    latest = next_review_by(today, weeks)
    form = SupervisionForm(
        **answers, today=today, latest=latest, weeks=weeks, initial={"held_on": today, "next_on": latest}
    )
    if request.method == "POST" and not group.is_changing and form.is_valid() & group.is_valid():
        held = attempt(
            form, lambda: write_supervision(worker=worker, said=_said(form, group), by=viewer, at=viewer.at)
        )  # fmt: skip
        if held is not None:
            desk.done()
            return done(request, "supervision", "The supervision is written down.", supervision_id=held.pk)
    context = {"form": form, "group": group, "desk": desk, "worker": worker, "cases": len(cases)}
    return render(request, "casework/supervision_form.jinja", context)


def _said(form: Form, group: FormGroup) -> SupervisionSaid:
    clean = form.cleaned_data
    return SupervisionSaid(
        held_on=clean["held_on"], discussed=clean["discussed"], wellbeing=clean["wellbeing"],
        development=clean["development"], next_on=clean["next_on"],
        cases=[
            CaseTalkedAbout(
                UUID(each["case"]), each["reflection"], each["decision"], each["action"], each["owner"], each["due_on"]
            )
            for each in group.cleaned
        ],
    )  # fmt: skip


@login_required
@require_safe
def supervision(request: HttpRequest, supervision_id: UUID) -> HttpResponse:
    """One supervision."""
    seen = reading.supervision(viewer_of(request), supervision_id)
    return render(request, "casework/supervision.jinja", {"seen": seen})


@login_required
@require_safe
def printed(request: HttpRequest, supervision_id: UUID, form: str) -> HttpResponse:
    """A supervision to print or keep."""
    viewer = viewer_of(request)
    seen = reading.supervision(viewer, supervision_id)
    document = supervision_document(seen, printed_by=viewer.name, printed_at=viewer.at)
    if form in {"pdf", "docx"}:
        return download(document, form, f"supervision-{seen.held_on:%Y-%m-%d}")
    if form != "page":
        raise Http404
    back = reverse("supervision", args=[supervision_id])
    return render(request, "casework/oversight_document.jinja", {"document": document, "back_href": back})


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, supervision_id: UUID) -> HttpResponse:
    """The worker agrees, or says where they see it differently."""
    viewer = viewer_of(request)
    seen = reading.supervision(viewer, supervision_id)
    if not seen.may_answer:
        raise NotPermitted("Only the worker answers a supervision, once.", rule="CW-507")

    def send(form: Form) -> object:
        clean = form.cleaned_data
        return answer_supervision(
            supervision=seen.row, agrees=clean["answer"] == "agreed", words=clean["words"], version=seen.version, by=viewer,
            at=viewer.at,
        )  # fmt: skip

    return _ask(request, seen, ANSWER, AgreeForm, send, "Do you agree?", "Your answer is recorded.")


@login_required
@require_http_methods(GET_OR_POST)
def add(request: HttpRequest, supervision_id: UUID) -> HttpResponse:
    """Put something right beside a supervision."""
    viewer = viewer_of(request)
    seen = reading.supervision(viewer, supervision_id)
    if not seen.may_add:
        raise NotPermitted("Only the two of you add to a supervision.", rule="permission:casework.correct_supervision")

    def send(form: Form) -> object:
        return add_to_supervision(supervision=seen.row, words=form.cleaned_data["words"], by=viewer, at=viewer.at)

    return _ask(request, seen, ADDITION, AddToSupervisionForm, send, "Put something right", "It stands beside it now.")


def _ask(
    request: HttpRequest, seen: reading.SupervisionSeen, kept: DraftForm, form_class: type[Form], send: Any, title: str, said: str
) -> HttpResponse:  # fmt: skip
    desk = Desk(request, kept, str(seen.id))
    form = form_class(**desk.answers())
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: send(form)) is not None:
        desk.done()
        return done(request, "supervision", said, supervision_id=seen.id)
    back = reverse("supervision", args=[seen.id])
    context = {
        "form": form, "title": title, "desk": desk, "back_href": back, "cancel_href": back, "submit_text": "Save",
        "caption": f"Supervision of {seen.worker}, {date_long(seen.held_on)}",
    }  # fmt: skip
    return render(request, "core/question.jinja", context)


@login_required
@require_POST
def make_task(request: HttpRequest, supervision_id: UUID, part_id: UUID) -> HttpResponse:
    """What is to be done becomes a task of the case."""
    viewer = viewer_of(request)
    part = reading.supervision_part_for_change(viewer, supervision_id, part_id)
    make_task_of_supervision(case=part.case, part=part, by=viewer, at=viewer.at)
    return done(request, "case_notes", "It is a task of the case now.", case_id=part.case_id)
