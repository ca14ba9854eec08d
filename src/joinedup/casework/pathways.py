"""A pathway: what a case goes through, as a configuration of the same case. Its words, who may lead, which sections of the
assessment it uses and adds, its clocks, steps, panel, letters and closing codes. Pure; read from a file by `pathway_file`.

Early help, Early Support and the panel pathway are shipped; a partnership adds others by a file of the same kind, and
changes words and clocks by a setting. Nothing here asks which pathway it is: every difference is a value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.assessing import Section, Spec
from joinedup.casework.codes import CLOSURES, NEEDS
from joinedup.casework.rules import MAY_CARRY_IT, Rule

EARLY_HELP = "early_help"
# Signing asks for these, whatever else a pathway leaves out.
ALWAYS_ASKED = frozenset({"child", "present", "agreement", "review"})


@dataclass(frozen=True)
class Words:
    """What things are called on screen and on paper. An empty one keeps the partnership's own word."""

    lead: str = "Lead professional"
    assessment: str = ""
    plan: str = "Family plan"

    @property
    def lead_inside(self) -> str:
        """Inside a sentence: “lead professional”."""
        return self.lead[:1].lower() + self.lead[1:]


@dataclass(frozen=True)
class Coded:
    """A code and what it is called."""

    code: str
    words: str


@dataclass(frozen=True)
class TeamRole:
    """Somebody the team around the child is expected to have, and from which kinds of organisation."""

    words: str
    kinds: tuple[str, ...]


class DayRule(StrEnum):
    """How the day of a transition follows from the date of birth."""

    BIRTHDAY = "birthday"
    TERM_AFTER = "term_after"  # the first day of the term after the birthday
    SCHOOL_YEAR_AFTER = "school_year_after"  # the 1 September after the birthday


@dataclass(frozen=True)
class Transition:
    """A change that comes with age, and how many months ahead it is got ready."""

    code: str
    words: str
    rule: DayRule
    age: int
    look_ahead_months: int


class Milestone(StrEnum):
    """What a step of a pathway can be told by: nobody ticks it, the record says so."""

    LEAD_NAMED = "lead_named"
    AGREED = "agreed"
    ASSESSMENT_SIGNED = "assessment_signed"
    PLAN_BEGUN = "plan_begun"
    REVIEWED = "reviewed"
    PANEL_ASKED = "panel_asked"
    PAPERS_COMPLETE = "papers_complete"
    ON_A_LIST = "on_a_list"
    PANEL_DECIDED = "panel_decided"


class Outcome(StrEnum):
    """What a panel may decide about one service that was asked for."""

    AGREED = "agreed"
    MORE_INFORMATION = "more_information"
    OTHER_SERVICE = "other_service"
    NOT_AGREED = "not_agreed"


@dataclass(frozen=True)
class PanelTerms:
    """How a panel works: its clock in working days from asking to deciding, the papers it wants, what it may decide (with
    the partnership's words for each), and for how many days a family may say that it disagrees."""

    working_days: int
    disagree_days: int
    papers: tuple[Coded, ...]
    verdicts: tuple[Coded, ...]
    services: tuple[str, ...] = ()

    def words_of(self, decision: str) -> str:
        """What a decision is called."""
        return next((each.words for each in self.verdicts if each.code == decision), decision)


class Letter(StrEnum):
    """What a pathway puts on paper besides what every case has."""

    ABOUT_ME = "about_me"
    PANEL_DECISION = "panel_decision"


@dataclass(frozen=True)
class Pathway:
    """One version of a pathway. A version in use is never changed: a new one is added."""

    code: str
    version: int
    name: str
    summary: str
    levels: tuple[int, ...]
    words: Words = Words()
    roles: tuple[str, ...] = tuple(sorted(MAY_CARRY_IT))
    sections: tuple[str, ...] = ()  # of the common assessment; empty for all of them
    extra: tuple[Section, ...] = ()
    team: tuple[TeamRole, ...] = ()
    review_weeks: int | None = None  # none: as the partnership's setting says
    steps: tuple[Coded, ...] = ()  # each by its milestone
    panel: PanelTerms | None = None
    actions: tuple[Coded, ...] = ()  # kinds of action besides the plain one
    transitions: tuple[Transition, ...] = ()
    letters: tuple[str, ...] = ()
    closures: tuple[str, ...] = tuple(CLOSURES)
    needs: tuple[str, ...] = tuple(NEEDS)

    @property
    def closing_choices(self) -> list[tuple[str, str]]:
        """The reasons a case on it closes for."""
        return [(code, text) for code, text in CLOSURES.items() if code in self.closures]

    @property
    def need_choices(self) -> list[tuple[str, str]]:
        """Standard codes of need, those this pathway is for first."""
        first = [(code, NEEDS[code]) for code in self.needs]
        return first + [(code, text) for code, text in NEEDS.items() if code not in self.needs]

    def action_words(self, kind: str) -> str:
        """What a kind of action is called; empty for the plain one."""
        return next((each.words for each in self.actions if each.code == kind), "")


# --- What a partnership changes of it.


def override_fault(said: Mapping[str, Any]) -> None:
    """Raises ValueError where the setting that changes pathways could not be used."""
    for code, change in said.items():
        if not isinstance(change, Mapping) or set(change) - set(_CHANGES):
            raise ValueError(f"For {code} say only: {', '.join(_CHANGES)}.")
        for name, value in change.items():
            if not _CHANGES[name](value):
                raise ValueError(f"For {code}, “{name}” cannot be that.")
        if change.get("is_off") and code == EARLY_HELP:
            raise ValueError("Early help cannot be switched off: it is what every other case is on.")


def _is_words(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 60


def _is_number(least: int, most: int) -> Any:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_CHANGES: dict[str, Any] = {
    "is_off": lambda value: isinstance(value, bool),
    "name": _is_words, "lead": _is_words, "assessment": _is_words, "plan": _is_words,
    "review_weeks": _is_number(1, 52), "panel_working_days": _is_number(1, 120),
}  # fmt: skip


def changed_by(pathway: Pathway, change: Mapping[str, Any]) -> Pathway:
    """A pathway with the words and clocks a partnership gave it."""
    words = {name: change[name].strip() for name in ("lead", "assessment", "plan") if name in change}
    panel = pathway.panel
    if panel is not None and "panel_working_days" in change:
        panel = replace(panel, working_days=change["panel_working_days"])
    return replace(
        pathway, name=change.get("name", pathway.name).strip(), words=replace(pathway.words, **words), panel=panel,
        review_weeks=change.get("review_weeks", pathway.review_weeks),
    )  # fmt: skip


# --- What follows from it.


def spec_for(pathway: Pathway, base: Spec) -> Spec:
    """The assessment as this pathway asks it: the sections it uses, in their order, and its own before the conclusions."""
    wanted = ALWAYS_ASKED | set(pathway.sections)
    kept = [each for each in base.sections if not pathway.sections or each.code in wanted]
    last = kept[-1].group
    before = [each for each in kept if each.group != last]
    after = [each for each in kept if each.group == last]
    return Spec(base.version, base.since, (*before, *pathway.extra, *after))


def pathway_lead_fault(pathway: Pathway, role: str) -> Rule | None:
    """CW-605: a pathway narrows who may lead; it never widens it."""
    return None if role in pathway.roles else rules.LEAD_OF_PATHWAY


@dataclass(frozen=True)
class PathwayChange:
    """What stands when a case is to go onto another pathway."""

    now: str
    wanted: Pathway | None
    is_off: bool
    level: int
    reason: str
    lead_role: str = ""  # empty: nobody leads
    has_panel_request: bool = False


def change_fault(said: PathwayChange) -> Rule | None:
    """CW-601 to CW-606, the first that stands in the way."""
    if said.wanted is None or said.is_off:
        return rules.PATHWAY_KNOWN
    faults = (
        (said.wanted.code == said.now, rules.PATHWAY_ALREADY),
        (not said.reason.strip(), rules.PATHWAY_REASON),
        (said.level not in said.wanted.levels, rules.PATHWAY_LEVEL),
        (bool(said.lead_role) and said.lead_role not in said.wanted.roles, rules.PATHWAY_LEAD_FIRST),
        (said.has_panel_request and said.wanted.panel is None, rules.PANEL_WAITS),
    )
    return next((rule for stands, rule in faults if stands), None)


@dataclass(frozen=True)
class Coming:
    """A transition of one child: the day it comes and the day from which it is got ready."""

    code: str
    words: str
    on: date
    from_day: date

    def is_to_prepare(self, on: date) -> bool:
        """Whether it is time to get it ready."""
        return self.from_day <= on <= self.on


def comings(pathway: Pathway, born: date | None, on: date) -> tuple[Coming, ...]:
    """The transitions still ahead of a child, the nearest first; none where the date of birth is not known."""
    if born is None:
        return ()
    found = [
        Coming(each.code, each.words, day, months_earlier(day, each.look_ahead_months))
        for each in pathway.transitions
        if (day := transition_day(each.rule, each.age, born)) >= on
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.code)))


def transition_day(rule: DayRule, age: int, born: date) -> date:
    """When a transition comes: on the birthday (29 February keeps 1 March), or the first day of the term or of the school
    year that begins after it. Terms begin on 1 January, 1 April and 1 September."""
    birthday = _birthday(born, age)
    if rule is DayRule.BIRTHDAY:
        return birthday
    months = (9,) if rule is DayRule.SCHOOL_YEAR_AFTER else (1, 4, 9)
    days = [date(year, month, 1) for year in (birthday.year, birthday.year + 1) for month in months]
    return next(day for day in days if day > birthday)


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)


def months_earlier(day: date, months: int) -> date:
    """The same day so many months before, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")  # pragma: no cover


@dataclass(frozen=True)
class Expected:
    """Somebody the pathway expects in the team, and whether anybody of that kind is there."""

    words: str
    is_there: bool


def expected_in_team(pathway: Pathway, kinds_there: Collection[str]) -> tuple[Expected, ...]:
    """Who should be in the team around the child, and who of them is, by the kinds of organisation its members come from."""
    return tuple(Expected(each.words, bool(set(each.kinds) & set(kinds_there))) for each in pathway.team)


@dataclass(frozen=True)
class StepShown:
    """A step of the pathway and whether the record says it is behind them."""

    words: str
    is_done: bool


def steps_shown(pathway: Pathway, done: Collection[str]) -> tuple[StepShown, ...]:
    """The pathway's steps, in order."""
    return tuple(StepShown(each.words, each.code in done) for each in pathway.steps)


ROLES = tuple(sorted(role.value for role in Role))
