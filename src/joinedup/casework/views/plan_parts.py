"""Pages of a plan's actions and of the statutory plans it links, taking out and putting back, and who leads for a child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from joinedup.casework import queries, services
from joinedup.casework.forms.plans import (
    ActionForm,
    MarkForm,
    StatutoryForm,
    as_typed,
)
from joinedup.casework.lifecycle import ACTION_LABELS, ACTION_MOVES, ActionState
from joinedup.casework.planning import ActionSaid, StatutorySaid
from joinedup.casework.views.plan_forms import TAKEN_OUT, Ask, PlanPage, kept_form, one_of
from joinedup.casework.views.shared import GET_OR_POST, viewer_of
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.formats import date_long
from joinedup.core.forms import Option

_TAB = "case_plan"
ACTION = kept_form("action", "An action in a family plan", "case_plan_action_add", "outcome_id")
ACTION_CHANGE = kept_form("action_change", "An action in a family plan", "case_plan_action", "plan_action_id")
ACTION_MARK = kept_form("action_mark", "How an action stands", "case_plan_action_mark", "plan_action_id")


# --- Actions.


def _owners(page: PlanPage, row: Any = None) -> list[Option]:
    """The team around the child as it is now, then the family; whoever has the action already stays a choice."""
    team = [
        Option(f"post:{each.post_id}", f"{each.name}, {each.title}")
        for each in queries.team_now(page.viewer, page.frame)
    ]
    family = [Option(f"person:{each.person_id}", f"{each.name} (family)") for each in page.frame.people]
    offered = [*team, *family]
    if row is not None and _owner(row) not in {each.value for each in offered}:
        offered.append(Option(_owner(row), f"{row.owner} (not in the team any more)"))
    return offered


def _kinds(page: PlanPage) -> list[tuple[str, str]]:
    """The kinds of action of the case's pathway; none where it has none."""
    return [(each.code, each.words) for each in page.frame.pathway.actions]


def _owner(row: Any) -> str:
    return f"post:{row.post_id}" if row.post_id else f"person:{row.person_id}"


def _services(page: PlanPage) -> tuple[str, ...]:
    return queries.services_used(page.viewer, page.frame.id)


def _action_said(form: ActionForm) -> ActionSaid:
    clean = form.cleaned_data
    kind, _, owner = clean["owner"].partition(":")
    said: dict[str, Any] = {name: clean.get(name) or "" for name in ("kind", "words", "service", "evidence")}
    said[f"{kind}_id"] = UUID(owner)
    return ActionSaid(due_on=clean["due_on"], **said)


@login_required
@require_http_methods(GET_OR_POST)
def action_add(request: HttpRequest, case_id: UUID, outcome_id: UUID) -> HttpResponse:
    """What somebody does towards an outcome."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.outcomes, outcome_id)
    return page.ask(Ask("Add an action", ACTION, page.about(outcome_id),
                        lambda given: ActionForm(**given, owners=_owners(page), kinds=_kinds(page), services=_services(page)),
                        lambda form: page.change(services.add_action, outcome_id=outcome_id, said=_action_said(form)),
                        "The action is in the plan.", submit="Add the action", intro=row.words))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def action(request: HttpRequest, case_id: UUID, plan_action_id: UUID) -> HttpResponse:
    """Say an action better, or give it to somebody else."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.actions, plan_action_id)
    same = {name: getattr(row, name) for name in ("kind", "words", "service", "due_on", "evidence", "version")}
    now = same | {"owner": _owner(row)}
    names = {each.value.partition(":")[2]: each.text for each in _owners(page, row)}
    others = {
        "post_id": "Who, of the team",
        "person_id": "Who, of the family",
        "due_on": "By when",
        "service": "Service",
    }

    def send(form: ActionForm) -> object:
        said = _action_said(form)
        return page.change(services.change_action, action_id=plan_action_id, said=said, version=form.seen_version)

    return page.ask(Ask("Change the action", ACTION_CHANGE, page.about(plan_action_id),
                        lambda given: ActionForm(**given, owners=_owners(page, row), kinds=_kinds(page), services=_services(page), initial=now), send, "The action is changed.",
                        texts={"words": "The action", "evidence": "How it will show"}, others=others,
                        more=page.take_out("action", plan_action_id),
                        shown=lambda _, value: names.get(str(value), "" if value is None else str(value)),
                        version_now=lambda: int(one_of(page.again().actions, plan_action_id).version)))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def action_mark(request: HttpRequest, case_id: UUID, plan_action_id: UUID) -> HttpResponse:
    """Where an action stands: one choice, and words where wanted."""
    page = PlanPage(request, case_id)
    row = one_of(page.plan.actions, plan_action_id)
    states = [
        Option(state.value, ACTION_LABELS[state])
        for state in ActionState
        if state in ACTION_MOVES[ActionState(row.status)]
    ]

    def send(form: MarkForm) -> object:
        clean = form.cleaned_data
        said = {"status": ActionState(clean["status"]), "words": clean.get("status_words") or ""}
        return page.change(services.mark_action, action_id=plan_action_id, **said, version=form.seen_version)

    return page.ask(Ask("Where does this action stand?", ACTION_MARK, page.about(plan_action_id),
                        lambda given: MarkForm(**given, states=states, initial={"version": row.version}), send,
                        "It is written down where the action stands.", intro=f"{row.words} ({row.owner})",
                        texts={"status_words": "What happened?"}, others={"status": "Where it stands"},
                        shown=lambda _, value: ACTION_LABELS.get(ActionState(value), "") if value else "",
                        version_now=lambda: int(one_of(page.again().actions, plan_action_id).version)))  # fmt: skip


# --- Statutory plans.


def _statutory_said(form: StatutoryForm) -> StatutorySaid:
    names = StatutorySaid.__dataclass_fields__
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in names if form.cleaned_data.get(name) is not None}
    return StatutorySaid(**said)


STATUTORY = kept_form("statutory", "A child’s statutory plan", "case_plan_statutory_add", "plan_child_id")
STATUTORY_READ = kept_form(
    "statutory_read", "A child’s statutory plan", "case_plan_statutory", "plan_child_id", "link_id"
)


@login_required
@require_http_methods(GET_OR_POST)
def statutory_add(request: HttpRequest, case_id: UUID, plan_child_id: UUID) -> HttpResponse:
    """Link a child's statutory plan."""
    page = PlanPage(request, case_id)
    section = one_of(page.plan.sections, plan_child_id)
    return page.ask(Ask(f"Link a statutory plan of {section.name}", STATUTORY, page.about(plan_child_id),
                        lambda given: StatutoryForm(**given),
                        lambda form: page.change(services.link_statutory_plan, section_id=plan_child_id, said=_statutory_said(form)),
                        "The statutory plan is linked.", submit="Link it",
                        intro="It stays with the service that holds it. Write down what they say of it."))  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def statutory(request: HttpRequest, case_id: UUID, plan_child_id: UUID, link_id: UUID) -> HttpResponse:
    """Read a statutory plan back: what its holder says today."""
    page = PlanPage(request, case_id)
    row = one_of(one_of(page.plan.sections, plan_child_id).statutory, link_id)
    now = as_typed({name: getattr(row, name) for name in (*StatutorySaid.__dataclass_fields__, "version")})

    def send(form: StatutoryForm) -> object:
        said = _statutory_said(form)
        return page.change(services.read_statutory_plan, link_id=link_id, said=said, version=form.seen_version)

    return page.ask(Ask(row.label, STATUTORY_READ, page.about(plan_child_id, link_id),
                        lambda given: StatutoryForm(**given, initial=now), send, "What its holder says is written down.",
                        intro=f"Read back last on {date_long(row.read_at)}.", texts={"status": "Where it stands"},
                        others={"worker": "Worker", "next_on": "Next date"}, more=page.take_out("statutory", link_id),
                        version_now=lambda: int(one_of(one_of(page.again().sections, plan_child_id).statutory, link_id).version)))  # fmt: skip


# --- Taking out, putting back, who leads for a child.


@login_required
@require_POST
def remove(request: HttpRequest, case_id: UUID, kind: str, item_id: UUID) -> HttpResponse:
    """Take something out of the plan; it can be put back."""
    if kind not in TAKEN_OUT:
        raise Http404
    page = PlanPage(request, case_id)
    return _do(
        page,
        f"{TAKEN_OUT[kind].capitalize()} is taken out. You can put it back under “Latest changes”.",
        services.remove_item,
        kind=kind,
        item_id=item_id,
    )


@login_required
@require_POST
def undo(request: HttpRequest, case_id: UUID, change_id: UUID) -> HttpResponse:
    """Put back what one change replaced."""
    page = PlanPage(request, case_id)
    one_of(page.plan.changes, change_id)
    return _do(page, "The change is undone.", services.undo_change, change_id=change_id)


def _do(page: PlanPage, said: str, service: Callable[..., object], **facts: Any) -> HttpResponse:
    try:
        page.change(service, **facts)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(page.request, refusal.sentence)
    else:
        messages.success(page.request, said)
    return redirect(_TAB, case_id=page.case_id)


@login_required
@require_POST
def lead_for(request: HttpRequest, case_id: UUID, plan_child_id: UUID) -> HttpResponse:
    """This plan's lead professional becomes the child's."""
    viewer = viewer_of(request)
    row = queries.plan_section_for_change(viewer, case_id, plan_child_id)
    try:
        services.lead_for_child(section=row, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Whoever leads this plan now leads for the child.")
    return redirect(_TAB, case_id=case_id)
