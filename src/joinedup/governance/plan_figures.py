"""What the children and young people’s plan says for the framework: how much of it is done, and with how many other plans it
goes."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.governance.evidence import Figure, Period, Reading, register_figure, share, whole
from joinedup.governance.queries.plan_evidence import plan_counts

NO_PLAN = "no plan is in force in the period."


def _actions(viewer: Actor, period: Period) -> Reading | None:
    found = plan_counts(viewer, on=period.until)
    return share(found.on_course, found.actions) if found else None


def _aligned(viewer: Actor, period: Period) -> Reading | None:
    found = plan_counts(viewer, on=period.until)
    return whole(found.other_plans) if found else None


def _asked(viewer: Actor, period: Period) -> Reading | None:
    found = plan_counts(viewer, on=period.until)
    return whole(found.children_answered) if found else None


for _each in (
    Figure("plan_actions", "Actions of the children’s plan done or on course", "share", "The plan", _actions, why_none=NO_PLAN),
    Figure("plan_aligned", "Other plans the children’s plan says it goes with", "number", "The plan", _aligned, why_none=NO_PLAN),
    Figure(
        "plan_asked", "Children and young people who answered about the plan", "number", "The plan", _asked, why_none=NO_PLAN
    ),
):  # fmt: skip
    register_figure(_each)
