"""The parts of the children and young people’s plan while it is written: needs, priorities, outcomes, actions, money, other
plans, rounds in which people were asked, and what they said. Each is added or changed by one service; none after it is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import ProtectedError
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.governance import rules
from joinedup.governance.models import (
    ChildrenPlan,
    ConsultedGroup,
    PlanAction,
    PlanAlignment,
    PlanConsultation,
    PlanMoney,
    PlanNeed,
    PlanOutcome,
    PlanPriority,
    PlanTheme,
)
from joinedup.governance.models.plans import PlanPart
from joinedup.governance.permissions import KEEP_PLAN, WRITE_PLAN
from joinedup.governance.plan_codes import ANSWERS, GROUPS, ONE_OF, OPEN
from joinedup.governance.plan_content import names_somebody
from joinedup.governance.queries.plan_reading import counted_words, measure_live
from joinedup.governance.queries.plans import measures_seen, next_position
from joinedup.governance.services.plans import open_plan

if TYPE_CHECKING:
    from joinedup.funds.models import BudgetLine
    from joinedup.organisations.models import Organisation, Post
    from joinedup.outcomes.models import FrameworkEntry

AnyPart = TypeVar("AnyPart", bound=PlanPart)


@dataclass(frozen=True)
class NeedSaid:
    """A need, with a figure of the live system, or what was stated, by whom and when."""

    title: str
    words: str = ""
    figure: str = ""
    stated: str = ""
    source: str = ""
    stated_on: date | None = None


@dataclass(frozen=True)
class PrioritySaid:
    """A priority, who answers for it, and the needs it answers."""

    title: str
    words: str = ""
    owner: Post | None = None
    needs: Sequence[PlanNeed] = ()


@dataclass(frozen=True)
class OutcomeSaid:
    """An outcome of a priority. `measure_id` is a measure of the partnership; without one it is stated."""

    priority: PlanPriority | None
    words: str
    entry: FrameworkEntry | None = None
    own_name: str = ""
    measure_id: UUID | None = None
    stated_measure: str = ""
    baseline: str = ""
    target: str = ""
    target_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class PlanActionSaid:
    """An action of a priority, the post that does it, at which partner, by which day."""

    priority: PlanPriority | None
    words: str
    owner: Post | None
    owner_title: str
    partner: Organisation
    due_on: date


@dataclass(frozen=True)
class MoneySaid:
    """Money for a priority: a line of a shared budget, or pence with where they are kept."""

    priority: PlanPriority | None
    line: BudgetLine | None = None
    pence: int | None = None
    source: str = ""


@dataclass(frozen=True)
class AlignmentSaid:
    """Another plan."""

    name: str
    body: str
    words: str
    link: str = ""


@dataclass(frozen=True)
class RoundSaid:
    """A round in which people were asked; of each group how many were asked and how many answered."""

    title: str
    method: str
    starts_on: date
    ends_on: date
    groups: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class ThemeSaid:
    """What people said in a round, what became of it, and what it changed."""

    consultation: PlanConsultation | None
    group: str
    said: str
    answer: str = OPEN
    words: str = ""
    priority: PlanPriority | None = None
    action: PlanAction | None = None


def _write(
    plan: ChildrenPlan, part: str, model: type[AnyPart], row: AnyPart | None, fields: dict[str, Any], version: int, by: Actor,
    at: datetime,
) -> AnyPart:  # fmt: skip
    """Add or change one row; of what is changed the version must be the one that was read (CO-1)."""
    open_plan(plan)
    fields |= {"written_at": at, "written_by": by.account_id}
    if row is None:
        made = model._default_manager.create(position=next_position(system(at), part, plan), **fields)
        note(subject=plan, changed=(part,))
        return made
    claim_version(row, version)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    note(subject=plan, changed=(part,))
    return row


def _of_plan(plan: ChildrenPlan, row: Any) -> None:
    """Refuses what belongs to another plan (GV-637)."""
    if row is not None and row.plan_id != plan.pk:
        raise rules.OTHER_PLAN.refused()


def _nobody_named(*texts: str) -> None:
    if names_somebody(*texts):
        raise rules.NO_CONTACT.refused()


@service(WRITE_PLAN)
def write_need(
    *, plan: ChildrenPlan, said: NeedSaid, need: PlanNeed | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanNeed:
    """Add or change a need. A figure of the live system is counted now and written down with the day, and counted again when
    the plan is adopted. Refuses GV-605, GV-610, GV-611, GV-636."""
    _of_plan(plan, need)
    if not said.title.strip():
        raise rules.NEED_TITLE.refused()
    _nobody_named(said.title, said.words, said.stated)
    stated, source, day = said.stated.strip(), said.source.strip(), said.stated_on
    if said.figure:
        stated = counted_words(system(at), said.figure)
        source, day = "Counted by Joinedup over the year before", timezone.localdate(at)
    elif not (stated and source and day):
        raise rules.NEED_EVIDENCE.refused()
    fields = {
        "plan": plan, "title": said.title.strip()[:160], "words": said.words.strip(), "figure": said.figure,
        "stated": stated[:300], "source": source[:300], "stated_on": day,
    }  # fmt: skip
    return _write(plan, "needs", PlanNeed, need, fields, version, by, at)


@service(KEEP_PLAN)
def write_priority(
    *, plan: ChildrenPlan, said: PrioritySaid, priority: PlanPriority | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanPriority:  # fmt: skip
    """Add or change a priority. Refuses GV-605, GV-612, GV-637."""
    _of_plan(plan, priority)
    for each in said.needs:
        _of_plan(plan, each)
    if not said.title.strip():
        raise rules.PRIORITY_TITLE.refused()
    fields = {"plan": plan, "title": said.title.strip()[:160], "words": said.words.strip(), "owner": said.owner}
    made = _write(plan, "priorities", PlanPriority, priority, fields, version, by, at)
    made.needs.set(said.needs)
    return made


def _priority(plan: ChildrenPlan, said: PlanPriority | None) -> PlanPriority:
    if said is None:
        raise rules.PRIORITY_TITLE.refused("priority")
    _of_plan(plan, said)
    return said


@service(WRITE_PLAN)
def write_outcome(
    *, plan: ChildrenPlan, said: OutcomeSaid, outcome: PlanOutcome | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanOutcome:  # fmt: skip
    """Add or change an outcome. Of a measure of the partnership, where it stands and where it shall come to are read there.
    Refuses GV-605, GV-613, GV-614, GV-637."""
    priority = _priority(plan, said.priority)
    if not said.words.strip():
        raise rules.OUTCOME_WORDS.refused()
    if said.entry is None and not said.own_name.strip():
        raise rules.OUTCOME_HEADING.refused()
    fields: dict[str, Any] = {
        "priority": priority, "words": said.words.strip()[:400], "entry": said.entry,
        "own_name": "" if said.entry else said.own_name.strip()[:120], "measure_id": said.measure_id,
        "stated_measure": said.stated_measure.strip()[:200], "baseline": said.baseline.strip()[:120],
        "target": said.target.strip()[:120], "target_on": said.target_on, "source": said.source.strip()[:300],
    }  # fmt: skip
    if said.measure_id is not None:
        found = measures_seen(system(at)).get(said.measure_id)
        live = measure_live(system(at), found)
        series = found.row.series if found and found.row else None
        fields |= {
            "stated_measure": "", "source": "", "baseline": live["baseline"][:120], "target": live["target"][:120],
            "target_on": series.target.on if series and series.target else None,
        }  # fmt: skip
    return _write(plan, "outcomes", PlanOutcome, outcome, fields, version, by, at)


@service(WRITE_PLAN)
def write_action(
    *, plan: ChildrenPlan, said: PlanActionSaid, action: PlanAction | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanAction:  # fmt: skip
    """Add or change an action. Refuses GV-605, GV-615 to GV-617, GV-636, GV-637."""
    priority = _priority(plan, said.priority)
    if not said.words.strip():
        raise rules.PLAN_ACTION_WORDS.refused()
    _nobody_named(said.words)
    if said.owner is None and not said.owner_title.strip():
        raise rules.PLAN_ACTION_OWNER.refused()
    if not plan.starts_on <= said.due_on <= plan.ends_on:
        raise rules.PLAN_ACTION_DAY.refused(first=date_long(plan.starts_on), last=date_long(plan.ends_on))
    fields = {
        "priority": priority, "words": said.words.strip()[:400], "owner": said.owner,
        "owner_title": "" if said.owner else said.owner_title.strip()[:120], "partner": said.partner, "due_on": said.due_on,
    }  # fmt: skip
    return _write(plan, "actions", PlanAction, action, fields, version, by, at)


@service(WRITE_PLAN)
def write_money(
    *, plan: ChildrenPlan, said: MoneySaid, money: PlanMoney | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanMoney:  # fmt: skip
    """Add or change money for a priority. Refuses GV-605, GV-618, GV-637."""
    priority = _priority(plan, said.priority)
    has_pence = said.pence is not None and said.pence > 0 and bool(said.source.strip())
    if (said.line is not None) == has_pence or (said.line is not None and said.pence):
        raise rules.MONEY_ONCE.refused()
    held = PlanMoney.objects.filter(priority=priority, line=said.line, line__isnull=False)
    if said.line is not None and held.exclude(pk__in=[money.pk] if money else []).exists():
        raise rules.MONEY_ONCE.refused("line")
    fields = {
        "priority": priority, "line": said.line, "pence": None if said.line else said.pence,
        "source": "" if said.line else said.source.strip()[:300],
    }  # fmt: skip
    return _write(plan, "money", PlanMoney, money, fields, version, by, at)


@service(WRITE_PLAN)
def write_alignment(
    *, plan: ChildrenPlan, said: AlignmentSaid, alignment: PlanAlignment | None = None, version: int = 0, by: Actor,
    at: datetime,
) -> PlanAlignment:  # fmt: skip
    """Add or change another plan. Refuses GV-605, GV-619."""
    _of_plan(plan, alignment)
    if not (said.name.strip() and said.body.strip() and said.words.strip()):
        raise rules.ALIGNMENT_WORDS.refused()
    fields = {
        "plan": plan, "name": said.name.strip()[:200], "body": said.body.strip()[:160], "link": said.link.strip()[:300],
        "words": said.words.strip(),
    }  # fmt: skip
    return _write(plan, "other-plans", PlanAlignment, alignment, fields, version, by, at)


@service(WRITE_PLAN)
def write_round(
    *, plan: ChildrenPlan, said: RoundSaid, round_: PlanConsultation | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanConsultation:  # fmt: skip
    """Add or change a round in which people were asked. Refuses GV-605, GV-630 to GV-633, GV-636."""
    _of_plan(plan, round_)
    if not (said.title.strip() and said.method.strip()):
        raise rules.ROUND_WORDS.refused()
    _nobody_named(said.title, said.method)
    if said.ends_on < said.starts_on:
        raise rules.ROUND_DAYS.refused()
    there = {group: pair for group, pair in said.groups.items() if group in GROUPS and pair[0]}
    if not there:
        raise rules.ROUND_NOBODY.refused()
    for group, (asked, answered) in said.groups.items():
        if answered > asked:
            raise rules.ROUND_NUMBERS.refused(f"{group}_answered", group=GROUPS[group].lower())
    fields = {
        "plan": plan, "title": said.title.strip()[:160], "method": said.method.strip(), "starts_on": said.starts_on,
        "ends_on": said.ends_on,
    }  # fmt: skip
    made = _write(plan, "consultations", PlanConsultation, round_, fields, version, by, at)
    ConsultedGroup.objects.filter(consultation=made).delete()
    ConsultedGroup.objects.bulk_create(
        ConsultedGroup(consultation=made, group=group, asked=asked, answered=answered)
        for group, (asked, answered) in there.items()
    )
    return made


@service(WRITE_PLAN)
def write_theme(
    *, plan: ChildrenPlan, said: ThemeSaid, theme: PlanTheme | None = None, version: int = 0, by: Actor, at: datetime
) -> PlanTheme:  # fmt: skip
    """Add or change what people said, and what became of it. Refuses GV-605, GV-634 to GV-637."""
    if said.consultation is None:
        raise rules.ROUND_WORDS.refused("consultation")
    _of_plan(plan, said.consultation)
    _of_plan(plan, said.priority)
    if said.action is not None:
        _of_plan(plan, said.action.priority)
    if not said.said.strip():
        raise rules.THEME_SAID.refused()
    if said.answer not in ANSWERS or (said.answer != OPEN and not said.words.strip()):
        raise rules.THEME_ANSWER.refused()
    _nobody_named(said.said, said.words)
    fields = {
        "consultation": said.consultation, "group": said.group, "said": said.said.strip(), "answer": said.answer,
        "words": said.words.strip(), "priority": said.priority, "action": said.action,
    }  # fmt: skip
    return _write(plan, "themes", PlanTheme, theme, fields, version, by, at)


@service(WRITE_PLAN)
def remove_part(*, plan: ChildrenPlan, part: str, row: Any, by: Actor, at: datetime) -> None:
    """Take a part out again while the plan is written. Refuses GV-605, and what others hang on (GV-638)."""
    open_plan(plan)
    if part == "consultations":
        ConsultedGroup.objects.filter(consultation=row).delete()
    try:
        type(row)._default_manager.get(pk=row.pk).delete()
    except ProtectedError as held:
        kinds = sorted({str(each._meta.verbose_name_plural).removeprefix("plan ") for each in held.protected_objects})
        raise rules.PART_HELD.refused(what=" and ".join(kinds).capitalize()) from held
    note(subject=plan, changed=(part,), words={"removed": ONE_OF[part]})
