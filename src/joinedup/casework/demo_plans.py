"""The demo's family plans: Amira's first family has one with a review done and another begun, her others a plan, a review
due, and a step down that waits to be accepted. Played through the services, at times between each case's opening and now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework import services
from joinedup.casework.demo_times import OfficeHours
from joinedup.casework.lifecycle import ActionState
from joinedup.casework.models import Case, CasePerson, Plan, PlanAction, PlanNeed
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid, StatutorySaid
from joinedup.casework.services import Attendance, Decision, Voice
from joinedup.organisations.queries import demo_people, teams_of_kind
from joinedup.outcomes.queries import measures

_LEAD = "Amira Testerly"


@dataclass(frozen=True)
class _Aim:
    """A need with its outcome and action, and what later reviews measure."""

    code: str
    need: str
    of_child: bool
    outcome: str
    measure: str
    start: int
    target: int
    later: int
    action: str
    by_family: bool = False


_AIMS = (
    _Aim("N4", "Mornings are a rush and {child} is late three days in five", True, "{child} is at school on time", "ATTENDANCE",
         78, 95, 88, "Walk to school together on Mondays and Thursdays"),
    _Aim("N5", "We shout when we are tired, and nobody likes it", False, "Evenings at home are calm", "SCALE", 3, 7, 5,
         "Homework and tea at the same time each day", by_family=True),
    _Aim("N7", "The rent is behind", False, "The rent is paid and what is owed goes down", "ARREARS", 6, 0, 4,
         "Go to the money advice session together"),
)  # fmt: skip


class _Scene:
    """One case, and the clock between its opening and now."""

    def __init__(self, case: Case, lead: Actor, end: datetime) -> None:
        self.case, self.lead, self.end = case, lead, end
        named = case.members.filter(part="lead", left_at__isnull=True).values_list("joined_at", flat=True).first()
        self.begin = max(case.opened_at, named or case.opened_at) + timedelta(minutes=5)
        self.office = OfficeHours(self.begin, end)

    def at(self, part: float) -> datetime:
        """A moment of the case: 0 just after somebody led it, 1 now."""
        return self.office(self.begin + (self.end - self.begin) * part)

    def by(self, part: float) -> Actor:
        """The lead professional at that moment."""
        return replace(self.lead, at=self.at(part))

    @property
    def is_playable(self) -> bool:
        """Long enough ago for something to have happened since."""
        return self.end - self.begin > timedelta(hours=2)


def load_plans(*, at: datetime) -> None:
    """Play the scenes of plans, reviews and steps."""
    scenes = list(_scenes(at))
    for place, scene in enumerate(scenes):
        plan = _make_plan(scene, aims=_AIMS if place == 0 else _AIMS[: 1 + place % 2])
        if place == 0:
            _review(scene, plan, 0.5, "continue")
            _begin(scene, plan, 0.97)
            _link(scene, plan)
        if place == 1:
            _review(scene, plan, 0.7, "continue")
            _step_down(scene)


def _scenes(at: datetime) -> Iterator[_Scene]:
    """Amira's open cases that are long enough open, the oldest first."""
    person = next(one for _, people in demo_people(system(at)) for one in people if one.name == _LEAD)
    lead = actor_for_account(person.account_id, at=at)
    cases = Case.objects.open().filter(lead_professional_id__in=lead.post_ids).order_by("opened_at", "pk")
    scenes = (_Scene(case, lead, at) for case in cases)
    return (scene for scene in scenes if scene.is_playable)


def _make_plan(scene: _Scene, aims: tuple[_Aim, ...]) -> Plan:
    plan = services.open_plan(
        case=scene.case, family_words="We want mornings without shouting, and somebody to ask when it gets too much.",
        contingency="If it gets worse: ring Nia Testnorth. Gran has the children on Sunday.", by=scene.by(0.02), at=scene.at(0.02),
    )  # fmt: skip
    for each in aims:
        _add(scene, plan, each)
    section = plan.sections.order_by("pk")[0]
    services.change_child(
        plan=plan, section_id=section.pk, words="I want to get to breakfast club.", version=section.version,
        by=scene.by(0.06), at=scene.at(0.06),
    )  # fmt: skip
    return plan


def _add(scene: _Scene, plan: Plan, aim: _Aim) -> None:
    section = plan.sections.select_related("person").order_by("pk")[0]
    child = section.person.given_name
    by, at = scene.by(0.05), scene.at(0.05)
    measure = next(each for each in measures(by) if each.code == aim.measure)
    said = NeedSaid(aim.code, aim.need.format(child=child), section.pk if aim.of_child else None)
    need = services.add_need(plan=plan, said=said, by=by, at=at)
    on = timezone.localdate(at)
    outcome = services.add_outcome(
        plan=plan, need_id=need.pk, by=by, at=at,
        said=OutcomeSaid(
            aim.outcome.format(child=child), measure.id, Decimal(aim.start), on, Decimal(aim.target), on + timedelta(days=90)
        ),
    )  # fmt: skip
    owner = {"person_id": _parent(scene.case)} if aim.by_family else {"post_id": scene.case.lead_professional_id}
    services.add_action(
        plan=plan, outcome_id=outcome.pk, by=by, at=at,
        said=ActionSaid(aim.action, on + timedelta(days=28), evidence="We will talk about it every fortnight", **owner),
    )  # fmt: skip


def _parent(case: Case) -> UUID:
    people = CasePerson.objects.filter(case=case)
    return (people.filter(part="parent").first() or people.order_by("pk")[0]).person_id


def _begin(scene: _Scene, plan: Plan, part: float) -> None:
    voices = [Voice(each.pk, "said", "It is better when we walk.") for each in plan.sections.all()]
    attendance = Attendance(
        {scene.case.lead_professional_id: True} if scene.case.lead_professional_id else {}, {_parent(scene.case): True}
    )
    services.begin_review(
        plan=plan, held_on=timezone.localdate(scene.at(part)), attendance=attendance, voices=voices,
        named_lead="yes" if scene.case.lead_professional_id else "no", by=scene.by(part), at=scene.at(part),
    )  # fmt: skip


def _review(scene: _Scene, plan: Plan, part: float, decision: str) -> None:
    _begin(scene, plan, part)
    review = plan.reviews.get(state="begun")
    by, at = scene.by(part), scene.at(part)
    for need in PlanNeed.objects.filter(plan=plan).prefetch_related("outcomes"):
        aim = next(each for each in _AIMS if each.code == need.code)
        for outcome in need.outcomes.all():
            services.record_progress(
                plan=plan,
                review=review,
                outcome_id=outcome.pk,
                value=Decimal(aim.later),
                words="Slowly, but it moves.",
                by=by,
                at=at,
            )
    action = PlanAction.objects.filter(outcome__need__plan=plan).order_by("pk")[0]
    services.mark_action(
        plan=plan,
        action_id=action.pk,
        status=ActionState.UNDER_WAY,
        words="Two weeks now",
        version=action.version,
        by=by,
        at=at,
    )
    said = Decision(decision, "Some of it works. The same people carry on.")
    services.decide_review(review=review, decision=said, version=review.version, by=by, at=at)


def _link(scene: _Scene, plan: Plan) -> None:
    section = plan.sections.order_by("pk")[0]
    started = timezone.localdate(scene.at(0.1))
    said = StatutorySaid(
        "education_health_care", started, "Exampleshire special educational needs service", "Being assessed",
        worker="Clover Testbridge", next_on=started + timedelta(days=60), next_means="Decision on the plan",
    )  # fmt: skip
    services.link_statutory_plan(plan=plan, section_id=section.pk, said=said, by=scene.by(0.98), at=scene.at(0.98))


def _step_down(scene: _Scene) -> None:
    """To another team, at a lower level; it waits for that team's answer."""
    teams = teams_of_kind(system(scene.end), "case_management")
    other = next(team for team in teams if team.name.startswith("South"))
    level = 2 if scene.case.level > 2 else 3
    services.ask_step(
        case=scene.case, to_level=level, to_team=other, by=scene.by(0.9), at=scene.at(0.9),
        reason="The family moves to the south of the town, and most of the plan is done.",
    )  # fmt: skip
