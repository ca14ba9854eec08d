"""Reviews and steps between levels: what may be decided, by when, and the state that a chronology adds up to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.lifecycle import STEP_LABELS, STEP_MOVES, StepState
from joinedup.casework.rules import Rule
from joinedup.engines.periods import LONDON, OFFICE_HOURS, add_working_days

STATUTORY = 4
OF_A_TEAM = frozenset({Role.TEAM_MANAGER, Role.STATUTORY_OFFICER})


@dataclass(frozen=True)
class StepSaid:
    """A step that somebody wants: where from and to, and why."""

    from_level: int
    to_level: int
    to_kind: str  # the kind of the receiving team
    reason: str
    is_immediate: bool = False

    @property
    def direction(self) -> str:
        """Up or down."""
        return "up" if self.to_level > self.from_level else "down"


def step_fault(said: StepSaid, *, has_step: bool) -> Rule | None:
    """CW-320 to CW-325, the first that stands in the way."""
    faults = (
        (has_step, rules.STEP_WAITS),
        (said.to_level not in {2, 3, STATUTORY}, rules.LEVEL_EXISTS),
        (said.to_level == said.from_level, rules.ANOTHER_LEVEL),
        ((said.to_kind == "statutory") != (said.to_level == STATUTORY), rules.TEAM_FITS_LEVEL),
        (said.is_immediate and said.to_level < said.from_level, rules.ONLY_UP_AT_ONCE),
        (not said.reason.strip(), rules.REASON_NEEDED),
    )
    return next((rule for stands, rule in faults if stands), None)


def step_move_fault(start: StepState, end: StepState) -> Rule | None:
    """CW-326 where the table does not allow it."""
    return None if end in STEP_MOVES[start] else rules.STEP_FORBIDS


def state_in_words(state: StepState) -> str:
    """For sentences: “waiting for an answer”."""
    label = STEP_LABELS[state]
    return label[0].lower() + label[1:]


def after_refusal(refusals: int) -> StepState:
    """Where a refusal leads: the first back to the sending team, the second to the disagreement steps."""
    return StepState.REFUSED if refusals == 1 else StepState.DISAGREED


@dataclass(frozen=True)
class Stage:
    """One of the professional-disagreement steps: who settles it in words, within how many working days, and the roles of which
    somebody is named for it: those who answer for teams for one of the two teams, the others anywhere in the partnership."""

    who: str
    working_days: int
    roles: frozenset[Role] = rules.MAY_SETTLE

    def is_for(self, role: str, team_id: object, teams: Collection[object]) -> bool:
        """Whether somebody who holds a role, in a team, may be named; `teams` are the two that disagree."""
        return role in self.roles and (role not in OF_A_TEAM or team_id in teams)


def stages_of(said: Sequence[Mapping[str, object]]) -> tuple[Stage, ...]:
    """The setting as stages; raises ValueError with a sentence where it could not be used."""
    if not said:
        raise ValueError("Give at least one step.")
    found = []
    for each in said:
        who, days = str(each["who"]).strip(), each["working_days"]
        if not who or isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= 60:
            raise ValueError("Each step says who settles it and within how many working days, from 1 to 60.")
        roles = each.get("roles", sorted(rules.MAY_SETTLE))
        if (
            not isinstance(roles, list | tuple)
            or not roles
            or not set(roles) <= {role.value for role in rules.MAY_SETTLE}
        ):
            raise ValueError(f"Each step’s roles are some of {', '.join(sorted(rules.MAY_SETTLE))}.")
        found.append(Stage(who, days, frozenset(Role(role) for role in roles)))
    return tuple(found)


def due_after(at: datetime, working_days: int) -> datetime:
    """The close of the last of so many working days after the one a moment falls in."""
    begins = OFFICE_HOURS.counts_as_received_at(at).date()
    return datetime.combine(add_working_days(begins, working_days), time(17), LONDON)


def years_after(moment: datetime, years: int) -> datetime:
    """The same moment so many years on, or before; of 29 February the 28th."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")  # pragma: no cover


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to another."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


# --- What a chronology adds up to.


@dataclass(frozen=True)
class Journey:
    """Where a family stands. Without a lead the team's manager holds the duty. `step` is the state of the newest one."""

    is_open: bool = False
    level: int = 0
    lead: str = ""
    has_open_plan: bool = False
    plans: int = 0
    open_needs: int = 0
    step: str = ""
    stage: int = 0


@dataclass(frozen=True)
class Happened:
    """One entry of the chronology, as the replay reads it."""

    kind: str
    code: str = ""
    who: str = ""


def replay(entries: Iterable[Happened], begin: Journey | None = None) -> Journey:
    """The state that the entries, the oldest first, add up to. What it does not know changes nothing."""
    state = begin or Journey()
    for entry in entries:
        state = _after(state, entry)
    return state


_STEPS = {
    "casework.step_asked": StepState.WAITING,
    "casework.step_refused": StepState.REFUSED,
    "casework.step_asked_again": StepState.ASKED_AGAIN,
    "casework.step_withdrawn": StepState.WITHDRAWN,
}
_NEEDS = {"casework.need_added": 1, "casework.need_ended": -1, "casework.need_removed": -1, "casework.need_restored": 1}


def _after(state: Journey, entry: Happened) -> Journey:
    if entry.kind in _NEEDS:
        return replace(state, open_needs=state.open_needs + _NEEDS[entry.kind])
    if entry.kind in _STEPS:
        return replace(state, step=_STEPS[entry.kind].value, stage=0)
    effect = _EFFECTS.get(entry.kind)
    return effect(state, entry) if effect else state


def _opened(state: Journey, entry: Happened) -> Journey:
    return Journey(is_open=True, level=_level(entry.code), plans=state.plans)


def _led(state: Journey, entry: Happened) -> Journey:
    return replace(state, lead=entry.who)


def _disagreed(state: Journey, entry: Happened) -> Journey:
    return replace(state, step=StepState.DISAGREED.value, stage=int(entry.code))


def _levelled(state: Journey, entry: Happened) -> Journey:
    return replace(state, step=StepState.ACCEPTED.value, level=_level(entry.code), stage=0)


_EFFECTS: dict[str, Callable[[Journey, Happened], Journey]] = {
    "casework.case_opened": _opened,
    "casework.lead_professional_named": _led,
    "casework.lead_handed_over": _led,
    "casework.duty_with_manager": lambda state, _: replace(state, lead=""),
    "casework.plan_opened": lambda state, _: replace(state, has_open_plan=True, plans=state.plans + 1, open_needs=0),
    "casework.plan_closed": lambda state, _: replace(state, has_open_plan=False, open_needs=0),
    "casework.disagreement_opened": _disagreed,
    "casework.level_changed": _levelled,
    "casework.case_closed": lambda state, _: replace(state, is_open=False),
}


def _level(code: str) -> int:
    return int(code.removeprefix("level_"))
