"""Reading a family's plan. The viewer has been let in to the case (`case_frame`), whose read is audited there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.casework.codes import ABUSE, NEED_ENDS, NEEDS, STATUTORY_PLANS
from joinedup.casework.lifecycle import ACTION_LABELS, ENDED_ACTIONS, PLAN_LABELS, ActionState, PlanState
from joinedup.casework.models import (
    Case,
    CaseMember,
    Plan,
    PlanAction,
    PlanChange,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    StatutoryPlan,
)
from joinedup.casework.pathways import Pathway
from joinedup.casework.permissions import CLOSE_CASE, OPEN_PLAN, REVIEW_PLAN, WRITE_PLAN
from joinedup.casework.queries.frame import CaseFrame
from joinedup.core.errors import NotVisible
from joinedup.outcomes.measuring import VERDICT_LABELS, Point, Verdict, travelled, verdict
from joinedup.outcomes.queries import Course, courses

OUTCOME_KIND = PlanOutcome._meta.label_lower
_SHOWN_CHANGES = 10
_LONG = 12


@dataclass(frozen=True)
class PlanActionSeen:
    """An action, its owner and where it stands."""

    id: UUID
    version: int
    kind: str
    kind_label: str
    words: str
    owner: str
    owner_title: str
    post_id: UUID | None
    person_id: UUID | None
    agency_id: UUID | None
    agency: str
    service: str
    due_on: date
    evidence: str
    status: str
    status_label: str
    status_words: str
    ended_on: date | None
    is_overdue: bool

    @property
    def is_ended(self) -> bool:
        """Done or stopped."""
        return self.status in ENDED_ACTIONS


@dataclass(frozen=True)
class OutcomeSeen:
    """An outcome with its measure, where it started, where it is, and the way between."""

    id: UUID
    version: int
    need_id: UUID
    words: str
    course: Course
    target: Decimal
    target_on: date
    verdict: Verdict
    travelled: int
    actions: tuple[PlanActionSeen, ...]

    @property
    def verdict_label(self) -> str:
        """Better, no change, worse, reached."""
        return VERDICT_LABELS[self.verdict]


@dataclass(frozen=True)
class NeedSeen:
    """A need of the family or of one child, and what became of it."""

    id: UUID
    version: int
    section_id: UUID | None
    code: str
    label: str
    words: str
    end_code: str
    end_label: str
    end_words: str
    ended_at: datetime | None
    outcomes: tuple[OutcomeSeen, ...]

    @property
    def actions(self) -> tuple[PlanActionSeen, ...]:
        """Everything that is done towards any of its outcomes."""
        return tuple(action for outcome in self.outcomes for action in outcome.actions)

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(action.is_overdue for action in self.actions)


@dataclass(frozen=True)
class StatutorySeen:
    """A statutory plan as its holder said it stood when it was read back last."""

    id: UUID
    version: int
    kind: str
    label: str
    reference: str
    holder: str
    worker: str
    status: str
    starts_on: date
    ends_on: date | None
    next_on: date | None
    next_means: str
    abuse: str
    abuse_label: str
    conference_on: date | None
    read_at: datetime


@dataclass(frozen=True)
class PlanSectionSeen:
    """A child's section. `lead` and `lead_phone` are of the one lead professional this child has, whatever plan they
    lead through; nothing else of another household's plan is ever here."""

    id: UUID
    version: int
    person_id: UUID
    name: str
    words: str
    leads: bool
    lead: str
    lead_phone: str
    statutory: tuple[StatutorySeen, ...]
    needs: tuple[NeedSeen, ...]
    has_left: bool = False


@dataclass(frozen=True)
class ChangeSeen:
    """A change of the plan, newest first. `may_be_undone` while nothing newer stands on it."""

    id: UUID
    what: str
    at: datetime
    by: str
    is_undone: bool
    may_be_undone: bool


@dataclass(frozen=True)
class MemberNow:
    """Somebody in the team around the child, as a choice."""

    post_id: UUID
    name: str
    title: str


@dataclass(frozen=True)
class PlanSeen:
    """A plan as its page, its print and the API show it. `may` holds what the viewer may do with it now."""

    id: UUID
    version: int
    reference: str
    state: str
    state_label: str
    family_words: str
    contingency: str
    opened_at: datetime
    closed_at: datetime | None
    sections: tuple[PlanSectionSeen, ...]
    family_needs: tuple[NeedSeen, ...]
    changes: tuple[ChangeSeen, ...]
    may: frozenset[str]
    left: tuple[PlanSectionSeen, ...] = ()  # of children who were in it and are in the case no more

    @property
    def is_open(self) -> bool:
        """Still worked on."""
        return self.state == PlanState.OPEN

    @property
    def needs(self) -> tuple[NeedSeen, ...]:
        """The family's needs first, then each child's."""
        return self.family_needs + tuple(need for section in self.sections for need in section.needs)

    @property
    def outcomes(self) -> tuple[OutcomeSeen, ...]:
        """Every outcome."""
        return tuple(outcome for need in self.needs for outcome in need.outcomes)

    @property
    def actions(self) -> tuple[PlanActionSeen, ...]:
        """Every action."""
        return tuple(action for outcome in self.outcomes for action in outcome.actions)

    @property
    def overdue(self) -> int:
        """How many actions are overdue."""
        return sum(action.is_overdue for action in self.actions)

    @property
    def standing(self) -> tuple[tuple[str, int], ...]:
        """How many outcomes stand where, in words."""
        counted = Counter(outcome.verdict for outcome in self.outcomes)
        return tuple((label, counted[code]) for code, label in VERDICT_LABELS.items() if counted[code])

    @property
    def is_long(self) -> bool:
        """More than a reader takes in at once: its page then folds each need up."""
        return len(self.actions) > _LONG

    @property
    def open_needs(self) -> tuple[NeedSeen, ...]:
        """Those of which nobody has said yet what became of them."""
        return tuple(need for need in self.needs if need.ended_at is None)


def plan_for_change(viewer: Actor, case_id: UUID) -> Plan:
    """The newest plan of a case the viewer sees, to hand to a service."""
    found = Plan.objects.filter(case_id=case_id, case__in=Case.objects.visible_to(viewer))
    plan = found.select_related("case__lead_professional__account", "case__team").order_by("-opened_at", "-pk").first()
    if plan is None:
        raise NotVisible
    return plan


def plan_section_for_change(viewer: Actor, case_id: UUID, section_id: UUID) -> PlanChild:
    """A child's section, to hand to a service."""
    found = PlanChild.objects.filter(
        pk=section_id, plan__case_id=case_id, plan__case__in=Case.objects.visible_to(viewer)
    )
    section = found.select_related("plan__case").first()
    if section is None:
        raise NotVisible
    return section


def may_open_plan(viewer: Actor, frame: CaseFrame) -> bool:
    """Whether the viewer may begin a plan in this case, now."""
    return frame.is_open and can(viewer, OPEN_PLAN, frame.row)


def plan_of(viewer: Actor, frame: CaseFrame, *, with_changes: bool = True) -> PlanSeen | None:
    """The newest plan of a case; None before there is one. Some twelve statements, however long the plan is."""
    rows = Plan.objects.filter(case_id=frame.id).select_related("case").order_by("-opened_at", "-pk")
    plan = rows.first()
    if plan is None:
        return None
    needs = _needs(viewer, plan, frame.pathway, timezone.localdate(viewer.at))
    everybody = _sections(plan, needs)
    sections = tuple(each for each in everybody if not each.has_left)
    left = tuple(each for each in everybody if each.has_left)
    of_family = tuple(need for need in needs if need.section_id is None)
    changes = _changes(viewer, plan) if with_changes else ()
    return _seen(viewer, plan, frame, sections=sections, left=left, family_needs=of_family, changes=changes)


def plan_to_review(viewer: Actor, frame: CaseFrame, *, with_outcomes: bool) -> PlanSeen | None:
    """The newest plan of a case for who goes through its outcomes: whose they are, and what is done about them, is left out.
    At most five statements."""
    plan = Plan.objects.filter(case_id=frame.id).select_related("case").order_by("-opened_at", "-pk").first()
    if plan is None:
        return None
    on = timezone.localdate(viewer.at)
    needs = _needs(viewer, plan, frame.pathway, on, with_actions=False) if with_outcomes else []
    return _seen(viewer, plan, frame, sections=(), family_needs=tuple(needs), changes=())


def _seen(viewer: Actor, plan: Plan, frame: CaseFrame, **parts: Any) -> PlanSeen:
    return PlanSeen(
        id=plan.pk, version=plan.version, reference=plan.reference, state=plan.state,
        state_label=PLAN_LABELS[PlanState(plan.state)], family_words=plan.family_words, contingency=plan.contingency,
        opened_at=plan.opened_at, closed_at=plan.closed_at, may=_may(viewer, plan, frame), **parts,
    )  # fmt: skip


def _may(viewer: Actor, plan: Plan, frame: CaseFrame) -> frozenset[str]:
    if plan.state == PlanState.CLOSED or not frame.is_open:
        return frozenset()
    asked = {"write": (WRITE_PLAN, plan), "review": (REVIEW_PLAN, plan), "close": (CLOSE_CASE, frame.row)}
    return frozenset(name for name, (permission, record) in asked.items() if can(viewer, permission, record))


def _sections(plan: Plan, needs: list[NeedSeen]) -> tuple[PlanSectionSeen, ...]:
    rows = list(PlanChild.objects.filter(plan=plan).select_related("person").order_by("person__birth_date", "pk"))
    is_open = plan.state == PlanState.OPEN  # with a plan that is closed, every section has ended
    linked: dict[UUID, list[StatutorySeen]] = {}
    for each in StatutoryPlan.objects.filter(section__plan=plan, removed_at__isnull=True).order_by("-starts_on", "pk"):
        linked.setdefault(each.section_id, []).append(_statutory(each))
    leads = _leads([row.person_id for row in rows])
    return tuple(
        PlanSectionSeen(
            id=row.pk, version=row.version, person_id=row.person_id, name=str(row.person), words=row.words,
            leads=row.leads, lead=leads.get(row.person_id, ("", ""))[0], lead_phone=leads.get(row.person_id, ("", ""))[1],
            statutory=tuple(linked.get(row.pk, ())), needs=tuple(need for need in needs if need.section_id == row.pk),
            has_left=is_open and row.ended_at is not None,
        )
        for row in rows
    )  # fmt: skip


def _leads(people: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """The name and telephone of each child's one lead professional, and nothing of the plan they lead through."""
    rows = PlanChild.objects.filter(person_id__in=people, leads=True, ended_at__isnull=True)
    post = "plan__case__lead_professional"
    found = rows.values_list("person_id", f"{post}__account__name", f"{post}__phone")
    return {person: (name or "", phone or "") for person, name, phone in found}


def _statutory(row: StatutoryPlan) -> StatutorySeen:
    same = (
        "reference",
        "holder",
        "worker",
        "status",
        "starts_on",
        "ends_on",
        "next_on",
        "next_means",
        "abuse",
        "conference_on",
        "read_at",
    )
    said = {name: getattr(row, name) for name in same}
    return StatutorySeen(
        id=row.pk,
        version=row.version,
        kind=row.kind,
        label=STATUTORY_PLANS[row.kind],
        abuse_label=ABUSE.get(row.abuse, ""),
        **said,
    )


def _needs(viewer: Actor, plan: Plan, pathway: Pathway, on: date, *, with_actions: bool = True) -> list[NeedSeen]:
    outcomes: dict[UUID, list[OutcomeSeen]] = {}
    for each in _outcomes(viewer, plan, pathway, on, with_actions=with_actions):
        outcomes.setdefault(each.need_id, []).append(each)
    rows = PlanNeed.objects.filter(plan=plan, removed_at__isnull=True).order_by(
        F("ended_at").asc(nulls_first=True), "pk"
    )
    return [
        NeedSeen(
            id=row.pk, version=row.version, section_id=row.section_id, code=row.code, label=NEEDS[row.code],
            words=row.words, end_code=row.end_code, end_label=NEED_ENDS.get(row.end_code, ""), end_words=row.end_words,
            ended_at=row.ended_at, outcomes=tuple(outcomes.get(row.pk, ())),
        )
        for row in rows
    ]  # fmt: skip


def _outcomes(viewer: Actor, plan: Plan, pathway: Pathway, on: date, *, with_actions: bool) -> list[OutcomeSeen]:
    live = Q(removed_at__isnull=True, need__removed_at__isnull=True)
    rows = list(PlanOutcome.objects.filter(live, need__plan=plan).order_by("pk"))
    measured = courses(viewer, OUTCOME_KIND, [str(row.pk) for row in rows])
    actions: dict[UUID, list[PlanActionSeen]] = {}
    found = PlanAction.objects.filter(outcome__in=[row.pk for row in rows], removed_at__isnull=True)
    full = found.select_related("post__account", "person", "agency").order_by("due_on", "pk")
    for action in full if with_actions else ():
        actions.setdefault(action.outcome_id, []).append(_action(action, pathway, on))
    return [_outcome(row, measured[str(row.pk)], tuple(actions.get(row.pk, ()))) for row in rows]


def _outcome(row: PlanOutcome, course: Course, actions: tuple[PlanActionSeen, ...]) -> OutcomeSeen:
    points = [Point(each.value, each.on) for each in course.readings]
    return OutcomeSeen(
        id=row.pk, version=row.version, need_id=row.need_id, words=row.words, course=course, target=row.target,
        target_on=row.target_on, verdict=verdict(course.measure, course.value, points, row.target),
        travelled=int(travelled(course.value, course.latest, row.target)), actions=actions,
    )  # fmt: skip


def _action(row: PlanAction, pathway: Pathway, on: date) -> PlanActionSeen:
    owner = row.post.account.name if row.post else str(row.person)
    status = ActionState(row.status)
    return PlanActionSeen(
        id=row.pk, version=row.version, kind=row.kind, kind_label=pathway.action_words(row.kind), words=row.words, owner=owner, owner_title=row.post.title if row.post else "Family",
        post_id=row.post_id, person_id=row.person_id, agency_id=row.agency_id, agency=row.agency.name if row.agency else "",
        service=row.service, due_on=row.due_on, evidence=row.evidence, status=status, status_label=ACTION_LABELS[status],
        status_words=row.status_words, ended_on=row.ended_on,
        is_overdue=row.due_on < on and status not in ENDED_ACTIONS,
    )  # fmt: skip


def _changes(viewer: Actor, plan: Plan) -> tuple[ChangeSeen, ...]:
    rows = list(PlanChange.objects.filter(plan=plan).order_by("-at", "-pk")[:_SHOWN_CHANGES])
    names = names_of_accounts(viewer, {row.by for row in rows if row.by})
    seen: set[UUID] = set()
    found = []
    for row in rows:
        is_newest = row.target_id not in seen and row.undone_at is None
        if row.undone_at is None:
            seen.add(row.target_id)
        by = names.get(row.by, "") if row.by else "Joinedup"
        found.append(ChangeSeen(row.pk, row.what, row.at, by, row.undone_at is not None, is_newest))
    return tuple(found)


def team_now(viewer: Actor, frame: CaseFrame) -> list[MemberNow]:
    """Whoever is in the team around the child at the viewer's moment, the lead professional first; for choosing one."""
    rows = CaseMember.objects.filter(CaseMember.held_at(viewer.at), case_id=frame.id).select_related("post__account")
    return [
        MemberNow(row.post_id, row.post.account.name, row.post.title)
        for row in sorted(rows, key=lambda row: (row.part != "lead", row.post.account.name))
    ]
