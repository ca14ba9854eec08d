"""Reading the children and young people’s plan: the list, one plan with its parts, and what is chosen from while one writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from joinedup.access.actor import Actor, system
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.funds.queries import lines_to_plan_with
from joinedup.governance.codes import NEVER_DECIDES
from joinedup.governance.evidence import Figure, every_figure
from joinedup.governance.lifecycle import PLAN_LABELS, PLAN_MOVES, PLAN_OPEN, PlanState
from joinedup.governance.models import (
    AdoptedPlan,
    Board,
    ChildrenPlan,
    ConsultedGroup,
    PlanAction,
    PlanAlignment,
    PlanConsultation,
    PlanMoney,
    PlanNeed,
    PlanOutcome,
    PlanPartner,
    PlanPriority,
    PlanTheme,
)
from joinedup.governance.permissions import KEEP_PLAN, READ_PLANS, REPORT_PLAN_ACTION, WRITE_PLAN
from joinedup.governance.plan_codes import EVERY_CHILD_MATTERS, GROUPS
from joinedup.governance.plan_content import LIVE
from joinedup.governance.plan_states import ACTION_LABELS, PLAN_TONES, ActionState
from joinedup.governance.queries.boards import names_of_boards
from joinedup.governance.queries.progress import period_words
from joinedup.organisations.queries import open_organisations, posts_of_organisations
from joinedup.outcomes.queries import MeasureRow, framework_entries, outcome_list

MODELS: dict[str, type[Any]] = {
    "needs": PlanNeed, "priorities": PlanPriority, "outcomes": PlanOutcome, "actions": PlanAction, "money": PlanMoney,
    "other-plans": PlanAlignment, "consultations": PlanConsultation, "themes": PlanTheme,
}  # fmt: skip
_BENEATH = {
    "outcomes": "priority__plan", "actions": "priority__plan", "money": "priority__plan", "themes": "consultation__plan",
}  # fmt: skip


@dataclass(frozen=True)
class PlanLine:
    """A plan in the list."""

    row: ChildrenPlan
    board: str
    period: str
    state: str
    tone: str


@dataclass(frozen=True)
class PlanPage:
    """One plan with how much of each part there is, its history, and what the viewer may do."""

    row: ChildrenPlan
    board: str
    period: str
    state: str
    tone: str
    content: dict[str, Any]
    counts: dict[str, int]
    adopted: AdoptedPlan | None
    before: ChildrenPlan | None
    history: tuple[tuple[str, str, str, Any], ...]
    may: frozenset[str]


def plan_for(viewer: Actor, plan_id: UUID) -> ChildrenPlan:
    """One plan, to hand to a service."""
    check(viewer, READ_PLANS)
    found = ChildrenPlan.objects.select_related("board__host", "supersedes", "begins_from").filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return found


def part_for(viewer: Actor, part: str, part_id: UUID) -> tuple[ChildrenPlan, Any]:
    """One part of a plan with its plan, to hand to a service."""
    check(viewer, READ_PLANS)
    model = MODELS.get(part)
    if model is None:
        raise NotVisible
    path = _BENEATH.get(part, "plan")
    row = model.objects.select_related(f"{path}__board").filter(pk=part_id).first()
    if row is None:
        raise NotVisible
    found = row
    for name in path.split("__"):
        found = getattr(found, name)
    return found, row


def action_for(viewer: Actor, action_id: UUID) -> PlanAction:
    """One action, to hand to a service."""
    check(viewer, READ_PLANS)
    rows = PlanAction.objects.select_related("priority__plan", "owner__host", "partner").prefetch_related("steps")
    found = rows.filter(pk=action_id).first()
    if found is None:
        raise NotVisible
    return found


def steps_of(viewer: Actor, row: PlanAction) -> list[tuple[str, str, datetime, str]]:
    """What was reported of an action, the newest first: how far, in words, when, by whom."""
    check(viewer, READ_PLANS)
    steps = sorted(row.steps.all(), key=lambda each: (each.at, each.pk), reverse=True)
    names = names_of_accounts(viewer, {each.by for each in steps if each.by})
    return [
        (ACTION_LABELS[ActionState(each.state)], each.words, each.at, names.get(each.by, "Joinedup") if each.by else "Joinedup")
        for each in steps
    ]  # fmt: skip


def plans(viewer: Actor) -> list[PlanLine]:
    """Every plan, the newest period first."""
    check(viewer, READ_PLANS)
    names = names_of_boards(viewer)
    rows = ChildrenPlan.objects.order_by("-starts_on", "-begun_at")
    return [
        PlanLine(each, names[each.board_id], period_words(each.starts_on, each.ends_on), *_state(each)) for each in rows
    ]


def _state(row: ChildrenPlan) -> tuple[str, str]:
    state = PlanState(row.state)
    return PLAN_LABELS[state], PLAN_TONES[state]


def before_of(viewer: Actor, row: ChildrenPlan) -> ChildrenPlan | None:
    """The plan that was adopted last before this one."""
    frozen = ChildrenPlan.objects.filter(adopted__isnull=False).exclude(pk=row.pk)
    last = frozen.filter(Q(starts_on__lt=row.starts_on) | Q(pk=row.supersedes_id))
    return last.select_related("adopted").order_by("-starts_on", "-adopted__adopted_at").first()


def plan_page(viewer: Actor, plan_id: UUID) -> PlanPage:
    """One plan: as it was adopted, or as it stands while it is written."""
    row = plan_for(viewer, plan_id)
    adopted = AdoptedPlan.objects.filter(plan=row).select_related("decision").first()
    content = dict(adopted.content) if adopted else content_of(viewer, row)
    steps = list(row.steps.order_by("at", "pk"))
    names = names_of_accounts(viewer, {each.by for each in steps if each.by})
    history = tuple(
        (PLAN_LABELS[PlanState(each.state)], each.words, names.get(each.by, "Joinedup") if each.by else "Joinedup", each.at)
        for each in steps
    )  # fmt: skip
    return PlanPage(
        row, content["board"], content["period"], *_state(row), content, counts_of(content), adopted, before_of(viewer, row), history,
        _may(viewer, row),
    )  # fmt: skip


def counts_of(content: dict[str, Any]) -> dict[str, int]:
    """How many there are of each part."""
    beneath = {
        name: sum(len(each[name]) for each in content["priorities"]) for name in ("outcomes", "actions", "money")
    }
    return {
        "needs": len(content["needs"]), "priorities": len(content["priorities"]), **beneath,
        "other-plans": len(content["alignments"]), "consultations": len(content["consultations"]),
        "themes": sum(len(each["themes"]) for each in content["consultations"]),
    }  # fmt: skip


def _may(viewer: Actor, row: ChildrenPlan) -> frozenset[str]:
    state = PlanState(row.state)
    found = {end.value for end in PLAN_MOVES[state] if can(viewer, KEEP_PLAN)}
    if state in PLAN_OPEN:
        found |= {"write"} if can(viewer, WRITE_PLAN) else set()
        found |= {"keep"} if can(viewer, KEEP_PLAN) else set()
    return frozenset(found)


# --- What it says.


def post_words(post: Any) -> str:
    """A post without the name of who holds it: its title and whose it is."""
    return f"{post.title}, {post.host.name}" if post is not None else ""


def content_of(viewer: Actor, row: ChildrenPlan) -> dict[str, Any]:
    """What a plan says, from its parts; fourteen statements however much it holds."""
    needs = [_need(each) for each in row.needs.order_by("position", "pk")]
    return {
        "reference": row.reference, "title": row.title, "partnership": row.board.host.name,
        "board": names_of_boards(viewer)[row.board_id], "period": period_words(row.starts_on, row.ends_on),
        "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(), "vision": row.vision,
        "summary": row.summary, "framework": row.get_framework_display(), "is_illustration": row.is_illustration,
        "partners": [
            each.organisation.name
            for each in row.partners.select_related("organisation").order_by("organisation__name")
        ],
        "needs": needs,
        "priorities": _priorities(row),
        "alignments": [
            {"id": str(each.pk), "name": each.name, "body": each.body, "link": each.link, "words": each.words}
            for each in row.alignments.order_by("position", "pk")
        ],
        "consultations": _rounds(row),
    }  # fmt: skip


def _need(row: PlanNeed) -> dict[str, Any]:
    day = row.stated_on.isoformat() if row.stated_on else ""
    return {
        "id": str(row.pk), "title": row.title, "words": row.words, "evidence": row.stated, "source": row.source, "on": day,
        "figure": row.figure,
    }  # fmt: skip


def _priorities(row: ChildrenPlan) -> list[dict[str, Any]]:
    outcomes = PlanOutcome.objects.select_related("entry", "measure").order_by("position", "pk")
    actions = PlanAction.objects.select_related("owner__host", "partner").order_by("due_on", "position", "pk")
    money = PlanMoney.objects.select_related("line__fund").order_by("position", "pk")
    rows = row.priorities.select_related("owner__host").prefetch_related(
        "needs", Prefetch("outcomes", outcomes), Prefetch("actions", actions), Prefetch("money", money)
    )
    return [
        {
            "id": str(each.pk), "title": each.title, "words": each.words, "owner": post_words(each.owner),
            "needs": sorted(one.title for one in each.needs.all()),
            "outcomes": [_outcome(one) for one in each.outcomes.all()],
            "actions": [_action(one) for one in each.actions.all()],
            "money": [_money(one) for one in each.money.all()],
        }
        for each in rows.order_by("position", "pk")
    ]  # fmt: skip


def _outcome(row: PlanOutcome) -> dict[str, Any]:
    measure = row.measure
    return {
        "id": str(row.pk), "words": row.words, "heading": row.entry.name if row.entry else row.own_name,
        "measure": measure.name if measure else row.stated_measure, "measure_id": str(row.measure_id or ""),
        "stamp": measure.stamp if measure else "", "baseline": row.baseline, "target": row.target,
        "target_on": row.target_on.isoformat() if row.target_on else "",
        "source": measure.source if measure else row.source, "has_measure": row.has_measure,
    }  # fmt: skip


def _action(row: PlanAction) -> dict[str, Any]:
    return {
        "id": str(row.pk), "words": row.words, "owner": row.owner.title if row.owner else row.owner_title,
        "partner": row.partner.name, "due_on": row.due_on.isoformat(),
        LIVE: {"state": ACTION_LABELS[ActionState(row.state)]},
    }  # fmt: skip


def _money(row: PlanMoney) -> dict[str, Any]:
    line = row.line
    if line is None:
        return {"id": str(row.pk), "words": row.source, "pence": row.pence, "line": "", "fund_id": ""}
    words = f"{line.fund.name}: {line.name}, {line.year}/{(line.year + 1) % 100:02}"
    return {
        "id": str(row.pk), "words": words, "pence": line.budget_pence, "line": str(line.pk), "fund_id": str(line.fund_id),
    }  # fmt: skip


def _rounds(row: ChildrenPlan) -> list[dict[str, Any]]:
    themes = PlanTheme.objects.select_related("priority", "action").order_by("position", "pk")
    order = list(GROUPS)
    rows = row.consultations.prefetch_related(
        Prefetch("groups", ConsultedGroup.objects.all()), Prefetch("themes", themes)
    )
    return [
        {
            "id": str(each.pk), "title": each.title, "method": each.method, "starts_on": each.starts_on.isoformat(),
            "ends_on": each.ends_on.isoformat(),
            "groups": [
                {"group": one.group, "words": GROUPS[one.group], "asked": one.asked, "answered": one.answered}
                for one in sorted(each.groups.all(), key=lambda one: order.index(one.group))
            ],
            "themes": [
                {
                    "id": str(one.pk), "group": GROUPS[one.group], "said": one.said, "answer": one.answer, "words": one.words,
                    "changed": one.action.words if one.action else one.priority.title if one.priority else "",
                }
                for one in each.themes.all()
            ],
        }
        for each in rows.order_by("starts_on", "pk")
    ]  # fmt: skip


# --- What is chosen from.


def boards_to_adopt(viewer: Actor) -> list[tuple[Board, str]]:
    """The boards that decide, by name."""
    check(viewer, KEEP_PLAN)
    names = names_of_boards(viewer)
    rows = Board.objects.exclude(kind__in=NEVER_DECIDES)
    return sorted(((each, names[each.pk]) for each in rows if each.pk in names), key=lambda pair: pair[1])


def plans_to_supersede(viewer: Actor, row: ChildrenPlan | None = None) -> list[ChildrenPlan]:
    """The plans that are in force."""
    check(viewer, KEEP_PLAN)
    rows = ChildrenPlan.objects.filter(state=PlanState.ADOPTED).order_by("-starts_on")
    return [each for each in rows if row is None or each.pk != row.pk]


def partners_to_choose(viewer: Actor) -> list[Any]:
    """Every organisation that is open today."""
    check(viewer, READ_PLANS)
    return list(open_organisations(viewer))


def posts_to_choose(viewer: Actor) -> dict[UUID, Any]:
    """Posts that may answer for a priority or do an action: those that could read the plan, by title and name."""
    check(viewer, WRITE_PLAN)
    wanted = REPORT_PLAN_ACTION.roles
    rows = posts_of_organisations(system(viewer.at), [each.pk for each in open_organisations(viewer)])
    kept = {post.pk: post for _, post in rows if post.role in wanted}
    return dict(sorted(kept.items(), key=lambda pair: (pair[1].title, pair[1].account.name)))


def figures_to_choose(viewer: Actor) -> list[Figure]:
    """The figures of the live system that could speak for a need."""
    check(viewer, WRITE_PLAN)
    return every_figure()


def headings_to_choose(viewer: Actor, row: ChildrenPlan) -> list[Any]:
    """The outcomes of the plan’s framework; none where it has its own."""
    check(viewer, WRITE_PLAN)
    return framework_entries(system(viewer.at), EVERY_CHILD_MATTERS) if row.framework == EVERY_CHILD_MATTERS else []


def measures_seen(viewer: Actor) -> dict[UUID, MeasureRow]:
    """Every measure in use with its series of the whole partnership; seven statements however many."""
    check(viewer, READ_PLANS)
    found = outcome_list(system(viewer.at))
    return {one.id: one for each in found.outcomes for one in each.measures}


def lines_to_choose(viewer: Actor) -> list[Any]:
    """Lines of shared budgets."""
    check(viewer, WRITE_PLAN)
    return lines_to_plan_with(system(viewer.at))


def next_position(viewer: Actor, part: str, row: ChildrenPlan) -> int:
    """The place after the last of a part."""
    check(viewer, READ_PLANS)
    return int(MODELS[part].objects.filter(**{_BENEATH.get(part, "plan"): row}).count()) + 1


def partner_ids(viewer: Actor, row: ChildrenPlan) -> list[UUID]:
    """The partners whose powers the plan uses."""
    check(viewer, READ_PLANS)
    return list(PlanPartner.objects.filter(plan=row).values_list("organisation_id", flat=True))
