"""The children and young people’s plan against what is counted now: what is frozen when it is adopted, its progress, what
everybody may read of it, and what changed since the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure
from joinedup.governance.evidence import Period, count_figures, figure_named
from joinedup.governance.lifecycle import PlanState
from joinedup.governance.models import AdoptedPlan, ChildrenPlan, PlanAction
from joinedup.governance.permissions import READ_ADOPTED_PLAN, READ_PLANS, REPORT_PLAN_ACTION
from joinedup.governance.plan_content import LIVE, Change, changes, shown_number, turnout_words
from joinedup.governance.plan_states import ACTION_LABELS, COLOUR_LABELS, ActionState, colour_of, colours_counted
from joinedup.governance.progress_content import digest_of
from joinedup.governance.queries.plans import before_of, content_of, measures_seen, plan_for, post_words
from joinedup.outcomes.settings import smallest_shown

_YEAR = timedelta(days=365)


def period_before(day: date) -> Period:
    """The year up to a day: what figures of needs are counted over."""
    return Period(day - _YEAR + timedelta(days=1), day)


def counted_words(viewer: Actor, name: str, *, smallest: int = 0) -> str:
    """What a figure of the live system comes to over the last year, in words; a small number of people held back where
    `smallest` is said."""
    figure = figure_named(name)
    if figure is None:
        return "No longer counted"
    reading = count_figures(viewer, [name], period_before(timezone.localdate(viewer.at))).get(name)
    few = [each for each in (reading.number, reading.of) if each is not None] if reading else []
    if reading is not None and not few and figure.unit == "number":
        few = [int(reading.value)]
    if smallest and any(0 < each < smallest for each in few):
        return shown_number(min(each for each in few if each), smallest)
    return figure.said(reading)


def measure_live(viewer: Actor, found: Any) -> dict[str, str]:
    """How a measure stands: its newest reading with the period, and against its trajectory."""
    if found is None or found.row is None:
        return {"said": "No longer read", "when": "", "standing": "", "baseline": "", "target": ""}
    row = found.row
    series = row.series
    return {
        "said": series.say_point(series.latest), "when": row.latest_when, "standing": row.standing,
        "baseline": series.say_point(series.baseline), "target": series.say(series.target.value) if series.target else "",
    }  # fmt: skip


def content_to_freeze(viewer: Actor, row: ChildrenPlan) -> dict[str, Any]:
    """What a plan says with everything counted at this moment, for the moment of its adoption."""
    content = content_of(viewer, row)
    smallest = smallest_shown(timezone.localdate(viewer.at))
    for each in content["needs"]:
        if each["figure"]:
            each[LIVE] = {"said": counted_words(system(viewer.at), each["figure"], smallest=smallest)}
    measures = measures_seen(viewer)
    for each in (one for priority in content["priorities"] for one in priority["outcomes"]):
        if each["measure_id"]:
            each[LIVE] = measure_live(viewer, measures.get(UUID(each["measure_id"])))
    return content


def is_intact(frozen: AdoptedPlan | None) -> bool:
    """Whether an adopted plan is what its hash was taken of."""
    return frozen is None or digest_of(frozen.content) == frozen.digest


# --- Progress.


@dataclass(frozen=True)
class ActionSeen:
    """An action with its colour today, and the newest thing said of it."""

    row: PlanAction
    priority: str
    owner: str
    state: str
    colour: str
    is_late: bool
    said: str
    may_report: bool

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return {"green": "green", "amber": "amber", "red": "red", "grey": "grey"}[self.colour]


@dataclass(frozen=True)
class MeasureSeen:
    """A measure of an outcome, with its picture where it is read live."""

    outcome: dict[str, Any]
    priority: str
    live: dict[str, str]
    picture: Figure | None


@dataclass(frozen=True)
class ProgressPage:
    """How far an adopted plan has come. `wanted` narrows the actions to one colour."""

    row: ChildrenPlan
    counts: tuple[tuple[str, str, int], ...]
    actions: tuple[ActionSeen, ...]
    measures: tuple[MeasureSeen, ...]
    wanted: str
    total: int


def actions_of(viewer: Actor, row: ChildrenPlan) -> list[ActionSeen]:
    """Every action of a plan with its colour on the viewer’s day, the soonest first."""
    check(viewer, READ_PLANS)
    day = timezone.localdate(viewer.at)
    rows = PlanAction.objects.filter(priority__plan=row).select_related("priority__plan", "owner__host", "partner")
    found = []
    for each in rows.prefetch_related("steps").order_by("due_on", "position", "pk"):
        steps = sorted(each.steps.all(), key=lambda one: (one.at, one.pk))
        colour = colour_of(each.state, each.due_on, day)
        found.append(
            ActionSeen(
                each, each.priority.title, post_words(each.owner) or f"{each.owner_title}, {each.partner.name}",
                ACTION_LABELS[ActionState(each.state)], colour, colour == "red", steps[-1].words if steps else "",
                row.state == PlanState.ADOPTED and can(viewer, REPORT_PLAN_ACTION, each),
            )
        )  # fmt: skip
    return found


def progress_page(viewer: Actor, plan_id: UUID, wanted: str = "") -> ProgressPage:
    """How the actions and the measures of a plan stand; as many statements however long it is."""
    row = plan_for(viewer, plan_id)
    every = actions_of(viewer, row)
    counted = colours_counted(each.colour for each in every)
    wanted = wanted if wanted in COLOUR_LABELS else ""
    return ProgressPage(
        row, tuple((colour, COLOUR_LABELS[colour], number) for colour, number in counted.items()),
        tuple(each for each in every if wanted in {"", each.colour}), tuple(_measures(viewer, row)), wanted, len(every),
    )  # fmt: skip


def _measures(viewer: Actor, row: ChildrenPlan) -> list[MeasureSeen]:
    measures = measures_seen(viewer)
    found = []
    for priority in content_of(viewer, row)["priorities"]:
        for each in priority["outcomes"]:
            there = measures.get(UUID(each["measure_id"])) if each["measure_id"] else None
            live = measure_live(viewer, there) if each["measure_id"] else {}
            found.append(MeasureSeen(each, priority["title"], live, there.row.picture if there and there.row else None))
    return found


# --- What everybody may read.


@dataclass(frozen=True)
class PublicPlan:
    """The adopted plan for everybody: what was frozen, with how its actions and measures stand today. Who answers is a post and
    a partner; small numbers of people are held back."""

    content: dict[str, Any]
    adopted_on: date
    decision: str
    is_over: bool
    starts_later: bool
    actions: dict[str, tuple[str, str]]
    live: dict[str, dict[str, str]]
    turnout: dict[str, list[tuple[str, str, str]]]
    smallest: int
    digest: str


def plan_in_force(viewer: Actor) -> AdoptedPlan | None:
    """The adopted plan of the day; else the next one, else the last."""
    check(viewer, READ_ADOPTED_PLAN)
    day = timezone.localdate(viewer.at)
    rows = list(
        AdoptedPlan.objects.filter(plan__state=PlanState.ADOPTED)
        .select_related("plan", "decision")
        .order_by("plan__starts_on")
    )
    now = [each for each in rows if each.plan.starts_on <= day <= each.plan.ends_on]
    later = [each for each in rows if each.plan.starts_on > day]
    return now[-1] if now else later[0] if later else rows[-1] if rows else None


def public_plan(viewer: Actor) -> PublicPlan | None:
    """The plan in force as everybody may read it; None where none was adopted yet."""
    frozen = plan_in_force(viewer)
    if frozen is None:
        return None
    by, day = system(viewer.at), timezone.localdate(viewer.at)
    smallest = smallest_shown(day)
    states = PlanAction.objects.filter(priority__plan=frozen.plan).values_list("pk", "state", "due_on")
    content = dict(frozen.content)
    measured = {
        one["id"]: one["measure_id"] for each in content["priorities"] for one in each["outcomes"] if one["measure_id"]
    }
    measures = measures_seen(by) if measured else {}
    return PublicPlan(
        content, timezone.localdate(frozen.adopted_at), frozen.decision.reference, frozen.plan.ends_on < day,
        frozen.plan.starts_on > day,
        {str(pk): (ACTION_LABELS[ActionState(state)], colour_of(state, due, day)) for pk, state, due in states},
        {key: measure_live(by, measures.get(UUID(measure))) for key, measure in measured.items()},
        {each["id"]: turnout_words(each["groups"], smallest) for each in content["consultations"]}, smallest, frozen.digest,
    )  # fmt: skip


def adopted_for_api(viewer: Actor) -> PublicPlan:
    """The plan in force for a partner’s own system; NotVisible where there is none."""
    check(viewer, READ_PLANS)
    found = public_plan(viewer)
    if found is None:
        raise NotVisible
    return found


def changes_since(viewer: Actor, plan_id: UUID) -> tuple[ChildrenPlan, ChildrenPlan | None, list[Change]]:
    """What changed since the plan that was adopted last before this one."""
    row = plan_for(viewer, plan_id)
    last = before_of(viewer, row)
    if last is None:
        return row, None, []
    frozen = AdoptedPlan.objects.filter(plan=row).first()
    now = frozen.content if frozen else content_of(viewer, row)
    return row, last, changes(last.adopted.content, now)
