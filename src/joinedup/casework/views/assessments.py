"""Pages of assessments: those of a case, one as a list of tasks, one section at a time, checking, signing, printing, and
one beside the one before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.casework import queries, services
from joinedup.casework.assessing import Kind, Question
from joinedup.casework.assessment_document import (
    assessment_document,
    child_distance,
    distance_figure,
    family_radars,
    family_table,
    radar_figure,
)
from joinedup.casework.forms.assessments import SectionForm, accepting_all
from joinedup.casework.permissions import START_ASSESSMENT, WRITE_ASSESSMENT
from joinedup.casework.queries import SectionPage
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment, download
from joinedup.core.drafts import all_at_once, declare_form
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.forms import Form, resolve_conflict

_TAB = "case_assessments"
SECTION = declare_form(
    "casework.assessment_section",
    "A section of an assessment",
    lambda about: reverse("assessment_section", kwargs={"section_id": about}),
    shown=all_at_once(queries.sections_shown),
)


@login_required
@require_safe
def assessments(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every assessment of the children of a case, and beginning one."""
    page = queries.case_assessments(viewer_of(request), case_id)
    return case_page(request, "casework/assessments.jinja", page.frame, tab=_TAB, page=page)


@login_required
@require_POST
def start(request: HttpRequest, case_id: UUID, about_id: UUID) -> HttpResponse:
    """Begin an assessment of one child, with what is known already."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    check(viewer, START_ASSESSMENT, case)
    try:
        begun = services.start_assessment(case=case, child_id=about_id, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_TAB, case_id=case_id)
    return redirect("assessment", assessment_id=begun.pk)


@login_required
@require_safe
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The list of tasks while it is written; the whole once it is signed."""
    seen = queries.assessment(viewer_of(request), assessment_id)
    template = "casework/assessment_tasks.jinja" if seen.row.state == "draft" else "casework/assessment_read.jinja"
    more = {"doc": assessment_document(seen, viewer_of(request)), "beside": None}
    return case_page(request, template, seen.frame, tab=_TAB, seen=seen, **more)


@login_required
@require_http_methods(GET_OR_POST)
def section(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """One section. What somebody else saved meanwhile is shown beside what was typed."""
    viewer = viewer_of(request)
    page = queries.section_page(viewer, section_id)
    row = queries.section_for_change(viewer, section_id)
    if "write" not in page.assessment.may:
        check(viewer, WRITE_ASSESSMENT, row)
        return redirect("assessment", assessment_id=page.assessment.row.id)
    if request.method == "POST" and "resolving" in request.POST:
        return _resolve(request, page)
    desk = Desk(request, SECTION, str(section_id))
    given = desk.answers()
    if "accept_all" in request.POST:
        given = {"data": accepting_all(request.POST, page.section)}
    form = SectionForm(
        **given, section=page.section, on=timezone.localdate(viewer.at), initial={"version": page.section.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_section(
                section=row, answers=form.answers(), version=form.seen_version, by=viewer, at=viewer.at
            )
        except Stale as stale:
            return _conflict(request, page, stale)
        except (NotVisible, NotPermitted):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            return _next(request, page)
    return case_page(
        request, "casework/assessment_section.jinja", page.assessment.frame, tab=_TAB, page=page, form=form, desk=desk
    )


def _next(request: HttpRequest, page: SectionPage) -> HttpResponse:
    """On to the next section, or back to the list."""
    if "and_back" in request.POST or page.following is None:
        return redirect("assessment", assessment_id=page.assessment.row.id)
    return redirect("assessment_section", section_id=page.following.id)


def _conflict(request: HttpRequest, page: SectionPage, stale: Stale) -> HttpResponse:
    theirs, yours = stale.extra["theirs"], stale.extra["yours"]
    fields = [
        {"name": each.code, "label": _asked(each), "yours": yours[each.code], "theirs": theirs[each.code]}
        for each in page.section.spec.questions
    ]
    saved = queries.section_for_change(viewer_of(request), page.section.id)
    more = {
        "fields": fields, "version": saved.version, "saved_by": page.section.saved_by or "Somebody else",
        "saved_at": saved.saved_at, "hidden": [("resolving", "yes")],
        "cancel_href": reverse("assessment_section", args=[page.section.id]),
    }  # fmt: skip
    return render(request, "core/conflict.jinja", more, status=409)


def _asked(question: Question) -> str:
    """What a text on the page of two versions answers, with the codes where it takes some."""
    if question.kind in {Kind.CHOICE, Kind.CHOICES}:
        return f"{question.label} ({', '.join(f'{code} is {label}' for code, label in question.offered)})"
    return f"{question.label} (as 2026-11-18)" if question.kind is Kind.DAY else question.label


def _resolve(request: HttpRequest, page: SectionPage) -> HttpResponse:
    """What was chosen between two versions."""
    viewer = viewer_of(request)
    chosen = resolve_conflict(request.POST)
    answers = {each.code: chosen.get(each.code, "") for each in page.section.spec.questions}
    sent = str(chosen.get("version", ""))
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
    row = queries.section_for_change(viewer, page.section.id)
    try:
        services.save_section(section=row, answers=answers, version=version, by=viewer, at=viewer.at)
    except Stale as stale:
        return _conflict(request, page, stale)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        again = Stale(theirs={code: str(chosen.get(f"theirs-{code}", "")) for code in answers}, yours=answers)
        return _conflict(request, page, again)
    Desk(request, SECTION, str(page.section.id)).done()
    return _next(request, page)


class SignForm(Form):
    """Signing has no question: pressing the button is the answer. Refusals are shown above."""


@login_required
@require_http_methods(GET_OR_POST)
def check_answers(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Everything once more, and the button that signs."""
    viewer = viewer_of(request)
    seen = queries.assessment(viewer, assessment_id)
    if "sign" not in seen.may:
        raise Http404
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        row = queries.assessment_for_change(viewer, assessment_id)
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
        signed = attempt(
            form, lambda: services.sign_assessment(assessment=row, version=version, by=viewer, at=viewer.at)
        )
        if signed is not None:
            return done(request, "assessment", f"{seen.called} {signed.reference} is signed.", assessment_id=signed.pk)
    return case_page(
        request, "casework/assessment_check.jinja", seen.frame, tab=_TAB, seen=seen, form=form,
        page_has_errors=bool(form.is_bound and form.errors),
    )  # fmt: skip


@login_required
@require_safe
def printed(request: HttpRequest, assessment_id: UUID, form: str) -> HttpResponse:
    """The assessment as a page that prints, a PDF or a Word file."""
    viewer = viewer_of(request)
    seen = queries.assessment(viewer, assessment_id, purpose=f"assessment as {form}")
    doc = assessment_document(seen, viewer)
    if form in {"pdf", "docx"}:
        return download(doc, form, f"assessment-{seen.row.reference}")
    if form != "page":
        raise Http404
    return case_page(request, "casework/assessment_print.jinja", seen.frame, tab=_TAB, seen=seen, doc=doc)


@login_required
@require_safe
def beside(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The assessment beside the one before, with the distance travelled."""
    found = queries.beside_previous(viewer_of(request), assessment_id)
    more: dict[str, Any] = {"distance": distance_figure(found), "radar": radar_figure(found)}
    return case_page(request, "casework/assessment_beside.jinja", found.now.frame, tab=_TAB, found=found, **more)


@login_required
@require_safe
def beside_csv(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The distance travelled, for a spreadsheet."""
    found = queries.beside_previous(viewer_of(request), assessment_id)
    name = f"distance-travelled-{found.now.row.reference}.csv"
    return attachment(distance_figure(found).csv, "text/csv; charset=utf-8", name)


@login_required
@require_safe
def family(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """How far every child of the family has come, on one page, as drawings and as one table."""
    found = queries.family_scores(viewer_of(request), case_id)
    return case_page(
        request, "casework/family_scores.jinja", found.frame, tab=_TAB, found=found, radars=family_radars(found),
        distances=[(child, child_distance(child)) for child in found.children], table=family_table(found),
    )  # fmt: skip


@login_required
@require_safe
def family_csv(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The same table for a spreadsheet."""
    found = queries.family_scores(viewer_of(request), case_id)
    return attachment(family_table(found).as_csv(), "text/csv; charset=utf-8", f"scores-{found.frame.reference}.csv")
