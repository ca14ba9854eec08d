"""Pages of the quality audit: drawing a sample, auditing a case heading by heading, a second look, and the results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import can
from joinedup.casework.audit_document import audit_document, results_figures, results_tables
from joinedup.casework.forms.audits import (
    AgainForm,
    DrawForm,
    FindingForm,
    FinishForm,
    GroupForm,
    SecondForm,
    let_choose,
)
from joinedup.casework.permissions import READ_AUDIT_RESULTS
from joinedup.casework.queries import audits as reading
from joinedup.casework.queries.audit_results import audit_results
from joinedup.casework.services.audits import (
    FindingSaid,
    SampleWanted,
    ask_second_look,
    draw_audit,
    finish_audit,
    look_again,
    write_audit,
)
from joinedup.casework.views.shared import GET_OR_POST, attempt, done, posted, viewer_of
from joinedup.core.desk import Desk, uuid_of
from joinedup.core.documents import attachment, download
from joinedup.core.drafts import all_at_once, declare_form, unsaid
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import london
from joinedup.core.spreadsheet import SPREADSHEET, workbook_of

_SHOWN = all_at_once(reading.audits_shown)
DRAW = declare_form("casework.audit_draw", "Sample for a quality audit", lambda _: reverse("case_audit_draw"))
FINISH = declare_form(
    "casework.audit_finish", "End of a quality audit", lambda about: reverse("case_audit_finish", kwargs={"audit_id": about}),
    says=unsaid, shown=_SHOWN,
)  # fmt: skip
AGAIN = declare_form(
    "casework.audit_again", "Second look at an audit", lambda about: reverse("case_audit_again", kwargs={"looked_id": about}),
    says=unsaid, shown=_SHOWN,
)  # fmt: skip


@login_required
@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """What is to be audited, what was found, and the samples."""
    viewer = viewer_of(request)
    page = reading.audits(viewer)
    return render(request, "casework/audits.jinja", {"page": page, "may_read_results": can(viewer, READ_AUDIT_RESULTS)})


@login_required
@require_http_methods(GET_OR_POST)
def draw(request: HttpRequest) -> HttpResponse:
    """Draw cases of a team at random."""
    viewer = viewer_of(request)
    team = reading.team_to_draw_from(viewer, uuid_of(request.GET.get("team", "")))
    desk = Desk(request, DRAW)
    form = DrawForm(
        **desk.answers(),
        auditors=[(str(post_id), name) for post_id, name in reading.auditors_to_choose(viewer)],
        leads=[(str(post_id), name) for post_id, name in reading.leads_to_choose(viewer, team.pk)],
        initial={"size": 3},
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        wanted = SampleWanted(
            auditor=reading.auditor_with_id(viewer, UUID(clean["auditor"])), size=clean["size"], reason=clean["reason"],
            level=int(clean["level"]) if clean["level"] else None, lead_id=uuid_of(clean["lead"] or ""),
        )  # fmt: skip
        if attempt(form, lambda: draw_audit(team=team, wanted=wanted, by=viewer, at=viewer.at)) is not None:
            desk.done()
            return done(request, "case_audits", "The sample is drawn, and the auditor is told.")
    back = reverse("case_audits")
    context = {
        "form": form, "title": f"Draw cases of {team.name}", "desk": desk, "back_href": back, "cancel_href": back,
        "submit_text": "Draw them", "caption": "Quality audit",
    }  # fmt: skip
    return render(request, "core/question.jinja", context)


@login_required
@require_safe
def audit(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    """One audit: its headings while it goes on, and what was found."""
    return render(request, "casework/audit.jinja", {"seen": reading.case_audit(viewer_of(request), audit_id)})


@login_required
@require_http_methods(GET_OR_POST)
def group(request: HttpRequest, audit_id: UUID, heading: str) -> HttpResponse:
    """The items under one heading."""
    viewer = viewer_of(request)
    seen = _to_write(request, audit_id)
    place = next((number for number, each in enumerate(seen.groups) if each.group.code == heading), None)
    if place is None:
        raise Http404
    here = seen.groups[place]
    form = GroupForm(posted(request), group=here)
    if request.method == "POST" and form.is_valid():
        call = lambda: write_audit(audit=seen.row, group=heading, answers=form.answers(), by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            after = seen.groups[place + 1].group.code if place + 1 < len(seen.groups) else ""
            if after:
                return done(request, "case_audit_group", "Saved.", audit_id=audit_id, heading=after)
            return done(request, "case_audit", "Saved.", audit_id=audit_id)
    return render(request, "casework/audit_group.jinja", {"seen": seen, "here": here, "form": form})


def _to_write(request: HttpRequest, audit_id: UUID) -> reading.AuditSeen:
    seen = reading.case_audit(viewer_of(request), audit_id)
    if "write" not in seen.may:
        raise NotPermitted("This audit is done, or it is not yours, or its time is over.", rule="CW-543")
    return seen


@login_required
@require_http_methods(GET_OR_POST)
def finish(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    """End the audit: what is good, and what must be put right."""
    viewer = viewer_of(request)
    seen = _to_write(request, audit_id)
    desk = Desk(request, FINISH, str(audit_id))
    answers: dict[str, Any] = desk.answers()
    findings = FindingForm.stack("findings", answers.get("data"), least=0, most=12, noun="finding")
    owners = [(str(post_id), name) for post_id, name in reading.owners_to_choose(viewer, seen.row.case)]
    for item in findings:
        let_choose(item, owners, london(viewer.at).date())
    answers["is_being_changed"] = answers.get("is_being_changed", False) or findings.is_changing
    form = FinishForm(**answers)
    if request.method == "POST" and not findings.is_changing and form.is_valid() & findings.is_valid():
        said = [FindingSaid(each["words"], UUID(each["owner"]), each["due_on"]) for each in findings.cleaned]
        strengths = form.cleaned_data["strengths"]
        call = lambda: finish_audit(audit=seen.row, strengths=strengths, findings=said, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "case_audit", "The audit is done.", audit_id=audit_id)
    context = {"seen": seen, "form": form, "group": findings, "desk": desk}
    return render(request, "casework/audit_finish.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def second(request: HttpRequest, done_id: UUID) -> HttpResponse:
    """Ask somebody for a second look."""
    viewer = viewer_of(request)
    seen = reading.case_audit(viewer, done_id)
    if "ask_again" not in seen.may:
        raise NotPermitted("A second look is asked for once, when the audit is done.", rule="CW-548")
    posts = [(str(post_id), name) for post_id, name in reading.auditors_to_choose(viewer)]
    form = SecondForm(posted(request), posts=posts)
    if request.method == "POST" and form.is_valid():
        post = reading.auditor_with_id(viewer, UUID(form.cleaned_data["post"]))
        if attempt(form, lambda: ask_second_look(audit=seen.row, post=post, by=viewer, at=viewer.at)) is not None:
            return done(request, "case_audit", "They are asked, and may read the case.", audit_id=done_id)
    back = reverse("case_audit", args=[done_id])
    context = {
        "form": form,
        "title": "A second look",
        "back_href": back,
        "cancel_href": back,
        "submit_text": "Ask them",
    }
    return render(request, "core/question.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def again(request: HttpRequest, looked_id: UUID) -> HttpResponse:
    """A second look at what was found."""
    viewer = viewer_of(request)
    seen = reading.case_audit(viewer, looked_id)
    if "look_again" not in seen.may:
        raise NotPermitted("Only whoever was asked looks again, once.", rule="CW-548")
    desk = Desk(request, AGAIN, str(looked_id))
    form = AgainForm(**desk.answers(), groups=seen.groups)
    if request.method == "POST" and form.is_valid():
        call = lambda: look_again(  # noqa: E731
            audit=seen.row, answers=form.answers(), words=form.cleaned_data["words"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "case_audit", "Your second look is recorded.", audit_id=looked_id)
    back = reverse("case_audit", args=[looked_id])
    context = {
        "form": form, "title": f"Second look at the audit of {seen.reference}", "desk": desk, "back_href": back,
        "cancel_href": back, "submit_text": "Record it",
    }  # fmt: skip
    return render(request, "core/question.jinja", context)


@login_required
@require_safe
def printed(request: HttpRequest, audit_id: UUID, form: str) -> HttpResponse:
    """An audit to print or keep."""
    viewer = viewer_of(request)
    seen = reading.case_audit(viewer, audit_id)
    document = audit_document(seen, printed_by=viewer.name, printed_at=viewer.at)
    if form in {"pdf", "docx"}:
        return download(document, form, f"audit-{seen.reference}")
    if form != "page":
        raise Http404
    back = reverse("case_audit", args=[audit_id])
    return render(request, "casework/oversight_document.jinja", {"document": document, "back_href": back})


@login_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What audits found, by team, month, heading and item."""
    found = audit_results(viewer_of(request), uuid_of(request.GET.get("team", "")))
    figures = results_figures(found)
    tables = results_tables(found)
    return render(request, "casework/audit_results.jinja", {"results": found, "figures": figures, "tables": tables})


@login_required
@require_safe
def results_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as CSV, or as a workbook with a sheet for each table."""
    if form == "page":
        return results(request)
    if form not in {"csv", "xlsx"}:
        raise Http404
    tables = results_tables(audit_results(viewer_of(request), uuid_of(request.GET.get("team", ""))))
    if form == "xlsx":
        return attachment(workbook_of(tables), SPREADSHEET, "quality-audits.xlsx")
    text = "\r\n".join(f"{table.caption}\r\n{table.as_csv()}" for table in tables)
    return attachment(text, "text/csv; charset=utf-8", "quality-audits.csv")
