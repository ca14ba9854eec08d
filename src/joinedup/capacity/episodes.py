"""From what the chronology holds to the log of case flow: each family's way from a contact to its end. Pure.

A family's episode begins with a contact while none is open and ends with the case closed, or with the referral closed where no
case was opened. The next contact begins another: so returning families are seen. Names and ids become numbers on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from joinedup.engines.caseflow.event_log import Event

REFERRAL_CLOSED, CASE_OPENED = "front_door.referral_closed", "casework.case_opened"
LEVEL_CHANGED = "casework.level_changed"
ACTIVITIES: dict[str, str] = {
    "front_door.referral_received": "contact",
    "front_door.referral_decided": "triage_decision",
    "front_door.referral_allocated": "referral",
    "casework.case_opened": "",  # says the team; the case is the referral's
    "casework.lead_professional_named": "allocation",
    "casework.assessment_started": "assessment_start",
    "casework.assessment_signed": "assessment_complete",
    "casework.plan_opened": "plan_agreed",
    "casework.meeting_held": "tac_meeting",
    "casework.review_held": "review",
    LEVEL_CHANGED: "step_up",
    "casework.case_closed": "closure",
    REFERRAL_CLOSED: "closure",
}
ONCE = frozenset({"contact", "triage_decision", "referral", "allocation", "plan_agreed"})


class Seen(Protocol):
    """An event of the chronology as it is counted."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def family_id(self) -> UUID | None: ...  # noqa: D102
    @property
    def source_id(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102


@dataclass
class _Episode:
    number: int
    team: str = ""
    level: int = 0
    has_case: bool = False
    had: set[str] = field(default_factory=set)


def episodes(
    rows: Iterable[Seen], teams: Mapping[str, tuple[str, int]], day_of: Callable[[datetime], float]
) -> list[Event]:
    """The events in the order they happened. `teams` says of each case its team and the level it began with."""
    seen = sorted(rows, key=lambda each: each.at)
    family_of = {each.source_id: each.family_id for each in seen if each.family_id is not None}
    numbers: dict[str, int] = {}
    current: dict[int, _Episode] = {}
    found: list[Event] = []
    made = 0
    for row in seen:
        family_id = row.family_id or family_of.get(row.source_id)
        family = numbers.setdefault(str(family_id or row.source_id), len(numbers))
        episode = current.get(family)
        activity = ACTIVITIES[row.kind]
        if episode is None:
            if activity == "closure":
                continue  # of something that began before the first day
            made += 1
            episode = current[family] = _Episode(made)
        if row.kind == CASE_OPENED:
            episode.team, episode.level = teams.get(row.source_id, ("", 0))
            episode.has_case = True
            continue
        if row.kind == REFERRAL_CLOSED and episode.has_case:
            continue
        if activity in ONCE and activity in episode.had:
            continue
        outcome = row.code if activity == "triage_decision" else ""
        if row.kind == LEVEL_CHANGED:
            level = int(row.code.rpartition("_")[2]) if row.code.rpartition("_")[2].isdigit() else episode.level
            activity = "step_up" if level >= episode.level else "step_down"
            episode.level, outcome = level, str(level)
        episode.had.add(activity)
        found.append(
            Event(
                str(episode.number), str(family), activity, day_of(row.at), episode.team, "", outcome, str(episode.level or "")
            )
        )  # fmt: skip
        if activity == "closure":
            del current[family]
    return found
