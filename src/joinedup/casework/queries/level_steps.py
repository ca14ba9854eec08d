"""Reading steps between levels: for the team that has the family, and for the one that is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.casework.codes import DISAGREEMENT_ENDS
from joinedup.casework.lifecycle import LIVE_STEPS, STEP_LABELS, STEP_OWNERS, StepState
from joinedup.casework.models import (
    Case,
    Disagreement,
    Step,
    StepQuerySet,
)
from joinedup.casework.permissions import (
    ANSWER_STEP,
    ASK_STEP,
    PURSUE_STEP,
    READ_STEPS,
    SETTLE_DISAGREEMENT,
)
from joinedup.casework.queries.cases import PersonInCase, people_in
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.social_work import cases_with_social_work
from joinedup.casework.rules import MAY_CARRY_IT, MAY_SETTLE, needs_social_worker
from joinedup.casework.settings import disagreement_stages
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import posts_in_team, posts_with_role, teams_of_kind

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_LIVE = [state.value for state in LIVE_STEPS]


@dataclass(frozen=True)
class AnswerSeen:
    """What was said to a step."""

    label: str
    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class StageSeen:
    """A step of a disagreement and its clock."""

    number: int
    who: str
    due_at: datetime
    is_late: bool
    is_open: bool
    is_last: bool
    outcome: str
    words: str
    holder: str
    holder_id: UUID | None


@dataclass(frozen=True)
class StepSeen:
    """A step up or down. For the receiving team it is all they see of the family until they accept."""

    id: UUID
    version: int
    case_id: UUID
    reference: str
    family: str
    people: tuple[PersonInCase, ...]
    lead: str
    lead_phone: str
    state: str
    state_label: str
    whose_move: str
    from_level: int
    to_level: int
    from_team: str
    to_team: str
    to_team_id: UUID
    teams: tuple[UUID, UUID]
    is_immediate: bool
    reason: str
    asked_at: datetime
    answer_by: datetime
    is_late: bool
    answers: tuple[AnswerSeen, ...]
    stages: tuple[StageSeen, ...]
    sees_case: bool
    may: frozenset[str]
    deputy: str = ""
    deputy_phone: str = ""

    @property
    def direction(self) -> str:
        """Up or down."""
        return "up" if self.to_level > self.from_level else "down"

    @property
    def is_live(self) -> bool:
        """Something has still to happen."""
        return self.state in LIVE_STEPS

    @property
    def stage(self) -> StageSeen | None:
        """The step of the disagreement that is open."""
        return next((each for each in self.stages if each.is_open), None)


@dataclass(frozen=True)
class TeamChoice:
    """A team that a family could step to, for a level."""

    team_id: UUID
    name: str
    is_statutory: bool
    is_own: bool


@dataclass(frozen=True)
class StepLead:
    """Somebody of the receiving team who could lead."""

    post_id: UUID
    name: str
    title: str


def may_ask_step(viewer: Actor, frame: CaseFrame) -> bool:
    """Whether the viewer may step this family up or down now."""
    return frame.is_open and can(viewer, ASK_STEP, frame.row)


def teams_for_step(viewer: Actor, frame: CaseFrame) -> list[TeamChoice]:
    """The teams a family could step to: its own first, the statutory ones last."""
    own = [
        TeamChoice(team.pk, team.name, False, team.pk == frame.row.team_id)
        for team in teams_of_kind(viewer, "case_management")
    ]
    statutory = [
        TeamChoice(team.pk, team.name, True, team.pk == frame.row.team_id)
        for team in teams_of_kind(viewer, "statutory")
    ]
    return [*sorted(own, key=lambda team: (not team.is_own, team.name)), *statutory]


def leads_for_step(viewer: Actor, step: StepSeen) -> list[StepLead]:
    """Who of the receiving team could lead at the new level."""
    posts = [post for post in posts_in_team(viewer, step.to_team_id) if post.role in MAY_CARRY_IT]
    known = step.case_id in cases_with_social_work([step.case_id], timezone.localdate(viewer.at))
    if needs_social_worker(step.to_level, has_social_work=known):
        posts = [post for post in posts if post.is_registered_social_worker]
    return [StepLead(post.pk, post.account.name, post.title) for post in posts if post.is_held_at(viewer.at)]


def settlers_for_step(viewer: Actor, step: Step | StepSeen, number: int) -> list[Post]:
    """Who may be named to settle a step of the disagreement: the managers of the team that keeps the duty first, then by name.
    At most one statement for each role."""
    stages = disagreement_stages(timezone.localdate(viewer.at))
    stage = stages[min(number, len(stages)) - 1]
    found = [post for role in sorted(stage.roles) for post in posts_with_role(viewer, role)]
    fit = [post for post in found if stage.is_for(post.role, post.team_id, step.teams) and post.account.is_active]
    return sorted(fit, key=lambda post: (post.team_id != step.teams[0], post.account.name, str(post.pk)))


def steps_of(viewer: Actor, frame: CaseFrame) -> list[StepSeen]:
    """Every step of a case, newest first. The viewer has been let in to it."""
    rows = list(_in_full(Step.objects.filter(case_id=frame.id)).order_by("-asked_at", "-pk"))
    names = _who_answered(viewer, rows)
    return [_step(viewer, row, list(frame.people), names, sees_case=True) for row in rows]


def step_seen(viewer: Actor, step_id: UUID, *, purpose: str) -> StepSeen:
    """One step for either team, audited with its purpose and the people in it."""
    found = list(_in_full(Step.objects.visible_to(viewer).filter(pk=step_id)))
    if not found or not can(viewer, READ_STEPS):
        raise NotVisible
    seen = _steps(viewer, found)[0]
    people = {each.person_id for each in seen.people}
    audit.record_read(viewer, subject=("casework.step", str(step_id)), people=people, purpose=purpose)
    return seen


def step_for_change(viewer: Actor, step_id: UUID) -> Step:
    """A step, to hand to a service."""
    related = ("case__lead_professional__account", "case__team", "from_team", "to_team")
    found = Step.objects.visible_to(viewer).select_related(*related).filter(pk=step_id).first()
    if found is None:
        raise NotVisible
    return found


def steps_that_wait(viewer: Actor) -> list[StepSeen]:
    """Every step the viewer sees of which something has still to happen, what is due first on top. `duties` audits it."""
    rows = Step.objects.visible_to(viewer).filter(state__in=_LIVE)
    return _steps(viewer, list(_in_full(rows).order_by("answer_by", "pk")))


def _in_full(rows: StepQuerySet) -> StepQuerySet:
    led = "case__lead_professional__account", "case__deputy__account"
    related = ("case__family", "case__team", *led, "from_team", "to_team")
    return rows.select_related(*related).prefetch_related("answers", "disagreements__holder__account")


def _steps(viewer: Actor, rows: list[Step]) -> list[StepSeen]:
    people = people_in([row.case_id for row in rows])
    names = _who_answered(viewer, rows)
    seen = set(
        Case.objects.visible_to(viewer).filter(pk__in=[row.case_id for row in rows]).values_list("pk", flat=True)
    )
    return [_step(viewer, row, people.get(row.case_id, []), names, sees_case=row.case_id in seen) for row in rows]


def _who_answered(viewer: Actor, rows: list[Step]) -> dict[UUID, str]:
    return names_of_accounts(viewer, {answer.by for row in rows for answer in row.answers.all() if answer.by})


def _step(viewer: Actor, row: Step, people: list[PersonInCase], names: dict[UUID, str], *, sees_case: bool) -> StepSeen:
    lead, deputy = row.case.lead_professional, row.case.deputy
    answers = sorted(row.answers.all(), key=lambda each: (each.at, each.pk))
    return StepSeen(
        id=row.pk, version=row.version, case_id=row.case_id, reference=row.case.reference, family=row.case.family.name,
        people=tuple(people), lead=lead.account.name if lead else "", lead_phone=lead.phone if lead else "",
        state=row.state, state_label=STEP_LABELS[StepState(row.state)], whose_move=STEP_OWNERS[StepState(row.state)],
        from_level=row.from_level, to_level=row.to_level, from_team=row.from_team.name, to_team=row.to_team.name,
        to_team_id=row.to_team_id, teams=row.teams, is_immediate=row.is_immediate, reason=row.reason, asked_at=row.asked_at,
        answer_by=row.answer_by, is_late=row.answer_by < viewer.at and row.state in {"waiting", "asked_again"},
        answers=tuple(
            AnswerSeen(STEP_LABELS[StepState(each.state)], each.words, each.at, names.get(each.by, "") if each.by else "")
            for each in answers
        ),
        stages=_stages(viewer, row), sees_case=sees_case, may=_may(viewer, row),
        deputy=deputy.account.name if deputy else "", deputy_phone=deputy.phone if deputy else "",
    )  # fmt: skip


def _stages(viewer: Actor, row: Step) -> tuple[StageSeen, ...]:
    last = len(disagreement_stages(timezone.localdate(viewer.at)))
    return tuple(
        StageSeen(
            each.number, each.who, each.due_at, each.ended_at is None and each.due_at < viewer.at,
            each.ended_at is None, each.number >= last, DISAGREEMENT_ENDS.get(each.outcome, ""), each.words,
            f"{each.holder.account.name}, {each.holder.title}" if each.holder else "", each.holder_id,
        )
        for each in sorted(row.disagreements.all(), key=lambda each: each.number)
    )  # fmt: skip


_WHEN = {
    "answer": (ANSWER_STEP, {StepState.WAITING, StepState.ASKED_AGAIN}),
    "ask_again": (PURSUE_STEP, {StepState.REFUSED}),
    "withdraw": (PURSUE_STEP, LIVE_STEPS),
    "settle": (SETTLE_DISAGREEMENT, {StepState.DISAGREED}),
    "name_holder": (SETTLE_DISAGREEMENT, {StepState.DISAGREED}),
}


def _may(viewer: Actor, row: Step) -> frozenset[str]:
    state = StepState(row.state)
    return frozenset(
        name for name, (permission, when) in _WHEN.items() if state in when and can(viewer, permission, row)
    )


def settles_something(viewer: Actor) -> bool:
    """Whether the viewer is named to settle a disagreement that is open: for the navigation of whoever else has no duties."""
    if viewer.roles.isdisjoint(MAY_SETTLE):
        return False
    return Disagreement.objects.filter(holder_id__in=viewer.post_ids, ended_at__isnull=True).exists()


def count_steps(viewer: Actor) -> tuple[int, int]:
    """How many steps wait for the viewer to answer them, to ask again or to settle a disagreement, and of how many the clock
    has run out. One statement; nobody is named."""
    if not can(viewer, READ_STEPS):
        return 0, 0
    stage = Disagreement.objects.filter(step=OuterRef("pk"), ended_at__isnull=True).order_by("number")
    rows = Step.objects.visible_to(viewer).filter(state__in=_LIVE).select_related("case", "from_team", "to_team")
    found = rows.annotate(
        settle_by=Subquery(stage.values("due_at")[:1]), settler=Subquery(stage.values("holder_id")[:1])
    )
    mine = [
        getattr(row, "settle_by", None) or row.answer_by
        for row in found
        if _may(viewer, row) - {"withdraw", "name_holder"}
    ]
    return len(mine), sum(by < viewer.at for by in mine)


def steps_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these steps that the viewer may see. No read row: only ids are looked at."""
    return set(Step.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
