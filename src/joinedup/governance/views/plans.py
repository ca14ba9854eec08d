"""Pages of the children and young people’s plan: the list, one plan, its progress, its document, and what everybody reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.documents import download
from joinedup.core.forms import Option
from joinedup.governance import services
from joinedup.governance.forms.plans import BeginForm, PlanForm, ReportForm, WhyForm
from joinedup.governance.permissions import KEEP_PLAN, REPORT_PLAN_ACTION
from joinedup.governance.plan_codes import PARTS
from joinedup.governance.plan_content import answer_words, faults_of
from joinedup.governance.plan_document import plan_changes_document, plan_document
from joinedup.governance.plan_kept import PLAN_ACTION, PLAN_NEW, PLAN_WORDS
from joinedup.governance.queries import plan_reading
from joinedup.governance.queries import plans as queries
from joinedup.governance.views.plan_shared import show_plan
from joinedup.governance.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    pressed,
    viewer_of,
    whole,
)

_NAMES = ("title", "framework", "starts_on", "ends_on", "vision", "summary")


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan."""
    viewer = viewer_of(request)
    return show_plan(
        request, "governance/plans.jinja", here="plans", rows=queries.plans(viewer), may_begin=can(viewer, KEEP_PLAN)
    )  # fmt: skip


def _page(plan_id: object) -> str:
    return reverse("children_plan", args=[plan_id])


def _none(rows: Any, words: str = "None") -> list[Option]:
    return [Option("", words), *options((each.pk, each.title) for each in rows)]


def _said(clean: dict[str, Any], partners: list[Any], others: list[Any]) -> services.PlanSaid:
    return services.PlanSaid(
        clean["title"], clean["framework"], clean["starts_on"], clean["ends_on"], clean["vision"], clean["summary"],
        [each for each in partners if str(each.pk) in clean["partners"]], chosen(others, clean["supersedes"]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    viewer = viewer_of(request)
    check(viewer, KEEP_PLAN)
    boards, partners = queries.boards_to_adopt(viewer), queries.partners_to_choose(viewer)
    others = queries.plans_to_supersede(viewer)
    desk = Desk(request, PLAN_NEW)
    form = BeginForm(
        **desk.answers(),
        offers={
            "board": options((each.pk, name) for each, name in boards), "partners": options((each.pk, each.name) for each in partners),
            "supersedes": _none(others, "No"), "begins_from": _none(others, "No, begin empty"),
        },
    )  # fmt: skip
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        row = services.begin_plan(
            board=chosen([each for each, _ in boards], clean["board"]), said=_said(clean, partners, others),
            begins_from=chosen(others, clean["begins_from"]), by=viewer, at=viewer.at,
        )  # fmt: skip
        made.append(row.pk)

    return asked(
        request, form, save, desk=desk, done="The plan is begun.", then=lambda: _page(made[0]), title="Begin a plan", submit_text="Begin",
        cancel_href=reverse("plans"),
    )  # fmt: skip


@login_required
@require_safe
def plan(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """One plan: its parts as tasks while it is written, then as it was proposed or adopted."""
    page = queries.plan_page(viewer_of(request), children_plan_id)
    return show_plan(
        request, "governance/plan.jinja", page=page, parts=PARTS, faults=faults_of(page.content) if page.adopted is None else [],
        is_intact=plan_reading.is_intact(page.adopted),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def words(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """What it says of itself."""
    viewer = viewer_of(request)
    row = queries.plan_for(viewer, children_plan_id)
    check(viewer, KEEP_PLAN)
    partners, others = queries.partners_to_choose(viewer), queries.plans_to_supersede(viewer, row)
    first = {name: getattr(row, name) for name in ("version", *_NAMES)}
    first |= {
        "partners": [str(each) for each in queries.partner_ids(viewer, row)],
        "supersedes": str(row.supersedes_id or ""),
    }
    desk = Desk(request, PLAN_WORDS, str(row.pk))
    form = PlanForm(
        **desk.answers(), initial=first,
        offers={"partners": options((each.pk, each.name) for each in partners), "supersedes": _none(others, "No")},
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        services.write_plan(
            plan=row, said=_said(clean, partners, others), version=whole(clean["version"]), by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, desk=desk, done="Saved.", then=_page(row.pk), title="What the plan says of itself", caption=row.title,
        submit_text="Save", cancel_href=_page(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def consult(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """People are asked about it now."""
    viewer = viewer_of(request)
    row = queries.plan_for(viewer, children_plan_id)
    return pressed(
        request, lambda: services.consult_on_plan(plan=row, by=viewer, at=viewer.at), "The plan is in consultation.", _page(row.pk)
    )  # fmt: skip


@login_required
@require_POST
def propose(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """Put it before its board."""
    viewer = viewer_of(request)
    row = queries.plan_for(viewer, children_plan_id)
    return pressed(
        request, lambda: services.propose_plan(plan=row, by=viewer, at=viewer.at), "The plan waits for its board.", _page(row.pk)
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def take_back(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """It becomes a draft again."""
    return _why(request, children_plan_id, "Take the plan back", services.take_back_plan, "The plan is a draft again.")


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """It is given up."""
    return _why(request, children_plan_id, "Withdraw the plan", services.withdraw_plan, "The plan is withdrawn.")


def _why(request: HttpRequest, plan_id: UUID, title: str, call: Any, done: str) -> HttpResponse:
    viewer = viewer_of(request)
    row = queries.plan_for(viewer, plan_id)
    check(viewer, KEEP_PLAN)
    form = WhyForm(posted(request))
    return asked(
        request, form, lambda: call(plan=row, words=form.cleaned_data["words"], by=viewer, at=viewer.at), done=done,
        then=_page(row.pk), title=title, caption=title, submit_text=title, cancel_href=_page(row.pk),
    )  # fmt: skip


@login_required
@require_safe
def progress(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """How its actions and measures stand."""
    page = plan_reading.progress_page(viewer_of(request), children_plan_id, request.GET.get("colour", ""))
    return show_plan(request, "governance/plan_progress.jinja", page=page)


@login_required
@require_http_methods(GET_OR_POST)
def action(request: HttpRequest, children_plan_action_id: UUID) -> HttpResponse:
    """Report how an action stands, under what was said before."""
    viewer = viewer_of(request)
    row = queries.action_for(viewer, children_plan_action_id)
    check(viewer, REPORT_PLAN_ACTION, row)
    desk = Desk(request, PLAN_ACTION, str(row.pk))
    form = ReportForm(**desk.answers(), initial={"state": row.state})
    back = reverse("children_plan_progress", args=[row.priority.plan_id])

    def save() -> None:
        clean = form.cleaned_data
        services.report_plan_action(action=row, state=clean["state"], words=clean["words"], by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="Reported.", then=back, template="governance/plan_action.jinja", title="How does it stand?",
        caption=row.words, submit_text="Report", cancel_href=back, steps=queries.steps_of(viewer, row),
    )  # fmt: skip


@login_required
@require_safe
def document(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """The whole plan as a page that prints."""
    viewer = viewer_of(request)
    page = queries.plan_page(viewer, children_plan_id)
    return show_plan(
        request, "governance/plan_document.jinja", page=page,
        document=plan_document(page.content, printed_by=viewer.name, printed_at=viewer.at, frozen=page.adopted.digest if page.adopted else ""),
    )  # fmt: skip


@login_required
@require_safe
def file(request: HttpRequest, children_plan_id: UUID, file_kind: str) -> HttpResponse:
    """The plan as PDF or Word."""
    if file_kind not in {"pdf", "docx"}:
        raise Http404
    viewer = viewer_of(request)
    page = queries.plan_page(viewer, children_plan_id)
    frozen = page.adopted.digest if page.adopted else ""
    made = plan_document(page.content, printed_by=viewer.name, printed_at=viewer.at, frozen=frozen)
    return download(made, file_kind, f"plan-{page.row.reference}")


@login_required
@require_safe
def changed(request: HttpRequest, children_plan_id: UUID) -> HttpResponse:
    """What changed since the plan before."""
    viewer = viewer_of(request)
    row, last, found = plan_reading.changes_since(viewer, children_plan_id)
    made = None
    if last is not None:
        made = plan_changes_document(row.title, last.title, found, printed_by=viewer.name, printed_at=viewer.at)
    return show_plan(request, "governance/plan_changes.jinja", row=row, document=made)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The plan in force, for everybody."""
    page = plan_reading.public_plan(viewer_of(request))
    return show_plan(request, "governance/plan_public.jinja", page=page, answer_words=answer_words)
