"""Where the actions of the children and young people’s plan stand. Pure: the colour of an action follows from what was last
reported of it and its day. (How far the plan itself has come is in `lifecycle`.)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from joinedup.governance.lifecycle import PlanState

PLAN_TONES: dict[PlanState, str] = {
    PlanState.DRAFT: "blue",
    PlanState.CONSULTATION: "amber",
    PlanState.PROPOSED: "amber",
    PlanState.ADOPTED: "green",
    PlanState.SUPERSEDED: "grey",
    PlanState.WITHDRAWN: "grey",
}


class ActionState(StrEnum):
    """What was last reported of an action."""

    NOT_BEGUN = "not_begun"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    DONE = "done"
    STOPPED = "stopped"


ACTION_LABELS: dict[ActionState, str] = {
    ActionState.NOT_BEGUN: "Not begun",
    ActionState.ON_COURSE: "On course",
    ActionState.BEHIND: "Behind",
    ActionState.DONE: "Done",
    ActionState.STOPPED: "Stopped",
}
ACTION_OVER = frozenset({ActionState.DONE, ActionState.STOPPED})
COLOUR_LABELS: dict[str, str] = {
    "green": "Green: done or on course",
    "amber": "Amber: not begun or behind",
    "red": "Red: its day is over",
    "grey": "Stopped",
}


def colour_of(state: str, due_on: date, on: date) -> str:
    """The colour of an action on a day: grey where it was stopped, green where it is done, red after its day, green on course,
    amber otherwise."""
    if state == ActionState.STOPPED:
        return "grey"
    if state == ActionState.DONE:
        return "green"
    if due_on < on:
        return "red"
    return "green" if state == ActionState.ON_COURSE else "amber"


def colours_counted(colours: Iterable[str]) -> dict[str, int]:
    """How many actions have each colour, in the order they are shown; every colour is there."""
    counted = Counter(colours)
    return {colour: counted[colour] for colour in COLOUR_LABELS}
