"""What the children and young people’s plan puts before the board that adopted it: late actions, and its progress from time to
time. (A plan that waits to be adopted comes with the other decisions.)"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.core.formats import date_long
from joinedup.governance.agenda import Asking, Due, register_agenda_source
from joinedup.governance.lifecycle import MeetingState, PlanState
from joinedup.governance.models import AdoptedPlan, AgendaItem
from joinedup.governance.plan_states import COLOUR_LABELS, colours_counted
from joinedup.governance.queries.plan_reading import actions_of
from joinedup.governance.risk_scoring import months_on
from joinedup.governance.settings import plan_progress_months

ACTION, PROGRESS = "plan_action", "plan_progress"


def _plans(viewer: Actor, asking: Asking) -> Iterator[Due]:
    rows = AdoptedPlan.objects.filter(plan__state=PlanState.ADOPTED, plan__board_id=asking.board_id).select_related(
        "plan"
    )
    for frozen in rows.order_by("adopted_at"):
        plan = frozen.plan
        seen = actions_of(system(viewer.at), plan)
        for each in seen:
            if each.is_late:
                why = f"{each.owner} was to do it by {date_long(each.row.due_on)}. {plan.title}."
                yield Due("action", each.row.words[:200], why, ACTION, each.row.pk, True, plan.is_illustration)
        items = AgendaItem.objects.filter(
            matter_kind=PROGRESS, matter_id=plan.pk, taken_off_at=None,
            meeting__state__in=[MeetingState.HELD, MeetingState.MINUTES_AGREED],
        )  # fmt: skip
        last = items.order_by("-meeting__starts_at").values_list("meeting__starts_at", flat=True).first()
        since = timezone.localdate(last or frozen.adopted_at)
        by = months_on(max(since, plan.starts_on), plan_progress_months(asking.on))
        if by <= asking.on:
            counted = colours_counted(each.colour for each in seen)
            words = ", ".join(
                f"{number} {COLOUR_LABELS[colour].split(':')[0].lower()}"
                for colour, number in counted.items()
                if number
            )
            why = f"The board looks at it every {plan_progress_months(asking.on)} months; it was due on {date_long(by)}. Actions: {words}."
            is_late = by < timezone.localdate(viewer.at)
            yield Due("report", f"Progress of {plan.title}", why, PROGRESS, plan.pk, is_late, plan.is_illustration)


register_agenda_source("plans", _plans)
