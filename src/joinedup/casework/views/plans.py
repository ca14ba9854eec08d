"""Pages of a family's plan: the plan itself, and one form for each thing in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.casework import queries, services
from joinedup.casework.codes import NEED_ENDS, NEEDS
from joinedup.casework.forms.plans import (
    FAMILY,
    ChildForm,
    EndForm,
    NeedForm,
    OutcomeForm,
    WordsForm,
)
from joinedup.casework.permissions import OPEN_PLAN
from joinedup.casework.plan_document import distance_figures, plan_document
from joinedup.casework.planning import NeedEnd, NeedSaid, OutcomeSaid
from joinedup.casework.queries.about_me import family_held
from joinedup.casework.queries.said_before import said_before
from joinedup.casework.views.plan_forms import Ask, PlanPage, answer, kept_form, one_of
from joinedup.casework.views.shared import GET_OR_POST, case_page, frame_to, viewer_of
from joinedup.core.documents import download
from joinedup.core.errors import NotVisible
from joinedup.core.forms import Option
from joinedup.outcomes.measuring import plain
from joinedup.outcomes.queries import measures

_TAB = "case_plan"


START = kept_form("start", "Begin a family plan", "case_plan_start")
WORDS = kept_form("words", "The family’s words in their plan", "case_plan_words")
CHILD = kept_form("child", "A child’s words in the plan", "case_plan_child", "plan_child_id")
NEED = kept_form("need", "A need in a family plan", "case_plan_need_add")
NEED_CHANGE = kept_form("need_change", "A need in a family plan", "case_plan_need", "need_id")
NEED_END = kept_form("need_end", "What became of a need", "case_plan_need_end", "need_id")
OUTCOME = kept_form("outcome", "An outcome in a family plan", "case_plan_outcome_add", "need_id")
OUTCOME_CHANGE = kept_form("outcome_change", "An outcome in a family plan", "case_plan_outcome", "outcome_id")


@login_required
@require_safe
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The family's plan, task by task."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="family plan")
    found = queries.plan_of(viewer, frame)
    undertaken = queries.actions_due(viewer, frame) if found is not None and "write" in found.may else ()
    more = {"plan": found, "may_open": queries.may_open_plan(viewer, frame), "plain": plain, "undertaken": undertaken}
    more["has_budget"] = queries.holds_family_budget(viewer, frame)
    gone = queries.have_left(viewer, frame) if found is not None and found.left else ()
    left = {each.person_id: each for each in gone}
    return case_page(request, "casework/plan.jinja", frame, tab=_TAB, left=left, **more)


@login_required
@require_safe
def printed(request: HttpRequest, case_id: UUID, form: str) -> HttpResponse:
    """The plan as a page that prints, a PDF or a Word file."""
    if form not in {"page", "pdf", "docx"}:
        raise Http404
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="family plan, printed")
    found = queries.plan_of(viewer, frame)
    if found is None:
        raise NotVisible
    held = family_held(viewer, frame)
    doc = plan_document(frame, found, printed_by=viewer.name, printed_at=viewer.at, held=held)
    if form != "page":
        return download(doc, form, f"plan-{found.reference}")
    return render(request, "casework/plan_print.jinja", {"frame": frame, "doc": doc, "plan": found})


@login_required
@require_safe
def way(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """How far each outcome has come, as drawings that read as tables too."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="how far outcomes have come")
    found = queries.plan_of(viewer, frame)
    if found is None:
        raise NotVisible
    return case_page(request, "casework/plan_way.jinja", frame, tab=_TAB, plan=found, figures=distance_figures(found))


@login_required
@require_http_methods(GET_OR_POST)
def start(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin the plan with what the family wants."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, OPEN_PLAN)

    def send(form: WordsForm) -> object:
        said = {name: form.cleaned_data.get(name) or "" for name in ("family_words", "contingency")}
        return services.open_plan(case=frame.row, **said, by=viewer, at=viewer.at)

    intro = "One plan for the whole family, with a part for each child. It stays the same plan at every level."
    wanted = said_before(viewer, frame).get("family_words", "")
    return answer(request, frame, Ask("Begin the family’s plan", START, str(case_id),
                                      lambda given: WordsForm(**given, initial={"family_words": wanted}), send,
                                      "The plan is begun. Add the first need.", submit="Begin the plan", intro=intro))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def words(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The family's words and the contingency."""
    page = PlanPage(request, case_id)
    now = {"family_words": page.plan.family_words, "contingency": page.plan.contingency, "version": page.plan.version}

    def send(form: WordsForm) -> object:
        said = {name: form.cleaned_data.get(name) or "" for name in ("family_words", "contingency")}
        return page.change(services.change_plan, **said, version=form.seen_version)

    texts = {"family_words": "What the family wants", "contingency": "If things get worse, or somebody is away"}
    return page.ask(Ask("The family’s words", WORDS, page.about(), lambda given: WordsForm(**given, initial=now), send,
                        "The plan is changed.", texts=texts, version_now=lambda: page.again().version))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def child(request: HttpRequest, case_id: UUID, plan_child_id: UUID) -> HttpResponse:
    """A child's own words."""
    page = PlanPage(request, case_id)
    section = one_of(page.plan.sections, plan_child_id)
    said_then = {} if section.words else said_before(page.viewer, page.frame, section.person_id)
    now = {"words": section.words or said_then.get("words", ""), "version": section.version}

    def send(form: ChildForm) -> object:
        said = {"words": form.cleaned_data["words"], "version": form.seen_version}
        return page.change(services.change_child, section_id=plan_child_id, **said)

    return page.ask(Ask(f"What {section.name} says", CHILD, page.about(plan_child_id),
                        lambda given: ChildForm(**given, initial=now), send, "The child’s words are in the plan.",
                        texts={"words": "The child’s words"},
                        version_now=lambda: int(one_of(page.again().sections, plan_child_id).version)))  # fmt: skip


# --- Needs.


def _children(plan: queries.PlanSeen) -> list[Option]:
    return [Option(str(each.id), each.name) for each in plan.sections]


def _need_said(form: NeedForm) -> NeedSaid:
    clean = form.cleaned_data
    section = None if clean["section"] == FAMILY else UUID(clean["section"])
    return NeedSaid(clean["code"], clean["words"], section)


@login_required
@require_http_methods(GET_OR_POST)
def need_add(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A new need; the first one is of the kind the family was referred for."""
    page = PlanPage(request, case_id)
    first = {} if page.plan.needs else said_before(page.viewer, page.frame)
    now = {"section": FAMILY, "code": first.get("code", "")}
    return page.ask(Ask("Add a need", NEED, page.about(),
                        lambda given: NeedForm(**given, children=_children(page.plan), kinds=page.frame.pathway.need_choices, initial=now),
                        lambda form: page.change(services.add_need, said=_need_said(form)),
                        "The need is in the plan. Say what will be different.", submit="Add the need"))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def need(request: HttpRequest, case_id: UUID, need_id: UUID) -> HttpResponse:
    """Say a need better."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.needs, need_id)
    now = {"section": str(row.section_id or FAMILY), "code": row.code, "words": row.words, "version": row.version}
    names = {str(each.id): each.name for each in page.plan.sections}

    def shown(name: str, value: Any) -> str:
        return NEEDS.get(str(value), str(value)) if name == "code" else names.get(str(value), "The whole family")

    return page.ask(Ask("Change the need", NEED_CHANGE, page.about(need_id),
                        lambda given: NeedForm(**given, children=_children(page.plan), kinds=page.frame.pathway.need_choices, initial=now),
                        lambda form: page.change(services.change_need, need_id=need_id, said=_need_said(form), version=form.seen_version),
                        "The need is changed.", texts={"words": "The need"}, shown=shown,
                        others={"code": "Kind of need", "section_id": "Whose need"}, more=page.take_out("need", need_id),
                        version_now=lambda: int(one_of(page.again().needs, need_id).version)))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def need_end(request: HttpRequest, case_id: UUID, need_id: UUID) -> HttpResponse:
    """What became of a need."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.needs, need_id)

    def send(form: EndForm) -> object:
        end = NeedEnd(form.cleaned_data["end_code"], form.cleaned_data["end_words"])
        return page.change(services.end_need, need_id=need_id, end=end, version=form.seen_version)

    return page.ask(Ask("What became of this need?", NEED_END, page.about(need_id),
                        lambda given: EndForm(**given, initial={"version": row.version}), send,
                        "It is written down what became of the need.", intro=row.words,
                        texts={"end_words": "How do you know?"}, others={"end_code": "What became of it"},
                        shown=lambda _, value: NEED_ENDS.get(str(value), ""),
                        version_now=lambda: int(one_of(page.again().needs, need_id).version)))  # fmt: skip


# --- Outcomes.


def _measured(page: PlanPage, row: Any = None) -> list[Option]:
    offered = [Option(str(each.id), f"{each.name} ({each.unit})") for each in measures(page.viewer)]
    if row is not None and str(row.course.measure.id) not in {each.value for each in offered}:
        offered.append(Option(str(row.course.measure.id), row.course.measure.name))
    return offered


def _outcome_said(form: OutcomeForm) -> OutcomeSaid:
    clean = form.cleaned_data
    same = {name: clean[name] for name in ("words", "value", "on", "target", "target_on")}
    return OutcomeSaid(measure_id=UUID(clean["measure"]), **same)


@login_required
@require_http_methods(GET_OR_POST)
def outcome_add(request: HttpRequest, case_id: UUID, need_id: UUID) -> HttpResponse:
    """What will be different for a need."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.needs, need_id)
    return page.ask(Ask("Add an outcome", OUTCOME, page.about(need_id),
                        lambda given: OutcomeForm(**given, measures=_measured(page), today=page.today, initial={"on": page.today}),
                        lambda form: page.change(services.add_outcome, need_id=need_id, said=_outcome_said(form)),
                        "The outcome is in the plan. Say who does what.", submit="Add the outcome", intro=row.words))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def outcome(request: HttpRequest, case_id: UUID, outcome_id: UUID) -> HttpResponse:
    """Say an outcome better."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.outcomes, outcome_id)
    now = {
        "words": row.words, "measure": str(row.course.measure.id), "value": plain(row.course.value), "on": row.course.on,
        "target": plain(row.target), "target_on": row.target_on, "version": row.version,
    }  # fmt: skip
    names = {each.value: each.text for each in _measured(page, row)}
    others = {
        "measure_id": "Measure",
        "value": "At the start",
        "on": "Measured on",
        "target": "Target",
        "target_on": "By",
    }

    def send(form: OutcomeForm) -> object:
        said = _outcome_said(form)
        return page.change(services.change_outcome, outcome_id=outcome_id, said=said, version=form.seen_version)

    return page.ask(Ask("Change the outcome", OUTCOME_CHANGE, page.about(outcome_id),
                        lambda given: OutcomeForm(**given, measures=_measured(page, row), today=page.today, initial=now), send,
                        "The outcome is changed.", texts={"words": "The outcome"}, others=others,
                        shown=lambda _, value: names.get(str(value), str(value)), more=page.take_out("outcome", outcome_id),
                        version_now=lambda: int(one_of(page.again().outcomes, outcome_id).version)))  # fmt: skip
