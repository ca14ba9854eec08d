"""Any order of work with a family, played against the services and the database. After every step, by reading the tables
themselves: one holder of the duty, no open plan without a next review, no closed plan with an open duty, every access by a
live ground, and the chronology adding up to the present state. A plain model of where the family stands is kept beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.casework import services
from joinedup.casework.codes import NEED_ENDS
from joinedup.casework.lifecycle import LIVE_STEPS, STEP_MOVES, ActionState, StepState
from joinedup.casework.models import Case, Plan, PlanAction, PlanChange, PlanNeed, PlanOutcome, Review, Step
from joinedup.casework.planning import ActionSaid, NeedEnd, NeedSaid, OutcomeSaid
from joinedup.casework.queries.reviews import unread_outcomes
from joinedup.casework.reviewing import Happened, Journey, StepSaid, after_refusal, replay, step_fault, step_move_fault
from joinedup.casework.services import Attendance, Decision, Voice
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import Refused
from joinedup.organisations.models import Post, Team
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.outcomes.models import Measure

LEVELS = st.sampled_from([2, 3, 4])


class World:
    """Three teams and those who may lead in them; made once."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {
            "north": make_team(name="North team"), "south": make_team(name="South team"),
            "statutory": make_team(kind="statutory", name="Assessment team"),
        }  # fmt: skip
        self.leads: dict[str, Post] = {}
        self.accounts: list[Any] = []
        for name, team in self.teams.items():
            role = Role.STATUTORY_OFFICER if name == "statutory" else Role.KEY_WORKER
            account, post = make_post(
                role=role, team=team, name=f"Lead {name.title()}", is_registered_social_worker=name == "statutory"
            )
            manager, _ = make_post(role=Role.TEAM_MANAGER, team=team, name=f"Manager {name.title()}")
            self.leads[name], self.accounts = post, [*self.accounts, account, manager]
        self.measure = Measure.objects.get(code="SCALE")


class CaseMachine(RuleBasedStateMachine):
    """One family from the first case on. `model` is what the machine itself expects."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.at = AT
        self.model = Journey()

    @initialize()
    def begin(self) -> None:
        """A family with two children, whose case nobody leads yet."""
        people = ((make_person(given_name="Rowan"), "child"), (make_person(given_name="Wren"), "child"))
        self.family = make_family(*people)
        self.case = make_case(team=self.world.teams["north"], family=self.family)
        self.first_event = Event.objects.filter(family_id=self.family.pk).order_by("id")[0].pk
        self.model = Journey(is_open=True, level=3)

    # --- The tools.

    @property
    def by(self) -> Any:
        return system(self.at)

    def row(self) -> Case:
        """The case as it is now."""
        return Case.objects.select_related("lead_professional__account", "team").get(pk=self.case.pk)

    def plan(self) -> Plan | None:
        """The open plan."""
        return Plan.objects.filter(case=self.case, state="open").first()

    def step(self) -> Step | None:
        """The step that waits for something."""
        return Step.objects.filter(case=self.case, state__in=[state.value for state in LIVE_STEPS]).first()

    def expect(self, rules: set[str], service: Any, **facts: Any) -> bool:
        """Call a service; it may be refused by one of these rules and by no other. True when it was done."""
        self.at += timedelta(hours=3)
        refused = ""
        try:
            service(**facts, by=self.by, at=self.at)
        except Refused as refusal:
            refused = refusal.rule
        assert refused in (rules or {""}), f"{service.__name__}: {refused or 'done'}, expected {rules or 'done'}"
        return not refused

    # --- Lead and plan.

    @rule(which=st.sampled_from(["north", "south", "statutory"]))
    def name_lead(self, which: str) -> None:
        row = self.row()
        wrong = row.team_id != self.world.teams[which].pk
        rules = (
            {"CW-11"}
            if not self.model.is_open
            else {"CW-6", "CW-201"}
            if self.model.lead
            else {"CW-3", "CW-202"}
            if wrong
            else set()
        )
        if self.expect(rules, services.name_lead_professional, case=row, post=self.world.leads[which], reason="Next."):
            self.model = replace(self.model, lead=self.world.leads[which].account.name)

    @precondition(lambda self: self.model.is_open)
    @rule()
    def lead_falls_ill(self) -> None:
        if self.expect(set() if self.model.lead else {"CW-207"}, services.take_duty, case=self.row(), reason="Ill."):
            self.model = replace(self.model, lead="")

    @rule()
    def open_plan(self) -> None:
        rules = {"CW-11"} if not self.model.is_open else {"CW-301"} if self.model.has_open_plan else set()
        if self.expect(rules, services.open_plan, case=self.row(), family_words="Quiet."):
            self.model = replace(self.model, has_open_plan=True, plans=self.model.plans + 1, open_needs=0)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(value=st.integers(1, 9), is_removed=st.booleans())
    def write_in_plan(self, value: int, *, is_removed: bool) -> None:
        """A need with an outcome and an action; perhaps taken out and put back."""
        plan = self.plan()
        assert plan is not None
        self.expect(set(), services.add_need, plan=plan, said=NeedSaid("N4", f"Need {value}"))
        need = PlanNeed.objects.filter(plan=plan).latest("pk")
        on = self.at.date()
        said = OutcomeSaid("Better", self.world.measure.pk, Decimal(value), on, Decimal(10), on + timedelta(days=30))
        self.expect(set(), services.add_outcome, plan=plan, need_id=need.pk, said=said)
        outcome = PlanOutcome.objects.filter(need=need).latest("pk")
        action = ActionSaid("Walk", on + timedelta(days=7), post_id=self.world.leads["north"].pk)
        self.expect(set(), services.add_action, plan=plan, outcome_id=outcome.pk, said=action)
        self.model = replace(self.model, open_needs=self.model.open_needs + 1)
        if is_removed:
            self.expect(set(), services.remove_item, plan=plan, kind="need", item_id=need.pk)
            self.model = replace(self.model, open_needs=self.model.open_needs - 1)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(end=st.sampled_from(sorted(NEED_ENDS)))
    def end_a_need(self, end: str) -> None:
        plan = self.plan()
        need = PlanNeed.objects.filter(plan=plan, removed_at=None, ended_at=None).first()
        if need is not None:
            self.expect(
                set(), services.end_need, plan=plan, need_id=need.pk, end=NeedEnd(end, "So."), version=need.version
            )
            self.model = replace(self.model, open_needs=self.model.open_needs - 1)

    @precondition(lambda self: self.model.has_open_plan)
    @rule()
    def undo_the_last_change_of_a_need(self) -> None:
        plan = self.plan()
        change = PlanChange.objects.filter(plan=plan, kind="need", undone_at=None).order_by("-at", "-pk").first()
        if change is None or self.expect_needs_unmoved(change):
            return
        before = self.live_needs(plan)
        self.expect(set(), services.undo_change, plan=plan, change_id=change.pk)
        self.model = replace(self.model, open_needs=self.model.open_needs + self.live_needs(plan) - before)

    def expect_needs_unmoved(self, change: PlanChange) -> bool:
        """Whether something undone already lies where this change was."""
        return PlanChange.objects.filter(target_id=change.target_id, at__gt=change.at, undone_at=None).exists()

    @staticmethod
    def live_needs(plan: Plan | None) -> int:
        return PlanNeed.objects.filter(plan=plan, removed_at=None, ended_at=None).count()

    @precondition(lambda self: self.model.has_open_plan)
    @rule(status=st.sampled_from(list(ActionState)))
    def mark_an_action(self, status: ActionState) -> None:
        alive = {"outcome__removed_at": None, "outcome__need__removed_at": None}
        action = PlanAction.objects.filter(outcome__need__plan=self.plan(), status="to_do", **alive).first()
        if action is not None and status is not ActionState.TO_DO:
            self.expect(
                set(),
                services.mark_action,
                plan=self.plan(),
                action_id=action.pk,
                status=status,
                words="",
                version=action.version,
            )

    # --- Reviews.

    @precondition(lambda self: self.model.has_open_plan)
    @rule()
    def begin_review(self) -> None:
        plan = self.plan()
        assert plan is not None
        row = self.row()
        begun = plan.reviews.filter(state="begun").exists()
        empty = not PlanNeed.objects.filter(plan=plan, removed_at=None).exists()
        voices = [Voice(each.pk, "said", "Yes.") for each in plan.sections.all()]
        came = Attendance(people={plan.sections.all()[0].person_id: True})
        self.expect(
            {"CW-347"} if empty else {"CW-332"} if begun else set(), services.begin_review,
            plan=plan, held_on=self.at.date(), attendance=came, voices=voices,
        )  # fmt: skip
        assert row.review_due_on is not None

    @precondition(lambda self: self.model.has_open_plan)
    @rule(decision=st.sampled_from(["continue", "close"]), is_read=st.booleans())
    def decide_review(self, decision: str, *, is_read: bool) -> None:
        review = Review.objects.filter(plan=self.plan(), state="begun").first()
        if review is None:
            return
        live = {"removed_at": None, "need__removed_at": None, "need__ended_at": None}
        outcomes = list(PlanOutcome.objects.filter(need__plan=review.plan_id, **live))
        for outcome in outcomes if is_read else []:
            services.record_progress(
                plan=review.plan,
                review=review,
                outcome_id=outcome.pk,
                value=Decimal(5),
                words="",
                by=self.by,
                at=self.at,
            )
        services_rules = {"CW-336"} if unread_outcomes(self.by, review) else set()
        self.expect(
            services_rules,
            services.decide_review,
            review=review,
            decision=Decision(decision, "So."),
            version=review.version,
        )

    # --- Steps.

    @rule(level=LEVELS, which=st.sampled_from(["north", "south", "statutory"]), is_immediate=st.booleans())
    def ask_step(self, level: int, which: str, *, is_immediate: bool) -> None:
        row, team = self.row(), self.world.teams[which]
        fault = step_fault(
            StepSaid(row.level, level, team.kind, "Why.", is_immediate), has_step=self.step() is not None
        )
        rules = {"CW-11"} if not self.model.is_open else {fault.code} if fault else set()
        asked = {"to_level": level, "to_team": team, "reason": "Why.", "is_immediate": is_immediate}
        if not self.expect(rules, services.ask_step, case=row, **asked):
            return
        if team.pk == row.team_id:
            self.model = replace(self.model, step="accepted", level=level, stage=0)
        elif is_immediate:
            self.model = replace(self.model, step="accepted", level=level, lead="", stage=0)
        else:
            self.model = replace(self.model, step="waiting", stage=0)

    @precondition(lambda self: self.model.step in LIVE_STEPS)
    @rule(act=st.sampled_from(["accept", "refuse", "again", "withdraw", "onwards", "stays", "moves"]))
    def answer_step(self, act: str) -> None:
        step = self.step()
        assert step is not None
        state = StepState(step.state)
        lead = self.world.leads[next(name for name, team in self.world.teams.items() if team.pk == step.to_team_id)]
        ends = {
            "accept": StepState.ACCEPTED, "refuse": after_refusal(step.refusals + 1), "again": StepState.ASKED_AGAIN,
            "withdraw": StepState.WITHDRAWN,
        }  # fmt: skip
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "accept": (services.accept_step, {"lead": lead}), "refuse": (services.refuse_step, {"reason": "Full."}),
            "again": (services.ask_step_again, {"reason": "Look again."}),
            "withdraw": (services.withdraw_step, {"reason": "Not now."}),
        }  # fmt: skip
        if act in calls:
            service, facts = calls[act]
            end = ends[act]
            allowed = end in STEP_MOVES[state]
            assert (step_move_fault(state, end) is None) is allowed
            done = self.expect(set() if allowed else {"CW-326"}, service, step=step, **facts)
        else:
            end = {"onwards": StepState.DISAGREED, "stays": StepState.WITHDRAWN, "moves": StepState.ACCEPTED}[act]
            rules = (
                {"CW-326"}
                if state is not StepState.DISAGREED
                else {"CW-329"}
                if act == "onwards" and self.model.stage == 3
                else set()
            )
            done = self.expect(
                rules,
                services.settle_disagreement,
                step=step,
                number=self.model.stage,
                outcome=act,
                words="Said.",
                lead=lead,
            )
        if done:
            self.model = replace(
                self.model, step=end.value, stage=self.model.stage + 1 if end is StepState.DISAGREED else 0
            )
        if done and end is StepState.ACCEPTED:
            self.model = replace(self.model, level=step.to_level, lead=lead.account.name)

    # --- Closing, and coming back.

    @rule(is_said=st.booleans())
    def close(self, *, is_said: bool) -> None:
        row = self.row()
        needs = (
            PlanNeed.objects.filter(plan=self.plan(), removed_at=None, ended_at=None)
            if self.plan()
            else PlanNeed.objects.none()
        )
        said = {need.pk: NeedEnd("met") for need in needs} if is_said else {}
        rules: set[str] = set()
        if not self.model.is_open:
            rules = {"CW-11"}
        elif self.step() is not None:
            rules = {"CW-320"}
        elif Review.objects.filter(plan__case=row, state="begun").exists():
            rules = {"CW-341"}
        elif self.model.open_needs and not is_said:
            rules = {"CW-340"}
        if self.expect(
            rules, services.close_case, case=row, code="RC7", reason="Well.", needs=said, version=row.version
        ):
            self.model = replace(self.model, is_open=False, has_open_plan=False, open_needs=0)

    @precondition(lambda self: not self.model.is_open)
    @rule()
    def come_back(self) -> None:
        """A new referral opens a new case; the earlier plan stays as it was."""
        self.at += timedelta(days=20)
        earlier = self.case
        self.case = make_case(team=self.world.teams["north"], family=self.family, at=self.at)
        self.model = Journey(is_open=True, level=3, plans=self.model.plans)
        assert self.case.re_referral.earlier_id == earlier.pk

    # --- What holds after every step, read from the tables.

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    @invariant()
    def one_holder_of_the_duty(self) -> None:
        for state, lead, places in self.ask(
            "SELECT c.state, c.lead_professional_id, (SELECT count(*) FROM casework_casemember m WHERE m.case_id = c.id"
            " AND m.part = 'lead' AND m.left_at IS NULL) FROM casework_case c WHERE c.family_id = %s", self.family.pk,
        ):  # fmt: skip
            assert places == (1 if state == "open" else 0)
            assert state == "closed" or (lead is not None) == (state == "open")

    @invariant()
    def no_open_plan_without_a_next_review(self) -> None:
        assert self.ask(
            "SELECT p.id FROM casework_plan p JOIN casework_case c ON c.id = p.case_id WHERE p.family_id = %s AND p.state = 'open'"
            " AND (c.state = 'closed' OR c.review_due_on IS NULL)", self.family.pk,
        ) == []  # fmt: skip
        assert len(self.ask("SELECT 1 FROM casework_plan WHERE family_id = %s AND state = 'open'", self.family.pk)) <= 1

    @invariant()
    def no_closed_plan_with_an_open_duty(self) -> None:
        closed = "FROM casework_plan p WHERE p.family_id = %s AND p.state = 'closed' AND"
        for left in (
            "EXISTS (SELECT 1 FROM casework_planneed n WHERE n.plan_id = p.id AND n.removed_at IS NULL AND n.ended_at IS NULL)",
            "EXISTS (SELECT 1 FROM casework_planaction a JOIN casework_planoutcome o ON o.id = a.outcome_id JOIN casework_planneed n"
            " ON n.id = o.need_id WHERE n.plan_id = p.id AND a.status IN ('to_do', 'under_way'))",
            "EXISTS (SELECT 1 FROM casework_review r WHERE r.plan_id = p.id AND r.state = 'begun')",
            "EXISTS (SELECT 1 FROM casework_step s WHERE s.case_id = p.case_id AND s.ended_at IS NULL)",
            "EXISTS (SELECT 1 FROM casework_planchild s WHERE s.plan_id = p.id AND s.ended_at IS NULL)",
            "NOT EXISTS (SELECT 1 FROM casework_closure c WHERE c.plan_id = p.id)",
        ):
            assert self.ask(f"SELECT p.id {closed} {left}", self.family.pk) == [], left

    @invariant()
    def every_access_has_a_live_ground(self) -> None:
        for account in self.world.accounts:
            viewer = actor_of(account, self.at)
            seen = Case.objects.visible_to(viewer).filter(pk=self.case.pk).exists()
            posts = [str(post) for post in viewer.post_ids]
            ground = self.ask(
                "SELECT 1 FROM casework_case c WHERE c.id = %s AND (EXISTS (SELECT 1 FROM casework_casemember m WHERE m.case_id = c.id"
                " AND m.post_id = ANY(%s::uuid[]) AND m.joined_at <= %s AND (m.left_at IS NULL OR m.left_at > %s)) OR EXISTS"
                " (SELECT 1 FROM organisations_post p WHERE p.id = ANY(%s::uuid[]) AND p.team_id = c.team_id"
                " AND p.role IN ('team_manager', 'statutory_officer')))", self.case.pk, posts, self.at, self.at, posts,
            )  # fmt: skip
            assert seen == bool(ground), account.name

    @invariant()
    def the_chronology_adds_up(self) -> None:
        events = Event.objects.filter(family_id=self.family.pk).select_related("words").order_by("id")
        said = [Happened(each.kind, each.code, _who(each)) for each in events]
        assert replay(said) == self.model
        row, newest = self.row(), Step.objects.filter(case=self.case).order_by("-asked_at", "-pk").first()
        stage = newest.disagreements.filter(ended_at=None).values_list("number", flat=True).first() if newest else None
        lead = row.lead_professional.account.name if row.lead_professional else ""
        here = Journey(
            is_open=row.state != "closed", level=row.level, lead=lead, has_open_plan=self.plan() is not None,
            plans=Plan.objects.filter(family_id=self.family.pk).count(), open_needs=self.live_needs(self.plan()),
            step=newest.state if newest else "", stage=stage or 0,
        )  # fmt: skip
        assert here == self.model


def _who(event: Event) -> str:
    words = event.words.words if hasattr(event, "words") else None
    return str((words or {}).get("who", ""))


@pytest.mark.django_db
def test_any_order_of_work() -> None:
    """A few hundred steps in every run of the tests."""
    _play(examples=8, steps=35)


@pytest.mark.deep
@pytest.mark.django_db
def test_any_order_of_work_at_length() -> None:
    """Ten thousand steps at least."""
    _play(examples=200, steps=60)


def _play(*, examples: int, steps: int) -> None:
    CaseMachine.world = World()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(settings().suppress_health_check),
    )
    run_state_machine_as_test(CaseMachine, settings=how)
